"""Event loops that imports have made, in workers that were forked afterwards."""

from __future__ import annotations

from pathlib import Path

from peer import result
from server import PROGRAMS, Server
from vivarium_worker.forkserver.event_loops import IdleLoops

LIBRARIES = PROGRAMS.parent / "libraries" / "programs"


def test_each_worker_has_a_loop_of_its_own(server: Server) -> None:
    server.start_guardian()
    fork_server = server.serve("keeps_a_loop", path=[str(LIBRARIES)])
    fork_server.loaded()
    workers = [fork_server.fork(name) for name in ("w1", "w2", "w3")]
    for _ in range(20):
        for worker in workers:
            worker.post("work", {"n": 21})
        for worker in workers:
            assert result(worker.calls.next()) == b"42"
    inherited = [descriptors(worker.pid, "anon_inode:[eventpoll]") for worker in workers]
    assert [len(found) for found in inherited] == [1, 1, 1]


def test_the_descriptors_of_idle_loops_are_known() -> None:
    import asyncio  # noqa: PLC0415 - so that the loop is the only one

    before = open_descriptors()
    loop = asyncio.new_event_loop()
    try:
        loops = IdleLoops()
        opened = open_descriptors() - before
        assert loops.descriptors() >= opened
    finally:
        loop.close()
    assert not loops.descriptors() & opened


def open_descriptors() -> set[int]:
    listed = list(Path("/proc/self/fd").iterdir())
    return {int(link.name) for link in listed if link.exists()}  # the listing itself is over


def descriptors(pid: int, kind: str) -> list[str]:
    links = [link.readlink() for link in Path(f"/proc/{pid}/fd").iterdir()]
    return [str(link) for link in links if str(link) == kind]

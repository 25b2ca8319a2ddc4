"""Nothing is left of workers that use joblib, shared memory, temporary folders and open files."""

from __future__ import annotations

from pathlib import Path

import pytest

from server import Server
from waiting import await_true

PROGRAMS = Path(__file__).parent / "programs"
SHARED = Path("/dev/shm")  # noqa: S108 - where the kernel has it


@pytest.mark.parametrize("killed", [False, True])
def test_workers_leave_nothing_behind(server: Server, tmp_path: Path, *, killed: bool) -> None:
    server.start_guardian(MARKS=str(tmp_path), TMPDIR=str(tmp_path), OMP_NUM_THREADS="1")
    fork_server = server.serve("leaves_much", path=[str(PROGRAMS)])
    fork_server.loaded()
    before = set(SHARED.iterdir())
    workers = [fork_server.fork(f"w{number}") for number in range(3)]
    for worker in workers:
        assert worker.call("use", {"n": 10_000}) == 40_000
    for worker in workers:
        worker.kill() if killed else worker.stop()
        assert worker.exit()["code"] == (None if killed else 0)

    await_true(lambda: set(SHARED.iterdir()) <= before)
    if killed:
        return
    pids = sorted(worker.pid for worker in workers)
    assert sorted(map(int, (tmp_path / "ended").read_text().split())) == pids
    for pid in pids:
        assert (tmp_path / f"unflushed-{pid}").read_text() == "written\n"
    await_true(lambda: not [path for path in tmp_path.iterdir() if path.is_dir()])

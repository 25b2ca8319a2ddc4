"""What is done when a worker ends, and what it leaves behind: nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Callable

import pytest

from handles import ForkServer, Worker
from peer import body
from server import PROGRAMS, Server
from vivarium_worker import on_fork
from vivarium_worker.protocol.frames import Kind
from waiting import await_end, await_true

SHARED = Path("/dev/shm")  # noqa: S108 - where the kernel has it

Start = Callable[..., Worker]


@pytest.fixture
def marks(tmp_path: Path, server: Server) -> Path:
    server.start_guardian(MARKS=str(tmp_path))
    return tmp_path


@pytest.fixture(params=["forked", "spawned"])
def start(request: pytest.FixtureRequest, server: Server) -> Start:
    def begin(worker: str = "w1") -> Worker:
        if request.param == "forked":
            return serve(server).fork(worker)
        options: dict[str, Any] = {"path": [str(PROGRAMS)], "modules": ["cleans_up"]}
        empty = server.serve()
        empty.loaded()
        return empty.fork(worker, spawn=True, **options)

    return begin


def serve(server: Server) -> ForkServer:
    fork_server = server.serve("cleans_up")
    fork_server.loaded()
    return fork_server


def end(worker: Worker) -> None:
    worker.stop()
    told = worker.exit()
    assert (told["code"], told["signal"]) == (0, None)


def marked(marks: Path, name: str) -> list[int]:
    found = marks / name
    return [int(line) for line in found.read_text().split()] if found.exists() else []


def test_a_worker_that_is_stopped_does_what_a_python_process_does_at_its_end(
    marks: Path, start: Start
) -> None:
    worker = start()
    told = worker.call("use_everything")
    assert (SHARED / told["shared"]).exists()
    end(worker)

    for name in ("on_stop", "atexit", "finalizer"):
        assert marked(marks, name) == [worker.pid], name
    assert (marks / "unflushed").read_text() == "written\n"
    assert not list(marks.glob("of-a-call-*"))
    await_true(lambda: not (SHARED / told["shared"]).exists())


def test_what_an_import_has_registered_is_done_by_the_fork_server_alone(
    marks: Path, server: Server
) -> None:
    fork_server = serve(server)
    workers = [fork_server.fork(name) for name in ("w1", "w2")]
    folder = Path(workers[0].call("use_everything")["import"])
    for worker in workers:
        end(worker)
    assert folder.is_dir()
    assert not marked(marks, "atexit of the import")
    assert not marked(marks, "finalizer of the import")

    server.peer("guardian", "guardian").send(Kind.STOP_SERVER, {"server": fork_server.name})
    await_end(fork_server.pid)
    assert not folder.exists()
    assert marked(marks, "atexit of the import") == [fork_server.pid]
    assert marked(marks, "finalizer of the import") == [fork_server.pid]


@pytest.mark.usefixtures("marks")
def test_shared_memory_of_a_worker_that_was_killed_is_removed(start: Start) -> None:
    worker = start()
    name = worker.call("share")
    worker.kill()
    worker.exit()

    await_true(lambda: not (SHARED / name).exists())
    await_true(lambda: not children(worker.fork_server.pid))


def test_a_child_may_end_by_itself_if_its_worker_ends_in_order(marks: Path, start: Start) -> None:
    worker = start()
    child = worker.call("leave_child", {"command": "read -t 0.05 x; touch done"})
    end(worker)

    await_end(child)
    await_true((marks / "done").exists)


@pytest.mark.usefixtures("marks")
def test_a_child_that_does_not_end_by_itself_is_killed(start: Start) -> None:
    worker = start()
    child = worker.call("leave_child", {"command": "sleep 3600"})
    end(worker)

    await_end(child)


def test_threads_of_programs_may_end(marks: Path, start: Start) -> None:
    worker = start()
    worker.call("leave_thread", {"ends": True})
    end(worker)

    assert marked(marks, "thread") == [worker.pid]


def test_a_thread_that_does_not_end_is_named_and_holds_nothing_up(
    marks: Path, start: Start
) -> None:
    worker = start()
    worker.call("use_everything")
    worker.call("leave_thread", {"ends": False})
    end(worker)

    assert "threads still run: left-behind" in worker.logged()["message"]
    assert marked(marks, "atexit") == [worker.pid]


def test_a_worker_whose_start_fails_cleans_up_as_well(marks: Path, server: Server) -> None:
    fork_server = server.serve("cleans_up_after_failing")
    fork_server.loaded()
    fork_server.order("w1")
    assert fork_server.exit_of("w1")["code"] == 1

    assert not list(marks.glob("of-a-start-*"))


def test_a_worker_that_fails_right_after_the_fork_is_not_taken_for_its_fork_server(
    marks: Path, server: Server
) -> None:
    fork_server = server.serve("cannot_renew")
    fork_server.loaded()
    fork_server.order("w1")
    body(fork_server.peer.next(Kind.FORKED, Kind.REFUSED), Kind.FORKED)

    assert fork_server.exit_of("w1")["code"] == 70
    assert "no descriptor is left" in bytes(server.peer(fork_server.name, "output").text).decode()
    assert not (marks / "ended").exists()
    fork_server.order("w2")
    assert fork_server.exit_of("w2")["code"] == 70


@pytest.mark.usefixtures("marks")
def test_programs_see_no_arguments_of_ours(start: Start) -> None:
    assert len(start().call("arguments")) == 1


def children(pid: int) -> list[str]:
    return Path(f"/proc/{pid}/task/{pid}/children").read_text().split()


@pytest.mark.parametrize("slots", [1, 2])
def test_async_hooks_share_the_loop_of_the_programs(
    marks: Path, server: Server, slots: int
) -> None:
    fork_server = server.serve("async_hooks")
    fork_server.loaded()
    worker = fork_server.fork(slots=slots)
    for _ in range(3):
        assert worker.call("look") == [True, False]
        assert worker.call("leave_task") == ["begun"]
    end(worker)

    assert (marks / "stopped").read_text() == "True False"


def test_a_hook_after_a_fork_cannot_be_async() -> None:
    async def renew() -> None: ...

    with pytest.raises(TypeError, match="renew is async: @on_fork takes a plain function"):
        on_fork(renew)

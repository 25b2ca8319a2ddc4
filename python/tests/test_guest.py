"""Programs that change the process which they run in: everything else goes on."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, Callable

import pytest

from handles import Worker
from peer import body
from server import PROGRAMS, Server
from vivarium_worker.protocol.frames import Kind
from vivarium_worker.system.signals import DUMP_SIGNAL

Start = Callable[[str], Worker]


@pytest.fixture(params=["forked", "spawned"])
def start(request: pytest.FixtureRequest, server: Server) -> Start:
    def begin(module: str, slots: int = 1, **environment: str) -> Worker:
        server.start_guardian(**environment)
        spawned = request.param == "spawned"
        fork_server = server.serve(*([] if spawned else [module]))
        fork_server.loaded()
        modules: dict[str, Any] = {"path": [str(PROGRAMS)], "modules": [module]} if spawned else {}
        return fork_server.fork(heartbeat_millis=20, spawn=spawned, slots=slots, **modules)

    return begin


@pytest.mark.parametrize("how", ["closed", "none", "replaced", "wrapped", "detached"])
def test_standard_streams_may_be_anything(start: Callable[..., Worker], how: str) -> None:
    worker = start("changes_streams", HOW=how)
    if how in {"wrapped", "detached"}:
        worker.call("shout", {"text": "hello"})
        assert [record["text"] for record in worker.printed(1)] == ["hello"]
    assert worker.call("$ping") == {"pong": True}
    end(worker)


def test_whatever_is_replaced_calls_go_on(start: Start) -> None:
    worker = start("changes_everything")
    context = {"session": "s"}

    assert worker.call("echo", {"text": "hello"}) == "hello"
    assert [worker.call("count", context=context) for _ in range(3)] == [1, 2, 3]
    worker.call("shout", {"text": "printed"})
    assert worker.printed(1)[0]["text"] == "printed"
    worker.post("wait")
    heartbeat(worker, worker.ident)
    assert body(worker.climb(), Kind.ERROR)["type"] == "OperationCancelled"
    dump(worker)
    end(worker)


def test_a_clock_that_stands_still_does_not_keep_an_idle_worker_busy(start: Start) -> None:
    worker = start("changes_everything")
    worker.call("echo", {"text": "hello"})
    before = processor_ticks(worker.pid)
    for _ in range(25):
        heartbeat(worker, 0)

    assert processor_ticks(worker.pid) - before < 0.25 * os.sysconf("SC_CLK_TCK")


@pytest.mark.parametrize("how", ["handlers", "faulthandler", "wake-up descriptor", "event loop"])
def test_a_program_may_take_signals(start: Start, how: str) -> None:
    worker = start("takes_signals")
    worker.call("take", {"how": how})
    dump(worker)
    worker.post("wait")
    heartbeat(worker, worker.ident)
    assert body(worker.climb(), Kind.ERROR)["type"] == "OperationCancelled"
    dump(worker)
    end(worker)


@pytest.mark.parametrize("slot", [0, 1])
def test_children_start_with_no_signal_ignored_or_blocked(
    start: Callable[..., Worker], slot: int
) -> None:
    first = start("takes_signals", slots=2)
    worker = Worker(first.fork_server, first.name, slot) if slot else first
    signals = worker.call("signals_of_a_child")

    for name in ("SigIgn", "SigBlk"):
        assert int(signals[name], 16) & 0x7FFF_FFFF == 0, name  # beyond are those of the C library


def dump(worker: Worker) -> None:
    with worker.stack.changed:
        worker.stack.text.clear()
    worker.signal(DUMP_SIGNAL)
    worker.stack.await_text(lambda text: b"slot.py" in text and b"\f" in text)


def heartbeat(worker: Worker, ident: int) -> None:
    while worker.side.next(Kind.HEARTBEAT).ident != ident:
        pass


def end(worker: Worker) -> None:
    worker.stop()
    told = worker.exit()
    assert (told["code"], told["signal"]) == (0, None)


def processor_ticks(pid: int) -> int:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])

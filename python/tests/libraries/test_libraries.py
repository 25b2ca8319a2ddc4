"""Libraries that wait in ways of their own, in workers of one slot and of several."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, Callable

import pytest

from handles import Worker
from peer import body, result
from server import Server
from vivarium_worker.protocol.frames import Kind
from vivarium_worker.system.signals import DUMP_SIGNAL

PROGRAMS = Path(__file__).parent / "programs"
Start = Callable[[str, int], list[Worker]]
LIBRARIES = sorted({path.stem for path in PROGRAMS.glob("*.py")} - {"leaves_much"})
RUNS_IN_ONE_THREAD = "keeps_a_loop"
FOR_THE_MAIN_THREAD = {"work_with_a_child"}  # gevent watches child processes there only


def programs_of(module: str, beginning: str) -> list[str]:
    source = (PROGRAMS / f"{module}.py").read_text()
    return re.findall(rf"^@program\n(?:async )?def ({beginning}\w*)", source, re.MULTILINE)


@pytest.fixture(params=["forked", "spawned"])
def start(request: pytest.FixtureRequest, server: Server) -> Start:
    server.start_guardian()

    def begin(module: str, slots: int) -> list[Worker]:
        spawned = request.param == "spawned"
        fork_server = server.serve(*([] if spawned else [module]), path=[str(PROGRAMS)])
        fork_server.loaded()
        modules = {"path": [str(PROGRAMS)], "modules": [module]} if spawned else {}
        options: dict[str, Any] = {"slots": slots, "spawn": spawned, **modules}
        first = fork_server.fork(heartbeat_millis=20, **options)
        return [first, *(Worker(fork_server, first.name, slot) for slot in range(1, slots))]

    return begin


@pytest.mark.parametrize("module", LIBRARIES)
def test_a_worker_with_one_slot_answers_beats_and_can_be_cancelled(
    module: str, start: Start
) -> None:
    [worker] = start(module, 1)
    for name in programs_of(module, "work") * 3:
        assert worker.call(name, {"n": 21}) == 42, name
    for name in programs_of(module, "wait"):
        worker.post(name)
        heartbeat_in_call(worker)
        frame = worker.climb()
        assert body(frame, Kind.ERROR)["type"] == "OperationCancelled", name
    assert_well(worker, programs_of(module, "work")[0])


@pytest.mark.parametrize("module", [m for m in LIBRARIES if m != RUNS_IN_ONE_THREAD])
def test_a_worker_with_several_slots_answers_in_all_of_them(module: str, start: Start) -> None:
    slots = start(module, 3)
    for name in set(programs_of(module, "work")) - FOR_THE_MAIN_THREAD:
        for slot in slots:
            slot.post(name, {"n": 21})
        for slot in slots:
            assert json.loads(result(slot.calls.next())) == 42, name
    assert_well(slots[0], programs_of(module, "work")[0])


@pytest.mark.parametrize("module", LIBRARIES)
def test_workers_of_one_import_do_not_wake_each_other(module: str, server: Server) -> None:
    server.start_guardian()
    fork_server = server.serve(module, path=[str(PROGRAMS)])
    fork_server.loaded()
    workers = [fork_server.fork(name) for name in ("w1", "w2", "w3")]
    for _ in range(10):
        for worker in workers:
            worker.post("work", {"n": 21})
        for worker in workers:
            assert json.loads(result(worker.calls.next())) == 42


def assert_well(worker: Worker, program: str) -> None:
    """Its heart beats, its stacks can be had, another call is answered, and it ends in order."""
    worker.signal(DUMP_SIGNAL)
    worker.stack.await_text(lambda text: b"slot.py" in text)
    assert worker.call(program, {"n": 1}) == 2
    heartbeat_between_calls(worker)
    worker.stop()
    told = worker.exit()
    assert (told["code"], told["signal"]) == (0, None)


def heartbeat_in_call(worker: Worker) -> None:
    while worker.side.next(Kind.HEARTBEAT).ident != worker.ident:
        pass


def heartbeat_between_calls(worker: Worker) -> None:
    while worker.side.next(Kind.HEARTBEAT).ident != 0:
        pass

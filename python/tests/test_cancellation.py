"""Cancellation: what a word in memory and a signal do to a program, wherever it is."""

from __future__ import annotations

import json
import random
import re
import signal
from typing import TYPE_CHECKING, Any

import pytest

from handles import ForkServer, Worker
from peer import body
from server import Server
from vivarium_worker.protocol.frames import CHUNKS_WELCOME, LEFT_BEHIND, Frame, Kind
from vivarium_worker.system.signals import CANCEL_SIGNAL, DUMP_SIGNAL
from waiting import await_end, await_standstill, is_alive

if TYPE_CHECKING:
    from collections.abc import Iterator

RAISING = ["sleep", "lock", "event", "queue", "join", "socket", "pipe", "child", "regex", "spin"]
RAISING += ["builtin", "recursion", "own loop"]


@pytest.fixture(scope="module")
def cancels() -> Iterator[ForkServer]:
    server = Server()
    server.start_guardian()
    fork_server = server.serve("cancels", "vivarium_examples")
    fork_server.loaded()
    yield fork_server
    server.close()


@pytest.fixture(scope="module")
def worker(cancels: ForkServer) -> Worker:
    return cancels.fork("cancelled")


@pytest.fixture(scope="module")
def slots(cancels: ForkServer) -> list[Worker]:
    """Return the three slots of one worker."""
    cancels.order("broad", slots=3)
    made = [Worker(cancels, "broad", slot) for slot in range(3)]
    body(made[0].side.next(Kind.READY, Kind.FAILED), Kind.READY)
    return made


def begin(worker: Worker, program: str, inputs: object = None, **call: Any) -> int:
    """Post a call and wait until its program says that it has begun."""
    ident = worker.post(program, inputs, **call)
    while json.loads(worker.side.next(Kind.OUTPUT).body)["call"] != ident:
        pass
    return ident


def cancelled(frame: Frame) -> dict[str, Any]:
    told = body(frame, Kind.ERROR)
    assert (told["category"], told["type"]) == ("timeout_error", "OperationCancelled"), told
    return told


def closed(worker: Worker) -> Any:
    return worker.call("what_was_closed")


def test_a_program_that_looks_at_the_flag_ends_by_itself(worker: Worker) -> None:
    begin(worker, "watch_the_flag")
    worker.cancel(1)

    frame = worker.calls.next()
    assert (frame.kind, frame.flags) == (Kind.RESULT, 0)
    assert json.loads(frame.body) == "stopped by itself"


@pytest.mark.parametrize("how", RAISING)
def test_a_program_is_interrupted_wherever_it_waits(worker: Worker, how: str) -> None:
    begin(worker, "block", {"how": how})
    told = cancelled(worker.climb())

    assert told["message"] == "the call was cancelled"
    assert "in block" in told["traceback"]
    no_level_was_left = how == "recursion" and "RecursionError" in told["stack"]
    assert no_level_was_left or "in block" in told["stack"]
    assert "vivarium_worker/" not in told["stack"] + told["traceback"]
    assert told["left_behind"] is None
    assert worker.call("$ping") == {"pong": True}


def test_the_first_level_alone_raises_nothing(worker: Worker) -> None:
    begin(worker, "finish_anyway", {"amount": 1})
    worker.cancel(1)
    worker.cancel(1)
    frame = worker.climb()

    assert json.loads(frame.body) == "finished"


@pytest.mark.parametrize("how", ["sleep", "gather", "spin"])
def test_an_async_program_ends_at_the_first_level(worker: Worker, how: str) -> None:
    begin(worker, "wait_on_loop", {"how": how})
    worker.cancel(1)
    told = cancelled(worker.calls.next())

    assert told["message"] == "the call was cancelled, and ended by CancelledError: "
    assert "in wait_on_loop" in told["stack"]
    assert worker.call("loop_identity")[2:] == [None, None]


@pytest.mark.parametrize("how", ["blocking", "stubborn", "thread"])
def test_an_async_program_that_goes_on_ends_later(worker: Worker, how: str) -> None:
    begin(worker, "wait_on_loop", {"how": how})
    cancelled(worker.climb())

    assert worker.call("loop_identity")[2:] == [None, None]


def test_an_async_program_can_clean_up(worker: Worker) -> None:
    begin(worker, "clean_up_on_loop")
    worker.cancel(1)
    cancelled(worker.calls.next())

    assert closed(worker) == ["on the loop"]


@pytest.mark.parametrize("program", ["catch_exceptions", "wait_in_generator"])
def test_handlers_of_exceptions_and_generators_are_no_obstacle(
    worker: Worker, program: str
) -> None:
    begin(worker, program)
    cancelled(worker.climb())

    assert worker.call("$ping") == {"pong": True}


def test_a_program_can_clean_up_and_raise_it_again(worker: Worker) -> None:
    begin(worker, "reraise")
    assert "in reraise" in cancelled(worker.climb())["traceback"]

    assert closed(worker) == ["reraised"]


def test_a_clean_up_that_takes_too_long_is_interrupted_as_well(worker: Worker) -> None:
    begin(worker, "clean_up_slowly", {"seconds": 3600})
    cancelled(worker.climb())

    assert closed(worker) == []


def test_a_clean_up_that_fails_is_told(worker: Worker) -> None:
    begin(worker, "raise_another")
    told = cancelled(worker.climb())

    assert "ended by ValueError: cleaning up failed" in told["message"]


def test_a_program_that_finishes_anyway_gives_its_result(worker: Worker) -> None:
    begin(worker, "finish_anyway", {"amount": 2})
    frame = worker.climb()

    assert (frame.kind, json.loads(frame.body)) == (Kind.RESULT, "finished")


def test_what_does_not_obey_is_shown_by_a_dump_and_killed(cancels: ForkServer) -> None:
    worker = cancels.fork("stubborn")
    worker.post("hold_interpreter", {"rounds": 10**12})
    while not worker.side.next(Kind.OUTPUT):
        pass
    worker.signal(DUMP_SIGNAL)
    worker.stack.await_text(lambda dump: b"in hold_interpreter" in dump)
    worker.cancel(2)
    worker.kill()

    assert cancels.exit_of("stubborn")["signal"] == signal.SIGKILL


@pytest.mark.parametrize(
    ("program", "inputs"),
    [("hold_interpreter", {"rounds": 10**12}), ("stubborn", {"seconds": 3600})],
)
def test_what_catches_or_ignores_everything_is_ended_by_term(
    cancels: ForkServer, program: str, inputs: object
) -> None:
    worker = cancels.fork(f"{program}-term")
    worker.post(program, inputs)
    if program == "hold_interpreter":
        worker.side.next(Kind.OUTPUT)
    for _ in range(4):
        worker.cancel(2)
    worker.signal(signal.SIGTERM)

    assert cancels.exit_of(worker.name)["signal"] == signal.SIGTERM
    assert worker.calls.frames.get(timeout=20) is None


def test_a_stubborn_program_is_told_again_and_its_end_is_a_result(worker: Worker) -> None:
    worker.post("stubborn", {"seconds": 0.5})
    frame = worker.climb()

    assert frame.kind is Kind.RESULT
    assert json.loads(frame.body)["raised"] > 0


def test_a_deadlock_is_broken_and_shown(cancels: ForkServer) -> None:
    worker = cancels.fork("deadlocked")
    worker.post("deadlock")
    worker.printed(2)
    frame = worker.climb()

    told = cancelled(frame)
    # It goes on as soon as it can; as it ends, the kernel alone knows it, as "python3".
    assert re.fullmatch(r"|1 thread \((other|python[\d.]*)\)", told["left_behind"] or "")
    assert "in take" in told["stack"]


def test_a_word_that_names_another_call_is_ignored(worker: Worker) -> None:
    begin(worker, "finish_anyway")
    for ident in (0, worker.ident - 1, worker.ident + 1, 2**63):
        worker.cancel(2, ident)
    worker.memory.name_call(worker.ident + 5, 2)
    worker.cancel(2)
    worker.memory.name_call(worker.ident, 2)

    assert json.loads(worker.climb().body) == "finished"


def test_a_cancellation_between_two_calls_hits_neither(worker: Worker) -> None:
    for _ in range(50):
        worker.call("echo", {"a": 1})
        worker.cancel(2)
        assert worker.call("echo", {"a": 2}) == {"a": 2}


def test_a_cancellation_that_comes_before_its_call_is_not_lost(worker: Worker) -> None:
    worker.cancel(1, worker.ident + 1)
    worker.signal(DUMP_SIGNAL)
    worker.stack.await_text(lambda text: b"slot.py" in text)
    worker.signal(DUMP_SIGNAL)  # the main thread takes this one, after the cancellation
    worker.stack.await_text(lambda text: b"\f" in text)

    worker.post("watch_the_flag")
    worker.memory.name_call(worker.ident, 1)
    frame = worker.calls.next()
    assert json.loads(frame.body) == "stopped by itself"


def test_a_nested_signal_does_no_harm(worker: Worker) -> None:
    begin(worker, "finish_anyway", {"amount": 1})
    worker.memory.name_call(worker.ident, 1)
    for _ in range(200):
        worker.signal(CANCEL_SIGNAL)

    assert json.loads(worker.climb().body) == "finished"


def test_a_thread_that_is_left_is_told(cancels: ForkServer) -> None:
    worker = cancels.fork("thread-leaver")
    begin(worker, "leave", {"thread": True})

    assert cancelled(worker.climb())["left_behind"] == "1 thread (tired)"


def test_a_child_that_is_left_is_told(cancels: ForkServer) -> None:
    worker = cancels.fork("child-leaver")
    begin(worker, "leave", {"thread": True, "child": True})

    told = cancelled(worker.climb())["left_behind"]
    assert told == "1 thread (tired), 1 child process (sleep)"


def test_a_child_that_has_ended_is_not_left(worker: Worker) -> None:
    begin(worker, "leave_zombie")

    assert cancelled(worker.climb())["left_behind"] is None


def test_a_cancelled_call_that_returns_and_leaves_something_says_so(cancels: ForkServer) -> None:
    worker = cancels.fork("finisher")
    begin(worker, "leave", {"child": True, "finish": True})
    worker.cancel(1)

    frame = worker.calls.next()
    assert (frame.kind, frame.flags) == (Kind.RESULT, LEFT_BEHIND)
    worker.call("brief", {"millis": 30})  # longer than a tick of the kernel's clock
    begin(worker, "leave", {"finish": True})
    worker.cancel(1)
    assert worker.calls.next().flags == 0  # that child was there before


def test_a_child_that_a_program_waits_for_is_ended_with_it(worker: Worker) -> None:
    worker.post("spawn_child", {"seconds": 3600})
    pid = int(json.loads(worker.side.next(Kind.OUTPUT).body)["text"].split()[-1])
    assert cancelled(worker.climb())["left_behind"] is None

    await_end(pid)


@pytest.mark.parametrize("program", ["flood", "flood_on_loop"])
def test_a_generator_is_closed_though_nobody_reads(cancels: ForkServer, program: str) -> None:
    worker = cancels.fork(f"unread-{program}")
    worker.calls.reading.clear()
    worker.post(program, flags=CHUNKS_WELCOME)
    await_standstill(worker.calls.connection)
    worker.cancel(1)
    worker.calls.reading.set()
    while (frame := worker.calls.next()).kind is Kind.CHUNK:
        pass

    cancelled(frame)
    assert closed(worker) == [{"flood": "flood", "flood_on_loop": "flood on the loop"}[program]]


def test_a_generator_that_refuses_to_be_closed_is_an_error_of_its_call(worker: Worker) -> None:
    worker.post("close_badly", flags=CHUNKS_WELCOME)
    assert worker.calls.next().kind is Kind.CHUNK
    while (frame := worker.climb()).kind is Kind.CHUNK:
        pass

    assert "generator ignored GeneratorExit" in cancelled(frame)["message"]


def test_an_async_generator_is_closed_at_the_first_level(worker: Worker) -> None:
    begin(worker, "generate_on_loop", {"wait": True})
    worker.cancel(1)
    cancelled(worker.calls.next())

    assert closed(worker) == ["generator on the loop"]


@pytest.mark.parametrize("program", ["brief", "brief_on_loop"])
@pytest.mark.parametrize("width", [1, 3])
def test_short_calls_with_random_cancellations_get_their_own_answer(
    cancels: ForkServer, program: str, width: int
) -> None:
    name = f"many-{program}-{width}"
    cancels.order(name, slots=width)
    workers = [Worker(cancels, name, slot) for slot in range(width)]
    body(workers[0].side.next(Kind.READY, Kind.FAILED), Kind.READY)
    chance = random.Random(7)  # noqa: S311 - the same every time
    ended = {Kind.RESULT: 0, Kind.ERROR: 0}
    for _ in range(500):
        worker = workers[chance.randrange(width)]
        millis = chance.choice([0, 0.1, 0.5, 1, 2])
        ident = worker.post(
            program, {"millis": millis}, context={"correlation_id": str(worker.ident)}
        )
        for _ in range(chance.randrange(4)):
            worker.cancel(chance.choice([1, 2]), chance.choice([ident, ident, ident - 1]))
        frame = worker.calls.next()
        assert frame.ident == ident
        ended[frame.kind] += 1
        if frame.kind is Kind.RESULT:
            assert json.loads(frame.body) == str(ident - 1)
        else:
            cancelled(frame)

    assert sum(ended.values()) == 500
    assert ended[Kind.ERROR] > 0
    assert is_alive(workers[0].pid)
    assert [w.call("$ping") for w in workers] == [{"pong": True}] * width


@pytest.mark.parametrize("slot", [1, 2])
@pytest.mark.parametrize("how", ["spin", "builtin", "recursion"])
def test_a_further_slot_is_interrupted_while_it_runs_python_code(
    slots: list[Worker], slot: int, how: str
) -> None:
    begin(slots[slot], "block", {"how": how})
    told = cancelled(slots[slot].climb())

    assert "in block" in told["stack"]
    assert [s.call("$ping") for s in slots] == [{"pong": True}] * 3


def test_a_further_slot_that_waits_in_c_code_is_interrupted_afterwards(
    slots: list[Worker],
) -> None:
    begin(slots[1], "clean_up_slowly_once")
    cancelled(slots[1].climb())


@pytest.mark.parametrize("slot", [0, 1, 2])
def test_an_async_program_of_any_slot_ends_at_the_first_level(
    slots: list[Worker], slot: int
) -> None:
    neighbour = slots[(slot + 1) % 3]
    begin(slots[slot], "wait_on_loop")
    begin(neighbour, "wait_on_loop")
    slots[slot].cancel(1)
    told = cancelled(slots[slot].calls.next())
    assert "in wait_on_loop" in told["stack"]

    assert neighbour.calls.frames.empty()
    neighbour.cancel(1)
    cancelled(neighbour.calls.next())


def test_the_first_slot_of_several_is_interrupted_where_it_waits(slots: list[Worker]) -> None:
    begin(slots[0], "block", {"how": "sleep"})
    cancelled(slots[0].climb())

    assert slots[0].call("$ping") == {"pong": True}


def test_a_worker_without_its_memory_goes_on(cancels: ForkServer) -> None:
    worker = cancels.fork("bare")
    worker.call("close_memory", {"descriptors": worker.calls.hello["memory"]})
    worker.signal(CANCEL_SIGNAL)

    assert worker.call("echo", {"a": 1}) == {"a": 1}


def test_a_fork_after_the_memory_was_closed_leaves_the_channels_alone(cancels: ForkServer) -> None:
    worker = cancels.fork("forking")
    told = worker.call("fork_without_memory", {"descriptors": worker.calls.hello["memory"]})

    assert told == 0
    assert worker.output.await_text(lambda text: text.endswith(b"\n")) == b"printed by the child\n"
    assert worker.call("echo", {"a": 1}) == {"a": 1}

"""Programs that do their worst: an error or a clean end of the worker, never a hang."""

from __future__ import annotations

import signal

import pytest

from handles import Worker
from server import Server
from vivarium_worker.protocol.frames import FrameError, Kind
from vivarium_worker.system.signals import DUMP_SIGNAL
from waiting import await_end, await_standstill


@pytest.fixture
def fresh(server: Server) -> Worker:
    server.start_guardian()
    fork_server = server.serve("vivarium_examples", "misbehave")
    fork_server.loaded()
    return fork_server.fork()


def test_garbage_on_the_call_channel_is_seen_as_malformed(fresh: Worker) -> None:
    fresh.post("write_garbage")
    fresh.calls.await_close()

    assert isinstance(fresh.calls.fault, FrameError)
    fresh.calls.hang_up()
    assert fresh.exit()["code"] in {70, 74}
    assert fresh.fork_server.fork("w2").call("$ping") == {"pong": True}


@pytest.mark.parametrize(
    "program", ["close_call_socket", "close_all_sockets", "replace_call_socket"]
)
def test_a_damaged_call_channel_ends_the_worker(fresh: Worker, program: str) -> None:
    fresh.post(program)

    assert fresh.exit()["code"] in {70, 74}


def test_closed_output_does_no_harm(fresh: Worker) -> None:
    assert fresh.call("close_output") == "closed"
    assert fresh.call("echo", {"a": 1}) == {"a": 1}
    assert fresh.call("print_noise", {"megabytes": 0.001})["lines"] > 0


def test_a_worker_without_builtins_dies_or_answers(fresh: Worker) -> None:
    fresh.post("delete_builtins")
    fresh.calls.connection.shutdown(1)

    assert fresh.exit()["signal"] is None


def test_a_thread_that_is_left_does_not_keep_the_worker(fresh: Worker) -> None:
    assert fresh.call("leave_thread") >= 2
    fresh.stop()

    assert fresh.exit()["code"] == 0


def test_a_fork_that_returns_is_answered_by_the_parent_alone(fresh: Worker) -> None:
    assert fresh.call("fork_and_return") == "parent"
    assert fresh.call("$ping") == {"pong": True}
    fresh.output.await_text(lambda text: b"printed by the child\n" in text)


def test_a_forked_child_does_not_hold_the_call_channel_open(fresh: Worker) -> None:
    child = fresh.call("fork_and_stay")
    fresh.post("crash", {"code": 9})
    fresh.calls.await_close()
    told = fresh.exit()

    assert (told["code"], told["swept"]) == (9, 1)
    await_end(child)


def test_masked_signals_do_not_prevent_a_stack_dump(fresh: Worker) -> None:
    assert fresh.call("mask_signals") == "masked"
    fresh.signal(DUMP_SIGNAL)
    fresh.stack.await_text(lambda text: b"slot.py" in text and b"heartbeat.py" in text)


def test_a_dump_of_many_threads_is_whole_though_it_is_read_late(fresh: Worker) -> None:
    assert fresh.call("leave_threads", {"amount": 60}) == 60
    fresh.stack.reading.clear()
    fresh.signal(DUMP_SIGNAL)
    fresh.stack.await_text(lambda text: text != b"")
    await_standstill(fresh.stack.connection)
    fresh.stack.reading.set()
    text = fresh.stack.await_text(lambda text: b"\f" in text)

    assert text.count(b"in _wait_for_ever") == 60


@pytest.mark.parametrize("how", ["lock", "sleep"])
def test_a_hanging_program_can_be_ended_by_term(fresh: Worker, how: str) -> None:
    fresh.post("hang", {"how": how})
    fresh.signal(signal.SIGTERM)

    assert fresh.exit()["signal"] == signal.SIGTERM


def test_a_flood_of_errors_leaves_the_worker_as_it_was(fresh: Worker) -> None:
    for _ in range(200):
        assert fresh.ask("fail").kind is Kind.ERROR

    assert fresh.call("echo", {"a": 1}) == {"a": 1}

"""Signals, exits and what is left behind, layer by layer."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from handles import Worker
from peer import body
from server import Server
from vivarium_worker.protocol.frames import Kind, encode
from vivarium_worker.system.signals import CANCEL_SIGNAL, DUMP_SIGNAL
from waiting import await_end, is_alive, kill_now


@pytest.fixture
def guarded(server: Server) -> Server:
    server.start_guardian()
    return server


def started(guarded: Server) -> Worker:
    fork_server = guarded.serve("vivarium_examples", "misbehave")
    fork_server.loaded()
    return fork_server.fork()


@pytest.mark.parametrize(
    ("program", "inputs", "code", "number"),
    [
        ("crash", {"code": 7}, 7, None),
        ("crash", {"signal": 11}, None, signal.SIGSEGV),
        ("crash", {"signal": 9}, None, signal.SIGKILL),
        ("segfault", {}, None, signal.SIGSEGV),
    ],
)
def test_the_end_of_a_worker_is_told_with_its_status(
    guarded: Server, program: str, inputs: dict[str, int], code: int | None, number: int | None
) -> None:
    worker = started(guarded)
    worker.post(program, inputs)
    told = worker.exit()

    assert (told["pid"], told["code"], told["signal"]) == (worker.pid, code, number)
    assert told["max_rss_kilobytes"] > 1000
    assert told["cpu_seconds"] > 0
    assert told["swept"] == 0


@pytest.mark.parametrize(
    ("program", "inputs"),
    [("sleep", {"seconds": 3600}), ("spin", {"seconds": 3600}), ("hold_gil", {})],
)
def test_a_busy_worker_can_be_killed(guarded: Server, program: str, inputs: object) -> None:
    worker = started(guarded)
    worker.post(program, inputs)
    worker.kill()

    assert worker.exit()["signal"] == signal.SIGKILL
    worker.calls.await_close()


def test_a_signal_goes_to_the_worker_process(guarded: Server) -> None:
    worker = started(guarded)
    worker.signal(signal.SIGTERM)

    assert worker.exit()["signal"] == signal.SIGTERM


def test_a_cancel_signal_without_a_call_does_no_harm(guarded: Server) -> None:
    worker = started(guarded)
    for _ in range(20):
        worker.signal(CANCEL_SIGNAL)

    assert worker.call("echo", {"a": 1}) == {"a": 1}


def test_orders_for_a_worker_that_has_gone_are_ignored(guarded: Server) -> None:
    worker = started(guarded)
    worker.kill()
    worker.exit()
    worker.kill()
    worker.signal(signal.SIGTERM)

    assert worker.fork_server.fork("w2").call("$ping") == {"pong": True}


def test_a_dead_worker_leaves_no_child_and_no_zombie_behind(guarded: Server) -> None:
    worker = started(guarded)
    left = worker.call("leave_children")
    worker.kill()
    told = worker.exit()

    assert told["swept"] == len(left)
    assert not [pid for pid in left if Path(f"/proc/{pid}").exists()]
    assert (
        Path(f"/proc/{worker.fork_server.pid}/task/{worker.fork_server.pid}/children").read_text()
        == ""
    )


def test_the_children_of_a_living_worker_stay_when_another_one_dies(guarded: Server) -> None:
    worker = started(guarded)
    plain, session, _, daemon = worker.call("leave_children")
    other = worker.fork_server.fork("w2")
    other.kill()
    assert other.exit()["swept"] == 0

    assert all(is_alive(pid) for pid in (plain, session, daemon))


def test_a_malformed_frame_ends_the_fork_server_with_70(guarded: Server) -> None:
    worker = started(guarded)
    worker.fork_server.peer.connection.sendall(encode(Kind.STOP))
    told = body(guarded.peer("guardian", "guardian").next(), Kind.SERVER_EXIT)

    assert told["code"] == 70
    assert not is_alive(worker.pid)
    assert "STOP is not allowed from the server on server" in guarded.log


def test_a_worker_with_a_wrong_token_exits_with_69(guarded: Server) -> None:
    fork_server = guarded.serve()
    fork_server.loaded()
    fork_server.order("w1", token="0" * 32)

    assert fork_server.exit_of("w1")["code"] == 69
    assert (
        "worker w1 cannot connect and exits: the server rejected channel side: unknown token"
        in (guarded.log)
    )


def test_a_stack_dump_ends_with_a_form_feed(guarded: Server) -> None:
    worker = started(guarded)
    worker.post("spin", {"seconds": 3600})
    worker.side.next(Kind.HEARTBEAT)
    worker.signal(DUMP_SIGNAL)
    text = worker.stack.await_text(lambda text: b"\f" in text)

    assert text.endswith(b"\f")
    assert b"in spin" in text
    assert b"heartbeat.py" in text


def test_a_stack_is_dumped_while_c_code_holds_the_interpreter(guarded: Server) -> None:
    worker = started(guarded)
    worker.post("hold_gil")
    worker.side.next(Kind.OUTPUT)  # it has begun
    worker.signal(DUMP_SIGNAL)
    worker.stack.await_text(lambda text: b"in hold_gil" in text)


def test_a_heartbeat_names_the_call_in_progress(guarded: Server) -> None:
    fork_server = guarded.serve("vivarium_examples")
    fork_server.loaded()
    worker = fork_server.fork(heartbeat_millis=20)
    assert worker.side.next(Kind.HEARTBEAT).ident == 0
    ident = worker.post("spin", {"seconds": 3600})
    while worker.side.next(Kind.HEARTBEAT).ident != ident:
        pass
    worker.kill()
    worker.exit()


def test_further_slots_answer_at_the_same_time(guarded: Server) -> None:
    fork_server = guarded.serve("vivarium_examples", "typed")
    fork_server.loaded()
    worker = fork_server.fork(slots=3)
    worker.post("sleep", {"seconds": 3600})
    for slot in (1, 2):
        worker.calls = guarded.peer("w1", "call", slot)
        assert worker.call("slow_echo", {"text": "a"})["text"] == "a"
    worker.stop()
    assert worker.exit()["code"] == 0


@pytest.mark.parametrize("trial", range(3))
@pytest.mark.parametrize(
    "layers", [("server",), ("fork_server",), ("guardian",), ("server", "fork_server")]
)
def test_whatever_layer_goes_nothing_stays(
    guarded: Server, layers: tuple[str, ...], trial: int
) -> None:
    fork_server = guarded.serve("vivarium_examples", "misbehave", name=f"trial-{trial}")
    fork_server.loaded()
    idle, busy, parent = (fork_server.fork(name) for name in ("idle", "busy", "parent"))
    busy.post("hold_gil")
    left = parent.call("leave_children")
    assert guarded.process is not None
    assert guarded.process.stdin is not None
    if "server" in layers:
        guarded.process.stdin.close()
    if "fork_server" in layers:
        kill_now(fork_server.pid)
    if "guardian" in layers:
        kill_now(guarded.process.pid)

    for pid in (idle.pid, busy.pid, parent.pid, fork_server.pid, *left):
        await_end(pid)

"""The guardian: its life line, its handshake, its fork servers."""

from __future__ import annotations

import json
import os
import signal
import stat
import sys
from pathlib import Path
from typing import Any

import pytest

from peer import PATIENCE_SECONDS, body
from server import BOOT, Server
from vivarium_worker.protocol.frames import Kind, encode
from vivarium_worker.system.procfs import identity
from vivarium_worker.system.signals import DUMP_SIGNAL
from waiting import await_end, await_true, is_alive, kill_now


def exited(server: Server) -> int:
    assert server.process is not None
    return server.process.wait(PATIENCE_SECONDS)


def test_the_guardian_says_hello_and_leaves_at_the_end_of_its_life_line(server: Server) -> None:
    guardian = server.start_guardian()

    assert guardian.hello["protocol"] == [1, 1]
    assert server.process is not None
    assert guardian.pid == server.process.pid
    assert server.process.stdin is not None
    server.process.stdin.close()
    assert exited(server) == 0
    assert server.log == ""


def test_the_guardian_leaves_when_its_connection_ends(server: Server) -> None:
    guardian = server.start_guardian()
    guardian.hang_up()

    assert exited(server) == 0


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_terminated_guardian_ends_everything_first(server: Server, number: int) -> None:
    server.start_guardian()
    fork_server = server.serve("vivarium_examples")
    fork_server.loaded()
    worker = fork_server.fork()
    assert server.process is not None
    os.kill(server.process.pid, number)

    assert exited(server) == 0
    assert not is_alive(fork_server.pid)
    assert not is_alive(worker.pid)


def test_an_interrupt_from_the_terminal_is_ignored(server: Server) -> None:
    server.start_guardian()
    fork_server = server.serve("vivarium_examples")
    fork_server.loaded()
    worker = fork_server.fork()
    assert server.process is not None
    for pid in (server.process.pid, fork_server.pid, worker.pid):
        os.kill(pid, signal.SIGINT)

    assert worker.call("echo", {"a": 1}) == {"a": 1}


def test_a_rejected_guardian_says_why_and_exits_with_69(server: Server) -> None:
    process = server.launch()
    assert process.stdin is not None
    line = {"socket": server.path, "token": "0" * 32, "run": server.run}
    process.stdin.write(json.dumps(line).encode() + b"\n")
    process.stdin.flush()

    assert exited(server) == 69
    assert "the server rejected channel guardian: unknown token" in server.log


def test_a_server_that_does_not_listen_is_reported(server: Server) -> None:
    process = server.launch()
    assert process.stdin is not None
    line = {"socket": server.path + "x", "token": "0" * 32, "run": server.run}
    process.stdin.write(json.dumps(line).encode() + b"\n")
    process.stdin.flush()

    assert exited(server) == 69
    assert "FileNotFoundError" in server.log


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (b"", "standard input ended before its one line of JSON did"),
        (b"{}\n", "socket of life line: expected str, got nothing"),
        (b"hello\n", "life line needs a JSON object"),
    ],
)
def test_a_wrong_life_line_is_reported(server: Server, line: bytes, told: str) -> None:
    process = server.launch()
    assert process.stdin is not None
    process.stdin.write(line)
    process.stdin.close()

    assert exited(server) == 70
    assert told in server.log


def test_a_malformed_frame_ends_the_guardian_with_70(server: Server) -> None:
    guardian = server.start_guardian()
    fork_server = server.serve()
    fork_server.loaded()
    guardian.connection.sendall(encode(Kind.STOP))

    assert exited(server) == 70
    assert "STOP is not allowed from the server on guardian" in server.log
    assert not is_alive(fork_server.pid)


def test_an_order_that_lacks_a_part_ends_the_guardian_with_70(server: Server) -> None:
    guardian = server.start_guardian()
    guardian.send(Kind.SERVE, {"server": "default-1"})

    assert exited(server) == 70
    assert "token of SERVE: expected str, got nothing" in server.log


def test_an_interpreter_that_is_too_old_says_what_to_change(server: Server, tmp_path: Path) -> None:
    wrapper = tmp_path / "python3.8"
    boot = f"sys.version_info = (3, 8, 1)\nrunpy.run_path({str(BOOT)!r})\n"
    wrapper.write_text(f"#!{sys.executable}\nimport runpy, sys\n{boot}")
    wrapper.chmod(wrapper.stat().st_mode | stat.S_IXUSR)
    server.launch(str(wrapper))

    assert exited(server) == 69
    assert server.log.count("\n") == 1
    assert "is Python 3.8.1, but 3.9 or later is needed" in server.log
    assert "python.interpreter" in server.log


def test_the_boot_file_is_written_for_any_python() -> None:
    code = BOOT.read_text()

    for newer in ('f"', "->", ":=", "async", "nonlocal"):
        assert newer not in code


def test_a_stopped_fork_server_takes_its_workers_along(server: Server) -> None:
    guardian = server.start_guardian()
    first, second = server.serve("vivarium_examples"), server.serve(name="default-2")
    first.loaded()
    second.loaded()
    worker = first.fork()
    worker.post("spin", {"seconds": 3600})
    guardian.send(Kind.STOP_SERVER, {"server": "default-1"})
    told = body(guardian.next(), Kind.SERVER_EXIT)

    assert told == {
        "server": "default-1",
        "pid": first.pid,
        "code": 0,
        "signal": None,
        "orphans": 0,
    }
    assert not is_alive(worker.pid)
    assert is_alive(second.pid)


def test_the_guardian_sends_heartbeats(server: Server) -> None:
    guardian = server.start_guardian()

    guardian.next(Kind.HEARTBEAT)
    guardian.next(Kind.HEARTBEAT)


def test_the_guardian_kills_a_worker_whose_fork_server_has_stopped(server: Server) -> None:
    guardian = server.start_guardian()
    fork_server = server.serve()
    fork_server.loaded()
    worker, other = fork_server.fork("w1"), fork_server.fork("w2")
    os.kill(fork_server.pid, signal.SIGSTOP)
    guardian.send(Kind.SIGNAL_PROCESS, order_of(worker.pid, signal.SIGKILL))
    worker.side.await_close()

    assert other.call("$ping") == {"pong": True}
    os.kill(fork_server.pid, signal.SIGCONT)
    assert fork_server.exit_of("w1")["signal"] == signal.SIGKILL


def test_the_guardian_has_a_hanging_fork_server_dump_its_stack(server: Server) -> None:
    guardian = server.start_guardian()
    fork_server = server.serve("hangs_on_import")
    stacks = server.peer("default-1", "stack")

    def shown() -> bool:
        guardian.send(Kind.SIGNAL_PROCESS, order_of(fork_server.pid, DUMP_SIGNAL))
        return b'hangs_on_import.py", line 3' in bytes(stacks.text)

    await_true(shown)


@pytest.mark.parametrize("other", ["started", "server"])
def test_the_guardian_signals_no_process_but_the_one_that_is_meant(
    server: Server, other: str
) -> None:
    guardian = server.start_guardian()
    first, second = server.serve(), server.serve(name="default-2")
    first.loaded()
    second.loaded()
    worker = first.fork("w1")
    wrong = order_of(worker.pid, signal.SIGKILL)
    wrong[other] = "default-2" if other == "server" else wrong["started"] - 1
    guardian.send(Kind.SIGNAL_PROCESS, wrong)
    guardian.send(Kind.STOP_SERVER, {"server": "default-2"})
    guardian.next(Kind.SERVER_EXIT)

    assert worker.call("$ping") == {"pong": True}


def order_of(pid: int, number: int) -> dict[str, Any]:
    found = identity(pid)
    assert found is not None
    return {"server": "default-1", "pid": pid, "started": found.started, "signal": number}


def test_a_fork_server_that_hangs_in_an_import_can_be_stopped(server: Server) -> None:
    guardian = server.start_guardian()
    fork_server = server.serve("hangs_on_import")
    guardian.send(Kind.STOP_SERVER, {"server": "default-1"})
    told = body(guardian.next(), Kind.SERVER_EXIT)

    assert (told["pid"], told["code"], told["signal"]) == (fork_server.pid, None, signal.SIGHUP)


def test_a_killed_fork_server_is_reported_with_the_orphans_that_it_left(server: Server) -> None:
    guardian = server.start_guardian()
    fork_server = server.serve("misbehave")
    fork_server.loaded()
    worker = fork_server.fork()
    left = worker.call("leave_children")
    kill_now(fork_server.pid)
    told = body(guardian.next(), Kind.SERVER_EXIT)

    assert (told["pid"], told["code"], told["signal"]) == (fork_server.pid, None, signal.SIGKILL)
    assert told["orphans"] >= len(left)
    assert not [pid for pid in (worker.pid, *left) if is_alive(pid)]


def test_the_next_generation_runs_beside_the_last_one(server: Server) -> None:
    server.start_guardian()
    old, new = server.serve("vivarium_examples"), server.serve("typed", name="default-2")
    old.loaded()
    new.loaded()
    first, second = old.fork("w1"), new.fork("w2")

    assert first.call("echo", {"a": 1}) == {"a": 1}
    assert second.error("echo", {"a": 1})["type"] == "UnknownProgram"
    assert second.call("no_inputs") is None


def test_two_servers_on_one_host_do_not_touch_each_other(server: Server) -> None:
    other = Server()
    try:
        workers = []
        for each in (server, other):
            each.start_guardian()
            fork_server = each.serve("misbehave")
            fork_server.loaded()
            workers.append(fork_server.fork())
        mine, others = [worker.call("leave_children") for worker in workers]
        assert server.process is not None
        assert server.process.stdin is not None
        server.process.stdin.close()
        assert exited(server) == 0

        assert not [pid for pid in mine if is_alive(pid)]
        assert all(is_alive(pid) for pid in others)
        assert workers[1].call("$ping") == {"pong": True}
    finally:
        other.close()
    for pid in others:
        await_end(pid)

"""The fork server: imports, forks, signals, exits."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

import pytest

from server import (
    EXAMPLES,
    PROGRAMS,
    Server,
    Worker,
    await_end,
    await_true,
    body,
    is_alive,
    kill_now,
)
from vivarium_worker.frames import Kind, encode


@pytest.fixture
def guarded(server: Server) -> Server:
    server.start_guardian()
    return server


def group_of(pid: int) -> tuple[int, int]:
    return os.getpgid(pid), os.getsid(pid)


def test_a_loaded_fork_server_describes_its_programs(guarded: Server) -> None:
    told = guarded.serve("typed", preload=("json",)).loaded()

    assert told["threads"] == 1
    assert told["millis"] >= 0
    described = {program["name"]: program for program in told["programs"]}
    assert described["typed_items"] == {
        "name": "typed_items",
        "doc": "Adds up prices.",
        "parameters": [
            {"name": "items", "type": "list[Item]", "required": True},
            {"name": "color", "type": "Color", "required": False},
        ],
        "returns": "dict[str, Any]",
        "idempotent": True,
        "timeout_millis": 2500,
        "kind": "function",
    }
    assert described["slow_echo"]["kind"] == "async"
    assert described["count_async"]["kind"] == "generator"


@pytest.mark.parametrize(
    ("module", "kind", "message"),
    [
        ("no_such_module", "ModuleNotFoundError", "No module named 'no_such_module'"),
        ("broken_syntax", "SyntaxError", "broken_syntax.py, line 1"),
        ("raises_on_import", "ValueError", "not today"),
        ("exits_on_import", "SystemExit", "enough"),
        ("unknown_hint", "HintError", "parameter what of strange: print is no type"),
    ],
)
def test_an_import_that_fails_is_told_and_ends_the_fork_server(
    guarded: Server, module: str, kind: str, message: str
) -> None:
    told = guarded.serve("json", module).failed()

    assert (told["module"], told["type"]) == (module, kind)
    assert message in told["message"]
    end = body(guarded.peer("guardian", "guardian").next(), Kind.SERVER_EXIT)
    assert (end["code"], end["signal"]) == (1, None)


def test_the_traceback_of_a_failed_import_shows_user_code_only(guarded: Server) -> None:
    traceback = guarded.serve("raises_on_import").failed()["traceback"]

    assert "in deeper" in traceback
    assert "importlib" not in traceback
    assert "vivarium_worker" not in traceback


def test_two_modules_with_one_program_name_are_both_named(guarded: Server) -> None:
    told = guarded.serve("vivarium_examples", "another_echo").failed()

    assert told["module"] == "another_echo"
    assert "one in module vivarium_examples, one in module another_echo" in told["message"]


def test_a_module_that_ends_the_process_is_told_by_its_exit_code(guarded: Server) -> None:
    guarded.serve("vanishes_on_import")
    end = body(guarded.peer("guardian", "guardian").next(), Kind.SERVER_EXIT)

    assert (end["code"], end["signal"]) == (7, None)


def test_what_a_module_prints_while_it_is_imported_goes_to_the_boot_log(guarded: Server) -> None:
    guarded.serve("noisy_import").loaded()

    assert guarded.log.count("x" * 1000) == 3000
    assert guarded.log.count("y" * 10 + "\n") == 3000
    assert guarded.log.count("raw\n") == 1


def test_a_hanging_import_shows_where_it_hangs(guarded: Server) -> None:
    fork_server = guarded.serve("hangs_on_import")

    def shown() -> bool:
        os.kill(fork_server.pid, signal.SIGUSR2)
        return 'hangs_on_import.py", line 3' in guarded.log

    await_true(shown)


def test_a_fork_server_with_threads_refuses_and_names_them(guarded: Server) -> None:
    fork_server = guarded.serve("starts_thread")
    assert fork_server.loaded()["threads"] == 2
    fork_server.order("w1")
    told = body(fork_server.peer.next(), Kind.REFUSED)

    assert told["worker"] == "w1"
    assert told["reason"].startswith("2 threads: ")
    assert "started by Python: busybody" in told["reason"]
    assert "started while importing starts_thread (1)" in told["reason"]


def test_a_fork_server_with_threads_still_spawns(guarded: Server) -> None:
    fork_server = guarded.serve("starts_thread")
    fork_server.loaded()

    assert fork_server.fork(spawn=True).call("$ping") == {"pong": True}


def test_a_name_that_is_taken_is_refused(guarded: Server) -> None:
    fork_server = guarded.serve()
    fork_server.loaded()
    fork_server.fork("w1")
    fork_server.order("w1")

    assert "running already" in body(fork_server.peer.next(Kind.REFUSED), Kind.REFUSED)["reason"]


@pytest.mark.parametrize("spawn", [False, True])
def test_a_worker_leads_its_own_session_and_has_no_input(guarded: Server, spawn: bool) -> None:  # noqa: FBT001
    fork_server = guarded.serve("misbehave")
    fork_server.loaded()
    worker = fork_server.fork(spawn=spawn, path=[str(PROGRAMS)], modules=["misbehave"])

    assert group_of(worker.pid) == (worker.pid, worker.pid)
    told = worker.call("descriptors")
    assert told == {"input": "/dev/null", "session": worker.pid, "pid": worker.pid}
    assert worker.call("environment", {"name": "VIVARIUM_WORKER"}) == "w1"
    assert worker.call("environment", {"name": "VIVARIUM_RUN"}) == guarded.run
    environ = Path(f"/proc/{worker.pid}/environ").read_bytes()
    assert f"VIVARIUM_RUN={guarded.run}".encode() in environ.split(b"\0")
    assert b"token" not in Path(f"/proc/{worker.pid}/cmdline").read_bytes()


def test_a_spawned_worker_imports_its_modules_itself(guarded: Server) -> None:
    fork_server = guarded.serve()
    assert fork_server.loaded()["programs"] == []
    worker = fork_server.fork(spawn=True, path=[str(EXAMPLES)], modules=["vivarium_examples"])

    assert worker.call("statistics", {"numbers": [1, 3]})["mean"] == 2
    worker.stop()
    assert worker.exit()["code"] == 0


def test_a_spawned_worker_whose_import_fails_says_so(guarded: Server) -> None:
    fork_server = guarded.serve()
    fork_server.loaded()
    fork_server.order("w1", spawn=True, path=[str(PROGRAMS)], modules=["raises_on_import"])
    told = body(guarded.peer("w1", "side").next(), Kind.FAILED)

    assert (told["module"], told["type"]) == ("raises_on_import", "ValueError")
    assert fork_server.exit_of("w1")["code"] == 1


def test_hooks_run_before_the_first_call_and_after_stop(guarded: Server) -> None:
    fork_server = guarded.serve("hooked")
    fork_server.loaded()
    worker = fork_server.fork()
    assert worker.call("who_started") == [worker.pid]
    worker.stop()
    record = worker.logged()
    assert "fail_to_end" in record["message"]
    assert "OSError: the hook failed" in record["exception"]
    assert worker.printed(1)[0]["text"] == "hook has ended"
    assert worker.exit()["code"] == 0


def test_a_start_hook_that_fails_is_told_after_what_it_printed(guarded: Server) -> None:
    fork_server = guarded.serve("failing_hook")
    fork_server.loaded()
    fork_server.order("w1")
    side = guarded.peer("w1", "side")
    assert b"before the failure" in side.next(Kind.OUTPUT).body
    told = body(side.next(), Kind.FAILED)

    assert (told["module"], told["type"]) == ("failing_hook", "ConnectionError")
    assert fork_server.exit_of("w1")["code"] == 1


def test_random_numbers_do_not_repeat_in_every_worker(guarded: Server) -> None:
    fork_server = guarded.serve("seeded")
    fork_server.loaded()

    first, second = fork_server.fork("w1"), fork_server.fork("w2")
    assert first.call("draw") != second.call("draw")


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


def test_the_signal_that_a_later_version_uses_does_no_harm(guarded: Server) -> None:
    worker = started(guarded)
    for _ in range(20):
        worker.signal(signal.SIGUSR1)

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
    assert "worker w1 gives up: the server rejected channel side: unknown token" in guarded.log


def test_a_stack_dump_ends_with_a_form_feed(guarded: Server) -> None:
    worker = started(guarded)
    worker.post("hold_gil")
    worker.side.next(Kind.OUTPUT)  # it has begun
    worker.signal(signal.SIGUSR2)
    text = worker.stack.await_text(lambda text: b"\f" in text)

    assert text.endswith(b"\f")
    assert b"in hold_gil" in text
    assert b"heartbeat.py" in text


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


def test_the_interpreter_of_a_fork_is_the_one_of_its_guardian(guarded: Server) -> None:
    fork_server = guarded.serve()
    fork_server.loaded()
    fork_server.order("w1")
    ready = body(guarded.peer("w1", "side").next(), Kind.READY)

    assert ready == {"python": ".".join(map(str, sys.version_info[:3])), "programs": []}

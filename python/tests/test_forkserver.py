"""The fork server: imports, refusals, forks, hooks."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest

from peer import body
from server import EXAMPLES, PROGRAMS, Server
from vivarium_worker.protocol.frames import Kind
from vivarium_worker.system.signals import DUMP_SIGNAL
from waiting import await_true


@pytest.fixture
def guarded(server: Server) -> Server:
    server.start_guardian()
    return server


def group_of(pid: int) -> tuple[int, int]:
    return os.getpgid(pid), os.getsid(pid)


def sockets_of(pid: int) -> set[str]:
    links = [str(entry.readlink()) for entry in Path(f"/proc/{pid}/fd").iterdir()]
    return {link for link in links if link.startswith("socket:")}


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
        ("unknown_hint", "HintError", "parameter what of strange: print is not a type"),
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
    stacks = guarded.peer("default-1", "stack")

    def shown() -> bool:
        os.kill(fork_server.pid, DUMP_SIGNAL)
        return b'hangs_on_import.py", line 3' in bytes(stacks.text)

    await_true(shown)
    assert guarded.log == ""


def test_a_loaded_fork_server_sends_heartbeats(guarded: Server) -> None:
    fork_server = guarded.serve()
    fork_server.loaded()

    fork_server.peer.next(Kind.HEARTBEAT)
    fork_server.peer.next(Kind.HEARTBEAT)


def test_a_forked_worker_keeps_no_channel_of_its_fork_server(guarded: Server) -> None:
    fork_server = guarded.serve()
    fork_server.loaded()
    worker = fork_server.fork()

    assert sockets_of(fork_server.pid)
    assert not sockets_of(fork_server.pid) & sockets_of(worker.pid)


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


def test_fork_hooks_run_in_their_order_before_those_of_the_start(guarded: Server) -> None:
    fork_server = guarded.serve("fork_hooked")
    fork_server.loaded()
    worker = fork_server.fork()

    assert worker.call("what_ran") == [f"first {worker.pid}", "second", "begin"]


def test_a_spawned_worker_has_no_fork_hooks(guarded: Server) -> None:
    fork_server = guarded.serve()
    fork_server.loaded()
    worker = fork_server.fork(spawn=True, path=[str(PROGRAMS)], modules=["fork_hooked"])

    assert worker.call("what_ran") == ["begin"]


def test_a_fork_hook_that_fails_is_named_with_its_place(guarded: Server) -> None:
    fork_server = guarded.serve("failing_fork_hook")
    fork_server.loaded()
    fork_server.order("w1")
    told = body(guarded.peer("w1", "side").next(), Kind.FAILED)

    assert (told["module"], told["type"]) == ("failing_fork_hook", "ConnectionError")
    place = f"{PROGRAMS}/failing_fork_hook.py:4"
    assert told["hook"] == f"the on_fork hook renew of module failing_fork_hook ({place})"
    assert "line 6, in renew" in told["traceback"]
    assert fork_server.exit_of("w1")["code"] == 1


def test_random_numbers_do_not_repeat_in_every_worker(guarded: Server) -> None:
    fork_server = guarded.serve("seeded")
    fork_server.loaded()

    first, second = fork_server.fork("w1"), fork_server.fork("w2")
    assert first.call("draw") != second.call("draw")


def test_a_library_that_cannot_be_seeded_does_not_cost_the_worker(guarded: Server) -> None:
    fork_server = guarded.serve("broken_numpy")
    fork_server.loaded()
    fork_server.order("w1")
    side = guarded.peer("w1", "side")

    told = [json.loads(side.next(Kind.LOG).body)["message"] for _ in range(2)]
    assert [message.split(":")[0] for message in told] == [
        "the random numbers of numpy.random may repeat in every worker",
        "the random numbers of torch may repeat in every worker",
    ]
    body(side.next(), Kind.READY)


def test_the_interpreter_of_a_fork_is_the_one_of_its_guardian(guarded: Server) -> None:
    fork_server = guarded.serve()
    fork_server.loaded()
    fork_server.order("w1")
    ready = body(guarded.peer("w1", "side").next(), Kind.READY)

    assert ready == {"python": ".".join(map(str, sys.version_info[:3])), "programs": []}

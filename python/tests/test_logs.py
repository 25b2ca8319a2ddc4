"""Logging: what programs configure is kept, and what they log reaches the server once."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from handles import Worker
from server import PROGRAMS, Server
from vivarium_worker.protocol.frames import Kind

LOGS = [str(PROGRAMS / "logs")]
DEBUG, INFO, WARNING, ERROR = 10, 20, 30, 40

both = pytest.mark.parametrize("spawn", [False, True])


class Logs:
    """A worker with the programs of ``tools``, and what comes on its side channel."""

    def __init__(self, server: Server, *modules: str, spawn: bool, level: int = INFO) -> None:
        every = ["tools", *modules]
        fork_server = server.serve(*([] if spawn else every), path=LOGS)
        fork_server.loaded()
        options = {"spawn": True, "path": LOGS, "modules": every} if spawn else {}
        fork_server.order("w1", log_level=level, heartbeat_millis=20, **options)
        self.worker = Worker(fork_server, "w1")
        self.at_start = self._until(Kind.READY)

    def said(self, program: str, **inputs: object) -> list[tuple[Any, ...]]:
        """Call a program; return what was logged and printed meanwhile."""
        self.worker.call(program, inputs)
        return self.come()

    def come(self) -> list[tuple[Any, ...]]:
        """Return what was logged and printed so far."""
        self.worker.call("$stats")
        self.worker.call("say", {"text": "end of list", "logger": "end", "level": 50})
        return self._until(Kind.LOG, "end of list")

    def _until(self, kind: Kind, text: str = "") -> list[tuple[Any, ...]]:
        found: list[tuple[Any, ...]] = []
        while True:
            frame = self.worker.side.next()
            told = json.loads(frame.body)
            if frame.kind is kind and text in told.get("message", ""):
                return found
            assert frame.kind in {Kind.LOG, Kind.OUTPUT}, frame.body
            if frame.kind is Kind.LOG:
                found.append((told["logger"], told["level"], told["message"]))
            else:
                found.append((told["stream"], told["text"]))

    def levels(self, **levels: int) -> None:
        self.worker.side.send(Kind.LEVELS, {"levels": levels})


@pytest.fixture
def log_file(tmp_path: Path) -> Path:
    return tmp_path / "own.log"


@both
def test_what_a_program_leaves_alone_has_the_level_of_the_pool(server: Server, spawn: bool) -> None:  # noqa: FBT001
    server.start_guardian()
    logs = Logs(server, spawn=spawn)

    assert logs.said("say", text="a") == [("app", INFO, "a")]
    assert logs.said("say", text="b", level=DEBUG) == []
    assert logs.worker.call("setup") == {"level": INFO, "handlers": ["ServerHandler"]}


@both
@pytest.mark.parametrize(("level", "sent"), [(INFO, False), (DEBUG, True)])
def test_a_level_that_a_program_has_set_is_kept_and_that_of_the_pool_is_the_handlers(
    server: Server,
    spawn: bool,  # noqa: FBT001
    level: int,
    sent: bool,  # noqa: FBT001
) -> None:
    server.start_guardian()
    logs = Logs(server, "basic", spawn=spawn, level=level)

    assert logs.worker.call("setup") == {"level": DEBUG, "handlers": ["ServerHandler"]}
    assert logs.said("say", text="a") == [("app", INFO, "a")]
    assert logs.said("say", text="b", level=DEBUG) == [("app", DEBUG, "b")] * sent
    if spawn:
        assert logs.at_start == [("stderr", "MINE imported basic")]
    else:
        assert "MINE imported basic\n" in server.log


@both
def test_a_root_logger_that_a_program_keeps_at_warning_stays_there(
    server: Server,
    spawn: bool,  # noqa: FBT001
) -> None:
    server.start_guardian()
    logs = Logs(server, "quiet", spawn=spawn, level=DEBUG)

    assert logs.said("say", text="a") == []
    assert logs.said("say", text="b", level=WARNING) == [("app", WARNING, "b")]


@both
@pytest.mark.parametrize("late", ["", "dict"])
def test_handlers_of_a_program_are_kept_but_those_for_the_console(
    server: Server,
    log_file: Path,
    spawn: bool,  # noqa: FBT001
    late: str,
) -> None:
    server.start_guardian(LOG_FILE=str(log_file), LOG_LATE=late)
    logs = Logs(server, "in_hook" if late else "detailed", spawn=spawn)

    assert logs.worker.call("setup") == {
        "level": DEBUG,
        "handlers": ["FileHandler", "ServerHandler"],
    }
    assert logs.at_start == ([("app", INFO, "about to configure")] if late else [])
    assert logs.said("say", text="a") == [("app", INFO, "a")]
    assert logs.said("say", text="b", level=DEBUG) == []
    assert logs.said("say", text="c", logger="own") == [("own", INFO, "c")]
    assert logs.said("say", text="d", logger="own.child") == [("own.child", INFO, "d")]
    assert logs.said("say", text="e", logger="secret") == []
    assert "MINE b" in log_file.read_text().splitlines()
    assert "MINE e" in log_file.read_text().splitlines()


def test_a_start_hook_may_configure_logging(server: Server, log_file: Path) -> None:
    server.start_guardian(LOG_FILE=str(log_file), LOG_LATE="basic")
    logs = Logs(server, "in_hook", spawn=False)

    assert logs.at_start == [("app", INFO, "about to configure")]
    assert logs.worker.call("setup") == {"level": ERROR, "handlers": ["ServerHandler"]}
    assert logs.said("say", text="a", level=WARNING) == []


def test_what_is_logged_during_imports_arrives_from_a_fresh_interpreter(server: Server) -> None:
    server.start_guardian()

    assert Logs(server, "at_import", spawn=True).at_start == [
        ("app", WARNING, "imported with care")
    ]


def test_what_is_logged_during_imports_of_a_fork_server_is_printed_with_its_logger(
    server: Server,
) -> None:
    server.start_guardian()
    Logs(server, "at_import", spawn=False)

    assert "WARNING app: imported with care\n" in server.log
    assert "not worth it" not in server.log


def test_warnings_become_records(server: Server) -> None:
    server.start_guardian()
    [(logger, level, message)] = Logs(server, spawn=False).said("warn", text="old-fashioned")

    assert (logger, level) == ("py.warnings", WARNING)
    assert "UserWarning: old-fashioned" in message


def test_what_a_program_disables_is_not_sent(server: Server) -> None:
    server.start_guardian()
    logs = Logs(server, spawn=False)
    logs.worker.call("disable", {"level": WARNING})

    assert logs.said("say", text="a", level=WARNING) == []
    assert logs.said("say", text="b", level=ERROR) == [("app", ERROR, "b")]


def test_records_are_sent_after_a_shutdown_of_logging(server: Server) -> None:
    server.start_guardian()
    logs = Logs(server, spawn=False)
    logs.worker.call("shut_down")

    assert logs.said("say", text="a") == [("app", INFO, "a")]


def test_a_record_that_cannot_be_formatted_is_complained_about_as_python_does(
    server: Server,
) -> None:
    server.start_guardian()
    logs = Logs(server, spawn=False)

    assert logs.said("say_wrongly", complain=False) == []
    printed = logs.said("say_wrongly", complain=True)
    assert printed[0] == ("stderr", "--- Logging error ---")
    assert "TypeError" in " ".join(text for _, text in printed)


def test_an_exception_that_cannot_be_formatted_does_not_lose_its_record(server: Server) -> None:
    server.start_guardian()
    worker = Logs(server, spawn=False).worker
    worker.call("say_failure")
    told = worker.logged()

    assert told["message"].startswith("failed\nStack (most recent call last):\n")
    assert "Unprintable" in told["exception"]


def test_a_child_that_a_program_forks_prints_its_records(server: Server, log_file: Path) -> None:
    server.start_guardian(LOG_FILE=str(log_file))
    worker = Logs(server, "detailed", spawn=False).worker

    assert worker.call("say_in_fork", {"text": "from below"}) == 0
    worker.output.await_text(lambda text: text.count(b"from below\n") == 2)


@both
def test_levels_of_loggers_reach_a_worker_in_the_middle_of_a_call(
    server: Server,
    spawn: bool,  # noqa: FBT001
) -> None:
    server.start_guardian()
    logs = Logs(server, spawn=spawn)
    logs.worker.post("say_until_told", {"logger": "app.part", "level": DEBUG})
    logs.levels(app=DEBUG)
    logs.worker.calls.next(Kind.RESULT)

    assert logs.come() == [("app.part", DEBUG, "at last")]
    assert logs.said("say", text="a", level=DEBUG) == [("app", DEBUG, "a")]
    assert logs.said("say", text="b", logger="other", level=DEBUG) == []


def test_levels_that_are_taken_back_are_as_the_program_had_them(
    server: Server, log_file: Path
) -> None:
    server.start_guardian(LOG_FILE=str(log_file))
    logs = Logs(server, "detailed", spawn=False)
    logs.levels(own=ERROR, root=DEBUG)
    logs.worker.post("say_until_told", {"logger": "x", "level": DEBUG})
    logs.worker.calls.next(Kind.RESULT)
    while logs.worker.call("setup", {"logger": "own"})["level"] != ERROR:
        pass
    logs.come()
    assert logs.said("say", text="a", logger="own", level=WARNING) == []
    assert logs.said("say", text="b", level=DEBUG) == [("app", DEBUG, "b")]
    logs.levels()
    while logs.worker.call("setup", {"logger": "own"})["level"] != DEBUG:
        pass

    assert logs.said("say", text="c", logger="own") == [("own", INFO, "c")]
    assert logs.said("say", text="d", level=DEBUG) == []
    assert logs.worker.call("setup")["level"] == DEBUG


def test_a_worker_that_is_told_nonsense_about_levels_ends(server: Server) -> None:
    server.start_guardian()
    logs = Logs(server, spawn=False)
    logs.worker.side.send(Kind.LEVELS, {"levels": {"app": "loud"}})

    assert logs.worker.exit()["code"] == 70


def test_a_level_from_before_the_start_counts_for_the_start_hooks(
    server: Server, log_file: Path
) -> None:
    """The server sends it right after the welcome, so it is there before the imports are done."""
    server.levels = {"app": ERROR}
    server.start_guardian(LOG_FILE=str(log_file), LOG_LATE="basic")
    logs = Logs(server, "in_hook", spawn=True)

    assert logs.at_start == []

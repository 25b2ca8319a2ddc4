"""Log records of user code, sent to the server at their own level.

What a program configures, while it is imported or in its start hooks, is kept: its handlers, levels
and filters. Only handlers that print to the console are taken away, for they would show the server
the same records again.
"""

from __future__ import annotations

import logging
import sys
import traceback
from operator import itemgetter
from typing import TYPE_CHECKING, Final

from vivarium_worker.calls.call import current_call
from vivarium_worker.diagnostics.tracebacks import describe, shorten
from vivarium_worker.protocol.frames import Kind, encode_json
from vivarium_worker.system.originals import _thread
from vivarium_worker.system.threads import make_lock

if TYPE_CHECKING:
    from collections.abc import Iterator

    from vivarium_worker.worker.side_channel import SideChannel

_PYTHONS_LAST_RESORT: Final = logging.lastResort


class ServerHandler(logging.Handler):
    """Sends each record as a ``LOG`` frame. The server's levels are 10, 20, 30, 40 and 50."""

    def __init__(self, logs: Logs, threshold: int = logging.NOTSET) -> None:
        super().__init__()
        self._logs = logs
        self._threshold = threshold

    def emit(self, record: logging.LogRecord) -> None:
        """Send ``record``; what cannot be formatted is reported as ``logging`` does it."""
        if record.levelno < self._threshold and not self._logs.wants(record):
            return
        try:
            self._logs.side.send(encode_json(Kind.LOG, _body(record)))
        except Exception:  # noqa: BLE001 - arguments of user code may fail in any way
            self.handleError(record)


class Logs:
    """How the ``logging`` of this process and the server fit together.

    Until :meth:`attach`, what no handler takes goes to the server, so that a program can configure
    ``logging`` as if nobody else were there.
    """

    def __init__(self, side: SideChannel, level: int) -> None:
        """Send to ``side``; ``level`` is that of the pool."""
        self.side = side
        self._level = level
        self._root_level = logging.WARNING  # as Python has it, or as we have set it
        self._handlers: list[tuple[logging.Logger, ServerHandler]] = []
        self._lock = make_lock()
        self._wanted: dict[str, int] = {}
        self._before: dict[str, int] = {}  # levels of the program, of loggers that have ours now
        if logging.lastResort is _PYTHONS_LAST_RESORT:
            logging.lastResort = ServerHandler(self)

    def set_root_level(self) -> None:
        """Give the root logger the level of the pool, unless a program has configured it."""
        root = logging.getLogger()
        if root.level == self._root_level and not root.handlers:
            self._root_level = self._level
            root.setLevel(self._level)

    def attach(self) -> None:
        """Add our handlers, and take those away that print to the console."""
        root = logging.getLogger()
        level = self._before.get("root", root.level)
        untouched = level == self._root_level and not root.handlers
        threshold = logging.NOTSET if untouched else self._level
        _remove_console_handlers(root)
        self._attach_to(root, threshold)
        for logger in _loggers():
            console = _remove_console_handlers(logger)
            if console is not None and not self._is_heard(logger):
                self._attach_to(logger, max(console, threshold))

    def wants(self, record: logging.LogRecord) -> bool:
        """Return whether somebody has asked for ``record`` by the level of a logger."""
        name = record.name
        while name not in self._wanted:
            if not name or name == "root":
                return False
            name = name.rpartition(".")[0] or "root"
        return record.levelno >= self._wanted[name]

    def want(self, levels: dict[str, int]) -> None:
        """Give loggers the levels of ``levels``, and all others those of the program again.

        In a thread of its own: a program that is stuck in ``logging`` may have its lock.
        """
        self._wanted = levels
        _thread.start_new_thread(self.set_levels, ())

    def set_levels(self) -> None:
        """Set what is wanted, also where a program has replaced it meanwhile."""
        with self._lock:
            wanted = self._wanted
            for name in self._before.keys() - wanted.keys():
                logging.getLogger(name).setLevel(self._before.pop(name))
            for name, level in wanted.items():
                logger = logging.getLogger(name)
                self._before.setdefault(name, logger.level)
                logger.setLevel(level)

    def replace_in_fork(self) -> None:
        """Print records instead of sending them: in a forked child, which has no side channel."""
        for logger, handler in self._handlers:
            if handler in logger.handlers:
                logger.removeHandler(handler)
                logger.addHandler(logging.StreamHandler())
        if isinstance(logging.lastResort, ServerHandler):
            logging.lastResort = _PYTHONS_LAST_RESORT

    def _attach_to(self, logger: logging.Logger, threshold: int) -> None:
        handler = ServerHandler(self, threshold)
        logger.addHandler(handler)
        self._handlers.append((logger, handler))

    def _is_heard(self, logger: logging.Logger) -> bool:
        """Return whether a record of ``logger`` reaches one of our handlers."""
        found: logging.Logger | None = logger
        while found is not None:
            if any(isinstance(handler, ServerHandler) for handler in found.handlers):
                return True
            found = found.parent if found.propagate else None
        return False


def name_loggers_on_console() -> None:
    """Print level and logger of records that no handler takes; for who has no side channel."""
    if _PYTHONS_LAST_RESORT is not None:
        layout = logging.Formatter("%(levelname)s %(name)s: %(message)s")
        _PYTHONS_LAST_RESORT.setFormatter(layout)


def _loggers() -> Iterator[logging.Logger]:
    """Return all loggers but the root, each after those above it."""
    known = sorted(logging.Logger.manager.loggerDict.items(), key=itemgetter(0))
    return (logger for _, logger in known if isinstance(logger, logging.Logger))


def _remove_console_handlers(logger: logging.Logger) -> int | None:
    """Return the lowest level of the handlers that were removed; ``None`` if there were none."""
    consoles = (sys.stdout, sys.stderr, sys.__stdout__, sys.__stderr__)
    level = None
    for handler in list(logger.handlers):
        if not isinstance(handler, logging.StreamHandler):
            continue
        if any(handler.stream is console for console in consoles if console is not None):
            logger.removeHandler(handler)
            level = handler.level if level is None else min(level, handler.level)
    return level


def _body(record: logging.LogRecord) -> dict[str, object]:
    call = current_call()
    message = record.getMessage()
    if record.stack_info:
        message += f"\n{record.stack_info}"
    body: dict[str, object] = {
        "level": max(10, min(50, record.levelno // 10 * 10)),
        "logger": record.name,
        "message": shorten(message),
        "time": record.created,
        "call": call.ident if call else 0,
    }
    if record.exc_info and record.exc_info[1]:
        body["exception"] = shorten(_trace(record.exc_info[1]))
    if call and call.program:
        body["program"] = call.program
    if call and call.fields:
        body["context"] = call.logged_fields
    return body


def _trace(error: BaseException) -> str:
    try:
        return "".join(traceback.format_exception(type(error), error, error.__traceback__))
    except Exception:  # noqa: BLE001 - a user's exception may refuse to be looked at
        return ": ".join(describe(error)[:2])

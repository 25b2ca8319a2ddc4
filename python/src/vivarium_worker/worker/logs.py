"""Log records of user code, sent to the server at their own level."""

from __future__ import annotations

import logging
import sys
import traceback
from typing import TYPE_CHECKING, TextIO

from vivarium_worker.calls.call import current_call
from vivarium_worker.diagnostics.tracebacks import shorten
from vivarium_worker.protocol.frames import Kind, encode_json

if TYPE_CHECKING:
    from vivarium_worker.worker.side_channel import SideChannel


class ServerHandler(logging.Handler):
    """Sends each record as a ``LOG`` frame. The server's levels are 10, 20, 30, 40 and 50."""

    def __init__(self, side: SideChannel) -> None:
        super().__init__()
        self._side = side

    def emit(self, record: logging.LogRecord) -> None:
        """Send ``record``; what cannot be formatted is reported as ``logging`` does it."""
        try:
            self._side.send(encode_json(Kind.LOG, _body(record)))
        except Exception:  # noqa: BLE001 - arguments of user code may fail in any way
            self.handleError(record)


def install(side: SideChannel, level: int) -> None:
    """Make the root logger send to ``side`` what is at ``level`` or above.

    Handlers that print to the standard streams of before the fork are removed: they would print the
    same records again.
    """
    root = logging.getLogger()
    for handler in list(root.handlers):
        if isinstance(handler, logging.StreamHandler) and _is_standard(handler.stream):
            root.removeHandler(handler)
    root.addHandler(ServerHandler(side))
    root.setLevel(level)


def replace_in_fork() -> None:
    """Print records instead of sending them: in a forked child, which shares no side channel."""
    root = logging.getLogger()
    for handler in list(root.handlers):
        if isinstance(handler, ServerHandler):
            root.removeHandler(handler)
            root.addHandler(logging.StreamHandler())


def _is_standard(stream: TextIO) -> bool:
    return stream in (sys.__stdout__, sys.__stderr__)


def _body(record: logging.LogRecord) -> dict[str, object]:
    call = current_call()
    body: dict[str, object] = {
        "level": max(10, min(50, record.levelno // 10 * 10)),
        "logger": record.name,
        "message": shorten(record.getMessage()),
        "time": record.created,
        "call": call.ident if call else 0,
    }
    if record.exc_info and record.exc_info[0]:
        body["exception"] = shorten("".join(traceback.format_exception(*record.exc_info)))
    if call and call.program:
        body["program"] = call.program
    if call and call.fields:
        body["context"] = call.logged_fields
    return body

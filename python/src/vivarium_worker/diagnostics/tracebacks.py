"""Exceptions as text: type, message and a traceback that has the frames of user code only."""

from __future__ import annotations

import traceback
from typing import NamedTuple

from vivarium_worker.diagnostics.stack_frames import is_user_code

_LONGEST_TEXT = 64 * 1024  # characters of a message or a traceback


class Description(NamedTuple):
    """An exception as three texts; the traceback has the frames of user code only."""

    type: str
    message: str
    traceback: str


def describe(error: BaseException) -> Description:
    """Return ``error`` as three texts; it may even raise something while it is formatted."""
    return Description(type(error).__name__, shorten(_message(error)), shorten(_trace(error)))


def shorten(text: str) -> str:
    """Return ``text``, without its middle if it has more than 64 Ki characters."""
    if len(text) <= _LONGEST_TEXT:
        return text
    half = _LONGEST_TEXT // 2
    return f"{text[:half]}\n... {len(text) - 2 * half} characters left out ...\n{text[-half:]}"


def _message(error: BaseException) -> str:
    try:
        return str(error)
    except BaseException as broken:  # noqa: BLE001 - a user's __str__ may raise anything
        return f"<no message: __str__ raised {type(broken).__name__}>"


def _trace(error: BaseException) -> str:
    try:
        formatted = traceback.TracebackException.from_exception(error)
        _keep_user_frames(formatted, set())
        return "".join(formatted.format())
    except BaseException as broken:  # noqa: BLE001 - a user's __repr__ or __str__ may raise anything
        return f"<no traceback: formatting it raised {type(broken).__name__}>"


def _keep_user_frames(error: traceback.TracebackException, seen: set[int]) -> None:
    if id(error) in seen:
        return
    seen.add(id(error))
    error.stack = traceback.StackSummary.from_list(
        [frame for frame in error.stack if is_user_code(frame.filename)]
    )
    grouped: list[traceback.TracebackException] = getattr(error, "exceptions", None) or []
    for other in (error.__cause__, error.__context__, *grouped):
        if other is not None:
            _keep_user_frames(other, seen)

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
    return Description(name_of(type(error)), shorten(_message(error)), shorten(_trace(error)))


def name_of(kind: type) -> str:
    """Return the name of a class, whatever its metaclass makes of that."""
    return str(type.__dict__["__name__"].__get__(kind))


def place_of(error: BaseException) -> str | None:
    """Return file and line of the user code that raised ``error``; ``None`` if there is none."""
    try:
        if isinstance(error, SyntaxError) and error.filename and error.lineno:
            return f"{error.filename}:{error.lineno}"
        frames = traceback.extract_tb(error.__traceback__)
        return next(
            (f"{f.filename}:{f.lineno}" for f in reversed(frames) if is_user_code(f.filename)), None
        )
    except BaseException:  # noqa: BLE001 - a user's exception may refuse to be looked at
        return None


def shorten(text: str) -> str:
    """Return ``text``, without its middle if it has more than 64 Ki characters."""
    if len(text) <= _LONGEST_TEXT:
        return text
    half = _LONGEST_TEXT // 2
    return f"{text[:half]}\n... {len(text) - 2 * half} characters left out ...\n{text[-half:]}"


def _message(error: BaseException) -> str:
    try:
        return "".join((str(error), ""))  # a text of its own, where it was of a subclass
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

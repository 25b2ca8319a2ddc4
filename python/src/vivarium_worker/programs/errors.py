"""What goes wrong in a call, and how an exception is told to the server."""

from __future__ import annotations

import traceback
from typing import NamedTuple

from vivarium_worker.calls.cpu_limit import HARD_MEMORY, CpuLimitExceeded
from vivarium_worker.diagnostics.stack_frames import is_users

_CANCELLED = "OperationCancelled"
_LONGEST_TEXT = 64 * 1024  # characters of a message or a traceback


class CallError(Exception):
    """A call failed for a reason that the runtime found, not the program.

    ``category`` and ``kind`` are those of docs/PROTOCOL.md, section 6.
    """

    def __init__(self, category: str, kind: str, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.category = category
        self.kind = kind
        self.field = field


class Description(NamedTuple):
    """An exception as three texts; the traceback has the frames of user code only."""

    type: str
    message: str
    traceback: str


def invalid_input(message: str, field: str | None) -> CallError:
    """Return the error for inputs that do not fit; ``field`` is the path of the first of them."""
    return CallError("validation_error", "InvalidInput", message, field)


def unknown_program(name: str) -> CallError:
    """Return the error for a program that no loaded module has registered."""
    return CallError("validation_error", "UnknownProgram", f"there is no program named {name!r}")


def unserializable(place: str, why: str) -> CallError:
    """Return the error for a result that JSON cannot express at ``place``."""
    return CallError("program_error", "UnserializableResult", f"{place} {why}")


def describe(error: BaseException) -> Description:
    """Tell ``error`` in three texts; works for exceptions that fail while being told, too."""
    return Description(type(error).__name__, shorten(_message(error)), shorten(_trace(error)))


def error_body(error: BaseException) -> dict[str, object]:
    """Return the body of an ``ERROR`` frame for ``error``."""
    if isinstance(error, CallError):
        told = {"category": error.category, "type": error.kind, "message": str(error)}
        return {**told, "traceback": None, "field": error.field}
    description = describe(error)
    if isinstance(error, MemoryError):
        description = description._replace(message=HARD_MEMORY.explain(description.message))
    limited = isinstance(error, (MemoryError, CpuLimitExceeded))
    category = "resource_error" if limited else "program_error"
    return {"category": category, **description._asdict(), "field": None}


def cancelled_body(error: BaseException, stack: str, left: str | None) -> dict[str, object]:
    """Return the body of an ``ERROR`` frame for a cancelled call that ended by ``error``.

    ``stack`` is where it was when the cancellation came, ``left`` what it has left running.
    """
    body = error_body(error)
    if not isinstance(error, CallError):
        told = body["message"]
        if type(error).__name__ != _CANCELLED:
            told = f"the call was cancelled, and ended by {body['type']}: {told}"
        body |= {"category": "timeout_error", "type": _CANCELLED, "message": told}
    return {**body, "stack": shorten(stack), "left_behind": left}


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
        told = traceback.TracebackException.from_exception(error)
        _keep_user_frames(told, set())
        return "".join(told.format())
    except BaseException as broken:  # noqa: BLE001 - a user's __repr__ or __str__ may raise anything
        return f"<no traceback: telling it raised {type(broken).__name__}>"


def _keep_user_frames(told: traceback.TracebackException, seen: set[int]) -> None:
    if id(told) in seen:
        return
    seen.add(id(told))
    told.stack = traceback.StackSummary.from_list(
        [frame for frame in told.stack if is_users(frame.filename)]
    )
    grouped: list[traceback.TracebackException] = getattr(told, "exceptions", None) or []
    for other in (told.__cause__, told.__context__, *grouped):
        if other is not None:
            _keep_user_frames(other, seen)

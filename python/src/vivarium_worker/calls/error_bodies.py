"""The bodies of ``ERROR`` frames: docs/PROTOCOL.md, section 6."""

from __future__ import annotations

from typing import cast

from vivarium_worker.diagnostics.tracebacks import describe, name_of, shorten
from vivarium_worker.programs.errors import CallError, CpuLimitExceeded, OperationCancelled
from vivarium_worker.system.memory_limit import MEMORY_LIMIT


def error_body(error: BaseException) -> dict[str, object]:
    """Return the body of an ``ERROR`` frame for ``error``."""
    kind = type(error)  # isinstance would ask a user's exception for its __class__
    if issubclass(kind, CallError):
        return _call_error_body(cast("CallError", error))
    description = describe(error)
    if issubclass(kind, MemoryError):
        description = description._replace(message=MEMORY_LIMIT.explain(description.message))
    limited = issubclass(kind, (MemoryError, CpuLimitExceeded))
    category = "resource_error" if limited else "program_error"
    return {"category": category, **description._asdict(), "field": None}


def last_resort_body(error: BaseException) -> dict[str, object]:
    """Return the body for an ``error`` that can hardly be looked at, as another one came of it."""
    kind = name_of(type(error))
    message = "<no message: the exception cannot be looked at>"
    return {"category": "program_error", "type": kind, "message": message, "traceback": None}


def _call_error_body(error: CallError) -> dict[str, object]:
    found = {"category": error.category, "type": error.kind, "message": str(error)}
    return {**found, "traceback": None, "field": error.field}


def cancelled_body(error: BaseException, stack: str, leaks: str | None) -> dict[str, object]:
    """Return the body of an ``ERROR`` frame for a cancelled call that ended by ``error``.

    ``stack`` is where it was when the cancellation came, ``leaks`` what it has left running.
    """
    body = error_body(error)
    if not issubclass(type(error), CallError):
        message = body["message"]
        if type(error) is not OperationCancelled:
            message = f"the call was cancelled, and ended by {body['type']}: {message}"
        kind = OperationCancelled.__name__
        body |= {"category": "timeout_error", "type": kind, "message": message}
    return {**body, "stack": shorten(stack), "left_behind": leaks}

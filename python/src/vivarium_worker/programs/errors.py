"""Why a call fails: what the runtime raises on its own account, and inside a program."""

from __future__ import annotations


class CallError(Exception):
    """A call failed for a reason that the runtime found, not the program.

    ``category`` and ``kind`` are those of docs/PROTOCOL.md, section 6; ``field`` is the path of the
    input to blame, if it is one.
    """

    def __init__(self, category: str, kind: str, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.category = category
        self.kind = kind
        self.field = field


class OperationCancelled(BaseException):
    """Raised inside a program whose call was cancelled, or whose caller's time is up.

    Catch it to clean up, and raise it again: a program that goes on gets it again after a moment,
    and is killed with its worker if it does not end soon. No ``Exception``, so that
    ``except Exception`` does not stop it. It may come anywhere in user code, but never while the
    runtime sends something.
    """

    def __init__(self, message: str = "the call was cancelled") -> None:
        super().__init__(message)


OperationCancelled.__module__ = "vivarium_worker"  # tracebacks show where users import it from


class CpuLimitExceeded(BaseException):
    """Raised inside a program that has used more processor time than one call may.

    No ``Exception``, so that ``except Exception`` does not stop it; who catches it gets it again.
    """


def invalid_input(message: str, field: str | None) -> CallError:
    """Return the error for inputs that do not fit; ``field`` is the path of the first of them."""
    return CallError("validation_error", "InvalidInput", message, field)


def unknown_program(name: str) -> CallError:
    """Return the error for a program that no loaded module has registered."""
    return CallError("validation_error", "UnknownProgram", f"there is no program named {name!r}")


def unserializable(place: str, why: str) -> CallError:
    """Return the error for a result that JSON cannot express at ``place``."""
    return CallError("program_error", "UnserializableResult", f"{place} {why}")


def too_large(what: str, maximum: int) -> CallError:
    """Return the error for a result or chunk of which more is there than fits in a frame."""
    message = f"the {what} has more than {maximum} bytes of JSON, which is all that fits in a frame"
    return CallError("resource_error", f"{what.capitalize()}TooLarge", message)

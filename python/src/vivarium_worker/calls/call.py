"""A call in progress, and how code finds the one that it works for."""

from __future__ import annotations

from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, Callable, Final

from vivarium_worker.programs import sessions
from vivarium_worker.system.originals import time

if TYPE_CHECKING:
    import asyncio

    from vivarium_worker.calls.exchange import Exchange


_NO_FIELDS: Final[dict[str, object]] = {}  # shared, so never changed
_NOT_LOGGED: Final = ("tracestate", "baggage")  # for programs, and too large for each line of a log


class Call:
    """One call in progress. Made by its slot, seen by programs through ``context``.

    ``deadline`` is when the caller stops waiting, on the clock of ``time.monotonic``; ``began`` is
    on the same clock. ``state`` is what the session was saved as; ``untouched`` means that the
    program has not looked at it, and that the call was not cancelled. ``stack`` is where the
    program was when the call was cancelled, and ``None`` until then. ``exchange`` is there if the
    call has more than JSON to exchange, ``task`` is set for async programs only.
    """

    __slots__ = (
        "_session",
        "began",
        "deadline",
        "exchange",
        "fields",
        "ident",
        "program",
        "stack",
        "state",
        "task",
        "untouched",
    )

    task: asyncio.Task[Any]
    _session: dict[str, Any]

    def __init__(self, ident: int, timeout_millis: int) -> None:
        self.ident = ident
        self.program = ""
        self.began = now = time.monotonic()
        self.deadline: float | None = now + timeout_millis / 1000 if timeout_millis else None
        self.fields = _NO_FIELDS
        self.stack: str | None = None
        self.exchange: Exchange | None = None
        self.state = b""
        self.untouched = True

    @property
    def cancelled(self) -> bool:
        """Whether the server has said that nobody waits for this call any more."""
        return self.stack is not None

    @property
    def session(self) -> dict[str, Any]:
        """The state of the call's session; of a call without session, a dict of its own."""
        if not hasattr(self, "_session"):
            self._session = sessions.load(self.state)
            self.untouched = False
        return self._session

    @property
    def logged_fields(self) -> dict[str, object]:
        """What records say about the caller: the fields without those that only programs use."""
        if not any(name in self.fields for name in _NOT_LOGGED):
            return self.fields
        return {name: value for name, value in self.fields.items() if name not in _NOT_LOGGED}

    def changed_state(self, maximum: int) -> bytes | None:
        """Return the session's state as bytes, or ``None`` if there is nothing new to keep."""
        if "session" not in self.fields or not hasattr(self, "_session"):
            return None
        return sessions.save(self._session, self.state, maximum)

    def cancel(self, stack: str) -> None:
        """Note that the call was cancelled, and where it was; the first time counts."""
        if self.stack is None:
            self.stack = stack
            self.untouched = False


CURRENT_CALL: Final[ContextVar[Call | None]] = ContextVar("vivarium_call", default=None)
"""The call that the running code works for: follows asyncio tasks, does not follow new threads."""


class _Fallback:
    """Finds a call for threads that user code started, which inherit no context variables."""

    def __init__(self) -> None:
        self.find: Callable[[], Call | None] = lambda: None


FALLBACK: Final = _Fallback()
"""Set by a worker with a single slot, whose call is the only one there is."""


def current_call() -> Call | None:
    """Return the call that the running code works for, or ``None`` outside of any."""
    return CURRENT_CALL.get() or FALLBACK.find()

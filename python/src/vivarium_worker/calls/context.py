"""``context``: what a program can see of the call that it answers."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any, Final

from vivarium_worker.calls.call import current_call
from vivarium_worker.system.originals import time

if TYPE_CHECKING:
    from vivarium_worker.calls.call import Call


class Context:
    """What a program can see of its call. Usable from any thread while the call is in progress.

    Every attribute raises :class:`RuntimeError` where no call is in progress.
    """

    @property
    def session(self) -> dict[str, Any]:
        """The state that this caller's session keeps between its calls.

        A call that fails leaves it as it was before the call, whatever was changed in place.
        """
        return _call().session

    @property
    def deadline(self) -> float | None:
        """When the caller stops waiting, on the clock of ``time.monotonic``; ``None`` for never."""
        return _call().deadline

    @property
    def remaining_seconds(self) -> float | None:
        """Seconds until the caller stops waiting, at least 0; ``None`` if it waits for ever."""
        deadline = _call().deadline
        return None if deadline is None else max(0.0, deadline - time.monotonic())

    @property
    def cancelled(self) -> bool:
        """Whether nobody waits for the result any more: cancelled, or the deadline has passed."""
        call = _call()
        return call.cancelled or (call.deadline is not None and time.monotonic() >= call.deadline)

    @property
    def log(self) -> logging.Logger:
        """A logger that is named like the program."""
        return logging.getLogger(_call().program)

    @property
    def program(self) -> str:
        """The name under which the program was called."""
        return _call().program

    @property
    def session_id(self) -> str | None:
        """The id of the session, if the call belongs to one."""
        return self._field("session")

    @property
    def correlation_id(self) -> str | None:
        """What the caller gave to find this call again in logs."""
        return self._field("correlation_id")

    @property
    def project_id(self) -> str | None:
        """The project that the caller named."""
        return self._field("project_id")

    @property
    def execution_id(self) -> str | None:
        """The execution that the caller named."""
        return self._field("execution_id")

    @property
    def task_id(self) -> str | None:
        """The task that the caller named."""
        return self._field("task_id")

    @property
    def node(self) -> str | None:
        """The node that the caller named."""
        return self._field("node")

    @property
    def traceparent(self) -> str | None:
        """The W3C trace context: this call's span where the server makes one, else the caller's.

        To be sent along with requests that the program makes, as the HTTP header of that name.
        """
        return self._field("traceparent")

    @property
    def tracestate(self) -> str | None:
        """What tracing systems have added to :attr:`traceparent`."""
        return self._field("tracestate")

    @property
    def baggage(self) -> str | None:
        """The W3C baggage of the caller, as it is sent in the HTTP header of that name."""
        return self._field("baggage")

    def progress(self, fraction: float, message: str = "") -> None:
        """Report how far the call is, from 0 to 1: to the log, and to a caller who asked for it.

        The log record is of level ``INFO``. The caller receives it only if it is reported by
        the thread of the call, and at most every 20 ms.
        """
        if not 0 <= fraction <= 1:
            raise ValueError(f"progress must be a fraction from 0 to 1, not {fraction!r}")
        exchange = _call().exchange
        if exchange is not None:
            exchange.report(fraction, message)
        self.log.info("progress %d %%%s", round(fraction * 100), f": {message}" if message else "")

    def _field(self, name: str) -> str | None:
        value = _call().fields.get(name)
        return value if isinstance(value, str) else None


def _call() -> Call:
    call = current_call()
    if call is None:
        raise RuntimeError("context is available only while a call is in progress")
    return call


context: Final = Context()

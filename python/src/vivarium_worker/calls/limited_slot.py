"""A slot whose calls may use only so much processor time.

It is second to the server, which looks at the process from outside and ends one that does not obey;
here is where a program gets an exception instead.
"""

from __future__ import annotations

from types import FrameType  # noqa: TC003 - signal handlers are looked at by name
from typing import TYPE_CHECKING, Final

from vivarium_worker.calls.slot import Dependencies, Slot
from vivarium_worker.diagnostics.stack_frames import is_in_program
from vivarium_worker.programs.errors import CpuLimitExceeded
from vivarium_worker.system.originals import signal, time

if TYPE_CHECKING:
    from vivarium_worker.calls.call import Call
    from vivarium_worker.programs.conversion import ResultWithAttachments
    from vivarium_worker.protocol.channel import Channel

_REPEAT_SECONDS: Final = 0.02  # of processor time, until it is raised again, if the program goes on


class CpuBudget:
    """The processor time of one call: of all threads of this process, but not of its children.

    For the main thread, whose calls are then the only ones. The exception is raised in user code
    only: the runtime may be in the middle of sending a frame.
    """

    def __init__(self, limit_millis: int) -> None:
        self._limit_millis = limit_millis
        self._seconds = limit_millis / 1000
        self._began = 0.0
        self._running = False
        signal.signal(signal.SIGPROF, self._on_signal)

    def start(self) -> None:
        """Begin to count, from zero."""
        self._began = time.process_time()
        self._running = True
        signal.setitimer(signal.ITIMER_PROF, self._seconds, _REPEAT_SECONDS)

    def resume(self) -> None:
        """Go on counting from where it was stopped."""
        self._running = True
        signal.setitimer(signal.ITIMER_PROF, _REPEAT_SECONDS, _REPEAT_SECONDS)

    def stop(self) -> None:
        """Stop counting; nothing is raised any more."""
        self._running = False
        signal.setitimer(signal.ITIMER_PROF, 0)

    def _on_signal(self, _number: int, frame: FrameType | None) -> None:
        used = time.process_time() - self._began
        if self._running and used >= self._seconds and is_in_program(frame):
            raise CpuLimitExceeded(
                f"the call used {used * 1000:.0f} ms of processor time, "
                f"CpuLimitMillis = {self._limit_millis}"
            )


class LimitedSlot(Slot):
    """A slot with a :class:`CpuBudget`; calls of other slots do not pay for it."""

    def __init__(self, channel: Channel, dependencies: Dependencies, budget: CpuBudget) -> None:
        super().__init__(channel, dependencies)
        self._budget = budget

    def _run(self, call: Call, name: bytes, inputs: bytes | memoryview) -> object:
        self._budget.start()
        try:
            return super()._run(call, name, inputs)
        finally:
            self._budget.stop()

    def _convert_result(self, value: object, what: str) -> bytes | ResultWithAttachments:
        self._budget.resume()
        try:
            return super()._convert_result(value, what)
        finally:
            self._budget.stop()

"""Slots that are more than a loop in the main thread: with a budget, or in their own threads."""

from __future__ import annotations

import sys
import threading
from typing import TYPE_CHECKING

from vivarium_worker.calls.cancellation import OperationCancelled
from vivarium_worker.calls.slot import Slot, Surroundings
from vivarium_worker.diagnostics.stack_frames import is_in_program
from vivarium_worker.system import procfs

if TYPE_CHECKING:
    from types import FrameType

    from vivarium_worker.calls.context import Call
    from vivarium_worker.calls.cpu_limit import CpuBudget
    from vivarium_worker.protocol.channel import Channel


class LimitedSlot(Slot):
    """A slot whose calls may use only so much processor time; others do not pay for it."""

    def __init__(self, channel: Channel, surroundings: Surroundings, budget: CpuBudget) -> None:
        super().__init__(channel, surroundings)
        self._budget = budget

    def _run(self, call: Call, name: bytes, inputs: bytes | memoryview) -> object:
        self._budget.start()
        try:
            return super()._run(call, name, inputs)
        finally:
            self._budget.stop()


class AsideSlot(Slot):
    """A slot in a thread of its own, where no signal handler runs.

    An exception is left for the thread and raised when it next runs Python code; so a program that
    waits in C code is not interrupted. It is left only while the thread is in user code, and taken
    back if it was not raised by the time the program has ended.
    """

    def __init__(self, channel: Channel, surroundings: Surroundings) -> None:
        super().__init__(channel, surroundings)
        self._thread = 0
        self._door = threading.Lock()
        self._open = False

    def serve(self) -> int:
        """Answer calls until the server ends it; return the exit status that this stands for."""
        self._thread = threading.get_ident()
        return super().serve()

    def frame(self) -> FrameType | None:
        """Return where the thread is."""
        return sys._current_frames().get(self._thread)  # noqa: SLF001 - there is no other way

    def interrupt(self, call: Call) -> None:
        """Raise :class:`OperationCancelled` in the program of ``call``, if it is in user code.

        For the main thread. The call may have ended since it was looked at, and another begun.
        """
        with self._door:
            if self._open and self.call is call and is_in_program(self.frame()):
                procfs.raise_in(self._thread, OperationCancelled)

    def _run(self, call: Call, name: bytes, inputs: bytes | memoryview) -> object:
        self._open = True
        try:
            return super()._run(call, name, inputs)
        finally:
            while self._open:
                try:
                    self._shut()
                except OperationCancelled:
                    continue  # it came too late, for the program has ended

    def _shut(self) -> None:
        with self._door:
            self._open = False
            procfs.raise_in(self._thread, None)

"""A slot in a thread of its own, as all slots but the first of a worker are."""

from __future__ import annotations

import ctypes
import sys
from typing import TYPE_CHECKING, Callable, TypeVar

from vivarium_worker.calls.slot import Dependencies, Slot
from vivarium_worker.diagnostics.stack_frames import is_in_program
from vivarium_worker.programs.errors import OperationCancelled
from vivarium_worker.system.threads import current_ident, make_lock

if TYPE_CHECKING:
    from types import FrameType

    from vivarium_worker.calls.call import Call
    from vivarium_worker.programs.conversion import ResultWithAttachments
    from vivarium_worker.protocol.channel import Channel

Result = TypeVar("Result")


class ThreadSlot(Slot):
    """A slot in a thread of its own, where no signal handler runs.

    An exception is set for the thread and raised when it next runs Python code; so a program that
    waits in C code is not interrupted. It is set only while the thread is in user code, and cleared
    if it was not raised by the time the program has ended.
    """

    def __init__(self, channel: Channel, dependencies: Dependencies) -> None:
        super().__init__(channel, dependencies)
        self._thread = 0
        self._interrupt_lock = make_lock()
        self._interruptible = False

    def serve(self) -> int:
        """Answer calls until the server ends it; return the exit status that this stands for."""
        self._thread = current_ident()
        return super().serve()

    def frame(self) -> FrameType | None:
        """Return the frame that the thread executes."""
        return sys._current_frames().get(self._thread)  # noqa: SLF001 - there is no other way

    def interrupt(self, call: Call) -> None:
        """Raise :class:`OperationCancelled` in the program of ``call``, if it is in user code.

        For the main thread. The call may have ended since it was looked at, and another begun.
        """
        with self._interrupt_lock:
            if self._interruptible and self.call is call and is_in_program(self.frame()):
                _set_async_exception(self._thread, OperationCancelled)

    def _run(self, call: Call, name: bytes, inputs: bytes | memoryview) -> object:
        return self._interruptibly(super()._run, call, name, inputs)

    def _convert_result(self, value: object, what: str) -> bytes | ResultWithAttachments:
        return self._interruptibly(super()._convert_result, value, what)

    def _interruptibly(self, function: Callable[..., Result], *arguments: object) -> Result:
        """Call ``function``, which calls code of users."""
        self._interruptible = True
        try:
            return function(*arguments)
        finally:
            while self._interruptible:
                try:
                    self._end_interruptible()
                except OperationCancelled:
                    continue  # too late: the program has ended

    def _end_interruptible(self) -> None:
        with self._interrupt_lock:
            self._interruptible = False
            _set_async_exception(self._thread, None)


def _set_async_exception(thread: int, exception: type[BaseException] | None) -> None:
    """Have ``exception`` raised in another thread of Python; ``None`` clears it."""
    value = None if exception is None else ctypes.py_object(exception)
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), value)

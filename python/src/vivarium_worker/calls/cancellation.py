"""Cancellation: a signal says that the memory of a slot names a call nobody waits for any more.

The server writes the id of the call and a level into the cancel word, then sends the signal. Level
1 sets the flag and cancels the task of an async program; level 2 also raises an exception, and is
repeated until the call is answered. An id that is not in progress is ignored.
"""

from __future__ import annotations

from types import FrameType  # noqa: TC003 - signal handlers are looked at by name
from typing import TYPE_CHECKING, Final, Protocol

from vivarium_worker.diagnostics.foreign_loops import (
    cancel_tasks,
    frame_behind_hub,
    raise_behind_hub,
    running_foreign_loop,
)
from vivarium_worker.diagnostics.stack_frames import (
    is_in_program,
    user_stack,
    user_stack_of_task,
)
from vivarium_worker.programs.errors import OperationCancelled
from vivarium_worker.system.originals import signal
from vivarium_worker.system.signals import CANCEL_SIGNAL

if TYPE_CHECKING:
    from collections.abc import Sequence

    from vivarium_worker.calls.call import Call
    from vivarium_worker.protocol.shared_memory import SharedMemory

_RAISE: Final = 2


class CancellableSlot(Protocol):
    """What a slot shows of itself: its call in progress, and where the cancel word is.

    ``cancel_pending`` is set if a cancellation came while there was no call.
    """

    call: Call | None
    cancel_pending: bool
    memory: SharedMemory | None


class InterruptibleSlot(CancellableSlot, Protocol):
    """A slot in a thread of its own, which a signal handler does not interrupt by itself."""

    def frame(self) -> FrameType | None:
        """Return the frame that the thread executes."""

    def interrupt(self, call: Call) -> None:
        """Raise :class:`OperationCancelled` in the program of ``call``."""


class Canceller:
    """Obeys the cancel words of ``main``, which the main thread serves, and of ``thread_slots``.

    Made in the main thread, which runs every signal handler, and before the first call.
    """

    def __init__(self, main: CancellableSlot, thread_slots: Sequence[InterruptibleSlot]) -> None:
        self._main = main
        self._thread_slots = thread_slots
        self._running = False
        self._signalled = False
        signal.signal(CANCEL_SIGNAL, self._on_signal)

    def _on_signal(self, _number: int, frame: FrameType | None) -> None:
        self._signalled = True
        if self._running:
            return  # a handler may interrupt itself; the one below looks again
        self._running = True
        interrupt = False
        try:
            while self._signalled:
                self._signalled = False
                interrupt = self._obey(frame) or interrupt
        finally:
            self._running = False
        if interrupt:
            self._interrupt(frame)

    def _interrupt(self, frame: FrameType | None) -> None:
        """Raise :class:`OperationCancelled` in the main thread's program, wherever it waits."""
        loop, call = running_foreign_loop(), self._main.call
        if loop is not None:
            cancel_tasks(loop)
        elif is_in_program(frame):
            raise OperationCancelled
        elif is_in_program(frame_behind_hub()):
            raise_behind_hub(OperationCancelled, lambda: self._main.call is call)

    def _obey(self, frame: FrameType | None) -> bool:
        """Obey the words of all slots; return whether to interrupt the main thread's program."""
        for slot in self._thread_slots:
            call = _cancel_named_call(slot, slot.frame())
            if call:
                slot.interrupt(call)
        return _cancel_named_call(self._main, frame) is not None


def _cancel_named_call(slot: CancellableSlot, frame: FrameType | None) -> Call | None:
    """Cancel the call that the slot's word names; return it if it is to be interrupted as well."""
    word = slot.memory.word() if slot.memory else None
    call = slot.call
    if word is None:
        return None
    if call is None:
        slot.cancel_pending = True  # perhaps it means the call that will be read next
        return None
    if call.ident != word.ident:
        return None
    cancel(call, frame)
    return call if word.level >= _RAISE else None


def cancel(call: Call, frame: FrameType | None) -> None:
    """Set the flag of ``call`` and note where it is; cancel its task, if it has one."""
    task = getattr(call, "task", None)
    if call.stack is None:
        try:
            call.cancel(user_stack(frame) if task is None else user_stack_of_task(task))
        except Exception as error:  # noqa: BLE001 - memory or levels may be used up just there
            call.cancel(f"<no stack: formatting it raised {type(error).__name__}>")
    if task is not None and not task.get_loop().is_closed():
        task.get_loop().call_soon_threadsafe(task.cancel)

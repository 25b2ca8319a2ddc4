"""Cancellation: ``SIGUSR1`` says that the memory of a slot names a call nobody waits for any more.

The server writes the id of the call and a level into the cancel word, then sends the signal. Level
1 sets the flag and cancels the task of an async program; level 2 also raises an exception, and is
repeated until the call is answered. An id that is not in progress is passed over.
"""

from __future__ import annotations

import signal
from types import FrameType  # noqa: TC003 - signal handlers are looked at by name
from typing import TYPE_CHECKING, Final

from vivarium_worker.diagnostics.stack_frames import is_in_program, stack_of, stack_of_task

if TYPE_CHECKING:
    from collections.abc import Sequence

    from vivarium_worker.calls.context import Call
    from vivarium_worker.calls.slot import Slot
    from vivarium_worker.calls.thread_slot import AsideSlot

_RAISE: Final = 2


class OperationCancelled(BaseException):
    """Raised inside a program whose call was cancelled, or whose caller's time is up.

    Catch it to clean up, and raise it again: a program that goes on gets it again after a moment,
    and is killed with its worker if it does not end soon. No ``Exception``, so that
    ``except Exception`` does not stop it. It may come anywhere in user code, but never while the
    runtime sends something.
    """

    def __init__(self, message: str = "the call was cancelled") -> None:
        super().__init__(message)


class Canceller:
    """Obeys the cancel words of ``main``, which the main thread serves, and of slots ``aside``.

    Made in the main thread, which runs every signal handler, and before the first call.
    """

    def __init__(self, main: Slot, aside: Sequence[AsideSlot]) -> None:
        self._main = main
        self._aside = aside
        self._inside = False
        self._again = False
        signal.signal(signal.SIGUSR1, self._on_signal)

    def _on_signal(self, _number: int, frame: FrameType | None) -> None:
        self._again = True
        if self._inside:
            return  # a handler may interrupt itself; the one below looks again
        self._inside = True
        wanted = False
        try:
            while self._again:
                self._again = False
                wanted = self._look(frame) or wanted
        finally:
            self._inside = False
        if wanted and is_in_program(frame):
            raise OperationCancelled

    def _look(self, frame: FrameType | None) -> bool:
        """Obey every slot's word; tell whether the main thread's program is to be interrupted."""
        for slot in self._aside:
            call = _named_call(slot, slot.frame())
            if call:
                slot.interrupt(call)
        return _named_call(self._main, frame) is not None


def _named_call(slot: Slot, frame: FrameType | None) -> Call | None:
    """Cancel the call that the slot's word names; return it if it is to be interrupted as well."""
    word = slot.memory.word() if slot.memory else None
    call = slot.call
    if word is None:
        return None
    if call is None:
        slot.poked = True  # perhaps it means the call that will be read next
        return None
    if call.ident != word.ident:
        return None
    flag(call, frame)
    return call if word.level >= _RAISE else None


def flag(call: Call, frame: FrameType | None) -> None:
    """Set the flag of ``call`` and note where it is; cancel its task, if it has one."""
    task = getattr(call, "task", None)
    if call.stack is None:
        try:
            call.cancel(stack_of(frame) if task is None else stack_of_task(task))
        except Exception as error:  # noqa: BLE001 - memory or levels may be used up just there
            call.cancel(f"<no stack: telling it raised {type(error).__name__}>")
    if task is not None and not task.get_loop().is_closed():
        task.get_loop().call_soon_threadsafe(task.cancel)

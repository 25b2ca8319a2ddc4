"""Signals: those that the server sends to workers, as bytes that a poll waits for, or ignored."""

from __future__ import annotations

from typing import Final

from vivarium_worker.system.originals import os, signal

CANCEL_SIGNAL: Final = 50
"""Has a worker look at its cancel words. Real-time signals are hardly ever used by programs."""

DUMP_SIGNAL: Final = 51
"""Has a worker, or a fork server that imports, dump its stacks."""


class SignalPipe:
    """Turns signals into readable bytes, so that one poll waits for signals and sockets alike."""

    def __init__(self, *numbers: signal.Signals) -> None:
        self._read, self._write = os.pipe()
        os.set_blocking(self._read, False)
        os.set_blocking(self._write, False)
        self._numbers = numbers
        signal.set_wakeup_fd(self._write, warn_on_full_buffer=False)
        for number in numbers:
            signal.signal(number, ignore_signal)

    def fileno(self) -> int:
        """Return the descriptor to poll."""
        return self._read

    def take(self) -> set[int]:
        """Return the numbers of the signals that arrived since the last call."""
        try:
            return set(os.read(self._read, 4096))
        except BlockingIOError:
            return set()

    def restore_defaults(self) -> None:
        """Give the signals their default actions back, in a child that has just been forked."""
        signal.set_wakeup_fd(-1)
        for number in self._numbers:
            signal.signal(number, signal.SIG_DFL)
        os.close(self._read)
        os.close(self._write)


def ignore_signal(_number: int, _frame: object) -> None:
    """Do nothing; unlike ``SIG_IGN`` this wakes a poll, and started programs do not inherit it."""


def start_clean() -> None:
    """Undo what this process has inherited, so that the programs which it starts begin as usual.

    An interrupt from a terminal is no order to end, but whoever is started may be interrupted.
    """
    signal.pthread_sigmask(signal.SIG_SETMASK, ())
    signal.signal(signal.SIGINT, ignore_signal)

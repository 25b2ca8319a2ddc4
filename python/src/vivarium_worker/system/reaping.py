"""Children: noticing their end, reading their status, and finding what they left behind.

Guardian and fork server are subreapers: a descendant that lost its parent becomes their child. A
child that they did not start is therefore, by construction, something that was left behind.
"""

from __future__ import annotations

import os
import signal
import time
from typing import Callable, NamedTuple

from vivarium_worker.system import procfs

_ROUND_SECONDS = 0.0005


class Death(NamedTuple):
    """How a child ended; one of ``code`` and ``signal`` is ``None``."""

    pid: int
    code: int | None
    signal: int | None
    max_rss_kilobytes: int
    cpu_seconds: float


class SignalPipe:
    """Turns signals into readable bytes, so that one poll waits for signals and sockets alike."""

    def __init__(self, *numbers: signal.Signals) -> None:
        self._read, self._write = os.pipe()
        os.set_blocking(self._read, False)
        os.set_blocking(self._write, False)
        self._numbers = numbers
        signal.set_wakeup_fd(self._write, warn_on_full_buffer=False)
        for number in numbers:
            signal.signal(number, ignore)

    def fileno(self) -> int:
        """Return the descriptor to poll."""
        return self._read

    def take(self) -> set[int]:
        """Return the signals that came since the last time."""
        try:
            return set(os.read(self._read, 4096))
        except BlockingIOError:
            return set()

    def undo(self) -> None:
        """Give the signals their default actions back, in a child that has just been forked."""
        signal.set_wakeup_fd(-1)
        for number in self._numbers:
            signal.signal(number, signal.SIG_DFL)
        os.close(self._read)
        os.close(self._write)


def ignore(_number: int, _frame: object) -> None:
    """Do nothing; unlike ``SIG_IGN`` this wakes a poll, and started programs do not inherit it."""


def next_dead() -> int | None:
    """Return a child that has ended, without reaping it: until then its id cannot be reused."""
    try:
        found = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
    except ChildProcessError:
        return None
    return found.si_pid if found else None


def reap(pid: int) -> Death | None:
    """Collect the status of a child, or return ``None`` if it has not ended."""
    ended, status, usage = os.wait4(pid, os.WNOHANG)
    if not ended:
        return None
    signaled = os.WIFSIGNALED(status)
    code = None if signaled else os.WEXITSTATUS(status)
    number = os.WTERMSIG(status) if signaled else None
    return Death(pid, code, number, usage.ru_maxrss, usage.ru_utime + usage.ru_stime)


def sweep(spare: Callable[[int], bool], seconds: float) -> int:
    """Kill and reap all children but those to ``spare``, and the children that they leave behind.

    Returns how many were killed. Gives up after ``seconds``, because a child may fork as fast as it
    is killed: :func:`has_strangers` tells whether to call again.
    """
    killed, give_up = 0, time.monotonic() + seconds
    while True:
        strangers = [pid for pid in procfs.children(os.getpid()) if not spare(pid)]
        for pid in strangers:
            procfs.kill_tree_root(pid)
        ends = [reap(pid) for pid in strangers]
        killed += sum(1 for end in ends if end and end.signal == signal.SIGKILL)
        if not strangers or time.monotonic() > give_up:
            return killed
        if None in ends:
            time.sleep(_ROUND_SECONDS)


def has_strangers(spare: Callable[[int], bool]) -> bool:
    """Tell whether there are children that are not to be spared."""
    return any(not spare(pid) for pid in procfs.children(os.getpid()))

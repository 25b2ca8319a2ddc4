"""Process operations that the standard library lacks."""

from __future__ import annotations

import ctypes
from typing import Callable

from vivarium_worker.system.originals import os, signal

_PR_SET_PDEATHSIG = 1
_PR_SET_CHILD_SUBREAPER = 36
_LIBC = ctypes.CDLL(None, use_errno=True)  # loaded before any fork

Role = Callable[[], "int | Role"]
"""What a process does; returns its exit status, or what it becomes because it has been forked."""


def become_subreaper() -> None:
    """Adopt every descendant whose parent dies, so that orphans are found by parentage."""
    prctl(_PR_SET_CHILD_SUBREAPER, 1)


def set_parent_death_signal(number: signal.Signals, parent: int) -> None:
    """Have signal ``number`` sent when process ``parent`` ends; exit if it has ended already.

    The signal comes when the *thread* that forked this process ends, which is why only processes
    with a single thread may be the parent.
    """
    prctl(_PR_SET_PDEATHSIG, number)
    if os.getppid() != parent:
        os._exit(0)


def session_of(pid: int) -> int:
    """Return the session id of process ``pid``, or 0 if it has gone."""
    try:
        return os.getsid(pid)
    except ProcessLookupError:
        return 0


def kill_with_group(pid: int) -> None:
    """Kill process ``pid`` and the process group that it leads, if it leads one.

    Both are killed: a young child has not made its group yet, and a group outlives its leader.
    """
    for kill in (os.killpg, os.kill):
        try:
            kill(pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):  # gone, or made another user's by set-uid
            continue


def prctl(option: int, value: int | bytes) -> None:
    """Set one attribute of this process; raise :class:`OSError` if the kernel refuses."""
    if _LIBC.prctl(option, value, 0, 0, 0):
        number = ctypes.get_errno()
        raise OSError(number, f"prctl({option}, {value!r}): {os.strerror(number)}")

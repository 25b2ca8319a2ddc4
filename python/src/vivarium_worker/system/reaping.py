"""Child processes: waiting for their exit, reading their status, and killing orphans.

Guardian and fork server are subreapers: a descendant that lost its parent becomes their child. A
child that they did not start is therefore, by construction, an orphan.
"""

from __future__ import annotations

from typing import Callable, NamedTuple

from vivarium_worker.system.originals import os, signal, time
from vivarium_worker.system.processes import kill_with_group
from vivarium_worker.system.procfs import children

_POLL_SECONDS = 0.0005


class ChildExit(NamedTuple):
    """How a child ended and what it used; one of ``code`` and ``signal`` is ``None``."""

    pid: int
    code: int | None
    signal: int | None
    max_rss_kilobytes: int
    cpu_seconds: float


def next_exited_child() -> int | None:
    """Return a child that has ended, without reaping it: until then its id cannot be reused."""
    try:
        found = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
    except ChildProcessError:
        return None
    return found.si_pid if found else None


def reap(pid: int) -> ChildExit | None:
    """Collect the status of a child, or return ``None`` if it has not ended."""
    ended, status, usage = os.wait4(pid, os.WNOHANG)
    if not ended:
        return None
    signaled = os.WIFSIGNALED(status)
    code = None if signaled else os.WEXITSTATUS(status)
    number = os.WTERMSIG(status) if signaled else None
    return ChildExit(pid, code, number, usage.ru_maxrss, usage.ru_utime + usage.ru_stime)


def kill_orphans(keep: Callable[[int], bool], seconds: float) -> int:
    """Kill and reap all children but those to ``keep``, and the children that they leave behind.

    Returns how many were killed. Stops after ``seconds``, because a child may fork as fast as it is
    killed: :func:`has_orphans` says whether to call again.
    """
    killed, end = 0, time.monotonic() + seconds
    while True:
        orphans = [pid for pid in children(os.getpid()) if not keep(pid)]
        for pid in orphans:
            kill_with_group(pid)
        exits = [reap(pid) for pid in orphans]
        killed += sum(1 for exit_ in exits if exit_ and exit_.signal == signal.SIGKILL)
        if not orphans or time.monotonic() > end:
            return killed
        if None in exits:
            time.sleep(_POLL_SECONDS)


def has_orphans(keep: Callable[[int], bool]) -> bool:
    """Return whether there are children that are not to be kept."""
    return any(not keep(pid) for pid in children(os.getpid()))

"""What ended workers have left running, until it has ended as well."""

from __future__ import annotations

from pathlib import Path
from typing import Callable, Final

from vivarium_worker.system.originals import os, time
from vivarium_worker.system.procfs import children, read_text
from vivarium_worker.system.reaping import kill_orphans

_CHILDREN_SECONDS: Final = 0.5
_TRACKERS_SECONDS: Final = 2.0
_LAST_TRACKERS_SECONDS: Final = 0.2
_SWEEP_SECONDS: Final = 0.2
_POLL_SECONDS: Final = 0.005


class Leavers:
    """Children that this process has adopted of workers: killed, but some not at once.

    What a worker has left that ended in order may end by itself for half a second. A resource
    tracker always may for two seconds: only when all who use it have gone it removes what they
    have left, be it shared memory, semaphores or folders. Others are killed at once.
    """

    def __init__(self, keep: Callable[[int], bool]) -> None:
        """Never kill a child that is to be kept, by its process id."""
        self._keep = keep
        self._kill_times: dict[int, float] = {}

    def __bool__(self) -> bool:
        return bool(self._kill_times)

    def sweep(self, *, in_order: bool) -> int:
        """Look after the children of a worker that has ended; return how many were killed."""
        now = time.monotonic()
        for pid in children(os.getpid()):
            if self._keep(pid) or pid in self._kill_times:
                continue
            if _is_tracker(pid):
                self._kill_times[pid] = now + _TRACKERS_SECONDS
            elif in_order:
                self._kill_times[pid] = now + _CHILDREN_SECONDS
        return self._kill()

    def kill_overdue(self) -> None:
        """Kill those whose time is up, and forget those that have ended; to be called often."""
        if self._kill_times:
            self._kill()

    def await_trackers(self) -> None:
        """Let resource trackers end before all children are killed, but only for a moment."""
        end = time.monotonic() + _LAST_TRACKERS_SECONDS
        while any(map(_is_tracker, children(os.getpid()))) and time.monotonic() < end:
            kill_orphans(_is_tracker, 0)
            time.sleep(_POLL_SECONDS)

    def _kill(self) -> int:
        now = time.monotonic()
        killed = kill_orphans(
            lambda pid: self._keep(pid) or self._kill_times.get(pid, 0) > now, _SWEEP_SECONDS
        )
        there = set(children(os.getpid()))
        self._kill_times = {pid: at for pid, at in self._kill_times.items() if pid in there}
        return killed


def _is_tracker(pid: int) -> bool:
    """Return whether a child is a resource tracker, of multiprocessing or of loky."""
    return "resource_tracker import main" in read_text(Path(f"/proc/{pid}/cmdline"))

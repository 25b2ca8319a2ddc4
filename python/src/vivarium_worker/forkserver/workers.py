"""The workers of a fork server: which process is which worker, and which belong to one."""

from __future__ import annotations

from typing import Final

from vivarium_worker.system.originals import os
from vivarium_worker.system.processes import session_of
from vivarium_worker.system.procfs import children, environment_entry

WORKER_VARIABLE: Final = "VIVARIUM_WORKER"
"""In the environment of whatever a worker starts: the name of that worker."""


class Workers:
    """The live workers by name and by process id. Made after the imports of the fork server."""

    def __init__(self) -> None:
        self._pids: dict[str, int] = {}
        self._names: dict[int, str] = {}
        self._started_by_imports = frozenset(children(os.getpid()))

    def add(self, name: str, pid: int) -> None:
        """Record that process ``pid`` is the worker ``name``."""
        self._pids[name] = pid
        self._names[pid] = name

    def remove(self, pid: int) -> str:
        """Forget the worker of process ``pid``, which has been reaped; return its name."""
        name = self._names.pop(pid)
        del self._pids[name]
        return name

    def pid_of(self, name: str) -> int | None:
        """Return the process id of worker ``name``, or ``None`` if it is not running."""
        return self._pids.get(name)

    def has_process(self, pid: int) -> bool:
        """Return whether process ``pid`` is a worker."""
        return pid in self._names

    def keeps(self, pid: int) -> bool:
        """Return whether a child is a worker, was started by an import, or is of a live worker.

        What a live worker's child left behind is adopted here as well. Its session, or the
        environment that it was started with, distinguishes it from an orphan.
        """
        if pid in self._names or pid in self._started_by_imports or session_of(pid) in self._names:
            return True
        return environment_entry(pid, WORKER_VARIABLE) in self._pids

"""The fork servers of a guardian: which run, which are being stopped, and until when."""

from __future__ import annotations

from typing import Final

from vivarium_worker.system.originals import os, signal, time
from vivarium_worker.system.processes import kill_with_group

STOP_SECONDS: Final = 0.4
"""How long a fork server may take to clean up before it is killed."""


class ForkServers:
    """The live fork servers, by process id and by name."""

    def __init__(self) -> None:
        self._names: dict[int, str] = {}
        self._kill_times: dict[int, float] = {}

    def __bool__(self) -> bool:
        return bool(self._names)

    def add(self, name: str, pid: int) -> None:
        """Record that process ``pid`` is the fork server ``name``."""
        self._names[pid] = name

    def remove(self, pid: int) -> str:
        """Forget the fork server of process ``pid``, which has been reaped; return its name."""
        self._kill_times.pop(pid, None)
        return self._names.pop(pid)

    def has_process(self, pid: int) -> bool:
        """Return whether process ``pid`` is a fork server."""
        return pid in self._names

    def pid_of(self, name: str) -> int | None:
        """Return the process id of the fork server ``name``, or ``None`` if it is not running."""
        return next((pid for pid, server in self._names.items() if server == name), None)

    def stop(self, name: str) -> None:
        """Ask the fork server ``name`` to clean up and exit; not waited for."""
        pid = self.pid_of(name)
        if pid is not None:
            self._stop_process(pid)

    def stop_all(self) -> None:
        """Ask all fork servers to clean up and exit; not waited for."""
        for pid in self._names:
            self._stop_process(pid)

    @property
    def stopping(self) -> bool:
        """Whether a fork server was asked to exit and has not done so yet."""
        return bool(self._kill_times)

    def kill_overdue(self) -> None:
        """Kill those that have not exited within :data:`STOP_SECONDS` after they were asked to."""
        for pid, kill_time in self._kill_times.items():
            if time.monotonic() >= kill_time:
                kill_with_group(pid)

    def _stop_process(self, pid: int) -> None:
        os.kill(pid, signal.SIGHUP)
        self._kill_times.setdefault(pid, time.monotonic() + STOP_SECONDS)

"""What a worker may use: processor time per call, and memory. Nothing here costs anything when off.

Both are second to the server, which looks at the process from outside and ends one that does not
obey; here is where a program gets an exception instead.
"""

from __future__ import annotations

import resource
import signal
import time
from types import FrameType  # noqa: TC003 - signal handlers are looked at by name
from typing import Final

from vivarium_worker.diagnostics.stack_frames import is_in_program
from vivarium_worker.system import procfs

_AGAIN_SECONDS: Final = 0.02  # of processor time, until a program that goes on is told again
_MEGABYTE: Final = 1024 * 1024


class CpuLimitExceeded(BaseException):
    """Raised inside a program that has used more processor time than one call may.

    No ``Exception``, so that ``except Exception`` does not stop it; who catches it gets it again.
    """


class CpuBudget:
    """The processor time of one call: of all threads of this process, but not of its children.

    For the main thread, whose calls are then the only ones. The exception is raised in user code
    only: a frame of the runtime that is half sent, or half told, is finished first.
    """

    def __init__(self, limit_millis: int) -> None:
        self._limit_millis = limit_millis
        self._seconds = limit_millis / 1000
        self._began = 0.0
        self._running = False
        signal.signal(signal.SIGPROF, self._on_signal)

    def start(self) -> None:
        """Begin to count."""
        self._began = time.process_time()
        self._running = True
        signal.setitimer(signal.ITIMER_PROF, self._seconds, _AGAIN_SECONDS)

    def stop(self) -> None:
        """Count no more."""
        self._running = False
        signal.setitimer(signal.ITIMER_PROF, 0)

    def _on_signal(self, _number: int, frame: FrameType | None) -> None:
        used = time.process_time() - self._began
        if self._running and used >= self._seconds and is_in_program(frame):
            raise CpuLimitExceeded(
                f"the call used {used * 1000:.0f} ms of processor time, "
                f"CpuLimitMillis = {self._limit_millis}"
            )


class HardMemory:
    """The hard limit of this process' memory, and what to say when it was met."""

    def __init__(self) -> None:
        self._megabytes = 0

    def limit(self, megabytes: int) -> None:
        """Let this process grow to ``megabytes`` of resident memory; 0 is no limit.

        What it may still take is added to what it has: private memory that was reserved before, but
        is not resident, does not count. Raises :class:`MemoryError` if it is larger already.
        """
        if not megabytes:
            return
        resident = procfs.memory_bytes("VmRSS")
        if resident >= megabytes * _MEGABYTE:
            raise MemoryError(
                f"HardMemoryMegabytes = {megabytes} is too little: the worker has "
                f"{resident // _MEGABYTE} MiB resident before its first call"
            )
        self._megabytes = megabytes
        allowed = procfs.memory_bytes("VmData") + megabytes * _MEGABYTE - resident
        _, hard = resource.getrlimit(resource.RLIMIT_DATA)
        if hard != resource.RLIM_INFINITY:
            allowed = min(allowed, hard)
        resource.setrlimit(resource.RLIMIT_DATA, (allowed, hard))

    def explain(self, message: str) -> str:
        """Return the message of a :class:`MemoryError` with the limit, if there is one."""
        if not self._megabytes:
            return message
        resident = procfs.memory_bytes("VmRSS") // _MEGABYTE
        largest = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        told = f"HardMemoryMegabytes = {self._megabytes}, {resident} MiB resident now"
        return f"{message or 'out of memory'} ({told}, {largest} MiB at most so far)"


HARD_MEMORY: Final = HardMemory()

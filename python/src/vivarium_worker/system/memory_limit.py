"""The hard limit of memory: the kernel refuses more, and a program gets a :class:`MemoryError`.

It is second to the server, which looks at the process from outside and ends one that exceeds it.
"""

from __future__ import annotations

import resource
from typing import Final

from vivarium_worker.system.procfs import memory_bytes

_MEGABYTE: Final = 1024 * 1024


class MemoryLimit:
    """The hard limit of this process' memory, and the message for when it is reached."""

    def __init__(self) -> None:
        self._megabytes = 0

    def set(self, megabytes: int) -> None:
        """Let this process grow to ``megabytes`` of resident memory; 0 is no limit.

        What it may still take is added to what it has: private memory that was reserved before, but
        is not resident, does not count. Raises :class:`MemoryError` if it is larger already.
        """
        if not megabytes:
            return
        resident = memory_bytes("VmRSS")
        if resident >= megabytes * _MEGABYTE:
            raise MemoryError(
                f"HardMemoryMegabytes = {megabytes} is too little: the worker has "
                f"{resident // _MEGABYTE} MiB resident before its first call"
            )
        self._megabytes = megabytes
        allowed = memory_bytes("VmData") + megabytes * _MEGABYTE - resident
        _, hard = resource.getrlimit(resource.RLIMIT_DATA)
        if hard != resource.RLIM_INFINITY:
            allowed = min(allowed, hard)
        resource.setrlimit(resource.RLIMIT_DATA, (allowed, hard))

    def explain(self, message: str) -> str:
        """Return the message of a :class:`MemoryError` with the limit, if there is one."""
        if not self._megabytes:
            return message
        resident = memory_bytes("VmRSS") // _MEGABYTE
        largest = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        usage = f"HardMemoryMegabytes = {self._megabytes}, {resident} MiB resident now"
        return f"{message or 'out of memory'} ({usage}, {largest} MiB at most so far)"


MEMORY_LIMIT: Final = MemoryLimit()
"""The one of this process."""

"""Built-in commands: programs that every worker has; their names begin with ``$``."""

from __future__ import annotations

import gc
import resource
from typing import Any, Callable, NamedTuple

from vivarium_worker.diagnostics.stack_frames import all_stacks
from vivarium_worker.programs.errors import unknown_program
from vivarium_worker.programs.registry import Program, Registry
from vivarium_worker.system.originals import time
from vivarium_worker.system.procfs import thread_count


class Counts(NamedTuple):
    """Calls since the worker started; ``errors`` are among ``calls``."""

    calls: int
    errors: int


class Commands:
    """Built-in programs over the programs of ``registry`` and the counters of a worker."""

    def __init__(self, registry: Registry, counts: Callable[[], Counts]) -> None:
        self._registry = registry
        self._counts = counts
        self._started = time.monotonic()

    def table(self) -> dict[bytes, Program]:
        """Return the user's programs and the commands, by their names as calls have them."""
        commands: dict[str, Callable[..., object]] = {
            "$ping": self._ping,
            "$list_programs": self._registry.describe,
            "$program_info": self._program_info,
            "$stats": self._stats,
            "$collect_garbage": self._collect_garbage,
            "$dump_stacks": all_stacks,
        }
        programs = [Program(name, command) for name, command in commands.items()]
        return {p.name.encode(): p for p in (*programs, *self._registry.programs.values())}

    def _ping(self) -> dict[str, bool]:
        return {"pong": True}

    def _program_info(self, name: str) -> dict[str, object]:
        found = self._registry.programs.get(name)
        if found is None:
            raise unknown_program(name)
        return found.describe()

    def _stats(self) -> dict[str, Any]:
        usage = resource.getrusage(resource.RUSAGE_SELF)
        return {
            **self._counts()._asdict(),
            "uptime_seconds": round(time.monotonic() - self._started, 3),
            "max_rss_kilobytes": usage.ru_maxrss,
            "cpu_seconds": round(usage.ru_utime + usage.ru_stime, 6),
            "threads": thread_count(),
        }

    def _collect_garbage(self) -> dict[str, int]:
        return {"collected": gc.collect()}

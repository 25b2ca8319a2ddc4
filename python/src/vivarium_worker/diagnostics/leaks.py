"""Leaks of a cancelled call: threads and child processes that began after it and are still there.

An exception ends what the program itself does, but neither its threads nor its children. A worker
with such leaks is not as good as new, so the server replaces it.
"""

from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from vivarium_worker.system import procfs
from vivarium_worker.system.originals import os, time
from vivarium_worker.system.threads import runtime_thread_ids

if TYPE_CHECKING:
    from collections.abc import Iterable

_TICKS_PER_SECOND: Final = os.sysconf("SC_CLK_TCK")
_MOST_NAMES: Final = 10


class _Task(NamedTuple):
    """A line of ``stat`` of a thread or a process; ``start_ticks`` counts from the boot."""

    name: str
    state: str
    start_ticks: int


def describe_leaks(since: float) -> str | None:
    """Return one sentence on what began at or after ``since``, on the clock of ``monotonic``.

    ``None`` if there is nothing. The kernel counts in hundredths of a second, so what began just
    before the call may be counted as well, but nothing of the call is missed.
    """
    boot = time.clock_gettime(time.CLOCK_BOOTTIME)  # first: the offset may only be too small
    ticks = int((since + boot - time.monotonic()) * _TICKS_PER_SECOND)
    names = _thread_names()  # before they end
    own = runtime_thread_ids()
    threads = _tasks_since(ticks, procfs.thread_ids() - own, "/proc/self/task/{}/stat")
    children = _tasks_since(ticks, procfs.own_children(), "/proc/{}/stat")
    parts = []
    if threads:
        named = [names.get(ident) or name for ident, name in threads]
        parts.append(_count_and_names(named, "thread", "threads"))
    if children:
        named = [name for _, name in children]
        parts.append(_count_and_names(named, "child process", "child processes"))
    return ", ".join(parts) or None


def _thread_names() -> dict[int, str]:
    """Return names by native id; a thread of gevent has none."""
    return {getattr(t, "native_id", None) or 0: t.name for t in threading.enumerate()}


def _tasks_since(ticks: int, idents: Iterable[int], path: str) -> list[tuple[int, str]]:
    tasks = [(ident, _read_task(Path(path.format(ident)))) for ident in sorted(idents)]
    return [(i, t.name) for i, t in tasks if t and t.start_ticks >= ticks and t.state not in "ZX"]


def _read_task(path: Path) -> _Task | None:
    head, _, rest = procfs.read_text(path).rpartition(")")
    fields = rest.split()  # the third of the line is the first of these
    return _Task(head.partition("(")[2], fields[0], int(fields[19])) if fields else None


def _count_and_names(names: list[str], one: str, many: str) -> str:
    shown = ", ".join(names[:_MOST_NAMES]) + (", ..." if len(names) > _MOST_NAMES else "")
    return f"{len(names)} {one if len(names) == 1 else many} ({shown})"

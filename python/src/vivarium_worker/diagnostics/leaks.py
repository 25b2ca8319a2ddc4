"""What a cancelled call has left running: threads and child processes that began after it.

An exception ends what the program itself does, but neither its threads nor its children. A worker
with such things is as good as new to nobody, so the server is told and replaces it.
"""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from vivarium_worker.system import procfs

if TYPE_CHECKING:
    from collections.abc import Iterable

_TICKS: Final = os.sysconf("SC_CLK_TCK")
_MOST_NAMES: Final = 10

OURS: Final[set[int]] = set()
"""Native ids of threads that belong to the runtime, which are there for good."""


class _Task(NamedTuple):
    """A line of ``stat`` of a thread or a process; ``began`` in ticks since the boot."""

    name: str
    state: str
    began: int


def left_behind(began: float) -> str | None:
    """Return one sentence on what began at or after ``began``, on the clock of ``monotonic``.

    ``None`` if there is nothing. The kernel counts in hundredths of a second, so what began just
    before the call may be held against it, but nothing of the call is missed.
    """
    boot = time.clock_gettime(time.CLOCK_BOOTTIME)  # first: the offset may only be too small
    ticks = int((began + boot - time.monotonic()) * _TICKS)
    named = {thread.native_id: thread.name for thread in threading.enumerate()}  # before they end
    threads = _names_since(ticks, procfs.threads() - OURS, "/proc/self/task/{}/stat")
    children = _names_since(ticks, procfs.own_children(), "/proc/{}/stat")
    told = []
    if threads:
        names = [named.get(ident) or name for ident, name in threads]
        told.append(_sentence(names, "thread", "threads"))
    if children:
        told.append(_sentence([c[1] for c in children], "child process", "child processes"))
    return ", ".join(told) or None


def belongs_to_the_runtime() -> None:
    """Say that the calling thread is the runtime's, and no call is to be blamed for it."""
    OURS.add(threading.get_native_id())


def _names_since(ticks: int, idents: Iterable[int], path: str) -> list[tuple[int, str]]:
    found = [(ident, _task(Path(path.format(ident)))) for ident in sorted(idents)]
    return [(i, t.name) for i, t in found if t and t.began >= ticks and t.state not in "ZX"]


def _task(path: Path) -> _Task | None:
    head, _, rest = procfs.text_of(path).rpartition(")")
    fields = rest.split()  # the third of the line is the first of these
    return _Task(head.partition("(")[2], fields[0], int(fields[19])) if fields else None


def _sentence(names: list[str], one: str, many: str) -> str:
    shown = ", ".join(names[:_MOST_NAMES]) + (", ..." if len(names) > _MOST_NAMES else "")
    return f"{len(names)} {one if len(names) == 1 else many} ({shown})"

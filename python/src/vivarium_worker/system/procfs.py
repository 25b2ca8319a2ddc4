"""What ``/proc`` says about processes and threads."""

from __future__ import annotations

import os
from pathlib import Path
from typing import NamedTuple


class Identity(NamedTuple):
    """What tells a process from another one that is given its id later.

    ``started`` counts clock ticks since the system was booted.
    """

    parent: int
    started: int


def identity(pid: int) -> Identity | None:
    """Return the identity of process ``pid``, of a zombie too; ``None`` if it has gone."""
    after_name = read_text(Path(f"/proc/{pid}/stat")).rpartition(")")[2].split()
    return Identity(int(after_name[1]), int(after_name[19])) if after_name else None


def thread_count() -> int:
    """Return the number of threads of this process, those of native libraries included."""
    return Path("/proc/self/task").stat().st_nlink - 2


def children(pid: int) -> list[int]:
    """Return the children of process ``pid``, which has one thread; zombies included."""
    listing = Path(f"/proc/{pid}/task/{pid}/children")
    if not listing.exists():
        return _children_by_scan(pid)
    return [int(child) for child in read_text(listing).split()]


def thread_ids() -> set[int]:
    """Return the native ids of this process' threads."""
    return {int(task.name) for task in Path("/proc/self/task").iterdir()}


def own_children() -> list[int]:
    """Return the children of this process, whichever of its threads started them."""
    listings = [Path(f"/proc/self/task/{thread}/children") for thread in thread_ids()]
    if not Path("/proc/self/task", str(os.getpid()), "children").exists():
        return _children_by_scan(os.getpid())
    return [int(child) for listing in listings for child in read_text(listing).split()]


def memory_bytes(name: str) -> int:
    """Return a size from this process' ``status``, like ``VmRSS`` or ``VmData``; 0 if not there."""
    for line in read_text(Path("/proc/self/status")).splitlines():
        key, _, amount = line.partition(":")
        if key == name:
            return int(amount.split()[0]) * 1024
    return 0


def environment_entry(pid: int, name: str) -> str | None:
    """Return a variable of the environment that process ``pid`` was started with."""
    prefix = f"{name}="
    for entry in read_text(Path(f"/proc/{pid}/environ")).split("\0"):
        if entry.startswith(prefix):
            return entry[len(prefix) :]
    return None


def read_text(path: Path) -> str:
    """Return the text of a file of ``/proc``; empty if its process has gone or is not ours."""
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except (FileNotFoundError, ProcessLookupError, PermissionError):
        return ""


def _children_by_scan(parent: int) -> list[int]:
    """Find the children of ``parent`` on a kernel that was built without a list of them."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            child = identity(int(entry.name))
            if child and child.parent == parent:
                found.append(int(entry.name))
    return found

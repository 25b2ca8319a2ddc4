"""Linux facts and acts that the standard library has no name for."""

from __future__ import annotations

import ctypes
import os
import signal
from collections import Counter
from pathlib import Path

_PR_SET_PDEATHSIG = 1
_PR_SET_CHILD_SUBREAPER = 36
_LIBC = ctypes.CDLL(None, use_errno=True)  # loaded before any fork


def become_subreaper() -> None:
    """Adopt every descendant whose parent dies, so that orphans are found by parentage."""
    _prctl(_PR_SET_CHILD_SUBREAPER, 1)


def die_with_parent(number: signal.Signals, parent: int) -> None:
    """Ask for signal ``number`` at the death of process ``parent``; exit if it is dead already.

    The signal comes when the *thread* that forked this process ends, which is why only processes
    with a single thread may be the parent.
    """
    _prctl(_PR_SET_PDEATHSIG, number)
    if os.getppid() != parent:
        os._exit(0)


def thread_count() -> int:
    """Return the number of threads of this process, those of native libraries included."""
    return Path("/proc/self/task").stat().st_nlink - 2


def thread_names() -> str:
    """Return the names of this process' threads with their number, like ``python3, worker (2)``."""
    names = Counter(text_of(task / "comm").strip() for task in Path("/proc/self/task").iterdir())
    return ", ".join(f"{name} ({count})" if count > 1 else name for name, count in names.items())


def children(pid: int) -> list[int]:
    """Return the children of process ``pid``, which has one thread; zombies included."""
    listing = Path(f"/proc/{pid}/task/{pid}/children")
    if not listing.exists():
        return _children_by_scan(pid)
    return [int(child) for child in text_of(listing).split()]


def threads() -> set[int]:
    """Return the native ids of this process' threads."""
    return {int(task.name) for task in Path("/proc/self/task").iterdir()}


def own_children() -> list[int]:
    """Return the children of this process, whichever of its threads started them."""
    listings = [Path(f"/proc/self/task/{thread}/children") for thread in threads()]
    if not Path("/proc/self/task", str(os.getpid()), "children").exists():
        return _children_by_scan(os.getpid())
    return [int(child) for listing in listings for child in text_of(listing).split()]


def memory_bytes(name: str) -> int:
    """Return what the kernel tells of this process' memory as ``VmRSS`` or ``VmData``."""
    for line in text_of(Path("/proc/self/status")).splitlines():
        key, _, amount = line.partition(":")
        if key == name:
            return int(amount.split()[0]) * 1024
    return 0


def raise_in(thread: int, exception: type[BaseException] | None) -> None:
    """Have ``exception`` raised in another thread of Python; ``None`` takes it back."""
    told = None if exception is None else ctypes.py_object(exception)
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), told)


def session_of(pid: int) -> int:
    """Return the session id of process ``pid``, or 0 if it has gone."""
    try:
        return os.getsid(pid)
    except ProcessLookupError:
        return 0


def environment_entry(pid: int, name: str) -> str | None:
    """Return a variable of the environment that process ``pid`` was started with."""
    prefix = f"{name}="
    for entry in text_of(Path(f"/proc/{pid}/environ")).split("\0"):
        if entry.startswith(prefix):
            return entry[len(prefix) :]
    return None


def kill_tree_root(pid: int) -> None:
    """Kill process ``pid`` and the group it leads, if it leads one.

    Both are asked for: a young child has not made its group yet, and a group outlives its leader.
    """
    for kill in (os.killpg, os.kill):
        try:
            kill(pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):  # gone, or made another user's by set-uid
            continue


def text_of(path: Path) -> str:
    """Return the text of a file of ``/proc``; nothing if its process has gone or is not ours."""
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except (FileNotFoundError, ProcessLookupError, PermissionError):
        return ""


def _prctl(option: int, value: int) -> None:
    if _LIBC.prctl(option, value, 0, 0, 0):
        number = ctypes.get_errno()
        raise OSError(number, f"prctl({option}, {value}): {os.strerror(number)}")


def _children_by_scan(parent: int) -> list[int]:
    """Find the children of ``parent`` on a kernel that was built without a list of them."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            after_name = text_of(entry / "stat").rpartition(")")[2].split()
            if after_name and int(after_name[1]) == parent:
                found.append(int(entry.name))
    return found

"""Where code runs: in a program or in the runtime, and which lines of user code led there."""

from __future__ import annotations

import importlib
import sys
import threading
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Iterator
    from types import FrameType

_RUNTIME: Final = str(Path(__file__).parents[1])
_COROUTINES: Final = f"{_RUNTIME}/calls/event_loops.py"
_CALL_PROGRAMS: Final = (
    f"{_RUNTIME}/calls/slot.py",
    f"{_RUNTIME}/calls/thread_slot.py",
    f"{_RUNTIME}/calls/exchange.py",
    _COROUTINES,
)
_LIBRARY: Final = Path(traceback.__file__).parent  # asyncio itself is large, so it is not imported
_LOOP_PARTS: Final = ("asyncio/", "concurrent/", "selectors.py", "socket.py", "threading.py")
_OF_THE_LOOP: Final = tuple(f"{_LIBRARY}/{part}" for part in _LOOP_PARTS)
_NOT_THE_USERS: Final = (_RUNTIME, "<frozen importlib", str(importlib.__file__))


def is_in_program(frame: FrameType | None) -> bool:
    """Tell whether ``frame`` is of a program, so that an exception may be raised there.

    Not in the runtime nor in what the runtime calls: a frame that is half sent, or half told, is
    finished first. Nor in an event loop of the runtime that only waits.
    """
    innermost, by_the_loop = frame, True
    while frame is not None:
        name = frame.f_code.co_filename
        if name.startswith(_RUNTIME):
            if frame is innermost or (by_the_loop and name == _COROUTINES):
                return False
            return name in _CALL_PROGRAMS
        by_the_loop = by_the_loop and name.startswith(_OF_THE_LOOP)
        frame = frame.f_back
    return False


def is_users(filename: str) -> bool:
    """Tell whether a file has code of users, or of libraries that they use."""
    return not filename.startswith(_NOT_THE_USERS)


def stack_of(frame: FrameType | None) -> str:
    """Return the lines of user code that led to ``frame``, the outermost first."""
    lines = [pair for pair in traceback.walk_stack(frame) if is_users(pair[0].f_code.co_filename)]
    return _told(lines[::-1]) if frame else ""


def stack_of_task(task: asyncio.Task[Any]) -> str:
    """Return the lines of user code at which ``task`` waits, the outermost first."""
    return _told([(f, f.f_lineno) for f in _suspended(task.get_coro())])


def all_stacks() -> str:
    """Return the Python stacks of all threads, with their names."""
    names = {thread.ident: thread.name for thread in threading.enumerate()}
    return "\n".join(
        f"Thread {names.get(ident, ident)}:\n{''.join(traceback.format_stack(frame))}"
        for ident, frame in sys._current_frames().items()  # noqa: SLF001 - there is no other way
    )


def _suspended(waiting: Any) -> Iterator[FrameType]:  # noqa: ANN401 - of several kinds
    """Follow what a coroutine awaits, as far as it is Python code of users."""
    while waiting is not None:
        for kind in ("cr", "ag", "gi"):
            frame: FrameType | None = getattr(waiting, f"{kind}_frame", None)
            if frame is not None:
                if is_users(frame.f_code.co_filename):
                    yield frame
                break
        else:
            return
        waiting = getattr(waiting, "gi_yieldfrom" if kind == "gi" else f"{kind}_await", None)


def _told(lines: list[tuple[FrameType, int]]) -> str:
    return "".join(traceback.StackSummary.extract(iter(lines)).format())

"""Loops that are not written in Python and hubs of greenlets: reaching a program that waits there.

An exception that a signal handler raises stays with such a loop, and never reaches the program that
runs it. No library is imported here; one that is not there has no loop that runs.
"""

from __future__ import annotations

import errno
import sys
from typing import TYPE_CHECKING, Any, Callable

if TYPE_CHECKING:
    import asyncio
    from types import FrameType


def prepare_gevent() -> None:
    """Have gevent import what its hubs need: several threads that do it at once hang in it."""
    gevent: Any = sys.modules.get("gevent")
    for name in ("loop", "resolver", "threadpool", "format_context") if gevent else ():
        getattr(gevent.config, name)


def running_foreign_loop() -> asyncio.AbstractEventLoop | None:
    """Return the loop that this thread runs, if it is none of ``asyncio`` itself."""
    if "asyncio" not in sys.modules:
        return None
    import asyncio  # noqa: PLC0415 - is there already

    loop = asyncio._get_running_loop()  # noqa: SLF001 - returns None without one
    return None if isinstance(loop, asyncio.BaseEventLoop) else loop


def cancel_tasks(loop: asyncio.AbstractEventLoop) -> None:
    """Cancel all tasks of a loop that this thread runs, so that whoever runs it gets it back."""
    import asyncio  # noqa: PLC0415 - is there already

    for task in asyncio.all_tasks(loop):
        loop.call_soon_threadsafe(task.cancel)


def frame_behind_hub() -> FrameType | None:
    """Return where this thread's program waits for the hub that runs; ``None`` if no hub runs."""
    root = _waiting_root()
    return root.gr_frame if root is not None else None


def raise_behind_hub(error: type[BaseException], is_wanted: Callable[[], bool]) -> None:
    """Raise ``error`` where :func:`frame_behind_hub` is; in a signal handler.

    A hub that does it a little later asks first whether it ``is_wanted`` then.
    """
    root = _waiting_root()
    hubs = sys.modules.get("eventlet.hubs")
    if hubs is not None and hubs.get_hub().greenlet is sys.modules["greenlet"].getcurrent():
        hubs.get_hub().schedule_call_global(0, _throw, root, error, is_wanted)
        raise InterruptedError(errno.EINTR, "look at the timers again")  # known to this hub
    root.throw(error)


def _throw(root: Any, error: type[BaseException], is_wanted: Callable[[], bool]) -> None:  # noqa: ANN401
    if is_wanted():
        root.throw(error)


def _waiting_root() -> Any:  # noqa: ANN401 - of a library that is not imported
    """Return the greenlet in which this thread began, if it waits for another one."""
    greenlet = sys.modules.get("greenlet")
    if greenlet is None:
        return None
    root = current = greenlet.getcurrent()
    while root.parent is not None:
        root = root.parent
    return None if root is current else root

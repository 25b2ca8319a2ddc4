"""What runs when this process ends: of the worker alone, not of the fork server that it came from.

A worker ends as any Python process does: its threads may end, then come ``atexit``, finalizers and
what the interpreter tears down. After a fork the handlers that imports have registered are dropped:
they belong to the fork server, and the first worker that ended would delete what all of them use.
"""

from __future__ import annotations

import atexit
import logging
import sys
import threading
import weakref
from contextlib import suppress
from typing import Any

from vivarium_worker.system.originals import os, time
from vivarium_worker.system.threads import start_thread


def forget_inherited() -> None:
    """Drop the exit handlers of the fork server, in a child that has just been forked.

    What the standard library has registered is registered again, for this process.
    """
    atexit._clear()
    finalize: Any = weakref.finalize
    finalize._registry.clear()
    finalize._registered_with_atexit = False
    atexit.register(logging.shutdown)
    for name, module in list(sys.modules.items()):
        if name.endswith(".resource_tracker"):  # of multiprocessing, and of loky
            _forget_tracker(getattr(module, "_resource_tracker", None))
    if "multiprocessing.util" in sys.modules:
        _begin_as_multiprocessing_does()


def _begin_as_multiprocessing_does() -> None:
    from multiprocessing import process, util  # noqa: PLC0415 - is there already

    internals: Any = util
    internals._finalizer_registry.clear()
    process._children = set()  # type: ignore[attr-defined]
    internals._run_after_forkers()
    atexit.register(internals._exit_function)


def _forget_tracker(tracker: Any) -> None:  # noqa: ANN401 - of several libraries
    """Have this process start its own, which then cleans up after this process alone."""
    descriptor = getattr(tracker, "_fd", None)
    if descriptor is not None:
        with suppress(OSError):
            os.close(descriptor)
        tracker._fd = None
        tracker._pid = None


def await_threads(seconds: float) -> list[str]:
    """Let the threads of programs end, as Python does; return the names of those that have not.

    The interpreter itself would wait for them without end.
    """
    shut_down: list[Any] = getattr(threading, "_threading_atexits", [])
    start_thread("vivarium-end", lambda: [handler() for handler in reversed(shut_down)])
    end = time.monotonic() + seconds
    own = (threading.main_thread(), threading.current_thread())  # of eventlet these are two
    threads = [t for t in threading.enumerate() if t not in own and not t.daemon]
    for thread in threads:
        thread.join(max(0.0, end - time.monotonic()))
    left = [thread.name for thread in threads if thread.is_alive()]
    if left:
        threading._shutdown = lambda: None  # type: ignore[attr-defined]
    return left


def limit_end(seconds: float, status: int) -> None:
    """End this process with ``status`` if its exit handlers take longer than ``seconds``."""

    def wait() -> None:
        time.sleep(seconds)
        os._exit(status)

    start_thread("vivarium-end-limit", wait)

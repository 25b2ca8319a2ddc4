"""Threads and locks of the runtime: those of the system, whatever ``threading`` has become."""

from __future__ import annotations

import threading
from typing import Callable, Final

from vivarium_worker.system.originals import _thread

make_lock: Final = _thread.allocate_lock
ReentrantLock: Final = _thread.RLock
current_ident: Final = _thread.get_ident

_native_ids: Final[set[int]] = set()  # these threads are there for good
_names: Final[dict[int, str]] = {}


def start_thread(name: str, run: Callable[[], object]) -> int:
    """Call ``run`` in a new thread, which does not keep the process from ending; return its id.

    Waits until the thread has begun.
    """
    begun = make_lock()
    begun.acquire()

    def begin() -> None:
        register_runtime_thread(name)
        begun.release()
        run()

    ident = _thread.start_new_thread(begin, ())
    begun.acquire()
    return ident


def show_name_to_programs() -> None:
    """Give the calling thread its name in ``threading``, too: for one that runs user code."""
    threading.current_thread().name = _names[current_ident()]


def register_runtime_thread(name: str) -> None:
    """Record that the calling thread is the runtime's, so that it is never counted as a leak."""
    _native_ids.add(_thread.get_native_id())
    _names[current_ident()] = name


def runtime_thread_ids() -> frozenset[int]:
    """Return the native ids of the threads that are the runtime's."""
    return frozenset(_native_ids)


def runtime_thread_names() -> dict[int, str]:
    """Return the names of the threads that are the runtime's, by the ids that Python gives them."""
    return dict(_names)

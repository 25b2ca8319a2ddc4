"""What runs when this process ends: of the worker alone, not of the fork server that it came from.

A worker ends as any Python process does: its threads may end, then come ``atexit``, finalizers and
the globals of modules, which closes files. After a fork the handlers that imports have registered
are dropped: they belong to the fork server, and the first worker that ended would delete what all
of them use.
"""

from __future__ import annotations

import atexit
import ctypes
import gc
import logging
import sys
import sysconfig
import threading
import traceback
import weakref
from contextlib import suppress
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any, Final, NoReturn

from vivarium_worker.system.originals import os, time
from vivarium_worker.system.threads import start_thread

if TYPE_CHECKING:
    from collections.abc import Iterable

_OWN: Final = f"{Path(__file__).parents[1]}/"


def resource_trackers() -> list[object]:
    """Return the resource trackers of this process: of multiprocessing, and of loky."""
    names = [name for name in sys.modules if name.endswith(".resource_tracker")]
    return [getattr(sys.modules[name], "_resource_tracker", None) for name in names]


def forget_inherited(trackers: Iterable[object]) -> None:
    """Drop the exit handlers of the fork server, in a child that has just been forked.

    What the standard library has registered is registered again, for this process. ``trackers`` are
    the resource trackers: to look for them here would touch each module, and with it a page of
    memory that the fork server shares.
    """
    atexit._clear()
    finalize: Any = weakref.finalize
    finalize._registry.clear()
    finalize._registered_with_atexit = False
    atexit.register(logging.shutdown)
    for tracker in trackers:
        _forget_tracker(tracker)
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
    """Let the threads of programs end; return the names of those that have not.

    Python itself would wait for them without end.
    """
    shut_down: list[Any] = getattr(threading, "_threading_atexits", [])
    start_thread("vivarium-end", lambda: [handler() for handler in reversed(shut_down)])
    end = time.monotonic() + seconds
    own = (threading.main_thread(), threading.current_thread())  # of eventlet these are two
    threads = [t for t in threading.enumerate() if t not in own and not t.daemon]
    for thread in threads:
        thread.join(max(0.0, end - time.monotonic()))
    return [thread.name for thread in threads if thread.is_alive()]


def end_process(status: int, programs: Iterable[str]) -> NoReturn:
    """End as the interpreter does: exit handlers, globals of modules, streams, those of C.

    Only modules that users wrote lose their globals: the packages of ``programs``, which are
    modules by name, and whatever is not installed. To tear down large libraries takes a tenth of a
    second, and copies most of the memory that a forked worker shares with the fork server.
    """
    try:
        with suppress(Exception):  # Python 3.9 raises the last one, after it has printed all
            atexit._run_exitfuncs()
        packages = {name.partition(".")[0] for name in programs}
        for module in reversed(_users_modules(packages)):
            _clear(vars(module))
        gc.collect()
        for stream in (sys.stdout, sys.stderr):
            with suppress(Exception):  # may be anything by now
                stream.flush()
        ctypes.PyDLL(None).exit(status)
    except BaseException:  # noqa: BLE001 - no descriptor may be left to go on with
        traceback.print_exc()
    finally:
        os._exit(status)


def _users_modules(packages: set[str]) -> list[ModuleType]:
    installed = (_OWN, *(f"{path}/" for path in sysconfig.get_paths().values()))
    found = []
    for name, module in list(sys.modules.items()):
        file = getattr(module, "__file__", None)
        is_users = isinstance(file, str) and not file.startswith(installed)
        if type(module) is ModuleType and (is_users or name.partition(".")[0] in packages):
            found.append(module)
    return found


def _clear(names: dict[str, object]) -> None:
    """Set globals to ``None``, those that begin with an underscore first: as Python does."""
    private = [name for name in names if name[:1] == "_" and name[:2] != "__"]
    for name in (*private, *(name for name in names if name[:1] != "_")):
        names[name] = None


def limit_end(seconds: float, status: int) -> None:
    """End this process with ``status`` if its exit handlers take longer than ``seconds``."""

    def wait() -> None:
        time.sleep(seconds)
        os._exit(status)

    start_thread("vivarium-end-limit", wait)

"""Modules of the standard library as they were before user code could change them.

Programs replace functions of these modules: gevent and eventlet with ones that switch greenlets,
tests with clocks that stand still, others with a faster ``json``. What the runtime needs at any
time it takes from here, where such a change does not reach. To be imported before any user code.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import _queue
    import _thread
    import os
    import select
    import signal
    import socket
    import time
else:
    import importlib
    from types import SimpleNamespace

    def _snapshot(module: str) -> SimpleNamespace:
        """Return what the module has now, in an object that nobody else knows."""
        return SimpleNamespace(**vars(importlib.import_module(module)))

    _queue = _snapshot("_queue")
    _thread = _snapshot("_thread")
    os = _snapshot("os")
    select = _snapshot("select")
    signal = _snapshot("signal")
    socket = _snapshot("socket")
    time = _snapshot("time")

__all__ = ["_queue", "_thread", "os", "select", "signal", "socket", "time"]

"""Stack dumps: ``SIGUSR2`` writes the stacks of all threads, even while C code holds the GIL.

The dump goes to the ``stack`` channel. That is the signal wake-up descriptor as well, so the number
of the signal, byte 12, closes the dump.
"""

from __future__ import annotations

import faulthandler
import os
import signal
import socket
import struct
from typing import Final

from vivarium_worker.system.signals import ignore_signal

_SEND_TIMEOUT: Final = struct.pack("ll", 0, 500_000)  # seconds and microseconds, of each write


def install(connection: int) -> None:
    """Dump stacks to ``connection`` from now on. In the main thread only."""
    _limit_write_time(connection)
    faulthandler.unregister(signal.SIGUSR2)  # of the fork server: else it stays behind the handler
    os.set_blocking(connection, False)  # asked for of a wake-up descriptor
    signal.set_wakeup_fd(connection, warn_on_full_buffer=False)
    os.set_blocking(connection, True)  # a dump is hundreds of tiny writes, which fill the buffer
    signal.signal(signal.SIGUSR2, ignore_signal)  # before faulthandler, which calls it afterwards
    faulthandler.register(signal.SIGUSR2, file=connection, all_threads=True, chain=True)


def install_for_imports(connection: int) -> None:
    """Dump stacks to ``connection`` while modules are imported: no mark closes a dump.

    The wake-up descriptor is left to whatever is imported.
    """
    _limit_write_time(connection)
    faulthandler.register(signal.SIGUSR2, file=connection, all_threads=True)


def _limit_write_time(connection: int) -> None:
    """Let a write wait for the server, but not for long if it has stopped reading."""
    with socket.socket(fileno=os.dup(connection)) as same:
        same.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, _SEND_TIMEOUT)


def uninstall() -> None:
    """Stop dumping: in a forked child, whose parent uses the connection."""
    faulthandler.unregister(signal.SIGUSR2)
    if signal.getsignal(signal.SIGUSR2) is ignore_signal:
        signal.set_wakeup_fd(-1)

"""Stack dumps: a signal has the stacks of all threads written, even while C code holds the GIL.

The dump goes to the ``stack`` channel. A form feed closes it as soon as the main thread runs Python
code again; until then a pause is the only sign that it is complete.
"""

from __future__ import annotations

import faulthandler
import struct
from contextlib import suppress
from typing import Final

from vivarium_worker.system.originals import os, signal, socket
from vivarium_worker.system.signals import DUMP_SIGNAL, ignore_signal

_SEND_TIMEOUT: Final = struct.pack("ll", 0, 500_000)  # seconds and microseconds, of each write
_END: Final = b"\f"


def install(connection: int) -> None:
    """Dump stacks to ``connection`` from now on. In the main thread only."""
    _limit_write_time(connection)

    def close_dump(_number: int, _frame: object) -> None:
        with suppress(OSError):  # the server has stopped reading
            os.write(connection, _END)

    faulthandler.unregister(DUMP_SIGNAL)  # of the fork server: else it stays behind the handler
    signal.signal(DUMP_SIGNAL, close_dump)  # before faulthandler, which has it called afterwards
    faulthandler.register(DUMP_SIGNAL, file=connection, all_threads=True, chain=True)


def install_for_imports(connection: int) -> None:
    """Dump stacks to ``connection`` while modules are imported."""
    _limit_write_time(connection)
    faulthandler.register(DUMP_SIGNAL, file=connection, all_threads=True)


def uninstall() -> None:
    """Stop dumping: in a forked child, whose parent uses the connection."""
    faulthandler.unregister(DUMP_SIGNAL)
    signal.signal(DUMP_SIGNAL, ignore_signal)


def _limit_write_time(connection: int) -> None:
    """Let a write wait for the server, but not for long if it has stopped reading."""
    with socket.socket(fileno=os.dup(connection)) as same:
        same.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, _SEND_TIMEOUT)

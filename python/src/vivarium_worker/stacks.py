"""Stack dumps: ``SIGUSR2`` writes the stacks of all threads, even while C code holds the GIL.

The dump goes to the ``stack`` channel. That is the signal wake-up descriptor as well, so the number
of the signal, byte 12, closes the dump.
"""

from __future__ import annotations

import faulthandler
import os
import signal

from vivarium_worker.reaping import ignore


def install(connection: int) -> None:
    """Dump stacks to ``connection`` from now on. In the main thread only."""
    os.set_blocking(connection, False)
    faulthandler.unregister(signal.SIGUSR2)  # of the fork server: else it stays behind the handler
    signal.set_wakeup_fd(connection, warn_on_full_buffer=False)
    signal.signal(signal.SIGUSR2, ignore)  # before faulthandler, which calls it afterwards
    faulthandler.register(signal.SIGUSR2, file=connection, all_threads=True, chain=True)


def uninstall() -> None:
    """Dump nothing any more; in a forked child, whose parent goes on with the connection."""
    faulthandler.unregister(signal.SIGUSR2)
    if signal.getsignal(signal.SIGUSR2) is ignore:
        signal.set_wakeup_fd(-1)

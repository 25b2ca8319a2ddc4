"""The heartbeat: shows that this process is alive and that its threads get to run."""

from __future__ import annotations

import signal
import threading
from typing import TYPE_CHECKING, Callable

from vivarium_worker.diagnostics.leaks import belongs_to_the_runtime
from vivarium_worker.protocol.frames import Kind, encode

if TYPE_CHECKING:
    from vivarium_worker.calls.context import Call
    from vivarium_worker.worker.side_channel import SideChannel


class Heartbeat(threading.Thread):
    """Sends a ``HEARTBEAT`` every ``millis`` milliseconds, with the id of the call in progress."""

    def __init__(self, side: SideChannel, millis: int, busy: Callable[[], Call | None]) -> None:
        super().__init__(name="vivarium-heartbeat", daemon=True)
        self._side = side
        self._seconds = millis / 1000
        self._busy = busy
        self._never = threading.Event()

    def run(self) -> None:
        """Beat until the process ends."""
        keep_signals_out()
        belongs_to_the_runtime()
        while not self._never.wait(self._seconds):
            call = self._busy()
            self._side.send(encode(Kind.HEARTBEAT, ident=call.ident if call else 0), count=0)


def keep_signals_out() -> None:
    """Leave these to the main thread; ``SIGUSR2`` may come here, where nobody masks it."""
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGUSR1, signal.SIGPROF})

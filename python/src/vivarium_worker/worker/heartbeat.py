"""The heartbeat: shows that this process is alive and that its threads get to run."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Callable

from vivarium_worker.diagnostics.leaks import register_runtime_thread
from vivarium_worker.protocol.frames import Kind, encode
from vivarium_worker.system.signals import block_signals

if TYPE_CHECKING:
    from vivarium_worker.calls.call import Call
    from vivarium_worker.worker.side_channel import SideChannel


class Heartbeat(threading.Thread):
    """Sends a ``HEARTBEAT`` every ``millis`` milliseconds, with the id of the call in progress.

    After each it calls ``read_orders``, so that an order reaches a worker whatever it is doing.
    """

    def __init__(
        self,
        side: SideChannel,
        millis: int,
        current_call: Callable[[], Call | None],
        read_orders: Callable[[], None],
    ) -> None:
        super().__init__(name="vivarium-heartbeat", daemon=True)
        self._side = side
        self._seconds = millis / 1000
        self._current_call = current_call
        self._read_orders = read_orders
        self._process_end = threading.Event()

    def run(self) -> None:
        """Send heartbeats until the process ends."""
        block_signals()
        register_runtime_thread()
        while not self._process_end.wait(self._seconds):
            call = self._current_call()
            self._side.send(encode(Kind.HEARTBEAT, ident=call.ident if call else 0), count=0)
            self._read_orders()

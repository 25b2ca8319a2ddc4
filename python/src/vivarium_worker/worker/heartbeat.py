"""The heartbeat: shows that this process is alive and that its threads get to run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Callable

from vivarium_worker.protocol.frames import Kind, encode
from vivarium_worker.system.originals import time
from vivarium_worker.system.threads import start_thread

if TYPE_CHECKING:
    from vivarium_worker.calls.call import Call
    from vivarium_worker.worker.side_channel import SideChannel


def start_heartbeat(
    side: SideChannel, millis: int, current_call: Callable[[], Call | None]
) -> None:
    """Send a ``HEARTBEAT`` every ``millis`` milliseconds, with the id of the call in progress."""

    def beat() -> None:
        while True:
            time.sleep(millis / 1000)
            call = current_call()
            side.send(encode(Kind.HEARTBEAT, ident=call.ident if call else 0), count=0)

    start_thread("vivarium-heartbeat", beat)

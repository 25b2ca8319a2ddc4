"""Heartbeats of guardian and fork server: they show that its loop serves the channel."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from vivarium_worker.system.originals import time

if TYPE_CHECKING:
    from vivarium_worker.protocol.channel import Channel

INTERVAL_MILLIS: Final = 1000
"""How long a loop that sends heartbeats may wait in its poll."""


class Heartbeats:
    """Sends a heartbeat on a channel whenever one is due. Used by the loop that serves it."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel
        self._due = time.monotonic()

    def send_if_due(self) -> None:
        """Send one, unless the last one was sent within the interval; raise :class:`OSError`."""
        now = time.monotonic()
        if now >= self._due:
            self._due = now + INTERVAL_MILLIS / 1000
            self._channel.send_heartbeat()

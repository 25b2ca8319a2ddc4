"""The side channel: readiness, logs, printed text and heartbeats, without ever waiting for long."""

from __future__ import annotations

import os
import select
import threading
import time
from typing import TYPE_CHECKING

from vivarium_worker.protocol.channel import STATUS_BROKEN
from vivarium_worker.protocol.frames import Kind, encode_json

if TYPE_CHECKING:
    import socket

PATIENCE_SECONDS = 0.5
"""How long a frame waits for a server that has stopped reading, before frames are dropped."""


class SideChannel:
    """Sends whole frames from any thread.

    A server that stops reading makes one frame wait for :data:`PATIENCE_SECONDS`; from then on
    frames are dropped without waiting until it reads again. How many is told by a ``LOG`` frame.
    A channel that breaks ends the process: the server could not observe it any more.
    """

    def __init__(self, connection: socket.socket) -> None:
        connection.settimeout(0)
        self._socket = connection
        self._lock = threading.RLock()
        self._rest = b""  # of a frame that was sent in part
        self._patient = True
        self._dropped = 0
        self._abandoned = False

    def send(self, frames: bytes, count: int = 1) -> None:
        """Send ``count`` frames, given as one piece; all of them or none."""
        with self._lock:
            if self._abandoned:
                return
            if not self._clear():
                self._dropped += count
                return
            if self._dropped:
                frames = self._confession() + frames
            self._dropped = 0
            self._push(frames)

    def flush(self) -> None:
        """Wait until everything was taken, but no longer than usual."""
        with self._lock:
            self._patient = True
            self._clear()

    def abandon(self) -> None:
        """Send nothing any more: in a forked child, whose parent goes on with the connection.

        The lock is made anew, because a thread that has no copy in the child may have held it.
        """
        self._lock = threading.RLock()
        self._abandoned = True
        self._rest = b""
        self._socket.close()

    def _clear(self) -> bool:
        """Send what is left of the last frame and tell whether there is room for another."""
        end = time.monotonic() + PATIENCE_SECONDS
        while self._rest:
            self._push(self._rest)
            if self._rest and not (self._patient and self._wait(end)):
                self._patient = False
                return False
        self._patient = True
        return True

    def _wait(self, end: float) -> bool:
        remaining = end - time.monotonic()
        poll = select.poll()
        poll.register(self._socket, select.POLLOUT)
        return bool(poll.poll(max(0, remaining * 1000)))

    def _push(self, data: bytes) -> None:
        try:
            self._rest = data[self._socket.send(data) :]
        except BlockingIOError:
            self._rest = data
        except OSError:
            os._exit(STATUS_BROKEN)

    def _confession(self) -> bytes:
        message = f"{self._dropped} records were dropped, because the server did not read them"
        body = {"level": 30, "logger": "vivarium.side", "message": message, "time": time.time()}
        return encode_json(Kind.LOG, {**body, "call": 0})

"""The side channel: readiness, logs, printed text and heartbeats, without ever waiting for long."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vivarium_worker.protocol.frames import Kind, encode_json
from vivarium_worker.protocol.statuses import STATUS_BROKEN
from vivarium_worker.system.originals import os, select, time
from vivarium_worker.system.threads import ReentrantLock

if TYPE_CHECKING:
    import socket

SEND_TIMEOUT_SECONDS = 0.5
"""How long a frame waits for a server that has stopped reading, before frames are dropped."""


class SideChannel:
    """Sends whole frames from any thread.

    A server that stops reading makes one frame wait for :data:`SEND_TIMEOUT_SECONDS`; from then on
    frames are dropped without waiting until it reads again. A ``LOG`` frame then says how many.
    A channel that breaks ends the process: the server could not observe it any more.
    """

    def __init__(self, connection: socket.socket) -> None:
        connection.settimeout(0)
        self._socket = connection
        self._lock = ReentrantLock()
        self._unsent = b""  # the rest of a frame that was sent in part
        self._may_wait = True
        self._dropped = 0
        self._detached = False

    def send(self, frames: bytes, count: int = 1) -> None:
        """Send ``count`` frames, given as one piece: all of them, or none."""
        with self._lock:
            if self._detached:
                return
            if not self._send_unsent():
                self._dropped += count
                return
            if self._dropped:
                frames = self._dropped_record() + frames
            self._dropped = 0
            self._send_some(frames)

    def flush(self) -> None:
        """Wait until everything was sent, but at most :data:`SEND_TIMEOUT_SECONDS`."""
        with self._lock:
            self._may_wait = True
            self._send_unsent()

    def detach(self) -> None:
        """Send nothing from now on: in a forked child, whose parent uses the connection.

        The lock is replaced: a thread that does not exist in the child may have held it.
        """
        self._lock = ReentrantLock()
        self._detached = True
        self._unsent = b""
        self._socket.close()

    def _send_unsent(self) -> bool:
        """Send the rest of the last frame; return whether nothing of it is left."""
        end = time.monotonic() + SEND_TIMEOUT_SECONDS
        while self._unsent:
            self._send_some(self._unsent)
            if self._unsent and not (self._may_wait and self._wait_writable(end)):
                self._may_wait = False
                return False
        self._may_wait = True
        return True

    def _wait_writable(self, end: float) -> bool:
        remaining = end - time.monotonic()
        poll = select.poll()
        poll.register(self._socket, select.POLLOUT)
        return bool(poll.poll(max(0, remaining * 1000)))

    def _send_some(self, data: bytes) -> None:
        try:
            self._unsent = data[self._socket.send(data) :]
        except BlockingIOError:
            self._unsent = data
        except OSError:
            os._exit(STATUS_BROKEN)

    def _dropped_record(self) -> bytes:
        message = f"{self._dropped} records were dropped, because the server did not read them"
        body = {"level": 30, "logger": "vivarium.side", "message": message, "time": time.time()}
        return encode_json(Kind.LOG, {**body, "call": 0})

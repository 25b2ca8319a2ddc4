"""Connections to the server: handshake, then blocking reads and writes of whole frames."""

from __future__ import annotations

import os
import socket
import sys
from typing import TYPE_CHECKING, NamedTuple, NoReturn

from vivarium_worker.protocol.frames import (
    HEADER,
    Frame,
    FrameError,
    Kind,
    Rules,
    body_size,
    decode,
    encode_json,
    parse_object,
)

if TYPE_CHECKING:
    from vivarium_worker.protocol.shared_memory import Memory

PROTOCOL_VERSION = 1
HANDSHAKE_SECONDS = 10.0

STATUS_FAILED = 1
STATUS_REJECTED = 69
STATUS_BROKEN = 70
STATUS_SERVER_GONE = 74


class RejectedError(Exception):
    """The server did not let this process in; the message is the server's sentence."""


class Address(NamedTuple):
    """Where the server listens and the one-time token that opens it."""

    socket: str
    token: str


class Channel:
    """One connection to the server. Not thread-safe.

    A channel is usable for frames after :meth:`finish_handshake`; ``output`` and ``stack`` then
    give their socket away with :meth:`detach`.
    """

    def __init__(
        self, address: Address, name: str, slot: int = 0, memory: Memory | None = None
    ) -> None:
        """Connect and say ``HELLO``, without waiting for the answer."""
        self.name = name
        self.memory = memory
        self.maximum = Rules(name, "from_server").maximum
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.socket.settimeout(HANDSHAKE_SECONDS)
        self.socket.connect(address.socket)
        versions = [PROTOCOL_VERSION, PROTOCOL_VERSION]
        hello: dict[str, object] = {"protocol": versions, "channel": name, "token": address.token}
        hello |= {"pid": os.getpid(), "slot": slot}
        if memory is not None:
            hello["memory"] = [memory.down, memory.up]
        self.send(Kind.HELLO, hello)

    def finish_handshake(self) -> None:
        """Wait for ``WELCOME``; raise :class:`RejectedError` if it is anything else."""
        frame = self.receive()
        if frame is None:
            raise RejectedError(f"the server closed channel {self.name} instead of a welcome")
        body = parse_object(frame.body, frame.kind.name)
        if frame.kind is Kind.REJECT:
            raise RejectedError(f"the server rejected channel {self.name}: {body.get('reason')}")
        if frame.kind is not Kind.WELCOME or body.get("protocol") != PROTOCOL_VERSION:
            raise RejectedError(f"channel {self.name} got no welcome but {frame.kind.name} {body}")
        if self.name == "call":
            self.maximum = _whole(body, "maximum_frame_bytes")
        self.socket.settimeout(None)

    def send(self, kind: Kind, body: object) -> None:
        """Send one JSON frame; blocks until the server's socket took all of it."""
        self.socket.sendall(encode_json(kind, body))

    def receive(self) -> Frame | None:
        """Return the next frame, or ``None`` if the server closed the connection."""
        rules = Rules(self.name, "from_server", self.maximum)
        header = self._exactly(HEADER.size)
        if not header:
            return None
        size = body_size(header, rules)
        return decode(header + (self._exactly(size) if size else b""), rules)

    def detach(self) -> int:
        """Give the descriptor away; this object is of no use afterwards."""
        return self.socket.detach()

    def close(self) -> None:
        """Close the connection."""
        self.socket.close()

    def fileno(self) -> int:
        """Return the descriptor, so that a channel can be polled."""
        return self.socket.fileno()

    def _exactly(self, size: int) -> bytes:
        data = bytearray(size)
        view, have = memoryview(data), 0
        while have < size:
            count = self.socket.recv_into(view[have:])
            if not count and have:
                raise FrameError(f"connection ended after {have} of {size} bytes")
            if not count:
                return b""
            have += count
        return bytes(data)


def connect(address: Address, name: str) -> Channel:
    """Open channel ``name`` and wait until the server let it in."""
    channel = Channel(address, name)
    channel.finish_handshake()
    return channel


def give_up(error: BaseException) -> NoReturn:
    """End this process because it cannot talk to the server; say why on standard error."""
    rejected = isinstance(error, (RejectedError, OSError))
    sys.stderr.write(f"vivarium: process {os.getpid()} gives up: {error!r}\n")
    sys.stderr.flush()
    os._exit(STATUS_REJECTED if rejected else STATUS_BROKEN)


def _whole(body: dict[str, object], key: str) -> int:
    value = body.get(key)
    if not isinstance(value, int) or isinstance(value, bool):
        raise FrameError(f"WELCOME needs a whole number {key}, not {value!r}")
    return value

"""Connections to the server: handshake, then blocking reads and writes of whole frames."""

from __future__ import annotations

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
    encode,
    encode_json,
    parse_object,
)
from vivarium_worker.protocol.statuses import (
    STATUS_BROKEN,
    STATUS_NO_DESCRIPTORS,
    STATUS_REJECTED,
)
from vivarium_worker.system.originals import os, socket
from vivarium_worker.system.shortage import is_of_descriptors, remedy

if TYPE_CHECKING:
    from collections.abc import Callable

    from vivarium_worker.protocol.shared_memory import SharedMemory

PROTOCOL_VERSION = 1
HANDSHAKE_SECONDS = 10.0


class RejectedError(Exception):
    """The server did not let this process in; the message is the server's sentence."""


class Address(NamedTuple):
    """Where the server listens and the one-time token that opens it."""

    socket: str
    token: str


class Channel:
    """One connection to the server. Not thread-safe.

    A channel is usable for frames after :meth:`finish_handshake`; ``output`` and ``stack`` then
    pass their socket on with :meth:`detach`.
    """

    def __init__(
        self, address: Address, name: str, slot: int = 0, memory: SharedMemory | None = None
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
            raise RejectedError(
                f"channel {self.name} expected a welcome, got {frame.kind.name} {body}"
            )
        if self.name == "call":
            self.maximum = _integer(body, "maximum_frame_bytes")
        self.socket.settimeout(None)

    def send(self, kind: Kind, body: object) -> None:
        """Send one JSON frame; blocks until the server's socket took all of it."""
        self.socket.sendall(encode_json(kind, body))

    def send_heartbeat(self) -> None:
        """Say that this process serves its channel."""
        self.socket.sendall(encode(Kind.HEARTBEAT))

    def receive(self) -> Frame | None:
        """Return the next frame, or ``None`` if the server closed the connection."""
        rules = Rules(self.name, "from_server", self.maximum)
        header = self._read_exactly(HEADER.size)
        if not header:
            return None
        size = body_size(header, rules)
        return decode(header + (self._read_exactly(size) if size else b""), rules)

    def detach(self) -> int:
        """Return the descriptor, now the caller's; this object cannot be used afterwards."""
        return self.socket.detach()

    def close(self) -> None:
        """Close the connection."""
        self.socket.close()

    def fileno(self) -> int:
        """Return the descriptor, so that a channel can be polled."""
        return self.socket.fileno()

    def _read_exactly(self, size: int) -> bytes:
        data = bytearray(size)
        view, received = memoryview(data), 0
        while received < size:
            count = self.socket.recv_into(view[received:])
            if not count and received:
                raise FrameError(f"connection ended after {received} of {size} bytes")
            if not count:
                return b""
            received += count
        return bytes(data)


def connect(address: Address, name: str) -> Channel:
    """Open channel ``name`` and wait for the welcome."""
    channel = Channel(address, name)
    channel.finish_handshake()
    return channel


def handle_next(channel: Channel, handle: Callable[[Frame], None], process: str) -> int | None:
    """Receive a frame and pass it to ``handle``.

    Returns ``None`` to go on, or the status to exit with because the connection is of no use any
    more; why, unless the server closed it, is written to standard error in the name of ``process``.
    """
    try:
        frame = channel.receive()
        if frame is None:
            return 0
        handle(frame)
    except (OSError, FrameError) as error:
        sys.stderr.write(f"vivarium: {process} lost the server: {error}\n")
        return STATUS_BROKEN if isinstance(error, FrameError) else 0
    return None


def exit_without_server(error: BaseException) -> NoReturn:
    """End this process because it cannot talk to the server; say why on standard error."""
    status = tell_no_server(f"process {os.getpid()}", error)
    sys.stderr.flush()
    os._exit(status)


def tell_no_server(process: str, error: BaseException) -> int:
    """Say on standard error why ``process`` has no connection; return the status to exit with."""
    what = str(error) if isinstance(error, RejectedError) else repr(error)
    sys.stderr.write(f"vivarium: {process} cannot connect and exits: {what}{remedy(error)}\n")
    if is_of_descriptors(error):
        return STATUS_NO_DESCRIPTORS
    return STATUS_REJECTED if isinstance(error, (RejectedError, OSError)) else STATUS_BROKEN


def _integer(body: dict[str, object], key: str) -> int:
    value = body.get(key)
    if not isinstance(value, int) or isinstance(value, bool):
        raise FrameError(f"WELCOME needs an integer {key}, not {value!r}")
    return value

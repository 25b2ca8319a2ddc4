"""What a call exchanges besides JSON: attachments both ways, chunks and progress.

Only calls that ask for it, or answer with it, come here; the usual ones stay in ``calls``.
"""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Any, Callable, Final, NamedTuple

from vivarium_worker.calls.cancellation import OperationCancelled
from vivarium_worker.programs.errors import CallError
from vivarium_worker.programs.inputs import decode_inputs, decode_with
from vivarium_worker.programs.results import Rich, encode_result
from vivarium_worker.protocol.frames import (
    ATTACHED,
    CHUNKS_WELCOME,
    HEADER,
    IN_MEMORY,
    INLINE,
    PROGRESS_WELCOME,
    SMALLEST_LENGTH,
    Attached,
    FrameError,
    Kind,
    attachment_table,
    encode_json,
    split_attachments,
)

if TYPE_CHECKING:
    import socket
    from collections.abc import AsyncGenerator, Generator, Iterable

    from vivarium_worker.calls.context import Call
    from vivarium_worker.protocol.shared_memory import Memory

_MOST_INLINE: Final = 256 * 1024  # bytes of attachments; more go through memory
_PROGRESS_SECONDS: Final = 0.02


class Wire(NamedTuple):
    """How a slot reaches the server: frames of at most ``maximum`` bytes, and perhaps memory."""

    socket: socket.socket
    maximum: int
    memory: Memory | None


class Exchange:
    """The exchange of one call, made by the thread of its slot, which alone writes frames.

    ``elsewhere`` is for code of the call that runs in another thread of the runtime, an event loop:
    what it wants to be done in the thread of the slot is handed over there.
    """

    def __init__(self, wire: Wire, call: Call, flags: int) -> None:
        self.streams = bool(flags & CHUNKS_WELCOME)
        self.elsewhere: tuple[int, Callable[[Callable[[], None]], None]] | None = None
        self._wire = wire
        self._call = call
        self._flags = flags
        self._thread = threading.get_ident()
        self._attached = Attached(b"", (), b"")
        self._reported = 0.0

    def take(self, body: bytes | memoryview) -> bytes | memoryview:
        """Return the inputs in the rest of a ``CALL``, and remember what is attached to them."""
        self._attached = attached = split_attachments(body, self._flags, "CALL")
        if self._flags & IN_MEMORY:
            memory, total = self._wire.memory, sum(attached.sizes)
            if memory is None or not memory.holds(total):
                raise FrameError(f"CALL has {total} bytes in memory, which are not there")
        return attached.json

    def decode(self, inputs: bytes | memoryview) -> dict[str, Any]:
        """Return the inputs as values, attachments in their places."""
        if not self._flags & ATTACHED:
            return decode_inputs(inputs)
        if self._flags & IN_MEMORY and self._wire.memory:
            return decode_with(inputs, self._wire.memory.read(self._attached.sizes))
        return decode_with(inputs, list(_cut(self._attached)))

    def stream(self, items: Generator[object, Any, Any]) -> object:
        """Send each item as it comes; a cancellation closes the generator."""
        try:
            for item in items:
                self.send_chunk(item)
        finally:
            items.close()
        return None

    async def stream_async(self, items: AsyncGenerator[object, Any]) -> object:
        """Send each item as it comes; nothing else runs on the loop while the socket is full."""
        try:
            async for item in items:
                self.send_chunk(item)
        finally:
            await items.aclose()
        return None

    def send_chunk(self, item: object) -> None:
        """Send one chunk, and wait until the socket has taken it."""
        self._check()
        body, flags = encode_result(item, "chunk"), 0
        parts: list[bytes | memoryview]
        if isinstance(body, Rich):
            parts, flags = _inline(body), INLINE
        else:
            parts = [body]
        length = SMALLEST_LENGTH + sum(map(len, parts))
        if length > self._wire.maximum:
            told = f"a chunk is a frame of {length} bytes, at most {self._wire.maximum} fit"
            raise CallError("resource_error", "ChunkTooLarge", told)
        header = HEADER.pack(length, Kind.CHUNK, flags, 0, self._call.ident)
        self._wire.socket.sendall(b"".join([header, *parts]))
        self._check()

    def report(self, fraction: float, message: str) -> None:
        """Send ``PROGRESS`` if the caller wants it, this is the call's thread, and it is time."""
        if not self._flags & PROGRESS_WELCOME:
            return
        thread, now = threading.get_ident(), time.monotonic()
        if fraction < 1 and now - self._reported < _PROGRESS_SECONDS:
            return
        if thread == self._thread:
            self._send_progress(fraction, message)
        elif self.elsewhere is not None and thread == self.elsewhere[0]:
            self.elsewhere[1](lambda: self._send_progress(fraction, message))
        else:
            return
        self._reported = now

    def _send_progress(self, fraction: float, message: str) -> None:
        if self._wire.socket.fileno() >= 0:  # closed in a child that the program has forked
            body = {"fraction": fraction, "message": message}
            self._wire.socket.sendall(encode_json(Kind.PROGRESS, body, self._call.ident))

    def _check(self) -> None:
        if self._call.cancelled:
            raise OperationCancelled


def pack_rich(wire: Wire, before: int, result: Rich) -> tuple[int, list[bytes | memoryview]]:
    """Return flags and parts of the body of a result with attachments, ``before`` bytes into it.

    Large ones are laid into memory; so are small ones if the frame would be too large with them.
    """
    total = sum(map(len, result.attachments))
    parts = _inline(result)
    fits = SMALLEST_LENGTH + before + sum(map(len, parts)) <= wire.maximum
    if wire.memory is None or (total <= _MOST_INLINE and fits):
        return INLINE, parts
    try:
        wire.memory.write(result.attachments)
    except OSError as error:
        told = f"{total} bytes of attachments cannot be passed: {error}"
        raise CallError("resource_error", "ResultTooLarge", told) from None
    return IN_MEMORY, parts[:2]


def _inline(result: Rich) -> list[bytes | memoryview]:
    sizes = [len(attachment) for attachment in result.attachments]
    return [attachment_table(len(result.json), sizes), result.json, *result.attachments]


def _cut(attached: Attached) -> Iterable[bytes]:
    at = 0
    for size in attached.sizes:
        yield bytes(attached.content[at : at + size])
        at += size

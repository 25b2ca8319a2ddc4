"""What a call exchanges besides JSON: attachments both ways, chunks and progress.

Only calls that ask for it, or answer with it, come here; the usual ones stay in ``slot``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Callable, Final, NamedTuple, Protocol

from vivarium_worker.diagnostics.stack_frames import calls_program
from vivarium_worker.programs.conversion import ResultRules, ResultWithAttachments, convert
from vivarium_worker.programs.errors import CallError, OperationCancelled
from vivarium_worker.programs.inputs import InputDecoder, decode_inputs, decode_with
from vivarium_worker.programs.results import encode_result
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
from vivarium_worker.system.originals import time
from vivarium_worker.system.threads import current_ident

if TYPE_CHECKING:
    import socket
    from collections.abc import AsyncGenerator, Generator, Iterable

    from vivarium_worker.protocol.shared_memory import SharedMemory

_LARGEST_INLINE: Final = 256 * 1024  # bytes of attachments; more go through memory
_PROGRESS_SECONDS: Final = 0.02


class Connection(NamedTuple):
    """How a slot reaches the server: frames of at most ``maximum`` bytes, and perhaps memory."""

    socket: socket.socket
    maximum: int
    memory: SharedMemory | None


class InFlight(Protocol):
    """What an exchange has to know about its call."""

    ident: int

    @property
    def cancelled(self) -> bool:
        """Whether nobody waits for the call any more."""


class LoopThread(NamedTuple):
    """An event loop that runs code of the call: ``submit`` has work done by the slot's thread."""

    ident: int
    submit: Callable[[Callable[[], None]], None]


class Exchange:
    """The exchange of one call, made by the thread of its slot, which alone writes frames.

    ``loop_thread`` is set while code of the call runs in another thread of the runtime,
    ``nan_as_null`` if that is how the program wants NaN in its chunks.
    """

    def __init__(self, connection: Connection, call: InFlight, flags: int) -> None:
        self.streams = bool(flags & CHUNKS_WELCOME)
        self.loop_thread: LoopThread | None = None
        self.nan_as_null = False
        self._connection = connection
        self._call = call
        self._flags = flags
        self._thread = current_ident()
        self._attached = Attached(b"", (), b"")
        self._reported = 0.0

    def take(self, body: bytes | memoryview) -> bytes | memoryview:
        """Return the inputs in the rest of a ``CALL``, and remember what is attached to them."""
        self._attached = attached = split_attachments(body, self._flags, "CALL")
        if self._flags & IN_MEMORY:
            memory, total = self._connection.memory, sum(attached.sizes)
            if memory is None or not memory.holds(total):
                raise FrameError(f"CALL has {total} bytes in memory, which are not there")
        return attached.json

    def decode(self, inputs: bytes | memoryview, decoder: InputDecoder) -> dict[str, Any]:
        """Return the inputs as values, attachments in their places."""
        if not self._flags & ATTACHED:
            return decode_inputs(inputs, decoder)
        if self._flags & IN_MEMORY and self._connection.memory:
            attachments: Iterable[bytes] = self._connection.memory.read(self._attached.sizes)
        else:
            attachments = _split(self._attached)
        return decode_with(inputs, list(attachments), decoder)

    @calls_program
    def stream(self, items: Generator[object, Any, Any]) -> object:
        """Send each item as it comes; a cancellation closes the generator."""
        try:
            for item in items:
                self.send_chunk(item)
        finally:
            items.close()
        return None

    @calls_program
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
        body, flags = encode_result(item, "chunk", self._convert), 0
        parts: list[bytes | memoryview]
        if isinstance(body, ResultWithAttachments):
            parts, flags = _inline(body), INLINE
        else:
            parts = [body]
        length = SMALLEST_LENGTH + sum(map(len, parts))
        maximum = self._connection.maximum
        if length > maximum:
            message = f"a chunk is a frame of {length} bytes, at most {maximum} fit"
            raise CallError("resource_error", "ChunkTooLarge", message)
        header = HEADER.pack(length, Kind.CHUNK, flags, 0, self._call.ident)
        self._connection.socket.sendall(b"".join([header, *parts]))
        self._check()

    def _convert(self, item: object, what: str) -> bytes | ResultWithAttachments:
        return convert(item, what, ResultRules(self.nan_as_null, self._connection.maximum))

    def report(self, fraction: float, message: str) -> None:
        """Send ``PROGRESS`` if the caller wants it, this is the call's thread, and it is time."""
        if not self._flags & PROGRESS_WELCOME:
            return
        thread, now = current_ident(), time.monotonic()
        if fraction < 1 and now - self._reported < _PROGRESS_SECONDS:
            return
        if thread == self._thread:
            self._send_progress(fraction, message)
        elif self.loop_thread is not None and thread == self.loop_thread.ident:
            self.loop_thread.submit(lambda: self._send_progress(fraction, message))
        else:
            return
        self._reported = now

    def _send_progress(self, fraction: float, message: str) -> None:
        if self._connection.socket.fileno() >= 0:  # closed in a child that the program has forked
            body = {"fraction": fraction, "message": message}
            self._connection.socket.sendall(encode_json(Kind.PROGRESS, body, self._call.ident))

    def _check(self) -> None:
        if self._call.cancelled:
            raise OperationCancelled


def pack_attachments(
    connection: Connection, before: int, result: ResultWithAttachments
) -> tuple[int, list[bytes | memoryview]]:
    """Return flags and parts of the body of a result with attachments, ``before`` bytes into it.

    Large ones are written to memory; so are small ones if the frame would be too large with them.
    """
    total = sum(map(len, result.attachments))
    parts = _inline(result)
    fits = SMALLEST_LENGTH + before + sum(map(len, parts)) <= connection.maximum
    if connection.memory is None or (total <= _LARGEST_INLINE and fits):
        return INLINE, parts
    try:
        connection.memory.write(result.attachments)
    except OSError as error:
        message = f"{total} bytes of attachments cannot be passed: {error}"
        raise CallError("resource_error", "ResultTooLarge", message) from None
    return IN_MEMORY, parts[:2]


def _inline(result: ResultWithAttachments) -> list[bytes | memoryview]:
    sizes = [len(attachment) for attachment in result.attachments]
    return [attachment_table(len(result.json), sizes), result.json, *result.attachments]


def _split(attached: Attached) -> Iterable[bytes]:
    at = 0
    for size in attached.sizes:
        yield bytes(attached.content[at : at + size])
        at += size

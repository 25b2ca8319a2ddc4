"""What programs print: as frames that carry their call, and as bytes for everything else."""

from __future__ import annotations

import codecs
import io
import os
import socket
import struct
import sys
import threading
from typing import TYPE_CHECKING, Final, NamedTuple

from vivarium_worker.calls.context import Call, current_call
from vivarium_worker.protocol.frames import Kind, encode_json

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

    from vivarium_worker.worker.side_channel import SideChannel

LONGEST_RECORD = 8192
"""Characters in one record; a longer line becomes several."""

UNFINISHED: Final[set[io.TextIOBase]] = set()
"""The streams that may hold text which :meth:`Printed.finish` has to send."""

_RAW_PATIENCE_SECONDS = 5
_BATCH = 64


class _Tail(NamedTuple):
    """The unfinished line of a thread; ``begun`` if a part of it has left already."""

    call: Call | None
    text: str
    begun: bool


class Printed(io.TextIOBase):
    """``sys.stdout`` or ``sys.stderr`` of a worker: text becomes ``OUTPUT`` frames.

    A record is one line without its end, or a piece of a line that is long or was flushed. Each
    thread has its own unfinished line, so lines neither mix nor change their call.
    """

    def __init__(self, side: SideChannel, name: str, descriptor: int) -> None:
        super().__init__()
        self.name = f"<{name}>"
        self._side = side
        self._stream = name
        self._descriptor = descriptor
        self._tails: dict[int, _Tail] = {}
        self._buffer: io.BufferedWriter | None = None

    @property
    def encoding(self) -> str:  # type: ignore[override]
        """The encoding of :attr:`buffer`."""
        return "utf-8"

    @property
    def buffer(self) -> io.BufferedWriter:
        """A binary stream onto the same records."""
        if self._buffer is None:
            self._buffer = io.BufferedWriter(_Decoding(self))
            UNFINISHED.add(self)  # for good: what it holds is not seen from here
        return self._buffer

    def reconfigure(self, **_options: object) -> None:
        """Change nothing: encoding and buffering are not this stream's business."""

    def writable(self) -> bool:
        """Return ``True``."""
        return True

    def fileno(self) -> int:
        """Return the descriptor that the stream had from birth, for those who pass it on."""
        return self._descriptor

    def write(self, text: str, /) -> int:
        """Send the lines that ``text`` finishes; the rest waits for its end or a flush."""
        if self.closed:
            raise ValueError("I/O operation on closed file")
        size, thread, call = len(text), threading.get_ident(), current_call()
        tail = self._tails.pop(thread, None)
        if tail:
            text = tail.text + text
        lines = text.split("\n")
        rest = lines.pop()
        begun = tail.begun if tail and not lines else False
        if tail and tail.begun and lines and not lines[0]:
            del lines[0]  # all of this line has left already
        if len(rest) >= LONGEST_RECORD:
            whole = len(rest) - len(rest) % LONGEST_RECORD
            lines.append(rest[:whole])
            rest, begun = rest[whole:], True
        if rest or begun:
            self._tails[thread] = _Tail(call, rest, begun)
            UNFINISHED.add(self)
        self._emit(lines, call)
        return size

    def flush(self) -> None:
        """Send what this thread has printed of an unfinished line."""
        if self._buffer:
            self._buffer.flush()
        thread = threading.get_ident()
        tail = self._tails.pop(thread, None)
        if tail:
            self._tails[thread] = _Tail(tail.call, "", begun=True)
            self._emit([tail.text] if tail.text else [], tail.call)

    def finish(self) -> None:
        """Send what all threads have printed of unfinished lines; what follows is a new line."""
        if self._buffer is None:
            UNFINISHED.discard(self)
        elif not self._buffer.closed:
            self._buffer.flush()
        while self._tails:
            _, tail = self._tails.popitem()
            self._emit([tail.text] if tail.text else [], tail.call)

    def _emit(self, lines: list[str], call: Call | None) -> None:
        records = [piece for line in lines for piece in _pieces(line)]
        for start in range(0, len(records), _BATCH):
            frames = [self._frame(text, call) for text in records[start : start + _BATCH]]
            self._side.send(b"".join(frames), len(frames))

    def _frame(self, text: str, call: Call | None) -> bytes:
        body: dict[str, object] = {
            "stream": self._stream,
            "text": text,
            "call": call.ident if call else 0,
        }
        if call and call.program:
            body["program"] = call.program
        if call and call.fields:
            body["context"] = call.logged_fields
        return encode_json(Kind.OUTPUT, body)


class _Decoding(io.RawIOBase):
    """The bytes of UTF-8 text for a :class:`Printed`; half a character waits for its other half."""

    def __init__(self, printed: Printed) -> None:
        super().__init__()
        self._printed = printed
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")

    def writable(self) -> bool:
        return True

    def write(self, data: ReadableBuffer, /) -> int:
        self._printed.write(self._decoder.decode(bytes(data)))
        return memoryview(data).nbytes


def replace_descriptors(connection: int) -> None:
    """Make descriptors 1 and 2 write to ``connection``, which is closed.

    A server that stops reading makes a write fail after 5 s, instead of hanging the worker.
    """
    patience = struct.pack("ll", _RAW_PATIENCE_SECONDS, 0)
    with socket.socket(fileno=os.dup(connection)) as view:
        view.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, patience)
    os.dup2(connection, 1)
    os.dup2(connection, 2)
    os.close(connection)


def replace_streams(side: SideChannel) -> list[Printed]:
    """Make ``sys.stdout`` and ``sys.stderr`` print to ``side``; return the new streams."""
    streams = [Printed(side, "stdout", 1), Printed(side, "stderr", 2)]
    sys.stdout, sys.stderr = streams
    return streams


def restore_streams() -> None:
    """Print to descriptors 1 and 2 directly: in a forked child, which shares no side channel."""
    sys.stdout, sys.stderr = (
        open(descriptor, "w", 1, "utf-8", "backslashreplace", closefd=False)  # noqa: SIM115
        for descriptor in (1, 2)
    )


def _pieces(line: str) -> list[str]:
    if len(line) <= LONGEST_RECORD:
        return [line]
    return [line[at : at + LONGEST_RECORD] for at in range(0, len(line), LONGEST_RECORD)]

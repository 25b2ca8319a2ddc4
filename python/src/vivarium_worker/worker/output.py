"""What programs print: as frames that carry their call, and as bytes for everything else."""

from __future__ import annotations

import codecs
import io
import struct
import sys
from typing import TYPE_CHECKING, Final, NamedTuple

from vivarium_worker.calls.call import Call, current_call
from vivarium_worker.protocol.frames import Kind, encode_json
from vivarium_worker.system.originals import os, socket
from vivarium_worker.system.threads import current_ident

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

    from vivarium_worker.worker.side_channel import SideChannel

LONGEST_RECORD = 8192
"""Characters in one record; a longer line becomes several."""

PARTIAL_LINES: Final[set[io.TextIOBase]] = set()
"""The streams that may hold text which :meth:`OutputStream.flush_partial_lines` has to send."""

_RAW_TIMEOUT_SECONDS = 5
_RECORDS_PER_WRITE = 64


class _PartialLine(NamedTuple):
    """The unfinished line of a thread; ``begun`` if a part of it was sent already."""

    call: Call | None
    text: str
    begun: bool


class OutputStream(io.TextIOBase):
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
        self._partial: dict[int, _PartialLine] = {}
        self._buffer: io.BufferedWriter | None = None

    @property
    def encoding(self) -> str:  # type: ignore[override]
        """The encoding of :attr:`buffer`."""
        return "utf-8"

    @property
    def buffer(self) -> io.BufferedWriter:
        """A binary stream onto the same records."""
        if self._buffer is None:
            self._buffer = io.BufferedWriter(_BinaryStream(self))
            PARTIAL_LINES.add(self)  # for good: what it holds cannot be seen from here
        return self._buffer

    def detach(self) -> io.BufferedWriter:
        """Return :attr:`buffer`, for those who wrap it anew; this stream stays usable."""
        return self.buffer

    def reconfigure(self, **_options: object) -> None:
        """Accept any options and change nothing: the runtime decides on encoding and buffering."""

    def writable(self) -> bool:
        """Return that this stream can be written to."""
        return True

    def fileno(self) -> int:
        """Return the descriptor of the standard stream, for those who pass it on."""
        return self._descriptor

    def write(self, text: str, /) -> int:
        """Send the lines that ``text`` finishes; the rest waits for its end or a flush."""
        if self.closed:
            raise ValueError("I/O operation on closed file")
        size, thread, call = len(text), current_ident(), current_call()
        partial = self._partial.pop(thread, None)
        if partial:
            text = partial.text + text
        lines = text.split("\n")
        rest = lines.pop()
        begun = partial.begun if partial and not lines else False
        if partial and partial.begun and lines and not lines[0]:
            del lines[0]  # all of this line was sent already
        if len(rest) >= LONGEST_RECORD:
            whole = len(rest) - len(rest) % LONGEST_RECORD
            lines.append(rest[:whole])
            rest, begun = rest[whole:], True
        if rest or begun:
            self._partial[thread] = _PartialLine(call, rest, begun)
            PARTIAL_LINES.add(self)
        self._emit(lines, call)
        return size

    def flush(self) -> None:
        """Send what this thread has printed of an unfinished line."""
        if self._buffer:
            self._buffer.flush()
        thread = current_ident()
        partial = self._partial.pop(thread, None)
        if partial:
            self._partial[thread] = _PartialLine(partial.call, "", begun=True)
            self._emit([partial.text] if partial.text else [], partial.call)

    def flush_partial_lines(self) -> None:
        """Send what all threads have printed of unfinished lines; what follows is a new line."""
        if self._buffer is None:
            PARTIAL_LINES.discard(self)
        elif not self._buffer.closed:
            self._buffer.flush()
        while self._partial:
            _, partial = self._partial.popitem()
            self._emit([partial.text] if partial.text else [], partial.call)

    def _emit(self, lines: list[str], call: Call | None) -> None:
        records = [piece for line in lines for part in _parts(line) for piece in _pieces(part)]
        for start in range(0, len(records), _RECORDS_PER_WRITE):
            frames = [
                self._frame(text, call) for text in records[start : start + _RECORDS_PER_WRITE]
            ]
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


class _BinaryStream(io.RawIOBase):
    """The binary side of an :class:`OutputStream`; half a character waits for its other half."""

    def __init__(self, stream: OutputStream) -> None:
        super().__init__()
        self._stream = stream
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")

    def writable(self) -> bool:
        return True

    def write(self, data: ReadableBuffer, /) -> int:
        self._stream.write(self._decoder.decode(bytes(data)))
        return memoryview(data).nbytes


def replace_descriptors(connection: int) -> None:
    """Make descriptors 1 and 2 write to ``connection``, which is closed.

    A server that stops reading makes a write fail after 5 s, instead of hanging the worker.
    """
    timeout = struct.pack("ll", _RAW_TIMEOUT_SECONDS, 0)
    with socket.socket(fileno=os.dup(connection)) as view:
        view.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, timeout)
    os.dup2(connection, 1)
    os.dup2(connection, 2)
    os.close(connection)


def replace_streams(side: SideChannel) -> list[OutputStream]:
    """Make ``sys.stdout`` and ``sys.stderr`` print to ``side``; return the new streams."""
    streams = [OutputStream(side, "stdout", 1), OutputStream(side, "stderr", 2)]
    sys.stdout, sys.stderr = streams
    return streams


def restore_streams() -> None:
    """Print to descriptors 1 and 2 directly: in a forked child, which shares no side channel."""
    sys.stdout, sys.stderr = (
        open(descriptor, "w", 1, "utf-8", "backslashreplace", closefd=False)  # noqa: SIM115
        for descriptor in (1, 2)
    )


def _parts(line: str) -> list[str]:
    """Return what a terminal would have shown one after another in the place of ``line``."""
    return [part for part in line.split("\r") if part] or [""]


def _pieces(line: str) -> list[str]:
    if len(line) <= LONGEST_RECORD:
        return [line]
    return [line[at : at + LONGEST_RECORD] for at in range(0, len(line), LONGEST_RECORD)]

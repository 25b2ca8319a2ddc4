"""What programs print: as frames that carry their call, and as bytes for everything else."""

from __future__ import annotations

import codecs
import io
import os
import socket
import struct
import sys
from typing import TYPE_CHECKING

from vivarium_worker.context import current_call
from vivarium_worker.frames import Kind, encode_json

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

    from vivarium_worker.side import SideChannel

LONGEST_RECORD = 8192
"""Characters in one record; a longer line becomes several."""

_RAW_PATIENCE_SECONDS = 5
_BATCH = 64


class Printed(io.RawIOBase):
    """The raw end of ``sys.stdout`` or ``sys.stderr``: bytes become ``OUTPUT`` frames.

    A record is one line without its end, a piece of a line that is too long, or what was flushed.
    """

    def __init__(self, side: SideChannel, stream: str, descriptor: int) -> None:
        super().__init__()
        self._side = side
        self._stream = stream
        self._descriptor = descriptor
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")

    def writable(self) -> bool:
        """Return ``True``."""
        return True

    def fileno(self) -> int:
        """Return the descriptor that the stream had from birth, for those who pass it on."""
        return self._descriptor

    def write(self, data: ReadableBuffer, /) -> int:
        """Send the text in ``data``; half a character waits for its other half."""
        text = self._decoder.decode(bytes(data))
        lines = text.split("\n")
        if not lines[-1]:
            lines.pop()
        records = [piece for line in lines for piece in _pieces(line)]
        for start in range(0, len(records), _BATCH):
            self._emit(records[start : start + _BATCH])
        return memoryview(data).nbytes

    def _emit(self, records: list[str]) -> None:
        call = current_call()
        base: dict[str, object] = {"stream": self._stream, "call": call.ident if call else 0}
        if call and call.fields:
            base["context"] = call.fields
        frames = [encode_json(Kind.OUTPUT, {**base, "text": text}) for text in records]
        self._side.send(b"".join(frames), len(frames))


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


def replace_streams(side: SideChannel) -> list[io.TextIOWrapper]:
    """Make ``sys.stdout`` and ``sys.stderr`` print to ``side``; return the new streams."""
    streams = [_text_stream(Printed(side, *pair)) for pair in (("stdout", 1), ("stderr", 2))]
    sys.stdout, sys.stderr = streams
    return streams


def restore_streams() -> None:
    """Print to descriptors 1 and 2 directly: in a forked child, which shares no side channel."""
    sys.stdout, sys.stderr = (
        _text_stream(io.FileIO(descriptor, "w", closefd=False)) for descriptor in (1, 2)
    )


def _text_stream(raw: io.RawIOBase) -> io.TextIOWrapper:
    buffered = io.BufferedWriter(raw, LONGEST_RECORD)
    return io.TextIOWrapper(buffered, "utf-8", "backslashreplace", line_buffering=True)


def _pieces(line: str) -> list[str]:
    if len(line) <= LONGEST_RECORD:
        return [line]
    return [line[at : at + LONGEST_RECORD] for at in range(0, len(line), LONGEST_RECORD)]

"""One end of a connection with a process that is tested, and what is sent over it."""

from __future__ import annotations

import json
import select
import socket
import threading
import time
from contextlib import suppress
from queue import Empty, Queue
from typing import Any, Callable

from vivarium_worker.protocol.frames import (
    HEADER,
    IN_MEMORY,
    INLINE,
    WITH_STATE,
    Frame,
    FrameError,
    Kind,
    Rules,
    attachment_table,
    body_size,
    decode,
    encode,
    encode_json,
)

PATIENCE_SECONDS = 20.0


class Peer:
    """One connection that a child has opened and that was welcomed."""

    def __init__(self, connection: socket.socket, hello: dict[str, Any], maximum: int) -> None:
        self.connection = connection
        self.hello = hello
        self.pid: int = hello["pid"]
        self.rules = Rules(hello["channel"], "from_child", maximum)
        self.frames: Queue[Frame | None] = Queue()
        self.text = bytearray()
        self.changed = threading.Condition()
        self.ended = False
        self.fault: FrameError | None = None
        self.reading = threading.Event()
        self.reading.set()

    def send(self, kind: Kind, body: object) -> None:
        self.connection.sendall(encode_json(kind, body))

    def next(self, *kinds: Kind) -> Frame:
        """Return the next frame of one of ``kinds``, passing over others; fail at the end.

        Without ``kinds`` any frame but a heartbeat, which comes when it likes.
        """
        end = time.monotonic() + PATIENCE_SECONDS
        while True:
            frame = self._frame(end)
            assert frame is not None, f"{self.rules.channel} was closed, {kinds} did not come"
            if frame.kind in kinds or (not kinds and frame.kind is not Kind.HEARTBEAT):
                return frame

    def await_close(self) -> None:
        """Pass over everything until the child closed the connection."""
        end = time.monotonic() + PATIENCE_SECONDS
        while self._frame(end) is not None:
            pass

    def await_text(self, found: Callable[[bytes], bool]) -> bytes:
        with self.changed:
            done = self.changed.wait_for(lambda: found(bytes(self.text)), PATIENCE_SECONDS)
            assert done, f"{self.rules.channel} has only {bytes(self.text[-500:])!r}"
            return bytes(self.text)

    def read(self) -> None:
        """Read until the end; in a thread of its own."""
        try:
            if self.rules.channel in {"output", "stack"}:
                self._read_text()
            else:
                self._read_frames()
        except OSError:
            pass  # closed by the test
        except FrameError as error:
            self.fault = error
        finally:
            self.frames.put(None)

    def hang_up(self) -> None:
        self.reading.set()
        with suppress(OSError):  # the child was faster
            self.connection.shutdown(socket.SHUT_RDWR)

    def _frame(self, end: float) -> Frame | None:
        try:
            return self.frames.get(timeout=max(0.0, end - time.monotonic()))
        except Empty:
            raise AssertionError(f"nothing came on {self.rules.channel}") from None

    def read_so_far(self) -> str:
        """Return the text of all that the child had written before this was asked for."""

        def all_read() -> bool:
            return not select.select([self.connection], [], [], 0)[0] or self.ended

        with self.changed:
            assert self.changed.wait_for(all_read, PATIENCE_SECONDS)
            return self.text.decode(errors="replace")

    def _read_text(self) -> None:
        while not self.ended:
            select.select([self.connection], [], [])
            with self.changed:  # reading and keeping is one step for who holds the lock
                data = self.connection.recv(65536)
                self.text += data
                self.ended = not data
                self.changed.notify_all()
            self.reading.wait()

    def _read_frames(self) -> None:
        with self.connection.makefile("rb") as stream:
            while header := stream.read(HEADER.size):
                body = stream.read(body_size(header, self.rules))
                self.frames.put(decode(header + body, self.rules))
                self.reading.wait()


def call_frame(  # noqa: PLR0913 - the parts of the frame
    ident: int,
    program: str,
    inputs: bytes = b"",
    *,
    timeout_millis: int = 0,
    context: dict[str, str] | None = None,
    state: bytes = b"",
    flags: int = 0,
) -> bytes:
    name = program.encode()
    told = json.dumps(context).encode() if context else b""
    fixed = timeout_millis.to_bytes(4, "big") + len(name).to_bytes(2, "big")
    kept = len(state).to_bytes(4, "big") + state if state else b""
    parts = fixed + len(told).to_bytes(4, "big") + name + told + kept + inputs
    return encode(Kind.CALL, parts, ident, flags | (WITH_STATE if state else 0))


def body(frame: Frame, kind: Kind) -> dict[str, Any]:
    assert frame.kind is kind, f"{frame.kind.name}: {frame.body[:2000]!r}"
    return dict(json.loads(frame.body))


def attach(
    inputs: bytes, attachments: list[bytes], *, in_memory: bool = False
) -> tuple[int, bytes]:
    """Return the flag of a ``CALL`` with attachments, and its table, inputs and what is inline."""
    table = attachment_table(len(inputs), [len(attachment) for attachment in attachments])
    if in_memory:
        return IN_MEMORY, table + inputs
    return INLINE, b"".join([table, inputs, *attachments])


def result(frame: Frame) -> bytes:
    assert frame.kind is Kind.RESULT, f"{frame.kind.name}: {frame.body[:2000]!r}"
    return frame.body

"""The life line: standard input. The server writes one line to it; its end is the server's."""

from __future__ import annotations

from typing import Final

from vivarium_worker.protocol.control import LifeLine, message_of
from vivarium_worker.protocol.frames import FrameError, parse_object
from vivarium_worker.system.originals import os

LIFE_LINE: Final = 0
"""The descriptor to poll."""


def read_life_line() -> LifeLine:
    """Wait for the line that says where the server listens; raise :class:`FrameError` if wrong."""
    line = bytearray()
    while not line.endswith(b"\n"):
        byte = os.read(LIFE_LINE, 1)  # no further than the line, and nothing is kept back
        if not byte:
            raise FrameError("standard input ended before its one line of JSON did")
        line += byte
    return message_of(LifeLine, parse_object(bytes(line), "life line"), "life line")


def has_ended() -> bool:
    """Return whether a readable life line is at its end; discard what the server has written."""
    return not os.read(LIFE_LINE, 4096)

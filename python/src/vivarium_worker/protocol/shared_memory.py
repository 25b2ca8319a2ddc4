"""The shared memory of a slot: two anonymous files for large attachments and the cancel word.

They have no name in any file system, so nothing is left behind, whoever dies. Their first part is
mapped when it is first used, for that moves bytes several times as fast; what is beyond is read and
written at positions. A file may have been cut short between two calls, so its size is looked at
before the mapping is touched.
"""

from __future__ import annotations

import mmap
import struct
from contextlib import suppress
from typing import TYPE_CHECKING, Final, NamedTuple

from vivarium_worker.system.originals import os

if TYPE_CHECKING:
    from collections.abc import Iterable

ATTACHMENTS_AT: Final = 4096
"""Where attachments begin in either file; the page before is for other purposes."""

_WINDOW: Final = ATTACHMENTS_AT + 16 * 1024 * 1024  # bytes that are mapped
_WORD: Final = struct.Struct(">QI4x")
_LARGEST_IO: Final = 0x7FFFF000  # bytes that Linux reads or writes in one call


class CancelWord(NamedTuple):
    """What the server asks for: ``level`` 1 for the flag of call ``ident``, 2 for an exception."""

    ident: int
    level: int


class SharedMemory:
    """Two files: the server writes ``down``, this process writes ``up``. Used by one slot."""

    def __init__(self, worker: str, slot: int) -> None:
        """Make both; raise :class:`OSError` if the system has no memory or no descriptor left."""
        name = f"vivarium-{worker}-{slot}"
        self.down = os.memfd_create(name)
        self.up = os.memfd_create(name)
        self._identities = [_identity(self.down), _identity(self.up)]
        os.truncate(self.down, ATTACHMENTS_AT)
        os.truncate(self.up, ATTACHMENTS_AT)
        self._windows: dict[int, mmap.mmap] = {}

    def word(self) -> CancelWord | None:
        """Return the cancel word; ``None`` if user code has closed the file."""
        try:
            found = os.pread(self.down, _WORD.size, 0)
        except OSError:
            return None  # such a program cannot be asked; it will be killed instead
        return CancelWord(*_WORD.unpack(found)) if len(found) == _WORD.size else None

    def holds(self, size: int) -> bool:
        """Tell whether the server has written ``size`` bytes of attachments."""
        return os.fstat(self.down).st_size >= ATTACHMENTS_AT + size

    def read(self, sizes: Iterable[int]) -> list[bytes]:
        """Return the attachments of a call, which lie one after another."""
        sizes, attachments, at = list(sizes), [], ATTACHMENTS_AT
        window = self._window(self.down, at + sum(sizes))
        for size in sizes:
            if window is None:
                attachments.append(_read(self.down, size, at))
            else:
                attachments.append(window[at : at + size])
            at += size
        return attachments

    def write(self, attachments: Iterable[memoryview]) -> None:
        """Write the attachments of a result one after another; each is a view of single bytes."""
        if [_identity(self.down), _identity(self.up)] != self._identities:
            raise OSError(f"descriptor {self.up} was closed by user code and is another file now")
        attachments, at = list(attachments), ATTACHMENTS_AT
        window = self._window(self.up, at + sum(map(len, attachments)))
        for attachment in attachments:
            if window is None:
                _write(self.up, attachment, at)
            else:
                window[at : at + len(attachment)] = attachment
            at += len(attachment)

    def _window(self, descriptor: int, end: int) -> mmap.mmap | None:
        """Return a mapping in which all up to ``end`` may be touched, if it is not too much."""
        if end > _WINDOW:
            return None
        window = self._windows.get(descriptor)
        if os.fstat(descriptor).st_size < (end if window else _WINDOW):
            os.truncate(descriptor, _WINDOW)  # takes no memory before it is written to
        if window is None:
            window = self._windows[descriptor] = mmap.mmap(descriptor, _WINDOW)
        return window

    def close(self) -> None:
        """Close both; in a forked child, whose parent goes on with them."""
        for window in self._windows.values():
            window.close()
        for descriptor in (self.down, self.up):
            with suppress(OSError):  # user code has closed it already
                os.close(descriptor)


def _read(descriptor: int, size: int, at: int) -> bytes:
    first = os.pread(descriptor, min(size, _LARGEST_IO), at)
    if len(first) == size:
        return first
    pieces, have = [first], len(first)
    while have < size:
        piece = os.pread(descriptor, min(size - have, _LARGEST_IO), at + have)
        if not piece:
            raise OSError(f"the memory of the slot ends {size - have} bytes too early")
        pieces.append(piece)
        have += len(piece)
    return b"".join(pieces)


def _write(descriptor: int, attachment: memoryview, at: int) -> None:
    done = 0
    while done < len(attachment):
        done += os.pwrite(descriptor, attachment[done : done + _LARGEST_IO], at + done)


def _identity(descriptor: int) -> tuple[int, int]:
    found = os.fstat(descriptor)
    return found.st_dev, found.st_ino

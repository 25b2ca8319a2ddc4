"""The open descriptors of this process: which there are, what each is, who may share it."""

from __future__ import annotations

import stat
from fcntl import F_GETFL, fcntl
from typing import Final, NamedTuple

from vivarium_worker.system.originals import os, socket

_HARMLESS_DEVICES: Final = {
    f"/dev/{name}" for name in ("null", "zero", "full", "random", "urandom", "tty")
}
_SQLITE_HEADER: Final = b"SQLite format 3\0"
_SQLITE_NAMES: Final = (".db", ".db3", ".sqlite", ".sqlite3", "-wal", "-shm", "-journal")
_INTERNET: Final = {
    (socket.AF_INET, socket.SOCK_STREAM): "TCP",
    (socket.AF_INET6, socket.SOCK_STREAM): "TCP",
    (socket.AF_INET, socket.SOCK_DGRAM): "UDP",
    (socket.AF_INET6, socket.SOCK_DGRAM): "UDP",
}


class Descriptor(NamedTuple):
    """An open descriptor: its number, and what it leads to, such as ``socket:[4711]``.

    A number that was closed and used again leads to something else.
    """

    number: int
    link: str


class Meaning(NamedTuple):
    """What a descriptor is, in words, and whether processes may share it."""

    words: str
    shareable: bool


def open_descriptors() -> frozenset[Descriptor]:
    """Return the open descriptors of this process."""
    found = []
    for name in os.listdir("/proc/self/fd"):
        try:
            found.append(Descriptor(int(name), os.readlink(f"/proc/self/fd/{name}")))
        except FileNotFoundError:  # the one that has just listed them
            continue
    return frozenset(found)


def meaning_of(descriptor: Descriptor) -> Meaning | None:
    """Return what ``descriptor`` is; ``None`` if it may be shared without a word, or was closed."""
    number, link = descriptor
    try:
        mode = os.fstat(number).st_mode
        if stat.S_ISSOCK(mode):
            return Meaning(_socket_in_words(number), shareable=False)
        if stat.S_ISREG(mode) and link.startswith("/"):
            return _meaning_of_file(number, link)
    except OSError:
        return None
    if stat.S_ISDIR(mode) or link in _HARMLESS_DEVICES or link.startswith("/dev/pts/"):
        return None
    return Meaning(_object_in_words(mode, link), shareable=False)


def _object_in_words(mode: int, link: str) -> str:
    if stat.S_ISFIFO(mode):
        return f"named pipe {link}" if link.startswith("/") else "pipe"
    if link.startswith("/"):
        return f"device {link}"
    kind = link.partition(":")[2].strip("[]")  # as in anon_inode:[eventpoll]
    return "epoll object" if kind == "eventpoll" else f"{kind} object"


def _meaning_of_file(number: int, link: str) -> Meaning | None:
    if link.startswith("/memfd:"):
        name = link[len("/memfd:") :].removesuffix(" (deleted)")
        return Meaning(f"anonymous memory {name}", shareable=False)
    flags = fcntl(number, F_GETFL)
    if flags & os.O_PATH:
        return None
    if flags & (os.O_WRONLY | os.O_RDWR) == 0:
        return Meaning(f"{link} (read, from one position for all)", shareable=True)
    if flags & os.O_APPEND:
        return Meaning(f"{link} (appended to)", shareable=True)
    kind = "SQLite database" if _is_sqlite(number, link) else "file"
    return Meaning(f"{kind} {link} (open for writing)", shareable=False)


def _is_sqlite(number: int, link: str) -> bool:
    if link.endswith(_SQLITE_NAMES):
        return True
    try:
        return os.pread(number, len(_SQLITE_HEADER), 0) == _SQLITE_HEADER
    except OSError:  # it is open for writing only
        return False


def _socket_in_words(number: int) -> str:
    limit = socket.getdefaulttimeout()
    socket.setdefaulttimeout(None)  # else the socket would stop blocking
    try:
        made = socket.socket(fileno=number)
    finally:
        socket.setdefaulttimeout(limit)
    try:
        return _describe(made)
    finally:
        made.detach()  # it stays open


def _describe(made: socket.socket) -> str:
    unix = made.family == socket.AF_UNIX
    kind = "Unix" if unix else _INTERNET.get((made.family, made.type))
    if kind is None:
        return f"socket of {_name(made.family)}"
    own = _address(made.getsockname())
    if made.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN):
        return f"{kind} socket that listens on {own}"
    try:
        peer = _address(made.getpeername())
    except OSError:
        return f"{kind} socket {own}" if own else f"{kind} socket without a peer"
    if peer:
        return f"{kind} connection to {peer}"
    return f"{kind} connection at {own}" if own else f"{kind} socket without a name"


def _address(address: object) -> str:
    """Return an address in words; empty if it says nothing."""
    if isinstance(address, bytes):  # of the abstract names of Linux
        return "@" + address.lstrip(b"\0").decode(errors="replace") if address else ""
    if isinstance(address, tuple):
        host, port = address[:2]
        return (f"[{host}]:{port}" if ":" in host else f"{host}:{port}") if port else ""
    return str(address)


def _name(family: int) -> str:
    return family.name if isinstance(family, socket.AddressFamily) else f"family {family}"

"""Control messages: what the server asks of guardian and fork server, as checked values."""

from __future__ import annotations

from typing import NamedTuple, TypeVar, get_type_hints

from vivarium_worker.protocol.frames import Frame, FrameError, parse_object
from vivarium_worker.validation.checks import MISSING, Mismatch
from vivarium_worker.validation.hints import check_of


class Serve(NamedTuple):
    """Start a fork server that imports ``preload``, then ``modules``.

    What comes while one of ``allow_inherited`` is imported may be inherited by workers.
    """

    server: str
    token: str
    path: list[str]
    preload: list[str]
    modules: list[str]
    allow_inherited: list[str]


class StopServer(NamedTuple):
    """End a fork server and all of its workers."""

    server: str


class SignalProcess(NamedTuple):
    """Signal a process of a fork server that does not do it itself any more; 9 means its group too.

    The process is the fork server or a child of it. ``started`` is its start time in clock ticks
    since boot, so that no other one is meant that has been given its id since.
    """

    server: str
    pid: int
    started: int
    signal: int


class Fork(NamedTuple):
    """Start a worker; units are in the names, ``log_level`` is Python's number.

    ``hard_memory_megabytes`` and ``cpu_limit_millis`` are 0 for no limit.
    """

    worker: str
    pool: str
    token: str
    slots: int
    spawn: bool
    spin_micros: int
    log_level: int
    heartbeat_millis: int
    session_bytes: int
    hard_memory_megabytes: int
    cpu_limit_millis: int
    path: list[str]
    modules: list[str]


class SignalWorker(NamedTuple):
    """Send a signal to a worker, but not to its group."""

    worker: str
    signal: int


class KillWorker(NamedTuple):
    """Kill a worker and its group."""

    worker: str


class LifeLine(NamedTuple):
    """The one line that a guardian reads from its standard input."""

    socket: str
    token: str
    run: str


Message = TypeVar("Message")


def read_message(kind: type[Message], frame: Frame) -> Message:
    """Return the body of ``frame`` as ``kind``; raise :class:`FrameError` if it does not fit."""
    return message_of(kind, parse_object(frame.body, frame.kind.name), frame.kind.name)


def message_of(kind: type[Message], body: dict[str, object], what: str) -> Message:
    """Return ``body`` as ``kind``; keys that ``kind`` does not know are ignored."""
    values = {}
    for name, hint in get_type_hints(kind).items():
        try:
            values[name] = check_of(hint)(body.get(name, MISSING))
        except Mismatch as mismatch:
            raise FrameError(f"{name}{mismatch.path} of {what}: {mismatch}") from None
    return kind(**values)

"""Frames: what the server and its Python processes send each other (docs/PROTOCOL.md, section 2).

The Java twin is ``org.vivarium.core.protocol``; both are tested against the byte vectors in
``config/protocol/``, so neither can drift alone. The hot path in ``calls.slot`` reads `CALL` frames
with structures of its own and comes here only when something is not as it should be.
"""

from __future__ import annotations

import json
import struct
from enum import IntEnum
from typing import Final, NamedTuple, TypeVar

CONTROL_MAXIMUM: Final = 1024 * 1024
"""Largest ``length`` in bytes on every channel but ``call``."""

LARGEST_ID: Final = 2**63 - 1
SMALLEST_LENGTH: Final = 12
HEADER: Final = struct.Struct(">IBBHQ")
CALL_PARTS: Final = struct.Struct(">IHI")
STATE_SIZE: Final = struct.Struct(">I")
TABLE: Final = struct.Struct(">II")
ATTACHMENT_SIZE: Final = struct.Struct(">Q")
MOST_ATTACHMENTS: Final = 65_535


class Kind(IntEnum):
    """The types of frames, by their code."""

    HELLO = 0x01
    WELCOME = 0x02
    REJECT = 0x03
    CALL = 0x10
    RESULT = 0x11
    ERROR = 0x12
    STOP = 0x13
    CHUNK = 0x14
    PROGRESS = 0x15
    READY = 0x20
    FAILED = 0x21
    LOG = 0x22
    OUTPUT = 0x23
    HEARTBEAT = 0x24
    SERVE = 0x30
    STOP_SERVER = 0x31
    SERVER_EXIT = 0x32
    LOADED = 0x33
    FORK = 0x34
    FORKED = 0x35
    REFUSED = 0x36
    SIGNAL = 0x37
    KILL = 0x38
    EXIT = 0x39
    SIGNAL_PROCESS = 0x3A
    CLEARED = 0x3B


_FROM_CHILD: Final = {
    "guardian": {Kind.HELLO, Kind.SERVER_EXIT, Kind.HEARTBEAT},
    "server": {
        Kind.HELLO,
        Kind.FAILED,
        Kind.LOADED,
        Kind.FORKED,
        Kind.REFUSED,
        Kind.CLEARED,
        Kind.EXIT,
        Kind.HEARTBEAT,
    },
    "call": {Kind.HELLO, Kind.RESULT, Kind.ERROR, Kind.CHUNK, Kind.PROGRESS},
    "side": {Kind.HELLO, Kind.READY, Kind.FAILED, Kind.LOG, Kind.OUTPUT, Kind.HEARTBEAT},
    "output": {Kind.HELLO},
    "stack": {Kind.HELLO},
}
_FROM_SERVER: Final = {
    "guardian": {
        Kind.WELCOME,
        Kind.REJECT,
        Kind.SERVE,
        Kind.STOP_SERVER,
        Kind.SIGNAL_PROCESS,
    },
    "server": {Kind.WELCOME, Kind.REJECT, Kind.FORK, Kind.SIGNAL, Kind.KILL},
    "call": {Kind.WELCOME, Kind.REJECT, Kind.CALL, Kind.STOP},
    "side": {Kind.WELCOME, Kind.REJECT},
    "output": {Kind.WELCOME, Kind.REJECT},
    "stack": {Kind.WELCOME, Kind.REJECT},
}
ALLOWED: Final = {"from_child": _FROM_CHILD, "from_server": _FROM_SERVER}
"""Which types may be sent: by direction, then by channel."""

_from_json: Final = json.JSONDecoder().decode
_to_json: Final = json.JSONEncoder(separators=(",", ":")).encode
_WITH_ID: Final = {Kind.CALL, Kind.RESULT, Kind.ERROR, Kind.CHUNK, Kind.PROGRESS}
WITH_STATE: Final = 0x01
"""Flag of ``CALL`` and ``RESULT``: the state of a session comes along."""
INLINE: Final = 0x02
"""Flag of ``CALL``, ``RESULT`` and ``CHUNK``: attachments follow the JSON in the frame."""
IN_MEMORY: Final = 0x04
"""Flag of ``CALL`` and ``RESULT``: attachments are in the memory of the slot."""
LEFT_BEHIND: Final = 0x08
"""Flag of ``RESULT``: a cancelled call has left threads or processes behind."""
CHUNKS_WELCOME: Final = 0x10
"""Flag of ``CALL``: a generator may answer by ``CHUNK`` frames."""
PROGRESS_WELCOME: Final = 0x20
"""Flag of ``CALL``: ``PROGRESS`` frames may come before the answer."""

ATTACHED: Final = INLINE | IN_MEMORY
_FLAGS: Final = {
    Kind.CALL: WITH_STATE | ATTACHED | CHUNKS_WELCOME | PROGRESS_WELCOME,
    Kind.RESULT: WITH_STATE | ATTACHED | LEFT_BEHIND,
    Kind.CHUNK: INLINE,
}
_WITHOUT_BODY: Final = {Kind.STOP, Kind.HEARTBEAT}


View = TypeVar("View", bytes, memoryview)


class FrameError(Exception):
    """The peer sent a malformed frame; the connection cannot be trusted any more."""


class Frame(NamedTuple):
    """One frame, checked by :func:`decode`."""

    kind: Kind
    flags: int
    ident: int
    body: bytes


class Attached(NamedTuple):
    """A body that refers to attachments: its JSON, their sizes, and those in the frame."""

    json: bytes | memoryview
    sizes: tuple[int, ...]
    content: bytes | memoryview


class Call(NamedTuple):
    """The parts of a ``CALL`` body; empty context, state or inputs stand for nothing."""

    timeout_millis: int
    program: bytes
    context: bytes
    state: bytes
    inputs: Attached


class Rules(NamedTuple):
    """What is allowed on a connection: its channel, the direction, the largest ``length``."""

    channel: str
    direction: str
    maximum: int = CONTROL_MAXIMUM


def encode(kind: Kind, body: bytes = b"", ident: int = 0, flags: int = 0) -> bytes:
    """Return header and body as one piece, so that it leaves in one write."""
    return HEADER.pack(SMALLEST_LENGTH + len(body), kind, flags, 0, ident) + body


def encode_json(kind: Kind, body: object, ident: int = 0) -> bytes:
    """Return a frame whose body is ``body`` as JSON in plain ASCII, which no text can break."""
    return encode(kind, _to_json(body).encode("ascii"), ident)


def body_size(header: bytes | bytearray | memoryview, rules: Rules) -> int:
    """Return how many bytes of body follow ``header``; the only check that precedes them."""
    length: int = HEADER.unpack_from(header)[0]
    if length < SMALLEST_LENGTH:
        raise FrameError(f"length {length} is below {SMALLEST_LENGTH}")
    if length > rules.maximum:
        raise FrameError(f"length {length} is above {rules.maximum}")
    return length - SMALLEST_LENGTH


def decode(frame: bytes, rules: Rules) -> Frame:
    """Check one whole frame against ``rules``; the first fault is raised as :class:`FrameError`."""
    size = body_size(frame, rules)
    _, code, flags, reserved, ident = HEADER.unpack_from(frame)
    body = frame[HEADER.size :]
    if reserved:
        raise FrameError(f"reserved is {reserved}, not 0")
    kind = _kind(code, rules)
    if flags & ~_FLAGS.get(kind, 0):
        raise FrameError(f"undefined flags 0x{flags:02x} in {kind.name}")
    if flags & ATTACHED == ATTACHED:
        raise FrameError(f"{kind.name} has its attachments both in the frame and in memory")
    _check_id(kind, ident)
    if len(body) != size:
        raise FrameError(f"frame of {size} bytes came with {len(body)}")
    _check_body(kind, body, flags)
    return Frame(kind, flags, ident, body)


def decode_call(body: bytes, flags: int) -> Call:
    """Take the body of a ``CALL`` apart."""
    if len(body) < CALL_PARTS.size:
        raise FrameError(f"CALL has {len(body)} bytes, needs {CALL_PARTS.size}")
    timeout_millis, program_length, context_length = CALL_PARTS.unpack_from(body)
    rest = body[CALL_PARTS.size :]
    named = program_length + context_length
    if named > len(rest):
        raise FrameError(f"CALL names {named} bytes of {len(rest)}")
    if not program_length:
        raise FrameError("CALL names no program")
    context = rest[program_length:named]
    if context:
        parse_object(context, "context of CALL")
    state, inputs = split_state(rest[named:], "CALL") if flags & WITH_STATE else (b"", rest[named:])
    attached = split_attachments(inputs, flags, "CALL")
    return Call(timeout_millis, rest[:program_length], context, state, attached)


def split_state(body: View, what: str) -> tuple[View, View]:
    """Take the state of a session off the front of ``body``; return it and what follows."""
    if len(body) < STATE_SIZE.size:
        raise FrameError(f"{what} has {len(body)} bytes for a state, needs {STATE_SIZE.size}")
    end = STATE_SIZE.size + STATE_SIZE.unpack_from(body)[0]
    if end > len(body):
        raise FrameError(f"{what} names a state of {end - STATE_SIZE.size} bytes and ends before")
    return body[STATE_SIZE.size : end], body[end:]


def split_attachments(body: bytes | memoryview, flags: int, what: str) -> Attached:
    """Take the table of attachments off the front of ``body``, if ``flags`` announce one."""
    if not flags & ATTACHED:
        return Attached(body, (), b"")
    if len(body) < TABLE.size:
        raise FrameError(f"{what} has {len(body)} bytes for attachments, needs {TABLE.size}")
    json_size, count = TABLE.unpack_from(body)
    if not 1 <= count <= MOST_ATTACHMENTS:
        raise FrameError(f"{what} names {count} attachments, not 1 to {MOST_ATTACHMENTS}")
    json_at = TABLE.size + count * ATTACHMENT_SIZE.size
    if len(body) < json_at:
        raise FrameError(f"{what} has {len(body)} bytes for {count} attachments, needs {json_at}")
    sizes = struct.unpack_from(f">{count}Q", body, TABLE.size)
    named = json_at + json_size + (sum(sizes) if flags & INLINE else 0)
    if len(body) != named:
        raise FrameError(f"{what} of {len(body)} bytes has a table that adds up to {named}")
    return Attached(body[json_at : json_at + json_size], sizes, body[json_at + json_size :])


def attachment_table(json_size: int, sizes: list[int]) -> bytes:
    """Return the table that precedes ``json_size`` bytes of JSON and attachments of ``sizes``."""
    return TABLE.pack(json_size, len(sizes)) + struct.pack(f">{len(sizes)}Q", *sizes)


def parse_object(body: bytes, what: str) -> dict[str, object]:
    """Return the JSON object in ``body``; anything else is a :class:`FrameError` about ``what``."""
    try:
        value = _from_json(body.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise FrameError(f"{what} needs a JSON object: {error}") from None
    if not isinstance(value, dict):
        raise FrameError(f"{what} needs a JSON object, not {type(value).__name__}")
    return value


def _kind(code: int, rules: Rules) -> Kind:
    try:
        kind = Kind(code)
    except ValueError:
        raise FrameError(f"unknown type 0x{code:02x}") from None
    if kind not in ALLOWED[rules.direction][rules.channel]:
        direction = rules.direction.replace("_", " ").replace("child", "a child")
        direction = direction.replace("server", "the server")
        raise FrameError(f"{kind.name} is not allowed {direction} on {rules.channel}")
    return kind


def _check_id(kind: Kind, ident: int) -> None:
    if ident > LARGEST_ID:
        raise FrameError(f"id is above {LARGEST_ID}")
    if kind in _WITH_ID and not ident:
        raise FrameError(f"{kind.name} needs an id")
    if ident and kind not in _WITH_ID and kind is not Kind.HEARTBEAT:
        raise FrameError(f"{kind.name} takes no id")


def _check_body(kind: Kind, body: bytes, flags: int) -> None:
    if kind in _WITHOUT_BODY:
        if body:
            raise FrameError(f"{kind.name} takes no body")
    elif kind is Kind.CALL:
        decode_call(body, flags)
    elif kind in {Kind.RESULT, Kind.CHUNK}:
        rest = split_state(body, kind.name)[1] if flags & WITH_STATE else body
        if not split_attachments(rest, flags, kind.name).json:
            raise FrameError(f"{kind.name} needs a body")
    else:
        parse_object(body, kind.name)

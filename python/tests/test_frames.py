from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vivarium_worker.protocol.frames import (
    ALLOWED,
    WITH_STATE,
    Frame,
    FrameError,
    Kind,
    Rules,
    body_size,
    decode,
    decode_call,
    encode,
    encode_json,
    split_attachments,
    split_state,
)

VECTORS = Path(__file__).parents[2] / "config" / "protocol"


def vectors(name: str) -> list[Any]:
    rows = json.loads((VECTORS / f"{name}.json").read_text(encoding="utf-8"))
    return [pytest.param(row, id=row["name"]) for row in rows]


def rules_for(kind: Kind, maximum: int = 1024 * 1024) -> Rules:
    for direction, channels in ALLOWED.items():
        for channel, kinds in channels.items():
            if kind in kinds:
                return Rules(channel, direction, maximum)
    raise AssertionError(f"{kind.name} is allowed nowhere")


@pytest.mark.parametrize("vector", vectors("frames"))
def test_a_valid_frame_is_written_as_its_vector(vector: dict[str, Any]) -> None:
    body = bytes.fromhex(vector["body_hex"])
    frame = encode(Kind[vector["type"]], body, vector["id"], vector["flags"])

    assert frame.hex() == vector["frame_hex"]


@pytest.mark.parametrize("vector", vectors("frames"))
def test_a_valid_frame_is_read_as_its_vector_says(vector: dict[str, Any]) -> None:
    kind = Kind[vector["type"]]
    frame = decode(bytes.fromhex(vector["frame_hex"]), rules_for(kind))

    body = bytes.fromhex(vector["body_hex"])
    assert frame == Frame(kind, vector["flags"], vector["id"], body)
    if "call" in vector:
        parts = decode_call(body, vector["flags"])
        assert parts.timeout_millis == vector["call"]["timeout_millis"]
        assert parts.program.decode() == vector["call"]["program"]
        assert parts.context.decode() == vector["call"]["context"]
        assert parts.state.hex() == vector["call"].get("state_hex", "")
        assert bytes(parts.inputs.json).decode() == vector["call"]["inputs"]
        assert list(parts.inputs.sizes) == vector["call"].get("sizes", [])
        assert bytes(parts.inputs.content).hex() == vector["call"].get("content_hex", "")
    if "answer" in vector:
        answer, flags = vector["answer"], vector["flags"]
        state, rest = split_state(body, "RESULT") if flags & WITH_STATE else (b"", body)
        attached = split_attachments(rest, flags, "RESULT")
        assert state.hex() == answer.get("state_hex", "")
        assert bytes(attached.json).decode() == answer["json"]
        assert list(attached.sizes) == answer.get("sizes", [])
        assert bytes(attached.content).hex() == answer.get("content_hex", "")


@pytest.mark.parametrize("vector", vectors("malformed"))
def test_a_malformed_frame_is_refused_with_its_complaint(vector: dict[str, Any]) -> None:
    rules = Rules(vector["channel"], vector["direction"], vector["maximum"])

    with pytest.raises(FrameError) as refused:
        decode(bytes.fromhex(vector["frame_hex"]), rules)

    assert vector["complaint"] in str(refused.value)


def test_every_type_has_a_vector() -> None:
    rows = json.loads((VECTORS / "frames.json").read_text(encoding="utf-8"))

    assert {row["type"] for row in rows} == {kind.name for kind in Kind}


def test_the_header_alone_tells_how_much_follows() -> None:
    frame = encode(Kind.RESULT, b'"four"', 3)

    assert body_size(frame[:16], Rules("call", "from_child")) == 6


def test_a_body_that_is_not_all_there_is_refused() -> None:
    with pytest.raises(FrameError, match="frame of 6 bytes came with 5"):
        decode(encode(Kind.RESULT, b'"four"', 3)[:-1], Rules("call", "from_child"))


def test_text_that_utf_8_cannot_express_leaves_as_ascii() -> None:
    frame = encode_json(Kind.OUTPUT, {"text": "\ud800 ü"})

    assert frame[16:] == b'{"text":"\\ud800 \\u00fc"}'


@given(st.binary(max_size=80))
def test_arbitrary_bytes_are_a_frame_or_refused(data: bytes) -> None:
    frame = data.ljust(16, b"\0")
    try:
        read = decode(frame, Rules("call", "from_server"))
    except FrameError:
        return
    assert encode(read.kind, read.body, read.ident) == frame


@given(
    st.sampled_from(["call", "side", "server", "guardian"]),
    st.integers(0, 255),
    st.integers(0, 2**64 - 1),
    st.binary(max_size=40),
)
def test_a_header_with_any_type_is_a_frame_or_refused(
    channel: str, code: int, ident: int, body: bytes
) -> None:
    head = (12 + len(body)).to_bytes(4, "big") + bytes([code, 0, 0, 0]) + ident.to_bytes(8, "big")
    try:
        read = decode(head + body, Rules(channel, "from_child"))
    except FrameError:
        return
    assert read.kind in ALLOWED["from_child"][channel]
    assert encode(read.kind, body, ident) == head + body

from __future__ import annotations

import enum
import json
from collections import Counter, OrderedDict
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from test_signature import JSON
from vivarium_worker.programs.errors import CallError
from vivarium_worker.programs.results import ResultWithAttachments, encode_result


class Color(enum.Enum):
    RED = "red"


class Level(enum.IntEnum):
    LOW = 1


@dataclass
class Point:
    x: float
    color: Color = Color.RED


def encoded(value: object) -> bytes:
    made = encode_result(value)
    assert isinstance(made, bytes)
    return made


def cycle() -> list[Any]:
    made: list[Any] = [1]
    made.append({"again": made})
    return made


def nested(levels: int) -> list[Any]:
    made: list[Any] = []
    for _ in range(levels):
        made = [made]
    return made


@given(JSON)
def test_every_json_value_comes_back_equal(value: object) -> None:
    assert json.loads(encoded(value)) == value


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"a": (1, 2)}, '{"a":[1,2]}'),
        (Point(1.5), '{"x":1.5,"color":"red"}'),
        ([Point(1), {"p": Point(2)}], '[{"x":1,"color":"red"},{"p":{"x":2,"color":"red"}}]'),
        (Color.RED, '"red"'),
        ([Level.LOW], "[1]"),
        ({Color.RED: 1}, '{"red":1}'),
        (OrderedDict(a=1), '{"a":1}'),
        (Counter("aa"), '{"a":2}'),
        ("grün 𝄞", '"grün 𝄞"'),
        (nested(199), "[" * 200 + "]" * 200),
        ([nested(198), Level.LOW], "[" * 200 + "]" * 199 + ",1]"),
    ],
)
def test_what_json_has_a_form_for_is_converted(value: object, text: str) -> None:
    assert encoded(value).decode() == text


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ({"items": [1, 2, 3, 1j]}, "result.items[3] is of type complex"),
        (object(), "result is of type object"),
        (Point, "result is of type type"),
        ({"rows": [[1.0, float("nan")]]}, "result.rows[0][1] is nan"),
        (float("-inf"), "result is -inf"),
        ({"years": {20.5: 1}}, "result.years has the key 20.5 of type float"),
        ({None: 1}, "result has the key None of type NoneType"),
        ({("a",): 1}, "result has the key ('a',) of type tuple"),
        ({"loop": cycle()}, "result.loop[1].again contains itself"),
        (nested(200), "is nested more than 200 levels deep"),
        (nested(100_000), "is nested more than 200 levels deep"),
        (["\ud800"], "result[0] is text with half a surrogate pair"),
        ({"\ud800": 1}, "a key of result is text with half a surrogate pair"),
        (Point(float("inf")), "result.x is inf"),
    ],
)
def test_what_json_has_no_form_for_is_named_by_its_place(value: object, told: str) -> None:
    with pytest.raises(CallError) as refused:
        encode_result(value)

    assert (refused.value.category, refused.value.kind) == ("program_error", "UnserializableResult")
    assert told in str(refused.value)


@given(st.recursive(st.binary(), lambda i: st.lists(i, min_size=1) | st.tuples(i), max_leaves=5))
def test_bytes_are_found_at_any_depth(value: object) -> None:
    assert isinstance(encode_result(value), ResultWithAttachments)


def test_a_value_that_occurs_twice_is_no_cycle() -> None:
    shared = Point(1)

    assert json.loads(encoded([shared, shared])) == [{"x": 1, "color": "red"}] * 2

# ruff: noqa: E501, RUF001 - messages and digits of other scripts
"""Inputs as they are read: numbers that JSON has and ``float`` has not, digits of a Decimal."""

from __future__ import annotations

import collections
import datetime as dt
import enum
import importlib
import ipaddress
import json
import pickle
import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple, Optional, Union

import numpy as np
import pytest

from vivarium_worker.programs.errors import CallError
from vivarium_worker.programs.inputs import AS_TYPED, EXACT, FINITE, NULLED, decode_inputs
from vivarium_worker.programs.signature import Signature
from vivarium_worker.validation.hints import HintError
from vivarium_worker.validation.numbers import NumberText

A_UUID = "0e984725-c51c-4bf4-9960-e1c80e27aba0"


class Level(enum.Enum):
    LOW = 1
    HIGH = 2


class Pair(NamedTuple):
    first: int
    second: dt.date


@dataclass
class Unknown:
    inner: complex


@dataclass
class Unresolved:
    inner: Nowhere  # type: ignore[name-defined]  # noqa: F821 - on purpose


@dataclass
class Bill:
    amount: Decimal
    rate: float
    extra: Any = None


def signature(hint: object, *, nan_as_null: bool = False) -> Signature:
    def program(x: Any) -> None:
        raise NotImplementedError(x)

    program.__annotations__["x"] = hint
    return Signature(program, nan_as_null=nan_as_null)


def given(hint: object, text: str, *, nan_as_null: bool = False) -> Any:
    compiled = signature(hint, nan_as_null=nan_as_null)
    inputs = decode_inputs(f'{{"x":{text}}}'.encode(), compiled.decoder)
    compiled.accept(inputs)
    return inputs["x"]


def refusal(hint: object, text: str) -> tuple[str | None, str]:
    with pytest.raises(CallError) as refused:
        given(hint, text)
    assert (refused.value.category, refused.value.kind) == ("validation_error", "InvalidInput")
    return refused.value.field, str(refused.value)


@pytest.mark.parametrize(
    ("hint", "text", "field", "shown"),
    [
        (float, "1e400", "x", "inf"),
        (Any, "1e400", "x", "1e400"),
        (Any, '[1,{"a":[2.5,-1e999]}]', "x[1].a[1]", "-1e999"),
        (dict, '{"a":NaN}', "x.a", "NaN"),
        (float, "-Infinity", "x", "-Infinity"),
        (list[float], "[1,1e400]", "x[1]", "inf"),
        (Bill, '{"amount":1,"rate":1e400}', "x.rate", "1e400"),
        (Bill, '{"amount":1,"rate":1,"extra":[1e400]}', "x.extra[0]", "1e400"),
    ],
)  # fmt: skip
def test_what_is_no_finite_number_is_refused_with_its_place(
    hint: object, text: str, field: str, shown: str
) -> None:
    found, message = refusal(hint, text)

    assert found == field
    assert message == f"{field}: expected a finite float, got float {shown}"


def test_what_is_no_finite_number_is_null_where_a_program_wants_it() -> None:
    assert given(list[Optional[float]], "[1e400,NaN,-Infinity,1.5]", nan_as_null=True) == (
        [None, None, None, 1.5]
    )


@pytest.mark.parametrize(
    "text", ["0.1", "1.10", "1E+3", "12345678901234567890.0123456789", "1e400"]
)
def test_a_decimal_is_made_of_the_text_of_the_number(text: str) -> None:
    assert str(given(Decimal, text)) == str(Decimal(text))
    assert str(given(Decimal, f'"{text}"')) == str(Decimal(text))
    assert str(given(dict[str, list[Decimal]], f'{{"a":[{text}]}}')["a"][0]) == str(Decimal(text))


@pytest.mark.parametrize(
    "text", ['"NaN"', '"Infinity"', '"1_000"', '" 1"', '""', "true", "null", "[]"]
)
def test_what_is_no_number_is_no_decimal(text: str) -> None:
    assert refusal(Decimal, text)[1].startswith("x: expected Decimal as a number or its text, got ")


def test_an_exponent_that_no_decimal_has_is_refused() -> None:
    assert "an exponent that Python has" in refusal(Decimal, '"1e99999999999999999999"')[1]


def test_beside_a_decimal_all_other_numbers_are_what_they_always_are() -> None:
    bill = given(Bill, '{"amount":0.10,"rate":0.5,"extra":[1.5,{"a":2.5}]}')

    assert str(bill.amount) == "0.10"
    assert [type(n) for n in (bill.rate, bill.extra[0], bill.extra[1]["a"])] == [float] * 3
    assert type(given(Union[int, float, Decimal], "1.5")) is float
    assert refusal(Union[int, Decimal], '"a"')[1] == "x: expected int | Decimal, got str 'a'"
    assert refusal(Bill, '{"amount":1,"rate":1,"extra":[1e400]}')[0] == "x.extra[0]"


def test_a_pydantic_model_gets_all_digits_and_no_infinity() -> None:
    pydantic = pytest.importorskip("pydantic", reason="not tried with this Python: pydantic")
    inner: Any = pydantic.create_model("Inner", amount=(Decimal, ...))
    outer = pydantic.create_model("Outer", inner=(list[inner], ...), rate=(float, 1.0))

    made = given(outer, '{"inner":[{"amount":0.10000000000000000000001}],"rate":0.5}')

    assert str(made.inner[0].amount) == "0.10000000000000000000001"
    assert type(made.rate) is float
    field, message = refusal(outer, '{"inner":[{"amount":"a"}]}')
    assert field == "x.inner[0].amount"
    assert message.startswith("x.inner[0].amount: Input should be a valid decimal (Outer)")
    assert "and 1 more" in refusal(outer, '{"inner":[{"amount":"a"}],"rate":"b"}')[1]
    assert refusal(outer, '{"inner":[],"rate":1e400}')[0] == "x.rate"
    plain = pydantic.create_model("Plain", rate=(float, 1.0))
    assert refusal(plain, '{"rate":1e400}')[0] == "x.rate"


@pytest.mark.parametrize(
    ("hint", "value", "field", "told"),
    [
        (dt.datetime, "2026-11-29", "x", "datetime in ISO 8601 (2026-11-29T18:30:00 or 2026-11-29T18"),
        (dt.datetime, "2026-11-29T18:30:00.1234567Z", "x", "datetime of whole microseconds (in Java"),
        (dt.datetime, "2026-02-30T18:30:00", "x", "datetime in ISO 8601 that exists (day"),
        (dt.datetime, "2026-11-29T18:30:00+01:60", "x", "minutes and seconds of an offset must be"),
        (dt.datetime, "2026-11-29T18:30:00+24:00", "x", "datetime in ISO 8601 that exists (offset"),
        (dt.datetime, 1, "x", "datetime in ISO 8601"),
        (dt.date, "2026-11-29T00:00:00", "x", "date in ISO 8601 (2026-11-29), got str"),
        (dt.date, "２０２６-11-29", "x", "date in ISO 8601"),
        (dt.time, "24:00", "x", "time in ISO 8601 that exists (hour"),
        (dt.timedelta, "P", "x", "timedelta in ISO 8601 (PT26H30M or PT-1.5S), got str 'P'"),
        (dt.timedelta, "PT", "x", "timedelta in ISO 8601"),
        (dt.timedelta, "P1M", "x", "timedelta in ISO 8601"),
        (dt.timedelta, "PT0.0000001S", "x", "timedelta of whole microseconds"),
        (dt.timedelta, "P999999999999D", "x", "timedelta in ISO 8601 that exists"),
        (uuid.UUID, "0e984725", "x", "UUID as text (badly formed"),
        (Path, 1, "x", "path as text, got int 1"),
        (ipaddress.IPv4Address, "10.0.0.256", "x", "IPv4 address as text ("),
        (ipaddress.IPv4Address, 1, "x", "IPv4 address as text, got int 1"),
        (list[dt.date], ["2026-01-02", "x"], "x[1]", "date in ISO 8601"),
        (dict[int, dt.date], {"1": "2026-01-02", "2": ""}, "x.2", "date in ISO 8601"),
        (dict[int, int], {"1": 1, "01": 1}, "x.01", "int as text (it is written in another way)"),
        (dict[int, int], {"a": 1}, "x.a", "int as text"),
        (dict[uuid.UUID, int], {A_UUID: 1, A_UUID.upper(): 2}, f"x.{A_UUID.upper()}", "a key that no"),
        (dict[Level, int], {"3": 1}, "x.3", "expected Level"),
        (collections.deque[int], [1, "a"], "x[1]", "expected int"),
        (collections.deque, {}, "x", "expected deque, got dict"),
        (Iterator[int], 1, "x", "expected list, got int 1"),
        (Pair, {"first": 1}, "x.second", "expected this field of Pair, got nothing"),
        (Pair, {"first": 1, "second": "x"}, "x.second", "date in ISO 8601"),
        (Pair, [1, 2], "x", "expected Pair, got list"),
        (np.int8, 300, "x", "expected int8, got int 300"),
        (np.int8, True, "x", "expected int8, got bool True"),
        (np.uint8, -1, "x", "expected uint8, got int -1"),
        (np.bool_, 1, "x", "got int 1"),
        (np.float32, "1", "x", "expected float, got str '1'"),
        (np.datetime64, "2026-11-29T18:30:00Z", "x", "datetime without an offset"),
    ],
)  # fmt: skip
def test_what_is_not_of_its_type_is_refused_with_its_place(
    hint: object, value: object, field: str, told: str
) -> None:
    found, message = refusal(hint, json.dumps(value))

    assert found == field
    assert message.startswith(f"{field}: expected ")
    assert told in message


@pytest.mark.parametrize(
    ("package", "module", "name", "told"),
    [
        ("pandas", "pandas", "DataFrame", "pandas.DataFrame as an Arrow stream (Arrow"),
        ("pandas", "pandas", "Series", "pandas.Series as an Arrow stream"),
        ("polars", "polars", "DataFrame", "polars.DataFrame as an Arrow stream"),
        ("pyarrow", "pyarrow", "Table", "pyarrow.Table as an Arrow stream (Arrow"),
        ("PIL", "PIL.Image", "Image", "PIL.Image as an image (Unidentified"),
    ],
)
def test_a_table_or_image_that_is_none_is_refused_with_its_place(
    package: str, module: str, name: str, told: str
) -> None:
    pytest.importorskip(package, reason=f"not tried with this Python: {package}")
    hint: Any = getattr(importlib.import_module(module), name)

    field, message = refusal(list[hint], '["YWJj"]')
    assert field == "x[0]"
    assert told in message
    assert "attached or in base64, got int 1" in refusal(hint, "1")[1]


def test_a_hint_that_is_no_type_of_inputs_is_told_with_parameter_line_and_remedy() -> None:
    with pytest.raises(HintError) as refused:
        signature(dict[str, list[complex]])

    assert re.fullmatch(
        r"parameter x of signature\.<locals>\.program: complex is not a type that inputs can have: "
        r"write a hint of the table of types in docs/CALLS\.md, or Any, and convert the input in the "
        r"program \(module test_inputs, .*/test_inputs\.py:\d+\)",
        str(refused.value),
    )


@pytest.mark.parametrize(
    ("hint", "told"),
    [
        (np.complex128, "numpy.complex128 is not a type that inputs can have"),
        (range, "range is not a type that inputs can have"),
        (Unknown, "field inner of Unknown: complex is not a type"),
        (Unresolved, "the type hints of Unresolved cannot be read: name 'Nowhere' is not defined"),
        (
            dict[float, int],
            "the keys of a JSON object must be str, int, UUID or an Enum, not float",
        ),
    ],
)
def test_a_hint_that_hides_deeper_is_told_with_the_way_to_it(hint: object, told: str) -> None:
    with pytest.raises(HintError, match=re.escape(told)):
        signature(hint)


def test_only_programs_that_need_it_look_at_the_text_of_numbers() -> None:
    assert signature(list[float]).decoder is AS_TYPED
    assert signature(dict[str, Any]).decoder is FINITE
    assert signature(list).decoder is FINITE
    assert signature(Optional[Bill]).decoder is EXACT
    assert signature(float, nan_as_null=True).decoder is NULLED


def test_a_number_with_its_text_is_a_float_wherever_it_gets_to() -> None:
    number = NumberText("0.10")

    assert number == 0.1
    assert json.dumps(number) == "0.1"
    assert pickle.loads(pickle.dumps(number)) == number  # noqa: S301 - just made

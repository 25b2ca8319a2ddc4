# ruff: noqa: DTZ001, E501 - naive times are what is tried
"""What is more than plain JSON: refusals with their place, NaN, encoders, limits, bad manners."""

from __future__ import annotations

import collections
import datetime as dt
import enum
import itertools
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Callable

import numpy as np
import pytest

from vivarium_worker import encoder
from vivarium_worker.programs import encoders
from vivarium_worker.programs.conversion import ResultRules, convert
from vivarium_worker.programs.errors import CallError
from vivarium_worker.programs.results import ResultWithAttachments, encode_result

A_UUID = uuid.UUID("0e984725-c51c-4bf4-9960-e1c80e27aba0")
NULLED = ResultRules(nan_as_null=True)


class Color(enum.Enum):
    RED = "red"


class Odd(dt.tzinfo):
    def utcoffset(self, _when: object) -> dt.timedelta:
        return dt.timedelta(microseconds=1)

    def dst(self, _when: object) -> None: ...

    def tzname(self, _when: object) -> None: ...


def refusal(value: object) -> str:
    with pytest.raises(CallError) as refused:
        encode_result(value)
    assert (refused.value.category, refused.value.kind) == ("program_error", "UnserializableResult")
    return str(refused.value)


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ({"day": [dt.time(1, tzinfo=Odd())]}, "result.day[0] is 01:00:00+00:00:00.000001, and the"),
        ([Decimal("NaN")], "result[0] is a Decimal that is no finite number"),
        ({"a": Decimal("-Infinity")}, "result.a is a Decimal that is no finite number"),
        ({"a": {1: "a", "1": "b"}}, "result.a has the keys 1 and '1', which are the same as text"),
        ({Color.RED: 1, "red": 2}, "result has the keys <Color.RED: 'red'> and 'red', which are"),
        ({A_UUID: 1, str(A_UUID): 2}, "which are the same as text"),
        ({"a": {True: 1}}, "result.a has the key True of type bool: keys are str, int, UUID or"),
        ({None: 1}, "result has the key None of type NoneType: keys are"),
        ({1.5: 1}, "result has the key 1.5 of type float: keys are"),
        ({dt.date(2026, 1, 2): 1}, "of type datetime.date: keys are"),
        ([float("nan")], "result[0] is nan, which JSON does not have: return None in its place, or"),
        ({"a": (1, float("-inf"))}, "result.a[1] is -inf, which JSON does not have"),
        (np.datetime64("NaT"), "result is nan"),
        (np.datetime64("2026-11-29T00:00:00.000000001"), "result is finer than microseconds: round"),
        (np.timedelta64(1, "ns"), "result is finer than microseconds: round it, for instance by asty"),
        (np.timedelta64(1, "M"), "choose a unit, such as timedelta64[s]"),
        (np.datetime64(10**6, "Y"), "which is beyond the years that Python knows"),
        (np.complex128(1j), "result is a NumPy scalar of type complex128, which has no form"),
        ({"m": np.ma.masked_array([1, 2, 3], mask=[False, True, False])}, "result.m is an array with 1 of 3 val"),
        ([np.ma.masked], "result[0] is an array with 1 of 1 values masked"),
        (np.zeros(2, dtype=[("a", "i4"), ("b", "f8")]), "result is an array with the fields a, b: r"),
        (np.ma.masked_array(np.zeros(2, dtype=[("a", "i4")])), "is an array with the fields a"),
        (np.array([{}], dtype=object), "is an array of type object, with Python objects"),
        (itertools, "result is of type module, which JSON does not have: convert it, or register"),
        ([1j], "complex, which JSON does not have: convert it, or register a function that does so by @enc"),
    ],
)  # fmt: skip
def test_what_cannot_travel_is_told_with_its_place_and_what_to_do(value: object, told: str) -> None:
    assert told in refusal(value)


def test_a_row_of_a_structured_array_is_an_object() -> None:
    row = np.zeros(1, dtype=[("a", "i4"), ("b", "f8")])[0]

    assert encode_result([row]) == b'[{"a":0,"b":0.0}]'


def test_strings_of_variable_width_in_arrays_are_refused() -> None:
    if not hasattr(np, "dtypes") or not hasattr(np.dtypes, "StringDType"):
        pytest.skip("this NumPy has no StringDType")

    assert "with Python objects" in refusal(np.array(["a"], dtype=np.dtypes.StringDType()))


def test_nan_becomes_null_where_a_program_wants_it_and_stays_in_attachments() -> None:
    value = [float("nan"), {"a": float("inf")}, Decimal("NaN"), np.float32("nan"), 1.5, "NaN"]

    assert convert(value, "result", NULLED) == b'[null,{"a":null},null,null,1.5,"NaN"]'
    attached = convert(np.array([np.nan]), "result", NULLED)
    assert isinstance(attached, ResultWithAttachments)
    assert np.isnan(np.frombuffer(attached.attachments[0]))


def test_pandas_has_its_own_kinds_of_nothing_and_nanoseconds() -> None:
    pandas = pytest.importorskip("pandas", reason="not tried with this Python: pandas")

    assert convert([pandas.NaT, pandas.NA], "result", NULLED) == b"[null,null]"
    assert refusal([pandas.NaT]).startswith("result[0] is nan")
    day = pandas.Timestamp("2026-11-29T18:30:00.000001")
    assert encode_result([day, day - day]) == b'["2026-11-29T18:30:00.000001","PT0S"]'
    assert "finer than microseconds" in refusal(day + pandas.Timedelta(1, "ns"))
    assert "finer than microseconds" in refusal(pandas.Timedelta(1, "ns"))


def test_frames_that_arrow_cannot_express_are_refused_with_the_reason() -> None:
    polars = pytest.importorskip("polars", reason="not tried with this Python: polars")
    pandas = pytest.importorskip("pandas", reason="not tried with this Python: pandas")

    assert "result.f is a LazyFrame of Polars: collect() it" in refusal({"f": polars.LazyFrame()})
    mixed = pandas.DataFrame({"a": [1, object()]})
    assert "result is of type pandas" in refusal(mixed)
    assert "cannot be converted: Arrow" in refusal(mixed)


def test_an_image_that_png_cannot_hold_is_refused_with_the_reason() -> None:
    images = pytest.importorskip("PIL.Image", reason="not tried with this Python: Pillow")

    assert "cannot write mode CMYK as PNG" in refusal({"i": images.new("CMYK", (1, 1))})


def test_a_set_is_sorted_if_its_items_can_be_compared() -> None:
    assert encode_result({3, 1, 2}) == b"[1,2,3]"
    assert encode_result({Color.RED}) == b'["red"]'
    assert sorted(encode_result({1, "a"})) == sorted(b'[1,"a"]')


def test_an_iterator_without_an_end_is_cut_off_at_the_limit() -> None:
    with pytest.raises(CallError) as refused:
        convert(itertools.count(), "result", ResultRules(maximum=10_000))

    assert (refused.value.category, refused.value.kind) == ("resource_error", "ResultTooLarge")
    assert "the result has more than 10000 bytes of JSON" in str(refused.value)


def test_what_an_iterator_raises_is_the_programs_own_error() -> None:
    def items() -> Iterator[int]:
        yield 1
        raise LookupError("no more")

    with pytest.raises(LookupError, match="no more"):
        encode_result({"items": items()})


class Liar:
    """Fails whatever one asks of it."""

    @property  # type: ignore[misc]
    def __class__(self) -> type:
        raise ZeroDivisionError

    def __repr__(self) -> str:
        raise ZeroDivisionError

    __str__ = __iter__ = __len__ = __repr__


class BadMapping(collections.UserDict[str, int]):
    def items(self) -> Any:
        raise ZeroDivisionError("items")


class BadList(list[int]):
    def __iter__(self) -> Any:
        raise ZeroDivisionError("iter")


class BadKey:
    def __repr__(self) -> str:
        raise ZeroDivisionError


class BadMessageError(Exception):
    def __str__(self) -> str:
        raise ZeroDivisionError


@dataclass
class BadField:
    value: int

    def __getattribute__(self, name: str) -> Any:
        if name == "value":
            raise BadMessageError
        return super().__getattribute__(name)


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (Liar, "result.x is of type test_conversion.Liar, which JSON does not have"),
        (lambda: BadMapping(a=1), "BadMapping and cannot be converted: ZeroDivisionError: items"),
        (
            lambda: BadList([1]),
            "result.x is of type test_conversion.BadList and cannot be converted: Zero",
        ),
        (
            lambda: {BadKey(): 1},
            "result.x has the key of a kind that cannot be shown of type test_conv",
        ),
        (
            lambda: BadField(1),
            "result.x is of type test_conversion.BadField and cannot be converted: BadMe",
        ),
    ],
)
def test_an_object_that_misbehaves_fails_its_call_and_names_its_place(
    make: Callable[[], object], told: str
) -> None:
    assert told in refusal({"x": make()})


class Money:
    def __init__(self, amount: str) -> None:
        self.amount = Decimal(amount)


class Euro(Money):
    pass


class Cent(Euro):
    pass


@pytest.fixture
def registered() -> Iterator[None]:
    before = dict(encoders.ENCODERS)
    yield
    encoders.ENCODERS.clear()
    encoders.ENCODERS.update(before)


@pytest.mark.usefixtures("registered")
def test_an_encoder_serves_its_type_and_subclasses_and_the_most_specific_one_wins() -> None:
    encoder(Money)(lambda money: {"amount": money.amount})
    encoder(Cent)(lambda _: b"cents")
    encoder(dt.date)(lambda day: day.toordinal())

    assert encode_result([Money("1.10"), Euro("2")]) == b'[{"amount":1.10},{"amount":2}]'
    assert isinstance(encode_result(Cent("3")), ResultWithAttachments)
    assert encode_result([dt.date(1, 1, 2)]) == b"[2]"
    assert encode_result([dt.datetime(2026, 1, 2)]) == b'["2026-01-02T00:00:00"]'


@pytest.mark.usefixtures("registered")
def test_an_encoder_comes_before_the_form_that_a_type_has_by_its_structure() -> None:
    @dataclass
    class Price:
        amount: int

    @dataclass
    class Rebate(Price):
        percent: int = 0

    encoder(Price)(lambda price: price.amount)

    assert encode_result([Price(1), Rebate(2)]) == b"[1,2]"


@pytest.mark.usefixtures("registered")
def test_an_encoder_for_object_takes_what_nothing_else_does() -> None:
    encoder(object)(lambda value: type(value).__name__)

    assert (
        encode_result([1j, dt.date(2026, 1, 2), Money("1")]) == b'["complex","2026-01-02","Money"]'
    )


@pytest.mark.usefixtures("registered")
def test_an_encoder_that_fails_or_leads_nowhere_is_named() -> None:
    encoder(Money)(lambda money: money)
    assert refusal([Money("1")]) == ("result[0] contains itself")
    encoder(Money)(lambda _: Money("1"))
    assert "result[0] is of type test_conversion.Money, whose encoder leads back" in refusal(
        [Money("1")]
    )

    def failing(money: Money) -> None:
        raise ValueError(f"no {money.amount}")

    encoder(Money)(failing)
    told = refusal({"sum": Money("1")})
    assert told.startswith(
        "result.sum is of type test_conversion.Money and cannot be converted by te"
    )
    assert "failing (" in told
    assert "test_conversion.py:" in told
    assert told.endswith("ValueError: no 1")


@pytest.mark.parametrize("kind", [str, int, float, bool, list, dict, tuple, type(None)])
def test_plain_json_cannot_have_an_encoder(kind: type) -> None:
    with pytest.raises(TypeError, match="is JSON already: make a subclass to give it an encoder"):
        encoder(kind)


@pytest.mark.usefixtures("registered")
def test_two_modules_cannot_have_encoders_for_the_same_type() -> None:
    def other(_: Money) -> None: ...

    other.__module__ = "elsewhere"
    encoder(Money)(lambda money: money.amount)
    encoder(Money)(lambda money: money.amount)

    with pytest.raises(
        ValueError, match=r"two encoders are registered for test_conversion\.Money: "
    ):
        encoder(Money)(other)
    with pytest.raises(TypeError, match="takes a class"):
        encoder("Money")  # type: ignore[arg-type]


def test_nested_dataclasses_may_be_as_deep_as_lists() -> None:
    @dataclass
    class Node:
        inner: Any

    made: Any = None
    for _ in range(200):
        made = Node(made)

    assert encode_result(made) == b'{"inner":' * 200 + b"null" + b"}" * 200
    assert "is nested more than 200 levels deep" in refusal(Node(made))


def test_many_attachments_are_refused_before_they_are_all_made() -> None:
    assert refusal(b"x" for _ in itertools.count()).startswith("the result has more binary parts")

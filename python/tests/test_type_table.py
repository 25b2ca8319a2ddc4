"""The table of types in docs/CALLS.md, line by line and in both directions."""

# ruff: noqa: DTZ001, E501, FBT003 - naive times and truth values have rows of their own

from __future__ import annotations

import base64
import collections
import datetime as dt
import enum
import importlib
import io
import ipaddress
import json
import math
import types
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path, PurePath
from typing import Any, Callable, NamedTuple, Optional, TypedDict, Union

import pytest

from vivarium_worker.programs.inputs import decode_with
from vivarium_worker.programs.results import ResultWithAttachments, encode_result
from vivarium_worker.programs.signature import Signature

DOCUMENT = Path(__file__).parents[2] / "docs" / "CALLS.md"
ZONE = dt.timezone(dt.timedelta(hours=1))
A_UUID = uuid.UUID("0e984725-c51c-4bf4-9960-e1c80e27aba0")
DIGITS = "12345678901234567890.12345678901234567890"
BYTES = {"$bytes": 0}


class Color(enum.Enum):
    RED = "red"
    BLUE = 4


class Corner(enum.Enum):
    ORIGIN = (0, 0)
    TODAY = dt.date(2026, 11, 29)


@dataclass
class Order:
    number: int
    due: dt.date
    price: Decimal = Decimal(0)


class Point(NamedTuple):
    x: float
    label: str = ""


Pair = collections.namedtuple("Pair", ["a", "b"])  # noqa: PYI024 - no hints, on purpose


class Options(TypedDict):
    until: dt.date


class Example(NamedTuple):
    """``value`` travels as ``json``; ``json`` arrives as ``arrives`` where the hint is ``hint``.

    What it arrives as is ``value`` unless something else is given.
    """

    value: object
    json: object
    hint: object = None
    arrives: object = None
    sent: object = None


def both(value: object, json: object, hint: object) -> Example:
    return Example(value, json, hint, value)


def only_in(hint: object, sent: object, arrives: object) -> Example:
    return Example(None, None, hint, arrives, sent)


def text(value: object, hint: object = None) -> Example:
    return both(value, str(value), hint or type(value))


PLAIN: dict[str, list[Example]] = {
    "`None`": [
        both(None, None, type(None)),
        only_in(Optional[dt.date], None, None),
        only_in(Optional[dt.date], "2026-11-29", dt.date(2026, 11, 29)),
    ],
    "`bool`": [both(True, True, bool)],
    "`int`": [both(2**70, 2**70, int)],
    "`float`": [both(0.1, 0.1, float), only_in(float, 3, 3)],
    "`str`": [both("grün", "grün", str)],
    "`bytes`, `bytearray`, `memoryview`": [
        both(b"ab", BYTES, bytes),
        both(bytearray(b"ab"), BYTES, bytearray),
        both(memoryview(b"ab"), BYTES, memoryview),
        only_in(bytes, "YWI=", b"ab"),
    ],
    "`datetime` without time zone": [
        both(dt.datetime(2026, 11, 29, 18, 30), "2026-11-29T18:30:00", dt.datetime),
        both(dt.datetime(1, 1, 1, 0, 0, 0, 5), "0001-01-01T00:00:00.000005", dt.datetime),
        only_in(dt.datetime, "2026-11-29T18:30", dt.datetime(2026, 11, 29, 18, 30)),
        only_in(dt.datetime, "2026-11-29T18:30:00.120000000", dt.datetime(2026, 11, 29, 18, 30, 0, 120_000)),
    ],
    "`datetime` with time zone": [
        both(dt.datetime(2026, 11, 29, 18, 30, tzinfo=ZONE), "2026-11-29T18:30:00+01:00", dt.datetime),
        both(dt.datetime(2026, 11, 29, tzinfo=dt.timezone.utc), "2026-11-29T00:00:00+00:00", dt.datetime),
        only_in(dt.datetime, "2026-11-29T18:30:00Z", dt.datetime(2026, 11, 29, 18, 30, tzinfo=dt.timezone.utc)),
        only_in(dt.datetime, "2026-11-29T18:30:00+01:00[Europe/Paris]",
                dt.datetime(2026, 11, 29, 18, 30, tzinfo=ZONE)),
        only_in(dt.datetime, "2026-11-29T18:30:00-01:00[Nowhere/Land]",
                dt.datetime(2026, 11, 29, 19, 30, tzinfo=dt.timezone.utc)),
    ],
    "`date`": [text(dt.date(2026, 11, 29))],
    "`time`": [
        text(dt.time(18, 30)),
        text(dt.time(18, 30, 0, 1, tzinfo=ZONE)),
        only_in(dt.time, "18:30Z", dt.time(18, 30, tzinfo=dt.timezone.utc)),
    ],
    "`timedelta`": [
        both(dt.timedelta(hours=26, minutes=30), "PT26H30M", dt.timedelta),
        both(dt.timedelta(seconds=-1.5), "-PT1.5S", dt.timedelta),
        both(dt.timedelta(0), "PT0S", dt.timedelta),
        both(dt.timedelta(microseconds=1), "PT0.000001S", dt.timedelta),
        both(dt.timedelta.max, "PT23999999999H59M59.999999S", dt.timedelta),
        both(dt.timedelta.min, "-PT23999999976H", dt.timedelta),
        only_in(dt.timedelta, "P1DT2H", dt.timedelta(days=1, hours=2)),
        only_in(dt.timedelta, "PT-26H-1.5S", -dt.timedelta(hours=26, seconds=1.5)),
        only_in(dt.timedelta, "PT-0.5S", dt.timedelta(seconds=-0.5)),
    ],
    "`Decimal`": [
        both(Decimal("0.5"), 0.5, Decimal),
        both(Decimal(DIGITS), float(DIGITS), Decimal),
        both(Decimal("1E+400"), math.inf, Decimal),
        only_in(Decimal, DIGITS, Decimal(DIGITS)),
        only_in(Decimal, 7, Decimal(7)),
    ],
    "`UUID`": [text(A_UUID)],
    "`Path`, `PurePath`": [text(Path("/a b"), Path), text(PurePath("a"), PurePath)],
    "`Enum`": [
        both(Color.RED, "red", Color),
        both(Color.BLUE, 4, Color),
        both(Corner.ORIGIN, [0, 0], Corner),
        both(Corner.TODAY, "2026-11-29", Corner),
        only_in(Corner, "ORIGIN", Corner.ORIGIN),
    ],
    "`IPv4Address`, `IPv6Address`, networks, interfaces": [
        text(ipaddress.ip_address("10.0.0.1")),
        text(ipaddress.ip_address("fe80::1")),
        text(ipaddress.ip_network("10.0.0.0/8")),
        text(ipaddress.ip_network("fe80::/10")),
        text(ipaddress.ip_interface("10.0.0.1/8")),
        text(ipaddress.ip_interface("fe80::1/10")),
    ],
    "`list`, `tuple`": [
        both([dt.date(2026, 1, 2)], ["2026-01-02"], list[dt.date]),
        both((1, A_UUID), [1, str(A_UUID)], tuple[int, uuid.UUID]),
    ],
    "`set`, `frozenset`": [
        both({3, 1, 2}, [1, 2, 3], set[int]),
        both(frozenset({dt.date(2026, 1, 2)}), ["2026-01-02"], frozenset[dt.date]),
    ],
    "`deque`": [both(collections.deque([1, 2]), [1, 2], collections.deque[int])],
    "`range`": [Example(range(1, 4), [1, 2, 3])],
    "iterators, generators that a plain function returns": [
        Example(iter([1, A_UUID]), [1, str(A_UUID)]),
        Example((n for n in [1]), [1]),
        Example({"a": 1, "b": 2}.keys(), ["a", "b"]),
    ],
    "`dict` and other mappings": [
        both({"a": dt.date(2026, 1, 2)}, {"a": "2026-01-02"}, dict[str, dt.date]),
        both({"a": {"b": [1.5]}}, {"a": {"b": [1.5]}}, Mapping),
        Example(types.MappingProxyType({"a": 1}), {"a": 1}),
        Example(collections.ChainMap({"a": 1}), {"a": 1}),
        Example(collections.UserDict(a=1), {"a": 1}),
    ],
    "mappings with keys `int`, `UUID`, `Enum`": [
        both({2020: "a", -1: "b"}, {"2020": "a", "-1": "b"}, dict[int, str]),
        both({A_UUID: 1}, {str(A_UUID): 1}, dict[uuid.UUID, int]),
        both({Color.RED: 1, Color.BLUE: 2}, {"red": 1, "4": 2}, dict[Color, int]),
    ],
    "dataclass": [
        both(Order(1, dt.date(2026, 1, 2), Decimal(5)),
             {"number": 1, "due": "2026-01-02", "price": 5}, Order),
        only_in(Order, {"number": 1, "due": "2026-01-02"}, Order(1, dt.date(2026, 1, 2))),
    ],
    "named tuple": [
        both(Point(1.5, "p"), {"x": 1.5, "label": "p"}, Point),
        only_in(list[Point], [{"x": 1}], [Point(1)]),
        Example(Pair(1, b"x"), {"a": 1, "b": BYTES}),
    ],
    "`TypedDict`": [
        both(Options(until=dt.date(2026, 1, 2)), {"until": "2026-01-02"}, Options),
    ],
}  # fmt: skip


def pydantic_examples() -> list[Example]:
    pydantic = importlib.import_module("pydantic")

    class Line(pydantic.BaseModel):  # type: ignore[name-defined, misc]
        article: str = pydantic.Field(alias="Article")
        price: Decimal
        due: Optional[dt.date] = None  # noqa: UP045 - evaluated, by Python 3.9 too

    class Bill(pydantic.BaseModel):  # type: ignore[name-defined, misc]
        lines: list[Line]
        site: pydantic.AnyUrl  # type: ignore[name-defined]

    globals().update(Line=Line, Bill=Bill)  # where their hints are looked up
    Bill.model_rebuild()
    line = Line(Article="a", price=Decimal("2.5"), due=dt.date(2026, 1, 2))
    as_json = {"Article": "a", "price": 2.5, "due": "2026-01-02"}
    return [
        both(line, as_json, Line),
        both(Bill(lines=[line], site="http://a/"), {"lines": [as_json], "site": "http://a/"}, Bill),
        both([line], [as_json], list[Line]),
    ]


def attrs_examples() -> list[Example]:
    attrs = importlib.import_module("attrs")

    @attrs.define
    class Item:
        name: str
        _secret: Decimal
        due: dt.date = dt.date(2026, 1, 2)
        total: int = attrs.field(init=False, default=3)

    sent = {"name": "n", "secret": 1.5, "due": "2026-01-02"}
    return [
        Example(Item("n", Decimal("1.5")), {**sent, "total": 3}),  # type: ignore[call-arg]
        only_in(Item, sent, Item("n", Decimal("1.5"))),  # type: ignore[call-arg]
        only_in(Item, {"name": "n", "secret": 1.5}, Item("n", Decimal("1.5"))),  # type: ignore[call-arg]
    ]


def numpy_scalar_examples() -> list[Example]:
    np = importlib.import_module("numpy")
    return [
        both(np.int8(5), 5, np.int8),
        both(np.float64(0.1), 0.1, np.float64),
        both(np.float32(0.5), 0.5, np.float32),
        both(np.bool_(True), True, np.bool_),
        both(np.str_("a"), "a", np.str_),
        both(np.datetime64("2026-11-29T18:30:00"), "2026-11-29T18:30:00", np.datetime64),
        Example(np.datetime64("2026-11-29T18:30:00.000001000", "ns"), "2026-11-29T18:30:00.000001"),
        Example(np.datetime64("2026-11-29"), "2026-11-29"),
        both(np.timedelta64(90, "s"), "PT1M30S", np.timedelta64),
        Example(np.timedelta64(2, "D"), "PT48H"),
        Example({np.int64(1): "a"}, {"1": "a"}),
    ]


def numpy_array_examples() -> list[Example]:
    np = importlib.import_module("numpy")
    array = np.array([[1, 2], [3, 4]], dtype="<i4")
    as_json = {"data": BYTES, "dtype": "<i4", "shape": [2, 2]}
    return [
        both(array, as_json, np.ndarray),
        Example(array.T, as_json),
        Example(np.ma.masked_array(array, mask=False), as_json),
        Example(np.array([np.nan]), {"data": BYTES, "dtype": "<f8", "shape": [1]}),
    ]


def pandas_examples() -> list[Example]:
    pd = importlib.import_module("pandas")
    importlib.import_module("pyarrow")
    frame = pd.DataFrame({"a": [1, 2], "b": ["x", None]}, index=[5, 7])
    return [both(frame, BYTES, pd.DataFrame), both(frame["a"], BYTES, pd.Series)]


def polars_examples() -> list[Example]:
    pl = importlib.import_module("polars")
    frame = pl.DataFrame({"a": [1, 2], "b": ["x", None]})
    return [both(frame, BYTES, pl.DataFrame), both(frame["b"], BYTES, pl.Series)]


def arrow_examples() -> list[Example]:
    pa = importlib.import_module("pyarrow")
    table = pa.table({"a": [1, 2], "b": ["x", None]})
    return [
        both(table, BYTES, pa.Table),
        both(table.to_batches()[0], BYTES, pa.RecordBatch),
        Example(table.slice(1), BYTES),
    ]


def pillow_examples() -> list[Example]:
    images = importlib.import_module("PIL.Image")
    image = images.new("RGB", (3, 2), (10, 20, 30))
    jpeg = io.BytesIO()
    images.new("L", (1, 1), 0).save(jpeg, "JPEG")
    return [
        both(image, BYTES, images.Image),
        only_in(images.Image, base64.b64encode(jpeg.getvalue()).decode(), images.new("L", (1, 1), 0)),
    ]  # fmt: skip


OF_PACKAGES: dict[str, Callable[[], list[Example]]] = {
    "pydantic model": pydantic_examples,
    "class of attrs": attrs_examples,
    "NumPy scalar": numpy_scalar_examples,
    "NumPy array": numpy_array_examples,
    "pandas `DataFrame`, `Series`": pandas_examples,
    "Polars `DataFrame`, `Series`": polars_examples,
    "Arrow `Table`, `RecordBatch`": arrow_examples,
    "Pillow `Image`": pillow_examples,
}


def rows() -> list[tuple[str, str]]:
    """Return what stands in the first and in the last column of the table."""
    table = DOCUMENT.read_text().split("| Python | as JSON |")[1].split("\n\n")[0]
    lines = [[cell.strip() for cell in line.split("|")[1:-1]] for line in table.splitlines()[2:]]
    assert all(len(cells) == 4 for cells in lines)
    return [(cells[0], cells[3]) for cells in lines]


def examples_of(row: str) -> list[Example]:
    if row in PLAIN:
        return PLAIN[row]
    try:
        return OF_PACKAGES[row]()
    except ImportError as missing:
        pytest.skip(f"not tried with this Python: {row} ({missing})")


def travelled(value: object) -> tuple[bytes, list[bytes]]:
    made = encode_result(value)
    if isinstance(made, ResultWithAttachments):
        return made.json, [bytes(view) for view in made.attachments]
    return made, []


def arrived(hint: object, sent: object, attachments: Sequence[bytes] = ()) -> Any:
    """Return what a program with one parameter gets; ``sent`` is JSON, or its text in bytes."""

    def program(given: Any) -> None:
        raise NotImplementedError(given)

    program.__annotations__["given"] = hint
    signature = Signature(program)
    text = sent if isinstance(sent, bytes) else json.dumps(sent).encode()
    inputs = decode_with(b'{"given": %s}' % text, attachments, signature.decoder)
    signature.accept(inputs)
    return inputs["given"]


def same(one: Any, other: Any) -> bool:
    if hasattr(one, "equals"):  # a table
        return bool(one.equals(other))
    if hasattr(one, "dtype") and one.shape:  # an array
        return bool((one == other).all())
    return bool(one.tobytes() == other.tobytes() if hasattr(one, "getpixel") else one == other)


def test_there_are_examples_for_each_row_of_the_table_and_for_nothing_else() -> None:
    assert sorted(row for row, _ in rows()) == sorted([*PLAIN, *OF_PACKAGES])


@pytest.mark.parametrize("row", [row for row, _ in rows()])
def test_a_result_travels_as_the_table_says(row: str) -> None:
    tried = [
        example for example in examples_of(row) if example.value is not None or row == "`None`"
    ]

    for example in tried:
        assert json.loads(travelled(example.value)[0]) == example.json
    assert tried


@pytest.mark.parametrize(("row", "taken"), rows())
def test_an_input_arrives_as_the_table_says(row: str, taken: str) -> None:
    tried = [example for example in examples_of(row) if example.hint is not None]

    for example in tried:
        if example.value is None:
            made = arrived(example.hint, example.sent)
        else:
            made = arrived(example.hint, *travelled(example.value))
        assert type(made) is type(example.arrives) or row == "Pillow `Image`"
        assert same(made, example.arrives)
    assert tried or "take `list[int]`" in taken or "Iterator" in taken


def test_an_iterator_is_taken_by_its_hint() -> None:
    taken: Any = arrived(Iterator[dt.date], ["2026-01-02"])

    assert next(taken) == dt.date(2026, 1, 2)
    assert next(taken, None) is None


def test_a_decimal_travels_with_all_its_digits() -> None:
    value = [Decimal(DIGITS), Decimal("1E+3"), Decimal("-0.00")]

    assert encode_result(value) == f"[{DIGITS},1E+3,-0.00]".encode()
    assert str(arrived(list[Decimal], *travelled(value))) == str(value)


def test_a_union_takes_the_first_member_that_fits() -> None:
    hint = Union[dt.date, dt.datetime, str]

    assert arrived(hint, "2026-01-02") == dt.date(2026, 1, 2)
    assert arrived(hint, "2026-01-02T00:00") == dt.datetime(2026, 1, 2)
    assert arrived(hint, "later") == "later"

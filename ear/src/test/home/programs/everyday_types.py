"""One program for each row of the table of types in docs/CALLS.md; each returns what it was given."""

import collections
import datetime as dt
import enum
import ipaddress
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, Callable, NamedTuple, Optional, TypedDict, Union

from vivarium_worker import encoder, program


class Color(enum.Enum):
    RED = "red"
    BLUE = "blue"


@dataclass
class Order:
    number: int
    due: dt.date
    price: Decimal = Decimal(0)


class Point(NamedTuple):
    x: float
    label: str = ""


class Options(TypedDict):
    until: dt.datetime


class Money:
    def __init__(self, amount: Decimal) -> None:
        self.amount = amount


@encoder(Money)
def money(value: Money) -> dict:
    return {"amount": value.amount, "currency": "EUR"}


def back(name: str, hint: Any, kind: Any, make: Callable[[Any], Any] = lambda value: value) -> None:
    """Register programs that take inputs of a type, look at them and return all, or the only one."""

    def function(**values):
        for value in values.values():
            if not isinstance(value, kind):
                raise TypeError(f"{name} was given {value!r} of type {type(value)}")
        return {key: make(value) for key, value in values.items()}

    def only(**values):
        (value,) = function(**values).values()
        return value

    for each, prefix in ((function, "back"), (only, "only")):
        each.__annotations__["values"] = hint
        program(name=f"{prefix}_{name}", idempotent=True)(each)


back("none", type(None), type(None))
back("bool", bool, bool)
back("int", int, int)
back("float", float, float)
back("str", str, str)
back("bytes", bytes, bytes, memoryview)
back("naive", dt.datetime, dt.datetime)
back("aware", dt.datetime, dt.datetime)
back("date", dt.date, dt.date)
back("time", dt.time, dt.time)
back("timedelta", dt.timedelta, dt.timedelta)
back("decimal", Decimal, Decimal)
back("uuid", uuid.UUID, uuid.UUID)
back("path", Path, Path)
back("enum", Color, Color)
back("address", Union[ipaddress.IPv4Address, ipaddress.IPv6Network], ipaddress._IPAddressBase)
back("list", Union[list[dt.date], tuple[int, uuid.UUID]], (list, tuple))
back("set", set[int], set)
back("deque", collections.deque[dt.date], collections.deque)
back("range", list[int], list, lambda values: range(values[0], values[-1] + 1))
back("iterator", Iterator[dt.date], Iterator, lambda values: (value for value in values))
back("dict", dict[str, dt.date], dict)
back("keys", Union[dict[int, dt.date], dict[uuid.UUID, dt.date], dict[Color, dt.date]], dict)
back("dataclass", Order, Order)
back("namedtuple", Point, Point)
back("typeddict", Options, dict)
back("encoded", Decimal, Decimal, Money)


@program(nan="null")
def gaps(values: list[Optional[float]]):
    return [*values, float("nan")]


@program
def no_gaps(values: list[Any]):
    return {"values": [*values, float("nan")]}

"""Programs whose inputs and results are of everyday types."""

import datetime as dt
import itertools
import time
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, Optional

from vivarium_worker import context, encoder, program


class Money:
    def __init__(self, amount: Decimal) -> None:
        self.amount = amount


class Liar:
    @property
    def __class__(self):
        raise ZeroDivisionError

    def __repr__(self):
        raise ZeroDivisionError


@encoder(Money)
def money(value: Money):
    return {"amount": value.amount, "currency": "EUR"}


@encoder(Liar)
def liar(value: Liar):
    while True:
        time.sleep(0.01)


@program
def pay(day: dt.date, amount: Decimal, note: Optional[str] = None, rate: float = 1.0):
    assert type(rate) is float
    assert type(day) is dt.date
    return {"day": day, "paid": Money(amount), "rate": rate}


@program
def lazy(amount: int, **others: Any):
    """A generator expression that needs its call while it is read."""
    return {"items": ((number, context.program) for number in range(amount)), "others": others}


@program
def endless():
    return itertools.count()


@program
def lazily(what: str):
    """What runs code of the program while its result is converted."""
    print("begun")

    def sleeping() -> Iterator[int]:
        yield 1
        while True:
            time.sleep(0.01)

    def spinning() -> Iterator[int]:
        while True:
            pass
        yield 1

    return {"iterator": sleeping, "encoder": Liar, "spin": spinning}[what]()


@program
def failing_lazily():
    def failing():
        yield 1
        raise LookupError("no more")

    return failing()


@program(nan="null")
def gaps(values: list[Optional[float]]):
    return [*values, float("nan")]


@program(nan="null")
def yield_gaps():
    yield float("inf")
    yield {"a": 1}


@program
def yield_days():
    yield dt.date(2026, 1, 2)
    yield (n for n in (1, 2))
    yield float("nan")


@program
def misbehave():
    class BadMetaclass(type):
        @property
        def __module__(cls):
            raise ZeroDivisionError

        def __getattribute__(cls, name):
            raise ZeroDivisionError

    class Bad(metaclass=BadMetaclass):
        pass

    return Bad()

"""The programs of authors, called without a worker."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from vivarium_worker import context, program
from vivarium_worker.programs.registry import REGISTRY
from vivarium_worker.testing import CallError, call


@pytest.fixture(autouse=True)
def programs() -> Iterator[None]:
    before = dict(REGISTRY.programs)
    yield
    REGISTRY.programs.clear()
    REGISTRY.programs.update(before)


def test_inputs_and_results_travel_as_to_a_worker() -> None:
    @program
    def later(day: date, price: Decimal, data: bytes) -> dict[str, object]:
        return {"day": day + timedelta(days=1), "price": price * 2, "data": data[::-1]}

    result = call("later", {"day": date(2026, 11, 29), "price": Decimal("1.10"), "data": b"abc"})

    assert result == {"day": "2026-11-30", "price": 2.2, "data": b"cba"}


def test_what_a_caller_would_be_refused_is_refused() -> None:
    @program
    def double(n: int) -> object:
        return object() if n == 0 else 2 * n

    assert call(double, {"n": 4}) == 8
    with pytest.raises(CallError, match=r"^n: ") as refused:
        call(double, {"n": "four"})
    assert refused.value.kind == "InvalidInput"
    with pytest.raises(CallError, match="result is of type object"):
        call(double, {"n": 0})
    with pytest.raises(CallError, match="there is no program named 'triple'"):
        call("triple")
    with pytest.raises(TypeError, match="write @program above it"):
        call(len)


def test_what_a_program_raises_is_raised() -> None:
    @program
    def fail() -> None:
        raise KeyError("gone")

    with pytest.raises(KeyError, match="gone"):
        call(fail)


def test_a_session_is_kept_if_the_call_succeeds() -> None:
    @program
    def count(fails: bool = False) -> int:  # noqa: FBT001, FBT002 - an input
        context.session["seen"].append(context.correlation_id)
        if fails:
            raise ValueError("no")
        return len(context.session["seen"])

    session: dict[str, Any] = {"seen": []}
    assert call(count, session=session, correlation_id="c1") == 1
    with pytest.raises(ValueError, match="no"):
        call(count, {"fails": True}, session=session)

    assert session == {"seen": ["c1"]}


def test_the_call_can_be_short_of_time_or_cancelled() -> None:
    @program
    def look() -> list[object]:
        remaining = context.remaining_seconds
        return [context.cancelled, remaining is not None and 0 < remaining <= 5]

    assert call(look, timeout=5) == [False, True]
    assert call(look, cancelled=True) == [True, False]


def test_generators_and_async_programs_are_run_to_their_end() -> None:
    @program
    def numbers(n: int) -> Iterator[int]:
        yield from range(n)

    @program
    async def slowly(n: int) -> int:
        await asyncio.sleep(0)
        return n

    @program
    async def stream(n: int) -> AsyncIterator[int]:
        for i in range(n):
            yield i

    assert call(numbers, {"n": 3}) == [0, 1, 2]
    assert call(slowly, {"n": 3}) == 3
    assert call(stream, {"n": 3}) == [0, 1, 2]

"""Programs that take and give what JSON has no form for."""

import array
import ctypes
from collections.abc import Iterator
from typing import Any, Optional

import numpy as np
from numpy.typing import NDArray

from vivarium_worker import context, program


def _kind(data):
    return [type(data).__name__, memoryview(data).readonly]


@program
def kind_bytes(data: bytes):
    return _kind(data)


@program
def kind_bytearray(data: bytearray):
    return _kind(data)


@program
def kind_memoryview(data: memoryview):
    return _kind(data)


@program
def kind_anything(data):
    return _kind(data)


@program
def kind_optional(data: Optional[bytes] = None):
    return _kind(data)


@program
def kind_text(data: str):
    return data


@program
def count_bytes(data: bytes) -> bytes:
    context.session["count"] = context.session.get("count", 0) + len(data)
    return data


@program
def ambiguous():
    return {"a": {"$bytes": 0}, "b": b"x"}


@program
def buffers():
    made = [b"a", bytearray(b"b"), memoryview(b"c"), array.array("H", [1, 2])]
    return {"parts": [*made, (ctypes.c_int32 * 1)(3), b"", memoryview(b"a view")[2:]]}


@program
def buffer_in_pieces():
    return memoryview(b"every second")[::2]


@program
def double_array(array: NDArray[np.float64]):
    return array * 2


@program
def sum_array(array: np.ndarray):
    return {"sum": array.sum(), "writable": array.flags.writeable}


@program
def give_array(what: str) -> Any:
    numbers = np.arange(4, dtype="<i4").reshape(2, 2)
    return {
        "columns": numbers.T,
        "big endian": np.array([0, 1], ">i2"),
        "every second": np.arange(4, dtype="u1")[::2],
        "no items": np.zeros((0, 3)),
        "one item": np.array(7, "u1"),
        "truths": np.array([True, False]),
        "times": np.array([1], "M8[s]"),
        "text": np.array(["a", "b"]),
        "matrix": np.matrix(np.arange(2, dtype="u1")),
        "objects": np.array([object()]),
        "complex": np.complex128(1),
        "month": np.timedelta64(1, "M"),
    }[what]


@program
def give_scalars():
    scalars = [np.int64(1), np.float32(1.5), np.float64(2.5), np.bool_(True), np.uint8(255)]  # noqa: FBT003
    return [*scalars, np.longdouble(0.5)]


@program
def stream_bytes(sizes: list[int]) -> Iterator[Any]:
    for size in sizes:
        yield {"data": b"x" * size}


@program
def stream_nonsense():
    yield 1
    yield {"a": object()}


@program
def stream_and_fail():
    yield 1
    raise ValueError("after one")


@program
async def stream_and_fail_on_loop():
    yield 1
    raise ValueError("after one")


@program
def stream_count():
    context.session["count"] = 1
    yield 1


@program
async def meet_and_wait():
    import asyncio

    await asyncio.sleep(3600)

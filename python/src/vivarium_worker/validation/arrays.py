"""NumPy arrays as inputs and results, without importing NumPy: only a program may do that."""

from __future__ import annotations

import math
import sys
import typing
from typing import Any, Final

from vivarium_worker.validation.checks import Check, Mismatch, binary

_MEMBERS: Final = {"data", "dtype", "shape"}


def is_array_type(kind: object) -> bool:
    """Return whether a type hint stands for NumPy arrays."""
    return isinstance(kind, type) and (kind.__module__, kind.__name__) == ("numpy", "ndarray")


def array_of(arguments: tuple[Any, ...]) -> Check:
    """Accept ``{"data": bytes, "dtype": text, "shape": [...]}`` and return an array.

    It is a read-only view of the bytes that were received, not a copy. ``arguments`` are those of
    the type hint; if they name a scalar type, the array has to be of it.
    """
    scalar = _scalar(arguments)

    def check(value: object) -> object:
        if type(value) is not dict or value.keys() != _MEMBERS:
            raise Mismatch("an array with data, dtype and shape", value)
        array = _build(value)
        if scalar is not None and not issubclass(array.dtype.type, scalar):
            raise Mismatch(f"an array of {scalar.__name__}", str(array.dtype))
        return array

    return check


def is_array(value: object) -> bool:
    """Return whether ``value`` is a NumPy array."""
    numpy = sys.modules.get("numpy")
    return numpy is not None and isinstance(value, getattr(numpy, "ndarray", ()))


def is_scalar(value: object) -> bool:
    """Return whether ``value`` is a NumPy scalar."""
    numpy = sys.modules.get("numpy")
    return numpy is not None and isinstance(value, getattr(numpy, "generic", ()))


def number_of(value: Any) -> bool | int | float | None:  # noqa: ANN401 - of a type not imported
    """Return a NumPy scalar as a number of Python, or ``None`` if JSON has no such number."""
    numpy = sys.modules["numpy"]
    if isinstance(value, numpy.bool_):
        return bool(value)
    if isinstance(value, numpy.integer) and not isinstance(value, numpy.timedelta64):
        return int(value)
    return float(value) if isinstance(value, numpy.floating) else None


def bytes_of(array: Any) -> memoryview:  # noqa: ANN401 - of a type not imported
    """Return the items of an array without Python objects, row by row; a copy only if needed."""
    numpy = sys.modules["numpy"]
    if not array.nbytes:
        return memoryview(b"")
    flat = numpy.ascontiguousarray(array).reshape(-1)
    return memoryview(flat.view(numpy.ndarray).view(numpy.uint8))


def _build(value: dict[str, Any]) -> Any:  # noqa: ANN401 - of a type not imported
    numpy, shape = sys.modules["numpy"], value["shape"]
    try:
        data = binary(value["data"])
    except Mismatch as mismatch:
        raise mismatch.within(".data") from None
    if type(shape) is not list or not all(type(n) is int and n >= 0 for n in shape):
        raise Mismatch("a list of sizes", shape).within(".shape")
    if type(value["dtype"]) is not str:
        raise Mismatch("the name of a NumPy type", value["dtype"]).within(".dtype")
    try:
        dtype = numpy.dtype(value["dtype"])
    except (TypeError, ValueError, SyntaxError):
        raise Mismatch("the name of a NumPy type", value["dtype"]).within(".dtype") from None
    if dtype.hasobject:
        raise Mismatch("a type without Python objects", value["dtype"]).within(".dtype")
    size = math.prod(shape) * dtype.itemsize
    if size != len(data):
        raise Mismatch(f"{size} bytes, {dtype} of shape {shape}", data).within(".data")
    return numpy.ndarray(shape, dtype, data)


def _scalar(arguments: tuple[Any, ...]) -> type | None:
    """Return ``float64`` of the arguments of ``NDArray[float64]``, if it is that definite."""
    named = typing.get_args(arguments[1]) if len(arguments) > 1 else ()
    kind = typing.get_origin(named[0]) or named[0] if named else None
    return kind if isinstance(kind, type) else None

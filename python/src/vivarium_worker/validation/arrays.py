"""NumPy arrays and scalars, both ways, without importing NumPy: only a program may do that."""

from __future__ import annotations

import math
import sys
import typing
from typing import Any, Final

from vivarium_worker.validation import numbers, times
from vivarium_worker.validation.checks import Check, Mismatch, binary
from vivarium_worker.validation.kinds import NoForm, kind_of, kinds_of

_MEMBERS: Final = {"data", "dtype", "shape"}


def is_array_type(kind: object) -> bool:
    """Return whether a type hint stands for NumPy arrays."""
    return isinstance(kind, type) and kind_of(kind) == ("numpy", "ndarray")


def is_scalar_type(kind: type) -> bool:
    """Return whether a type hint stands for a scalar of NumPy."""
    return kind_of(kind)[0] == "numpy" and ("numpy", "generic") in kinds_of(kind)


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


def scalar_of(kind: Any) -> Check:  # noqa: ANN401 - a class of NumPy
    """Accept a number, a truth value or text of which NumPy makes a ``kind`` that equals it."""
    numpy = sys.modules["numpy"]
    if issubclass(kind, numpy.datetime64):
        return lambda value: kind(times.parse_local(value))
    if issubclass(kind, numpy.timedelta64):
        return lambda value: kind(times.parse_duration(value))
    if issubclass(kind, numpy.floating):
        return lambda value: kind(numbers.real(value))
    if not issubclass(kind, (numpy.integer, numpy.bool_, numpy.str_)):
        raise TypeError(kind.__name__)
    plain: type = int if issubclass(kind, numpy.integer) else bool
    if issubclass(kind, numpy.str_):
        plain = str

    def check(value: Any) -> object:  # noqa: ANN401 - any JSON value
        try:
            made = kind(value) if type(value) is plain else None
        except OverflowError:
            made = None
        if made is None or plain(made) != value:
            raise Mismatch(kind.__name__, value)
        return made

    return check


def scalar_value(value: Any) -> object:  # noqa: ANN401 - of a type not imported
    """Return a NumPy scalar as what Python has for it."""
    numpy = sys.modules["numpy"]
    if isinstance(value, numpy.bool_):
        return bool(value)
    if isinstance(value, (numpy.datetime64, numpy.timedelta64)):
        time = times.numpy_time(value)
        return math.nan if time is None else time
    if isinstance(value, numpy.integer):
        return int(value)
    if isinstance(value, numpy.floating):
        return float(value)
    if value.dtype.names:
        return {name: value[name] for name in value.dtype.names}
    raise NoForm(f"is a NumPy scalar of type {value.dtype}, which has no form: convert it")


def array_value(array: Any) -> dict[str, object]:  # noqa: ANN401 - of a type not imported
    """Return an array as ``{"data": bytes, "dtype": text, "shape": [...]}``."""
    numpy, dtype = sys.modules["numpy"], array.dtype
    if dtype.names:
        apart = "{name: array[name] for name in array.dtype.names}"
        raise NoForm(f"is an array with the fields {', '.join(dtype.names)}: return {apart}")
    if dtype.hasobject:
        raise NoForm(f"is an array of type {dtype}, with Python objects: return array.tolist()")
    if numpy.dtype(dtype.str) != dtype:
        raise NoForm(f"is an array of type {dtype}, which its code {dtype.str} does not say")
    return {"data": _bytes_of(array), "dtype": dtype.str, "shape": list(array.shape)}


def masked_value(array: Any) -> dict[str, object]:  # noqa: ANN401 - of a type not imported
    """Return a masked array of which nothing is masked: what is must never be seen."""
    numpy = sys.modules["numpy"]
    masked = int(numpy.ma.count_masked(array)) if not array.dtype.names else 0
    if masked:
        raise NoForm(
            f"is an array with {masked} of {array.size} values masked: return "
            "array.filled(...), or array.filled(0) and array.mask beside it"
        )
    return array_value(array.data)


WRITTEN: Final = {
    ("numpy", "ndarray"): array_value,
    ("numpy", "MaskedArray"): masked_value,
    ("numpy", "generic"): scalar_value,
}
"""What makes something that travels of NumPy's objects."""


def _bytes_of(array: Any) -> memoryview:  # noqa: ANN401 - of a type not imported
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

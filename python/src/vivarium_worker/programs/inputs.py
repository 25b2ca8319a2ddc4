"""Inputs from JSON, decoded with a scanner made once: ``json.loads`` takes twice as long."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Callable, Final, NoReturn, Optional

from vivarium_worker.programs.errors import CallError, invalid_input
from vivarium_worker.validation.checks import Mismatch
from vivarium_worker.validation.numbers import NumberText, without_text

if TYPE_CHECKING:
    from collections.abc import Sequence

ATTACHMENT: Final = "$bytes"
"""The only key of an object that stands for an attachment."""

_Scan = Callable[[str, int], tuple[Any, int]]
_Hook = Optional[Callable[[dict[str, Any]], object]]


class InputDecoder:
    """How the numbers of one program's inputs are read.

    ``read_float`` gets the text of each number that is no integer, and of ``NaN`` and the
    infinities, which are no JSON; ``None`` reads them fastest, and leaves ``1e400`` infinite.
    """

    def __init__(self, read_float: Callable[[str], Any] | None, hook: _Hook = None) -> None:
        self._read_float = read_float
        self.json = json.JSONDecoder(
            object_hook=hook,
            parse_float=read_float,
            parse_constant=read_float if read_float is _float_or_none else _no_constant,
        )
        self.scan: _Scan = self.json.scan_once  # type: ignore[attr-defined]

    def with_hook(self, hook: _Hook) -> InputDecoder:
        """Return a decoder that reads numbers as this one, and has ``hook`` look at each object."""
        return InputDecoder(self._read_float, hook)


class _NotFinite(ValueError):  # noqa: N818 - never leaves this module
    """A number is none that JSON or ``float`` has; which one is looked for in a second pass."""


def _no_constant(name: str) -> NoReturn:
    raise _NotFinite(name)


def _finite_float(text: str, read: Callable[[str], float] = float) -> float:
    value = read(text)
    if value - value:  # 0 unless it is infinite: the fastest way to ask
        raise _NotFinite(text)
    return value


def _float_or_none(text: str) -> float | None:
    value = float(text)
    return value if value - value == 0 else None


AS_TYPED: Final = InputDecoder(None)
"""For programs whose hints say for each input what it is, so that a check sees infinity."""

FINITE: Final = InputDecoder(_finite_float)
"""For programs that take some input as it comes."""

NULLED: Final = InputDecoder(_float_or_none)
"""For programs that want null for NaN and infinity."""

EXACT: Final = InputDecoder(NumberText)
"""For programs that take a Decimal."""


_EVERY_NUMBER: Final = json.JSONDecoder(parse_float=NumberText, parse_constant=NumberText)


def decode_inputs(body: bytes | memoryview, decoder: InputDecoder = FINITE) -> dict[str, Any]:
    """Return the object in ``body``, or raise `InvalidInput`, with a field for bad numbers only."""
    if not body:
        return {}
    try:
        text = str(body, "utf-8")
        try:
            value, end = decoder.scan(text, 0)
        except StopIteration:
            value, end = None, -1
        if end != len(text):  # white space around the value, or something worse
            value = decoder.json.decode(text)
    except _NotFinite as error:
        raise _not_finite(text, error) from None
    except (ValueError, RecursionError) as error:
        raise _not_an_object(f"the inputs are not JSON: {error}") from None
    if type(value) is not dict:
        raise _not_an_object(f"the inputs must be a JSON object, not {type(value).__name__}")
    return value


def decode_with(
    body: bytes | memoryview, attachments: Sequence[bytes], decoder: InputDecoder = FINITE
) -> dict[str, Any]:
    """Return the object in ``body``, in which ``{"$bytes": n}`` stands for the n-th attachment."""

    def resolve(value: dict[str, Any]) -> object:
        if len(value) != 1 or ATTACHMENT not in value:
            return value
        index = value[ATTACHMENT]
        if type(index) is not int or not 0 <= index < len(attachments):
            message = f"the inputs refer to attachment {index!r} of {len(attachments)}"
            raise _not_an_object(message)
        return attachments[index]

    return decode_inputs(body, decoder.with_hook(resolve))


def _not_finite(text: str, error: _NotFinite) -> CallError:
    """Return the error that names the place of the first number that is not finite."""
    try:
        without_text(_EVERY_NUMBER.decode(text))
    except Mismatch as mismatch:
        path = mismatch.path.lstrip(".")
        return invalid_input(f"{path}: {mismatch}", path)
    return _not_an_object(f"the inputs are not JSON: {error} is no number")


def _not_an_object(message: str) -> CallError:
    return invalid_input(message, None)

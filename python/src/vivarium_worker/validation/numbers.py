"""Numbers that JSON has and Python's ``float`` has not: all digits of a Decimal, ``1e400``."""

from __future__ import annotations

import re
from typing import Any, Callable, Final

from vivarium_worker.validation.checks import Check, Mismatch

_NUMBER: Final = re.compile(r"[+-]?\d+(\.\d+)?([eE][+-]?\d+)?", re.ASCII)


class NumberText(float):
    """A ``float`` that remembers the text it was read from, for whoever wants all its digits.

    Only inputs of programs that take a Decimal are read as such. Its ``str`` is the text, of which
    pydantic makes its Decimals.
    """

    __slots__ = ("text",)
    text: str

    def __new__(cls, text: str) -> NumberText:  # noqa: PYI034 - no Self before Python 3.11
        """Read ``text``."""
        made = float.__new__(cls, text)
        made.text = text
        return made

    def __repr__(self) -> str:
        return self.text

    __str__ = __repr__


def real(value: object) -> object:
    """Accept finite numbers as a program expects them for ``float``: an int stays one."""
    kind = type(value)
    if kind is float:
        if not value - value:  # type: ignore[operator]  # 0 unless it is infinite
            return value
    elif kind is int:
        return value
    if isinstance(value, NumberText) and value - value == 0:
        return float(value)
    raise Mismatch("a finite float" if isinstance(value, float) else "float", value)


def decimal_of(build: Callable[[object], Any]) -> Check:
    """Accept a number with all its digits, or its text; ``build`` is the class ``Decimal``."""

    def check(value: object) -> object:
        if isinstance(value, float):
            text: object = repr(value)  # of a NumberText, its text
        elif type(value) is int or (type(value) is str and _NUMBER.fullmatch(value)):
            text = value
        else:
            raise Mismatch("Decimal as a number or its text", value)
        try:
            made = build(text)
        except ArithmeticError:  # an exponent that not even Decimal has
            made = None
        if made is None or not made.is_finite():
            raise Mismatch("Decimal with an exponent that Python has", value)
        return made

    return check


def without_text(value: object) -> object:
    """Accept every JSON value whose numbers are finite, and make plain floats of them."""
    if type(value) is list:
        return [_within(f"[{index}]", item) for index, item in enumerate(value)]
    if type(value) is dict:
        return {key: _within(f".{key}", item) for key, item in value.items()}
    return real(value) if isinstance(value, float) else value


def finite(check: Check) -> Check:
    """Accept what ``check`` accepts, if all its numbers are finite; they keep their text."""

    def checked(value: object) -> object:
        without_text(value)
        return check(value)

    return checked


def _within(step: str, value: object) -> object:
    try:
        return without_text(value)
    except Mismatch as mismatch:
        raise mismatch.within(step) from None

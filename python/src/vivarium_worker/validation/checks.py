"""Checks: functions that take a JSON value and return what a program gets, or raise a mismatch.

Each factory here makes the check of one kind of type from the checks of its parts.
"""

from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING, Any, Callable, NamedTuple

if TYPE_CHECKING:
    from enum import Enum

Check = Callable[[Any], Any]

_LONGEST_SHOWN = 40  # characters of a value that does not fit


class Mismatch(Exception):  # noqa: N818 - never leaves the runtime
    """A value is not what was expected; ``path`` leads from the input to the value."""

    def __init__(self, expected: str, value: object) -> None:
        super().__init__(f"expected {expected}, got {_shown(value)}")
        self.path = ""

    @classmethod
    def told(cls, message: str, path: str) -> Mismatch:
        """Return a mismatch in the words of a library that found it at ``path``."""
        made = cls("", None)
        made.args, made.path = (message,), path
        return made

    def within(self, step: str) -> Mismatch:
        """Return this mismatch with ``step`` before its path: as the enclosing value sees it."""
        self.path = step + self.path
        return self


class RecordFields(NamedTuple):
    """What a check of a record needs: a check per field, which are required, how to build it."""

    title: str
    checks: dict[str, Check]
    required: frozenset[str]
    build: Callable[..., Any]


def anything(value: object) -> object:
    """Accept every JSON value as it is; compared by identity, so that calls can skip it."""
    return value


def exactly(*types: type) -> Check:
    """Accept values of exactly these types: a bool is no int, though Python says so."""
    expected = "None" if types == (type(None),) else types[0].__name__

    def check(value: object) -> object:
        if type(value) not in types:
            raise Mismatch(expected, value)
        return value

    return check


def binary(value: object) -> bytes:
    """Accept an attachment, or text in base64, and return its bytes."""
    if type(value) is bytes:
        return value
    if type(value) is not str:
        raise Mismatch("bytes as base64 text", value)
    try:
        return base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError):
        raise Mismatch("bytes as base64 text", value) from None


def binary_as(build: Callable[[bytes], Any]) -> Check:
    """Accept what :func:`binary` accepts; ``build`` makes the program's kind of it."""

    def check(value: object) -> object:
        return build(binary(value))

    return check


def list_of(item: Check, build: Callable[[list[Any]], Any] = list) -> Check:
    """Accept an array whose items all pass ``item``; ``build`` makes the program's collection."""
    title = "list" if build is iter else build.__name__

    def check(value: object) -> object:
        if type(value) is not list:
            raise Mismatch(title, value)
        items = value if item is anything else _items(value, [item] * len(value))
        if build is list:
            return items
        try:
            return build(items)
        except TypeError:  # a set cannot hold a dict
            raise Mismatch(f"{title} of plain values", value) from None

    return check


def tuple_of(parts: list[Check]) -> Check:
    """Accept an array with exactly one item for each of ``parts``."""

    def check(value: object) -> object:
        if type(value) is not list or len(value) != len(parts):
            raise Mismatch(f"tuple of {len(parts)}", value)
        return tuple(_items(value, parts))

    return check


def text_of(build: Callable[[str], Any], title: str) -> Check:
    """Accept text of which ``build`` makes the program's kind of it, or raises ValueError."""

    def check(value: object) -> object:
        if type(value) is not str:
            raise Mismatch(title, value)
        try:
            return build(value)
        except ValueError as error:
            raise Mismatch(f"{title} ({error})", value) from None

    return check


def map_of(item: Check, key: Check | None = None) -> Check:
    """Accept an object whose values all pass ``item``, and keys, which are text, ``key``."""

    def check(value: object) -> object:
        if type(value) is not dict:
            raise Mismatch("dict", value)
        if item is not anything:
            value = {name: _field(item, name, value) for name in value}
        return value if key is None else _with_keys(value, key)

    return check


def record_of(fields: RecordFields) -> Check:
    """Accept an object with these fields, and build it."""

    def check(value: object) -> object:
        if type(value) is not dict:
            raise Mismatch(fields.title, value)
        for name in value.keys() - fields.checks.keys():
            raise Mismatch(f"no such field in {fields.title}", value[name]).within(f".{name}")
        for name in fields.required - value.keys():
            raise Mismatch(f"this field of {fields.title}", MISSING).within(f".{name}")
        converted = {name: _field(fields.checks[name], name, value) for name in value}
        try:
            return fields.build(**converted)
        except (TypeError, ValueError) as error:  # its __post_init__ is a check as well
            raise Mismatch(f"{fields.title} ({error})", value) from None

    return check


def one_of(title: str, checks: list[Check]) -> Check:
    """Accept what passes any of ``checks``, tried in order."""

    def check(value: object) -> object:
        for member in checks:
            try:
                return member(value)
            except Mismatch:
                continue
        raise Mismatch(title, value)

    return check


def optional(inner: Check) -> Check:
    """Accept null, and what passes ``inner``."""

    def check(value: object) -> object:
        return None if value is None else inner(value)

    return check


def choice(members: dict[object, object]) -> Check:
    """Accept one of the keys of ``members`` and return its value."""
    typed = {(type(key), key): member for key, member in members.items()}
    expected = " or ".join(repr(key) for key in members)

    def check(value: object) -> object:
        if isinstance(value, (list, dict)) or (type(value), value) not in typed:
            raise Mismatch(expected, value)
        return typed[type(value), value]

    return check


def enumeration(kind: type[Enum], values: list[Check]) -> Check:
    """Accept the value of a member of ``kind``, or its name where the value is not plain.

    ``values`` are the checks of the types that the values of its members have.
    """
    plain = (str, int, float, bool)
    named = {member.name: member for member in kind if type(member.value) not in plain}
    shown = [m.name if m.name in named else m.value for m in kind]
    expected = " or ".join(map(repr, shown)) or kind.__name__

    def check(value: object) -> object:
        if type(value) is str and value in named:
            return named[value]
        for each in values:
            try:
                return kind(each(value))
            except (Mismatch, ValueError, TypeError):
                continue
        raise Mismatch(expected, value)

    return check


class _Missing:
    """The type of :data:`MISSING`."""


MISSING = _Missing()
"""Stands for a value that is not there."""


def _items(value: list[Any], checks: list[Check]) -> list[Any]:
    items = []
    for index, item in enumerate(value):
        try:
            items.append(checks[index](item))
        except Mismatch as mismatch:
            raise mismatch.within(f"[{index}]") from None
    return items


def _field(check: Check, name: str, value: dict[str, Any]) -> object:
    try:
        return check(value[name])
    except Mismatch as mismatch:
        raise mismatch.within(f".{name}") from None


def _with_keys(value: dict[str, Any], key: Check) -> dict[Any, Any]:
    converted: dict[Any, Any] = {}
    for name, item in value.items():
        try:
            made = key(name)
        except Mismatch as mismatch:
            raise mismatch.within(f".{name}") from None
        if made in converted:
            raise Mismatch("a key that no other one equals", name).within(f".{name}")
        converted[made] = item
    return converted


def _shown(value: object) -> str:
    if value is MISSING:
        return "nothing"
    if value is None or isinstance(value, (list, dict, bytes)):
        return "null" if value is None else type(value).__name__
    shown = repr(value)
    if len(shown) > _LONGEST_SHOWN:
        shown = f"{shown[:_LONGEST_SHOWN]}..."
    return f"{'float' if isinstance(value, float) else type(value).__name__} {shown}"

"""Type hints, compiled into checks once, when a program is loaded."""

from __future__ import annotations

import collections.abc as abstract
import dataclasses
import enum
import types
import typing
from typing import Any, Literal, Union

from vivarium_worker.validation import arrays
from vivarium_worker.validation.checks import (
    Check,
    RecordFields,
    anything,
    binary,
    binary_as,
    choice,
    enumeration,
    exactly,
    list_of,
    map_of,
    one_of,
    optional,
    record_of,
    tuple_of,
)

_NONE = type(None)
_UNIONS = (Union, getattr(types, "UnionType", Union))
_LISTS = (list, abstract.Sequence, abstract.MutableSequence, abstract.Iterable, abstract.Collection)
_SETS = (set, frozenset, abstract.Set)
_MAPS = (dict, abstract.Mapping, abstract.MutableMapping)
_QUALIFIERS = ("Required", "NotRequired", "ReadOnly")  # of TypedDict; not in every Python
_SIMPLE: dict[object, Check] = {
    Any: anything,
    object: anything,
    int: exactly(int),
    float: exactly(float, int),
    str: exactly(str),
    bool: exactly(bool),
    bytes: binary,
    bytearray: binary_as(bytearray),
    memoryview: binary_as(memoryview),
    None: exactly(_NONE),
    _NONE: exactly(_NONE),
}


class HintError(TypeError):
    """A type hint that no JSON value can satisfy, or that cannot be read."""


def check_of(hint: object) -> Check:
    """Return the check for ``hint``, or raise :class:`HintError` naming what cannot be checked."""
    return _Compiler().check(hint)


def name_of(hint: object) -> str:
    """Return ``hint`` as a reader would write it, without the names of modules."""
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin in _UNIONS:
        return "Any" if Any in arguments else " | ".join(name_of(each) for each in arguments)
    if origin is Literal:
        return " | ".join(repr(argument) for argument in arguments)
    if origin is typing.Annotated or _qualifier(origin):
        return name_of(arguments[0])
    if isinstance(origin, type):
        inner = ", ".join(name_of(argument) for argument in arguments)
        return f"{origin.__name__}[{inner}]" if inner else origin.__name__
    if hint is None or hint is _NONE or hint is Ellipsis:
        return "..." if hint is Ellipsis else "None"
    return str(getattr(hint, "__name__", None) or str(hint).replace("typing.", ""))


class _Compiler:
    """Turns hints into checks; remembers records, because a record may contain itself."""

    def __init__(self) -> None:
        self._records: dict[type, Check] = {}

    def check(self, hint: object) -> Check:
        simple = _SIMPLE.get(hint) if isinstance(hint, abstract.Hashable) else None
        if simple is not None:
            return simple
        origin = typing.get_origin(hint)
        if origin is None:
            return self._plain(hint)
        arguments = typing.get_args(hint)
        if origin is typing.Annotated or _qualifier(origin):
            return self.check(arguments[0])
        if origin in _UNIONS:
            return self._union(hint, arguments)
        if origin is Literal:
            return choice({value: value for value in arguments})
        return self._collection(origin, arguments)

    def _plain(self, hint: object) -> Check:
        if isinstance(hint, str):
            raise HintError(f"the type hint {hint!r} cannot be evaluated")
        supertype = getattr(hint, "__supertype__", None)  # of a NewType
        if supertype is not None:
            return self.check(supertype)
        if not isinstance(hint, type):
            raise HintError(f"{name_of(hint)} is not a type that inputs can have")
        if issubclass(hint, enum.Enum):
            return enumeration(hint)
        if dataclasses.is_dataclass(hint) or hasattr(hint, "__total__"):
            return self._record(hint)
        return self._collection(hint, ())

    def _union(self, hint: object, arguments: tuple[object, ...]) -> Check:
        if Any in arguments:
            return anything
        others = [argument for argument in arguments if argument is not _NONE]
        if len(others) == 1:
            return optional(self.check(others[0]))
        return one_of(name_of(hint), [self.check(argument) for argument in arguments])

    def _collection(self, origin: object, arguments: tuple[Any, ...]) -> Check:
        if origin in _LISTS:
            return list_of(self.check(arguments[0] if arguments else Any))
        if origin in _SETS:
            build = set if origin is set else frozenset
            return list_of(self.check(arguments[0] if arguments else Any), build)
        if origin in _MAPS:
            return self._map(arguments)
        if origin is tuple:
            return self._tuple(arguments)
        if arrays.is_array_type(origin):
            return arrays.array_of(arguments)
        raise HintError(f"{name_of(origin)} is not a type that inputs can have")

    def _map(self, arguments: tuple[Any, ...]) -> Check:
        if arguments and arguments[0] not in (str, Any):
            raise HintError(f"the keys of a JSON object must be str, not {name_of(arguments[0])}")
        return map_of(self.check(arguments[1] if arguments else Any))

    def _tuple(self, arguments: tuple[Any, ...]) -> Check:
        if not arguments or arguments[-1] is Ellipsis:
            return list_of(self.check(arguments[0] if arguments else Any), tuple)
        parts = [] if arguments == ((),) else [self.check(argument) for argument in arguments]
        return tuple_of(parts)

    def _record(self, kind: type) -> Check:
        if kind in self._records:
            return self._records[kind]
        fields = RecordFields(kind.__name__, {}, _required(kind), kind)
        self._records[kind] = record_of(fields)
        hints = typing.get_type_hints(kind, include_extras=True)
        accepted = _init_fields(kind) if dataclasses.is_dataclass(kind) else set(hints)
        fields.checks.update({name: self.check(hints[name]) for name in sorted(accepted)})
        return self._records[kind]


def _init_fields(kind: type) -> set[str]:
    return {field.name for field in dataclasses.fields(kind) if field.init}


def _required(kind: type) -> frozenset[str]:
    if dataclasses.is_dataclass(kind):
        return frozenset(
            field.name
            for field in dataclasses.fields(kind)
            if field.init
            and field.default is dataclasses.MISSING
            and field.default_factory is dataclasses.MISSING
        )
    hints = typing.get_type_hints(kind, include_extras=True)
    declared: frozenset[str] = getattr(kind, "__required_keys__", frozenset())
    qualifiers = {name: _qualifier(typing.get_origin(hint)) for name, hint in hints.items()}
    optional_ones = {name for name, qualifier in qualifiers.items() if qualifier == "NotRequired"}
    required_ones = {name for name, qualifier in qualifiers.items() if qualifier == "Required"}
    return (declared - optional_ones) | required_ones


def _qualifier(origin: object) -> str | None:
    name = getattr(origin, "_name", None)
    return name if name in _QUALIFIERS else None

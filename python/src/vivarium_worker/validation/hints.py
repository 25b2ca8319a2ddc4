"""Type hints, compiled into checks once, when a program is loaded."""

from __future__ import annotations

import collections
import collections.abc as abstract
import enum
import types
import typing
from typing import Any, Callable, Final, Literal, Union

from vivarium_worker.validation import arrays, libraries, numbers, records, times
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
    text_of,
    tuple_of,
)
from vivarium_worker.validation.kinds import full_name, kind_of

_NONE = type(None)
_UNIONS = (Union, getattr(types, "UnionType", Union))
_LISTS = (list, abstract.Sequence, abstract.MutableSequence, abstract.Iterable, abstract.Collection)
_BUILT: dict[object, Callable[[list[Any]], Any]] = {
    set: set,
    abstract.MutableSet: set,
    frozenset: frozenset,
    abstract.Set: frozenset,
    collections.deque: collections.deque,
    abstract.Iterator: iter,
}
_MAPS = (dict, abstract.Mapping, abstract.MutableMapping)
_SIMPLE: dict[object, Check] = {
    Any: anything,
    object: anything,
    int: exactly(int),
    float: numbers.real,
    str: exactly(str),
    bool: exactly(bool),
    bytes: binary,
    bytearray: binary_as(bytearray),
    memoryview: binary_as(memoryview),
    None: exactly(_NONE),
    _NONE: exactly(_NONE),
}


_PATHS = ("Path", "PurePath", "PosixPath", "PurePosixPath", "WindowsPath", "PureWindowsPath")
_ADDRESSES = ("Address", "Network", "Interface")
_TEXTS: Final[dict[tuple[str, str], str]] = {  # what is made by a constructor that takes text
    ("uuid", "UUID"): "UUID as text",
    **{("pathlib", name): "path as text" for name in _PATHS},
    **{
        ("ipaddress", f"IPv{version}{name}"): f"IPv{version} {name.lower()} as text"
        for version in (4, 6)
        for name in _ADDRESSES
    },
}
_TIMES: Final[dict[tuple[str, str], Check]] = {
    ("datetime", "date"): times.parse_date,
    ("datetime", "time"): times.parse_time,
    ("datetime", "datetime"): times.parse_datetime,
    ("datetime", "timedelta"): times.parse_duration,
}
_DECIMAL: Final = ("decimal", "Decimal")
_ADVICE: Final = (
    "write a hint of the table of types in docs/CALLS.md, or Any, and convert the input in the "
    "program"
)


class HintError(TypeError):
    """A type hint that no JSON value can satisfy, or that cannot be read."""


def check_of(hint: object) -> Check:
    """Return the check for ``hint``, or raise :class:`HintError` naming what cannot be checked."""
    return HintCompiler().check(hint)


def name_of(hint: object) -> str:
    """Return ``hint`` as a reader would write it, without the names of modules."""
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin in _UNIONS:
        return "Any" if Any in arguments else " | ".join(name_of(each) for each in arguments)
    if origin is Literal:
        return " | ".join(repr(argument) for argument in arguments)
    if origin is typing.Annotated or records.qualifier(origin):
        return name_of(arguments[0])
    if isinstance(origin, type):
        inner = ", ".join(name_of(argument) for argument in arguments)
        return f"{origin.__name__}[{inner}]" if inner else origin.__name__
    if hint is None or hint is _NONE or hint is Ellipsis:
        return "..." if hint is Ellipsis else "None"
    return str(getattr(hint, "__name__", None) or str(hint).replace("typing.", ""))


class HintCompiler:
    """Turns hints into checks; remembers records, because a record may contain itself.

    After that, ``takes_anything`` says that some of what was compiled takes JSON as it is, and
    ``takes_decimals`` that some wants all digits of a number. With ``exact``, the checks take
    numbers that remember their text.
    """

    def __init__(self, *, exact: bool = False) -> None:
        self.takes_anything = False
        self.takes_decimals = False
        self._exact = exact
        self._anything = numbers.without_text if exact else anything
        self._records: dict[type, Check] = {}

    def check(self, hint: object) -> Check:
        """Return the check for ``hint``, or raise :class:`HintError`."""
        simple = _SIMPLE.get(hint) if isinstance(hint, abstract.Hashable) else None
        if simple is anything:
            self.takes_anything = True
            return self._anything
        origin, arguments = typing.get_origin(hint), typing.get_args(hint)
        if simple is not None or origin is None:
            return simple or self._plain(hint)
        if origin is typing.Annotated or records.qualifier(origin):
            return self.check(arguments[0])
        if origin in _UNIONS:
            return self._union(hint, arguments)
        if origin is Literal:
            return choice({value: value for value in arguments})
        return self._collection(origin, arguments)

    def _plain(self, hint: object) -> Check:
        if isinstance(hint, str):
            raise HintError(
                f"the type hint {hint!r} cannot be evaluated: import what it names where the "
                "program runs too, not only for a type checker"
            )
        supertype = getattr(hint, "__supertype__", None)  # of a NewType
        if supertype is not None:
            return self.check(supertype)
        if not isinstance(hint, type):
            raise HintError(f"{name_of(hint)} is not a type that inputs can have: {_ADVICE}")
        if issubclass(hint, enum.Enum):
            return enumeration(hint, self._values(hint))
        return self._everyday(hint) or self._of_library(hint) or self._collection(hint, ())

    def _everyday(self, kind: Any) -> Check | None:  # noqa: ANN401 - a class
        named = kind_of(kind)
        if named == _DECIMAL:
            self.takes_decimals = True
            return numbers.decimal_of(kind)
        if named in _TIMES:
            return _TIMES[named]
        return text_of(kind, _TEXTS[named]) if named in _TEXTS else None

    def _of_library(self, kind: type) -> Check | None:
        if arrays.is_scalar_type(kind):
            return self._numpy_scalar(kind)
        check = libraries.library_check(kind)
        if check is not None:
            self.takes_anything = True
            self.takes_decimals = self.takes_decimals or records.mentions(kind, _DECIMAL)
            return numbers.finite(check) if self._exact else check
        return self._record(kind) if records.is_record(kind) else None

    def _numpy_scalar(self, kind: type) -> Check:
        try:
            return arrays.scalar_of(kind)
        except TypeError:
            raise HintError(
                f"{full_name(kind)} is not a type that inputs can have: {_ADVICE}"
            ) from None

    def _values(self, kind: type[enum.Enum]) -> list[Check]:
        """Return checks for the types of the values of an enumeration; some can only be named."""
        checks = []
        for each in dict.fromkeys(type(member.value) for member in kind):
            try:
                checks.append(self.check(each))
            except HintError:
                continue
        return checks

    def _union(self, hint: object, arguments: tuple[object, ...]) -> Check:
        if Any in arguments:
            return self.check(Any)
        others = [argument for argument in arguments if argument is not _NONE]
        if len(others) == 1:
            return optional(self.check(others[0]))
        return one_of(name_of(hint), [self.check(argument) for argument in arguments])

    def _collection(self, origin: object, arguments: tuple[Any, ...]) -> Check:
        if origin in _LISTS:
            return list_of(self.check(arguments[0] if arguments else Any))
        if isinstance(origin, abstract.Hashable) and origin in _BUILT:
            return list_of(self.check(arguments[0] if arguments else Any), _BUILT[origin])
        if origin in _MAPS:
            return self._map(arguments)
        if origin is tuple:
            return self._tuple(arguments)
        if arrays.is_array_type(origin):
            return arrays.array_of(arguments)
        shown = full_name(origin) if isinstance(origin, type) else name_of(origin)
        raise HintError(f"{shown} is not a type that inputs can have: {_ADVICE}")

    def _map(self, arguments: tuple[Any, ...]) -> Check:
        item = self.check(arguments[1] if arguments else Any)
        return map_of(item, self._key(arguments[0]) if arguments else None)

    def _key(self, hint: Any) -> Check | None:  # noqa: ANN401 - any type hint
        """Return the check for keys, which are text in JSON; ``None`` if they stay text."""
        hint = getattr(hint, "__supertype__", hint)
        if hint in (str, Any):
            return None
        if hint is int:
            return text_of(_int_of, "int as text")
        is_class = isinstance(hint, type) and typing.get_origin(hint) is None
        if is_class and (kind_of(hint) == ("uuid", "UUID") or issubclass(hint, enum.Enum)):
            check = self.check(hint)
            if kind_of(hint) == ("uuid", "UUID"):
                return check
            return one_of(name_of(hint), [check, _through(text_of(_int_of, "int as text"), check)])
        raise HintError(
            f"the keys of a JSON object must be str, int, UUID or an Enum, not {name_of(hint)}"
        )

    def _tuple(self, arguments: tuple[Any, ...]) -> Check:
        if not arguments or arguments[-1] is Ellipsis:
            return list_of(self.check(arguments[0] if arguments else Any), tuple)
        parts = [] if arguments == ((),) else [self.check(argument) for argument in arguments]
        return tuple_of(parts)

    def _record(self, kind: type) -> Check:
        if kind in self._records:
            return self._records[kind]
        try:
            parameters = records.parameters_of(kind)
        except Exception as error:  # noqa: BLE001 - evaluating a hint may raise anything
            raise HintError(f"the type hints of {kind.__name__} cannot be read: {error}") from None
        fields = RecordFields(kind.__name__, {}, parameters.required, kind)
        self._records[kind] = record_of(fields)
        for name, hint in sorted(parameters.hints.items()):
            try:
                fields.checks[name] = self.check(hint)
            except HintError as error:
                raise HintError(f"field {name} of {kind.__name__}: {error}") from None
        return self._records[kind]


def _int_of(text: str) -> int:
    number = int(text)
    if str(number) != text:
        raise ValueError("it is written in another way")
    return number


def _through(first: Check, then: Check) -> Check:
    return lambda value: then(first(value))

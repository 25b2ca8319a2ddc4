"""Types whose values are objects in JSON, one member for each field, both ways.

Dataclasses, named tuples, TypedDicts, and classes of attrs, which need not be imported for that.
"""

from __future__ import annotations

import dataclasses
import sys
import typing
from typing import Any, Final

from vivarium_worker.validation.kinds import kind_of

_QUALIFIERS: Final = ("Required", "NotRequired", "ReadOnly")  # of TypedDict; not in every Python
_ATTRS: Final = "__attrs_attrs__"


class Parameters(typing.NamedTuple):
    """What a record is made of: a type hint for each keyword argument, and which of them it needs.

    What has no hint has ``Any``.
    """

    hints: dict[str, Any]
    required: frozenset[str]


def is_record(kind: type) -> bool:
    """Return whether values of ``kind`` travel field by field."""
    return (
        dataclasses.is_dataclass(kind)
        or is_named_tuple(kind)
        or hasattr(kind, _ATTRS)
        or hasattr(kind, "__total__")
    )


def is_named_tuple(kind: type) -> bool:
    """Return whether ``kind`` is a tuple whose items have names."""
    return issubclass(kind, tuple) and isinstance(getattr(kind, "_fields", None), tuple)


def parameters_of(kind: type) -> Parameters:
    """Return what makes a value of the record ``kind``; raise what reading its hints raises."""
    hints = typing.get_type_hints(kind, include_extras=True)
    if dataclasses.is_dataclass(kind):
        return _of_dataclass(kind, hints)
    if is_named_tuple(kind):
        names: tuple[str, ...] = kind._fields  # type: ignore[attr-defined]
        defaults = getattr(kind, "_field_defaults", {})
        of_all = {name: hints.get(name, Any) for name in names}
        return Parameters(of_all, frozenset(name for name in names if name not in defaults))
    if hasattr(kind, _ATTRS):
        return _of_attrs(kind, hints)
    return _of_typed_dict(kind, hints)


def fields_of(value: Any) -> dict[str, object]:  # noqa: ANN401 - of any class
    """Return the fields of a dataclass, a named tuple or an object of attrs, by their names."""
    kind = type(value)
    if is_named_tuple(kind):
        return dict(zip(kind._fields, tuple.__iter__(value)))
    if dataclasses.is_dataclass(kind):
        return {field.name: getattr(value, field.name) for field in dataclasses.fields(kind)}
    return {_argument(field): getattr(value, field.name) for field in getattr(kind, _ATTRS)}


def mentions(hint: object, wanted: tuple[str, str], seen: tuple[object, ...] = ()) -> bool:
    """Return whether the type ``wanted`` occurs in ``hint``, or in the fields of what it names."""
    if any(hint is each for each in seen):
        return False
    if isinstance(hint, type) and kind_of(hint) == wanted:
        return True
    parts = list(typing.get_args(hint))
    fields = getattr(hint, "model_fields", None)  # of pydantic
    if isinstance(fields, dict):
        parts += [field.annotation for field in fields.values()]
    elif not parts and isinstance(hint, type) and is_record(hint):
        parts += parameters_of(hint).hints.values()
    return any(mentions(part, wanted, (*seen, hint)) for part in parts)


def qualifier(origin: object) -> str | None:
    """Return ``Required`` or the like if that is what ``origin`` is."""
    name = getattr(origin, "_name", None)
    return name if name in _QUALIFIERS else None


def _of_dataclass(kind: Any, hints: dict[str, Any]) -> Parameters:  # noqa: ANN401 - a dataclass
    fields = [field for field in dataclasses.fields(kind) if field.init]
    missing = dataclasses.MISSING
    required = {f.name for f in fields if f.default is missing and f.default_factory is missing}
    return Parameters({f.name: hints[f.name] for f in fields}, frozenset(required))


def _of_attrs(kind: type, hints: dict[str, Any]) -> Parameters:
    nothing = sys.modules["attr"].NOTHING
    fields = [field for field in getattr(kind, _ATTRS) if field.init]
    required = frozenset(_argument(field) for field in fields if field.default is nothing)
    return Parameters({_argument(f): hints.get(f.name, f.type or Any) for f in fields}, required)


def _argument(field: Any) -> str:  # noqa: ANN401 - of attrs, which is not imported
    """Return what ``__init__`` calls a field: a private one without its underscores."""
    alias = getattr(field, "alias", None)  # since attrs 22.2
    return alias if isinstance(alias, str) else str(field.name).lstrip("_")


def _of_typed_dict(kind: type, hints: dict[str, Any]) -> Parameters:
    declared: frozenset[str] = getattr(kind, "__required_keys__", frozenset())
    qualifiers = {name: qualifier(typing.get_origin(hint)) for name, hint in hints.items()}
    optional_ones = {name for name, found in qualifiers.items() if found == "NotRequired"}
    required_ones = {name for name, found in qualifiers.items() if found == "Required"}
    return Parameters(hints, (declared - optional_ones) | required_ones)

"""Results that are more than plain JSON: converted step by step, and refused with their place.

Each type that Vivarium knows has a form, something simpler that stands for it, until only what JSON
has is left, and bytes, which are attached. The code of users and libraries may raise anything on
the way, and be cancelled.
"""

from __future__ import annotations

import collections.abc as abstract
import math
from typing import Any, Callable, Final, NamedTuple

from vivarium_worker.diagnostics.stack_frames import calls_program
from vivarium_worker.programs.encoders import ENCODERS, described
from vivarium_worker.programs.errors import CallError, too_large, unserializable
from vivarium_worker.programs.inputs import ATTACHMENT
from vivarium_worker.programs.json_text import SCALARS, encode_plain
from vivarium_worker.protocol.frames import MOST_ATTACHMENTS
from vivarium_worker.validation import arrays, libraries, records, times
from vivarium_worker.validation.kinds import NoForm, full_name, kind_of, kinds_of, told

_DEEPEST: Final = 200  # levels of nesting; each takes up to three of Python's 1,000 frames
_MOST_STEPS: Final = 20  # from a value to what stands for it; an encoder may lead back to itself
_LONGEST_SHOWN: Final = 80  # characters of a key

Form = Callable[[Any], object]


class ResultWithAttachments(NamedTuple):
    """JSON in UTF-8 that refers to attachments, which are views of single bytes."""

    json: bytes
    attachments: list[memoryview]


class ResultRules(NamedTuple):
    """How a program wants NaN, and how many bytes of JSON fit, if there is a limit."""

    nan_as_null: bool = False
    maximum: int | None = None


def convert(
    value: object, what: str = "result", rules: ResultRules | None = None
) -> bytes | ResultWithAttachments:
    """Return any ``value`` as :func:`~vivarium_worker.programs.results.encode_result` does."""
    converter = _Converter(what, rules or ResultRules())
    converter.write(value, what)
    return converter.finished()


class _Converter:
    """Writes the JSON of one result, part by part."""

    def __init__(self, what: str, rules: ResultRules) -> None:
        self._what = what
        self._rules = rules
        self._parts: list[bytes] = []
        self._size = 0
        self._attachments: list[memoryview] = []
        self._ancestors: set[int] = set()
        self._depth = 0
        self._ways: dict[type, _Way] = {}
        self._ambiguous: str | None = None  # place of an object that would be taken for a reference

    def finished(self) -> bytes | ResultWithAttachments:
        """Return what was written, with the attachments if there are any."""
        json = b"".join(self._parts)
        if not self._attachments:
            return json
        if self._ambiguous is not None:
            reason = f"is an object with the only key {ATTACHMENT!r}, beside something binary"
            raise unserializable(self._ambiguous, reason)
        return ResultWithAttachments(json, self._attachments)

    def write(self, value: object, place: str) -> None:
        """Write ``value``, or raise the error that names the place of what cannot travel."""
        held: list[object] = []  # so that no id is given to something else meanwhile
        try:
            while type(value) not in SCALARS:
                self._enter(value, place, held)
                form, write = self._ways.get(type(value)) or self._find_way(value, place)
                if write is not None:
                    write(self, value, place)
                    return
                value = self._form(form, value, place)
            self.write_scalar(value, place)
        finally:
            self._ancestors.difference_update(map(id, held))

    def _enter(self, value: object, place: str, held: list[object]) -> None:
        if id(value) in self._ancestors:
            raise unserializable(place, "contains itself")
        if len(held) >= _MOST_STEPS:
            reason = f"is of type {full_name(type(value))}, whose encoder leads back to that type"
            raise unserializable(place, reason)
        self._ancestors.add(id(value))
        held.append(value)

    def _find_way(self, value: object, place: str) -> _Way:
        way: _Way = self._form(_way_of, value, place)
        self._ways[type(value)] = way
        return way

    @calls_program
    def _form(self, form: Callable[[Any], Any], value: object, place: str) -> Any:  # noqa: ANN401
        """Return the form of ``value``; whatever goes wrong names the place."""
        try:
            return form(value)
        except NoForm as error:
            raise unserializable(place, str(error)) from None
        except (CallError, MemoryError):
            raise
        except Exception as error:
            ours = all(form is not each for each in ENCODERS.values())
            by = "" if ours else f" by {described(form)}"
            reason = f"is of type {full_name(type(value))} and cannot be converted{by}"
            raise unserializable(place, f"{reason}: {told(error)}") from error

    def write_scalar(self, value: object, place: str) -> None:
        """Write text, a number, a truth value or None; of a subclass, as its base class has it."""
        try:
            self._add(encode_plain(value).encode("utf-8"))
        except UnicodeEncodeError:
            raise unserializable(place, "is text with half a surrogate pair") from None
        except ValueError:
            if not isinstance(value, float):
                reason = "is a number of too many digits, which JSON does not have"
                raise unserializable(place, reason) from None
            self._write_nan(float.__repr__(value), place)

    def write_decimal(self, value: Any, place: str) -> None:  # noqa: ANN401 - decimal not imported
        """Write a Decimal with all its digits."""
        if self._form(lambda value: value.is_finite(), value, place):
            text = self._form(str, value, place)
            self._add(text.encode("ascii"))
        else:
            self._write_nan("a Decimal that is no finite number", place)

    def _write_nan(self, shown: str, place: str) -> None:
        if not self._rules.nan_as_null:
            remedy = 'return None in its place, or declare @program(nan="null")'
            raise unserializable(place, f"is {shown}, which JSON does not have: {remedy}")
        self._add(b"null")

    def write_bytes(self, value: Any, place: str) -> None:  # noqa: ANN401 - anything with a buffer
        """Attach the bytes of ``value``, and write what stands for them."""
        if len(self._attachments) == MOST_ATTACHMENTS:
            reason = f"has more binary parts than the {MOST_ATTACHMENTS} that fit"
            raise unserializable(f"the {self._what}", reason)
        self._attachments.append(self._form(_view_of, value, place))
        self._add(b'{"%s":%d}' % (ATTACHMENT.encode(), len(self._attachments) - 1))

    def write_list(self, value: Any, place: str) -> None:  # noqa: ANN401 - a list or tuple
        """Write an array; at once if there are only plain values in it."""
        if SCALARS.issuperset(map(type, value)) and self._add_plain(list(value)):
            return
        self.write_items(value, place)

    @calls_program
    def write_items(self, value: Any, place: str) -> None:  # noqa: ANN401 - anything that iterates
        """Write an array of what ``value`` yields; an iterator's errors are the program's own."""
        self._descend(place)
        begin = b"["
        for index, item in enumerate(value):
            self._add(begin)
            self.write(item, f"{place}[{index}]")
            begin = b","
        self._add(b"]" if begin == b"," else b"[]")
        self._depth -= 1

    def write_object(self, value: dict[object, object], place: str) -> None:
        """Write an object; at once if there is only plain JSON in it."""
        plain = {str}.issuperset(map(type, value)) and SCALARS.issuperset(map(type, value.values()))
        if plain and ATTACHMENT not in value and self._add_plain(value):
            return
        self._descend(place)
        begin, keys = b"{", dict[str, object]()
        for key, item in value.items():
            text = self._key(key, place, keys)
            self._add(begin)
            self.write_scalar(text, f"a key of {place}")
            self._add(b":")
            self.write(item, f"{place}.{text}")
            begin = b","
        self._add(b"}" if begin == b"," else b"{}")
        self._depth -= 1
        if keys.keys() == {ATTACHMENT}:
            self._ambiguous = place

    def _key(self, key: Any, place: str, keys: dict[str, object]) -> str:  # noqa: ANN401
        """Return ``key`` as text, which is in ``keys`` from then on."""
        text: str = self._form(_key_text, key, place)
        if text in keys:
            both = f"{_shown(keys[text])} and {_shown(key)}"
            raise unserializable(place, f"has the keys {both}, which are the same as text")
        keys[text] = key
        return text

    def _descend(self, place: str) -> None:
        if self._depth >= _DEEPEST:
            raise unserializable(place[:200], f"is nested more than {_DEEPEST} levels deep")
        self._depth += 1

    def _add_plain(self, value: object) -> bool:
        """Write a plain value at once; ``False`` if something in it has to be looked for."""
        if self._depth >= _DEEPEST:
            return False
        try:
            self._add(encode_plain(value).encode("utf-8"))
        except ValueError:
            return False
        return True

    def _add(self, part: bytes) -> None:
        self._parts.append(part)
        self._size += len(part)
        maximum = self._rules.maximum
        if maximum is not None and self._size > maximum:
            raise too_large(self._what, maximum)


class _Way(NamedTuple):
    """How to treat a type: by a simpler form of it, or by writing it as it is."""

    form: Form
    write: Callable[[_Converter, Any, str], None] | None


def _itself(value: object) -> object:
    return value


def _value_of_member(member: Any) -> object:  # noqa: ANN401 - of any enumeration
    return member.value


def _not_a_number(_value: object) -> float:
    return math.nan


def _items(value: Any) -> list[object]:  # noqa: ANN401 - anything that iterates
    return list(value)


def _items_or_fields(value: Any) -> object:  # noqa: ANN401 - of any subclass of tuple
    return records.fields_of(value) if records.is_named_tuple(type(value)) else tuple(value)


def _pairs(value: Any) -> dict[object, object]:  # noqa: ANN401 - any mapping
    return dict(value.items())


def _sorted(value: Any) -> list[object]:  # noqa: ANN401 - any set
    try:
        return sorted(value)
    except Exception:  # noqa: BLE001 - what cannot be compared has no order
        return list(value)


_WRITERS: Final[dict[type, Callable[[_Converter, Any, str], None]]] = {
    dict: _Converter.write_object,
    list: _Converter.write_list,
    tuple: _Converter.write_list,
}
"""Exactly these types are containers of JSON; their subclasses become one of them first."""

_FORMS: Final[dict[tuple[str, str], Form]] = {
    ("enum", "Enum"): _value_of_member,
    ("datetime", "datetime"): times.time_text,
    ("datetime", "date"): times.time_text,
    ("datetime", "time"): times.time_text,
    ("datetime", "timedelta"): times.duration_text,
    ("uuid", "UUID"): str,
    ("pathlib", "PurePath"): str,
    ("ipaddress", "IPv4Address"): str,
    ("ipaddress", "IPv4Network"): str,
    ("ipaddress", "IPv6Address"): str,
    ("ipaddress", "IPv6Network"): str,
    ("collections", "UserString"): str,
    ("pandas", "NaTType"): _not_a_number,
    ("pandas", "NAType"): _not_a_number,
    ("builtins", "dict"): _pairs,
    ("builtins", "list"): _items,
    ("builtins", "tuple"): _items_or_fields,
    **arrays.WRITTEN,
    **libraries.WRITTEN,
}
_LEAVES: Final[dict[tuple[str, str], Callable[[_Converter, Any, str], None]]] = {
    **{("builtins", name): _Converter.write_scalar for name in ("str", "int", "float")},
    **{("builtins", name): _Converter.write_bytes for name in ("bytes", "bytearray", "memoryview")},
    ("decimal", "Decimal"): _Converter.write_decimal,
}


_BY_STRUCTURE: Final[list[tuple[type, _Way]]] = [
    (abstract.Mapping, _Way(_pairs, None)),
    (abstract.MappingView, _Way(_items, None)),
    (abstract.Set, _Way(_sorted, None)),
    (abstract.Sequence, _Way(_items, None)),
    (abstract.Iterator, _Way(_itself, _Converter.write_items)),
]
"""What other types may be, in the order in which it is looked for."""


def _way_of(value: object) -> _Way:
    """Return how to treat values of this type; the most specific of what is known counts."""
    kind = type(value)
    if kind in _WRITERS:
        return _Way(_itself, _WRITERS[kind])
    for base, named in zip(type.__getattribute__(kind, "__mro__"), kinds_of(kind)):
        if base in ENCODERS and base is not object:
            return _Way(ENCODERS[base], None)
        if named in _LEAVES:
            return _Way(_itself, _LEAVES[named])
        if named in _FORMS:
            return _Way(_FORMS[named], None)
    if records.is_record(kind):
        return _Way(records.fields_of, None)
    return _way_by_structure(kind, value)


def _way_by_structure(kind: type, value: object) -> _Way:
    """Return how to treat values of a type that only shows what it is by what it can."""
    if _has_buffer(value):
        return _Way(_itself, _Converter.write_bytes)
    for bases, way in _BY_STRUCTURE:
        if issubclass(kind, bases):
            return way
    if kind_of(kind)[0] in ("pydantic", "pydantic_core"):
        return _Way(libraries.plain_value, None)
    if object in ENCODERS:
        return _Way(ENCODERS[object], None)
    raise NoForm(_refusal(kind))


def _refusal(kind: type) -> str:
    if issubclass(kind, (abstract.Coroutine, abstract.AsyncIterator)):
        return f"is a {full_name(kind)} that nobody awaits: await it in an async program"
    name = kind_of(kind)[1].rpartition(".")[2]
    remedy = f"convert it, or register a function that does so by @encoder({name})"
    return f"is of type {full_name(kind)}, which JSON does not have: {remedy}"


def _has_buffer(value: Any) -> bool:  # noqa: ANN401 - anything may have one
    try:
        memoryview(value).release()
    except TypeError:
        return False
    return True


def _view_of(value: Any) -> memoryview:  # noqa: ANN401 - anything with a buffer
    """Return the bytes of ``value``, whose buffer has to be in one piece."""
    view = memoryview(value)
    if not view.c_contiguous:
        name = full_name(type(value))
        raise NoForm(f"is of type {name}, with gaps between its bytes: return bytes(...) of it")
    try:
        return view.cast("B")
    except TypeError:  # of a format that memoryview cannot cast, or of size 0
        return memoryview(view.tobytes())


def _key_text(key: Any) -> str:  # noqa: ANN401 - any key
    kinds = kinds_of(type(key))
    if ("enum", "Enum") in kinds:
        return _key_text(key.value)
    if isinstance(key, str):
        return str.__str__(key)
    if isinstance(key, int) and type(key) is not bool:
        return int.__repr__(key)
    if ("uuid", "UUID") in kinds:
        return str(key)
    if ("numpy", "integer") in kinds:
        return str(int(key))
    kind = full_name(type(key))
    remedy = "keys are str, int, UUID or members of an Enum, so make text of it"
    raise NoForm(f"has the key {_shown(key)} of type {kind}: {remedy}")


def _shown(key: object) -> str:
    try:
        return repr(key)[:_LONGEST_SHOWN]
    except Exception:  # noqa: BLE001 - of a class of users
        return "of a kind that cannot be shown"

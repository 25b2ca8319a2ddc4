"""Results as JSON: a fast path for plain values, a slow one that converts and names faults."""

from __future__ import annotations

import dataclasses
import enum
import json
import json.encoder
from typing import Any, Callable, Final, NamedTuple

from vivarium_worker.programs.errors import unserializable
from vivarium_worker.programs.inputs import ATTACHMENT
from vivarium_worker.protocol.frames import MOST_ATTACHMENTS
from vivarium_worker.validation import arrays

_SCALARS: Final = frozenset({str, int, float, bool, type(None)})
_DEEPEST: Final = 200  # levels of nesting; each takes up to three of Python's 1,000 frames


class ResultWithAttachments(NamedTuple):
    """JSON in UTF-8 that refers to attachments, which are views of single bytes."""

    json: bytes
    attachments: list[memoryview]


def encode_result(value: object, what: str = "result") -> bytes | ResultWithAttachments:
    """Return ``value`` as JSON in UTF-8, with attachments if there is something binary in it.

    Dataclasses become objects, enumeration members their values, tuples arrays; whatever has the
    buffer protocol becomes an attachment, as do NumPy arrays, and NumPy scalars numbers. Raises
    `UnserializableResult`, which names the place, for everything else that JSON cannot express,
    for keys that are not text, NaN and infinity, cycles, and nesting of more than 200 levels.
    """
    try:
        if type(value) in _SCALARS or _is_plain(value):
            return _encode_fast(value).encode("utf-8")
    except (TypeError, ValueError, RecursionError):
        pass  # the slow path says where
    converter = _Converter()
    encoded = _encode_fast(converter.convert(value, what)).encode("utf-8")
    if not converter.attachments:
        return encoded
    return ResultWithAttachments(encoded, converter.checked_attachments())


def _is_plain(value: object, level: int = 1) -> bool:
    """Return whether ``value`` consists of exact JSON types; the limit of levels ends a cycle."""
    if level > _DEEPEST:
        return False
    if type(value) is dict:
        return _is_plain_dict(value, level)
    if type(value) is not list and type(value) is not tuple:
        return False
    if _SCALARS.issuperset(map(type, value)):
        return True
    return all(type(item) in _SCALARS or _is_plain(item, level + 1) for item in value)


def _is_plain_dict(value: dict[object, object], level: int) -> bool:
    for key, item in value.items():
        if type(key) is not str:
            return False
        if type(item) not in _SCALARS and not _is_plain(item, level + 1):
            return False
    return True


def _make_fast_encoder() -> Callable[[object], str]:
    """Return the fastest encoder there is; the one in C is no documented part of ``json``."""
    options: dict[str, Any] = {"ensure_ascii": False, "allow_nan": False}
    kept = json.JSONEncoder(check_circular=False, separators=(",", ":"), **options)
    make = getattr(json.encoder, "c_make_encoder", None)
    text = getattr(json.encoder, "c_encode_basestring", None)
    if make is None or text is None:
        return kept.encode
    sort_keys, skip_keys, allow_nan = False, False, False
    parts = make(None, kept.default, text, None, ":", ",", sort_keys, skip_keys, allow_nan)
    join = "".join
    return lambda value: join(parts(value, 0))


_encode_fast: Final = _make_fast_encoder()


class _Converter:
    """Makes plain JSON values of a result, and names the place where it cannot."""

    def __init__(self) -> None:
        self.attachments: list[memoryview] = []
        self._ancestors: set[int] = set()
        self._ambiguous: str | None = None  # place of an object that would be taken for a reference

    def checked_attachments(self) -> list[memoryview]:
        """Return the attachments; raise if they are too many, or the rest is ambiguous."""
        if self._ambiguous is not None:
            reason = f"is an object with the only key {ATTACHMENT!r}, beside something binary"
            raise unserializable(self._ambiguous, reason)
        if len(self.attachments) > MOST_ATTACHMENTS:
            reason = f"has {len(self.attachments)} binary parts, at most {MOST_ATTACHMENTS} fit"
            raise unserializable("the value", reason)
        return self.attachments

    def convert(self, value: Any, place: str) -> object:  # noqa: ANN401 - a result may be anything
        if isinstance(value, enum.Enum):
            return self.convert(value.value, place)
        if value is None or isinstance(value, (str, int, float)):
            return _scalar(value, place)
        if id(value) in self._ancestors:
            raise unserializable(place, "contains itself")
        if len(self._ancestors) >= _DEEPEST:
            raise unserializable(place[:200], f"is nested more than {_DEEPEST} levels deep")
        self._ancestors.add(id(value))
        try:
            return self._convert_container(value, place)
        finally:
            self._ancestors.remove(id(value))

    def _convert_container(self, value: Any, place: str) -> object:  # noqa: ANN401
        if dataclasses.is_dataclass(value) and not isinstance(value, type):
            names = [field.name for field in dataclasses.fields(value)]
            return {n: self.convert(getattr(value, n), f"{place}.{n}") for n in names}
        if isinstance(value, dict):
            converted = {_key(k, place): self.convert(v, f"{place}.{k}") for k, v in value.items()}
            if len(converted) == 1 and ATTACHMENT in converted:
                self._ambiguous = place
            return converted
        if isinstance(value, (list, tuple)):
            return [self.convert(item, f"{place}[{i}]") for i, item in enumerate(value)]
        if arrays.is_array(value):
            return self._array(value, place)
        if arrays.is_scalar(value):
            number = arrays.number_of(value)
            if number is not None:
                return _scalar(number, place)
        elif (view := _view_of(value)) is not None:
            return self._attach(view)
        raise unserializable(place, f"is of type {type(value).__name__}, which JSON does not have")

    def _array(self, array: Any, place: str) -> object:  # noqa: ANN401 - of a type not imported
        if array.dtype.hasobject:
            raise unserializable(place, f"is an array of type {array.dtype}, with Python objects")
        data = self._attach(arrays.bytes_of(array))
        return {"data": data, "dtype": array.dtype.str, "shape": list(array.shape)}

    def _attach(self, view: memoryview) -> dict[str, int]:
        self.attachments.append(view)
        return {ATTACHMENT: len(self.attachments) - 1}


def _view_of(value: Any) -> memoryview | None:  # noqa: ANN401 - anything may have a buffer
    """Return the bytes of ``value``, if it has a buffer in one piece."""
    try:
        view = memoryview(value)
    except TypeError:
        return None
    if not view.c_contiguous:
        return None
    try:
        return view.cast("B")
    except TypeError:  # of a format that memoryview cannot cast, or of size 0
        return memoryview(view.tobytes())


def _key(key: object, place: str) -> str:
    if isinstance(key, enum.Enum) and type(key.value) is str:
        key = key.value
    if not isinstance(key, str):
        kind = type(key).__name__
        raise unserializable(place, f"has the key {key!r} of type {kind}; keys in JSON are text")
    return str(_scalar(key, f"a key of {place}"))


def _scalar(value: object, place: str) -> object:
    try:
        _encode_fast(value).encode("utf-8")
    except UnicodeEncodeError:
        raise unserializable(place, "is text with half a surrogate pair") from None
    except ValueError:
        shown = repr(value) if isinstance(value, float) else "a number of too many digits"
        raise unserializable(place, f"is {shown}, which JSON does not have") from None
    return value

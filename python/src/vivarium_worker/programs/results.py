"""Results as JSON: a fast path for plain values; all others are left to ``conversion``."""

from __future__ import annotations

from typing import Callable, Final, Union

from vivarium_worker.programs.conversion import ResultRules, ResultWithAttachments, convert
from vivarium_worker.programs.json_text import SCALARS, encode_plain

__all__ = ["ResultRules", "ResultWithAttachments", "encode_result"]

_DEEPEST: Final = 200  # levels of nesting, as in conversion
_SCALARS: Final = SCALARS
_encode_fast: Final = encode_plain

Encoded = Union[bytes, ResultWithAttachments]


def encode_result(
    value: object, what: str = "result", otherwise: Callable[[object, str], Encoded] = convert
) -> Encoded:
    """Return ``value`` as JSON in UTF-8, with attachments if there is something binary in it.

    What is not plain JSON is left to ``otherwise``; the table of types in docs/CALLS.md says what
    becomes of it. Raises `UnserializableResult`, which names the place, for everything that cannot
    travel, for NaN and infinity, cycles, and nesting of more than 200 levels.
    """
    try:
        if type(value) in _SCALARS or _is_plain(value):
            return _encode_fast(value).encode("utf-8")
    except (TypeError, ValueError, RecursionError):
        pass  # the slow path says where
    return otherwise(value, what)


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

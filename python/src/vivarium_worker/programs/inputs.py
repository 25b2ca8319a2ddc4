"""Inputs from JSON, decoded with a scanner made once: ``json.loads`` takes twice as long."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Callable, Final, NoReturn

from vivarium_worker.programs.errors import CallError, invalid_input

if TYPE_CHECKING:
    from collections.abc import Sequence

ATTACHMENT: Final = "$bytes"
"""The only key of an object that stands for an attachment."""


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


_DECODER = json.JSONDecoder(parse_constant=_no_constant)
_scan: Callable[[str, int], tuple[Any, int]] = _DECODER.scan_once  # type: ignore[attr-defined]


def decode_inputs(
    body: bytes | memoryview,
    scan: Callable[[str, int], tuple[Any, int]] = _scan,
    decoder: json.JSONDecoder = _DECODER,
) -> dict[str, Any]:
    """Return the object in ``body``, or raise `InvalidInput` without a field."""
    if not body:
        return {}
    try:
        text = str(body, "utf-8")
        try:
            value, end = scan(text, 0)
        except StopIteration:
            value, end = None, -1
        if end != len(text):  # white space around the value, or something worse
            value = decoder.decode(text)
    except (ValueError, RecursionError) as error:
        raise _not_an_object(f"the inputs are not JSON: {error}") from None
    if type(value) is not dict:
        raise _not_an_object(f"the inputs must be a JSON object, not {type(value).__name__}")
    return value


def decode_with(body: bytes | memoryview, attachments: Sequence[bytes]) -> dict[str, Any]:
    """Return the object in ``body``, in which ``{"$bytes": n}`` stands for the n-th attachment."""

    def resolve(value: dict[str, Any]) -> object:
        if len(value) != 1 or ATTACHMENT not in value:
            return value
        index = value[ATTACHMENT]
        if type(index) is not int or not 0 <= index < len(attachments):
            message = f"the inputs refer to attachment {index!r} of {len(attachments)}"
            raise _not_an_object(message)
        return attachments[index]

    decoder = json.JSONDecoder(object_hook=resolve, parse_constant=_no_constant)
    return decode_inputs(body, decoder.scan_once, decoder)  # type: ignore[attr-defined]


def _not_an_object(message: str) -> CallError:
    return invalid_input(message, None)

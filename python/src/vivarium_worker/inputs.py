"""Inputs from JSON, decoded with a kept scanner: ``json.loads`` costs more than twice as much."""

from __future__ import annotations

import json
from typing import Any, Callable, NoReturn

from vivarium_worker.errors import CallError, invalid_input


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")


_DECODER = json.JSONDecoder(parse_constant=_no_constant)
_scan: Callable[[str, int], tuple[Any, int]] = _DECODER.scan_once  # type: ignore[attr-defined]


def decode_inputs(body: bytes | memoryview) -> dict[str, Any]:
    """Return the object in ``body``, or raise `InvalidInput` without a field."""
    if not body:
        return {}
    try:
        text = str(body, "utf-8")
        try:
            value, end = _scan(text, 0)
        except StopIteration:
            value, end = None, -1
        if end != len(text):  # white space around the value, or something worse
            value = _DECODER.decode(text)
    except (ValueError, RecursionError) as error:
        raise _not_an_object(f"the inputs are no JSON: {error}") from None
    if type(value) is not dict:
        raise _not_an_object(f"the inputs are a JSON object, not {type(value).__name__}")
    return value


def _not_an_object(message: str) -> CallError:
    return invalid_input(message, None)

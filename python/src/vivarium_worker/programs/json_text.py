"""JSON of plain values, by the fastest encoder there is."""

from __future__ import annotations

import json
import json.encoder
from typing import Any, Callable, Final

SCALARS: Final = frozenset({str, int, float, bool, type(None)})
"""The types of values that JSON has, containers aside."""


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


encode_plain: Final = _make_fast_encoder()
"""Returns a plain value as JSON; raises ValueError for what JSON does not have."""

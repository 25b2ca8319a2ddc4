"""The state of a session: comes with a call, and goes back with its result if it has changed.

The server keeps it between calls, as bytes that mean nothing to it, and gives it only to workers of
the same pool. So nothing of it stays here, and a session outlives its worker.
"""

from __future__ import annotations

import pickle
from typing import Any, Final

from vivarium_worker.programs.errors import CallError

_PICKLE_PROTOCOL: Final = 4
"""What every Python from 3.8 on reads: a pool may change its interpreter."""


def load(state: bytes) -> dict[str, Any]:
    """Return what :func:`save` has made ``state`` of; an empty dict for empty ``state``."""
    if not state:
        return {}
    try:
        loaded: dict[str, Any] = pickle.loads(state)  # noqa: S301 - saved by a worker of this pool
    except Exception as error:
        raise CallError(
            "session_error",
            "UnreadableSession",
            f"the state of the session cannot be restored: {type(error).__name__}: {error}",
        ) from error
    return loaded


def save(state: dict[str, Any], before: bytes, maximum: int) -> bytes | None:
    """Return ``state`` as bytes, or ``None`` if they are ``before``.

    Raises an error of category ``session_error`` if a value cannot be saved, or all of them take
    more than ``maximum`` bytes.
    """
    if not state and not before:
        return None
    try:
        saved = pickle.dumps(state, _PICKLE_PROTOCOL)
    except Exception as error:
        raise CallError("session_error", "UnsavableSession", _reason(state, error)) from error
    if len(saved) > maximum:
        message = (
            f"the state of the session takes {len(saved)} bytes, at most {maximum} are allowed"
        )
        raise CallError("session_error", "SessionTooLarge", message)
    return None if saved == before else saved


def _reason(state: dict[str, Any], error: Exception) -> str:
    for key, value in state.items():
        try:
            pickle.dumps({key: value}, _PICKLE_PROTOCOL)
        except Exception as cause:  # noqa: BLE001 - pickling runs code of the user
            return f"context.session[{key!r}] cannot be saved: {type(cause).__name__}: {cause}"
    return f"the state of the session cannot be saved: {type(error).__name__}: {error}"

"""The state of sessions, kept in this worker's memory."""

from __future__ import annotations

from collections import OrderedDict
from typing import Any, Final

MAXIMUM_SESSIONS: Final = 1000


class Sessions:
    """One dict per session id; of more than ``maximum`` the least recently used is forgotten.

    This is the one place that programs get session state from. Checkpoints belong here: restore in
    :meth:`state_of`, save after the call.
    """

    def __init__(self, maximum: int = MAXIMUM_SESSIONS) -> None:
        self._maximum = maximum
        self._states: OrderedDict[str, dict[str, Any]] = OrderedDict()

    def state_of(self, session: str) -> dict[str, Any]:
        """Return the state of ``session``, which is empty at first."""
        state = self._states.setdefault(session, {})
        self._states.move_to_end(session)
        if len(self._states) > self._maximum:
            self._states.popitem(last=False)
        return state

    def __len__(self) -> int:
        return len(self._states)


SESSIONS: Final = Sessions()

"""Running async programs: one event loop per slot, kept from call to call."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import AsyncIterable, Coroutine


class Coroutines:
    """Runs coroutines in the thread that calls it, which is the same for all of them.

    The loop is kept, so that what a program connects to in one call is there in the next. Tasks
    that a call left running are cancelled at its end.
    """

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None

    def run(self, program: Coroutine[Any, Any, object] | AsyncIterable[object]) -> object:
        """Return the result of a coroutine, or a list of what an async generator yields."""
        loop = self._open_loop()
        try:
            if asyncio.iscoroutine(program):
                return loop.run_until_complete(program)
            return loop.run_until_complete(_collect(program))
        finally:
            _cancel_rest(loop)

    def _open_loop(self) -> asyncio.AbstractEventLoop:
        if self._loop is None or self._loop.is_closed():
            self._loop = asyncio.new_event_loop()
            asyncio.set_event_loop(self._loop)
        return self._loop


async def _collect(items: AsyncIterable[object]) -> list[object]:
    return [item async for item in items]


def _cancel_rest(loop: asyncio.AbstractEventLoop) -> None:
    if loop.is_closed():
        return
    rest = asyncio.all_tasks(loop)
    for task in rest:
        task.cancel()
    if rest:
        loop.run_until_complete(asyncio.gather(*rest, return_exceptions=True))

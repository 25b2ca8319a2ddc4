"""Event loops that imports have made: they do not run, and each worker gets its own in their place.

A loop has descriptors that all processes would share after a fork, so that one would read what
wakes another. Loops of ``asyncio`` are renewed where they are, because modules keep them; the hub
of eventlet is forgotten, because it makes another one; gevent has a function for it.
"""

from __future__ import annotations

import gc
import sys
from typing import Any

from vivarium_worker.forkserver.descriptors import open_descriptors


class IdleLoops:
    """The loops that were there when the imports had ended. Used by one thread."""

    def __init__(self) -> None:
        """Look for them: at everything that the garbage collector knows, before it is frozen."""
        self._loops: list[Any] = []
        asyncio = sys.modules.get("asyncio.selector_events")
        if asyncio is not None:
            kind = asyncio.BaseSelectorEventLoop
            # by type(): what objects say of their class themselves may be anything
            self._loops = [each for each in gc.get_objects() if issubclass(type(each), kind)]

    def descriptors(self) -> set[int]:
        """Return the descriptors of loops, which are no reason not to fork."""
        found = {descriptor for loop in self._open() for descriptor in _descriptors(loop)}
        poll: Any = getattr(_eventlet_hub(), "poll", None)
        if hasattr(poll, "fileno"):
            found.add(poll.fileno())
        return found | _gevent_descriptors()

    def renew_in_fork(self) -> None:
        """Give each loop descriptors of its own, in a child that has just been forked."""
        for loop in self._open():
            _renew(loop)
        hub = _eventlet_hub()
        if hub is not None:
            del sys.modules["eventlet.hubs"]._threadlocal.hub
        gevent: Any = sys.modules.get("gevent")
        if gevent is not None:
            gevent.reinit()

    def _open(self) -> list[Any]:
        return [loop for loop in self._loops if not loop.is_closed() and not loop.is_running()]


def _descriptors(loop: Any) -> tuple[int, ...]:  # noqa: ANN401 - of a module that is not imported
    selector = loop._selector.fileno() if hasattr(loop._selector, "fileno") else -1
    return (selector, loop._ssock.fileno(), loop._csock.fileno())


def _renew(loop: Any) -> None:  # noqa: ANN401 - of a module that is not imported
    """Replace selector and self-pipe; the other end of both is the fork server's."""
    loop._selector.close()
    loop._ssock.close()
    loop._csock.close()
    loop._selector = type(loop._selector)()
    loop._internal_fds = 0
    loop._make_self_pipe()


def _gevent_descriptors() -> set[int]:
    """Return those of gevent's hub: what it polls with, and the event object that wakes it.

    Nobody says which event object that is, so it is any: a second one would be a library's that has
    threads or polls by itself, and is noticed by those.
    """
    local = sys.modules.get("gevent._hub_local")
    hub: Any = local.get_hub_if_exists() if local else None
    if not hasattr(getattr(hub, "loop", None), "fileno"):
        return set()
    events = {one.number for one in open_descriptors() if one.link == "anon_inode:[eventfd]"}
    return {hub.loop.fileno()} | events


def _eventlet_hub() -> Any:  # noqa: ANN401 - of a module that is not imported
    hubs = sys.modules.get("eventlet.hubs")
    return getattr(hubs._threadlocal, "hub", None) if hubs else None

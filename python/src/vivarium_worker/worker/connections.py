"""The connections of a worker, opened together: each handshake has to wait for the server."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, NamedTuple

from vivarium_worker.protocol.channel import Address, Channel
from vivarium_worker.protocol.shared_memory import SharedMemory

if TYPE_CHECKING:
    from vivarium_worker.protocol.control import Fork


class Connections(NamedTuple):
    """The open channels of a worker; ``calls`` has one for each slot."""

    side: Channel
    output: Channel
    stack: Channel
    calls: list[Channel]


def connect_all(request: Fork, address: Address) -> Connections:
    """Open all channels; each one says hello before the first is waited for."""
    memories = [_make_memory(request.worker, slot) for slot in range(request.slots)]
    connections = Connections(
        side=Channel(address, "side"),
        output=Channel(address, "output"),
        stack=Channel(address, "stack"),
        calls=[Channel(address, "call", slot, memories[slot]) for slot in range(request.slots)],
    )
    for channel in (*connections[:3], *connections.calls):
        channel.finish_handshake()
    return connections


def _make_memory(worker: str, slot: int) -> SharedMemory | None:
    """Make the memory of a slot; without it there is no cancellation, but there are calls."""
    try:
        return SharedMemory(worker, slot)
    except OSError as error:
        sys.stderr.write(f"vivarium: slot {slot} of worker {worker} has no memory: {error}\n")
        return None

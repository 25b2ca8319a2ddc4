from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import settings

from handles import Worker
from server import Server

settings.register_profile("steady", deadline=None)  # a busy machine is no fault
settings.load_profile("steady")


@pytest.fixture
def server() -> Iterator[Server]:
    """Play the server for one test; nothing of it is left afterwards."""
    made = Server()
    yield made
    made.close()


@pytest.fixture(scope="module")
def worker() -> Iterator[Worker]:
    """Return a worker that many tests share: none of them may harm it."""
    made = Server()
    made.start_guardian()
    fork_server = made.serve("vivarium_examples", "typed", "talks", "misbehave")
    fork_server.loaded()
    yield fork_server.fork("shared")
    made.close()

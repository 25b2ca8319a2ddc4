"""Waiting for processes and conditions, with a bound and without sleeping blindly."""

from __future__ import annotations

import os
import select
import signal
import time
from pathlib import Path
from typing import Callable

from peer import PATIENCE_SECONDS


def await_end(pid: int) -> None:
    """Wait until process ``pid`` has ended, whoever its parent is."""
    try:
        descriptor = os.pidfd_open(pid)
    except ProcessLookupError:
        return
    try:
        poll = select.poll()
        poll.register(descriptor, select.POLLIN)
        assert poll.poll(PATIENCE_SECONDS * 1000), f"process {pid} is still there"
    finally:
        os.close(descriptor)


def await_true(condition: Callable[[], bool]) -> None:
    """Wait until ``condition`` holds, looking every few milliseconds."""
    end = time.monotonic() + PATIENCE_SECONDS
    poll = select.poll()
    while not condition():
        assert time.monotonic() < end, "it did not become true"
        poll.poll(5)


def is_alive(pid: int) -> bool:
    """Tell whether process ``pid`` runs; a zombie does not."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False
    return stat.rpartition(")")[2].split()[0] not in "ZX"


def kill_now(*pids: int) -> None:
    for pid in pids:
        os.kill(pid, signal.SIGKILL)

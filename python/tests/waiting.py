"""Waiting for processes and conditions, with a bound and without sleeping blindly."""

from __future__ import annotations

import fcntl
import os
import select
import signal
import socket
import sys
import termios
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


def await_standstill(connection: socket.socket) -> None:
    """Wait until nothing more has come to ``connection``, unread, for 50 looks in a row."""
    seen, equal = -1, 0

    def stands_still() -> bool:
        nonlocal seen, equal
        waiting = int.from_bytes(fcntl.ioctl(connection, termios.FIONREAD, bytes(4)), sys.byteorder)
        seen, equal = waiting, equal + 1 if waiting == seen else 0
        return waiting > 0 and equal == 50

    await_true(stands_still)

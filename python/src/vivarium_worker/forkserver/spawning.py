"""Workers in an interpreter of their own, for libraries that do not survive a fork."""

from __future__ import annotations

import json
import os
import signal
import sys
from pathlib import Path
from typing import NoReturn

from vivarium_worker.protocol import control
from vivarium_worker.protocol.channel import give_up
from vivarium_worker.system import procfs
from vivarium_worker.system.reaping import ignore
from vivarium_worker.worker import process as worker

_BOOT = Path(__file__).parents[1] / "boot.py"


def spawn(order: bytes, environment: dict[str, str]) -> int:
    """Start a fresh interpreter that reads ``order`` from its standard input; return its pid.

    The order holds a token, so it goes through anonymous memory: neither an argument nor a file.
    """
    memory = os.memfd_create("vivarium-order")
    try:
        os.write(memory, order)
        os.lseek(memory, 0, os.SEEK_SET)
        arguments = [sys.executable, "-I", "-u", str(_BOOT), "worker"]
        onto_input = [(os.POSIX_SPAWN_DUP2, memory, 0)]
        return os.posix_spawn(
            sys.executable, arguments, environment, file_actions=onto_input, setsid=True
        )
    finally:
        os.close(memory)


def main() -> NoReturn:
    """Be a worker in an interpreter that :func:`spawn` started; never returns."""
    for number in (signal.SIGUSR1, signal.SIGUSR2):
        signal.signal(number, ignore)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        body = json.loads(sys.stdin.buffer.read())
        order = control.order_of(control.Fork, body["order"], "order")
        procfs.die_with_parent(signal.SIGKILL, body["parent"])
        worker.close_standard_input()
        status = worker.run(order, body["socket"], order.modules)
    except Exception as error:  # noqa: BLE001 - whatever it was, this process ends and says so
        give_up(error)
    os._exit(status)

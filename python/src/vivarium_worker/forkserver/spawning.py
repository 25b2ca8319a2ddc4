"""Workers in an interpreter of their own, for libraries that do not survive a fork."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vivarium_worker.protocol import control
from vivarium_worker.protocol.channel import exit_without_server
from vivarium_worker.system.originals import os, signal
from vivarium_worker.system.processes import set_parent_death_signal
from vivarium_worker.system.signals import CANCEL_SIGNAL, DUMP_SIGNAL, ignore_signal, start_clean
from vivarium_worker.worker.process import close_standard_input, run_worker

if TYPE_CHECKING:
    from collections.abc import Mapping

_BOOT = Path(__file__).parents[1] / "boot.py"


def spawn(request: control.Fork, socket: str, environment: Mapping[str, str]) -> int:
    """Start a fresh interpreter that is the worker of ``request``; return its pid.

    The request holds a token, so it goes through anonymous memory, which becomes the standard input
    of the interpreter: neither an argument nor a file.
    """
    if not sys.executable:
        raise OSError("the path of this interpreter is not known")
    body = {"socket": socket, "parent": os.getpid(), "request": request._asdict()}
    memory = os.memfd_create("vivarium-request")
    try:
        os.write(memory, json.dumps(body).encode())
        os.lseek(memory, 0, os.SEEK_SET)
        arguments = [sys.executable, "-I", "-u", str(_BOOT), "worker"]
        onto_input = [(os.POSIX_SPAWN_DUP2, memory, 0)]
        return os.posix_spawn(
            sys.executable, arguments, environment, file_actions=onto_input, setsid=True
        )
    finally:
        os.close(memory)


def main() -> int:
    """Be a worker in an interpreter that :func:`spawn` started; return its exit status."""
    del sys.argv[1:]  # ours, and not what a module that looks at its arguments expects
    start_clean()
    for number in (CANCEL_SIGNAL, DUMP_SIGNAL):
        signal.signal(number, ignore_signal)
    try:
        body: dict[str, Any] = json.loads(sys.stdin.buffer.read())
        request = control.message_of(control.Fork, body["request"], "request")
        set_parent_death_signal(signal.SIGKILL, body["parent"])
        close_standard_input()
    except Exception as error:  # noqa: BLE001 - whatever it was, this process ends and says so
        exit_without_server(error)
    return run_worker(request, body["socket"], request.modules)

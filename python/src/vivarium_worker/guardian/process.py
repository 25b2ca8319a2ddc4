"""The guardian: starts fork servers and leaves nothing behind when the server goes.

It imports no user code and has one thread, so nothing can make it hang. Its standard input is its
life line: end of file there means that the server is gone.
"""

from __future__ import annotations

import os
import select
import signal
import sys
import time
import traceback
from contextlib import suppress
from typing import NoReturn

from vivarium_worker.forkserver import process as forkserver
from vivarium_worker.protocol import control
from vivarium_worker.protocol.channel import STATUS_BROKEN, Address, Channel, connect, give_up
from vivarium_worker.protocol.frames import Frame, FrameError, Kind, parse_object
from vivarium_worker.system import procfs
from vivarium_worker.system.reaping import Death, SignalPipe, next_dead, reap, sweep

STOP_SECONDS = 0.4
"""How long a fork server may take to clean up before it is killed."""

_SWEEP_SECONDS = 2.0
_LOOK_MILLIS = 1000  # how often the parent is looked at
_STOP_LOOK_MILLIS = 5
_LIFE_LINE = 0


def main() -> NoReturn:
    """Run the guardian of this process until the server goes; never returns."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with suppress(PermissionError):  # it leads a session already
        os.setsid()
    procfs.become_subreaper()
    try:
        order = _read_life_line()
        channel = connect(Address(order.socket, order.token), "guardian")
    except Exception as error:  # noqa: BLE001 - whatever it was, this process ends and says so
        give_up(error)
    os._exit(Guardian(order.socket, channel).run())


class Guardian:
    """Holds the fork servers of one server. Used by one thread."""

    def __init__(self, socket: str, channel: Channel) -> None:
        self._socket = socket
        self._channel = channel
        self._signals = SignalPipe(signal.SIGCHLD, signal.SIGTERM, signal.SIGHUP)
        self._servers: dict[int, str] = {}
        self._doomed: dict[int, float] = {}
        self._status: int | None = None

    def run(self) -> int:
        """Serve until the server goes, then end everything; return the exit status."""
        poll = select.poll()
        for descriptor in (_LIFE_LINE, self._channel.fileno(), self._signals.fileno()):
            poll.register(descriptor, select.POLLIN)
        parent = os.getppid()
        while self._status is None:
            ready = {pair[0] for pair in poll.poll(self._patience_millis())}
            self._look_at_signals()
            if _LIFE_LINE in ready and not os.read(_LIFE_LINE, 4096):
                self._status = 0
            elif self._channel.fileno() in ready:
                self._hear()
            if os.getppid() != parent:
                self._status = 0
            self._kill_the_doomed()
        self._end_everything()
        return self._status

    def _patience_millis(self) -> int:
        return _STOP_LOOK_MILLIS if self._doomed else _LOOK_MILLIS

    def _hear(self) -> None:
        try:
            frame = self._channel.receive()
            if frame is None:
                self._status = 0
            else:
                self._obey(frame)
        except (OSError, FrameError) as error:
            sys.stderr.write(f"vivarium: the guardian lost the server: {error}\n")
            self._status = STATUS_BROKEN if isinstance(error, FrameError) else 0

    def _obey(self, frame: Frame) -> None:
        if frame.kind is Kind.SERVE:
            self._start(control.read_order(control.Serve, frame))
        elif frame.kind is Kind.STOP_SERVER:
            name = control.read_order(control.StopServer, frame).server
            for pid in [pid for pid, server in self._servers.items() if server == name]:
                self._stop(pid)
        else:
            raise FrameError(f"{frame.kind.name} came after the handshake")

    def _start(self, order: control.Serve) -> None:
        guardian = os.getpid()
        sys.stderr.flush()
        pid = os.fork()
        if pid:
            self._servers[pid] = order.server
            return
        status = STATUS_BROKEN
        try:
            self._signals.undo()
            self._channel.close()
            status = forkserver.serve(order, self._socket, guardian)
        except BaseException:  # noqa: BLE001 - nothing may climb back into the guardian's loop
            traceback.print_exc()
        finally:
            os._exit(status)

    def _stop(self, pid: int) -> None:
        os.kill(pid, signal.SIGHUP)
        self._doomed.setdefault(pid, time.monotonic() + STOP_SECONDS)

    def _kill_the_doomed(self) -> None:
        for pid, end in self._doomed.items():
            if time.monotonic() >= end:
                procfs.kill_tree_root(pid)

    def _look_at_signals(self) -> None:
        if self._signals.take() & {signal.SIGTERM, signal.SIGHUP}:
            self._status = 0
        dead = next_dead()
        while dead is not None:
            death = reap(dead)
            if death and dead in self._servers:
                self._report(death)
            dead = next_dead()

    def _report(self, death: Death) -> None:
        """Tell the server that a fork server ended, after its orphans are gone."""
        name = self._servers.pop(death.pid)
        self._doomed.pop(death.pid, None)
        orphans = sweep(self._servers.__contains__, _SWEEP_SECONDS)
        body = {"server": name, "pid": death.pid, "code": death.code, "signal": death.signal}
        try:
            self._channel.send(Kind.SERVER_EXIT, {**body, "orphans": orphans})
        except OSError:
            self._status = 0  # the server is gone, and the loop ends everything

    def _end_everything(self) -> None:
        for pid in self._servers:
            self._stop(pid)
        end = time.monotonic() + STOP_SECONDS
        poll = select.poll()
        poll.register(self._signals.fileno(), select.POLLIN)
        while self._servers and time.monotonic() < end:
            poll.poll(_STOP_LOOK_MILLIS)
            self._look_at_signals()
        sweep(lambda _: False, _SWEEP_SECONDS)


def _read_life_line() -> control.LifeLine:
    line = bytearray()
    while not line.endswith(b"\n"):
        byte = os.read(_LIFE_LINE, 1)  # no further than the line, and nothing is kept back
        if not byte:
            raise FrameError("standard input ended before its one line of JSON did")
        line += byte
    return control.order_of(control.LifeLine, parse_object(bytes(line), "life line"), "life line")

"""The guardian process: starts fork servers and leaves nothing behind when the server goes.

It imports no user code and has one thread, so nothing can make it hang.
"""

from __future__ import annotations

import sys
import traceback
from contextlib import suppress
from functools import partial

from vivarium_worker.forkserver.process import run_fork_server
from vivarium_worker.guardian.fork_servers import STOP_SECONDS, ForkServers
from vivarium_worker.guardian.life_line import LIFE_LINE, has_ended, read_life_line
from vivarium_worker.protocol import control
from vivarium_worker.protocol.channel import (
    Address,
    Channel,
    connect,
    exit_without_server,
    handle_next,
)
from vivarium_worker.protocol.frames import Frame, FrameError, Kind
from vivarium_worker.protocol.heartbeats import INTERVAL_MILLIS, Heartbeats
from vivarium_worker.protocol.statuses import STATUS_BROKEN
from vivarium_worker.system.originals import os, select, signal, time
from vivarium_worker.system.processes import Role, become_subreaper, kill_with_group
from vivarium_worker.system.procfs import identity
from vivarium_worker.system.reaping import ChildExit, kill_orphans, next_exited_child, reap
from vivarium_worker.system.signals import SignalPipe, start_clean
from vivarium_worker.system.titles import set_title

_SWEEP_SECONDS = 2.0
_STOP_CHECK_MILLIS = 5


def main() -> int:
    """Run the guardian of this process until the server goes; returns in its children only."""
    start_clean()
    with suppress(PermissionError):  # it leads a session already
        os.setsid()
    become_subreaper()
    set_title("vivarium: guardian", "vivarium-guard")
    try:
        life_line = read_life_line()
        channel = connect(Address(life_line.socket, life_line.token), "guardian")
    except Exception as error:  # noqa: BLE001 - whatever it was, this process ends and says so
        exit_without_server(error)
    guardian = Guardian(life_line.socket, channel)

    def serve() -> int | Role:
        outcome = guardian.run()
        if isinstance(outcome, int):
            os._exit(outcome)
        return outcome

    return _run(serve)


def _run(role: Role) -> int:
    """Do what this process is for, and return its exit status.

    A child that has been forked goes on from here, not from where its parent is: nothing of the
    parent is below it on the stack, and it ends as any interpreter does.
    """
    outcome: int | Role = role
    try:
        while not isinstance(outcome, int):
            outcome = outcome()
    except BaseException:  # noqa: BLE001 - whatever it was, this process ends and says so
        traceback.print_exc()
        outcome = STATUS_BROKEN
    return outcome


class Guardian:
    """Starts and stops the fork servers of one server. Used by one thread."""

    def __init__(self, socket: str, channel: Channel) -> None:
        self._socket = socket
        self._channel = channel
        self._signals = SignalPipe(signal.SIGCHLD, signal.SIGTERM, signal.SIGHUP)
        self._heartbeats = Heartbeats(channel)
        self._fork_servers = ForkServers()
        self._status: int | None = None
        self._fork_server: Role | None = None

    def run(self) -> int | Role:
        """Serve until the server goes, then end everything; return the exit status.

        In a child that was forked meanwhile, return what makes a fork server of it.
        """
        poll = select.poll()
        for descriptor in (LIFE_LINE, self._channel.fileno(), self._signals.fileno()):
            poll.register(descriptor, select.POLLIN)
        parent = os.getppid()
        while self._status is None:
            ready = {pair[0] for pair in poll.poll(self._poll_millis())}
            self._handle_signals()
            if LIFE_LINE in ready and has_ended():
                self._status = 0
            elif self._channel.fileno() in ready:
                status = handle_next(self._channel, self._handle, "the guardian")
                if self._fork_server is not None:
                    return self._fork_server
                if status is not None:
                    self._status = status
            self._send_heartbeat()
            if os.getppid() != parent:
                self._status = 0
            self._fork_servers.kill_overdue()
        self._end_everything()
        return self._status

    def _poll_millis(self) -> int:
        return _STOP_CHECK_MILLIS if self._fork_servers.stopping else INTERVAL_MILLIS

    def _send_heartbeat(self) -> None:
        try:
            self._heartbeats.send_if_due()
        except OSError:
            self._status = 0  # the server is gone, and the loop ends everything

    def _handle(self, frame: Frame) -> None:
        if frame.kind is Kind.SERVE:
            self._start(control.read_message(control.Serve, frame))
        elif frame.kind is Kind.STOP_SERVER:
            self._fork_servers.stop(control.read_message(control.StopServer, frame).server)
        elif frame.kind is Kind.SIGNAL_PROCESS:
            self._signal(control.read_message(control.SignalProcess, frame))
        else:
            raise FrameError(f"{frame.kind.name} came after the handshake")

    def _signal(self, request: control.SignalProcess) -> None:
        """Signal a fork server or its child, if it still is the process that the server means."""
        server = self._fork_servers.pid_of(request.server)
        found = identity(request.pid)
        if server is None or found is None or found.started != request.started:
            return
        if server not in {request.pid, found.parent}:
            return
        if request.signal == signal.SIGKILL:
            kill_with_group(request.pid)
        else:
            with suppress(ProcessLookupError, PermissionError):
                os.kill(request.pid, request.signal)

    def _start(self, request: control.Serve) -> None:
        guardian = os.getpid()
        sys.stderr.flush()
        pid = os.fork()
        if pid:
            self._fork_servers.add(request.server, pid)
            return
        self._fork_server = partial(self._become_fork_server, request, guardian)

    def _become_fork_server(self, request: control.Serve, guardian: int) -> int | Role:
        self._signals.restore_defaults()
        self._channel.close()
        return run_fork_server(request, self._socket, guardian)

    def _handle_signals(self) -> None:
        if self._signals.take() & {signal.SIGTERM, signal.SIGHUP}:
            self._status = 0
        pid = next_exited_child()
        while pid is not None:
            child_exit = reap(pid)
            if child_exit and self._fork_servers.has_process(pid):
                self._report(child_exit)
            pid = next_exited_child()

    def _report(self, child_exit: ChildExit) -> None:
        """Tell the server that a fork server ended, after its orphans are gone."""
        name = self._fork_servers.remove(child_exit.pid)
        orphans = kill_orphans(self._fork_servers.has_process, _SWEEP_SECONDS)
        pid, code, number, *_ = child_exit
        body = {"server": name, "pid": pid, "code": code, "signal": number, "orphans": orphans}
        try:
            self._channel.send(Kind.SERVER_EXIT, body)
        except OSError:
            self._status = 0  # the server is gone, and the loop ends everything

    def _end_everything(self) -> None:
        self._fork_servers.stop_all()
        end = time.monotonic() + STOP_SECONDS
        poll = select.poll()
        poll.register(self._signals.fileno(), select.POLLIN)
        while self._fork_servers and time.monotonic() < end:
            poll.poll(_STOP_CHECK_MILLIS)
            self._handle_signals()
        kill_orphans(lambda _: False, _SWEEP_SECONDS)

"""The fork server process: imports user code once, then forks workers that have it already."""

from __future__ import annotations

import faulthandler
import gc
import sys
from contextlib import suppress
from functools import partial
from typing import NamedTuple

from vivarium_worker.diagnostics import stack_dumps
from vivarium_worker.forkserver.event_loops import IdleLoops
from vivarium_worker.forkserver.inheritance import Inheritance
from vivarium_worker.forkserver.leavers import Leavers
from vivarium_worker.forkserver.spawning import spawn
from vivarium_worker.forkserver.workers import WORKER_VARIABLE, Workers
from vivarium_worker.programs.registry import REGISTRY
from vivarium_worker.protocol import control
from vivarium_worker.protocol.channel import (
    Address,
    Channel,
    RejectedError,
    connect,
    handle_next,
    tell_no_server,
)
from vivarium_worker.protocol.frames import Frame, FrameError, Kind
from vivarium_worker.protocol.heartbeats import INTERVAL_MILLIS, Heartbeats
from vivarium_worker.protocol.statuses import STATUS_FAILED
from vivarium_worker.system.originals import os, select, signal, time
from vivarium_worker.system.processes import (
    Role,
    become_subreaper,
    set_parent_death_signal,
)
from vivarium_worker.system.procfs import thread_count
from vivarium_worker.system.reaping import (
    ChildExit,
    kill_orphans,
    next_exited_child,
    reap,
)
from vivarium_worker.system.shortage import remedy
from vivarium_worker.system.signals import CANCEL_SIGNAL, DUMP_SIGNAL, SignalPipe, ignore_signal
from vivarium_worker.system.titles import set_title
from vivarium_worker.worker import loading, logs
from vivarium_worker.worker.exit_handlers import forget_inherited, limit_end, resource_trackers
from vivarium_worker.worker.output import replace_descriptors
from vivarium_worker.worker.process import close_standard_input, run_worker

_SWEEP_AGAIN_MILLIS = 20
_LAST_SWEEP_SECONDS = 5.0
_END_SECONDS = 2.0  # for what imports have registered to run at the end


def run_fork_server(request: control.Serve, socket: str, guardian: int) -> int | Role:
    """Be a fork server, in a child that process ``guardian`` has just forked.

    Returns its exit status; in a child that it has forked, what makes a worker of it.
    """
    os.setpgid(0, 0)
    set_parent_death_signal(signal.SIGKILL, guardian)
    become_subreaper()
    number = request.server.rpartition("-")[2]
    set_title(f"vivarium: fork server {number}", "vivarium-fork")
    close_standard_input()
    signal.signal(DUMP_SIGNAL, ignore_signal)  # what remains where no dump is installed
    address = Address(socket, request.token)
    try:
        channel = connect(address, "server")
        stacks = connect(address, "stack")
        printed = connect(address, "output")
    except (RejectedError, OSError) as error:
        return tell_no_server(f"fork server {request.server}", error)
    replace_descriptors(printed.detach())  # what imports print is known by its fork server
    logs.name_loggers_on_console()
    stack_dumps.install_for_imports(stacks.fileno())
    inheritance = Inheritance(request.allow_inherited)
    started = time.monotonic()
    try:
        modules = [*request.preload, *request.modules]
        loading.load(request.path, modules, inheritance.imported)
    except loading.LoadError as error:
        channel.send(Kind.FAILED, error.describe())
        limit_end(_END_SECONDS, STATUS_FAILED)
        return STATUS_FAILED
    millis = round((time.monotonic() - started) * 1000)
    channels = Channels(channel, stacks)
    return ForkServer(socket, channels, guardian, inheritance).run(millis)


class Channels(NamedTuple):
    """The connections of a fork server, which a worker that it forks must not keep."""

    control: Channel
    stacks: Channel

    def close_in_fork(self) -> None:
        """Close them in a child that has just been forked."""
        faulthandler.unregister(DUMP_SIGNAL)  # it would write to whoever gets the descriptor
        self.control.close()
        self.stacks.close()


class ForkServer:
    """Forks workers and reports their exits. Used by one thread, and has no other."""

    def __init__(
        self, socket: str, channels: Channels, guardian: int, inheritance: Inheritance
    ) -> None:
        """Prepare for forking: from here on the guardian's death is a signal to clean up."""
        self._socket = socket
        self._channels = channels
        self._channel = channels.control
        self._heartbeats = Heartbeats(self._channel)
        self._status: int | None = None
        self._signals = SignalPipe(signal.SIGCHLD, signal.SIGHUP, signal.SIGTERM)
        signal.signal(CANCEL_SIGNAL, ignore_signal)  # a worker has a handler from its start on
        set_parent_death_signal(signal.SIGHUP, guardian)
        self._workers = Workers()
        self._inheritance = inheritance
        self._refused_slots = 0  # of a worker that was not forked, until others can be
        self._leavers = Leavers(self._workers.keeps)
        self._loops = IdleLoops()
        self._trackers = resource_trackers()
        self._worker: Role | None = None

    def run(self, millis: int) -> int | Role:
        """Say ``LOADED`` and serve until told to stop; return the exit status.

        In a child that was forked meanwhile, return what makes a worker of it.
        """
        gc.collect()
        gc.disable()
        gc.freeze()
        self._inheritance.adopt(self._loops.descriptors)
        loaded = {"threads": thread_count(), "programs": REGISTRY.describe()}
        loaded["warnings"] = self._inheritance.warnings()
        self._send(Kind.LOADED, {"millis": millis, **loaded})
        poll = select.poll()
        poll.register(self._channel.fileno(), select.POLLIN)
        poll.register(self._signals.fileno(), select.POLLIN)
        timeout_millis = 0
        while self._status is None:
            ready = {pair[0] for pair in poll.poll(timeout_millis)}
            timeout_millis = self._handle_signals()
            if self._status is None and self._channel.fileno() in ready:
                status = handle_next(self._channel, self._handle, f"fork server {os.getpid()}")
                if self._worker is not None:
                    return self._worker
                if status is not None:
                    self._status = status
            self._tell_if_cleared()
            self._send_heartbeat()
        self._leavers.await_trackers()
        kill_orphans(lambda _: False, _LAST_SWEEP_SECONDS)
        limit_end(_END_SECONDS, self._status)
        return self._status

    def _handle(self, frame: Frame) -> None:
        if frame.kind is Kind.FORK:
            self._start_worker(control.read_message(control.Fork, frame))
        elif frame.kind is Kind.SIGNAL:
            message = control.read_message(control.SignalWorker, frame)
            pid = self._workers.pid_of(message.worker)
            if pid is not None:
                os.kill(pid, message.signal)
        elif frame.kind is Kind.KILL:
            pid = self._workers.pid_of(control.read_message(control.KillWorker, frame).worker)
            if pid is not None:
                os.kill(pid, signal.SIGKILL)  # and what it has started once it is reaped
        else:
            raise FrameError(f"{frame.kind.name} came after the handshake")

    def _start_worker(self, request: control.Fork) -> None:
        reason = self._reason_to_refuse(request)
        if reason is None:
            try:
                pid = self._spawn(request) if request.spawn else self._fork(request)
                if not pid:
                    return  # this is the worker
            except OSError as error:
                reason = f"no process could be started: {error}{remedy(error)}"
        if reason is not None:
            lasting = self._refused_slots > 0
            told = {"worker": request.worker, "reason": reason, "until_cleared": lasting}
            self._send(Kind.REFUSED, told)
            return
        self._workers.add(request.worker, pid)
        self._send(Kind.FORKED, {"worker": request.worker, "pid": pid})

    def _reason_to_refuse(self, request: control.Fork) -> str | None:
        if self._workers.pid_of(request.worker) is not None:
            return f"worker {request.worker} is running already"
        if request.spawn:
            return None
        reason = self._inheritance.reason_to_refuse(request.slots)
        self._refused_slots = request.slots if reason else 0
        return reason

    def _tell_if_cleared(self) -> None:
        """Say that workers can be forked again, after one was refused for what it would inherit."""
        slots = self._refused_slots
        if slots and self._inheritance.reason_to_refuse(slots) is None:
            self._refused_slots = 0
            self._send(Kind.CLEARED, {})

    def _fork(self, request: control.Fork) -> int:
        _flush_output()
        parent = os.getpid()
        pid = os.fork()
        if pid:
            return pid
        self._worker = partial(self._become_worker, request, parent)
        return 0  # a failure here would be taken for one of the fork server

    def _become_worker(self, request: control.Fork, parent: int) -> int:
        forget_inherited(self._trackers)  # first: whatever fails now ends this process only
        os.setsid()
        set_parent_death_signal(signal.SIGKILL, parent)
        self._signals.restore_defaults()
        self._channels.close_in_fork()
        self._loops.renew_in_fork()
        os.environ[WORKER_VARIABLE] = request.worker
        return run_worker(request, self._socket, None)

    def _spawn(self, request: control.Fork) -> int:
        return spawn(request, self._socket, {**os.environ, WORKER_VARIABLE: request.worker})

    def _handle_signals(self) -> int:
        """Reap who has exited; return in how many milliseconds to look again."""
        if self._signals.take() & {signal.SIGHUP, signal.SIGTERM}:
            self._status = 0
            return 0
        pid = next_exited_child()
        while pid is not None:
            is_worker = self._workers.has_process(pid)
            child_exit = reap(pid)
            if child_exit and is_worker:
                self._report(child_exit)
            pid = next_exited_child()
        self._leavers.kill_overdue()
        return _SWEEP_AGAIN_MILLIS if self._leavers else INTERVAL_MILLIS

    def _report(self, child_exit: ChildExit) -> None:
        name = self._workers.remove(child_exit.pid)
        swept = self._leavers.sweep(in_order=child_exit.code == 0)
        body = {"worker": name, **child_exit._asdict()}
        body["cpu_seconds"] = round(child_exit.cpu_seconds, 6)
        self._send(Kind.EXIT, {**body, "swept": swept})

    def _send_heartbeat(self) -> None:
        try:
            self._heartbeats.send_if_due()
        except OSError:
            self._status = 0  # the server is gone, and the loop ends everything

    def _send(self, kind: Kind, body: object) -> None:
        try:
            self._channel.send(kind, body)
        except OSError:
            self._status = 0  # the server is gone, and the loop ends everything


def _flush_output() -> None:
    """Print what imports have left in buffers, or each worker would print it again.

    They may have replaced these streams by anything, or closed them.
    """
    for stream in (sys.stdout, sys.stderr):
        with suppress(Exception):
            stream.flush()

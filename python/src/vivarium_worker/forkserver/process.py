"""The fork server: imports user code once, then forks workers that have it already."""

from __future__ import annotations

import faulthandler
import gc
import json
import os
import select
import signal
import sys
import time
import traceback
from typing import Final

from vivarium_worker.forkserver import spawning
from vivarium_worker.programs.registry import REGISTRY
from vivarium_worker.protocol import control
from vivarium_worker.protocol.channel import (
    STATUS_BROKEN,
    STATUS_FAILED,
    STATUS_REJECTED,
    Address,
    Channel,
    RejectedError,
    connect,
)
from vivarium_worker.protocol.frames import Frame, FrameError, Kind
from vivarium_worker.system import procfs
from vivarium_worker.system.reaping import (
    Death,
    SignalPipe,
    has_strangers,
    ignore,
    next_dead,
    reap,
    sweep,
)
from vivarium_worker.worker import loading
from vivarium_worker.worker import process as worker

WORKER_VARIABLE: Final = "VIVARIUM_WORKER"
"""In the environment of whatever a worker starts, so that it is known whose it is."""

_SWEEP_SECONDS = 0.2
_AGAIN_MILLIS = 20
_LAST_SWEEP_SECONDS = 5.0


def serve(order: control.Serve, socket: str, guardian: int) -> int:
    """Be a fork server, in a child that process ``guardian`` has just forked; return its status."""
    os.setpgid(0, 0)
    procfs.die_with_parent(signal.SIGKILL, guardian)
    procfs.become_subreaper()
    worker.close_standard_input()
    faulthandler.register(signal.SIGUSR2, all_threads=True)  # tells where an import hangs
    try:
        channel = connect(Address(socket, order.token), "server")
    except (RejectedError, OSError) as error:
        sys.stderr.write(f"vivarium: fork server {order.server} gives up: {error}\n")
        return STATUS_REJECTED
    started = time.monotonic()
    try:
        loading.load(order.path, [*order.preload, *order.modules])
    except loading.LoadError as error:
        channel.send(Kind.FAILED, error.describe())
        return STATUS_FAILED
    return ForkServer(socket, channel, guardian).run(round((time.monotonic() - started) * 1000))


class ForkServer:
    """Forks workers and reports their end. Used by one thread, and has no other."""

    def __init__(self, socket: str, channel: Channel, guardian: int) -> None:
        """Prepare for forking: from here on the guardian's death is a signal to clean up."""
        self._socket = socket
        self._channel = channel
        self._workers: dict[str, int] = {}
        self._names: dict[int, str] = {}
        self._status: int | None = None
        self._signals = SignalPipe(signal.SIGCHLD, signal.SIGHUP, signal.SIGTERM)
        signal.signal(signal.SIGUSR1, ignore)  # a worker has a handler from birth
        procfs.die_with_parent(signal.SIGHUP, guardian)
        self._own = frozenset(procfs.children(os.getpid()))  # started by an import

    def run(self, millis: int) -> int:
        """Say ``LOADED`` and serve until told to stop; return the exit status."""
        gc.collect()
        gc.disable()
        gc.freeze()
        loaded = {"threads": procfs.thread_count(), "programs": REGISTRY.describe()}
        self._send(Kind.LOADED, {"millis": millis, **loaded})
        poll = select.poll()
        poll.register(self._channel.fileno(), select.POLLIN)
        poll.register(self._signals.fileno(), select.POLLIN)
        patience: int | None = None
        while self._status is None:
            ready = {pair[0] for pair in poll.poll(patience)}
            patience = self._look_at_signals()
            if self._status is None and self._channel.fileno() in ready:
                self._hear()
        sweep(lambda _: False, _LAST_SWEEP_SECONDS)
        return self._status

    def _hear(self) -> None:
        try:
            frame = self._channel.receive()
            if frame is None:
                self._status = 0
            else:
                self._obey(frame)
        except (OSError, FrameError) as error:
            sys.stderr.write(f"vivarium: fork server {os.getpid()} lost the server: {error}\n")
            self._status = STATUS_BROKEN if isinstance(error, FrameError) else 0

    def _obey(self, frame: Frame) -> None:
        if frame.kind is Kind.FORK:
            self._fork(control.read_order(control.Fork, frame))
        elif frame.kind is Kind.SIGNAL:
            order = control.read_order(control.SignalWorker, frame)
            if order.worker in self._workers:
                os.kill(self._workers[order.worker], order.signal)
        elif frame.kind is Kind.KILL:
            name = control.read_order(control.KillWorker, frame).worker
            if name in self._workers:
                procfs.kill_tree_root(self._workers[name])
        else:
            raise FrameError(f"{frame.kind.name} came after the handshake")

    def _fork(self, order: control.Fork) -> None:
        reason = self._objection(order)
        if reason is None:
            try:
                pid = self._spawn(order) if order.spawn else self._fork_self(order)
            except OSError as error:
                reason = f"no process could be started: {error}"
        if reason is not None:
            self._send(Kind.REFUSED, {"worker": order.worker, "reason": reason})
            return
        self._workers[order.worker] = pid
        self._names[pid] = order.worker
        self._send(Kind.FORKED, {"worker": order.worker, "pid": pid})

    def _objection(self, order: control.Fork) -> str | None:
        if order.worker in self._workers:
            return f"worker {order.worker} is running already"
        if not order.spawn and procfs.thread_count() != 1:
            return loading.thread_report()
        return None

    def _fork_self(self, order: control.Fork) -> int:
        sys.stdout.flush()
        sys.stderr.flush()
        parent = os.getpid()
        pid = os.fork()
        if pid:
            return pid
        status = STATUS_BROKEN
        try:
            os.setsid()
            procfs.die_with_parent(signal.SIGKILL, parent)
            self._signals.undo()
            self._channel.close()
            os.environ[WORKER_VARIABLE] = order.worker
            status = worker.run(order, self._socket, None)
        except BaseException:  # noqa: BLE001 - nothing may climb back into the fork server's loop
            traceback.print_exc()
        finally:
            os._exit(status)

    def _spawn(self, order: control.Fork) -> int:
        if not sys.executable:
            raise OSError("the path of this interpreter is not known")
        body = {"socket": self._socket, "parent": os.getpid(), "order": order._asdict()}
        environment = {**os.environ, WORKER_VARIABLE: order.worker}
        return spawning.spawn(json.dumps(body).encode(), environment)

    def _look_at_signals(self) -> int | None:
        """Deal with what ended; return in how many milliseconds to look again, or ``None``."""
        if self._signals.take() & {signal.SIGHUP, signal.SIGTERM}:
            self._status = 0
            return None
        swept = False
        dead = next_dead()
        while dead is not None:
            if dead in self._names:
                procfs.kill_tree_root(dead)  # its group, while the dead process still holds the id
            death = reap(dead)
            if death and dead in self._names:
                self._report(death)
                swept = True
            dead = next_dead()
        return _AGAIN_MILLIS if swept and has_strangers(self._spares) else None

    def _report(self, death: Death) -> None:
        name = self._names.pop(death.pid)
        del self._workers[name]
        swept = sweep(self._spares, _SWEEP_SECONDS)
        body = {"worker": name, **death._asdict()}
        body["cpu_seconds"] = round(death.cpu_seconds, 6)
        self._send(Kind.EXIT, {**body, "swept": swept})

    def _spares(self, pid: int) -> bool:
        """Tell whether a child is a worker, was started by an import, or belongs to a live worker.

        What a live worker's child left behind is adopted here as well. It is told from an orphan by
        its session, or by the environment that it was started with.
        """
        if pid in self._names or pid in self._own or procfs.session_of(pid) in self._names:
            return True
        return procfs.environment_entry(pid, WORKER_VARIABLE) in self._workers

    def _send(self, kind: Kind, body: object) -> None:
        try:
            self._channel.send(kind, body)
        except OSError:
            self._status = 0  # the server is gone, and the loop ends everything

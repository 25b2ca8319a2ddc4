"""The worker process: connects, replaces its descriptors, then answers calls until it stops."""

from __future__ import annotations

import gc
import logging
import sys
from functools import partial
from inspect import iscoroutine
from typing import TYPE_CHECKING, Any, Callable, NoReturn

from vivarium_worker.calls.call import FALLBACK, Call
from vivarium_worker.calls.cancellation import Canceller
from vivarium_worker.calls.limited_slot import CpuBudget, LimitedSlot
from vivarium_worker.calls.slot import Dependencies, Slot
from vivarium_worker.calls.thread_slot import ThreadSlot
from vivarium_worker.diagnostics import stack_dumps
from vivarium_worker.programs.registry import REGISTRY
from vivarium_worker.protocol import control
from vivarium_worker.protocol.channel import Address, Channel, RejectedError, tell_no_server
from vivarium_worker.protocol.frames import FrameError, Kind, encode_json
from vivarium_worker.protocol.statuses import STATUS_BROKEN, STATUS_FAILED
from vivarium_worker.system.memory_limit import MEMORY_LIMIT
from vivarium_worker.system.originals import os
from vivarium_worker.system.threads import (
    make_lock,
    register_runtime_thread,
    show_name_to_programs,
    start_thread,
)
from vivarium_worker.system.titles import set_title
from vivarium_worker.worker import loading, logs, output
from vivarium_worker.worker.commands import Commands, Counts
from vivarium_worker.worker.connections import Connections, connect_all
from vivarium_worker.worker.exit_handlers import await_threads, limit_end
from vivarium_worker.worker.heartbeat import start_heartbeat
from vivarium_worker.worker.side_channel import SideChannel

if TYPE_CHECKING:
    from collections.abc import Callable

    from vivarium_worker.calls.event_loops import AsyncRunner

SWITCH_SECONDS = 0.0005
"""How long a thread that computes may keep the others waiting; Python's own 5 ms hurt calls."""

_THREADS_SECONDS = 0.5
_FAILED_SECONDS = 2.0


def run_worker(request: control.Fork, socket: str, modules: list[str] | None) -> int:
    """Be the worker of ``request``; import ``modules`` unless they are there already.

    Returns the exit status; the process has to end with it at once.
    """
    set_title(f"vivarium: worker {request.worker}", "vivarium-worker")
    try:
        connections = connect_all(request, Address(socket, request.token))
    except (RejectedError, OSError, FrameError) as error:
        return tell_no_server(f"worker {request.worker}", error)
    return Worker(request, connections).run(modules)


def close_standard_input() -> None:
    """Put ``/dev/null`` in the place of standard input."""
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    os.close(null)


class Worker:
    """The parts of one worker process, from its channels to its slots."""

    def __init__(self, request: control.Fork, connections: Connections) -> None:
        """Take over descriptors 1 and 2, streams and logging; user code may run afterwards."""
        self._request = request
        self._connections = connections
        output.replace_descriptors(connections.output.detach())
        self._side_channel = SideChannel(connections.side.socket)
        self._streams = output.replace_streams(self._side_channel)
        self._logs = logs.Logs(self._side_channel, request.log_level)
        stack_dumps.install(connections.stack.detach())
        self._slots: list[Slot] = []
        self._thread_slots: list[ThreadSlot] = []
        self._loop_lock = make_lock()
        self._async_runner: AsyncRunner | None = None
        os.register_at_fork(after_in_child=self._release_connections)

    def run(self, modules: list[str] | None) -> int:
        """Load and start what user code brings, then answer calls; return the exit status."""
        close_standard_input()
        register_runtime_thread("MainThread")
        _reseed()
        gc.enable()
        sys.setswitchinterval(SWITCH_SECONDS)
        try:
            if modules is None:
                loading.run_fork_hooks()
            else:
                loading.load(self._request.path, modules)
            self._logs.set_root_level()
            self._read_orders()
            self._logs.set_levels()
            self._make_slots()
            loading.run_start_hooks(self._run_hook)
            self._logs.attach()
            self._logs.set_levels()
            self._limit_memory()
        except loading.LoadError as error:
            self._flush_streams()
            self._side_channel.send(encode_json(Kind.FAILED, error.describe()))
            self._side_channel.flush()
            limit_end(_FAILED_SECONDS, STATUS_FAILED)
            return STATUS_FAILED
        heartbeat_millis = self._request.heartbeat_millis
        start_heartbeat(
            self._side_channel, heartbeat_millis, self._call_in_progress, self._read_orders
        )
        self._send_ready()
        for number, slot in enumerate(self._thread_slots, 1):
            start_thread(f"vivarium-slot-{number}", partial(self._serve_in_thread, slot))
        return self._stop(self._slots[0].serve())

    def _make_slots(self) -> None:
        single_slot = len(self._connections.calls) == 1
        dependencies = Dependencies(
            programs=Commands(REGISTRY, self._counts).table(),
            spin_seconds=self._request.spin_micros / 1_000_000,
            maximum_state=self._request.session_bytes,
            partial_lines=output.PARTIAL_LINES,
            flush_partial_lines=self._flush_streams,
            single_slot=single_slot,
            make_async_runner=self._make_async_runner,
        )
        first, *others = self._connections.calls
        main = self._make_main_slot(first, dependencies)
        self._thread_slots = [ThreadSlot(channel, dependencies) for channel in others]
        self._slots = [main, *self._thread_slots]
        Canceller(main, self._thread_slots)
        if single_slot:
            FALLBACK.find = self._call_in_progress

    def _make_main_slot(self, channel: Channel, dependencies: Dependencies) -> Slot:
        limit = self._request.cpu_limit_millis
        if limit and dependencies.single_slot:  # of several slots nobody could say who used it
            return LimitedSlot(channel, dependencies, CpuBudget(limit))
        return Slot(channel, dependencies)

    def _make_async_runner(self) -> AsyncRunner:
        """Return what runs async programs: a loop in the main thread, or one for all slots."""
        # asyncio is large, and many pools never need it
        from vivarium_worker.calls.event_loops import DedicatedLoop, SharedLoop  # noqa: PLC0415

        with self._loop_lock:
            if self._async_runner is None:
                self._async_runner = SharedLoop() if self._thread_slots else DedicatedLoop()
            return self._async_runner

    def _run_hook(self, hook: Callable[[], object]) -> None:
        """Run a hook; one that is async on the loop of the programs."""
        result = hook()
        if iscoroutine(result):
            self._make_async_runner().run_hook(result)

    def _limit_memory(self) -> None:
        try:
            MEMORY_LIMIT.set(self._request.hard_memory_megabytes)
        except MemoryError as error:
            raise loading.LoadError(str(error), None, error) from None

    def _send_ready(self) -> None:
        version = ".".join(str(part) for part in sys.version_info[:3])
        body = {"python": version, "programs": REGISTRY.describe()}
        self._side_channel.send(encode_json(Kind.READY, body))

    def _read_orders(self) -> None:
        """Follow what the server has sent on the side channel; in the thread of the heartbeat."""
        try:
            for frame in self._side_channel.receive():
                self._logs.want(control.read_message(control.Levels, frame).levels)
        except (FrameError, OSError) as error:
            os.write(2, f"vivarium: the side channel is broken: {error}\n".encode())
            os._exit(STATUS_BROKEN)

    def _serve_in_thread(self, slot: ThreadSlot) -> NoReturn:
        """Serve a further slot; the end of one slot is the end of the worker."""
        show_name_to_programs()
        status = STATUS_BROKEN
        try:
            status = slot.serve()
        finally:
            self._end_at_once(status)

    def _stop(self, status: int) -> int:
        """Begin to end in order, if the server asked for it; return ``status``."""
        if status != 0:
            self._end_at_once(status)
        for hook in REGISTRY.stop_hooks:
            try:
                self._run_hook(hook)
            except BaseException:
                name = loading.name_of_hook(hook)
                logging.getLogger(__name__).exception("the on_stop hook %s failed", name)
        if self._async_runner is not None:
            self._async_runner.close()
        left = await_threads(_THREADS_SECONDS)
        if left:
            names = ", ".join(left)
            logging.getLogger(__name__).warning("ending while threads still run: %s", names)
        self._flush_streams()
        self._side_channel.flush()
        return status

    def _end_at_once(self, status: int) -> NoReturn:
        self._flush_streams()
        self._side_channel.flush()
        os._exit(status)

    def _call_in_progress(self) -> Call | None:
        return next((slot.call for slot in self._slots if slot.call), None)

    def _counts(self) -> Counts:
        return Counts(sum(s.calls for s in self._slots), sum(s.errors for s in self._slots))

    def _flush_streams(self) -> None:
        """Print what lacks a line end, so that it carries the call that printed it."""
        for stream in self._streams:
            stream.flush_partial_lines()

    def _release_connections(self) -> None:
        """Leave the channels to the parent, in a child that user code has forked."""
        for slot in self._slots:
            slot.close()
        self._side_channel.detach()
        stack_dumps.uninstall()
        output.restore_streams()
        self._logs.replace_in_fork()


def _reseed() -> None:
    """Give this worker random numbers of its own where a library would repeat those of the fork."""
    seeds: dict[str, Callable[[Any], object]] = {
        "numpy.random": lambda numpy_random: numpy_random.seed(),
        "torch": lambda torch: torch.manual_seed(int.from_bytes(os.urandom(7), "big")),
    }
    for name, seed in seeds.items():
        library = sys.modules.get(name)  # never imported for this
        try:
            if library is not None:
                seed(library)
        except Exception as error:
            message = "the random numbers of %s may repeat in every worker: %s"
            logging.getLogger(__name__).warning(message, name, error, exc_info=True)

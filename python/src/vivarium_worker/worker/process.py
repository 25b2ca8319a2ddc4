"""A worker: connects its channels, replaces its descriptors, then answers calls until it leaves."""

from __future__ import annotations

import gc
import importlib
import logging
import os
import sys
import threading
from typing import TYPE_CHECKING, NamedTuple, NoReturn

from vivarium_worker.calls.cancellation import Canceller
from vivarium_worker.calls.context import FALLBACK, Call
from vivarium_worker.calls.cpu_limit import HARD_MEMORY, CpuBudget
from vivarium_worker.calls.slot import Slot, Surroundings
from vivarium_worker.calls.thread_slot import AsideSlot, LimitedSlot
from vivarium_worker.diagnostics import stack_dumps
from vivarium_worker.diagnostics.leaks import belongs_to_the_runtime
from vivarium_worker.programs.registry import REGISTRY
from vivarium_worker.protocol.channel import (
    STATUS_BROKEN,
    STATUS_FAILED,
    STATUS_REJECTED,
    Address,
    Channel,
    RejectedError,
)
from vivarium_worker.protocol.frames import FrameError, Kind, encode_json
from vivarium_worker.protocol.shared_memory import Memory
from vivarium_worker.worker import loading, logs, output
from vivarium_worker.worker.commands import Commands, Counts
from vivarium_worker.worker.heartbeat import Heartbeat, keep_signals_out
from vivarium_worker.worker.side_channel import SideChannel

if TYPE_CHECKING:
    from vivarium_worker.calls.event_loops import Coroutines, SharedLoop
    from vivarium_worker.protocol.control import Fork

SWITCH_SECONDS = 0.0005
"""How long a thread that computes may keep the others waiting; Python's own 5 ms hurt calls."""


class Channels(NamedTuple):
    """The open connections of a worker."""

    side: Channel
    output: Channel
    stack: Channel
    calls: list[Channel]


def run(order: Fork, socket: str, modules: list[str] | None) -> int:
    """Be the worker of ``order``; import ``modules`` unless they are there already.

    Returns the exit status; the process has to end with it at once.
    """
    try:
        channels = _connect(order, Address(socket, order.token))
    except (RejectedError, OSError, FrameError) as error:
        sys.stderr.write(f"vivarium: worker {order.worker} gives up: {error}\n")
        return STATUS_BROKEN if isinstance(error, FrameError) else STATUS_REJECTED
    return Worker(order, channels).run(modules)


def close_standard_input() -> None:
    """Put ``/dev/null`` in the place of standard input."""
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    os.close(null)


class Worker:
    """The parts of one worker process, from its channels to its slots."""

    def __init__(self, order: Fork, channels: Channels) -> None:
        """Take over descriptors 1 and 2, streams and logging; user code may run afterwards."""
        self._order = order
        self._channels = channels
        output.replace_descriptors(channels.output.detach())
        self._side = SideChannel(channels.side.socket)
        self._streams = output.replace_streams(self._side)
        logs.install(self._side, order.log_level)
        stack_dumps.install(channels.stack.detach())
        self._slots: list[Slot] = []
        self._aside: list[AsideSlot] = []
        self._loop_lock = threading.Lock()
        self._loop: SharedLoop | None = None
        os.register_at_fork(after_in_child=self._let_go)

    def run(self, modules: list[str] | None) -> int:
        """Load and start what user code brings, then answer calls; return the exit status."""
        close_standard_input()
        belongs_to_the_runtime()
        _reseed()
        gc.enable()
        sys.setswitchinterval(SWITCH_SECONDS)
        try:
            if modules is not None:
                loading.load(self._order.path, modules)
            self._make_slots()
            loading.run_start_hooks()
            self._limit_memory()
        except loading.LoadError as error:
            self._flush_streams()
            self._side.send(encode_json(Kind.FAILED, error.describe()))
            self._side.flush()
            return STATUS_FAILED
        Heartbeat(self._side, self._order.heartbeat_millis, self._busy_call).start()
        self._say_ready()
        for slot in self._aside:
            threading.Thread(target=self._serve_aside, args=(slot,), daemon=True).start()
        return self._leave(self._slots[0].serve())

    def _make_slots(self) -> None:
        programs = Commands(REGISTRY, self._counts).table()
        spin_seconds = self._order.spin_micros / 1_000_000
        alone = len(self._channels.calls) == 1
        surroundings = Surroundings(
            programs,
            spin_seconds,
            self._order.session_bytes,
            output.UNFINISHED,
            self._flush_streams,
            alone,
            self._coroutines,
        )
        first, *others = self._channels.calls
        if alone and self._order.cpu_limit_millis:  # of several slots nobody could say who used it
            budget = CpuBudget(self._order.cpu_limit_millis)
            main: Slot = LimitedSlot(first, surroundings, budget)
        else:
            main = Slot(first, surroundings)
        self._aside = [AsideSlot(channel, surroundings) for channel in others]
        self._slots = [main, *self._aside]
        Canceller(main, self._aside)
        if alone:
            FALLBACK.find = self._busy_call

    def _coroutines(self) -> Coroutines | SharedLoop:
        """Return what runs async programs: a loop in the main thread, or one for all slots."""
        module = importlib.import_module("vivarium_worker.calls.event_loops")
        with self._loop_lock:
            if not self._aside:
                alone: Coroutines = module.Coroutines()
                return alone
            self._loop = self._loop or module.SharedLoop()
            return self._loop

    def _limit_memory(self) -> None:
        try:
            HARD_MEMORY.limit(self._order.hard_memory_megabytes)
        except MemoryError as error:
            raise loading.LoadError(None, error) from None

    def _say_ready(self) -> None:
        version = ".".join(str(part) for part in sys.version_info[:3])
        body = {"python": version, "programs": REGISTRY.describe()}
        self._side.send(encode_json(Kind.READY, body))

    def _serve_aside(self, slot: AsideSlot) -> NoReturn:
        """Serve a further slot; the end of one slot is the end of the worker."""
        keep_signals_out()
        belongs_to_the_runtime()
        status = STATUS_BROKEN
        try:
            status = self._leave(slot.serve())
        finally:
            os._exit(status)

    def _leave(self, status: int) -> int:
        if status == 0:
            for hook in REGISTRY.stop_hooks:
                try:
                    hook()
                except BaseException:
                    logging.getLogger(__name__).exception("the stop hook %r failed", hook)
        self._flush_streams()
        self._side.flush()
        return status

    def _busy_call(self) -> Call | None:
        return next((slot.call for slot in self._slots if slot.call), None)

    def _counts(self) -> Counts:
        return Counts(sum(s.calls for s in self._slots), sum(s.errors for s in self._slots))

    def _flush_streams(self) -> None:
        """Print what lacks a line end, so that it carries the call that printed it."""
        for stream in self._streams:
            stream.finish()

    def _let_go(self) -> None:
        """Leave the channels to the parent, in a child that user code has forked."""
        for slot in self._slots:
            slot.close()
        self._side.abandon()
        stack_dumps.uninstall()
        output.restore_streams()
        logs.replace_in_fork()


def _connect(order: Fork, address: Address) -> Channels:
    """Open all channels; each one says hello before the first is waited for."""
    memories = [_memory(order.worker, slot) for slot in range(order.slots)]
    channels = Channels(
        side=Channel(address, "side"),
        output=Channel(address, "output"),
        stack=Channel(address, "stack"),
        calls=[Channel(address, "call", slot, memories[slot]) for slot in range(order.slots)],
    )
    for channel in (*channels[:3], *channels.calls):
        channel.finish_handshake()
    return channels


def _memory(worker: str, slot: int) -> Memory | None:
    """Make the memory of a slot; a system that has none for us costs cancellation, not calls."""
    try:
        return Memory(worker, slot)
    except OSError as error:
        sys.stderr.write(f"vivarium: slot {slot} of worker {worker} has no memory: {error}\n")
        return None


def _reseed() -> None:
    """Give this worker random numbers of its own where a library would repeat those of the fork."""
    numpy_random = sys.modules.get("numpy.random")
    if numpy_random is not None:
        numpy_random.seed()
    torch = sys.modules.get("torch")
    if torch is not None:
        torch.manual_seed(int.from_bytes(os.urandom(7), "big"))

"""Event loops for async programs, kept from call to call, so that clients can be kept as well."""

from __future__ import annotations

import asyncio
import logging
from concurrent.futures import TimeoutError as FutureTimeoutError
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any, Callable, Final, NamedTuple, Union

from vivarium_worker.calls.exchange import LoopThread
from vivarium_worker.diagnostics.stack_frames import runs_event_loop
from vivarium_worker.system.originals import _queue
from vivarium_worker.system.threads import make_lock, show_name_to_programs, start_thread

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Coroutine
    from queue import SimpleQueue

    from vivarium_worker.calls.call import Call

    Running = Union[Coroutine[Any, Any, object], AsyncGenerator[object, Any]]
    Job = Callable[[], None]
    AsyncRunner = Union["DedicatedLoop", "SharedLoop"]

_CLOSE_SECONDS: Final = 0.5


class DedicatedLoop:
    """Runs the coroutines of a single slot on one loop, in the thread of the slot.

    Tasks that a call left running are cancelled at its end, those of hooks stay.
    """

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None
        self._tasks_of_hooks: set[asyncio.Task[Any]] = set()

    @runs_event_loop
    def run(self, call: Call, program: Running) -> object:
        """Return the result of a coroutine; send or list what an async generator yields."""
        loop = self._open_loop()
        try:
            call.task = loop.create_task(_finish(call, program))
            if call.cancelled:  # before there was a task
                call.task.cancel()
            return loop.run_until_complete(call.task)
        finally:
            _cancel_remaining_tasks(loop, self._tasks_of_hooks)

    def run_hook(self, hook: Coroutine[Any, Any, object]) -> None:
        """Run an async hook to its end."""
        loop = self._open_loop()
        loop.run_until_complete(hook)
        self._tasks_of_hooks |= asyncio.all_tasks(loop)

    def close(self) -> None:
        """Cancel what still runs, and close the loop; at the end of the process."""
        if self._loop is not None and not self._loop.is_closed():
            _cancel_remaining_tasks(self._loop, set())
            self._loop.run_until_complete(self._loop.shutdown_asyncgens())
            self._loop.close()

    def _open_loop(self) -> asyncio.AbstractEventLoop:
        if self._loop is None or self._loop.is_closed():
            self._loop = asyncio.new_event_loop()
            asyncio.set_event_loop(self._loop)
        return self._loop


class SharedLoop:
    """Runs the coroutines of all slots of a worker on one loop, which has a thread of its own.

    So calls that run at the same time can share clients and connections. The thread of a slot waits
    meanwhile, and writes what its call has to send. A task that outlives its call goes on: it may
    serve a connection that others use.
    """

    def __init__(self) -> None:
        self._lock = make_lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread = 0

    def run(self, call: Call, program: Running) -> object:
        """Return the result of a coroutine; send or list what an async generator yields."""
        loop = self._open_loop()
        jobs: SimpleQueue[Job | None] = _queue.SimpleQueue()
        if call.exchange is not None:
            call.exchange.loop_thread = LoopThread(self._thread, jobs.put)
        done = asyncio.run_coroutine_threadsafe(_run_on_shared_loop(call, program, jobs), loop)
        done.add_done_callback(lambda _: jobs.put(None))
        while (job := jobs.get()) is not None:
            job()
        outcome = done.result()
        if outcome.error is not None:
            raise outcome.error
        return outcome.value

    def run_hook(self, hook: Coroutine[Any, Any, object]) -> None:
        """Run an async hook to its end; its tasks go on."""
        asyncio.run_coroutine_threadsafe(hook, self._open_loop()).result()

    def close(self) -> None:
        """Cancel what still runs, and wait for it for a moment; at the end of the process."""
        if self._loop is not None and not self._loop.is_closed():
            ending = asyncio.run_coroutine_threadsafe(_cancel_all(), self._loop)
            with suppress(FutureTimeoutError):
                ending.result(_CLOSE_SECONDS)

    def _open_loop(self) -> asyncio.AbstractEventLoop:
        with self._lock:
            if self._loop is None or self._loop.is_closed():
                self._loop = asyncio.new_event_loop()
                self._thread = start_thread("vivarium-loop", partial(self._run_forever, self._loop))
            return self._loop

    def _run_forever(self, loop: asyncio.AbstractEventLoop) -> None:
        show_name_to_programs()
        asyncio.set_event_loop(loop)
        while not loop.is_closed():
            try:
                loop.run_forever()
            except BaseException:  # a task that a program started may raise SystemExit
                logging.getLogger("vivarium.loop").exception("the shared loop was interrupted")


async def _cancel_all() -> None:
    loop = asyncio.get_running_loop()
    tasks = asyncio.all_tasks(loop) - {asyncio.current_task(loop)}
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    await loop.shutdown_asyncgens()


class _Outcome(NamedTuple):
    value: object
    error: BaseException | None


async def _run_on_shared_loop(
    call: Call, program: Running, jobs: SimpleQueue[Job | None]
) -> _Outcome:
    """Run a program on the shared loop; whatever it raises is for its own slot only."""
    task = asyncio.current_task()
    assert task is not None  # noqa: S101 - for the type checker
    call.task = task
    if call.cancelled:  # before there was a task
        task.cancel()
    try:
        exchange = call.exchange
        if asyncio.iscoroutine(program) or exchange is None or not exchange.streams:
            return _Outcome(await _finish(call, program), None)
        return _Outcome(await _stream(call, program, jobs), None)
    except BaseException as error:  # noqa: BLE001 - SystemExit must not end the loop
        return _Outcome(None, error)


@runs_event_loop
async def _stream(
    call: Call, items: AsyncGenerator[object, Any], jobs: SimpleQueue[Job | None]
) -> object:
    """Let the thread of the slot send each item, and go on when the socket has taken it."""
    loop = asyncio.get_running_loop()
    exchange = call.exchange
    assert exchange is not None  # noqa: S101 - for the type checker
    try:
        async for item in items:
            taken: asyncio.Future[None] = loop.create_future()

            def job(item: object = item, taken: asyncio.Future[None] = taken) -> None:
                failure = None
                try:
                    exchange.send_chunk(item)
                except BaseException as error:  # noqa: BLE001 - for the program, not the slot
                    failure = error
                loop.call_soon_threadsafe(_settle, taken, failure)

            jobs.put(job)
            await taken
    finally:
        await items.aclose()
    return None


def _settle(taken: asyncio.Future[None], failure: BaseException | None) -> None:
    if taken.done():  # cancelled meanwhile
        return
    if failure is None:
        taken.set_result(None)
    else:
        taken.set_exception(failure)


@runs_event_loop
async def _finish(call: Call, program: Running) -> object:
    """Run a program to its end; a generator streams, or is collected."""
    if asyncio.iscoroutine(program):
        return await program
    if call.exchange is not None and call.exchange.streams:
        return await call.exchange.stream_async(program)
    return [item async for item in program]


@runs_event_loop
def _cancel_remaining_tasks(loop: asyncio.AbstractEventLoop, kept: set[asyncio.Task[Any]]) -> None:
    if loop.is_closed():
        return
    tasks = asyncio.all_tasks(loop) - kept
    for task in tasks:
        task.cancel()
    if tasks:
        loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))

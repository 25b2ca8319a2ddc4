"""Which frames are of a program, so that an exception may be raised there."""

from __future__ import annotations

import asyncio
import gc
import re
import socket
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Callable

import pytest

from vivarium_worker.calls.call import Call
from vivarium_worker.calls.event_loops import DedicatedLoop
from vivarium_worker.calls.exchange import Connection, Exchange
from vivarium_worker.calls.slot import Dependencies, Slot
from vivarium_worker.diagnostics.stack_frames import is_in_program, is_user_code, user_stack_of_task
from vivarium_worker.programs.registry import Program
from vivarium_worker.protocol.channel import Channel
from vivarium_worker.protocol.frames import CHUNKS_WELCOME
from vivarium_worker.system import procfs
from vivarium_worker.validation.hints import check_of

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Generator, Iterator


def here() -> bool:
    """Tell of the caller's frame whether it is of a program."""
    return is_in_program(sys._getframe(1))  # noqa: SLF001 - what signal handlers are given


def plain() -> bool:
    return here()


def generate() -> Generator[bool, None, None]:
    yield here()
    yield here()


async def wait() -> bool:
    await asyncio.sleep(0)
    return here()


async def generate_on_loop() -> AsyncGenerator[bool, None]:
    yield here()
    await asyncio.sleep(0)
    yield here()


class ConnectedChannel(Channel):
    """A channel of a socket that is there already."""

    def __init__(self, connection: socket.socket) -> None:
        self.socket = connection
        self.memory = None
        self.maximum = 1000


@pytest.fixture
def ends() -> Iterator[tuple[socket.socket, socket.socket]]:
    mine, server = socket.socketpair()
    with mine, server:
        yield mine, server


@pytest.fixture
def loop() -> Iterator[DedicatedLoop]:
    made = DedicatedLoop()
    yield made
    made._open_loop().close()  # noqa: SLF001 - a worker never closes it


def slot_of(
    connection: socket.socket, program: Callable[..., Any], loop: DedicatedLoop, *, single: bool
) -> Slot:
    programs = {b"p": Program("p", program)}
    dependencies = Dependencies(programs, 0, 1000, (), lambda: None, single, lambda: loop)
    return Slot(ConnectedChannel(connection), dependencies)


@pytest.mark.parametrize(
    ("program", "value"),
    [
        (plain, b"true"),
        (generate, b"[true,true]"),
        (wait, b"true"),
        (generate_on_loop, b"[true,true]"),
    ],
)
@pytest.mark.parametrize("single", [False, True])
def test_a_program_of_any_kind_is_one(
    ends: tuple[socket.socket, socket.socket],
    loop: DedicatedLoop,
    program: Callable[..., Any],
    value: bytes,
    single: bool,  # noqa: FBT001
) -> None:
    slot = slot_of(ends[0], program, loop, single=single)
    frame = slot._reply(Call(1, 0), b"p", b"")  # noqa: SLF001 - without what frames it

    assert frame.endswith(value)


def test_a_generator_that_streams_is_a_program(
    ends: tuple[socket.socket, socket.socket], loop: DedicatedLoop
) -> None:
    call = Call(1, 0)
    exchange = Exchange(Connection(ends[0], 1000, None), call, CHUNKS_WELCOME)
    exchange.stream(generate())
    call.exchange = exchange
    loop.run(call, generate_on_loop())

    assert ends[1].recv(1000).count(b"true") == 4


def test_user_code_that_a_check_calls_is_no_program() -> None:
    seen = []

    @dataclass
    class Point:
        x: int

        def __post_init__(self) -> None:
            seen.append(here())

    check_of(Point)({"x": 1})

    assert seen == [False]


def test_user_code_that_runs_while_a_slot_waits_is_no_program(
    ends: tuple[socket.socket, socket.socket], loop: DedicatedLoop
) -> None:
    seen = []

    class Cycle:
        def __init__(self) -> None:
            self.itself = self

        def __del__(self) -> None:
            seen.append(here())

    slot = slot_of(ends[0], plain, loop, single=True)
    gc.collect()
    gc.disable()
    try:
        Cycle()
        kept: list[list[int]] = [[] for _ in range(1000)]  # enough that the slot collects garbage
        ends[1].close()
        slot.serve()
    finally:
        gc.enable()

    assert (seen, len(kept)) == ([False], 1000)


def test_neither_the_runtime_nor_the_import_system_is_of_users() -> None:
    assert not is_user_code(procfs.children.__code__.co_filename)
    assert not is_user_code("<frozen importlib._bootstrap>")
    assert not is_user_code("<frozen importlib._bootstrap_external>")
    assert is_user_code(asyncio.sleep.__code__.co_filename)
    assert is_user_code(__file__)


def test_a_directory_whose_name_begins_like_the_runtimes_is_of_users() -> None:
    runtime = procfs.children.__code__.co_filename.partition("/system/")[0]

    assert is_user_code(f"{runtime}_plugins/module.py")


def test_a_task_that_runs_is_shown_where_it_is(loop: DedicatedLoop) -> None:
    def look() -> str:
        task = asyncio.current_task()
        assert task is not None
        return user_stack_of_task(task)

    async def run() -> str:
        return look()

    told = loop.run(Call(1, 0), run())

    assert isinstance(told, str)
    assert re.findall(r"in (\w+)\n", told) == ["run", "look"]


def test_a_task_that_waits_is_shown_where_it_waits(loop: DedicatedLoop) -> None:
    async def look(other: asyncio.Task[None]) -> str:
        await asyncio.sleep(0)
        return user_stack_of_task(other)

    async def rest() -> None:
        await asyncio.Event().wait()

    async def run() -> str:
        return await look(asyncio.create_task(rest()))

    told = loop.run(Call(1, 0), run())

    assert isinstance(told, str)
    assert re.findall(r"in (\w+)\n", told) == ["rest", "wait"]

"""Limits of processor time and memory: an error of that call only, told with the limit."""

from __future__ import annotations

import json
from typing import Any

import pytest

from handles import ForkServer, Worker
from server import PROGRAMS, Server
from vivarium_worker.protocol.frames import Kind


@pytest.fixture
def greedy(server: Server) -> ForkServer:
    server.start_guardian()
    fork_server = server.serve("greedy")
    fork_server.loaded()
    return fork_server


@pytest.fixture
def hurried(greedy: ForkServer) -> Worker:
    return greedy.fork(cpu_limit_millis=200)


@pytest.mark.parametrize(
    "program", ["burn", "burn_and_catch", "burn_and_print", "burn_in_steps", "burn_on_a_loop"]
)
def test_a_call_that_burns_more_than_it_may_is_stopped(hurried: Worker, program: str) -> None:
    told = hurried.error(program, {"seconds": 60})

    assert (told["category"], told["type"]) == ("resource_error", "CpuLimitExceeded")
    assert "CpuLimitMillis = 200" in told["message"]
    assert program in told["traceback"]
    assert "vivarium_worker/" not in told["traceback"]
    assert hurried.call("burn", {"seconds": 0.05}) > 0


def test_a_program_that_catches_everything_is_told_again(hurried: Worker) -> None:
    told = hurried.error("burn_stubbornly", {"seconds": 60, "times": 3})

    assert told["type"] == "CpuLimitExceeded"


def test_every_call_has_a_budget_of_its_own(hurried: Worker) -> None:
    for _ in range(5):
        assert hurried.call("burn", {"seconds": 0.1}) > 0


def test_time_that_a_call_only_waits_does_not_count(hurried: Worker) -> None:
    assert hurried.call("rest", {"seconds": 0.5}) == "rested"


def test_without_a_limit_a_call_may_burn(greedy: ForkServer) -> None:
    assert greedy.fork().call("burn", {"seconds": 0.4}) > 0


def test_a_spawned_worker_has_the_same_limits(greedy: ForkServer) -> None:
    limits: dict[str, Any] = {"cpu_limit_millis": 200, "hard_memory_megabytes": 150}
    spawned = greedy.fork(spawn=True, path=[str(PROGRAMS)], modules=["greedy"], **limits)

    assert spawned.error("burn", {"seconds": 60})["type"] == "CpuLimitExceeded"
    assert spawned.error("take", {"megabytes": 200})["type"] == "MemoryError"


def test_a_program_that_takes_more_memory_than_it_may_gets_a_memory_error(
    greedy: ForkServer,
) -> None:
    worker = greedy.fork(hard_memory_megabytes=150)

    told = worker.error("take", {"megabytes": 200})

    assert (told["category"], told["type"]) == ("resource_error", "MemoryError")
    assert "HardMemoryMegabytes = 150, " in told["message"]
    assert "MiB resident now" in told["message"]
    assert worker.call("take", {"megabytes": 20}) == 20 * 1024 * 1024


def test_without_a_limit_a_memory_error_names_none(greedy: ForkServer) -> None:
    told = greedy.fork().error("take", {"megabytes": 1024**3})

    assert told["type"] == "MemoryError"
    assert "HardMemoryMegabytes" not in told["message"]


def test_mappings_that_are_no_data_are_left_to_the_server(greedy: ForkServer) -> None:
    worker = greedy.fork(hard_memory_megabytes=100)

    assert worker.call("share", {"megabytes": 150}) == 150 * 1024 * 1024


def test_a_limit_below_what_a_worker_has_from_the_start_fails_the_start(greedy: ForkServer) -> None:
    greedy.order("w1", hard_memory_megabytes=2)
    side = greedy.server.peer("w1", "side")
    told = json.loads(side.next(Kind.FAILED).body)

    assert told["module"] is None
    assert told["message"].startswith("HardMemoryMegabytes = 2 is too little: the worker has ")
    assert greedy.exit_of("w1")["code"] == 1

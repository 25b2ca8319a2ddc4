from __future__ import annotations

from typing import Any, Callable

import pytest

from vivarium_worker import context, program
from vivarium_worker.programs.registry import REGISTRY, Program, Registry


def function_of(module: str) -> Callable[..., Any]:
    def colours() -> None: ...

    colours.__module__ = module
    return colours


def test_two_modules_cannot_share_a_name_and_both_are_named() -> None:
    registry = Registry()
    registry.add(Program("colours", function_of("first")))

    with pytest.raises(ValueError, match="'colours': one in module first, one in module second"):
        registry.add(Program("colours", function_of("second")))


def test_a_module_may_replace_its_own_program() -> None:
    registry = Registry()
    registry.add(Program("colours", function_of("first")))
    newer = Program("colours", function_of("first"))
    registry.add(newer)

    assert registry.programs["colours"] is newer


@pytest.mark.parametrize("name", ["", "$ping", "x" * 65_536])
def test_a_name_that_cannot_be_called_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="cannot be the name of a program"):
        Registry().add(Program(name, function_of("first")))


@pytest.mark.parametrize("timeout", [0, -1, float("nan")])
def test_a_timeout_that_is_no_time_is_refused(timeout: float) -> None:
    with pytest.raises(ValueError, match="must be a number of seconds above 0"):
        program(name="timeless", timeout=timeout)(function_of("first"))
    assert "timeless" not in REGISTRY.programs


@pytest.mark.parametrize("faults", [ConnectionError, [ConnectionError], ("ConnectionError",), (3,)])
def test_faults_that_are_no_tuple_of_exceptions_are_refused(faults: Any) -> None:
    with pytest.raises(TypeError, match="must be a tuple of exception classes"):
        program(name="faultless", faults=faults)(function_of("first"))
    assert "faultless" not in REGISTRY.programs


def test_the_decorator_leaves_the_function_as_it_is() -> None:
    def double(x: int) -> int:
        return 2 * x

    try:
        assert program(double) is double
        assert program(name="twice", idempotent=True, timeout=1.5)(double) is double
        described = REGISTRY.programs["twice"].describe()
        assert described["idempotent"] is True
        assert described["timeout_millis"] == 1500
    finally:
        REGISTRY.programs.pop("double")
        REGISTRY.programs.pop("twice")


def test_the_context_is_there_only_during_a_call() -> None:
    with pytest.raises(RuntimeError, match="only while a call is in progress"):
        _ = context.session

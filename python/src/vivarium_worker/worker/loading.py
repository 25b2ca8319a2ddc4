"""Importing user modules, and telling what went wrong or what was left running."""

from __future__ import annotations

import importlib
import sys
import threading

from vivarium_worker.programs.errors import describe
from vivarium_worker.programs.registry import REGISTRY
from vivarium_worker.system import procfs

_STARTERS: dict[str, int] = {}  # module → number of threads that its import started


class LoadError(Exception):
    """A module, or one of its hooks or programs, cannot be used."""

    def __init__(self, module: str | None, cause: BaseException) -> None:
        super().__init__(f"{module}: {cause!r}")
        self._module = module
        self._cause = cause

    def describe(self) -> dict[str, object]:
        """Return the body of a ``FAILED`` frame; ``module`` is null if none is to blame."""
        return {"module": self._module, **describe(self._cause)._asdict()}


def load(path: list[str], modules: list[str]) -> None:
    """Extend ``sys.path``, import ``modules`` in this order and compile their programs."""
    sys.path[:0] = [entry for entry in path if entry not in sys.path]
    for module in modules:
        before = procfs.thread_count()
        try:
            importlib.import_module(module)
        except BaseException as error:
            raise LoadError(module, error) from error
        started = procfs.thread_count() - before
        if started > 0:
            _STARTERS[module] = started
    for program in REGISTRY.programs.values():
        try:
            program.signature  # noqa: B018 - compiles it
        except TypeError as error:
            raise LoadError(program.module, error) from error
    if any(program.asynchronous for program in REGISTRY.programs.values()):
        importlib.import_module("vivarium_worker.calls.event_loops")  # once, before the forks


def run_start_hooks() -> None:
    """Run the hooks of ``on_start`` in the order of their registration."""
    for hook in REGISTRY.start_hooks:
        try:
            hook()
        except BaseException as error:
            raise LoadError(hook.__module__, error) from error


def thread_report() -> str:
    """Return the reason for not forking: how many threads there are, their names, their origin."""
    report = f"{procfs.thread_count()} threads: {procfs.thread_names()}"
    by_python = [t.name for t in threading.enumerate() if t is not threading.main_thread()]
    if by_python:
        report += f"; started by Python: {', '.join(by_python)}"
    if _STARTERS:
        told = [f"{module} ({count})" for module, count in _STARTERS.items()]
        report += f"; started while importing {', '.join(told)}"
    return report

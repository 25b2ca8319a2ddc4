"""Importing user modules, and describing what failed or which threads an import started."""

from __future__ import annotations

import importlib
import sys
import threading

from vivarium_worker.diagnostics.foreign_loops import prepare_gevent
from vivarium_worker.diagnostics.tracebacks import describe
from vivarium_worker.programs.registry import REGISTRY
from vivarium_worker.system.procfs import thread_count, thread_names

_threads_started: dict[str, int] = {}  # by module, while it was imported


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
        before = thread_count()
        try:
            importlib.import_module(module)
        except BaseException as error:
            raise LoadError(module, error) from error
        started = thread_count() - before
        if started > 0:
            _threads_started[module] = started
    for program in REGISTRY.programs.values():
        try:
            program.signature  # noqa: B018 - compiles it
        except TypeError as error:
            raise LoadError(program.module, error) from error
    if any(program.asynchronous for program in REGISTRY.programs.values()):
        import vivarium_worker.calls.event_loops  # noqa: F401, PLC0415 - once, before the forks
    prepare_gevent()


def run_start_hooks() -> None:
    """Run the hooks of ``on_start`` in the order of their registration."""
    for hook in REGISTRY.start_hooks:
        try:
            hook()
        except BaseException as error:
            raise LoadError(hook.__module__, error) from error


def thread_report() -> str:
    """Return why forking is refused: how many threads there are, their names, their origin."""
    report = f"{thread_count()} threads: {thread_names()}"
    by_python = [t.name for t in threading.enumerate() if t is not threading.main_thread()]
    if by_python:
        report += f"; started by Python: {', '.join(by_python)}"
    if _threads_started:
        named = [f"{module} ({count})" for module, count in _threads_started.items()]
        report += f"; started while importing {', '.join(named)}"
    return report

"""Importing user modules, running their hooks, and describing what failed."""

from __future__ import annotations

import importlib
import sys
from typing import TYPE_CHECKING, Callable

from vivarium_worker.diagnostics.foreign_loops import prepare_gevent
from vivarium_worker.diagnostics.tracebacks import describe
from vivarium_worker.programs.registry import REGISTRY

if TYPE_CHECKING:
    from collections.abc import Iterable


class LoadError(Exception):
    """A module, or one of its hooks or programs, cannot be used."""

    def __init__(self, module: str | None, cause: BaseException, hook: str | None = None) -> None:
        super().__init__(f"{module}: {cause!r}")
        self._module = module
        self._cause = cause
        self._hook = hook

    def describe(self) -> dict[str, object]:
        """Return the body of a ``FAILED`` frame; ``module`` is null if none is to blame."""
        hook = {} if self._hook is None else {"hook": self._hook}
        return {"module": self._module, **hook, **describe(self._cause)._asdict()}


def load(
    path: list[str], modules: list[str], imported: Callable[[str], None] = lambda _: None
) -> None:
    """Extend ``sys.path``, import ``modules`` in this order and compile their programs.

    ``imported`` is called with the name of each module that was imported, and may object to it.
    """
    sys.path[:0] = [entry for entry in path if entry not in sys.path]
    for module in modules:
        try:
            importlib.import_module(module)
            imported(module)
        except BaseException as error:
            raise LoadError(module, error) from error
    for program in REGISTRY.programs.values():
        try:
            program.signature  # noqa: B018 - compiles it
        except TypeError as error:
            raise LoadError(program.module, error) from error
    if any(program.asynchronous for program in REGISTRY.programs.values()):
        import vivarium_worker.calls.event_loops  # noqa: F401, PLC0415 - once, before the forks
    prepare_gevent()


def run_fork_hooks() -> None:
    """Run the hooks of ``on_fork`` in the order of their registration."""
    _run_hooks("on_fork", REGISTRY.fork_hooks)


def run_start_hooks() -> None:
    """Run the hooks of ``on_start`` in the order of their registration."""
    _run_hooks("on_start", REGISTRY.start_hooks)


def _run_hooks(kind: str, hooks: Iterable[Callable[[], object]]) -> None:
    for hook in hooks:
        try:
            hook()
        except BaseException as error:
            module = getattr(hook, "__module__", None) or "?"
            name = getattr(hook, "__qualname__", None) or repr(hook)
            code = getattr(hook, "__code__", None)
            place = f" ({code.co_filename}:{code.co_firstlineno})" if code else ""
            told = f"the {kind} hook {name} of module {module}{place}"
            raise LoadError(module, error, told) from error

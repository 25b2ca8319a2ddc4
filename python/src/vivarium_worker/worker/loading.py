"""Importing user modules, running their hooks, and describing what failed."""

from __future__ import annotations

import importlib
import os
import sys
from typing import TYPE_CHECKING, Callable

from vivarium_worker.diagnostics.foreign_loops import prepare_gevent
from vivarium_worker.diagnostics.remedies import remedy_of, usurper_of
from vivarium_worker.diagnostics.tracebacks import describe, place_of
from vivarium_worker.programs.registry import REGISTRY
from vivarium_worker.programs.signature import code_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    Hook = Callable[[], object]

_SYNTAX_ERRORS = (SyntaxError, IndentationError, TabError)
_registered_by: dict[str, str] = {}  # programs, and the module that was imported meanwhile


class LoadError(Exception):
    """User code cannot be used: what it is, what it raised, and what to do about it.

    ``what`` is the beginning of a sentence that goes on with the exception.
    """

    def __init__(
        self, what: str, module: str | None, cause: BaseException, remedy: str = ""
    ) -> None:
        super().__init__(what)
        self._what = what
        self._module = module
        self._cause = cause
        self._remedy = remedy

    def describe(self) -> dict[str, object]:
        """Return the body of a ``FAILED`` frame; ``module`` is null if none is to blame."""
        told = describe(self._cause)
        body = {"module": self._module, **told._asdict()}
        remedy = f"; {self._remedy}" if self._remedy else ""
        if type(self._cause) is UnusableError:
            return {**body, "sentence": self._what + remedy, "traceback": None}
        if self._module is None:
            return {**body, "sentence": told.message}
        place = place_of(self._cause)
        message = f": {_message(self._cause, told.message)}" if told.message else ""
        at = f", at {place}" if place else ""
        return {**body, "sentence": f"{self._what}{told.type}{message}{at}{remedy}"}


class UnusableError(Exception):
    """Nothing was raised, but what was imported is of no use."""


def load(
    path: list[str], modules: list[str], imported: Callable[[str], None] = lambda _: None
) -> None:
    """Extend ``sys.path``, import ``modules`` in this order and compile their programs.

    ``imported`` is called with the name of each module that was imported, and may object to it.
    Raises :class:`LoadError` whatever goes wrong.
    """
    try:
        _load(path, modules, imported)
    except LoadError:
        raise
    except BaseException as error:
        what = f"loading {', '.join(modules)} failed: "
        raise LoadError(what, ", ".join(modules), error, "correct them") from error


def _load(path: list[str], modules: list[str], imported: Callable[[str], None]) -> None:
    for entry in path:
        if not os.path.isdir(entry) and not os.path.isfile(entry):  # noqa: PTH112, PTH113 - may be anything
            sys.stderr.write(f"vivarium: python.path has {entry}, which is no directory\n")
    sys.path[:0] = [entry for entry in path if entry not in sys.path]
    for module in modules:
        _import(module, path)
        try:
            imported(module)
        except BaseException as error:
            raise LoadError(f"module {module!r} does not import: ", module, error) from error
    for program in REGISTRY.programs.values():
        try:
            program.describe()  # compiles its signature
        except BaseException as error:
            module = _registered_by.get(program.name, program.module)
            place = _place_of(code_of(program.function))
            what = f"program {program.name} of module {module!r}{place} cannot be offered: "
            raise LoadError(what, module, error, "correct it") from error
    _require_programs(modules)
    if any(program.asynchronous for program in REGISTRY.programs.values()):
        _import_event_loops(path)
    prepare_gevent()


def _import(module: str, path: list[str]) -> None:
    known = set(REGISTRY.programs)
    try:
        importlib.import_module(module)
    except BaseException as error:
        what = f"module {module!r} does not import: "
        raise LoadError(what, module, error, remedy_of(error, module, path)) from error
    usurper = usurper_of(module, path)
    if usurper is not None:
        origin, passed_over = usurper
        what = f"module {module!r} is Python's own ({origin}), which was there before {passed_over}"
        raise LoadError(what, module, UnusableError(what), "give that file another name")
    _registered_by.update(dict.fromkeys(REGISTRY.programs.keys() - known, module))


def _require_programs(modules: list[str]) -> None:
    """Complain about a pool that can answer no call, and say which files were imported for it."""
    if modules and not REGISTRY.programs:
        files = [getattr(sys.modules.get(name), "__file__", None) for name in modules]
        named = [f"{name} ({file})" for name, file in zip(modules, files)]
        what = f"none of the modules of the pool has a program: {', '.join(named)}"
        remedy = (
            "write @program above each function that the pool shall call "
            "(from vivarium_worker import program)"
        )
        raise LoadError(what, modules[-1], UnusableError(what), remedy)


def _import_event_loops(path: list[str]) -> None:
    """Import what async programs need: once, before the forks."""
    try:
        import vivarium_worker.calls.event_loops  # noqa: F401, PLC0415
    except BaseException as error:
        what = "asyncio, which async programs need, does not import: "
        raise LoadError(what, "asyncio", error, remedy_of(error, "asyncio", path)) from error


def run_fork_hooks() -> None:
    """Run the hooks of ``on_fork`` in the order of their registration."""
    _run_hooks("on_fork", REGISTRY.fork_hooks, lambda hook: hook())


def run_start_hooks(run: Callable[[Hook], object]) -> None:
    """Have ``run`` run the hooks of ``on_start`` in the order of their registration."""
    _run_hooks("on_start", REGISTRY.start_hooks, run)


def _run_hooks(kind: str, hooks: Iterable[Hook], run: Callable[[Hook], object]) -> None:
    for hook in hooks:
        try:
            run(hook)
        except BaseException as error:
            what = f"the {kind} hook {name_of_hook(hook)} raised "
            module = str(getattr(hook, "__module__", None))
            raise LoadError(what, module, error, "correct it, or what it depends on") from error


def name_of_hook(hook: Callable[[], object]) -> str:
    """Return the name of a hook, with its module, file and line as far as it has them."""
    name = getattr(hook, "__qualname__", None) or type(hook).__qualname__
    return f"{name} of module {getattr(hook, '__module__', None)}{_place_of(hook)}"


def _place_of(function: Callable[..., object]) -> str:
    code = getattr(function, "__code__", None)
    return f" ({code.co_filename}:{code.co_firstlineno})" if code else ""


def _message(error: BaseException, message: str) -> str:
    """Return ``message``; of a syntax error what is wrong, and the line of text."""
    if type(error) in _SYNTAX_ERRORS and error.text:  # type: ignore[attr-defined]
        return f"{error.msg} in `{error.text.strip()}`"  # type: ignore[attr-defined]
    return message

"""Programs and hooks: what user modules register while they are imported."""

from __future__ import annotations

import functools
import inspect
from typing import Any, Callable, Final, TypeVar, overload

from vivarium_worker.programs.signature import Signature, code_of

Function = TypeVar("Function", bound=Callable[..., Any])
Hook = TypeVar("Hook", bound=Callable[[], object])

_LONGEST_NAME = 65_535  # bytes: two bytes of length in CALL


class Program:
    """A function that can be called by name, and what the server has to know about it."""

    def __init__(self, name: str, function: Callable[..., Any]) -> None:
        self.name = name
        self.function = function
        self._code = code_of(function)
        self.module: str = getattr(self._code, "__module__", None) or "?"
        self.idempotent = False
        self.timeout_millis: int | None = None
        self.faults: tuple[type[BaseException], ...] = ()
        self.nan_as_null = False
        self.kind = _kind(self._code)
        self.asynchronous = inspect.iscoroutinefunction(self._code) or inspect.isasyncgenfunction(
            self._code
        )
        self._signature: Signature | None = None

    @property
    def signature(self) -> Signature:
        """The parameters, compiled late: a type hint may name what is defined further down."""
        if self._signature is None:
            self._signature = Signature(self.function, nan_as_null=self.nan_as_null)
        return self._signature

    def describe(self) -> dict[str, object]:
        """Return what ``$list_programs`` says about this program."""
        return {
            "name": self.name,
            "doc": inspect.cleandoc(self._code.__doc__ or ""),
            "parameters": self.signature.parameters,
            "returns": self.signature.returns,
            "idempotent": self.idempotent,
            "timeout_millis": self.timeout_millis,
            "kind": self.kind,
        }


class Registry:
    """All programs and hooks of a process. Filled by one thread, before calls are served."""

    def __init__(self) -> None:
        self.programs: dict[str, Program] = {}
        self.fork_hooks: list[Callable[[], object]] = []
        self.start_hooks: list[Callable[[], object]] = []
        self.stop_hooks: list[Callable[[], object]] = []

    def add(self, program: Program) -> None:
        """Register ``program``; a module may replace its own, but not another module's."""
        name = program.name
        if not isinstance(name, str):
            raise TypeError(f"the name of a program must be text, not {name!r}")
        if not name or name.startswith("$") or len(name.encode()) > _LONGEST_NAME:
            raise ValueError(
                f"{name[:80]!r} of module {program.module} cannot be the name of a program: "
                f"it is empty, begins with $ or is longer than {_LONGEST_NAME} bytes"
            )
        other = self.programs.get(name)
        if other is not None and other.module != program.module:
            raise ValueError(
                f"two programs are named {name!r}: one in module {other.module}, "
                f"one in module {program.module}"
            )
        self.programs[name] = program

    def modules(self) -> set[str]:
        """Return the names of the modules that have registered programs or hooks."""
        hooks = (hook.__module__ for hook in (*self.start_hooks, *self.stop_hooks))
        return {*(program.module for program in self.programs.values()), *hooks}

    def describe(self) -> list[dict[str, object]]:
        """Return the descriptions of all programs, in the order of their names."""
        return [self.programs[name].describe() for name in sorted(self.programs)]


REGISTRY: Final = Registry()
"""The one that :func:`program` and the hooks fill."""


@overload
def program(function: Function, /) -> Function: ...


@overload
def program(
    *,
    name: str | None = None,
    idempotent: bool = False,
    timeout: float | None = None,
    faults: tuple[type[BaseException], ...] = (),
    nan: str | None = None,
) -> Callable[[Function], Function]: ...


def program(  # noqa: PLR0913 - all but the first are named
    function: Function | None = None,
    /,
    *,
    name: str | None = None,
    idempotent: bool = False,
    timeout: float | None = None,
    faults: tuple[type[BaseException], ...] = (),
    nan: str | None = None,
) -> Function | Callable[[Function], Function]:
    """Make a function callable from the server; plain, generator and async functions alike.

    ``name`` defaults to the function's name. ``idempotent`` allows the server to call it again
    after a failure. ``timeout`` is the default limit of a call in seconds, ``None`` for the pool's.
    ``faults`` are the exceptions which say that the program, or what it depends on, is down, such
    as ``ConnectionError``: only these, and calls that run beyond the program's own limit, count for
    its circuit breaker. With ``nan="null"``, NaN and infinity become null in results, and numbers
    beyond a float's range in inputs, which are refused otherwise. The function itself stays as it
    is.
    """

    def register(function: Function) -> Function:
        called = _callable(function)
        registered = Program(_name(called) if name is None else name, called)
        registered.idempotent = idempotent
        registered.timeout_millis = None if timeout is None else _millis(timeout, registered)
        registered.faults = _faults(faults, registered)
        registered.nan_as_null = _nan_as_null(nan, registered)
        REGISTRY.add(registered)
        return function

    return register if function is None else register(function)


def on_fork(hook: Hook) -> Hook:
    """Run ``hook`` in every worker right after it was forked; if it raises, the worker is not used.

    Before the hooks of :func:`on_start`, and not at all with ``start-method = spawn``. This is the
    place to close or renew what a module opened while it was imported and ``allow-inherited`` lets
    pass, such as the connections of a client: all workers have the same ones until then. Close them
    without a word to the other side, which would take it for the word of the other workers too.

    ``random``, ``numpy.random`` and ``torch`` have been seeded anew by then, each worker with
    numbers of its own. A generator that a module made (``numpy.random.default_rng()``,
    ``random.Random()``) cannot be found: it gives the same numbers in every worker unless it is
    made here or in a hook of :func:`on_start`.
    """
    if inspect.iscoroutinefunction(hook):
        raise TypeError(f"{hook.__qualname__} is async: @on_fork takes a plain function")
    REGISTRY.fork_hooks.append(hook)
    return hook


def on_start(hook: Hook) -> Hook:
    """Run ``hook`` in every worker before its first call; if it raises, the worker is not used.

    This is the place for clients, connections, threads and generators of random numbers
    (``numpy.random.default_rng()``): what a module makes while it is imported, forked workers share
    or lack. An async hook runs on the event loop of the async programs, where its tasks stay.
    """
    REGISTRY.start_hooks.append(hook)
    return hook


def on_stop(hook: Hook) -> Hook:
    """Run ``hook`` in every worker that is asked to leave; not in one that is killed.

    An async hook runs on the event loop of the async programs.
    """
    REGISTRY.stop_hooks.append(hook)
    return hook


def _callable(function: object) -> Callable[..., Any]:
    """Return what is to be called of ``function``; raise ``TypeError`` if it is no program."""
    if isinstance(function, staticmethod):
        return function.__func__
    if isinstance(function, str):
        raise TypeError(f"write @program(name={function!r})")
    if inspect.isclass(function):
        raise TypeError(
            f"@program is for functions, and {function.__name__} is a class: "
            "write it above a function that makes one, or give it an object of the class"
        )
    if not callable(function):
        raise TypeError(f"@program is for functions, not for a {type(function).__name__}")
    return function


def _name(function: Callable[..., Any]) -> str:
    while isinstance(function, functools.partial):
        function = function.func
    name = getattr(function, "__name__", None)
    if not isinstance(name, str):
        raise TypeError(
            f"an object of class {type(function).__name__} has no name: write program(name=…)"
        )
    return name


def _kind(function: Callable[..., Any]) -> str:
    if inspect.isgeneratorfunction(function) or inspect.isasyncgenfunction(function):
        return "generator"
    return "async" if inspect.iscoroutinefunction(function) else "function"


def _faults(faults: object, registered: Program) -> tuple[type[BaseException], ...]:
    if not isinstance(faults, tuple) or not all(
        isinstance(each, type) and issubclass(each, BaseException) for each in faults
    ):
        raise TypeError(
            f"faults of {registered.name} must be a tuple of exception classes, "
            f"such as (ConnectionError,), not {faults!r}"
        )
    return faults


def _nan_as_null(nan: str | None, registered: Program) -> bool:
    if nan not in (None, "null"):
        raise ValueError(
            f'nan of {registered.name} must be "null", or left out to refuse NaN, not {nan!r}'
        )
    return nan == "null"


def _millis(timeout: float, registered: Program) -> int:
    if not timeout > 0:
        raise ValueError(
            f"timeout of {registered.name} must be a number of seconds above 0, not {timeout!r}"
        )
    return max(1, round(timeout * 1000))

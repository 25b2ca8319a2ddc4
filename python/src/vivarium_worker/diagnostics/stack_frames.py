"""Stack frames: of a program or of the runtime, and the lines of user code in them."""

from __future__ import annotations

import importlib
import sys
import threading
import traceback
from importlib.machinery import ModuleSpec, PathFinder
from pathlib import Path
from types import CodeType
from typing import TYPE_CHECKING, Any, Callable, Final, TypeVar

from vivarium_worker.system.threads import runtime_thread_names

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Iterator
    from types import FrameType

Function = TypeVar("Function", bound=Callable[..., Any])

_RUNTIME: Final = f"{Path(__file__).parents[1]}/"
_IMPORT_SYSTEM: Final = tuple(
    function.__code__.co_filename
    for function in (importlib.import_module, ModuleSpec.__init__, PathFinder.find_spec)
)
_NOT_THE_USERS: Final = (_RUNTIME, *_IMPORT_SYSTEM)
_program_callers: Final[set[CodeType]] = set()
_loop_runners: Final[set[CodeType]] = set()


def _locations(*modules: str) -> Iterator[str]:
    """Return where the code of modules of the standard library is, without importing them."""
    for module in modules:
        spec = PathFinder.find_spec(module)
        if spec is not None:
            packages = spec.submodule_search_locations
            yield f"{next(iter(packages))}/" if packages else str(spec.origin)


_EVENT_LOOP: Final = tuple(  # asyncio is large, so it is not imported
    _locations("asyncio", "concurrent", "selectors", "socket", "threading")
)


def calls_program(function: Function) -> Function:
    """Mark a function of the runtime that calls user code directly; use as a decorator.

    Only what it calls is taken for a program, so whoever calls user code has to be marked, or that
    code can be neither cancelled nor stopped.
    """
    _program_callers.update(_code_objects(function.__code__))
    return function


def runs_event_loop(function: Function) -> Function:
    """Mark a function as :func:`calls_program` does, if an event loop may run in between.

    A loop that only waits for something to do is not taken for a program.
    """
    _loop_runners.update(_code_objects(function.__code__))
    return calls_program(function)


def is_in_program(frame: FrameType | None) -> bool:
    """Return whether ``frame`` is of a program, so that an exception may be raised there.

    Not in the runtime nor in what the runtime calls, which has to finish: it may be in the middle
    of sending a frame. Nor in an event loop of the runtime that only waits.
    """
    innermost, only_loop = frame, True
    while frame is not None:
        code = frame.f_code
        if code.co_filename.startswith(_RUNTIME):
            if frame is innermost or (only_loop and code in _loop_runners):
                return False
            return code in _program_callers
        only_loop = only_loop and code.co_filename.startswith(_EVENT_LOOP)
        frame = frame.f_back
    return False


def is_user_code(filename: str) -> bool:
    """Return whether a file has code of users, or of libraries that they use."""
    return not filename.startswith(_NOT_THE_USERS)


def user_stack(frame: FrameType | None) -> str:
    """Return the lines of user code that led to ``frame``, the outermost first."""
    if frame is None:
        return ""
    walk = traceback.walk_stack(frame)
    lines = [pair for pair in walk if is_user_code(pair[0].f_code.co_filename)]
    return _format(lines[::-1])


def user_stack_of_task(task: asyncio.Task[Any]) -> str:
    """Return the lines of user code that ``task`` executes or waits at, the outermost first."""
    coroutine = task.get_coro()
    frames = list(_suspended_frames(coroutine)) or _running_frames(coroutine)
    return _format([(frame, frame.f_lineno) for frame in frames])


def all_stacks() -> str:
    """Return the Python stacks of all threads, with their names."""
    names = {thread.ident: thread.name for thread in threading.enumerate()} | runtime_thread_names()
    return "\n".join(
        f"Thread {names.get(ident, ident)}:\n{''.join(traceback.format_stack(frame))}"
        for ident, frame in sys._current_frames().items()  # noqa: SLF001 - there is no other way
    )


def _code_objects(code: CodeType) -> Iterator[CodeType]:
    """Return ``code`` and what is nested in it: comprehensions have frames before Python 3.12."""
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _code_objects(constant)


def _suspended_frames(waiting: Any) -> Iterator[FrameType]:  # noqa: ANN401 - of several kinds
    """Follow what a coroutine awaits, as far as it is Python code of users."""
    while waiting is not None:
        for kind in ("cr", "ag", "gi"):
            frame: FrameType | None = getattr(waiting, f"{kind}_frame", None)
            if frame is not None:
                if is_user_code(frame.f_code.co_filename):
                    yield frame
                break
        else:
            return
        waiting = getattr(waiting, "gi_yieldfrom" if kind == "gi" else f"{kind}_await", None)


def _running_frames(coroutine: Any) -> list[FrameType]:  # noqa: ANN401 - as get_coro returns it
    """Return the frames of user code that a running coroutine has called, in whatever thread."""
    outermost: FrameType | None = getattr(coroutine, "cr_frame", None)
    for innermost in sys._current_frames().values():  # noqa: SLF001 - there is no other way
        frames = [frame for frame, _ in traceback.walk_stack(innermost)]
        if outermost in frames:
            called = frames[: frames.index(outermost)]
            return [f for f in reversed(called) if is_user_code(f.f_code.co_filename)]
    return []


def _format(lines: list[tuple[FrameType, int]]) -> str:
    return "".join(traceback.StackSummary.extract(iter(lines)).format())

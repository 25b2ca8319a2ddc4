"""What cannot be loaded: each cause is told as one sentence with its place and a remedy."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

from handles import ForkServer, Worker
from peer import body
from server import PROGRAMS, Server
from vivarium_worker.protocol.frames import Kind

BROKEN = PROGRAMS / "broken"
SHADOWS = BROKEN / "shadows"


@pytest.fixture
def guarded(server: Server) -> Server:
    server.start_guardian()
    return server


def failed(guarded: Server, *modules: str, path: tuple[Path, ...] = (BROKEN,)) -> dict[str, Any]:
    return guarded.serve(*modules, path=[str(each) for each in path]).failed()


def sentence(guarded: Server, *modules: str, path: tuple[Path, ...] = (BROKEN,)) -> str:
    return str(failed(guarded, *modules, path=path)["sentence"])


def test_whatever_can_be_called_by_names_is_a_program(guarded: Server) -> None:
    fork_server = guarded.serve("callables")
    told = {program["name"]: program for program in fork_server.loaded()["programs"]}
    worker = fork_server.fork()

    assert told["greet"]["doc"] == "Greets somebody."
    assert told["greet"]["parameters"] == [{"name": "name", "type": "str", "required": True}]
    assert told["wait_for"]["kind"] == "async"
    assert told["power"]["doc"] == "Raises base."
    assert worker.call("greet", {"name": "Ada"}) == "hello Ada"
    assert worker.call("wait_for", {"name": "Ada"}) == "waited for Ada"
    assert worker.call("shout", {"text": "a"}) == "A"
    assert worker.call("power", {"base": 3}) == 9
    assert worker.call("cube", {"base": 2}) == 8
    assert worker.call("cached", {"n": 1}) == 2
    assert worker.error("greet", {"name": 1})["type"] == "InvalidInput"


@pytest.mark.parametrize(
    ("module", "expected"),
    [
        ("decorated_class", "TypeError: @program is for functions, and Answer is a class: "),
        ("decorated_class_method", "TypeError: @program is for functions, not for a classmethod"),
        ("named_by_position", "TypeError: write @program(name='answer')"),
        ("nameless", "TypeError: an object of class Greeter has no name: write program(name=…)"),
        ("without_signature", "parameters of max cannot be read: "),
        ("broken_signature", "RuntimeError: no signature"),
        ("broken_str", "BrokenError: <no message: __str__ raised ZeroDivisionError>"),
        ("broken_class", "MaskedError: masked"),
        ("broken_missing", "LyingError: lied"),
        ("vanishes", "KeyError: 'vanishes'"),
        ("interrupts", "KeyboardInterrupt: stopped"),
        ("exits", "SystemExit: enough"),
        ("recurses", "RecursionError: maximum recursion depth exceeded"),
        ("lacks_name", "ImportError: cannot import name 'no_such_name' from 'json'"),
    ],
)
def test_whatever_goes_wrong_at_load_is_told_with_its_module(
    guarded: Server, module: str, expected: str
) -> None:
    told = failed(guarded, module)

    assert told["module"] == module
    assert f"'{module}'" in told["sentence"]
    assert expected in told["sentence"]
    end = body(guarded.peer("guardian", "guardian").next(), Kind.SERVER_EXIT)
    assert end["code"] == 1


def test_a_module_may_put_anything_in_its_place(guarded: Server) -> None:
    fork_server = guarded.serve("replaces_itself", path=[str(BROKEN)])
    fork_server.loaded()

    assert fork_server.fork().call("answer") == 42


def test_a_program_that_cannot_be_offered_is_named_with_its_line(guarded: Server) -> None:
    file = PROGRAMS / "unknown_hint.py"

    assert sentence(guarded, "unknown_hint", path=(PROGRAMS,)).startswith(
        f"program strange of module 'unknown_hint' ({file}:4) cannot be offered: HintError: "
        "parameter what of strange: print is not a type"
    )


@pytest.mark.parametrize(
    ("module", "line"),
    [("interrupts", 1), ("exits", 3), ("broken_str", 9), ("recurses", 2)],
)
def test_the_sentence_names_file_and_line(guarded: Server, module: str, line: int) -> None:
    assert f", at {BROKEN / module}.py:{line}; " in sentence(guarded, module)


def test_a_module_that_ends_the_process_is_told_not_to(guarded: Server) -> None:
    assert sentence(guarded, "exits").endswith(
        "; a module must not end its process while it is imported: "
        "move that below `if __name__ == '__main__':`"
    )


def test_a_module_that_is_not_there_is_searched_for_by_name(guarded: Server) -> None:
    missing = BROKEN / "nowhere"
    told = sentence(guarded, "forgot_decorater", path=(BROKEN, missing))

    assert told == (
        "module 'forgot_decorater' does not import: ModuleNotFoundError: No module named "
        f"'forgot_decorater'; it is neither in python.path ({BROKEN}; {missing}, which is not "
        f"there) nor installed for {sys.executable}: correct python.programs, python.preload or "
        "python.path; did you mean forgot_decorator?"
    )


def test_the_name_of_a_file_is_no_name_of_a_module(guarded: Server) -> None:
    assert sentence(guarded, "forgot_decorator.py").endswith(
        "; the name of a module has no ending: leave out .py and write forgot_decorator"
    )


def test_a_missing_package_is_to_be_installed_for_the_right_interpreter(guarded: Server) -> None:
    told = sentence(guarded, "lacks_package")

    assert told == (
        "module 'lacks_package' does not import: ModuleNotFoundError: No module named "
        f"'no_such_package', at {BROKEN / 'lacks_package.py'}:1; install the package that has "
        f"no_such_package for {sys.executable}, or add its directory to python.path"
    )


def test_a_syntax_error_shows_its_line(guarded: Server) -> None:
    told = sentence(guarded, "bad_syntax")

    assert told.startswith("module 'bad_syntax' does not import: SyntaxError: ")
    assert "in `def answer(:`, at " in told
    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    assert told.endswith(
        f", at {BROKEN / 'bad_syntax.py'}:5; correct that line: "
        f"it is no Python {version}, which {sys.executable} is"
    )


def test_a_hook_that_fails_is_named_as_a_hook(guarded: Server) -> None:
    fork_server = guarded.serve("hook_fails", path=[str(BROKEN)])
    fork_server.loaded()
    fork_server.order("w1")
    told = body(guarded.peer("w1", "side").next(), Kind.FAILED)
    file = BROKEN / "hook_fails.py"

    assert told["sentence"] == (
        f"the on_start hook connect of module hook_fails ({file}:4) raised ConnectionError: "
        f"no database at db:5432, at {file}:6; correct it, or what it depends on"
    )


@pytest.mark.parametrize("spawn", [False, True])
def test_a_pool_without_programs_is_told_which_files_have_none(
    guarded: Server,
    spawn: bool,  # noqa: FBT001
) -> None:
    expected = (
        "none of the modules of the pool has a program: forgot_decorator "
        f"({BROKEN / 'forgot_decorator.py'}); write @program above each function that the pool "
        "shall call (from vivarium_worker import program)"
    )
    if not spawn:
        assert sentence(guarded, "forgot_decorator") == expected
        return
    fork_server = guarded.serve()
    fork_server.loaded()
    fork_server.order("w1", spawn=True, path=[str(BROKEN)], modules=["forgot_decorator"])
    assert body(guarded.peer("w1", "side").next(), Kind.FAILED)["sentence"] == expected


def test_a_module_that_python_has_itself_is_not_taken_for_the_users(guarded: Server) -> None:
    told = sentence(guarded, "time", path=(SHADOWS,))

    assert told == (
        "module 'time' is Python's own (built-in), which was there before "
        f"{SHADOWS / 'time.py'}; give that file another name"
    )


def test_a_file_that_hides_a_module_of_python_is_named(guarded: Server) -> None:
    told = sentence(guarded, "uses_random", path=(BROKEN, SHADOWS))

    assert "AttributeError: module 'random' has no attribute 'choice'" in told or (
        "AttributeError: partially initialized" in told
    )
    assert told.endswith(
        f"; {SHADOWS / 'random.py'} hides Python's own module random: give that file another name"
    )


def test_a_program_named_like_a_module_of_python_works_or_is_named(guarded: Server) -> None:
    """An async program needs asyncio, which needs the queue that this module hides."""
    fork_server = guarded.serve("queue", path=[str(SHADOWS)])
    told = fork_server.peer.next(Kind.LOADED, Kind.FAILED)

    if told.kind is Kind.LOADED:
        assert fork_server.fork().call("enqueue") == "queued"
    else:
        hidden = f"{SHADOWS / 'queue.py'} hides Python's own module queue: give that file another"
        assert hidden in body(told, Kind.FAILED)["sentence"]


def test_a_directory_that_is_not_there_is_said_in_the_boot_log(guarded: Server) -> None:
    missing = str(BROKEN / "nowhere")
    fork_server = guarded.serve("callables", path=[str(PROGRAMS), missing])
    fork_server.loaded()

    assert f"vivarium: python.path has {missing}, which is no directory" in guarded.log


def test_a_program_whose_exception_misbehaves_is_a_failed_call(guarded: Server) -> None:
    fork_server: ForkServer = guarded.serve("misbehave")
    fork_server.loaded()
    worker: Worker = fork_server.fork()
    for part in ("class", "str", "repr", "traceback", "bases", "faults", "surrogate", "context"):
        told = worker.error("raise_broken", {"part": part})
        assert told["category"] == "program_error", part
        assert told["type"], part
    assert worker.call("$ping") == {"pong": True}

"""What to do about user code that cannot be loaded: a remedy for each kind of cause."""

from __future__ import annotations

import os
import sys
from importlib.machinery import ModuleSpec
from pathlib import Path

_ANY = "correct that module, or what it depends on"
_NO_END = (
    "a module must not end its process while it is imported: "
    "move that below `if __name__ == '__main__':`"
)


def remedy_of(error: BaseException, module: str, path: list[str]) -> str:
    """Return what to do about ``error``, which came while ``module`` was imported from ``path``."""
    try:
        return _remedy_of(error, module, path)
    except BaseException:  # noqa: BLE001 - a user's exception may refuse to be looked at
        return _ANY


def _remedy_of(error: BaseException, module: str, path: list[str]) -> str:
    kind = type(error)  # its __class__ may be anything
    if issubclass(kind, ModuleNotFoundError):
        return _about_missing(str(getattr(error, "name", "")), module, path)
    if issubclass(kind, SyntaxError):
        version = f"{sys.version_info[0]}.{sys.version_info[1]}"
        return f"correct that line: it is no Python {version}, which {sys.executable} is"
    if issubclass(kind, (SystemExit, KeyboardInterrupt)):
        return _NO_END
    if issubclass(kind, (ImportError, AttributeError)):
        hidden = _hidden_modules(path)
        if hidden:
            return hidden
    if "shared object" in str(getattr(error, "msg", "")):
        return "install that system library, or set LD_LIBRARY_PATH in python.environment"
    return _ANY


def describe_path(path: list[str]) -> str:
    """Return the entries of ``path``, each that is not there with a remark."""
    return "; ".join(e if os.path.exists(e) else f"{e}, which is not there" for e in path) or (  # noqa: PTH110 - it may be anything
        "which is empty"
    )


def usurper_of(module: str, path: list[str]) -> tuple[str, str] | None:
    """Return what was imported in the place of ``module`` from ``path``, and the file passed over.

    ``None`` if all is well. A name that Python or this package had imported before is not looked
    for again.
    """
    top = module.partition(".")[0]
    spec = getattr(sys.modules.get(top), "__spec__", None)
    if not isinstance(spec, ModuleSpec):
        return None  # it has put something else in its place
    origin = spec.origin or "built-in"
    files = [
        Path(entry, *name) for entry in path for name in ((f"{top}.py",), (top, "__init__.py"))
    ]
    passed_over = next((file for file in files if file.is_file()), None)
    if passed_over is None or any(_is_within(origin, entry) for entry in path):
        return None
    return origin, str(passed_over)


def _about_missing(name: str, module: str, path: list[str]) -> str:
    top = name.partition(".")[0]
    if module.endswith(".py") and name == module:
        return (
            "the name of a module has no ending: "
            f"leave out .py and write {module.rpartition('.')[0]}"
        )
    if module == name or module.startswith(f"{name}."):
        return (
            f"it is neither in python.path ({describe_path(path)}) nor installed for "
            f"{sys.executable}: correct python.programs, python.preload or python.path"
            + _similar(top, path)
        )
    hidden = _hidden_modules(path)
    if hidden and name != top:
        return hidden
    if top in _standard_modules():
        return f"{sys.executable} was built without it: install that part of Python"
    missing = [entry for entry in path if not os.path.exists(entry)]  # noqa: PTH110
    remark = f" (of which {' and '.join(missing)} is not there)" if missing else ""
    return (
        f"install the package that has {top} for {sys.executable}, "
        f"or add its directory to python.path{remark}"
    )


def _similar(name: str, path: list[str]) -> str:
    import difflib  # noqa: PLC0415 - rarely needed

    files = [
        file for entry in path for file in Path(entry).glob("*") if file.is_dir() or file.suffix
    ]
    known = {file.stem for file in files if file.suffix in {"", ".py"}}
    close = difflib.get_close_matches(name, sorted(known), 1)
    return f"; did you mean {close[0]}?" if close else ""


def _hidden_modules(path: list[str]) -> str | None:
    """Return which files of ``path`` are imported where Python's own modules are meant."""
    found = []
    for name in sorted(_standard_modules()):
        file = getattr(sys.modules.get(name), "__file__", None)
        if isinstance(file, str) and any(_is_within(file, entry) for entry in path):
            found.append(f"{file} hides Python's own module {name}")
    return f"{', '.join(found)}: give that file another name" if found else None


def _standard_modules() -> frozenset[str]:
    names = getattr(sys, "stdlib_module_names", None)  # since Python 3.10
    if names is None:
        names = {Path(entry).stem for entry in os.listdir(Path(os.__file__).parent)}  # noqa: PTH208
    return frozenset(names)


def _is_within(file: str, directory: str) -> bool:
    return Path(file).resolve().is_relative_to(Path(directory).resolve())

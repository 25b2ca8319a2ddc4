"""Which type something is, by the names of its module and itself, so that nothing is imported.

A program that uses NumPy has imported it; the runtime recognizes what it returns all the same.
"""

from __future__ import annotations


class NoForm(ValueError):  # noqa: N818 - never leaves the runtime
    """A value that cannot travel; the message goes on from "result.a ...", and says what to do."""


def kind_of(type_: type) -> tuple[str, str]:
    """Return the top-level module of ``type_`` and its name: ``("pandas", "DataFrame")``."""
    if not issubclass(type(type_), type):  # list[int] passes for a type before Python 3.11
        return "", ""
    module = type.__getattribute__(type_, "__module__")
    root = module.partition(".")[0] if isinstance(module, str) else ""
    return root, type.__getattribute__(type_, "__qualname__")


def kinds_of(type_: type) -> list[tuple[str, str]]:
    """Return :func:`kind_of` of ``type_`` and of all that it is derived from, in their order."""
    return [kind_of(base) for base in type.__getattribute__(type_, "__mro__")]


def full_name(type_: type) -> str:
    """Return the name of ``type_`` for messages, with its module unless that is ``builtins``."""
    try:
        module, name = type_.__module__, type_.__qualname__
    except Exception:  # noqa: BLE001 - a metaclass may do what it likes
        return type.__repr__(type_)
    return name if module == "builtins" else f"{module}.{name}"


def told(error: BaseException) -> str:
    """Return type and message of ``error``, whose own code may fail."""
    try:
        return f"{type(error).__name__}: {error}"
    except Exception:  # noqa: BLE001 - of a class of users
        return type(error).__name__

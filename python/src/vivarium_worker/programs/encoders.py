"""Encoders: functions of users that make something that travels of their own types."""

from __future__ import annotations

from typing import Any, Callable, Final, TypeVar

from vivarium_worker.validation.kinds import full_name

Encoder = TypeVar("Encoder", bound=Callable[[Any], object])

_JSON_TYPES: Final = (str, int, float, bool, type(None), list, tuple, dict)

ENCODERS: Final[dict[type, Callable[[Any], object]]] = {}
"""By type, as :func:`encoder` has registered them."""


def encoder(kind: type, /) -> Callable[[Encoder], Encoder]:
    """Register a function that makes something that travels of a ``kind`` in a result.

    It gets the value and returns anything that a program may return. It serves subclasses as well;
    of several the one for the most specific class counts, also against the forms that Vivarium has
    by itself. Results that are plain JSON are not looked through for it, so ``str``, ``int``,
    ``float``, ``bool``, ``None``, ``list``, ``tuple`` and ``dict`` cannot have one.
    """
    if not isinstance(kind, type):
        raise TypeError(f"@encoder takes a class, such as @encoder(Money), not {kind!r}")
    if kind in _JSON_TYPES:
        raise TypeError(f"{kind.__name__} is JSON already: make a subclass to give it an encoder")

    def register(function: Encoder) -> Encoder:
        other = ENCODERS.get(kind)
        if other is not None and other.__module__ != function.__module__:
            raise ValueError(
                f"two encoders are registered for {full_name(kind)}: "
                f"{described(other)} and {described(function)}"
            )
        ENCODERS[kind] = function
        return function

    return register


def described(function: Callable[..., Any]) -> str:
    """Return what ``function`` is called and where it is."""
    code = getattr(function, "__code__", None)
    where = f" ({code.co_filename}:{code.co_firstlineno})" if code else ""
    name = getattr(function, "__qualname__", type(function).__name__)
    return f"{getattr(function, '__module__', '?')}.{name}{where}"

"""The parameters of a program, compiled once so that a call costs little to check."""

from __future__ import annotations

import functools
import inspect
import typing
from types import SimpleNamespace
from typing import Any, Callable, Optional

from vivarium_worker.programs import inputs as decoders
from vivarium_worker.programs.errors import invalid_input
from vivarium_worker.validation.checks import Check, Mismatch, anything
from vivarium_worker.validation.hints import HintCompiler, HintError, name_of

_BY_NAME = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)


class Signature:
    """What inputs a function takes; :meth:`accept` checks and converts them.

    ``decoder`` reads them as the checks expect. With ``nan_as_null``, NaN and infinity are null.
    """

    def __init__(self, function: Callable[..., Any], *, nan_as_null: bool = False) -> None:
        """Compile the hints of ``function``; raise :class:`HintError` if one cannot be checked."""
        hints = _hints(code_of(function))
        self.returns = name_of(hints.get("return", Any))
        compiler = HintCompiler()
        self._compile(function, hints, compiler)
        if compiler.takes_decimals:
            self._compile(function, hints, HintCompiler(exact=True))
        self.decoder = _decoder_for(compiler, nan_as_null=nan_as_null)

    def _compile(
        self, function: Callable[..., Any], hints: dict[str, Any], compiler: HintCompiler
    ) -> None:
        self.parameters: list[dict[str, object]] = []
        self._checks: dict[str, Check] = {}
        self._others: Check | None = None
        self._required: set[str] = set()
        code = code_of(function)
        for parameter in _parameters(function):
            title = f"parameter {parameter.name} of {_name(code)}"
            if parameter.kind is inspect.Parameter.POSITIONAL_ONLY:
                reason = "is positional-only; inputs have names, so leave out the /"
                raise HintError(f"{title} {reason} ({_place(code)})")
            hint = _hint_with_default(parameter, hints.get(parameter.name, Any))
            try:
                self._add(parameter, hint, compiler)
            except HintError as error:
                raise HintError(f"{title}: {error} ({_place(code)})") from None

    def accept(self, inputs: dict[str, Any]) -> None:
        """Check ``inputs`` and convert them in place; raise `InvalidInput` if they do not fit."""
        checks, others = self._checks, self._others
        for name, value in inputs.items():  # replacing values does not disturb the iteration
            check = checks.get(name, others)
            if check is None:
                raise invalid_input(f"{name}: there is no such input; {self._known()}", name)
            if check is not anything:
                try:
                    inputs[name] = check(value)
                except Mismatch as mismatch:
                    field = name + mismatch.path
                    raise invalid_input(f"{field}: {mismatch}", field) from None
        if self._required and not self._required <= inputs.keys():
            missing = min(self._required - inputs.keys())
            raise invalid_input(f"{missing}: this input is missing", missing)

    def _add(self, parameter: inspect.Parameter, hint: object, compiler: HintCompiler) -> None:
        if parameter.kind is inspect.Parameter.VAR_POSITIONAL:
            return
        check = compiler.check(hint)
        if parameter.kind is inspect.Parameter.VAR_KEYWORD:
            self._others = check
            return
        required = parameter.default is inspect.Parameter.empty
        self._checks[parameter.name] = check
        if required:
            self._required.add(parameter.name)
        description = {"name": parameter.name, "type": name_of(hint), "required": required}
        self.parameters.append(description)

    def _known(self) -> str:
        return f"the inputs are {', '.join(self._checks)}" if self._checks else "it takes none"


def code_of(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return what a call of ``function`` runs: behind partials, and for an object its class's."""
    while isinstance(function, functools.partial):
        function = function.func
    return function if inspect.isroutine(function) else type(function).__call__


def _hints(function: Callable[..., Any]) -> dict[str, Any]:
    """Return the type hints of ``function``; one that cannot be evaluated stays the text it is.

    That is no fault of a return type, which often names what only a type checker imports.
    """
    try:
        return typing.get_type_hints(function, include_extras=True)
    except Exception:  # noqa: BLE001 - evaluating a hint may raise anything
        return {name: _hint(function, name) for name in _annotations(function)}


def _hint(function: Callable[..., Any], name: str) -> object:
    annotation = _annotations(function)[name]
    holder = SimpleNamespace(__annotations__={name: annotation})
    try:
        names = getattr(function, "__globals__", {})
        return typing.get_type_hints(holder, names, include_extras=True)[name]
    except Exception:  # noqa: BLE001 - evaluating a hint may raise anything
        return annotation


def _annotations(function: Callable[..., Any]) -> dict[str, Any]:
    try:
        return getattr(function, "__annotations__", {})  # what is written in C has none
    except NameError as error:  # since Python 3.14 they are evaluated when they are looked at
        raise HintError(f"the type hints of {_name(function)} cannot be read: {error}") from None


def _parameters(function: Callable[..., Any]) -> list[inspect.Parameter]:
    try:
        return list(inspect.signature(function).parameters.values())
    except ValueError as error:  # of some that are written in C
        raise HintError(
            f"the parameters of {_name(function)} cannot be read: {error}; "
            "call it in a function of your own"
        ) from None


def _name(function: Callable[..., Any]) -> str:
    return getattr(function, "__qualname__", None) or type(function).__qualname__


def _hint_with_default(parameter: inspect.Parameter, hint: object) -> object:
    """Return ``hint``, with None if that is the default, as Python itself has it up to 3.10."""
    return Optional[hint] if parameter.default is None and not isinstance(hint, str) else hint


def _decoder_for(compiler: HintCompiler, *, nan_as_null: bool) -> decoders.InputDecoder:
    if compiler.takes_decimals:
        return decoders.EXACT
    if nan_as_null:
        return decoders.NULLED
    return decoders.FINITE if compiler.takes_anything else decoders.AS_TYPED


def _place(function: Callable[..., Any]) -> str:
    code = getattr(inspect.unwrap(function), "__code__", None)
    where = f", {code.co_filename}:{code.co_firstlineno}" if code else ""
    return f"module {getattr(function, '__module__', '?')}{where}"

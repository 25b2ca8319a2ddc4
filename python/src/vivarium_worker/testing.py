"""Running programs as a worker does, but without one: for tests of programs.

>>> from vivarium_worker.testing import call
>>> call("greet", {"name": "Ada"})
{'text': 'Hello, Ada'}
"""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any, Callable, Union

from vivarium_worker.calls.call import CURRENT_CALL, Call
from vivarium_worker.programs import sessions
from vivarium_worker.programs.conversion import ResultRules, convert
from vivarium_worker.programs.errors import CallError, unknown_program
from vivarium_worker.programs.inputs import ATTACHMENT, decode_with
from vivarium_worker.programs.registry import REGISTRY, Program
from vivarium_worker.programs.results import ResultWithAttachments

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["CallError", "call"]

_LARGEST_STATE = 1024 * 1024  # bytes, as pools have it by default

Named = Union[str, Callable[..., Any]]


def call(
    program: Named,
    inputs: Mapping[str, object] | None = None,
    *,
    session: dict[str, Any] | None = None,
    timeout: float | None = None,
    cancelled: bool = False,
    **fields: str,
) -> Any:  # noqa: ANN401 - what a program returns
    """Call ``program``, by its name or as the function, and return what a caller would get.

    Inputs and result travel as they do to and from a worker: what cannot raises
    :class:`CallError`, with the sentence that a caller gets. The result is made of what JSON has,
    and of ``bytes`` for attachments; of a generator it is the list of its chunks.

    ``session``, which is changed in place, is the state of a session; ``timeout`` is the limit in
    seconds that ``context.deadline`` comes of; ``cancelled`` is what ``context.cancelled`` says;
    ``fields`` are those of the caller, such as ``correlation_id="c1"``. An async program runs on a
    loop of its own, so not within another one. What the program raises is raised.
    """
    found = _find(program)
    values = _travelled_inputs(found, inputs or {})
    made = Call(1, round((timeout or 0) * 1000))
    made.program = found.name
    made.fields = {**({} if session is None else {"session": "test"}), **fields}
    made.state = (sessions.save(session, b"", _LARGEST_STATE) if session else None) or b""
    if cancelled:
        made.cancel("")
    token = CURRENT_CALL.set(made)
    try:
        result = _run(found, values)
        state = made.changed_state(_LARGEST_STATE)
    finally:
        CURRENT_CALL.reset(token)
    if session is not None and state is not None:
        session.clear()
        session.update(sessions.load(state))
    return result


def _find(program: Named) -> Program:
    for name, found in REGISTRY.programs.items():
        if program in (name, found.function):
            return found
    if isinstance(program, str):
        raise unknown_program(program)
    raise TypeError(f"{program!r} is no program: write @program above it")


def _travelled_inputs(program: Program, inputs: Mapping[str, object]) -> dict[str, Any]:
    encoded = convert(dict(inputs), "inputs")
    text, attachments = _parts(encoded)
    values = decode_with(text, [bytes(part) for part in attachments], program.signature.decoder)
    program.signature.accept(values)
    return values


def _run(program: Program, values: dict[str, Any]) -> Any:  # noqa: ANN401 - what a program returns
    rules = ResultRules(program.nan_as_null)
    if program.asynchronous:
        return asyncio.run(_run_async(program, values, rules))
    result = program.function(**values)
    if program.kind == "generator":
        return [_travelled(chunk, "chunk", rules) for chunk in result]
    return _travelled(result, "result", rules)


async def _run_async(program: Program, values: dict[str, Any], rules: ResultRules) -> Any:  # noqa: ANN401 - what a program returns
    result = program.function(**values)
    if program.kind == "generator":
        return [_travelled(chunk, "chunk", rules) async for chunk in result]
    return _travelled(await result, "result", rules)


def _travelled(value: object, what: str, rules: ResultRules) -> Any:  # noqa: ANN401 - of JSON
    text, attachments = _parts(convert(value, what, rules))

    def resolve(found: dict[str, Any]) -> object:
        is_reference = attachments and found.keys() == {ATTACHMENT}
        return bytes(attachments[found[ATTACHMENT]]) if is_reference else found

    return json.loads(text, object_hook=resolve)


def _parts(encoded: bytes | ResultWithAttachments) -> tuple[bytes, list[memoryview]]:
    if isinstance(encoded, ResultWithAttachments):
        return encoded.json, encoded.attachments
    return encoded, []

"""The hot path: a slot takes a call, runs its program and answers, over and over.

A call costs two context switches at best, so what lies between them is kept to a few microseconds:
the usual frame is read by one ``recv_into``, taken apart by one ``unpack`` and answered by one
``send``. Whatever is unusual goes through ``frames``, which knows how to say what is wrong.
"""

from __future__ import annotations

import gc
import importlib
import os
import socket
import struct
import time
from typing import TYPE_CHECKING, Any, Callable, Final, NamedTuple, NoReturn

from vivarium_worker.channel import STATUS_BROKEN, STATUS_SERVER_GONE, Channel
from vivarium_worker.context import CURRENT, Call
from vivarium_worker.errors import CallError, error_body, unknown_program
from vivarium_worker.frames import (
    HEADER,
    LARGEST_ID,
    SMALLEST_LENGTH,
    FrameError,
    Kind,
    Rules,
    body_size,
    decode,
    encode_json,
    parse_object,
)
from vivarium_worker.inputs import decode_inputs
from vivarium_worker.results import encode_result

if TYPE_CHECKING:
    from vivarium_worker.coroutines import Coroutines
    from vivarium_worker.registry import Program

_WHOLE: Final = struct.Struct(">IIQIHI")  # header and fixed part of CALL in one step
_FIXED: Final = _WHOLE.size
_CALL_WORD: Final = Kind.CALL << 24  # type, flags and reserved of a CALL as one number
_STOP: Final = int(Kind.STOP)  # members of an enumeration are slow to compare and to pack
_RESULT: Final = int(Kind.RESULT)
_DONTWAIT: Final = int(socket.MSG_DONTWAIT)
_BUFFER_BYTES: Final = 64 * 1024
_SPIN_EVERY: Final = 16  # waits, once spinning was in vain
_COLLECT_ABOVE: Final = 350  # young objects: half of what makes Python collect by itself
_NO_MEMORY: Final = {
    "category": "resource_error",
    "type": "MemoryError",
    "message": "out of memory",
}


class Surroundings(NamedTuple):
    """What the slots of a worker share; ``after_call`` runs before each answer leaves."""

    programs: dict[bytes, Program]
    spin_seconds: float
    after_call: Callable[[], None]


class Slot:
    """Answers the calls of one connection, one at a time. Used by one thread.

    ``call``, the call in progress, and the counters may be read by other threads.
    """

    def __init__(self, channel: Channel, surroundings: Surroundings) -> None:
        self.call: Call | None = None
        self.calls = 0
        self.errors = 0
        self._socket = channel.socket
        self._rules = Rules("call", "from_server", channel.maximum)
        self._surroundings = surroundings
        self._buffer = bytearray(_BUFFER_BYTES)
        self._view = memoryview(self._buffer)
        self._last_ident = 0
        self._spin_hit = True
        self._waits = 0
        self._coroutines: Coroutines | None = None

    def serve(self) -> int:
        """Answer calls until the server ends it; return the exit status that this stands for."""
        try:
            while True:
                count = self._await_bytes()
                if not count:
                    return STATUS_SERVER_GONE
                frame = self._whole_frame(count)
                if frame[4] == _STOP:
                    decode(bytes(frame), self._rules)
                    return 0
                self._answer(frame)
        except (BrokenPipeError, ConnectionResetError):
            return STATUS_SERVER_GONE
        except (FrameError, OSError) as error:
            os.write(2, f"vivarium: the call channel is broken: {error}\n".encode())
            return STATUS_BROKEN

    def close(self) -> None:
        """Close the connection; in a forked child, whose parent goes on with it."""
        self._socket.close()

    def _await_bytes(self) -> int:
        """Wait for the next frame: spin a little, with yields, for waking a CPU costs 50 us."""
        receive, buffer = self._socket.recv_into, self._buffer
        self._waits += 1
        spin = self._surroundings.spin_seconds
        if spin and (self._spin_hit or not self._waits % _SPIN_EVERY):
            clock, end = time.perf_counter, time.perf_counter() + spin
            while clock() < end:
                try:
                    count = receive(buffer, 0, _DONTWAIT)
                except BlockingIOError:
                    os.sched_yield()
                else:
                    self._spin_hit = True
                    return count
            self._spin_hit = False
        if gc.get_count()[0] > _COLLECT_ABOVE:
            gc.collect(1)  # in the gap between calls, not during one
        return receive(buffer)

    def _whole_frame(self, count: int) -> memoryview:
        """Return the frame that begins with the ``count`` bytes in the buffer."""
        view = self._view
        while count < HEADER.size:
            count += self._more(view[count:])
        total = HEADER.size + body_size(view, self._rules)
        if count == total:
            return view[:total]
        if count > total:
            raise FrameError(f"{count - total} bytes follow a frame before it was answered")
        if total > _BUFFER_BYTES:
            view = memoryview(bytearray(total))
            view[:count] = self._view[:count]
        while count < total:
            count += self._more(view[count:total])
        return view[:total]

    def _more(self, view: memoryview) -> int:
        count = self._socket.recv_into(view)
        if not count:
            raise FrameError("the connection ended within a frame")
        return count

    def _answer(self, frame: memoryview) -> None:
        if len(frame) < _FIXED:
            self._refuse(frame)
        _, word, ident, timeout_millis, name_size, context_size = _WHOLE.unpack_from(frame)
        name_end = _FIXED + name_size
        inputs_at = name_end + context_size
        if (
            word != _CALL_WORD
            or not self._last_ident < ident <= LARGEST_ID
            or not name_size
            or inputs_at > len(frame)
        ):
            self._refuse(frame)
        self._last_ident = ident
        name = bytes(frame[_FIXED:name_end])
        call = Call(ident, timeout_millis)
        if context_size:
            call.fields = parse_object(bytes(frame[name_end:inputs_at]), "context of CALL")
        self.calls += 1
        self.call = call
        CURRENT.set(call)
        try:
            reply = self._reply(call, name, frame[inputs_at:])
        finally:
            self.call = None
            CURRENT.set(None)
        sent = self._socket.send(reply)
        if sent != len(reply):
            self._socket.sendall(memoryview(reply)[sent:])

    def _refuse(self, frame: memoryview) -> NoReturn:
        ident = decode(bytes(frame), self._rules).ident
        raise FrameError(f"id {ident} does not rise above {self._last_ident}")

    def _reply(self, call: Call, name: bytes, inputs: memoryview) -> bytes:
        """Run the program and return the final frame of the call; user code may raise anything."""
        try:
            try:
                body = encode_result(self._run(call, name, inputs))
            finally:
                self._surroundings.after_call()
            length = SMALLEST_LENGTH + len(body)
            if length <= self._rules.maximum:
                return HEADER.pack(length, _RESULT, 0, 0, call.ident) + body
            told = f"the result is a frame of {length} bytes, at most {self._rules.maximum} fit"
            raise CallError("resource_error", "ResultTooLarge", told)  # noqa: TRY301 - one way out
        except BaseException as error:  # noqa: BLE001 - a program may raise SystemExit or worse
            self.errors += 1
            return _error_frame(error, call.ident)

    def _run(self, call: Call, name: bytes, inputs: memoryview) -> object:
        program = self._surroundings.programs.get(name)
        if program is None:
            raise unknown_program(name.decode("utf-8", "replace"))
        call.program = program.name
        values: dict[str, Any] = decode_inputs(inputs)
        program.signature.accept(values)
        if program.kind == "function":
            return program.function(**values)
        if program.asynchronous:
            return self._run_async(program.function(**values))
        return list(program.function(**values))  # streaming begins here

    def _run_async(self, program: Any) -> object:  # noqa: ANN401 - of either asynchronous kind
        if self._coroutines is None:  # asyncio is large, and many pools never need it
            self._coroutines = importlib.import_module("vivarium_worker.coroutines").Coroutines()
        return self._coroutines.run(program)


def _error_frame(error: BaseException, ident: int) -> bytes:
    try:
        return encode_json(Kind.ERROR, error_body(error), ident)
    except MemoryError:
        return encode_json(Kind.ERROR, _NO_MEMORY, ident)

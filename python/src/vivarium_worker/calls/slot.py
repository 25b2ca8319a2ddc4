"""The hot path: a slot reads a call, runs its program and answers, over and over.

A call costs two context switches at best, so what lies between them is kept to a few microseconds:
the usual frame is read by one ``recv_into``, taken apart by one ``unpack`` and answered by one
``send``. Whatever is unusual goes through ``frames``, which says what is wrong.
"""

from __future__ import annotations

import gc
import struct
from typing import TYPE_CHECKING, Any, Callable, Final, NamedTuple, NoReturn, Union

from vivarium_worker.calls.call import CURRENT_CALL, Call
from vivarium_worker.calls.cancellation import cancel
from vivarium_worker.calls.error_bodies import cancelled_body, error_body, last_resort_body
from vivarium_worker.calls.exchange import Connection, Exchange, pack_attachments
from vivarium_worker.diagnostics.leaks import describe_leaks
from vivarium_worker.diagnostics.stack_frames import calls_program
from vivarium_worker.programs.conversion import ResultRules, ResultWithAttachments, convert
from vivarium_worker.programs.errors import CallError, unknown_program
from vivarium_worker.programs.inputs import decode_inputs
from vivarium_worker.programs.results import encode_result
from vivarium_worker.protocol.frames import (
    ATTACHED,
    CHUNKS_WELCOME,
    HEADER,
    LARGEST_ID,
    LEFT_BEHIND,
    PROGRESS_WELCOME,
    SMALLEST_LENGTH,
    STATE_SIZE,
    WITH_STATE,
    FrameError,
    Kind,
    Rules,
    body_size,
    decode,
    encode_json,
    parse_object,
    split_state,
)
from vivarium_worker.protocol.statuses import STATUS_BROKEN, STATUS_SERVER_GONE
from vivarium_worker.system.originals import os, socket, time

if TYPE_CHECKING:
    from collections.abc import Collection

    from vivarium_worker.calls.event_loops import AsyncRunner
    from vivarium_worker.programs.registry import Program
    from vivarium_worker.protocol.channel import Channel

_WHOLE: Final = struct.Struct(">IIQIHI")  # header and fixed part of CALL in one step
_FIXED: Final = _WHOLE.size
_NOT_COUNTED: Final = HEADER.size - SMALLEST_LENGTH  # by the length of a frame
_CALL_WORD: Final = Kind.CALL << 24  # type, flags and reserved of a CALL as one number
_DEFINED: Final = (WITH_STATE | ATTACHED | CHUNKS_WELCOME | PROGRESS_WELCOME) << 16
_UNDEFINED: Final = 0xFFFFFFFF & ~_DEFINED
_STOP: Final = int(Kind.STOP)  # members of an enumeration are slow to compare and to pack
_RESULT: Final = int(Kind.RESULT)
_DONTWAIT: Final = int(socket.MSG_DONTWAIT)
_BUFFER_BYTES: Final = 64 * 1024
_FRUITLESS_SPINS: Final = 4  # in a row, until only every 16th wait begins with a spin
_SPIN_EVERY: Final = 16
_COLLECT_ABOVE: Final = 350  # young objects: half of what makes Python collect by itself
_NO_MEMORY: Final = {
    "category": "resource_error",
    "type": "MemoryError",
    "message": "out of memory",
}


class Dependencies(NamedTuple):
    """What the slots of a worker share.

    ``partial_lines`` is true while something was printed that lacks its line end;
    ``flush_partial_lines`` sends it, before the answer to the call leaves. ``single_slot`` means
    that the worker has no other slot, so that its call is known without a context variable. A
    session's state has at most ``maximum_state`` bytes. ``make_async_runner`` returns what runs
    async programs, when the first one is called.
    """

    programs: dict[bytes, Program]
    spin_seconds: float
    maximum_state: int
    partial_lines: Collection[object]
    flush_partial_lines: Callable[[], None]
    single_slot: bool
    make_async_runner: Callable[[], AsyncRunner]


class Slot:
    """Answers the calls of one connection, one at a time. Used by one thread.

    ``call``, the call in progress, and the counters may be read by other threads, and by signal
    handlers. These set ``cancel_pending`` if a cancellation came while there was no call.
    """

    def __init__(self, channel: Channel, dependencies: Dependencies) -> None:
        self.call: Call | None = None
        self.cancel_pending = False
        self.memory = channel.memory
        self.calls = 0
        self.errors = 0
        self._socket = channel.socket
        self._rules = Rules("call", "from_server", channel.maximum)
        self._maximum = channel.maximum
        self._connection = Connection(channel.socket, channel.maximum, channel.memory)
        self._programs = dependencies.programs
        self._spin_seconds = dependencies.spin_seconds
        self._maximum_state = dependencies.maximum_state
        self._partial_lines = dependencies.partial_lines
        self._flush_partial_lines = dependencies.flush_partial_lines
        self._single_slot = dependencies.single_slot
        self._buffer = bytearray(_BUFFER_BYTES)
        self._view = memoryview(self._buffer)
        self._last_ident = 0
        self._fruitless_spins = 0
        self._waits = 0
        self._make_async_runner = dependencies.make_async_runner
        self._async_runner: AsyncRunner | None = None
        self._convert = self._convert_result  # bound once, for it is named in every call

    def serve(self) -> int:
        """Answer calls until the server ends it; return the exit status that this stands for."""
        try:
            while True:
                count = self._await_bytes()
                if not count:
                    return STATUS_SERVER_GONE
                if not self._answer(count):
                    return 0
        except (BrokenPipeError, ConnectionResetError):
            return STATUS_SERVER_GONE
        except (FrameError, OSError) as error:
            os.write(2, f"vivarium: the call channel is broken: {error}\n".encode())
            return STATUS_BROKEN

    def close(self) -> None:
        """Close the connection; in a forked child, whose parent goes on with it."""
        self._socket.close()
        if self.memory:
            self.memory.close()

    def _await_bytes(self) -> int:
        """Wait for the next frame: spin a little, with yields, for waking a CPU costs 50 us."""
        receive, buffer = self._socket.recv_into, self._buffer
        self._waits += 1
        if self._spin_seconds and (
            self._fruitless_spins < _FRUITLESS_SPINS or not self._waits % _SPIN_EVERY
        ):
            clock, end = time.perf_counter, 0.0
            while not end or clock() < end:
                os.sched_yield()  # first of all: the caller needs a CPU before it can ask for more
                try:
                    count = receive(buffer, 0, _DONTWAIT)
                except BlockingIOError:
                    end = end or clock() + self._spin_seconds
                else:
                    self._fruitless_spins = 0
                    return count
            self._fruitless_spins += 1
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

    def _answer(self, count: int) -> bool:  # noqa: PLR0915 - a call of a function costs time
        """Answer the frame that begins with the ``count`` bytes read; ``False`` if it is STOP."""
        frame = self._view
        length, word, ident, timeout_millis, name_size, context_size = _WHOLE.unpack_from(frame)
        if count != _NOT_COUNTED + length or length > self._maximum or count < _FIXED:
            frame = self._whole_frame(count)
            count = len(frame)
            if frame[4] == _STOP:
                decode(bytes(frame), self._rules)
                return False
            if count < _FIXED:
                self._reject(frame)
            _, word, ident, timeout_millis, name_size, context_size = _WHOLE.unpack_from(frame)
        name_end = _FIXED + name_size
        inputs_at = name_end + context_size
        if (
            word & _UNDEFINED != _CALL_WORD
            or not self._last_ident < ident <= LARGEST_ID
            or not name_size
            or inputs_at > count
        ):
            self._reject(frame[:count])
        self._last_ident = ident
        call = Call(ident, timeout_millis)
        if context_size:
            call.fields = parse_object(bytes(frame[name_end:inputs_at]), "context of CALL")
        name = bytes(frame[_FIXED:name_end])
        inputs: bytes | memoryview = frame[inputs_at:count]
        if word != _CALL_WORD:
            inputs = self._unpack_extras(call, word >> 16 & 0xFF, frame[:count], inputs_at)
        self.calls += 1
        self.call = call
        if self.cancel_pending:
            self._apply_pending_cancel(call)
        reply = self._reply(call, name, inputs)
        self.call = None
        sent = self._socket.send(reply)
        if sent != len(reply):
            self._socket.sendall(memoryview(reply)[sent:])
        return True

    def _unpack_extras(
        self, call: Call, flags: int, frame: memoryview, at: int
    ) -> bytes | memoryview:
        """Take what the flags announce off the front of the inputs, and return these."""
        inputs: bytes | memoryview = frame[at:]
        if flags & ATTACHED == ATTACHED:
            self._reject(frame)
        if flags & WITH_STATE:
            state, inputs = split_state(frame[at:], "CALL")
            call.state = bytes(state)
        if flags != WITH_STATE:
            call.exchange = Exchange(self._connection, call, flags)
            inputs = call.exchange.take(inputs)
        return inputs

    def _apply_pending_cancel(self, call: Call) -> None:
        """Cancel ``call`` if that was asked for before it was read."""
        self.cancel_pending = False
        word = self.memory.word() if self.memory else None
        if word and word.ident == call.ident:
            cancel(call, None)

    def _reject(self, frame: memoryview) -> NoReturn:
        ident = decode(bytes(frame), self._rules).ident
        raise FrameError(f"id {ident} does not rise above {self._last_ident}")

    def _reply(self, call: Call, name: bytes, inputs: bytes | memoryview) -> bytes:
        """Run the program and return the final frame of the call; user code may raise anything."""
        try:
            try:
                body = encode_result(self._run(call, name, inputs), "result", self._convert)
            finally:
                if self._partial_lines:
                    self._flush_partial_lines()
            if type(body) is bytes and call.untouched:
                length = SMALLEST_LENGTH + len(body)
                if length <= self._maximum:
                    return HEADER.pack(length, _RESULT, 0, 0, call.ident) + body
            return self._result_frame(call, body)
        except BaseException as error:  # noqa: BLE001 - a program may raise SystemExit or worse
            self.errors += 1
            return _error_frame(error, call, self._programs.get(name))

    def _result_frame(self, call: Call, body: bytes | ResultWithAttachments) -> bytes:
        """Return the frame of a result that has more than JSON, or is too large."""
        flags, parts = 0, list[Union[bytes, memoryview]]()
        state = call.changed_state(self._maximum_state)
        if state is not None:
            flags, parts = WITH_STATE, [STATE_SIZE.pack(len(state)), state]
        if isinstance(body, ResultWithAttachments):
            where, attached = pack_attachments(self._connection, sum(map(len, parts)), body)
            flags, parts = flags | where, parts + attached
        else:
            parts.append(body)
        if call.cancelled and describe_leaks(call.began):
            flags |= LEFT_BEHIND
        length = SMALLEST_LENGTH + sum(map(len, parts))
        if length > self._maximum:
            message = f"the result is a frame of {length} bytes, at most {self._maximum} fit"
            raise CallError("resource_error", "ResultTooLarge", message)
        return b"".join([HEADER.pack(length, _RESULT, flags, 0, call.ident), *parts])

    def _convert_result(self, value: object, what: str) -> bytes | ResultWithAttachments:
        """Convert a result that is not plain; iterators in it go on with the program's work."""
        call = self.call
        program = self._programs.get(call.program.encode()) if call else None
        rules = ResultRules(program is not None and program.nan_as_null, self._maximum)
        token = CURRENT_CALL.set(call)
        try:
            return convert(value, what, rules)
        finally:
            CURRENT_CALL.reset(token)

    @calls_program
    def _run(self, call: Call, name: bytes, inputs: bytes | memoryview) -> object:
        program = self._programs.get(name)
        if program is None:
            raise unknown_program(name.decode("utf-8", "replace"))
        call.program = program.name
        exchange = call.exchange
        signature = program.signature
        if exchange is None:
            values = decode_inputs(inputs, signature.decoder)
        else:
            exchange.nan_as_null = program.nan_as_null
            values = exchange.decode(inputs, signature.decoder)
        signature.accept(values)
        if self._single_slot and program.kind == "function":
            return program.function(**values)
        return self._run_in_context(call, program, values)

    @calls_program
    def _run_in_context(self, call: Call, program: Program, values: dict[str, Any]) -> object:
        """Run a program whose call is not known by its process alone."""
        token = CURRENT_CALL.set(call)
        try:
            if program.asynchronous:
                if self._async_runner is None:  # asyncio is large, and many pools never need it
                    self._async_runner = self._make_async_runner()
                return self._async_runner.run(call, program.function(**values))
            if program.kind == "function":
                return program.function(**values)
            if call.exchange is not None and call.exchange.streams:
                return call.exchange.stream(program.function(**values))
            return list(program.function(**values))
        finally:
            CURRENT_CALL.reset(token)


def _error_frame(error: BaseException, call: Call, program: Program | None) -> bytes:
    try:
        if call.stack is None:
            body = error_body(error)
            if program and issubclass(type(error), program.faults):
                body["fault"] = True
            return encode_json(Kind.ERROR, body, call.ident)
        body = cancelled_body(error, call.stack, describe_leaks(call.began))
        return encode_json(Kind.ERROR, body, call.ident)
    except MemoryError:
        return encode_json(Kind.ERROR, _NO_MEMORY, call.ident)
    except BaseException:  # noqa: BLE001 - a user's exception may refuse to be looked at
        return encode_json(Kind.ERROR, last_resort_body(error), call.ident)

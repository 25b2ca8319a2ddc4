"""Attachments, chunks and progress, over real workers."""

from __future__ import annotations

import json
import secrets
from typing import TYPE_CHECKING, Any

import pytest

from handles import ForkServer, Worker
from peer import body, call_frame
from server import Server
from vivarium_worker.protocol.frames import (
    CHUNKS_WELCOME,
    IN_MEMORY,
    INLINE,
    PROGRESS_WELCOME,
    TABLE,
    Frame,
    Kind,
    attachment_table,
)
from waiting import await_standstill

if TYPE_CHECKING:
    from collections.abc import Iterator

REFERENCE = {"$bytes": 0}


@pytest.fixture(scope="module")
def binary() -> Iterator[ForkServer]:
    server = Server()
    server.start_guardian(OPENBLAS_NUM_THREADS="1", OMP_NUM_THREADS="1")  # a fork wants no threads
    fork_server = server.serve("binary", "cancels", "vivarium_examples")
    fork_server.loaded()
    yield fork_server
    server.close()


@pytest.fixture(scope="module")
def worker(binary: ForkServer) -> Worker:
    return binary.fork("shared")


@pytest.fixture(scope="module")
def slots(binary: ForkServer) -> list[Worker]:
    binary.order("broad", slots=3)
    made = [Worker(binary, "broad", slot) for slot in range(3)]
    body(made[0].side.next(Kind.READY, Kind.FAILED), Kind.READY)
    return made


# attachments


@pytest.mark.parametrize("in_memory", [False, True])
@pytest.mark.parametrize("size", [0, 1, 65_500, 256 * 1024, 256 * 1024 + 1, 3_000_000])
def test_an_attachment_comes_back_as_it_was(
    worker: Worker,
    size: int,
    in_memory: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    data = bytes(range(256)) * (size // 256 + 1)
    told, attachments, flags = worker.give(
        "echo_bytes", {"data": REFERENCE}, [data[:size]], in_memory=in_memory
    )

    assert told == REFERENCE
    assert attachments == [data[:size]]
    assert flags == (INLINE if size <= 256 * 1024 else IN_MEMORY)


def test_many_attachments_keep_their_order(worker: Worker) -> None:
    sent = [bytes([n % 256]) * (n % 7) for n in range(5_000)]
    inputs = {"parts": [{"$bytes": n} for n in range(5_000)]}
    for in_memory in (False, True):
        told, attachments, _ = worker.give("echo", inputs, sent, in_memory=in_memory)

        assert told == inputs
        assert attachments == sent


def test_three_hundred_megabytes_come_back(worker: Worker) -> None:
    data = bytes(1024) * 300 * 1024
    told, attachments, flags = worker.give(
        "echo_bytes", {"data": REFERENCE}, [data], in_memory=True
    )

    assert (told, flags) == (REFERENCE, IN_MEMORY)
    assert attachments[0] == data


def test_an_attachment_can_be_referred_to_twice_or_not_at_all(worker: Worker) -> None:
    told, attachments, _ = worker.give(
        "echo", {"a": {"$bytes": 1}, "b": {"$bytes": 1}}, [b"unused", b"used"]
    )

    assert attachments == [b"used", b"used"]
    assert told == {"a": {"$bytes": 0}, "b": {"$bytes": 1}}


def test_a_state_and_attachments_go_together(worker: Worker) -> None:
    worker.call("count", context={"session": "s"})
    state = worker.states["s"]
    worker.ident += 1
    text = b'{"data":{"$bytes":0}}'
    rest = attachment_table(len(text), [3]) + text + b"abc"
    frame = call_frame(
        worker.ident, "count_bytes", rest, context={"session": "s"}, state=state, flags=INLINE
    )
    worker.calls.connection.sendall(frame)
    answer = worker._keep_state(worker.calls.next(), "s")  # noqa: SLF001

    assert worker.unpack(answer._replace(flags=INLINE))[1] == [b"abc"]
    assert worker.call("count", context={"session": "s"}) == {"count": 5}


@pytest.mark.parametrize(
    ("hint", "told"),
    [
        ("bytes", ["bytes", True]),
        ("bytearray", ["bytearray", False]),
        ("memoryview", ["memoryview", True]),
        ("anything", ["bytes", True]),
        ("optional", ["bytes", True]),
    ],
)
def test_a_parameter_gets_the_kind_of_bytes_that_it_names(
    worker: Worker, hint: str, told: list[Any]
) -> None:
    for in_memory in (False, True):
        found, _, _ = worker.give(f"kind_{hint}", {"data": REFERENCE}, [b"x"], in_memory=in_memory)

        assert found == told


@pytest.mark.parametrize("hint", ["bytes", "bytearray", "memoryview", "optional"])
def test_text_in_base64_is_as_good_as_an_attachment(worker: Worker, hint: str) -> None:
    assert worker.call(f"kind_{hint}", {"data": "aGVsbG8="})[0] in hint + "bytes"


def test_an_attachment_where_text_is_wanted_is_a_validation_error(worker: Worker) -> None:
    worker.send_with("kind_text", {"data": REFERENCE}, [b"x" * 1000])
    told = body(worker.calls.next(), Kind.ERROR)

    assert (told["type"], told["field"]) == ("InvalidInput", "data")
    assert told["message"] == "data: expected str, got bytes"


@pytest.mark.parametrize("reference", [1, -1, True, "0", None])
def test_a_reference_to_nothing_is_a_validation_error(worker: Worker, reference: object) -> None:
    worker.send_with("echo", {"data": {"$bytes": reference}}, [b"x"])
    told = body(worker.calls.next(), Kind.ERROR)

    assert (told["type"], told["field"]) == ("InvalidInput", None)
    assert f"attachment {reference!r} of 1" in told["message"]


def test_without_attachments_a_reference_is_an_ordinary_object(worker: Worker) -> None:
    assert worker.call("echo", {"data": {"$bytes": 0}}) == {"data": {"$bytes": 0}}


def test_a_result_with_something_like_a_reference_beside_bytes_is_an_error(worker: Worker) -> None:
    told = worker.error("ambiguous")

    assert told["type"] == "UnserializableResult"
    assert "result.a is an object with the only key '$bytes'" in told["message"]


def test_whatever_has_a_buffer_is_an_attachment(worker: Worker) -> None:
    frame = worker.ask("buffers")

    told, attachments, flags = worker.unpack(frame)
    assert told == {"parts": [{"$bytes": n} for n in range(7)]}
    assert flags == INLINE
    assert attachments == [b"a", b"b", b"c", b"\1\0\2\0", b"\3\0\0\0", b"", b"view"]


def test_a_buffer_in_pieces_is_an_error(worker: Worker) -> None:
    told = worker.error("buffer_in_pieces")

    assert told["type"] == "UnserializableResult"
    assert "is of type memoryview, with gaps between its bytes" in told["message"]


def test_a_result_above_the_limit_goes_through_memory() -> None:
    server = Server(maximum_frame_bytes=1000)
    try:
        server.start_guardian()
        fork_server = server.serve("vivarium_examples", "cancels")
        fork_server.loaded()
        worker = fork_server.fork()
        told, attachments, flags = worker.give(
            "echo_bytes", {"data": REFERENCE}, [b"x" * 2000], in_memory=True
        )
        assert (told, attachments, flags) == (REFERENCE, [b"x" * 2000], IN_MEMORY)

        worker.post("flood", {"size": 2000}, flags=CHUNKS_WELCOME)
        error = body(worker.calls.next(), Kind.ERROR)
        assert (error["category"], error["type"]) == ("resource_error", "ChunkTooLarge")
        assert "at most 1000 fit" in error["message"]
        assert worker.call("what_was_closed") == ["flood"]

        worker.call("close_memory", {"descriptors": worker.calls.hello["memory"]})
        error = worker.error("make_bytes", {"size": 2000})
        assert (error["category"], error["type"]) == ("resource_error", "ResultTooLarge")
    finally:
        server.close()


@pytest.mark.parametrize(
    ("flags", "rest", "told"),
    [
        (INLINE, TABLE.pack(2, 0) + b"{}", "CALL names 0 attachments"),
        (INLINE | IN_MEMORY, attachment_table(2, [1]) + b"{}x", "both in the frame and in memory"),
        (INLINE, attachment_table(2, [2]) + b"{}x", "adds up to 20"),
        (IN_MEMORY, attachment_table(2, [9]) + b"{}", "9 bytes in memory, which are not there"),
    ],
)
def test_a_table_that_is_wrong_ends_the_worker_with_70(
    binary: ForkServer, flags: int, rest: bytes, told: str
) -> None:
    name = f"wronged-{secrets.token_hex(4)}"
    worker = binary.fork(name)
    worker.calls.connection.sendall(call_frame(1, "echo", rest, flags=flags))

    assert binary.exit_of(name)["code"] == 70
    assert told in worker.output.await_text(lambda text: text.endswith(b"\n")).decode()


# NumPy


def test_an_array_comes_back_as_it_was(worker: Worker) -> None:
    array = {"data": REFERENCE, "dtype": "<f8", "shape": [2, 3]}
    data = b"".join([bytes(6 * 8 - 8), b"\0\0\0\0\0\0\xf0\x3f"])
    told, attachments, _ = worker.give("double_array", {"array": array}, [data])

    assert told == array
    assert attachments == [data[:-8] + b"\0\0\0\0\0\0\0\x40"]


def test_an_array_can_come_as_base64(worker: Worker) -> None:
    array = {"data": "AQIDBA==", "dtype": "|u1", "shape": [4]}

    assert worker.call("sum_array", {"array": array}) == {"sum": 10, "writable": False}


@pytest.mark.parametrize(
    ("array", "field", "told"),
    [
        ([1, 2], "array", "expected an array with data, dtype and shape, got list"),
        ({"data": "", "dtype": "<f8"}, "array", "expected an array with data"),
        ({"data": 1, "dtype": "<f8", "shape": []}, "array.data", "bytes as base64 text"),
        ({"data": "", "dtype": "<q9", "shape": [0]}, "array.dtype", "the name of a NumPy type"),
        ({"data": "", "dtype": 1, "shape": [0]}, "array.dtype", "the name of a NumPy type"),
        ({"data": "", "dtype": "O", "shape": [0]}, "array.dtype", "without Python objects"),
        ({"data": "", "dtype": "<f8", "shape": [-1]}, "array.shape", "a list of sizes"),
        ({"data": "", "dtype": "<f8", "shape": 1}, "array.shape", "a list of sizes"),
        ({"data": "AQ==", "dtype": "<f8", "shape": [1]}, "array.data", "8 bytes, float64 of"),
        ({"data": "AQ==", "dtype": "|u1", "shape": [1]}, "array", "an array of float64"),
    ],
)
def test_an_array_that_does_not_fit_is_a_validation_error(
    worker: Worker, array: object, field: str, told: str
) -> None:
    error = worker.error("double_array", {"array": array})

    assert (error["type"], error["field"]) == ("InvalidInput", field)
    assert told in error["message"]


@pytest.mark.parametrize(
    ("what", "dtype", "shape", "data"),
    [
        ("columns", "<i4", [2, 2], b"\0\0\0\0\2\0\0\0\1\0\0\0\3\0\0\0"),
        ("big endian", ">i2", [2], b"\0\0\0\1"),
        ("every second", "|u1", [2], b"\0\2"),
        ("no items", "<f8", [0, 3], b""),
        ("one item", "|u1", [], b"\7"),
        ("truths", "|b1", [2], b"\1\0"),
        ("times", "<M8[s]", [1], b"\1" + bytes(7)),
        ("text", "<U1", [2], b"a\0\0\0b\0\0\0"),
        ("matrix", "|u1", [1, 2], b"\0\1"),
    ],
)
def test_arrays_of_all_kinds_are_given_row_by_row(
    worker: Worker, what: str, dtype: str, shape: list[int], data: bytes
) -> None:
    told, attachments, _ = worker.unpack(worker.ask("give_array", {"what": what}))

    assert told == {"data": REFERENCE, "dtype": dtype, "shape": shape}
    assert attachments == [data]


def test_numpy_scalars_are_numbers(worker: Worker) -> None:
    assert worker.call("give_scalars") == [1, 1.5, 2.5, True, 255, 0.5]


@pytest.mark.parametrize("what", ["objects", "complex", "month"])
def test_what_numpy_has_and_json_has_not_is_an_error(worker: Worker, what: str) -> None:
    assert worker.error("give_array", {"what": what})["type"] == "UnserializableResult"


# chunks and progress


@pytest.mark.parametrize("program", ["stream_numbers", "generate_on_loop"])
def test_a_generator_streams_to_who_wants_it(worker: Worker, program: str) -> None:
    assert worker.stream(program, {"amount": 3}) == [0, 1, 2]
    assert worker.stream(program, {"amount": 0}) == []
    assert worker.call(program, {"amount": 3}) == [0, 1, 2]


@pytest.mark.parametrize("slot", [0, 1])
@pytest.mark.parametrize("program", ["stream_numbers", "generate_on_loop"])
def test_a_generator_streams_from_any_slot(slots: list[Worker], program: str, slot: int) -> None:
    assert slots[slot].stream(program, {"amount": 3}) == [0, 1, 2]
    assert slots[slot].call(program, {"amount": 3}) == [0, 1, 2]


def test_a_program_that_is_no_generator_answers_a_stream_by_its_result(worker: Worker) -> None:
    worker.post("echo", {"a": 1}, flags=CHUNKS_WELCOME)

    assert worker.calls.next() == Frame(Kind.RESULT, 0, worker.ident, b'{"a":1}')


def test_chunks_have_attachments_of_their_own(worker: Worker) -> None:
    worker.post("stream_bytes", {"sizes": [1, 0, 300_000]}, flags=CHUNKS_WELCOME)
    for size in (1, 0, 300_000):
        told, attachments, flags = worker.unpack(worker.calls.next())

        assert (told, flags) == ({"data": REFERENCE}, INLINE)
        assert attachments == [b"x" * size]
    assert worker.calls.next().body == b"null"


def test_a_chunk_that_is_no_json_ends_the_call(worker: Worker) -> None:
    worker.post("stream_nonsense", flags=CHUNKS_WELCOME)
    assert worker.calls.next().body == b"1"
    told = body(worker.calls.next(), Kind.ERROR)

    assert told["type"] == "UnserializableResult"
    assert told["message"].startswith("chunk.a is of type object")


@pytest.mark.parametrize("slot", [0, 1])
def test_what_a_generator_raises_follows_its_chunks(slots: list[Worker], slot: int) -> None:
    for program in ("stream_and_fail", "stream_and_fail_on_loop"):
        slots[slot].post(program, flags=CHUNKS_WELCOME)
        assert slots[slot].calls.next().body == b"1"
        told = body(slots[slot].calls.next(), Kind.ERROR)

        assert (told["category"], told["message"]) == ("program_error", "after one")
        assert f"in {program}" in told["traceback"]


@pytest.mark.parametrize("program", ["flood", "flood_on_loop"])
def test_a_server_that_does_not_read_holds_a_generator_back(
    slots: list[Worker], program: str
) -> None:
    slot = slots[1]
    slot.calls.reading.clear()
    slot.post(program, {"size": 1_000_000}, flags=CHUNKS_WELCOME)
    await_standstill(slot.calls.connection)
    assert slots[2].call("loop_identity", {"pause": 0.01})[1] == "vivarium-loop"

    slot.calls.reading.set()
    assert slot.climb().kind is Kind.ERROR


def test_a_session_changes_with_a_stream(worker: Worker) -> None:
    session = {"session": "streamed"}
    worker.post("stream_count", context=session, flags=CHUNKS_WELCOME)
    assert worker.calls.next().body == b"1"

    assert worker._keep_state(worker.calls.next(), "streamed").body == b"null"  # noqa: SLF001
    assert worker.call("count", context=session) == {"count": 2}


def progress_of(worker: Worker, program: str, inputs: object = None, flags: int = 0) -> list[Any]:
    """Call and return what came: the bodies of progress, and of chunks, before the result."""
    worker.post(program, inputs, flags=PROGRESS_WELCOME | flags)
    came = []
    while (frame := worker.calls.next()).kind is not Kind.RESULT:
        assert frame.kind in {Kind.PROGRESS, Kind.CHUNK}, frame.body
        came.append(json.loads(frame.body))
    return came


def test_progress_is_told_to_who_wants_it(worker: Worker) -> None:
    told = [{"fraction": 0.5, "message": "told"}]

    assert progress_of(worker, "report", {"fractions": [0.5]}) == told
    assert worker.call("report", {"fractions": [0.5]}) == "reported"
    messages = [worker.logged()["message"] for _ in range(2)]
    assert messages == ["progress 50 %: told"] * 2


def test_the_example_of_slow_steps_reports_each_of_them(worker: Worker) -> None:
    came = progress_of(worker, "slow_steps", {"steps": 3, "pause_seconds": 0.03})

    assert [told["message"] for told in came] == [f"step {n} of 3" for n in (1, 2, 3)]


def test_progress_in_quick_succession_is_left_out_but_for_the_end(worker: Worker) -> None:
    came = progress_of(worker, "report", {"fractions": [0.1, 0.2, 0.3, 1]})

    assert came[0]["fraction"] == 0.1
    assert came[-1]["fraction"] == 1
    assert len(came) < 4


def test_progress_of_another_thread_is_only_logged(worker: Worker) -> None:
    assert progress_of(worker, "report", {"fractions": [0.5], "elsewhere": True}) == []


def test_progress_comes_between_the_chunks(worker: Worker) -> None:
    came = progress_of(worker, "report_and_yield", flags=CHUNKS_WELCOME)

    told = [{"fraction": 0.25, "message": ""}, "first", {"fraction": 0.75, "message": ""}, "second"]
    assert came == told


@pytest.mark.parametrize("slot", [0, 1])
def test_an_async_program_reports_progress(slots: list[Worker], worker: Worker, slot: int) -> None:
    told = [{"fraction": 0.5, "message": "half"}, {"fraction": 1, "message": "whole"}]

    assert progress_of(slots[slot], "report_on_loop") == told
    assert progress_of(worker, "report_on_loop") == told


# several slots


def test_async_programs_of_all_slots_share_one_loop(slots: list[Worker]) -> None:
    for slot in slots:
        slot.post("meet", {"parties": 3}, context={"correlation_id": str(slot.calls.hello["slot"])})
    assert [json.loads(slot.calls.next().body) for slot in slots] == ["0", "1", "2"]

    for _ in range(20):
        for slot in slots:
            told = {"correlation_id": f"{slot.calls.hello['slot']}-{slot.ident}"}
            slot.post("loop_identity", {"pause": 0.001}, context=told)
        answers = [json.loads(slot.calls.next().body) for slot in slots]
        assert len({answer[0] for answer in answers}) == 1
        for slot, answer in zip(slots, answers):
            assert answer[2:] == [f"{slot.calls.hello['slot']}-{slot.ident - 1}"] * 2


def test_a_program_that_exits_on_the_shared_loop_fails_alone(slots: list[Worker]) -> None:
    slots[1].post("meet_and_wait")
    told = slots[0].error("exit_on_loop")
    assert (told["category"], told["type"]) == ("program_error", "SystemExit")

    assert slots[2].call("loop_identity")[1] == "vivarium-loop"
    assert slots[1].climb().kind is Kind.ERROR


def test_a_thread_of_a_program_has_a_call_only_if_there_is_one_slot(
    worker: Worker, slots: list[Worker]
) -> None:
    assert worker.call("thread_has_call") == "thread_has_call"
    assert slots[0].call("thread_has_call") is None


def test_stacks_can_be_had_from_an_idle_slot(slots: list[Worker]) -> None:
    slots[1].post("watch_the_flag")
    slots[1].side.next(Kind.OUTPUT)

    told = slots[0].call("$dump_stacks")
    assert "in watch_the_flag" in told
    assert "Thread MainThread:" in told
    slots[1].cancel(1)
    assert slots[1].calls.next().kind is Kind.RESULT

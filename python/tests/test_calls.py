"""Calls over a real worker: results, errors, malformed frames, built-in programs."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from handles import Worker
from peer import body, call_frame
from server import Server
from test_signature import JSON
from vivarium_worker.protocol.frames import CALL_PARTS, HEADER, Kind, encode


@pytest.fixture
def fresh(server: Server) -> Worker:
    server.start_guardian()
    fork_server = server.serve("vivarium_examples", "typed", "misbehave")
    fork_server.loaded()
    return fork_server.fork()


@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(value=JSON)
def test_any_object_is_echoed(worker: Worker, value: object) -> None:
    assert worker.call("echo", {"value": value}) == {"value": value}


@pytest.mark.parametrize("size", [0, 1, 65_480, 65_510, 65_536, 70_000, 10_000_000])
def test_inputs_and_results_of_any_size_pass(worker: Worker, size: int) -> None:
    assert worker.call("echo", {"text": "x" * size}) == {"text": "x" * size}


def test_a_frame_that_arrives_in_pieces_is_one_call(worker: Worker) -> None:
    worker.ident += 1
    frame = call_frame(worker.ident, "echo", b'{"a":1}')
    for at in range(len(frame)):
        worker.calls.connection.sendall(frame[at : at + 1])

    assert worker.calls.next().body == b'{"a":1}'


def test_no_inputs_are_an_empty_object(worker: Worker) -> None:
    assert worker.call("echo") == {}
    assert worker.call("no_inputs") is None


def test_inputs_reach_a_program_converted(worker: Worker) -> None:
    items = [{"name": "a", "price": 1}, {"name": "b", "price": 2.5, "tags": ["t"]}]

    told = worker.call("typed_items", {"items": items, "color": "green"})
    assert told == {
        "total": 3.5,
        "color": "green",
        "first": {"name": "a", "price": 1, "tags": None},
    }


def test_an_input_that_does_not_fit_is_a_validation_error_with_its_field(worker: Worker) -> None:
    told = worker.error("typed_items", {"items": [{"name": "a", "price": "free"}]})

    assert told == {
        "category": "validation_error",
        "type": "InvalidInput",
        "message": "items[0].price: expected float, got str 'free'",
        "traceback": None,
        "field": "items[0].price",
    }


@pytest.mark.parametrize(
    "inputs",
    [b"[]", b"1", b"{", b'{"a":1} x', b"\xff", b"[" * 100_000, b"1" * 5000, b" "],
)
def test_inputs_that_are_no_object_are_a_validation_error(worker: Worker, inputs: bytes) -> None:
    worker.ident += 1
    worker.calls.connection.sendall(call_frame(worker.ident, "echo", inputs))
    told = body(worker.calls.next(), Kind.ERROR)

    assert (told["category"], told["type"]) == ("validation_error", "InvalidInput")
    assert told["field"] is None


def test_inputs_with_white_space_around_are_fine(worker: Worker) -> None:
    worker.ident += 1
    worker.calls.connection.sendall(call_frame(worker.ident, "echo", b' \n{"a": 1}\t '))

    assert json.loads(worker.calls.next().body) == {"a": 1}


@pytest.mark.parametrize("name", ["nothing", "$nothing", "größe", "\x00"])
def test_an_unknown_program_is_a_validation_error(worker: Worker, name: str) -> None:
    told = worker.error(name)

    assert (told["category"], told["type"]) == ("validation_error", "UnknownProgram")
    assert repr(name) in told["message"]


def test_what_a_program_raises_arrives_with_its_own_frames_only(worker: Worker) -> None:
    told = worker.error("raise_chained")

    assert (told["category"], told["type"], told["message"]) == (
        "program_error",
        "ValueError",
        "outer",
    )
    assert "KeyError: 'inner'" in told["traceback"]
    assert "direct cause" in told["traceback"]
    assert "in raise_chained" in told["traceback"]
    assert "vivarium_worker" not in told["traceback"]


@pytest.mark.parametrize(("what", "fault"), [("reset", True), ("slow", True), ("value", None)])
def test_only_what_a_program_declares_as_a_fault_is_marked_as_one(
    worker: Worker, what: str, fault: object
) -> None:
    assert worker.error("depend", {"what": what}).get("fault") is fault
    assert worker.error("raise_it", {"what": "stop"}).get("fault") is None


@pytest.mark.parametrize(
    ("what", "kind", "message"),
    [
        ("exit", "SystemExit", "3"),
        ("interrupt", "KeyboardInterrupt", ""),
        ("base", "BaseException", "bottom"),
        ("unprintable", "Unprintable", "<no message: __str__ raised ValueError>"),
        ("surrogate", "ValueError", "\ud800"),
        ("stop", "StopIteration", "1"),
    ],
)
def test_whatever_is_raised_is_a_program_error(
    worker: Worker, what: str, kind: str, message: str
) -> None:
    told = worker.error("raise_it", {"what": what})

    assert (told["category"], told["type"], told["message"]) == ("program_error", kind, message)
    assert worker.call("$ping") == {"pong": True}


def test_a_long_message_is_shortened(worker: Worker) -> None:
    told = worker.error("raise_it", {"what": "long"})

    assert len(told["message"]) < 70_000
    assert "2934464 characters left out" in told["message"]


@pytest.mark.parametrize(("program", "what"), [("raise_it", "memory"), ("exhaust_memory", None)])
def test_exhausted_memory_is_a_resource_error(
    worker: Worker, program: str, what: str | None
) -> None:
    told = worker.error(program, {"what": what} if what else None)

    assert (told["category"], told["type"]) == ("resource_error", "MemoryError")


def test_endless_recursion_is_a_program_error(worker: Worker) -> None:
    told = worker.error("recurse")

    assert told["type"] == "RecursionError"
    assert "times" in told["traceback"]


@pytest.mark.parametrize(
    ("what", "told"),
    [
        ("complex", "result.items[3] is of type complex"),
        ("object", "result.x is of type object"),
        ("nan", "result.rows[0][1] is nan"),
        ("infinity", "result is -inf"),
        ("equal keys", "result.years has the keys 2020 and '2020', which are the same as text"),
        ("cycle", "result.loop[0] contains itself"),
        ("deep", "nested more than 200 levels"),
        ("surrogate", "result[0] is text with half a surrogate"),
    ],
)
def test_a_result_that_is_no_json_is_named_by_its_place(
    worker: Worker, what: str, told: str
) -> None:
    error = worker.error("give", {"what": what})

    assert (error["category"], error["type"]) == ("program_error", "UnserializableResult")
    assert told in error["message"]


@pytest.mark.parametrize(
    ("what", "value"),
    [
        ("tuple", [1, [2, "zwei"]]),
        ("color", ["green"]),
        ("item", {"name": "a", "price": 1.5, "tags": None}),
        ("set", [{"a": [1]}]),
    ],
)
def test_a_result_of_python_types_becomes_json(worker: Worker, what: str, value: object) -> None:
    assert worker.call("give", {"what": what}) == value


def test_a_result_above_the_limit_is_a_resource_error() -> None:
    server = Server(maximum_frame_bytes=1000)
    try:
        server.start_guardian()
        fork_server = server.serve("typed")
        fork_server.loaded()
        worker = fork_server.fork()
        told = worker.error("give", {"what": "long"})

        assert (told["category"], told["type"]) == ("resource_error", "ResultTooLarge")
        assert "1000014 bytes, at most 1000 fit" in told["message"]
        assert worker.call("$ping") == {"pong": True}
    finally:
        server.close()


def test_a_generator_gives_a_list(worker: Worker) -> None:
    assert worker.call("stream_numbers", {"amount": 3}) == [0, 1, 2]
    assert worker.call("count_async", {"amount": 3}) == [0, 1, 2]


def test_an_async_program_runs_and_sees_its_context(worker: Worker) -> None:
    told = worker.call("slow_echo", {"text": "a", "pause": 0.001}, context={"session": "s-7"})

    assert told == {"text": "a", "session": "s-7"}


def test_a_task_that_is_left_running_is_cancelled(worker: Worker) -> None:
    assert [worker.call("leaves_task") for _ in range(3)] == [2, 2, 2]


def test_the_context_shows_the_fields_of_the_call(worker: Worker) -> None:
    names = ["session", "correlation_id", "project_id", "execution_id", "task_id", "node"]
    context = {name: name[:4] for name in [*names, "traceparent", "tracestate", "baggage"]}
    told = worker.call("describe_call", context=context, timeout_millis=60_000)

    assert 59 < told.pop("remaining") <= 60
    assert told.pop("cancelled") is False
    assert told.pop("program") == "describe_call"
    assert list(told.values()) == [
        "sess",
        "corr",
        "proj",
        "exec",
        "task",
        "node",
        "trac",
        "trac",
        "bagg",
    ]


def test_a_call_without_context_and_deadline_has_none(worker: Worker) -> None:
    told = worker.call("describe_call")

    assert told["program"] == "describe_call"
    assert told["cancelled"] is False
    assert {v for k, v in told.items() if k not in {"program", "cancelled"}} == {None}


def test_a_session_counts_on_and_others_begin_anew(worker: Worker) -> None:
    first, second = {"session": "s-1"}, {"session": "s-2"}

    assert [worker.call("count", context=first)["count"] for _ in range(3)] == [1, 2, 3]
    assert worker.call("count", {"step": 5}, context=second) == {"count": 5}
    assert worker.call("count", context=first) == {"count": 4}
    assert [worker.call("count")["count"] for _ in range(2)] == [1, 1]


def test_a_session_goes_on_in_another_worker(worker: Worker) -> None:
    first, second = worker, worker.fork_server.fork("second")
    session = {"session": "moved"}
    first.call("count", context=session)
    second.states = first.states

    assert second.call("count", context=session) == {"count": 2}


def test_a_session_that_is_only_read_is_not_sent_back(worker: Worker) -> None:
    session = {"session": "read"}
    worker.call("count", context=session)
    worker.states["read"] = kept = bytes(worker.states["read"])

    worker.call("count", {"step": 0}, context=session)
    assert worker.states["read"] is kept
    worker.call("echo", context=session)
    assert worker.states["read"] is kept


def test_a_failed_call_leaves_its_session_as_it_was(worker: Worker) -> None:
    session = {"session": "failed"}
    worker.call("count", context=session)

    worker.error("count_and_fail", context=session)

    assert worker.call("count", context=session) == {"count": 2}


def test_what_a_session_cannot_keep_is_an_error_that_names_it(worker: Worker) -> None:
    session = {"session": "unsavable"}

    told = worker.error("keep", {"what": "lambda"}, context=session)
    assert (told["category"], told["type"]) == ("session_error", "UnsavableSession")
    assert "context.session['kept'] cannot be saved" in told["message"]

    told = worker.error("keep", {"what": "megabyte"}, context=session)
    assert (told["category"], told["type"]) == ("session_error", "SessionTooLarge")
    assert "at most 1000 are allowed" in told["message"]

    told = worker.error("count", context=session, state=b"garbage")
    assert (told["category"], told["type"]) == ("session_error", "UnreadableSession")
    assert worker.call("count", context=session) == {"count": 1}


def test_the_example_programs_do_what_they_say(worker: Worker) -> None:
    assert worker.call("statistics", {"numbers": [1, 2, 3]})["mean"] == 2
    assert worker.error("statistics", {"numbers": []})["type"] == "ValueError"
    assert worker.error("fail", {"message": "as asked"})["message"] == "as asked"
    assert worker.call("sleep", {"seconds": 0}) == {"slept_seconds": 0}
    assert worker.call("spin", {"seconds": 0}) == {"rounds": 0}
    assert worker.call("allocate", {"megabytes": 3}) == {"megabytes": 3}
    told = worker.call("hash_bytes", {"data": "aGVsbG8="})
    assert told["size"] == 5
    assert told["sha256"].startswith("2cf24dba5fb0a30e26e83b2ac5b9e29e")


def test_ping_and_the_list_of_programs(worker: Worker) -> None:
    assert worker.call("$ping") == {"pong": True}
    listed = worker.call("$list_programs")
    names = [program["name"] for program in listed]
    assert names == sorted(names)
    assert "echo" in names
    assert not [name for name in names if name.startswith("$")]


def test_program_info_describes_one_program(worker: Worker) -> None:
    told = worker.call("$program_info", {"name": "crash"})

    assert told["doc"].startswith("End the worker's process")
    assert [p["type"] for p in told["parameters"]] == ["int", "int | None"]
    assert worker.error("$program_info", {"name": "nobody"})["type"] == "UnknownProgram"
    assert worker.error("$program_info")["field"] == "name"


def test_stats_count_calls_and_errors(fresh: Worker) -> None:
    fresh.call("echo")
    fresh.error("fail")
    told: dict[str, Any] = fresh.call("$stats")

    assert (told["calls"], told["errors"], told["threads"]) == (3, 1, 2)
    assert told["uptime_seconds"] >= 0
    assert told["max_rss_kilobytes"] > 1000
    assert told["cpu_seconds"] > 0


def test_garbage_is_collected_on_request(fresh: Worker) -> None:
    assert fresh.call("$collect_garbage")["collected"] >= 0


def test_stop_ends_an_idle_worker_with_0(fresh: Worker) -> None:
    fresh.stop()

    assert fresh.exit()["code"] == 0


def test_a_closed_connection_ends_the_worker_with_74(fresh: Worker) -> None:
    fresh.calls.hang_up()

    assert fresh.exit()["code"] == 74


CALL = call_frame(5, "echo", b"{}")


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        (b"GET / HTTP/1.1\r\n\r\n", "length 1195725856 is above"),
        (CALL[:4] + b"\x7f" + CALL[5:], "unknown type 0x7f"),
        (CALL[:5] + b"\x08" + CALL[6:], "undefined flags 0x08"),
        (CALL[:7] + b"\x01" + CALL[8:], "reserved is 1, not 0"),
        (CALL + CALL, "follow a frame before it was answered"),
        (encode(Kind.CALL, CALL[16:], 0), "CALL needs an id"),
        (encode(Kind.STOP, b"", 1), "STOP takes no id"),
        (encode(Kind.STOP, b"x"), "STOP takes no body"),
        (encode(Kind.RESULT, b"1", 1), "RESULT is not allowed from the server"),
        (encode(Kind.CALL, b"\0" * 9, 1), "CALL has 9 bytes, needs 10"),
        (encode(Kind.CALL, CALL_PARTS.pack(0, 9, 0) + b"echo", 1), "CALL names 9 bytes of 4"),
        (encode(Kind.CALL, CALL_PARTS.pack(0, 0, 0), 1), "CALL names no program"),
        (encode(Kind.CALL, CALL_PARTS.pack(0, 4, 2) + b"echo[]", 1), "context of CALL needs"),
        (HEADER.pack(11, Kind.CALL, 0, 0, 1), "length 11 is below 12"),
    ],
)  # fmt: skip
def test_a_malformed_frame_ends_the_worker_with_70(fresh: Worker, sent: bytes, told: str) -> None:
    fresh.calls.connection.sendall(sent)

    assert fresh.exit()["code"] == 70
    assert told in fresh.output.await_text(lambda text: text.endswith(b"\n")).decode()


def test_an_id_that_does_not_rise_ends_the_worker_with_70(fresh: Worker) -> None:
    fresh.call("echo")
    fresh.call("echo")
    fresh.calls.connection.sendall(call_frame(2, "echo"))

    assert fresh.exit()["code"] == 70


def test_a_frame_that_never_ends_ends_the_worker_with_70(fresh: Worker) -> None:
    fresh.calls.connection.sendall(CALL[:20])
    fresh.calls.connection.shutdown(1)

    assert fresh.exit()["code"] == 70

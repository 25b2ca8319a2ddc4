"""Everyday types as results and inputs of real workers, with one slot and with several."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from handles import ForkServer, Worker
from peer import body, call_frame
from server import Server
from vivarium_worker.protocol.frames import CHUNKS_WELCOME, Kind


@pytest.fixture(scope="module")
def everyday() -> Iterator[ForkServer]:
    server = Server(maximum_frame_bytes=100_000)
    server.start_guardian()
    fork_server = server.serve("everyday")
    fork_server.loaded()
    yield fork_server
    server.close()


@pytest.fixture(scope="module", params=[1, 2], ids=["one slot", "two slots"])
def typed(everyday: ForkServer, request: pytest.FixtureRequest) -> Worker:
    name = f"typed-{request.param}"
    everyday.order(name, slots=request.param)
    made = [Worker(everyday, name, slot) for slot in range(request.param)]
    body(made[0].side.next(Kind.READY, Kind.FAILED), Kind.READY)
    return made[-1]


def raw(worker: Worker, program: str, inputs: bytes = b"") -> bytes:
    worker.ident += 1
    worker.calls.connection.sendall(call_frame(worker.ident, program, inputs))
    return bytes(worker.calls.next().body)


def test_types_arrive_converted_and_leave_by_encoders(typed: Worker) -> None:
    told = raw(typed, "pay", b'{"day":"2026-11-29","amount":0.10000000000000000000001,"rate":0.5}')

    assert told == (
        b'{"day":"2026-11-29","paid":{"amount":0.10000000000000000000001,"currency":"EUR"},"rate":0.5}'
    )


def test_a_lazy_result_still_has_its_call(typed: Worker) -> None:
    assert typed.call("lazy", {"amount": 2, "more": 1.5}) == {
        "items": [[0, "lazy"], [1, "lazy"]],
        "others": {"more": 1.5},
    }


def test_an_endless_result_is_too_large_and_the_worker_lives(typed: Worker) -> None:
    assert typed.error("endless")["type"] == "ResultTooLarge"
    assert typed.call("lazy", {"amount": 0}) == {"items": [], "others": {}}


def test_a_lazy_result_that_fails_is_the_programs_own_error(typed: Worker) -> None:
    told = typed.error("failing_lazily")

    assert (told["category"], told["type"]) == ("program_error", "LookupError")
    assert "in failing" in told["traceback"]


def test_nan_is_null_where_a_program_wants_it(typed: Worker) -> None:
    assert raw(typed, "gaps", b'{"values":[1.5,1e400]}') == b"[1.5,null,null]"
    told = json.loads(raw(typed, "lazy", b'{"amount":0,"a":[1e400]}'))
    assert (told["type"], told["field"]) == ("InvalidInput", "a[0]")


def test_chunks_are_converted_as_results_are(typed: Worker) -> None:
    typed.post("yield_gaps", flags=CHUNKS_WELCOME)
    assert [typed.calls.next().body for _ in range(3)] == [b"null", b'{"a":1}', b"null"]
    typed.post("yield_days", flags=CHUNKS_WELCOME)
    assert [typed.calls.next().body for _ in range(2)] == [b'"2026-01-02"', b"[1,2]"]
    assert "chunk is nan" in body(typed.calls.next(), Kind.ERROR)["message"]


@pytest.mark.parametrize("what", ["iterator", "encoder"])
def test_a_conversion_that_runs_code_of_the_program_can_be_cancelled(
    typed: Worker, what: str
) -> None:
    typed.post("lazily", {"what": what})
    typed.side.next(Kind.OUTPUT)

    assert body(typed.climb(), Kind.ERROR)["message"] == "the call was cancelled"


def test_a_lazy_result_has_no_more_processor_time_than_its_call(everyday: ForkServer) -> None:
    worker = everyday.fork("limited", cpu_limit_millis=100)
    told = worker.error("lazily", {"what": "spin"})

    assert told["type"] == "CpuLimitExceeded"
    assert worker.call("lazy", {"amount": 1})["items"] == [[0, "lazy"]]


def test_an_object_that_misbehaves_fails_its_call_and_no_other(typed: Worker) -> None:
    told = typed.error("misbehave")

    assert told["type"] == "UnserializableResult"
    assert "cannot be converted: ZeroDivisionError" in told["message"]
    assert typed.call("lazy", {"amount": 0}) == {"items": [], "others": {}}

"""What user code prints and logs."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from handles import Worker
from peer import PATIENCE_SECONDS
from server import Server
from vivarium_worker.protocol.frames import HEADER, Kind, Rules, body_size, decode, encode_json
from vivarium_worker.worker.side_channel import SideChannel


def test_a_printed_line_carries_its_call_and_context(worker: Worker) -> None:
    context = {"session": "s-1", "correlation_id": "c-1"}
    for_programs = {"tracestate": "a=1", "baggage": "b=2"}
    worker.call("say", {"text": "hello"}, context={**context, **for_programs})
    worker.call("say", {"text": "grün", "stream": "stderr"})

    assert worker.printed(2) == [
        {
            "stream": "stdout",
            "text": "hello",
            "call": worker.ident - 1,
            "program": "say",
            "context": context,
        },
        {"stream": "stderr", "text": "grün", "call": worker.ident, "program": "say"},
    ]


def test_what_lacks_a_line_end_is_printed_at_the_end_of_its_call(worker: Worker) -> None:
    worker.call("say", {"text": "first", "end": ""})
    worker.call("say", {"text": "second", "end": ""})

    told = worker.printed(2)
    assert [(record["text"], record["call"]) for record in told] == [
        ("first", worker.ident - 1),
        ("second", worker.ident),
    ]


def test_lines_are_records_and_long_ones_are_split(worker: Worker) -> None:
    worker.call("say", {"text": "a\n\nb\n" + "x" * 20_000})
    texts = [record["text"] for record in worker.printed(6)]

    assert texts == ["a", "", "b", "x" * 8192, "x" * 8192, "x" * 3616]


def test_what_a_carriage_return_overwrites_is_a_record_of_its_own(worker: Worker) -> None:
    worker.call("say", {"text": "10 %\r20 %\r\r30 %\r"})

    assert [record["text"] for record in worker.printed(3)] == ["10 %", "20 %", "30 %"]


def test_a_thread_of_a_program_prints_for_its_call(worker: Worker) -> None:
    worker.call("say_in_thread", {"text": "from a thread"})

    assert worker.printed(1)[0]["call"] == worker.ident


def test_bytes_are_decoded_and_half_characters_wait(worker: Worker) -> None:
    worker.call("say_bytes")

    assert worker.printed(1)[0]["text"] == "half € and broken \ufffd"


def test_descriptors_of_the_worker_and_its_children_go_to_output(worker: Worker) -> None:
    worker.call("say_raw", {"text": "raw text\n"})

    text = worker.output.await_text(lambda text: b"to stderr" in text)
    assert b"raw text\nfrom a child\nto stderr\n" in text


def test_lines_of_many_threads_do_not_mix(worker: Worker) -> None:
    worker.call("say_from_threads", {"threads": 8, "lines": 200})
    seen = [record["text"].split(":") for record in worker.printed(1600)]

    assert all(len(parts) == 3 and parts[2] == "x" * 100 for parts in seen)
    for thread in range(8):
        assert [int(p[1]) for p in seen if p[0] == str(thread)] == list(range(200))


def test_log_records_arrive_at_their_level(worker: Worker) -> None:
    context = {"session": "s-1"}
    worker.call("log_all", context=context)
    told = [worker.logged() for _ in range(5)]

    assert [(r["level"], r["logger"], r["message"]) for r in told] == [
        (20, "talks", "hello world"),
        (30, "talks", "careful"),
        (40, "talks", "it failed"),
        (40, "log_all", "by the name of the program"),
        (20, "log_all", "progress 50 %: half way"),
    ]
    assert all(r["call"] == worker.ident and r["context"] == context for r in told)
    assert told[2]["exception"].endswith("KeyError: 'lost'\n")
    assert "exception" not in told[0]


def test_a_log_record_that_cannot_be_formatted_is_reported_as_text(worker: Worker) -> None:
    worker.call("log_badly")

    told = worker.printed(1)[0]
    assert (told["stream"], told["text"]) == ("stderr", "--- Logging error ---")
    while "Arguments: " not in told["text"]:
        told = worker.printed(1)[0]


def test_a_closed_stdout_does_no_harm(server: Server) -> None:
    server.start_guardian()
    fork_server = server.serve("talks")
    fork_server.loaded()
    worker = fork_server.fork()

    assert worker.call("close_stdout") == "closed"
    assert worker.error("say", {"text": "x"})["type"] == "ValueError"
    assert worker.call("$ping") == {"pong": True}


@pytest.fixture
def ends() -> Iterator[tuple[SideChannel, socket.socket]]:
    mine, server = socket.socketpair()
    with mine, server:
        yield SideChannel(mine), server


def frame_of(text: str) -> bytes:
    return encode_json(Kind.OUTPUT, {"stream": "stdout", "text": text, "call": 0})


def read_frames(server: socket.socket, until: str) -> list[dict[str, Any]]:
    read: list[dict[str, Any]] = []
    stream = server.makefile("rb")
    with stream:
        while not read or until not in read[-1].get("text", ""):
            header = stream.read(HEADER.size)
            rules = Rules("side", "from_child")
            frame = decode(header + stream.read(body_size(header, rules)), rules)
            read.append(json.loads(frame.body))
    return read


def test_a_side_channel_drops_whole_frames_and_tells_how_many(
    ends: tuple[SideChannel, socket.socket],
) -> None:
    side, server = ends
    for number in range(5000):
        side.send(frame_of(f"{number}:" + "x" * 1000))
    reader = ThreadPoolExecutor(1)
    told = reader.submit(read_frames, server, "the end")
    side.flush()
    side.send(frame_of("the end"))
    got = told.result(PATIENCE_SECONDS)
    reader.shutdown()

    marks = [record for record in got if record.get("logger") == "vivarium.side"]
    texts = [record["text"] for record in got if "text" in record]
    assert len(marks) == 1
    assert int(marks[0]["message"].split()[0]) == 5000 - (len(texts) - 1)
    assert [int(text.split(":")[0]) for text in texts[:-1]] == list(range(len(texts) - 1))


def test_a_detached_side_channel_sends_nothing(ends: tuple[SideChannel, socket.socket]) -> None:
    side, server = ends
    side.detach()
    side.send(frame_of("nobody hears this"))

    assert server.recv(100) == b""


def test_a_flood_does_not_hang_a_worker_whose_server_stopped_reading(
    server: Server,
) -> None:
    server.start_guardian()
    fork_server = server.serve("vivarium_examples")
    fork_server.loaded()
    worker = fork_server.fork()
    worker.side.reading.clear()

    assert worker.call("print_noise", {"megabytes": 10})["lines"] > 100_000
    assert worker.call("$ping") == {"pong": True}

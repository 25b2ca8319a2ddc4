"""What workers would inherit: refused, told, allowed, and closed after the fork."""

from __future__ import annotations

import os
import resource
import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from handles import ForkServer
from peer import body
from server import Server
from vivarium_worker.forkserver.inheritance import Inheritance
from vivarium_worker.protocol.frames import Kind
from vivarium_worker.protocol.statuses import STATUS_NO_DESCRIPTORS
from waiting import await_true

WAYS_OUT = (
    "Do it at the first use or in a function marked @on_start; "
    "or set python.start-method = spawn; or set python.allow-inherited = "
)


class Echo(BaseHTTPRequestHandler):
    """Answers with the path of the request, on a connection that is kept."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        answer = self.path[1:].encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_: object) -> None:
        """Print nothing."""


@pytest.fixture
def echo_port() -> Iterator[int]:
    """Return the port of an HTTP server that echoes."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Echo) as http:
        http.daemon_threads = True
        thread = threading.Thread(target=http.serve_forever)
        thread.start()
        yield http.server_address[1]
        http.shutdown()
        thread.join()


def opening(server: Server, directory: Path, *what: str, allowed: bool = False) -> ForkServer:
    server.start_guardian(OPENS=",".join(what), OPENS_IN=str(directory))
    return server.serve("opens_at_import", allow_inherited=("opens_at_import",) * allowed)


def holds(pid: int, path: Path) -> bool:
    return any(entry.readlink() == path for entry in Path(f"/proc/{pid}/fd").iterdir())


def refusal(fork_server: ForkServer, worker: str = "w1") -> str:
    fork_server.order(worker)
    told = body(fork_server.peer.next(Kind.REFUSED, Kind.FORKED), Kind.REFUSED)
    assert told["worker"] == worker
    return str(told["reason"])


def test_a_connection_that_an_import_opened_is_refused_with_its_peer(
    server: Server, echo_port: int
) -> None:
    server.start_guardian(ECHO_PORT=str(echo_port))
    fork_server = server.serve("json", "keeps_connection")
    fork_server.loaded()

    assert refusal(fork_server) == (
        "workers would share what was opened while module 'keeps_connection' was imported: "
        f"TCP connection to 127.0.0.1:{echo_port}. {WAYS_OUT}"
        '["keeps_connection"], and close or renew it in a function marked @on_fork'
    )


def test_workers_that_renew_an_allowed_connection_get_their_own_answers(
    server: Server, echo_port: int
) -> None:
    server.start_guardian(ECHO_PORT=str(echo_port))
    fork_server = server.serve("keeps_connection", allow_inherited=("keeps_connection",))
    [warning] = fork_server.loaded()["warnings"]
    assert warning == (
        "workers inherit, as python.allow-inherited says, what was opened while module "
        f"'keeps_connection' was imported: TCP connection to 127.0.0.1:{echo_port}"
    )
    workers = [fork_server.fork(f"w{number}") for number in range(4)]

    def wrong_answers(number: int) -> list[str]:
        tags = [f"worker-{number}-call-{call}" for call in range(200)]
        answers = [workers[number].call("ask_for", {"tag": tag}) for tag in tags]
        return [answer for tag, answer in zip(tags, answers) if tag != answer]

    with ThreadPoolExecutor(4) as callers:
        assert list(callers.map(wrong_answers, range(4))) == [[], [], [], []]


@pytest.mark.parametrize(
    ("what", "told"),
    [
        ("sqlite", "SQLite database {}/orders.data (open for writing)"),
        ("written", "file {}/out.csv (open for writing)"),
        ("udp", "UDP socket 127.0.0.1:"),
        ("listener", "TCP socket that listens on 127.0.0.1:"),
        ("unix", "Unix socket that listens on {}/here.sock"),
        ("pair", "Unix socket without a name (2)"),
        ("pipe", "pipe (2)"),
        ("queue", "pipe (2)"),
        ("epoll", "epoll object"),
        ("memory", "file /dev/shm/vivarium-test-memory (deleted) (open for writing)"),
        ("memfd", "anonymous memory scratch"),
        ("device", "device /dev/"),
    ],
)
def test_what_workers_cannot_share_is_refused(
    server: Server, tmp_path: Path, what: str, told: str
) -> None:
    fork_server = opening(server, tmp_path, what)
    assert fork_server.loaded()["warnings"] == []
    reason = refusal(fork_server)

    assert "what was opened while module 'opens_at_import' was imported: " in reason
    assert told.format(tmp_path) in reason
    assert reason.endswith("close or renew it in a function marked @on_fork")


def test_threads_of_an_import_are_refused_by_name(server: Server, tmp_path: Path) -> None:
    fork_server = opening(server, tmp_path, "threads")
    assert fork_server.loaded()["threads"] == 3

    assert refusal(fork_server) == (
        "workers would lack the threads that were started while module 'opens_at_import' was "
        "imported: busybody (2), and may wait for them for ever. Do it at the first use or in "
        "a function marked @on_start; or set python.start-method = spawn; or set "
        'python.allow-inherited = ["opens_at_import"], and do without the threads'
    )


def test_threads_of_an_import_that_patches_threading_are_refused_by_name(
    server: Server, tmp_path: Path
) -> None:
    fork_server = opening(server, tmp_path, "patched threads")
    fork_server.loaded()

    assert "was imported: busybody (2), and may wait" in refusal(fork_server)


def test_threads_and_descriptors_are_told_together(server: Server, tmp_path: Path) -> None:
    fork_server = opening(server, tmp_path, "threads", "pipe")
    fork_server.loaded()
    reason = refusal(fork_server)

    assert (
        "imported: pipe (2); and would lack the threads that were started then: busybody (2),"
        in reason
    )
    assert reason.count("python.allow-inherited") == 1


@pytest.mark.parametrize(
    ("what", "told"),
    [
        ("read", "/opens_at_import.py (read, from one position for all)"),
        ("appended", "{}/out.csv (appended to)"),
        ("log", "{}/own.log (appended to)"),
    ],
)
def test_files_that_workers_can_share_are_a_warning(
    server: Server, tmp_path: Path, what: str, told: str
) -> None:
    fork_server = opening(server, tmp_path, what)
    [warning] = fork_server.loaded()["warnings"]

    assert warning.startswith(
        "workers share files that were opened while module 'opens_at_import' was imported: "
    )
    assert warning.endswith(told.format(tmp_path))
    assert fork_server.fork().call("there") is True


@pytest.mark.parametrize("what", ["lock", "tracker", "null", "random", "directory"])
def test_what_is_made_to_be_shared_is_not_mentioned(
    server: Server, tmp_path: Path, what: str
) -> None:
    fork_server = opening(server, tmp_path, what)

    assert fork_server.loaded()["warnings"] == []
    assert fork_server.fork().call("there") is True


def test_threads_of_an_allowed_module_do_not_keep_it_from_forking(
    server: Server, tmp_path: Path
) -> None:
    fork_server = opening(server, tmp_path, "threads", allowed=True)
    [warning] = fork_server.loaded()["warnings"]

    assert warning == (
        "workers lack, as python.allow-inherited says, the threads that were started while module "
        "'opens_at_import' was imported: busybody (2)"
    )
    assert fork_server.fork().call("there") is True


def test_what_comes_after_the_imports_is_refused_until_it_has_gone(
    server: Server, tmp_path: Path
) -> None:
    for name in ("first", "second"):
        os.mkfifo(tmp_path / name)
    fork_server = opening(server, tmp_path, "waits for fifo", allowed=True)
    fork_server.loaded()
    with (tmp_path / "first").open("w"):
        await_true(lambda: holds(fork_server.pid, tmp_path / "first"))
        reason = refusal(fork_server)
        assert f"what was opened after the imports: named pipe {tmp_path}/first." in reason
        assert "allow-inherited" not in reason
    fork_server.peer.next(Kind.CLEARED)

    assert fork_server.fork("w2").call("there") is True
    body(fork_server.peer.next(), Kind.FORKED)
    with (tmp_path / "second").open("w"):
        await_true(lambda: holds(fork_server.pid, tmp_path / "second"))
        assert "/second" in refusal(fork_server, "w3")
    fork_server.peer.next(Kind.CLEARED)


def test_a_fork_server_without_room_for_the_descriptors_of_a_worker_says_which_limit(
    server: Server, tmp_path: Path
) -> None:
    fork_server = opening(server, tmp_path, "many")
    fork_server.loaded()
    used = len(list(Path(f"/proc/{fork_server.pid}/fd").iterdir()))
    _, hard = resource.prlimit(fork_server.pid, resource.RLIMIT_NOFILE)
    resource.prlimit(fork_server.pid, resource.RLIMIT_NOFILE, (used + 3, hard))

    reason = refusal(fork_server)
    assert reason.startswith(f"a worker would have too few file descriptors: {used} of {used + 3} ")
    assert "ulimit -n" in reason


def test_an_import_that_leaves_too_few_descriptors_fails_with_the_limit(
    server: Server, tmp_path: Path
) -> None:
    server.start_guardian(OPENS="all", OPENS_IN=str(tmp_path))
    assert server.process is not None
    _, hard = resource.prlimit(server.process.pid, resource.RLIMIT_NOFILE)
    resource.prlimit(server.process.pid, resource.RLIMIT_NOFILE, (40, hard))
    told = server.serve("json", "opens_at_import").failed()

    assert told["module"] == "opens_at_import"
    assert "too few file descriptors: 36 of 40 are in use" in told["message"]
    assert "ulimit -n" in told["message"]


def test_a_worker_without_descriptors_for_its_channels_ends_with_a_status_of_its_own(
    server: Server,
) -> None:
    server.start_guardian()
    fork_server = server.serve()
    fork_server.loaded()
    _, hard = resource.prlimit(fork_server.pid, resource.RLIMIT_NOFILE)
    resource.prlimit(fork_server.pid, resource.RLIMIT_NOFILE, (40, hard))
    fork_server.order("w1", spawn=True, slots=30)

    assert fork_server.exit_of("w1")["code"] == STATUS_NO_DESCRIPTORS
    assert "Too many open files" in server.log
    assert "raise the limit of open files (ulimit -n, LimitNOFILE" in server.log


# the comparison itself, in this process


@pytest.fixture
def pipe() -> Iterator[tuple[int, int]]:
    """Return the ends of a pipe, which are closed at the end if they are open."""
    ends = os.pipe()
    yield ends
    for end in ends:
        os.close(end)


def test_a_number_that_is_used_again_for_something_else_counts_as_new() -> None:
    inheritance = Inheritance([])
    first = os.open(os.devnull, os.O_RDONLY)
    inheritance.imported("first")
    made = socket.socket()
    os.dup2(made.fileno(), first)
    made.close()
    inheritance.imported("second")
    try:
        assert "while module 'second'" in str(inheritance.reason_to_refuse())
    finally:
        os.close(first)


def test_what_the_fork_server_opens_itself_is_not_refused(pipe: tuple[int, int]) -> None:
    inheritance = Inheritance([])
    made = os.dup(pipe[0])
    assert inheritance.reason_to_refuse() is not None
    inheritance.adopt(set)

    assert inheritance.reason_to_refuse() is None
    os.close(made)


def test_what_is_recreated_in_workers_is_not_refused() -> None:
    inheritance = Inheritance([])
    made = socket.socket()
    inheritance.imported("keeps_a_loop")
    assert inheritance.reason_to_refuse() is not None
    inheritance.adopt(lambda: {made.fileno()})

    assert inheritance.reason_to_refuse() is None
    made.close()


def test_nothing_is_looked_at_again_while_nothing_changes() -> None:
    looks: list[int] = []

    def renewed() -> set[int]:
        looks.append(len(looks))
        return set()

    inheritance = Inheritance([])
    inheritance.adopt(renewed)
    assert inheritance.reason_to_refuse() is None
    assert inheritance.reason_to_refuse() is None

    assert len(looks) == 1


def test_describing_a_socket_leaves_it_as_it_is() -> None:
    inheritance = Inheritance([])
    made = socket.socket()
    inheritance.imported("client")
    socket.setdefaulttimeout(5)
    try:
        assert "TCP socket without a peer" in str(inheritance.reason_to_refuse())
        assert socket.getdefaulttimeout() == 5
        assert os.get_blocking(made.fileno())
    finally:
        socket.setdefaulttimeout(None)
        made.close()

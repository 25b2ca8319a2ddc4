"""Plays the server: listens, starts the guardian, and speaks the protocol to real processes."""

from __future__ import annotations

import json
import os
import secrets
import select
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import suppress
from pathlib import Path
from queue import Empty, Queue
from typing import Any, Callable

from vivarium_worker.frames import (
    HEADER,
    Frame,
    FrameError,
    Kind,
    Rules,
    body_size,
    decode,
    encode,
    encode_json,
)

BOOT = Path(__file__).parents[1] / "src" / "vivarium_worker" / "boot.py"
PROGRAMS = Path(__file__).parent / "programs"
EXAMPLES = Path(__file__).parents[1] / "examples"
PATIENCE_SECONDS = 20.0
MAXIMUM_FRAME_BYTES = 64 * 1024 * 1024

Key = tuple[str, str, int]


class Peer:
    """One connection that a child has opened and that was welcomed."""

    def __init__(self, connection: socket.socket, hello: dict[str, Any], maximum: int) -> None:
        self.connection = connection
        self.hello = hello
        self.pid: int = hello["pid"]
        self.rules = Rules(hello["channel"], "from_child", maximum)
        self.frames: Queue[Frame | None] = Queue()
        self.text = bytearray()
        self.changed = threading.Condition()
        self.fault: FrameError | None = None
        self.reading = threading.Event()
        self.reading.set()

    def send(self, kind: Kind, body: object) -> None:
        self.connection.sendall(encode_json(kind, body))

    def next(self, *kinds: Kind) -> Frame:
        """Return the next frame of one of ``kinds``, passing over others; fail at the end."""
        end = time.monotonic() + PATIENCE_SECONDS
        while True:
            frame = self._frame(end)
            assert frame is not None, f"{self.rules.channel} was closed, {kinds} did not come"
            if not kinds or frame.kind in kinds:
                return frame

    def await_close(self) -> None:
        """Pass over everything until the child closed the connection."""
        end = time.monotonic() + PATIENCE_SECONDS
        while self._frame(end) is not None:
            pass

    def await_text(self, found: Callable[[bytes], bool]) -> bytes:
        with self.changed:
            done = self.changed.wait_for(lambda: found(bytes(self.text)), PATIENCE_SECONDS)
            assert done, f"{self.rules.channel} has only {bytes(self.text[-500:])!r}"
            return bytes(self.text)

    def read(self) -> None:
        """Read until the end; in a thread of its own."""
        try:
            if self.rules.channel in {"output", "stack"}:
                self._read_text()
            else:
                self._read_frames()
        except OSError:
            pass  # closed by the test
        except FrameError as error:
            self.fault = error
        finally:
            self.frames.put(None)

    def hang_up(self) -> None:
        self.reading.set()
        with suppress(OSError):  # the child was faster
            self.connection.shutdown(socket.SHUT_RDWR)

    def _frame(self, end: float) -> Frame | None:
        try:
            return self.frames.get(timeout=max(0.0, end - time.monotonic()))
        except Empty:
            raise AssertionError(f"nothing came on {self.rules.channel}") from None

    def _read_text(self) -> None:
        while data := self.connection.recv(65536):
            with self.changed:
                self.text += data
                self.changed.notify_all()
            self.reading.wait()

    def _read_frames(self) -> None:
        with self.connection.makefile("rb") as stream:
            while header := stream.read(HEADER.size):
                body = stream.read(body_size(header, self.rules))
                self.frames.put(decode(header + body, self.rules))
                self.reading.wait()


class Server:
    """The listening side and the processes below it; ``close`` ends everything."""

    def __init__(self, *, maximum_frame_bytes: int = MAXIMUM_FRAME_BYTES) -> None:
        self._directory = tempfile.TemporaryDirectory(prefix="vivarium-test-")
        self.path = str(Path(self._directory.name) / "vivarium.sock")
        self.log_path = Path(self._directory.name) / "boot.log"
        self.run = f"run-{secrets.token_hex(4)}"
        self.maximum = maximum_frame_bytes
        self.versions = (1, 1)
        self._owners: dict[str, str] = {}
        self._peers: dict[Key, Peer] = {}
        self._arrived = threading.Condition()
        self._listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._listener.bind(self.path)
        self._listener.listen(64)
        self.process: subprocess.Popen[bytes] | None = None
        self._threads: list[threading.Thread] = []
        self._start(self._accept)

    # life

    def start_guardian(self, interpreter: str = sys.executable, **environment: str) -> Peer:
        self.write_life_line(self.launch(interpreter, **environment))
        return self.peer("guardian", "guardian")

    def launch(
        self, interpreter: str = sys.executable, **environment: str
    ) -> subprocess.Popen[bytes]:
        kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
        with self.log_path.open("ab") as log:
            self.process = subprocess.Popen(
                [interpreter, "-I", "-u", str(BOOT)],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                env={**kept, "VIVARIUM_RUN": self.run, **environment},
            )
        return self.process

    def write_life_line(self, process: subprocess.Popen[bytes]) -> None:
        line = {"socket": self.path, "token": self.token("guardian"), "run": self.run}
        assert process.stdin is not None
        process.stdin.write(json.dumps(line).encode() + b"\n")
        process.stdin.flush()

    def close(self) -> None:
        if self.process is not None:
            assert self.process.stdin is not None
            self.process.stdin.close()
            self.process.wait(PATIENCE_SECONDS)
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for peer in self._peers.values():
            peer.hang_up()
        for thread in self._threads:
            thread.join(PATIENCE_SECONDS)
        for peer in self._peers.values():
            peer.connection.close()
        self._directory.cleanup()

    @property
    def log(self) -> str:
        return self.log_path.read_text(errors="replace")

    # connections

    def token(self, owner: str) -> str:
        token = secrets.token_hex(16)
        self._owners[token] = owner
        return token

    def peer(self, owner: str, channel: str, slot: int = 0) -> Peer:
        key = (owner, channel, slot)
        with self._arrived:
            came = self._arrived.wait_for(lambda: key in self._peers, PATIENCE_SECONDS)
            assert came, f"{key} did not connect; boot log: {self.log}"
            return self._peers[key]

    def _start(self, target: Callable[..., None], *arguments: object) -> None:
        thread = threading.Thread(target=target, args=arguments, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self._start(self._welcome, connection)

    def _welcome(self, connection: socket.socket) -> None:
        header = connection.recv(HEADER.size, socket.MSG_WAITALL)
        if len(header) < HEADER.size:
            connection.close()
            return
        hello = json.loads(connection.recv(HEADER.unpack(header)[0] - 12, socket.MSG_WAITALL))
        owner = self._owners.get(hello["token"])
        if owner is None:
            with connection, suppress(BrokenPipeError):  # rejected on another channel before
                connection.sendall(encode_json(Kind.REJECT, {"reason": "unknown token"}))
            return
        call = hello["channel"] == "call"
        maximum = self.maximum if call else 1024 * 1024
        peer = Peer(connection, hello, maximum)
        peer.send(Kind.WELCOME, {"protocol": 1, "maximum_frame_bytes": maximum})
        with self._arrived:
            self._peers[owner, hello["channel"], hello["slot"]] = peer
            self._arrived.notify_all()
        peer.read()

    # fork servers and workers

    def serve(
        self, *modules: str, name: str = "default-1", preload: tuple[str, ...] = ()
    ) -> ForkServer:
        order = {"server": name, "token": self.token(name), "preload": list(preload)}
        path = [str(PROGRAMS), str(EXAMPLES)]
        self.peer("guardian", "guardian").send(
            Kind.SERVE, {**order, "path": path, "modules": list(modules)}
        )
        return ForkServer(self, name)


class ForkServer:
    """A fork server as the server sees it."""

    def __init__(self, server: Server, name: str) -> None:
        self.server = server
        self.name = name
        self.peer = server.peer(name, "server")
        self.pid = self.peer.pid

    def loaded(self) -> dict[str, Any]:
        return body(self.peer.next(Kind.LOADED, Kind.FAILED), Kind.LOADED)

    def failed(self) -> dict[str, Any]:
        return body(self.peer.next(Kind.LOADED, Kind.FAILED), Kind.FAILED)

    def order(self, worker: str, **options: Any) -> None:
        fork = {"worker": worker, "pool": "default", "token": self.server.token(worker), "slots": 1}
        fork |= {"spawn": False, "spin_micros": 50, "log_level": 20, "heartbeat_millis": 1000}
        self.peer.send(Kind.FORK, {**fork, "path": [], "modules": [], **options})

    def fork(self, worker: str = "w1", **options: Any) -> Worker:
        self.order(worker, **options)
        made = Worker(self, worker)
        body(made.side.next(Kind.READY, Kind.FAILED), Kind.READY)
        return made

    def exit_of(self, worker: str) -> dict[str, Any]:
        while True:
            told = json.loads(self.peer.next(Kind.EXIT).body)
            if told["worker"] == worker:
                return dict(told)


class Worker:
    """A worker as the server sees it."""

    def __init__(self, fork_server: ForkServer, name: str) -> None:
        server = fork_server.server
        self.fork_server = fork_server
        self.name = name
        self.side = server.peer(name, "side")
        self.output = server.peer(name, "output")
        self.stack = server.peer(name, "stack")
        self.calls = server.peer(name, "call")
        self.pid = self.side.pid
        self.ident = 0

    def post(self, program: str, inputs: object = None, **call: Any) -> int:
        self.ident += 1
        text = b"" if inputs is None else json.dumps(inputs).encode()
        self.calls.connection.sendall(call_frame(self.ident, program, text, **call))
        return self.ident

    def ask(self, program: str, inputs: object = None, **call: Any) -> Frame:
        ident = self.post(program, inputs, **call)
        frame = self.calls.next()
        assert frame.ident == ident
        return frame

    def call(self, program: str, inputs: object = None, **call: Any) -> Any:
        return json.loads(result(self.ask(program, inputs, **call)))

    def error(self, program: str, inputs: object = None, **call: Any) -> dict[str, Any]:
        return body(self.ask(program, inputs, **call), Kind.ERROR)

    def stop(self) -> None:
        self.calls.connection.sendall(encode(Kind.STOP))

    def signal(self, number: int) -> None:
        self.fork_server.peer.send(Kind.SIGNAL, {"worker": self.name, "signal": number})

    def kill(self) -> None:
        self.fork_server.peer.send(Kind.KILL, {"worker": self.name})

    def exit(self) -> dict[str, Any]:
        return self.fork_server.exit_of(self.name)

    def printed(self, amount: int) -> list[dict[str, Any]]:
        return [json.loads(self.side.next(Kind.OUTPUT).body) for _ in range(amount)]

    def logged(self) -> dict[str, Any]:
        return dict(json.loads(self.side.next(Kind.LOG).body))


def call_frame(
    ident: int,
    program: str,
    inputs: bytes = b"",
    *,
    timeout_millis: int = 0,
    context: dict[str, str] | None = None,
) -> bytes:
    name = program.encode()
    told = json.dumps(context).encode() if context else b""
    fixed = timeout_millis.to_bytes(4, "big") + len(name).to_bytes(2, "big")
    parts = fixed + len(told).to_bytes(4, "big") + name + told + inputs
    return encode(Kind.CALL, parts, ident)


def body(frame: Frame, kind: Kind) -> dict[str, Any]:
    assert frame.kind is kind, f"{frame.kind.name}: {frame.body[:2000]!r}"
    return dict(json.loads(frame.body))


def result(frame: Frame) -> bytes:
    assert frame.kind is Kind.RESULT, f"{frame.kind.name}: {frame.body[:2000]!r}"
    return frame.body


def await_end(pid: int) -> None:
    """Wait until process ``pid`` has ended, whoever its parent is."""
    try:
        descriptor = os.pidfd_open(pid)
    except ProcessLookupError:
        return
    try:
        poll = select.poll()
        poll.register(descriptor, select.POLLIN)
        assert poll.poll(PATIENCE_SECONDS * 1000), f"process {pid} is still there"
    finally:
        os.close(descriptor)


def await_true(condition: Callable[[], bool]) -> None:
    """Wait until ``condition`` holds, looking every few milliseconds."""
    end = time.monotonic() + PATIENCE_SECONDS
    poll = select.poll()
    while not condition():
        assert time.monotonic() < end, "it did not become true"
        poll.poll(5)


def is_alive(pid: int) -> bool:
    """Tell whether process ``pid`` runs; a zombie does not."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False
    return stat.rpartition(")")[2].split()[0] not in "ZX"


def kill_now(*pids: int) -> None:
    for pid in pids:
        os.kill(pid, signal.SIGKILL)

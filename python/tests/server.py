"""Plays the server: listens, starts the guardian, and speaks the protocol to real processes."""

from __future__ import annotations

import json
import os
import secrets
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Callable

from handles import ForkServer, SlotMemory
from peer import PATIENCE_SECONDS, Peer
from vivarium_worker.protocol.frames import (
    HEADER,
    Kind,
    encode_json,
)

BOOT = Path(__file__).parents[1] / "src" / "vivarium_worker" / "boot.py"
PROGRAMS = Path(__file__).parent / "programs"
EXAMPLES = Path(__file__).parents[1] / "examples"
MAXIMUM_FRAME_BYTES = 64 * 1024 * 1024

Key = tuple[str, str, int]


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
        self.opened: list[SlotMemory] = []
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
        for memory in self.opened:
            memory.close()
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
        with suppress(BrokenPipeError):  # ended meanwhile
            peer.send(Kind.WELCOME, {"protocol": 1, "maximum_frame_bytes": maximum})
        with self._arrived:
            self._peers[owner, hello["channel"], hello["slot"]] = peer
            self._arrived.notify_all()
        peer.read()

    # fork servers and workers

    def serve(
        self,
        *modules: str,
        name: str = "default-1",
        preload: tuple[str, ...] = (),
        allow_inherited: tuple[str, ...] = (),
        path: Sequence[str] = (str(PROGRAMS), str(EXAMPLES)),
    ) -> ForkServer:
        order = {"server": name, "token": self.token(name), "preload": list(preload)}
        order["allow_inherited"] = list(allow_inherited)
        self.peer("guardian", "guardian").send(
            Kind.SERVE, {**order, "path": list(path), "modules": list(modules)}
        )
        return ForkServer(self, name)

"""Fork servers and workers, as the server sees them."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from queue import Empty
from typing import TYPE_CHECKING, Any

from peer import PATIENCE_SECONDS, attach, body, call_frame, result
from vivarium_worker.protocol.frames import (
    ATTACHED,
    CHUNKS_WELCOME,
    IN_MEMORY,
    WITH_STATE,
    Frame,
    Kind,
    encode,
    split_attachments,
    split_state,
)
from vivarium_worker.protocol.shared_memory import ATTACHMENTS_AT
from vivarium_worker.system.signals import CANCEL_SIGNAL

if TYPE_CHECKING:
    from server import Server


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
        fork |= {"session_bytes": 1000}
        fork |= {"hard_memory_megabytes": 0, "cpu_limit_millis": 0}
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


class SlotMemory:
    """The memory of a slot as the server sees it: the files behind two descriptors of a worker."""

    def __init__(self, pid: int, name: str, descriptors: list[int]) -> None:
        self._files = []
        for descriptor in descriptors:
            link = Path(f"/proc/{pid}/fd/{descriptor}")
            assert str(link.readlink()) == f"/memfd:{name} (deleted)"
            self._files.append(os.open(link, os.O_RDWR | os.O_CLOEXEC))
        self.down, self.up = self._files

    def name_call(self, ident: int, level: int) -> None:
        os.pwrite(self.down, ident.to_bytes(8, "big") + level.to_bytes(4, "big") + bytes(4), 0)

    def close(self) -> None:
        for file in self._files:
            os.close(file)


class Worker:
    """A worker as the server sees it; calls go to slot ``slot``."""

    def __init__(self, fork_server: ForkServer, name: str, slot: int = 0) -> None:
        server = fork_server.server
        self.fork_server = fork_server
        self.name = name
        self.side = server.peer(name, "side")
        self.output = server.peer(name, "output")
        self.stack = server.peer(name, "stack")
        self.calls = server.peer(name, "call", slot)
        self.pid = self.side.pid
        hello = self.calls.hello
        self.memory = SlotMemory(self.pid, f"vivarium-{name}-{slot}", hello["memory"])
        server.opened.append(self.memory)
        self.ident = 0
        self.states: dict[str, bytes] = {}

    def post(self, program: str, inputs: object = None, **call: Any) -> int:
        self.ident += 1
        text = b"" if inputs is None else json.dumps(inputs).encode()
        session = (call.get("context") or {}).get("session", "")
        call.setdefault("state", self.states.get(session, b""))
        self.calls.connection.sendall(call_frame(self.ident, program, text, **call))
        return self.ident

    def ask(self, program: str, inputs: object = None, **call: Any) -> Frame:
        ident = self.post(program, inputs, **call)
        frame = self.calls.next()
        assert frame.ident == ident
        return self._keep_state(frame, (call.get("context") or {}).get("session", ""))

    def _keep_state(self, frame: Frame, session: str) -> Frame:
        if not frame.flags & WITH_STATE:
            return frame
        self.states[session], body = split_state(frame.body, "RESULT")
        return frame._replace(body=body, flags=0)

    def send_with(
        self, program: str, inputs: object, attachments: list[bytes], *, in_memory: bool = False
    ) -> int:
        """Post a call with attachments."""
        self.ident += 1
        text = json.dumps(inputs).encode()
        flag, rest = attach(text, attachments, in_memory=in_memory)
        at = ATTACHMENTS_AT
        for attachment in attachments if in_memory else []:
            assert os.pwrite(self.memory.down, attachment, at) == len(attachment)
            at += len(attachment)
        self.calls.connection.sendall(call_frame(self.ident, program, rest, flags=flag))
        return self.ident

    def give(self, *call: Any, **options: Any) -> tuple[Any, list[bytes], int]:
        """Call with attachments; return JSON, attachments and flags of the result."""
        self.send_with(*call, **options)
        return self.unpack(self.calls.next())

    def unpack(self, frame: Frame) -> tuple[Any, list[bytes], int]:
        result(frame) if frame.kind is not Kind.CHUNK else None
        flags, rest = frame.flags, frame.body
        found = split_attachments(rest, flags, frame.kind.name)
        attachments, at = [], 0
        for size in found.sizes:
            if flags & IN_MEMORY:
                attachments.append(os.pread(self.memory.up, size, ATTACHMENTS_AT + at))
            else:
                attachments.append(bytes(found.content[at : at + size]))
            at += size
        return json.loads(bytes(found.json)), attachments, flags & ATTACHED

    def stream(self, program: str, inputs: object = None, flags: int = 0) -> list[Any]:
        """Call with flag 0x10 and return the chunks; the result has to be null."""
        self.post(program, inputs, flags=CHUNKS_WELCOME | flags)
        chunks = []
        while (frame := self.calls.next()).kind is not Kind.RESULT:
            assert frame.kind in {Kind.CHUNK, Kind.PROGRESS}, frame.body
            if frame.kind is Kind.CHUNK:
                chunks.append(self.unpack(frame)[0])
        assert result(frame) == b"null"
        return chunks

    def cancel(self, level: int, ident: int | None = None) -> None:
        """Write the cancel word and have the signal sent."""
        self.memory.name_call(self.ident if ident is None else ident, level)
        self.signal(CANCEL_SIGNAL)

    def climb(self) -> Frame:
        """Cancel the call as the server does, step by step, until it is answered."""
        self.cancel(1)
        end = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < end:
            try:
                frame = self.calls.frames.get(timeout=0.1)
            except Empty:
                self.cancel(2)
                continue
            assert frame is not None
            if frame.kind in {Kind.RESULT, Kind.ERROR}:
                return frame
        raise AssertionError("the call was not answered")

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

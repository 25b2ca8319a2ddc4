"""Fork servers and workers, as the server sees them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from peer import body, call_frame, result
from vivarium_worker.frames import (
    WITH_STATE,
    Frame,
    Kind,
    encode,
    split_state,
)

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

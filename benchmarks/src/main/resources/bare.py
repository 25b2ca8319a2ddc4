"""The bare exchange that everything is compared with: 4 bytes of length, JSON, echo; one connection per caller."""

import json
import socket
import struct
import sys
import threading


def serve(connection: socket.socket) -> None:
    """Answer every message on one connection with itself."""
    while True:
        data = connection.recv(65536)
        if not data:
            return
        (length,) = struct.unpack_from(">I", data)
        inputs = json.loads(data[4 : 4 + length])
        body = json.dumps(inputs).encode()
        connection.sendall(struct.pack(">I", len(body)) + body)


def main() -> None:
    """Listen on the path that is given, until standard input ends."""
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(sys.argv[1])
    listener.listen()
    print("listening", flush=True)  # noqa: T201
    threading.Thread(target=lambda: [serve(listener.accept()[0])], daemon=True).start()
    sys.stdin.read()


main()

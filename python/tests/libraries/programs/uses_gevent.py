"""Programs on gevent, which has replaced most of what waits in the standard library."""

from gevent import monkey

monkey.patch_all()

import socket
import subprocess
import time

import gevent

from vivarium_worker import program

gevent.sleep(0)  # makes a hub, which is there already when workers are forked


@program
def work(n: int) -> int:
    greenlets = [gevent.spawn(time.sleep, 0.01) for _ in range(3)]
    gevent.joinall(greenlets, raise_error=True)
    return 2 * n


@program
def work_with_a_socket(n: int) -> int:
    left, right = socket.socketpair()
    sender = gevent.spawn(left.sendall, b"x" * n)
    received = right.recv(n)
    sender.join()
    left.close()
    right.close()
    return 2 * len(received)


@program
def work_with_a_child(n: int) -> int:
    return int(subprocess.run(["expr", str(n), "*", "2"], check=True, capture_output=True).stdout)


@program
def wait() -> None:
    gevent.sleep(3600)

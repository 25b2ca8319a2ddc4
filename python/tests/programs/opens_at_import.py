"""Opens at its import what the variable OPENS names, in the directory OPENS_IN."""

import logging
import multiprocessing
import os
import select
import socket
import sqlite3
import threading
from multiprocessing import resource_tracker, shared_memory
from pathlib import Path

from vivarium_worker import program

directory = Path(os.environ["OPENS_IN"])
kept = []


def sqlite():
    database = sqlite3.connect(directory / "orders.data")
    database.execute("CREATE TABLE orders (id)")
    database.commit()
    return database


def udp():
    made = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    made.bind(("127.0.0.1", 0))
    return made


def listener():
    return socket.create_server(("127.0.0.1", 0))


def unix():
    made = socket.socket(socket.AF_UNIX)
    made.bind(str(directory / "here.sock"))
    made.listen()
    return made


def threads():
    for _ in range(2):
        threading.Thread(target=threading.Event().wait, name="busybody", daemon=True).start()
    return None


def patched_threads():
    del threading.main_thread()._native_id  # as eventlet's main thread has none
    threads()


def waits_for_fifo():
    def wait():
        for name in ("first", "second"):
            with (directory / name).open() as fifo:
                fifo.read()

    threading.Thread(target=wait, name="reader", daemon=True).start()


def memory():
    made = shared_memory.SharedMemory("vivarium-test-memory", create=True, size=64)
    made.unlink()
    return made


def log():
    handler = logging.FileHandler(directory / "own.log")
    logging.getLogger("own").addHandler(handler)
    return handler


def all_there_are():
    found = []
    try:
        while True:
            found.append(os.open(os.devnull, os.O_RDONLY))
    except OSError:
        for one in found[-4:]:
            os.close(one)
        return found


makers = {
    "sqlite": sqlite,
    "threads": threads,
    "patched threads": patched_threads,
    "waits for fifo": waits_for_fifo,
    "udp": udp,
    "listener": listener,
    "unix": unix,
    "pair": socket.socketpair,
    "pipe": os.pipe,
    "queue": multiprocessing.Queue,
    "lock": multiprocessing.Lock,
    "tracker": resource_tracker.ensure_running,
    "epoll": select.epoll,
    "memory": memory,
    "memfd": lambda: os.memfd_create("scratch"),
    "device": lambda: os.open("/dev/ptmx", os.O_RDWR),
    "written": lambda: (directory / "out.csv").open("w"),
    "appended": lambda: (directory / "out.csv").open("a"),
    "read": lambda: Path(__file__).open(),
    "log": log,
    "null": lambda: Path(os.devnull).open("w"),
    "random": lambda: Path("/dev/urandom").open("rb"),
    "directory": lambda: os.open(directory, os.O_RDONLY),
    "all": all_there_are,
    "many": lambda: [os.open(os.devnull, os.O_RDONLY) for _ in range(50)],
}
kept.extend(makers[name]() for name in os.environ["OPENS"].split(","))


@program
def there():
    return True

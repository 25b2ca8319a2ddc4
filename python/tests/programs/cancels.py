"""Programs that a cancellation finds in all kinds of places. Each says when it has begun."""

import asyncio
import contextlib
import os
import queue
import re
import socket
import subprocess
import sys
import threading
import time

from vivarium_worker import OperationCancelled, context, program

closed = []


def _begin():
    print("begun")


@program
def watch_the_flag():
    _begin()
    while not context.cancelled:
        time.sleep(0.001)
    return "stopped by itself"


@program
def block(how: str):
    _begin()
    lock = threading.Lock()
    lock.acquire()
    ours, theirs = socket.socketpair()
    waits = {
        "sleep": lambda: time.sleep(3600),
        "lock": lock.acquire,
        "event": threading.Event().wait,
        "queue": queue.Queue().get,
        "join": threading.Thread(target=time.sleep, args=(0.4,)).run,
        "socket": lambda: ours.recv(1),
        "pipe": lambda: os.read(os.pipe()[0], 1),
        "child": lambda: subprocess.run(["sleep", "3600"], check=True),
        "regex": lambda: re.match(r"(a+)+$", "a" * 60 + "b"),
        "spin": _spin,
        "builtin": lambda: [sorted(range(1000)) for _ in iter(int, 1)],
        "recursion": lambda: _recurse(),
        "own loop": lambda: asyncio.run(asyncio.sleep(3600)),
    }
    waits[how]()
    if how == "join":
        time.sleep(3600)


def _spin():
    while True:
        pass


def _recurse():
    with contextlib.suppress(RecursionError):
        _recurse()
    while True:
        time.sleep(0.01)


@program
def catch_exceptions():
    _begin()
    while True:
        try:
            time.sleep(3600)
        except Exception:
            continue


@program
def clean_up_slowly(seconds: float):
    try:
        _begin()
        time.sleep(3600)
    finally:
        time.sleep(seconds)
        closed.append("slowly")


@program
def reraise():
    try:
        _begin()
        time.sleep(3600)
    except OperationCancelled:
        closed.append("reraised")
        raise


@program
def raise_another():
    try:
        _begin()
        time.sleep(3600)
    except OperationCancelled:
        raise ValueError("cleaning up failed")


@program
def finish_anyway(amount: int = 1):
    _begin()
    for _ in range(amount):
        with contextlib.suppress(OperationCancelled):
            time.sleep(3600)
    return "finished"


@program
def wait_in_generator():
    _begin()
    yield 1
    time.sleep(3600)


@program
async def wait_on_loop(how: str = "sleep"):
    _begin()
    if how == "sleep":
        await asyncio.sleep(3600)
    elif how == "gather":
        await asyncio.gather(*(asyncio.sleep(3600) for _ in range(3)))
    elif how == "spin":
        while True:
            await asyncio.sleep(0)
    elif how == "thread":
        await asyncio.to_thread(time.sleep, 0.2)
        await asyncio.sleep(3600)
    elif how == "blocking":
        time.sleep(3600)
    elif how == "stubborn":
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.sleep(3600)
        await asyncio.sleep(3600)


@program
async def clean_up_on_loop():
    try:
        _begin()
        await asyncio.sleep(3600)
    finally:
        await asyncio.sleep(0.01)
        closed.append("on the loop")


@program
async def generate_on_loop(amount: int = 3, wait: bool = False):
    try:
        for number in range(amount):
            yield number
        if wait:
            _begin()
            await asyncio.sleep(3600)
    finally:
        await asyncio.sleep(0)
        closed.append("generator on the loop")


@program
def flood(size: int = 10_000):
    try:
        number = 0
        while True:
            yield {"number": number, "filling": "x" * size}
            number += 1
    finally:
        closed.append("flood")


@program
def close_badly():
    while True:
        try:
            yield 1
        except GeneratorExit:
            pass


@program
async def flood_on_loop(size: int = 10_000):
    try:
        while True:
            yield "x" * size
    finally:
        closed.append("flood on the loop")


@program
def what_was_closed():
    told = list(closed)
    closed.clear()
    return told


@program
def leave(thread: bool = False, child: bool = False, finish: bool = False):
    if thread:
        threading.Thread(target=time.sleep, args=(3600,), name="tired", daemon=True).start()
    if child:
        subprocess.Popen(["sleep", "3600"])
    _begin()
    if finish:
        while not context.cancelled:
            time.sleep(0.001)
        return "finished"
    time.sleep(3600)


@program
def brief(millis: float):
    end = time.monotonic() + millis / 1000
    rounds = 0
    while time.monotonic() < end:
        rounds += 1
        time.sleep(0)
    return context.correlation_id


@program
async def brief_on_loop(millis: float):
    await asyncio.sleep(millis / 1000)
    return context.correlation_id


@program
def report(fractions: list, elsewhere: bool = False):
    def tell():
        for fraction in fractions:
            context.progress(fraction, "told")

    if elsewhere:
        thread = threading.Thread(target=tell)
        thread.start()
        thread.join()
    else:
        tell()
    return "reported"


@program
async def report_on_loop():
    context.progress(0.5, "half")
    await asyncio.sleep(0)
    context.progress(1, "whole")
    return "reported"


@program
def report_and_yield():
    context.progress(0.25)
    yield "first"
    time.sleep(0.03)
    context.progress(0.75)
    yield "second"


@program
async def loop_identity(pause: float = 0.0):
    before = context.correlation_id
    await asyncio.sleep(pause)
    return [id(asyncio.get_running_loop()), threading.current_thread().name, before, context.correlation_id]


@program
async def meet(parties: int):
    """Return when so many calls are here at the same time: they share one loop."""
    global barrier
    barrier = globals().get("barrier") or [0, asyncio.Event()]
    barrier[0] += 1
    if barrier[0] == parties:
        barrier[1].set()
    await barrier[1].wait()
    return context.correlation_id


@program
async def exit_on_loop():
    sys.exit(3)


@program
def thread_has_call():
    found = []

    def look():
        try:
            found.append(context.program)
        except RuntimeError:
            found.append(None)

    thread = threading.Thread(target=look)
    thread.start()
    thread.join()
    return found[0]


@program
def clean_up_slowly_once():
    _begin()
    time.sleep(0.3)
    _spin()


@program
def close_memory(descriptors: list):
    for descriptor in descriptors:
        os.close(descriptor)


@program
def make_bytes(size: int) -> bytes:
    return b"x" * size


@program
def leave_zombie():
    child = subprocess.Popen(["true"])
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
    _begin()
    time.sleep(3600)


@program
def fork_without_memory(descriptors: list):
    """Fork after the memory was closed; the child has to leave the channels to its parent."""
    for descriptor in descriptors:
        os.close(descriptor)
    pid = os.fork()
    if pid == 0:
        print("printed by the child")
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])

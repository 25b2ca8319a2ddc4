"""The example programs of Vivarium: every behaviour of a worker, to be tried by hand."""

from __future__ import annotations

import hashlib
import os
import signal as signals
import statistics as stats
import subprocess
import threading
import time
from typing import TYPE_CHECKING, Any, Optional

from vivarium_worker import context, program

if TYPE_CHECKING:
    from collections.abc import Iterator

_MEGABYTE = 1024 * 1024
_NOISE = "The quick brown fox jumps over the lazy dog, and nobody is there to see it."


@program(idempotent=True)
def echo(**inputs: Any) -> dict[str, Any]:  # noqa: ANN401 - any JSON object comes back
    """Return the inputs."""
    return inputs


@program(idempotent=True)
def statistics(numbers: list[float]) -> dict[str, float]:
    """Return count, smallest, largest, mean and standard deviation of ``numbers``."""
    if not numbers:
        raise ValueError("there are no statistics of no numbers")
    return {
        "count": len(numbers),
        "minimum": min(numbers),
        "maximum": max(numbers),
        "mean": stats.fmean(numbers),
        "deviation": stats.pstdev(numbers),
    }


@program
def count(step: int = 1) -> dict[str, int]:
    """Add ``step`` to the counter of this session and return it."""
    context.session["count"] = context.session.get("count", 0) + step
    return {"count": context.session["count"]}


@program(idempotent=True)
def stream_numbers(amount: int = 10, pause_seconds: float = 0) -> Iterator[int]:
    """Yield the numbers from 0, ``amount`` of them, with a pause before each."""
    for number in range(amount):
        if pause_seconds:
            time.sleep(pause_seconds)
        yield number


@program(idempotent=True)
def sleep(seconds: float = 1) -> dict[str, float]:
    """Wait without using the processor."""
    time.sleep(seconds)
    return {"slept_seconds": seconds}


@program(idempotent=True)
def spin(seconds: float = 1) -> dict[str, int]:
    """Keep one processor busy, and return how often it went round."""
    end = time.monotonic() + seconds
    rounds = 0
    while time.monotonic() < end:
        rounds += 1
    return {"rounds": rounds}


@program
def fail(message: str = "failed on request") -> None:
    """Raise an error with this message."""
    raise RuntimeError(message)


@program
def crash(code: int = 1, signal: Optional[int] = None) -> None:  # noqa: UP045 - for Python 3.9
    """End the worker's process with an exit code, or by a signal."""
    if signal is not None:
        os.kill(os.getpid(), signals.Signals(signal))
    os._exit(code)


@program(idempotent=True)
def allocate(megabytes: int = 100, seconds: float = 0) -> dict[str, int]:
    """Hold this much memory, written to so that it is really there, for some time."""
    held = [bytearray(os.urandom(1)) * _MEGABYTE for _ in range(megabytes)]
    time.sleep(seconds)
    return {"megabytes": len(held)}


@program(idempotent=True)
def print_noise(megabytes: float = 1) -> dict[str, int]:
    """Print this much text, line by line."""
    lines = int(megabytes * _MEGABYTE) // (len(_NOISE) + 1)
    for _ in range(lines):
        print(_NOISE)
    return {"lines": lines}


@program(idempotent=True)
def hash_bytes(data: bytes) -> dict[str, Any]:
    """Return size and SHA-256 of ``data``, which is given as base64 text."""
    return {"size": len(data), "sha256": hashlib.sha256(data).hexdigest()}


@program(idempotent=True)
def echo_bytes(data: bytes) -> bytes:
    """Return ``data`` as it came, binary if it came so."""
    return data


@program(idempotent=True)
def slow_steps(steps: int = 10, pause_seconds: float = 0.1) -> dict[str, int]:
    """Take steps with a pause before each, and report progress after each."""
    for step in range(1, steps + 1):
        time.sleep(pause_seconds)
        context.progress(step / steps, f"step {step} of {steps}")
    return {"steps": steps}


@program
def deadlock() -> None:
    """Wait for ever: two threads hold a lock each and want the other's."""
    first, second = threading.Lock(), threading.Lock()
    both_hold = threading.Barrier(2)

    def take(one: threading.Lock, other: threading.Lock) -> None:
        with one:
            both_hold.wait()
            print("holding one lock and waiting for the other")
            with other:
                print("the other one let go")

    threading.Thread(target=take, args=(second, first), name="other", daemon=True).start()
    take(first, second)


@program
def hold_interpreter(rounds: int = 10**9) -> dict[str, int]:
    """Keep the interpreter for itself: one call of C code that looks at no signal until its end."""
    print("holding the interpreter")
    return {"sum": sum(range(rounds))}


@program
def spawn_child(seconds: float = 60) -> dict[str, int]:
    """Run another process and wait for its end."""
    with subprocess.Popen(["sleep", str(seconds)]) as child:  # noqa: S603, S607 - a number
        print("waiting for process", child.pid)
        try:
            return {"code": child.wait()}
        except BaseException:
            child.kill()
            raise


@program
def stubborn(seconds: float = 60) -> dict[str, int]:
    """Go on for some time, whatever is raised: so no cancellation is obeyed."""
    end = time.monotonic() + seconds
    raised = 0
    while True:
        try:
            while time.monotonic() < end:
                time.sleep(0.01)
            return {"raised": raised}  # noqa: TRY300 - all of it has to be inside
        except BaseException:  # noqa: BLE001 - the point
            raised += 1

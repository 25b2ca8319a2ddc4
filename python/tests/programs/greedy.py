"""Programs that use more than they may."""

import asyncio
import mmap
import os
import time
from collections.abc import Iterator

from vivarium_worker import program

_MEGABYTE = 1024 * 1024


def _burn(seconds: float) -> int:
    rounds = 0
    end = time.process_time() + seconds
    while time.process_time() < end:
        rounds += 1
    return rounds


@program
def burn(seconds: float) -> int:
    """Use processor time."""
    return _burn(seconds)


@program
def burn_and_catch(seconds: float) -> int:
    """Use processor time, whatever is raised by way of an ``Exception``."""
    while True:
        try:
            return _burn(seconds)
        except Exception:  # noqa: BLE001, S112 - the point
            continue


@program
def burn_stubbornly(seconds: float, times: int) -> str:
    """Use processor time and catch everything, ``times`` times."""
    for _ in range(times):
        try:
            _burn(seconds)
        except BaseException:  # noqa: BLE001, S112 - the point
            continue
    _burn(seconds)
    return "not stopped"


@program
def burn_and_print(seconds: float) -> None:
    """Use processor time mostly inside the runtime."""
    end = time.process_time() + seconds
    while time.process_time() < end:
        print("x" * 50)


@program
def burn_in_steps(seconds: float) -> Iterator[int]:
    """Use processor time inside a generator."""
    yield _burn(seconds)


@program
async def burn_on_a_loop(seconds: float) -> int:
    """Use processor time inside a coroutine."""
    await asyncio.sleep(0)
    return _burn(seconds)


@program
def rest(seconds: float) -> str:
    """Use hardly any processor time."""
    time.sleep(seconds)
    return "rested"


@program
def take(megabytes: int) -> int:
    """Take memory that is really there."""
    return len(bytes(bytearray(os.urandom(1)) * (megabytes * _MEGABYTE)))


@program
def share(megabytes: int) -> int:
    """Take memory that the kernel does not count as this process' data."""
    with mmap.mmap(-1, megabytes * _MEGABYTE) as memory:
        for at in range(0, megabytes * _MEGABYTE, 4096):
            memory[at] = 1
        return len(memory)

"""A program that uses what has to be cleaned up: by whoever ends, or by whoever sees its end."""

import atexit
import os
import tempfile
from multiprocessing import shared_memory
from pathlib import Path

import joblib
import numpy

from vivarium_worker import program

MARKS = Path(os.environ["MARKS"])
kept = []


def mark() -> None:
    with (MARKS / "ended").open("a") as ended:
        ended.write(f"{os.getpid()}\n")


@program
def use(n: int) -> float:
    atexit.register(mark)
    kept.append(tempfile.TemporaryDirectory(dir=MARKS))
    kept.append(shared_memory.SharedMemory(create=True, size=1_000_000))
    unflushed = (MARKS / f"unflushed-{os.getpid()}").open("w")
    unflushed.write("written\n")
    kept.append(unflushed)
    large = numpy.ones(n)  # memory-mapped for the jobs, in a folder of joblib's
    totals = joblib.Parallel(n_jobs=2, max_nbytes=1000)(
        joblib.delayed(numpy.sum)(large) for _ in range(4)
    )
    return float(sum(totals))

"""The same short work under the names p0 to p99: numbers are kept for each name."""

from __future__ import annotations

import time

from vivarium_worker import program

_PROGRAMS = 100


def work(n: int) -> dict[str, int]:
    """Wait 0 to 0.2 ms and give ``n`` back; one call in a thousand fails."""
    time.sleep(0.0001 * (n % 3))
    if n % 1000 == 999:
        raise ValueError(n)
    return {"n": n}


for _number in range(_PROGRAMS):
    program(name=f"p{_number}")(work)

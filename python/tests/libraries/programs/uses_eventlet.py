"""Programs on eventlet, which has replaced most of what waits in the standard library."""

import eventlet

eventlet.monkey_patch()

import time

from vivarium_worker import program


@program
def work(n: int) -> int:
    pool = eventlet.GreenPool()
    for _ in range(3):
        pool.spawn(time.sleep, 0.01)
    pool.waitall()
    return 2 * n


@program
def wait() -> None:
    eventlet.sleep(3600)

"""Has a loop that cannot be renewed in a worker, and something to do at the end."""

import asyncio
import atexit
import os
from pathlib import Path

from vivarium_worker import program

LOOP = asyncio.new_event_loop()


def refuse():
    raise OSError("no descriptor is left")


LOOP._make_self_pipe = refuse
atexit.register(Path(os.environ["MARKS"], "ended").touch)


@program
def work():
    return 1

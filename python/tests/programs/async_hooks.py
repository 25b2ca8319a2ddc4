"""Hooks that are async, and share a loop with the programs."""

import asyncio
import os
from pathlib import Path

from vivarium_worker import on_start, on_stop, program

state = {}


@on_start
async def connect():
    state["loop"] = asyncio.get_running_loop()
    state["beats"] = asyncio.create_task(beat())


async def beat():
    while True:
        await asyncio.sleep(3600)


@on_stop
async def disconnect():
    same = asyncio.get_running_loop() is state["loop"]
    Path(os.environ["MARKS"], "stopped").write_text(f"{same} {state['beats'].done()}")


@program
async def look():
    return [asyncio.get_running_loop() is state["loop"], state["beats"].done()]


@program
async def leave_task():
    state["left"] = asyncio.create_task(beat())
    try:
        yield "begun"
    finally:
        Path(os.environ["MARKS"], "closed").write_text("closed")

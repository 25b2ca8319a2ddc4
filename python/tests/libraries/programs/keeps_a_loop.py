"""Programs that use a loop which was made while the module was imported."""

import asyncio

from vivarium_worker import program

LOOP = asyncio.new_event_loop()
asyncio.set_event_loop(LOOP)


async def _double(n: int) -> int:
    reader, writer = asyncio.Event(), asyncio.Event()
    LOOP.call_later(0.01, reader.set)
    LOOP.run_in_executor(None, LOOP.call_soon_threadsafe, writer.set)
    await reader.wait()
    await writer.wait()
    return 2 * n


@program
def work(n: int) -> int:
    return LOOP.run_until_complete(_double(n))


@program
def wait() -> None:
    LOOP.run_until_complete(asyncio.sleep(3600))

"""Programs on uvloop: the loop of async programs, and loops that a plain function runs."""

import asyncio

import uvloop

from vivarium_worker import program

asyncio.set_event_loop_policy(uvloop.EventLoopPolicy())


@program
async def work(n: int) -> int:
    assert isinstance(asyncio.get_running_loop(), uvloop.Loop)
    await asyncio.sleep(0.01)
    return 2 * n


@program
def work_in_a_loop_of_its_own(n: int) -> int:
    return asyncio.run(work(n))


@program
async def wait() -> None:
    await asyncio.sleep(3600)


@program
def wait_in_a_loop_of_its_own() -> None:
    asyncio.run(wait())

"""Programs on loops that may run within themselves."""

import asyncio

import nest_asyncio

from vivarium_worker import program

nest_asyncio.apply()


async def _double(n: int) -> int:
    await asyncio.sleep(0.01)
    return 2 * n


@program
async def work(n: int) -> int:
    return asyncio.get_event_loop().run_until_complete(_double(n))


@program
def work_in_a_loop_of_its_own(n: int) -> int:
    return asyncio.run(work(n))


@program
async def wait() -> None:
    await asyncio.sleep(3600)

"""Programs on trio."""

import trio

from vivarium_worker import program


async def _double(n: int) -> int:
    async with trio.open_nursery() as nursery:
        nursery.start_soon(trio.sleep, 0.01)
    return 2 * n


@program
def work(n: int) -> int:
    return trio.run(_double, n)


@program
def wait() -> None:
    trio.run(trio.sleep_forever)

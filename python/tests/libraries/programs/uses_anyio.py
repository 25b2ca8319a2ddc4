"""Programs on anyio, with either backend, and in the loop of async programs."""

import anyio

from vivarium_worker import program


async def _double(n: int) -> int:
    async with anyio.create_task_group() as group:
        group.start_soon(anyio.sleep, 0.01)
    return 2 * n


@program
async def work(n: int) -> int:
    return await _double(n)


@program
def work_on_trio(n: int) -> int:
    return anyio.run(_double, n, backend="trio")


@program
def work_on_asyncio(n: int) -> int:
    return anyio.run(_double, n, backend="asyncio")


@program
async def wait() -> None:
    await anyio.sleep_forever()

"""Everything that can be called, as programs."""

import functools

from vivarium_worker import program


class Greeter:
    def __init__(self, greeting):
        self.greeting = greeting

    def __call__(self, name: str) -> str:
        """Greets somebody."""
        return f"{self.greeting} {name}"

    @program
    @staticmethod
    def shout(text: str) -> str:
        return text.upper()


class Waiter:
    async def __call__(self, name: str) -> str:
        return f"waited for {name}"


def power(base: int, exponent: int) -> int:
    """Raises base."""
    return base**exponent


@program
@functools.lru_cache
def cached(n: int) -> int:
    return n + 1


program(name="greet")(Greeter("hello"))
program(name="wait_for")(Waiter())
program(functools.partial(power, exponent=2))
program(name="cube")(functools.partial(functools.partial(power), exponent=3))

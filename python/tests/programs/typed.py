import enum
from dataclasses import dataclass
from typing import Any, Dict, List, Literal, Optional, TypedDict, Union

from vivarium_worker import context, program


class Color(enum.Enum):
    RED = "red"
    GREEN = "green"


@dataclass
class Item:
    name: str
    price: float
    tags: Optional[List[str]] = None


@program(name="typed_items", idempotent=True, timeout=2.5)
def items(items: List[Item], color: Color = Color.RED) -> Dict[str, Any]:
    """Adds up prices."""
    assert all(isinstance(item, Item) for item in items)
    return {"total": sum(item.price for item in items), "color": color, "first": items[0]}


@program
def no_inputs():
    return None


@program
def give(what: str):
    cycle: list = []
    cycle.append(cycle)
    deep: Any = None
    for _ in range(100_000):
        deep = [deep]
    return {
        "complex": {"items": [1, 2, 3, 1j]},
        "set": [{"a": {1}}],
        "object": {"x": object()},
        "nan": {"rows": [[1.0, float("nan")]]},
        "infinity": float("-inf"),
        "equal keys": {"years": {2020: 1, "2020": 2}},
        "cycle": {"loop": cycle},
        "deep": deep,
        "surrogate": ["\ud800"],
        "tuple": (1, (2, "zwei")),
        "color": [Color.GREEN],
        "item": Item("a", 1.5),
        "long": "x" * 1_000_000,
    }[what]


@program
async def slow_echo(text: str, pause: float = 0.0):
    import asyncio

    await asyncio.sleep(pause)
    return {"text": text, "session": context.session_id}


@program
async def count_async(amount: int):
    for number in range(amount):
        yield number


@program
async def leaves_task():
    import asyncio

    asyncio.get_running_loop().create_task(asyncio.sleep(3600))
    return len(asyncio.all_tasks())


@program
def describe_call():
    return {
        "session": context.session_id,
        "correlation": context.correlation_id,
        "project": context.project_id,
        "execution": context.execution_id,
        "task": context.task_id,
        "node": context.node,
        "trace": context.traceparent,
        "state": context.tracestate,
        "baggage": context.baggage,
        "program": context.program,
        "remaining": context.remaining_seconds,
        "cancelled": context.cancelled,
    }


@program
def count_and_fail():
    context.session["count"] += 1
    raise ValueError("after the count")


@program
def keep(what: str):
    context.session["kept"] = (lambda: 0) if what == "lambda" else "x" * 1_000_000

"""The examples of docs/PYTHON.md: all of them are Python, and those for tests pass."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from vivarium_worker import context, program
from vivarium_worker.programs.registry import REGISTRY

PAGE = (Path(__file__).parents[2] / "docs" / "PYTHON.md").read_text()
EXAMPLES = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)


@pytest.fixture
def programs() -> Iterator[None]:
    before = dict(REGISTRY.programs)
    sys.modules["programs"] = ModuleType("programs")  # as the page calls the module of its programs
    yield
    del sys.modules["programs"]
    REGISTRY.programs.clear()
    REGISTRY.programs.update(before)


@pytest.mark.parametrize("example", EXAMPLES)
def test_each_example_is_python(example: str) -> None:
    compile(example, "PYTHON.md", "exec")


@pytest.mark.usefixtures("programs")
def test_the_documented_tests_pass() -> None:
    names: dict[str, Any] = {}
    exec(EXAMPLES[0], names)  # noqa: S102 - our own page

    @program
    def count(step: int) -> None:
        context.session["count"] += step

    exec(EXAMPLES[-1], names)  # noqa: S102 - our own page
    tests = [each for name, each in names.items() if name.startswith("test_")]
    assert len(tests) == 3
    for each in tests:
        each()

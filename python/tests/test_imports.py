"""The map of the sub-packages: who may import whom, read from the sources."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1] / "src" / "vivarium_worker"
NAME = ROOT.name

MAP: dict[str, set[str]] = {
    "system": set(),
    "validation": set(),
    "diagnostics": {"system"},
    "protocol": {"system", "validation"},
    "programs": {"diagnostics", "protocol", "validation"},
    "calls": {"diagnostics", "programs", "protocol", "system"},
    "worker": {"calls", "diagnostics", "programs", "protocol", "system"},
    "forkserver": {"diagnostics", "programs", "protocol", "system", "worker"},
    "guardian": {"forkserver", "protocol", "system"},
    "": {"calls", "forkserver", "guardian", "programs", "worker"},
}
"""What the modules of each sub-package import of others; ``""`` is the package itself."""

Graph = dict[str, set[str]]


def module_name(path: Path) -> str:
    parts = path.relative_to(ROOT.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {module_name(path): path for path in sorted(ROOT.rglob("*.py"))}


def sub_package(module: str) -> str:
    return module.split(".")[1] if module.count(".") > 1 or MODULES[module].parent != ROOT else ""


def is_type_checking(node: ast.stmt) -> bool:
    return (
        isinstance(node, ast.If)
        and isinstance(node.test, ast.Name)
        and node.test.id == "TYPE_CHECKING"
    )


def imported(node: ast.AST) -> set[str]:
    """Return the modules of ours that one statement imports."""
    if isinstance(node, ast.Import):
        names = {alias.name for alias in node.names}
    elif isinstance(node, ast.ImportFrom):
        assert not node.level, "imports are absolute"
        inner = {f"{node.module}.{alias.name}" for alias in node.names}
        names = {name if name in MODULES else str(node.module) for name in inner}
    else:
        return set()
    return {name for name in names if name.split(".")[0] == NAME}


def imports_of(tree: ast.AST, *, with_types: bool) -> set[str]:
    found = imported(tree)
    for child in ast.iter_child_nodes(tree):
        if with_types or not (isinstance(child, ast.stmt) and is_type_checking(child)):
            found |= imports_of(child, with_types=with_types)
    return found


def graph(*, with_types: bool) -> Graph:
    trees = {name: ast.parse(path.read_text()) for name, path in MODULES.items()}
    return {name: imports_of(tree, with_types=with_types) for name, tree in trees.items()}


def between_packages(modules: Graph) -> Graph:
    edges: Graph = {package: set() for package in MAP}
    for module, targets in modules.items():
        mine = sub_package(module)
        edges[mine] |= {sub_package(target) for target in targets} - {mine}
    return edges


def cycle_in(edges: Graph) -> list[str]:
    """Return the nodes that stay when those without targets are taken away, again and again."""
    left = dict(edges)
    while True:
        leaves = {node for node, targets in left.items() if not targets & left.keys()}
        if not leaves:
            return sorted(left)
        left = {node: targets for node, targets in left.items() if node not in leaves}


@pytest.mark.parametrize("with_types", [False, True])
def test_no_module_imports_itself_by_way_of_others(with_types: bool) -> None:  # noqa: FBT001
    modules = graph(with_types=with_types)

    assert modules[f"{NAME}.calls.slot"] >= {f"{NAME}.protocol.frames"}
    assert cycle_in(modules) == []


def test_no_sub_package_imports_itself_by_way_of_others() -> None:
    assert cycle_in(between_packages(graph(with_types=True))) == []


def test_sub_packages_import_what_the_map_grants_and_nothing_else() -> None:
    assert between_packages(graph(with_types=True)) == MAP


def test_what_only_a_type_checker_imports_opens_no_way_of_its_own() -> None:
    assert between_packages(graph(with_types=False)) == MAP


def test_a_cycle_is_found() -> None:
    assert cycle_in({"a": {"b"}, "b": {"c"}, "c": {"b"}, "d": set()}) == ["a", "b", "c"]


@pytest.mark.parametrize("package", [package for package in MAP if package])
def test_a_sub_package_is_one_concept(package: str) -> None:
    modules = [path for path in (ROOT / package).glob("*.py") if path.stem != "__init__"]
    tree = ast.parse((ROOT / package / "__init__.py").read_text())
    described = ast.get_docstring(tree) or ""
    start = re.search(r"Start at :mod:`~([\w.]+)`", described)

    assert 3 <= len(modules) <= 9
    assert len(tree.body) == 1, "nothing is imported on the way to a module"
    assert start is not None
    assert start[1] in MODULES
    assert "must not" in described
    assert len(re.findall(r"\.(?:\s|$)", described)) <= 3


def test_the_document_lists_the_sub_packages_from_bottom_to_top() -> None:
    document = (ROOT.parents[2] / "docs" / "ARCHITECTURE.md").read_text()
    table = document.split("The sub-packages of `python/src/vivarium_worker`")[1].split("\n\n")[1]
    listed = re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE)

    assert sorted(listed) == sorted(package for package in MAP if package)
    assert all(MAP[package] <= set(listed[:at]) for at, package in enumerate(listed))


def test_no_module_is_imported_by_a_string() -> None:
    for name, path in MODULES.items():
        for node in ast.walk(ast.parse(path.read_text())):
            by_string = isinstance(node, ast.Constant) and str(node.value).startswith(f"{NAME}.")
            assert not by_string, f"{name} names a module of ours in a string"


def test_no_library_is_imported_whose_objects_travel() -> None:
    libraries = {"attr", "attrs", "numpy", "pandas", "PIL", "polars", "pyarrow", "pydantic"}

    for name, path in MODULES.items():
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, (ast.Import, ast.ImportFrom)):
                named = [alias.name for alias in node.names] + [getattr(node, "module", "") or ""]
                assert libraries.isdisjoint(each.split(".")[0] for each in named), name

from __future__ import annotations

import enum
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, NewType, Optional, TypedDict, Union

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typing_extensions import NotRequired

from vivarium_worker.programs.errors import CallError
from vivarium_worker.programs.signature import Signature
from vivarium_worker.validation.hints import HintError, check_of, name_of

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
UserId = NewType("UserId", int)


class Color(enum.Enum):
    RED = "red"
    GREEN = "green"


class Level(enum.IntEnum):
    LOW = 1
    HIGH = 2


class Corner(enum.Enum):
    ORIGIN = (0, 0)
    END = (1, 1)


@dataclass
class Item:
    name: str
    price: float
    tags: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        if self.price < 0:
            raise ValueError("a price is not negative")


@dataclass
class Tree:
    value: int
    children: list[Tree]


class Options(TypedDict):
    depth: int
    note: NotRequired[str]


def accept(hint: object, value: object) -> object:
    def program(given: Any) -> None:
        raise NotImplementedError(given)

    program.__annotations__["given"] = hint
    inputs = {"given": value}
    Signature(program).accept(inputs)
    return inputs["given"]


def refusal(hint: object, value: object) -> tuple[str | None, str]:
    with pytest.raises(CallError) as refused:
        accept(hint, value)
    assert (refused.value.category, refused.value.kind) == ("validation_error", "InvalidInput")
    return refused.value.field, str(refused.value)


@pytest.mark.parametrize(
    ("hint", "value", "given"),
    [
        (int, 3, 3),
        (float, 3, 3),
        (float, 2.5, 2.5),
        (str, "", ""),
        (bool, True, True),
        (None, None, None),
        (bytes, "aGk=", b"hi"),
        (Any, {"a": [1]}, {"a": [1]}),
        (object, None, None),
        (list, [1, "a"], [1, "a"]),
        (list[int], [], []),
        (Sequence[str], ["a"], ["a"]),
        (dict, {"a": 1}, {"a": 1}),
        (Mapping[str, int], {"a": 1}, {"a": 1}),
        (dict[str, Item], {"a": {"name": "n", "price": 1}}, {"a": Item("n", 1)}),
        (tuple[int, str], [1, "a"], (1, "a")),
        (tuple[int, ...], [1, 2], (1, 2)),
        (tuple, [1, "a"], (1, "a")),
        (set[int], [1, 1, 2], {1, 2}),
        (frozenset[str], ["a"], frozenset({"a"})),
        (Optional[int], None, None),
        (Optional[int], 4, 4),
        (Union[int, str], "a", "a"),
        (Union[Item, str], {"name": "n", "price": 2}, Item("n", 2)),
        (Literal["a", 1], 1, 1),
        (Color, "green", Color.GREEN),
        (Level, 2, Level.HIGH),
        (Corner, "END", Corner.END),
        (Item, {"name": "n", "price": 1.5, "tags": ["t"]}, Item("n", 1.5, ["t"])),
        (Tree, {"value": 1, "children": [{"value": 2, "children": []}]}, Tree(1, [Tree(2, [])])),
        (Options, {"depth": 1}, {"depth": 1}),
        (Options, {"depth": 1, "note": "n"}, {"depth": 1, "note": "n"}),
        (UserId, 7, 7),
    ],
)
def test_a_value_that_fits_its_hint_arrives_converted(
    hint: object, value: object, given: object
) -> None:
    arrived = accept(hint, value)

    assert arrived == given
    assert type(arrived) is type(given)


@pytest.mark.parametrize(
    ("hint", "value", "place", "told"),
    [
        (int, True, "given", "expected int, got bool True"),
        (int, 1.0, "given", "expected int, got float 1.0"),
        (float, True, "given", "expected float, got bool True"),
        (float, "1", "given", "expected float, got str '1'"),
        (str, None, "given", "expected str, got null"),
        (bool, 0, "given", "expected bool, got int 0"),
        (None, 0, "given", "expected None, got int 0"),
        (str, "x" * 0 or ["x"], "given", "expected str, got list"),
        (int, "x" * 100, "given", f"expected int, got str '{'x' * 39}..."),
        (bytes, "a!", "given", "expected bytes as base64 text, got str 'a!'"),
        (list[int], {"a": 1}, "given", "expected list, got dict"),
        (list[int], [1, "a"], "given[1]", "expected int, got str 'a'"),
        (list[Item], [{"name": "n", "price": 1}] * 2 + [{"name": "n", "price": "x"}],
         "given[2].price", "expected float, got str 'x'"),
        (dict[str, int], {"a": 1, "b": None}, "given.b", "expected int, got null"),
        (dict[str, int], [], "given", "expected dict, got list"),
        (tuple[int, str], [1], "given", "expected tuple of 2, got list"),
        (tuple[int, str], [1, 2], "given[1]", "expected str, got int 2"),
        (set[Any], [{}], "given", "expected set of plain values, got list"),
        (Optional[list[int]], [None], "given[0]", "expected int, got null"),
        (Union[int, str], [], "given", "expected int | str, got list"),
        (Literal["a", 1], True, "given", "expected 'a' or 1, got bool True"),
        (Literal["a"], ["a"], "given", "expected 'a', got list"),
        (Color, "blue", "given", "expected 'red' or 'green', got str 'blue'"),
        (Level, True, "given", "expected 1 or 2, got bool True"),
        (Item, [], "given", "expected Item, got list"),
        (Item, {"name": "n"}, "given.price", "expected this field of Item, got nothing"),
        (Item, {"name": "n", "price": 1, "cost": 2}, "given.cost", "no such field in Item"),
        (Item, {"name": "n", "price": -1}, "given", "Item (a price is not negative)"),
        (Tree, {"value": 1, "children": [{"value": "x", "children": []}]},
         "given.children[0].value", "expected int, got str 'x'"),
        (Options, {}, "given.depth", "expected this field of Options, got nothing"),
        (Options, {"depth": 1, "note": 2}, "given.note", "expected str, got int 2"),
    ],
)  # fmt: skip
def test_a_value_that_does_not_fit_is_named_by_place_and_kind(
    hint: object, value: object, place: str, told: str
) -> None:
    found, message = refusal(hint, value)

    assert found == place
    assert message.startswith(f"{place}: ")
    assert told in message


@pytest.mark.parametrize(
    ("hint", "told"),
    [
        (
            dict[float, str],
            "the keys of a JSON object must be str, int, UUID or an Enum, not float",
        ),
        (complex, "complex is not a type that inputs can have"),
        (list[complex], "complex is not a type that inputs can have"),
        ("Elsewhere", "the type hint 'Elsewhere' cannot be evaluated"),
    ],
)
def test_a_hint_that_no_input_can_satisfy_is_refused_when_it_is_compiled(
    hint: object, told: str
) -> None:
    with pytest.raises(HintError, match=r"parameter given of .*program: ") as refused:
        accept(hint, None)

    assert told in str(refused.value)


def test_missing_and_unknown_inputs_are_named() -> None:
    def program(words: int, text: str = "") -> str:
        return text * words

    signature = Signature(program)
    with pytest.raises(CallError, match="words: this input is missing") as missing:
        signature.accept({"text": "a"})
    with pytest.raises(CallError, match="word: there is no such input; the inputs are words, text"):
        signature.accept({"word": 1})
    assert missing.value.field == "words"


def test_a_program_without_parameters_takes_no_inputs() -> None:
    signature = Signature(lambda: None)

    signature.accept({})
    with pytest.raises(CallError, match="x: there is no such input; it takes none"):
        signature.accept({"x": 1})


def test_further_inputs_are_checked_by_the_hint_of_the_double_star() -> None:
    def program(first: str, **others: int) -> object:
        return first, others

    signature = Signature(program)
    signature.accept({"first": "a", "second": 2})
    with pytest.raises(CallError, match="third: expected int, got str 'x'"):
        signature.accept({"first": "a", "third": "x"})


def test_a_positional_only_parameter_is_refused() -> None:
    def program(x: int, /) -> int:
        return x

    with pytest.raises(HintError, match=r"parameter x of .*program is positional-only"):
        Signature(program)


def test_a_return_hint_that_only_a_type_checker_knows_does_no_harm() -> None:
    def program(x: int) -> int:
        return x

    program.__annotations__["return"] = "Iterator[int]"
    signature = Signature(program)

    assert signature.returns == "Iterator[int]"
    with pytest.raises(CallError, match="expected int"):
        signature.accept({"x": "a"})


def test_a_parameter_whose_default_is_none_takes_null_on_every_python() -> None:
    def program(x: int = None) -> None:  # type: ignore[assignment]  # noqa: RUF013 - the point
        raise NotImplementedError(x)

    signature = Signature(program)

    signature.accept({"x": None})
    assert signature.parameters == [{"name": "x", "type": "int | None", "required": False}]
    with pytest.raises(CallError, match="expected int"):
        signature.accept({"x": "a"})


def test_parameters_are_described_in_words_of_python() -> None:
    def program(a: Any, b: Any = 1, *, c: Any = None) -> Item:
        raise NotImplementedError(a, b, c)

    program.__annotations__.update(a=list[Optional[str]], b=Union[int, Literal["x"]])
    described = Signature(program)
    assert described.parameters == [
        {"name": "a", "type": "list[str | None]", "required": True},
        {"name": "b", "type": "int | 'x'", "required": False},
        {"name": "c", "type": "Any", "required": False},
    ]
    assert described.returns == "Item"
    assert name_of(Optional[Any]) == "Any"
    assert name_of(tuple[int, ...]) == "tuple[int, ...]"


@given(JSON)
def test_any_json_passes_where_anything_is_taken(value: object) -> None:
    assert check_of(Any)(value) is value


@given(JSON, st.sampled_from([int, list[Optional[str]], dict[str, float], Item, Tree, Options]))
def test_any_json_is_either_taken_or_refused_with_a_place(value: object, hint: object) -> None:
    place: str | None = "given"
    try:
        accept(hint, value)
    except CallError as refused:
        place = refused.field
    assert place is not None
    assert place.startswith("given")

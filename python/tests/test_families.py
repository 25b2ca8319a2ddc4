from __future__ import annotations

import pytest

from families import lines

HEAD = "# HELP a_total Things.\n# TYPE a_total counter\n"


def test_a_right_text_is_read_family_by_family() -> None:
    text = HEAD + 'a_total{b="x\\n\\"y\\""} 1\n# HELP g Some.\n# TYPE g gauge\ng NaN\ng{c="d"} 2\n'
    assert lines(text) == ["a counter 1", "g gauge 2"]


def test_open_metrics_has_an_end_and_counters_without_their_suffix() -> None:
    text = "# HELP a Things.\n# TYPE a counter\na_total 1\n# EOF\n"
    assert lines(text, openmetrics=True) == ["a counter 1"]
    for broken in (text.replace("# EOF\n", ""), HEAD + "a_total 1\n# EOF\n"):
        with pytest.raises(ValueError, match=r"."):
            lines(broken, openmetrics=True)


@pytest.mark.parametrize(
    "text",
    [
        "",
        HEAD + "a_total one\n",
        HEAD + 'a_total{b="x} 1\n',
        HEAD + "a_total{b=x} 1\n",
        HEAD + "a_total 1\na_total 2\n",
        "b 1\n",
    ],
)
def test_a_broken_text_is_an_error(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        lines(text)

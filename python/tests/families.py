"""Read metrics from standard input with the official parser of Prometheus, or of OpenMetrics.

Print one line ``name type samples`` for each family; fail if the text is broken. The argument
``openmetrics`` chooses the latter.
"""

from __future__ import annotations

import sys

from prometheus_client import parser
from prometheus_client.openmetrics import parser as openmetrics_parser


def lines(text: str, *, openmetrics: bool = False) -> list[str]:
    """Return a line for each family of a text that is right."""
    read = openmetrics_parser if openmetrics else parser
    told = []
    seen = set()
    for family in read.text_string_to_metric_families(text):
        if family.type == "unknown" or not family.documentation:
            raise ValueError(f"{family.name} has no type or no help")
        for sample in family.samples:
            key = (sample.name, frozenset(sample.labels.items()))
            if key in seen:
                raise ValueError(f"{sample.name}{sample.labels} is told twice")
            seen.add(key)
        told.append(f"{family.name} {family.type} {len(family.samples)}")
    if not told:
        raise ValueError("there are no metrics")
    return told


if __name__ == "__main__":
    told = lines(sys.stdin.read(), openmetrics=sys.argv[1:] == ["openmetrics"])
    sys.stdout.writelines(line + "\n" for line in told)

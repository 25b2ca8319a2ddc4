"""Read metrics from standard input with the official parser of Prometheus.

Print one line ``name type samples`` for each family; fail if the text is broken.
"""

from __future__ import annotations

import sys

from prometheus_client.parser import text_string_to_metric_families


def lines(text: str) -> list[str]:
    """Return a line for each family of a text that is right."""
    told = []
    seen = set()
    for family in text_string_to_metric_families(text):
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
    sys.stdout.writelines(line + "\n" for line in lines(sys.stdin.read()))

"""Puts an object in its place that answers everything with itself."""

import sys

from vivarium_worker import program


class Everything:
    def __getattr__(self, name):
        return self


@program
def answer():
    return 42


sys.modules[__name__] = Everything()

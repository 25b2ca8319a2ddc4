"""Stands in for numpy, whose global generator repeats in every fork unless it is seeded anew."""

import random
import sys
import types

from vivarium_worker import program

generator = random.Random(1)
numpy_random = types.ModuleType("numpy.random")
numpy_random.seed = generator.seed
sys.modules["numpy.random"] = numpy_random


@program
def draw():
    return [generator.random() for _ in range(3)]

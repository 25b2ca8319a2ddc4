"""Stands in for a numpy and a torch that cannot be seeded."""

import sys
import types

from vivarium_worker import program

numpy_random = types.ModuleType("numpy.random")
numpy_random.seed = lambda: 1 // 0
sys.modules["numpy.random"] = numpy_random
sys.modules["torch"] = types.ModuleType("torch")


@program
def there():
    return True

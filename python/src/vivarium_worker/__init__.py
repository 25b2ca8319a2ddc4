"""The Python side of Vivarium: write programs with :func:`program`, see their call in ``context``.

Everything that is not exported here belongs to the processes that the server starts.
"""

from vivarium_worker.calls.context import context
from vivarium_worker.programs.encoders import encoder
from vivarium_worker.programs.errors import OperationCancelled
from vivarium_worker.programs.registry import on_fork, on_start, on_stop, program

__all__ = ["OperationCancelled", "context", "encoder", "on_fork", "on_start", "on_stop", "program"]

"""The fork server process: imports user code once, then starts workers and reports their exits.

Start at :mod:`~vivarium_worker.forkserver.process`. It must not know calls: a worker talks to the
server by channels of its own.
"""

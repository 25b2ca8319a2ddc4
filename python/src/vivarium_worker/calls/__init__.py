"""One call at a time: read, run and answer it, cancel it, stream from it.

Start at :mod:`~vivarium_worker.calls.slot`, the hot path. It must not know the process that it runs
in: what slots share is handed to them.
"""

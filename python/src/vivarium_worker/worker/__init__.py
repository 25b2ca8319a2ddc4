"""The worker process: its channels, its output and logs, its heartbeat, and slots for its calls.

Start at :mod:`~vivarium_worker.worker.process`. It must not know how the process was started.
"""

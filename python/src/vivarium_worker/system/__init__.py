"""What this runtime asks of Linux: processes and threads in ``/proc``, signals, exits, limits.

Start at :mod:`~vivarium_worker.system.reaping`. It must not know the protocol or any program.
"""

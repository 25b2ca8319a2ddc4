"""Where code runs, what went wrong, and what was left running.

Start at :mod:`~vivarium_worker.diagnostics.stack_frames`. It must not know what a call is.
"""

"""The user's programs: how they are registered, what they take and return.

Start at :mod:`~vivarium_worker.programs.registry`. It must not know how a call comes and goes.
"""

"""The guardian process: starts fork servers, and ends everything when the server is gone.

Start at :mod:`~vivarium_worker.guardian.process`. It must not import user code.
"""

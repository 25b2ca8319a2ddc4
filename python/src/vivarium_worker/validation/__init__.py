"""Type hints, compiled into checks that JSON values have to pass, and the forms of everyday types.

Start at :mod:`~vivarium_worker.validation.hints`. It must not know calls or frames: a check takes a
value and returns what a program gets, or raises a mismatch.
"""

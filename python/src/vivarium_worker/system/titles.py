"""The title of this process: what tells guardian, fork servers and workers apart in ``ps``."""

from __future__ import annotations

import ctypes
import logging
from pathlib import Path

from vivarium_worker.system.processes import prctl

_PR_SET_NAME = 15
_ARGUMENTS_START = 48 - 3
"""Index in ``/proc/self/stat`` of field 48 (``man 5 proc``), where field 3 follows the name."""


def set_title(title: str, name: str) -> None:
    """Show this process as ``title`` in ``ps``, and by its ``name``, of 15 characters, in ``top``.

    The title is written over the arguments, where the kernel reads them, and cut to their length;
    ``sys.argv`` is a copy and stays. A failure is only logged, at debug: a process works without.
    """
    try:
        prctl(_PR_SET_NAME, name.encode())
        _replace_arguments(title.encode())
    except Exception:
        logging.getLogger(__name__).debug("cannot set the process title %r", title, exc_info=True)


def _replace_arguments(title: bytes) -> None:
    fields = Path("/proc/self/stat").read_bytes().rpartition(b")")[2].split()
    start, end = (int(field) for field in fields[_ARGUMENTS_START : _ARGUMENTS_START + 2])
    size = end - start
    if not start or size < 1:
        raise OSError(f"the kernel does not say where the arguments are: {start} to {end}")
    # The last byte stays NUL: without it the kernel reads on, into the environment.
    ctypes.memmove(start, title[: size - 1].ljust(size, b"\0"), size)

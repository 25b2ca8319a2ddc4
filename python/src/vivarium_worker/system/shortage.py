"""What to do when the system has no more descriptors or processes to give, in words."""

from __future__ import annotations

import errno
from typing import Final

TOO_FEW_DESCRIPTORS: Final = (
    "raise the limit of open files (ulimit -n, LimitNOFILE of the service), "
    "or open fewer files and connections"
)
_REMEDIES: Final = {
    errno.EMFILE: TOO_FEW_DESCRIPTORS,
    errno.ENFILE: "the whole system has too many open files; raise fs.file-max",
    errno.EAGAIN: "raise the limit of processes (ulimit -u, TasksMax or pids.max of the container)",
}


def remedy(error: BaseException) -> str:
    """Return what to do, to follow what ``error`` says; empty if no limit of the system is hit."""
    found = _REMEDIES.get(error.errno or 0) if isinstance(error, OSError) else None
    return f"; {found}" if found else ""


def is_of_descriptors(error: BaseException) -> bool:
    """Return whether ``error`` came for want of a file descriptor."""
    return isinstance(error, OSError) and error.errno in {errno.EMFILE, errno.ENFILE}

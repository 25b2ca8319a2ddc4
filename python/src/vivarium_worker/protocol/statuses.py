"""Exit statuses of the processes of this runtime: docs/PROTOCOL.md, section 2."""

from __future__ import annotations

from typing import Final

STATUS_FAILED: Final = 1
"""What the user brought could not be loaded, and ``FAILED`` was sent."""

STATUS_REJECTED: Final = 69
"""The server was not there, or did not let the process in."""

STATUS_NO_DESCRIPTORS: Final = 71
"""The process could not connect, because there was no file descriptor left for it."""

STATUS_BROKEN: Final = 70
"""A malformed frame came, or user code has damaged the channels of its process."""

STATUS_SERVER_GONE: Final = 74
"""The server closed the connection without ``STOP``."""

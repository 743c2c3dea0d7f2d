"""The server's log: JSON lines on standard error, where systemd or a container picks them up."""

import logging
import sys
from typing import TextIO

from station_app.values.log_lines import JsonLines

log = logging.getLogger("county")


def begin(out: TextIO | None = None) -> None:
    """Let everything that is logged in this process leave as lines of `values.log_lines`."""
    handler = logging.StreamHandler(out or sys.stderr)
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.INFO)
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):
        library = logging.getLogger(name)
        library.handlers.clear()
        library.propagate = True
        library.setLevel(logging.WARNING)

"""The log of a station's PC: a few small files in the data folder, with nothing of anybody in them.

What the program stumbles over lands here, by its kind and its places (`values.log_lines`), and so
does what nobody has caught: the traceback of Python would repeat what an operator typed, and a
system's own journal keeps what is written to the terminal.
"""

import logging
import sys
import threading
from collections.abc import Callable
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType

from station_app.values.log_lines import JsonLines

FOLDER, FILE = "logs", "station.log"
FILE_BYTES_MAX = 1024 * 1024  # three of them: weeks of a PC that stumbles daily
FILES_KEPT = 3
log = logging.getLogger("station")


class _Quiet(RotatingFileHandler):
    """Writes what it can: a full disk must not print the line to the terminal instead."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - Python's name
        """Leave it."""


def begin(data: Path) -> logging.Handler:
    """Let everything that is logged in this process go to the data folder; return what does it.

    A folder that cannot be written costs the log and nothing else.
    """
    handler: logging.Handler
    try:
        (data / FOLDER).mkdir(parents=True, exist_ok=True, mode=0o700)
        handler = _Quiet(
            data / FOLDER / FILE,
            maxBytes=FILE_BYTES_MAX,
            backupCount=FILES_KEPT - 1,
            encoding="ascii",
            delay=True,
        )
    except OSError:
        handler = logging.NullHandler()
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    return handler


def catch_the_rest(tell: Callable[[BaseException], None] = lambda _problem: None) -> None:
    """Log what nobody has caught instead of printing it. For the program with a window.

    tell: says it on the screen; called in the thread that stumbled.
    """

    def uncaught(
        _kind: type[BaseException], problem: BaseException, _trace: TracebackType | None
    ) -> None:
        log.critical("uncaught", exc_info=problem)
        sys.stderr.write(f"station: {type(problem).__name__}, see {FOLDER}/{FILE}\n")
        tell(problem)

    def uncaught_in_thread(hook: threading.ExceptHookArgs) -> None:
        if hook.exc_value is not None:
            uncaught(hook.exc_type, hook.exc_value, hook.exc_traceback)

    sys.excepthook = uncaught
    threading.excepthook = uncaught_in_thread

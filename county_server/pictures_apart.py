"""A clerk's picture is drawn anew in a process of its own, with a limit of memory and of time.

A decoder gets bytes that somebody made up. In a process of its own it can take what it may take
and no more, it can crash, and neither the stations' facts nor the other pages wait for it: the
server decodes nothing itself. Two pictures at a time are enough for an office; a third waits.

The child reads the file from its standard input and writes one line, why it refuses ("" if it does
not), and then the picture.
"""

import contextlib
import os
import subprocess
import sys
import threading
from typing import Final

from station_app.security.pictures import (
    DAMAGED,
    FILE_BYTES_MAX,
    TOO_MANY_DOTS,
    PictureRefused,
    cleaned,
)

SECONDS: Final = 20.0  # the largest picture that is taken needs two on a machine of ten years ago
MEMORY_BYTES: Final = 1024 * 1024 * 1024  # of addresses: the dots of 30 million, several times
AT_ONCE: Final = 2
WAIT_SECONDS: Final = 10.0  # for a place; then the clerk is asked to try again
TOO_SLOW, BUSY = "too_slow", "busy"

_places = threading.BoundedSemaphore(AT_ONCE)


def drawn_apart(content: bytes, *, seconds: float = SECONDS) -> bytes:
    """Return a picture as it may be kept; raises PictureRefused, also when the decoder died."""
    if not _places.acquire(timeout=WAIT_SECONDS):
        raise PictureRefused(BUSY)
    try:
        ended = subprocess.run(
            [sys.executable, "-m", __name__],
            input=content[: FILE_BYTES_MAX + 1],
            capture_output=True,
            timeout=seconds,
            check=False,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        )
    except subprocess.TimeoutExpired as problem:
        raise PictureRefused(TOO_SLOW) from problem
    finally:
        _places.release()
    reason, is_line, picture = ended.stdout.partition(b"\n")
    if ended.returncode < 0 or not is_line:
        raise PictureRefused(DAMAGED, f"the decoder ended with {ended.returncode}")
    if reason:
        raise PictureRefused(reason.decode("ascii"))
    return picture


def _limit() -> None:
    """Take no more memory than a picture may need; where the system has no limits, go without."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main() -> int:
    """Draw the picture on standard input; the child's whole life."""
    _limit()
    reason, picture = "", b""
    try:
        picture = cleaned(sys.stdin.buffer.read(FILE_BYTES_MAX + 1)).content
    except PictureRefused as refused:
        reason = refused.reason
    except MemoryError:
        reason = TOO_MANY_DOTS
    sys.stdout.buffer.write(reason.encode("ascii") + b"\n" + picture)
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""One program per data folder: two on one journal would each print numbers of the other.

The lock is the operating system's, held by an open file. It ends with the process, however that
ends: a lock file left over from a crash locks nothing.
"""

import contextlib
import os
import sys
from pathlib import Path
from typing import BinaryIO

from station_app.journal.troubles import DiskFailed, OpenElsewhere

LOCK_NAME = "station.lock"


class OneProcess:
    """Holds the lock of a data folder from its making until `release`."""

    def __init__(self, folder: Path) -> None:
        """Take the lock; raises OpenElsewhere if a program holds it, with that program's number."""
        path = folder / LOCK_NAME
        try:
            self._file: BinaryIO = path.open("a+b", buffering=0)
        except OSError as problem:
            raise DiskFailed(str(problem)) from problem
        try:
            is_ours = _lock(self._file)
        except OSError as problem:
            self._file.close()
            raise DiskFailed(str(problem)) from problem
        if not is_ours:
            self._file.seek(0)
            holder = self._file.read(20).decode("ascii", "replace").strip()
            self._file.close()
            raise OpenElsewhere(f"process {holder} holds {path}", process=holder)
        # The number is for the sentence of a second program; a full disk must not keep the first
        # from starting, which frees the reserve.
        with contextlib.suppress(OSError):
            self._file.truncate(0)
            self._file.write(f"{os.getpid()}\n".encode("ascii"))

    def release(self) -> None:
        """Give the lock back; the file stays, since removing it would let two programs in."""
        self._file.close()


if sys.platform == "win32":
    import msvcrt

    _FAR = 1 << 30  # Windows locks bytes against reading too: lock one behind the number

    def _lock(file: BinaryIO) -> bool:
        file.seek(_FAR)
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _lock(file: BinaryIO) -> bool:
        try:
            fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

"""Space on the disk: a reserve to give up when it is full, and a warning long before.

A full disk must not end the day. A file holds some megabytes; when SQLite finds no space it
is removed, the act is tried again, and parcels can be handed out and the shift closed. It is
made again when space returns.
"""

import hashlib
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

RESERVE_NAME = "reserve.bin"
RESERVE_BYTES = 8 * 1024 * 1024  # some thousand acts, and a checkpoint of the write-ahead log
LOW_BYTES = 100 * 1024 * 1024  # below it new business waits; pickup and closing never do
_CHUNK_BYTES = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Space:
    """How much room there is. free_bytes: on the disk, without the reserve."""

    free_bytes: int
    has_reserve: bool

    @property
    def is_low(self) -> bool:
        """Tell whether new business should wait until somebody has made room."""
        return self.free_bytes < LOW_BYTES or not self.has_reserve


class Reserve:
    """The reserve file of one data folder."""

    def __init__(self, folder: Path, free_bytes: Callable[[Path], int]) -> None:
        """Keep a reserve in `folder`; `free_bytes` tells what is free on its disk."""
        self._folder = folder
        self._file = folder / RESERVE_NAME
        self._free_bytes = free_bytes

    def space(self) -> Space:
        """Return how much room there is now."""
        return Space(self._free_bytes(self._folder), self.is_kept())

    def is_kept(self) -> bool:
        """Tell whether the whole reserve is there."""
        return self._file.exists() and self._file.stat().st_size >= RESERVE_BYTES

    def give_up(self) -> bool:
        """Remove the reserve; True if that made room."""
        try:
            self._file.unlink()
        except OSError:  # gone already, or held by a virus scanner: no room either way
            return False
        return True

    def keep(self) -> bool:
        """Make the reserve if it is missing and there is room for it twice; True if it is there.

        It is called at the start and from time to time. The bytes are really written, and are
        none that a file system could squeeze: a hole would give nothing back.
        """
        if self.is_kept():
            return True
        self._file.unlink(missing_ok=True)
        if self._free_bytes(self._folder) < 2 * RESERVE_BYTES:
            return False
        try:
            with self._file.open("wb") as file:
                chunk = hashlib.shake_128(self._file.name.encode()).digest(_CHUNK_BYTES)
                for turned in range(RESERVE_BYTES // _CHUNK_BYTES):
                    file.write(chunk[turned:] + chunk[:turned])  # no block stands there twice
                file.flush()
                os.fsync(file.fileno())
        except OSError:
            self._file.unlink(missing_ok=True)
            return False
        return True

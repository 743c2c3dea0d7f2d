"""Sheets on this PC and on sticks: the newest first, read whole, and what the world does to them.

A file is read into memory in one go, so that a stick that is pulled out afterwards takes nothing
with it, and nothing of a file that was pulled out meanwhile is used. Whoever asks gets bytes or a
sentence; a damaged stick is no bug of the program.
"""

import os
import stat
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from station_app.devices.sticks import plugged_in
from station_app.values.refusal import Refusal

ENDINGS = (".xlsx", ".xlsm", ".csv", ".txt", ".tsv", ".xls", ".et")
FOLDERS = ("Downloads", "下载", "Desktop", "桌面", "Documents", "文档")
SHOWN_AS = {"Downloads": "下载", "Desktop": "桌面", "Documents": "文档"}  # as Windows shows them
STICK_DEPTH = 2  # /media/user/STICK, and one folder on it
FOUND_MAX = 9  # a digit each
LOOKED_AT_MAX = 2_000  # files: a full Downloads folder is no reason to wait
FILE_BYTES_MAX = 20 * 1024 * 1024
_NO_WAIT = getattr(os, "O_NONBLOCK", 0)  # a pipe that is called like a sheet would be waited for
_BINARY = getattr(os, "O_BINARY", 0)


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A sheet. place: the folder's name, for the screen; at: when it was written, UTC ms."""

    path: str
    name: str
    place: str
    at: int
    size: int


class SheetFiles:
    """Finds and reads sheets. Blocks: ask it in a reading thread."""

    def __init__(self, home: Path, sticks: Callable[[], Sequence[Path]] | None = None) -> None:
        """Look below `home`; sticks: returns the roots of what is plugged in now."""
        self._home = home
        self._sticks = sticks or plugged_in

    @property
    def desk(self) -> Path:
        """Return where the operator finds what is written for her."""
        for name in ("Desktop", "桌面"):
            if (self._home / name).is_dir():
                return self._home / name
        return self._home

    def newest(self) -> tuple[FoundFile, ...]:
        """Return the sheets that were written last; what cannot be looked into is left out."""
        found = {file.path: file for file in self._all()}
        newest = sorted(found.values(), key=lambda file: (-file.at, file.path))
        return tuple(newest[:FOUND_MAX])

    def _all(self) -> Iterator[FoundFile]:
        for name in FOLDERS:
            yield from _sheets_in(self._home / name, SHOWN_AS.get(name, name), depth=1)
        for root in self._sticks():
            yield from _sheets_in(root, root.name, depth=STICK_DEPTH)

    def read(self, path: str) -> bytes | Refusal:
        """Return all of a file, or why it cannot be had."""
        name = {"name": Path(path).name}
        try:
            with os.fdopen(os.open(path, os.O_RDONLY | _NO_WAIT | _BINARY), "rb") as file:
                state = os.fstat(file.fileno())
                if not stat.S_ISREG(state.st_mode):
                    return Refusal("opening.FILE_UNREADABLE", name)
                size = state.st_size
                if size > FILE_BYTES_MAX:
                    most = FILE_BYTES_MAX // 1024 // 1024
                    return Refusal("opening.SHEET_TOO_BIG", {"most": most})
                data = file.read(FILE_BYTES_MAX + 1)
        except (FileNotFoundError, NotADirectoryError):
            return Refusal("opening.FILE_GONE", name)
        except IsADirectoryError:
            return Refusal("opening.FILE_IS_FOLDER", name)
        except PermissionError:
            return Refusal("opening.FILE_LOCKED", name)
        except (OSError, ValueError):
            return Refusal("opening.FILE_UNREADABLE", name)
        if len(data) < size:
            return Refusal("opening.FILE_UNREADABLE", name)
        return data

    def write(self, name: str, data: bytes) -> str | Refusal:
        """Put a file on the desk; returns its path. A file of that name is never overwritten."""
        stem, ending = os.path.splitext(name)  # noqa: PTH122 - two parts of a bare name
        for number in range(1, FOUND_MAX + 1):
            path = self.desk / (name if number == 1 else f"{stem}-{number}{ending}")
            try:
                with path.open("xb") as file:
                    file.write(data)
            except FileExistsError:
                continue
            except OSError:
                return Refusal("opening.FILE_NOT_WRITTEN", {"place": self.desk.name})
            return str(path)
        return Refusal("opening.FILE_NOT_WRITTEN", {"place": self.desk.name})


def _sheets_in(folder: Path, place: str, *, depth: int) -> Iterator[FoundFile]:
    looked_at = 0
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                looked_at += 1
                if looked_at > LOOKED_AT_MAX:
                    return
                if entry.is_dir(follow_symlinks=False):
                    if depth > 1 and not entry.name.startswith("."):
                        yield from _sheets_in(Path(entry.path), entry.name, depth=depth - 1)
                elif entry.name.lower().endswith(ENDINGS) and not entry.name.startswith(("~", ".")):
                    state = entry.stat()
                    at = state.st_mtime_ns // 1_000_000
                    yield FoundFile(entry.path, entry.name, place, at, state.st_size)
    except OSError:
        return

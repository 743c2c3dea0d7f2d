"""Picture files that somebody may want to attach: on sticks and telephones, then in the folders.

A telephone on a cable and a camera's card are mounted like sticks. Only names and times are looked
at here, a bounded number of them, and no link is followed: what stands behind a name is read when
the operator has chosen it, and is believed to be a picture by nobody.
"""

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

ENDINGS = frozenset({".jpg", ".jpeg", ".png", ".webp", ".heic", ".heif"})
FOUND_MAX = 40  # the newest; who looks for an older one copies it to a stick of its own
ENTRIES_MAX = 4_000  # of one place; a telephone holds thousands
DEPTH_MAX = 4  # DCIM/Camera/2026/11


@dataclass(frozen=True, slots=True)
class PictureFile:
    """A file that is called like a picture. place: the words of where it lies; at: UTC ms."""

    path: Path
    place: str
    at: int
    size: int


def newest(places: Iterable[tuple[str, Path]]) -> Sequence[PictureFile]:
    """Return the newest picture files of some places (words, folder), the newest first."""
    found: dict[Path, PictureFile] = {}
    for words, folder in places:
        for file in _below(words, folder):
            found.setdefault(file.path, file)
    return sorted(found.values(), key=lambda f: (-f.at, str(f.path)))[:FOUND_MAX]


def _below(words: str, folder: Path) -> Iterator[PictureFile]:
    waiting, seen = [(folder, 0)], 0
    while waiting and seen < ENTRIES_MAX:
        here, depth = waiting.pop()
        try:
            entries = list(os.scandir(here))
        except OSError:
            continue  # pulled out, or not ours to read
        for entry in entries:
            seen += 1
            try:
                if entry.is_symlink() or entry.name.startswith("."):
                    continue
                if entry.is_dir() and depth < DEPTH_MAX:
                    waiting.append((Path(entry.path), depth + 1))
                elif entry.is_file() and Path(entry.name).suffix.lower() in ENDINGS:
                    state = entry.stat()
                    at = state.st_mtime_ns // 1_000_000
                    yield PictureFile(Path(entry.path), words, at, state.st_size)
            except OSError:
                continue


def read_file(path: Path, bytes_max: int) -> bytes:
    """Return a file's bytes, at most one more than allowed; raises OSError."""
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    with os.fdopen(os.open(path, flags | getattr(os, "O_BINARY", 0)), "rb") as file:
        return file.read(bytes_max + 1)

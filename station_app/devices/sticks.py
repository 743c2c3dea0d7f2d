"""What is plugged in now: USB sticks that can be written, and whatever else may hold a file."""

import os
import string
import sys
from collections.abc import Iterable
from pathlib import Path

# Where desktops mount what was plugged in: a folder of the user's, below it one a stick.
ROOTS = ("/media", "/run/media")
BY_HAND = "/mnt"  # where somebody who knows how has mounted something himself
DEPTH = 2  # /media/<user>/<stick>, or /media/<stick>
_REMOVABLE = 2  # of Windows' GetDriveTypeW


def mounted(roots: Iterable[Path] | None = None) -> tuple[Path, ...]:
    """Return the folders of sticks that can be written, in order of their names."""
    if sys.platform == "win32" and roots is None:
        return _drives()
    found = _mounts(ROOTS if roots is None else roots)
    return tuple(one for one in found if os.access(one, os.W_OK))


def for_mail(roots: Iterable[Path] | None = None) -> tuple[Path, ...]:
    """Return the folders of all sticks, those that can be written first.

    One whose little lock is shut can be read, and whoever wants to write on it is to be told.
    """
    if sys.platform == "win32" and roots is None:
        return _drives()
    found = _mounts(ROOTS if roots is None else roots)
    return tuple(sorted(found, key=lambda one: not os.access(one, os.W_OK)))


def plugged_in() -> tuple[Path, ...]:
    """Return all that may hold a file to be read: sticks, cards, discs, further drives."""
    if sys.platform == "win32":
        return tuple(root for root in _letters()[3:] if root.is_dir())  # from D on
    return _mounts((*ROOTS, BY_HAND))


def _mounts(roots: Iterable[Path | str]) -> tuple[Path, ...]:
    found: set[Path] = set()
    level = [Path(root) for root in roots]
    for _ in range(DEPTH):
        level = [below for one in level for below in _folders(one)]
        found |= {one for one in level if os.path.ismount(one)}
    return tuple(sorted(found))


def _folders(folder: Path) -> list[Path]:
    try:
        return [entry for entry in folder.iterdir() if entry.is_dir()]
    except OSError:
        return []


def _drives() -> tuple[Path, ...]:
    import ctypes

    kind_of = getattr(ctypes, "windll").kernel32.GetDriveTypeW  # noqa: B009 - only on Windows
    return tuple(r for r in _letters() if kind_of(str(r)) == _REMOVABLE and r.exists())


def _letters() -> list[Path]:
    return [Path(f"{letter}:\\") for letter in string.ascii_uppercase]

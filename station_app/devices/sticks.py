"""USB sticks that are plugged in now: where the system has mounted them for this user."""

import os
import string
import sys
from collections.abc import Iterable
from pathlib import Path

# Where desktops mount what was plugged in: a folder of the user's, below it one a stick.
ROOTS = ("/media", "/run/media")
DEPTH = 2  # /media/<user>/<stick>, or /media/<stick>
_REMOVABLE = 2  # of Windows' GetDriveTypeW


def mounted(roots: Iterable[Path] | None = None) -> tuple[Path, ...]:
    """Return the folders of sticks that can be written, in order of their names."""
    if sys.platform == "win32" and roots is None:
        return _drives()
    found: list[Path] = []
    level = [Path(root) for root in (ROOTS if roots is None else roots)]
    for _ in range(DEPTH):
        level = [below for one in level for below in _folders(one)]
        found += [one for one in level if os.path.ismount(one) and os.access(one, os.W_OK)]
    return tuple(sorted(set(found)))


def _folders(folder: Path) -> list[Path]:
    try:
        return [entry for entry in folder.iterdir() if entry.is_dir()]
    except OSError:
        return []


def _drives() -> tuple[Path, ...]:
    import ctypes

    kind_of = getattr(ctypes, "windll").kernel32.GetDriveTypeW  # noqa: B009 - only on Windows
    roots = [Path(f"{letter}:\\") for letter in string.ascii_uppercase]
    return tuple(root for root in roots if kind_of(str(root)) == _REMOVABLE and root.exists())

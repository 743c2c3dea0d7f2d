"""How large everything is drawn: the operator's choice, or what suits the screen.

Qt reads its scale once, before the application is made, and only an application knows the screen;
one more only to ask it takes 55 ms of every start. So the choice and the screen as it was last time
lie in a small file of their own beside the (still locked) database; a screen that is new to this PC
is drawn to suit from the second start on.
"""

import os
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from PySide6.QtGui import QScreen

SCALES: Final = {"normal": 1.0, "large": 1.25, "largest": 1.5}
AUTOMATIC: Final = "auto"
WIDE_SCREEN: Final = 1680  # from here on a screen is large enough for 1.25 without being asked
LEAST_WIDTH, LEAST_HEIGHT = 1024, 576  # logical px that every page can do with
FILE: Final = "screen-size"
_VARIABLE: Final = "QT_SCALE_FACTOR"


@dataclass(frozen=True, slots=True)
class Kept:
    """What lies in the file. choice: a key of `SCALES`, or `AUTOMATIC`; width, height: 0 unknown.

    width, height: px of the screen at the last start, as they are without our scale.
    """

    choice: str = AUTOMATIC
    width: int = 0
    height: int = 0


def kept_in(folder: Path) -> Kept:
    """Return what was kept; what cannot be read counts as nothing."""
    try:
        words = (folder / FILE).read_text("utf-8").split()
    except (OSError, UnicodeDecodeError):
        return Kept()
    choice = words[0] if words and words[0] in SCALES else AUTOMATIC
    sizes = [int(word) for word in words[1:3] if word.isascii() and word.isdigit()]
    width, height = sizes if len(sizes) == 2 else (0, 0)
    return Kept(choice, width, height)


def _keep(folder: Path, kept: Kept) -> bool:
    try:
        (folder / FILE).write_text(f"{kept.choice}\n{kept.width} {kept.height}\n", "utf-8")
    except OSError:
        return False
    return True


def scale_factor(kept: Kept) -> float:
    """Return the scale for a choice and a screen, never so large that pages do not fit."""
    if not kept.width:
        return 1.0
    wanted = SCALES.get(kept.choice, SCALES["large" if kept.width >= WIDE_SCREEN else "normal"])
    most = min(kept.width / LEAST_WIDTH, kept.height / LEAST_HEIGHT)
    return max(1.0, min(wanted, int(most * 100) / 100))


def apply_scale(folder: Path) -> None:
    """Set the scale for the application that is made next. Call it before any QApplication.

    Whoever set the variable himself has his way.
    """
    factor = scale_factor(kept_in(folder))
    if factor > 1.0:
        os.environ.setdefault(_VARIABLE, str(factor))


class ScreenScale:
    """How large the screen of one PC draws, for the window that offers the choice."""

    def __init__(self, folder: Path) -> None:
        """Work on the file in a data folder."""
        self._folder = folder

    @property
    def choice(self) -> str:
        """Return the operator's choice: a key of `SCALES`, or `AUTOMATIC`."""
        return kept_in(self._folder).choice

    def keep(self, choice: str) -> bool:
        """Keep a choice for the next start; returns whether the disk took it."""
        return _keep(self._folder, replace(kept_in(self._folder), choice=choice))

    def remember(self, screen: QScreen) -> None:
        """Keep the size of the screen for the next start; without it that one is drawn as now."""
        factor = float(os.environ.get(_VARIABLE, "1"))
        size = screen.size()
        width, height = round(size.width() * factor), round(size.height() * factor)
        before = kept_in(self._folder)
        if (before.width, before.height) != (width, height):
            _keep(self._folder, replace(before, width=width, height=height))

"""How large everything is drawn: the operator's choice, or what suits the screen.

Qt reads its scale once, before the application is made. So the choice lies in a small file of its
own beside the (still locked) database, and the screen is measured by a short-lived application.
"""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Final

from PySide6.QtGui import QGuiApplication

SCALES: Final = {"normal": 1.0, "large": 1.25, "largest": 1.5}
AUTOMATIC: Final = "auto"
WIDE_SCREEN: Final = 1680  # from here on a screen is large enough for 1.25 without being asked
LEAST_WIDTH, LEAST_HEIGHT = 1024, 576  # logical px that every page can do with
FILE: Final = "screen-size"
_VARIABLE: Final = "QT_SCALE_FACTOR"


def kept_choice(folder: Path) -> str:
    """Return the operator's choice: a key of `SCALES`, or `AUTOMATIC`."""
    try:
        word = (folder / FILE).read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return AUTOMATIC
    return word if word in SCALES else AUTOMATIC


def keeper_of(folder: Path) -> Callable[[str], None]:
    """Return what keeps a choice in a folder, for the next start."""

    def keep(word: str) -> None:
        (folder / FILE).write_text(word + "\n", "utf-8")

    return keep


def scale_factor(choice: str, width: int, height: int) -> float:
    """Return the scale for a screen of so many real px, never so large that pages do not fit."""
    wanted = SCALES.get(choice, SCALES["large" if width >= WIDE_SCREEN else "normal"])
    most = min(width / LEAST_WIDTH, height / LEAST_HEIGHT)
    return max(1.0, min(wanted, int(most * 100) / 100))


def apply_scale(choice: str) -> float:
    """Set the scale for the application that is made next; returns it.

    Call it before any QApplication. Whoever set the variable himself has his way.
    """
    if _VARIABLE in os.environ:
        return float(os.environ[_VARIABLE])
    probe = QGuiApplication([])
    size = probe.primaryScreen().size()
    probe.shutdown()
    del probe
    factor = scale_factor(choice, size.width(), size.height())
    os.environ[_VARIABLE] = str(factor)
    return factor

"""Where the files that come with the program lie: fonts, icons, words, demo.

A source tree keeps them beside the package; a frozen program unpacks them beside itself. Nobody
else asks where the program lies.
"""

import sys
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from station_app.values.texts import Texts

LANGUAGE = "zh_CN"


def resources() -> Path:
    """Return the folder `resources` of this program."""
    unpacked = getattr(sys, "_MEIPASS", None)  # set by the freezer's loader
    root = Path(unpacked) if unpacked else Path(__file__).resolve().parents[1]
    return root / "resources"


def load_texts() -> Texts:
    """Return the catalogue: each file `<room>.toml` of the language is one room of keys.

    `overview.lock.toml` holds the keys below `overview.lock`.
    """
    return _catalogue(resources() / "texts" / LANGUAGE)


@cache
def _catalogue(folder: Path) -> Texts:
    """Read each file once in a process: a running program's own files do not change."""

    def read(room: str) -> dict[str, Any]:
        return tomllib.loads((folder / f"{room}.toml").read_text("utf-8"))

    return Texts.from_rooms((file.stem for file in folder.glob("*.toml")), read)

"""What each kind of printer needs to be told, as data: `resources/printers.toml`.

A new model is a new table in that file, never a new `if`.
"""

import tomllib
from collections.abc import Mapping
from typing import Literal

import msgspec

Language = Literal["tspl", "escpos"]
BAND_ROWS_MAX = 256  # GS v 0: cheap printers drop what does not fit into their line buffer


class Profile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One kind of printer with one kind of paper.

    width: dots across; height: dots of one label, 0 for paper without end; gap_mm: between two
    labels; direction: which end of a label comes first (TSPL); cutter, drawer: what hangs on it;
    band_rows: rows of dots sent in one command; feed_lines: blank lines up to the tear bar.
    """

    language: Language
    width: int
    height: int = 0
    gap_mm: int = 0
    direction: int = 1
    cutter: bool = False
    drawer: bool = False
    band_rows: int = BAND_ROWS_MAX
    feed_lines: int = 0

    def __post_init__(self) -> None:
        if self.width % 8 or self.width <= 0:
            raise ValueError(f"width {self.width} is no whole number of bytes")
        if not 0 < self.band_rows <= BAND_ROWS_MAX:
            raise ValueError(f"band_rows {self.band_rows}")


def load_profiles(text: str) -> Mapping[str, Profile]:
    """Return the profiles of a `printers.toml` by name. Raises msgspec.ValidationError."""
    return msgspec.convert(tomllib.loads(text), dict[str, Profile])

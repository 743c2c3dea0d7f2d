"""What each kind of printer needs to be told, as data: `resources/printers.toml`.

A new model is a new table in that file, never a new `if`. A table that cannot be right is refused
by name when the file is read: a wrong width or a knife that is not there shows at the counter as
rubbish on paper, where nobody knows why.
"""

import tomllib
from collections.abc import Mapping
from typing import Literal

import msgspec

Language = Literal["tspl", "escpos", "zpl", "cpcl"]
Graphic = Literal["rle", "hex", "z64"]
BAND_ROWS_MAX = 256  # GS v 0: cheap printers drop what does not fit into their line buffer
WIDTH_MAX = 832  # 104 mm, the widest head that such printers have
FEED_LINES_MAX = 12
GAP_MM_MAX = 20
BAUDS = (9_600, 19_200, 38_400, 57_600, 115_200)
WITH_TEXT: tuple[Language, ...] = ("escpos", "tspl")
TEXT_MODE = "+text"  # after the name of a profile: this printer is to set text itself


class BadProfile(ValueError):
    """A table of `printers.toml` cannot be right: says which, and what about it."""


class Profile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One kind of printer with one kind of paper.

    width: dots across; height: dots of one label, 0 for paper without end; gap_mm: between two
    labels; direction: which end of a label comes first (TSPL); cutter, drawer: what hangs on it;
    band_rows: rows of dots sent in one command; feed_lines: blank lines up to the tear bar;
    graphic: how dots are written (ZPL); baud: of the serial line that it is made for, 0 for any
    other; text_mode: the printer sets what it can with its own type (slow lines).
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
    graphic: Graphic = "rle"
    baud: int = 0
    text_mode: bool = False

    def __post_init__(self) -> None:
        for wrong, sentence in self._doubts():
            if wrong:
                raise ValueError(sentence)

    def _doubts(self) -> tuple[tuple[bool, str], ...]:
        """Return what would be wrong with this profile, and whether it is."""
        of_receipts = self.cutter or self.drawer or self.feed_lines
        return (
            (self.width % 8 != 0, f"width {self.width} is no whole number of bytes"),
            (not 0 < self.width <= WIDTH_MAX, f"width {self.width} is wider than any head"),
            (self.height < 0, f"height {self.height}"),
            (not 0 <= self.gap_mm <= GAP_MM_MAX, f"gap_mm {self.gap_mm}"),
            (self.gap_mm > 0 and not self.height, "a gap, but no labels between gaps"),
            (self.direction not in (0, 1), f"direction {self.direction}"),
            (not 0 < self.band_rows <= BAND_ROWS_MAX, f"band_rows {self.band_rows}"),
            (not 0 <= self.feed_lines <= FEED_LINES_MAX, f"feed_lines {self.feed_lines}"),
            (bool(of_receipts) and self.language != "escpos", "cutter, drawer, feed_lines: escpos"),
            (self.graphic != "rle" and self.language != "zpl", f"graphic {self.graphic}: zpl only"),
            (self.baud not in (0, *BAUDS), f"baud {self.baud} is none of {BAUDS}"),
            (self.text_mode and self.language not in WITH_TEXT, f"no text mode in {self.language}"),
        )


def load_profiles(text: str) -> Mapping[str, Profile]:
    """Return the profiles of a `printers.toml` by name. Raises BadProfile, naming the table."""
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as problem:
        raise BadProfile(str(problem)) from problem
    profiles = {}
    for name, table in tables.items():
        if not name.isidentifier() or not isinstance(table, dict):
            raise BadProfile(f"[{name}]: no table with a plain name")
        try:
            profiles[name] = msgspec.convert(table, Profile)
        except ValueError as problem:
            raise BadProfile(f"[{name}]: {problem}") from problem
    return profiles


def named(profiles: Mapping[str, Profile], name: str) -> Profile:
    """Return the profile of a printer's setting: `receipt_58_serial`, or with `+text` behind it.

    Raises KeyError for a name that no table has, BadProfile for a printer that sets no text.
    """
    plain = name.removesuffix(TEXT_MODE)
    profile = profiles[plain]
    if plain == name:
        return profile
    if profile.language not in WITH_TEXT:
        raise BadProfile(f"[{plain}]: no text mode in {profile.language}")
    return msgspec.structs.replace(profile, text_mode=True)

"""The press: a document goes in, a raster or a printer's bytes come out. It holds the caches.

Threads may share a press: two that draw the same character at once draw it twice, no more.
"""

import logging
from collections.abc import Callable

from station_app.printing import cpcl, escpos, escpos_text, tspl, tspl_text, zpl
from station_app.printing.compose import Composer, Type
from station_app.printing.document import Document, DrawerKick, Label, Receipt
from station_app.printing.grid import GridType
from station_app.printing.layout import lay_out, lay_out_on_grid
from station_app.printing.profiles import Language, Profile
from station_app.printing.raster import Raster
from station_app.printing.stick import Layout, TooLarge

LOST = frozenset({"cut", "left_out"})  # what gave way so far that it cannot be read any more
log = logging.getLogger(__name__)

_ENCODERS: dict[Language, Callable[[Raster, Profile], bytes]] = {
    "tspl": tspl.encode,
    "escpos": escpos.encode,
    "zpl": zpl.encode,
    "cpcl": cpcl.encode,
}

_TEXT_ENCODERS: dict[Language, Callable[[Layout, Profile, Composer], bytes]] = {
    "tspl": tspl_text.encode,
    "escpos": escpos_text.encode,
}


class Press:
    """Prints documents for any profile with one fount of type."""

    def __init__(self, fount: Type) -> None:
        """Set with `fount`, a `paint.TypeCase` outside of tests."""
        self._fount = fount
        self._composer = Composer(fount)
        self._grid = GridType(fount)
        self._on_grid = Composer(self._grid)

    def lay_out(self, document: Receipt | Label, profile: Profile, mark: str = "") -> Layout:
        """Return where everything stands on this printer's paper.

        mark: what a copy says of itself. Raises TooLarge for a label that is larger
        than the labels in the printer.
        """
        if profile.text_mode:
            layout = lay_out_on_grid(document, self._grid, width=profile.width, mark=mark)
        else:
            layout = lay_out(document, self._fount, width=profile.width, mark=mark)
        if profile.height and layout.height > profile.height:
            raise TooLarge(f"{layout.height} rows on a label of {profile.height}")
        return layout

    def raster(self, document: Receipt | Label, profile: Profile, mark: str = "") -> Raster:
        """Return the dots of the paper: what the screen previews and the printer burns.

        In text mode the printer's own type stands where ours is drawn here.
        """
        composer = self._on_grid if profile.text_mode else self._composer
        return composer.compose(self.lay_out(document, profile, mark))

    def render_bytes(self, document: Document, profile: Profile, mark: str = "") -> bytes:
        """Return the whole job for this printer; nothing for a drawer that it does not have."""
        if isinstance(document, DrawerKick):
            return escpos.kick(profile)
        layout = self.lay_out(document, profile, mark)
        lost = sum(note.how in LOST for note in layout.shortened)
        if lost:
            log.info("paper_lost_words", extra={"count": lost})
        if profile.text_mode:
            return _TEXT_ENCODERS[profile.language](layout, profile, self._on_grid)
        return _ENCODERS[profile.language](self._composer.compose(layout), profile)

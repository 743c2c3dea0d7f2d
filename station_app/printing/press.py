"""The press: a document goes in, a raster or a printer's bytes come out. It holds the caches.

Threads may share a press: two that draw the same character at once draw it twice, no more.
"""

from collections.abc import Callable

from station_app.printing import cpcl, escpos, tspl, zpl
from station_app.printing.compose import Composer, Type
from station_app.printing.document import Document, DrawerKick, Label, Receipt
from station_app.printing.layout import lay_out
from station_app.printing.profiles import Language, Profile
from station_app.printing.raster import Raster
from station_app.printing.stick import Layout, TooLarge

_ENCODERS: dict[Language, Callable[[Raster, Profile], bytes]] = {
    "tspl": tspl.encode,
    "escpos": escpos.encode,
    "zpl": zpl.encode,
    "cpcl": cpcl.encode,
}


class Press:
    """Prints documents for any profile with one fount of type."""

    def __init__(self, fount: Type) -> None:
        """Set with `fount`, a `paint.TypeCase` outside of tests."""
        self._fount = fount
        self._composer = Composer(fount)

    def lay_out(self, document: Receipt | Label, profile: Profile, mark: str = "") -> Layout:
        """Return where everything stands on this printer's paper.

        mark: what a copy says of itself. Raises TooLarge for a label that is larger
        than the labels in the printer.
        """
        layout = lay_out(document, self._fount, width=profile.width, mark=mark)
        if profile.height and layout.height > profile.height:
            raise TooLarge(f"{layout.height} rows on a label of {profile.height}")
        return layout

    def raster(self, document: Receipt | Label, profile: Profile, mark: str = "") -> Raster:
        """Return the dots of the paper: what the screen previews and the printer burns."""
        return self._composer.compose(self.lay_out(document, profile, mark))

    def render_bytes(self, document: Document, profile: Profile, mark: str = "") -> bytes:
        """Return the whole job for this printer; nothing for a drawer that it does not have."""
        if isinstance(document, DrawerKick):
            return escpos.kick(profile)
        return _ENCODERS[profile.language](self.raster(document, profile, mark), profile)

"""What the composition root lends to the page of this slice, besides the counter itself."""

from collections.abc import Callable
from dataclasses import dataclass

from station_app.printing.document import Receipt
from station_app.reference.register import Register
from station_app.services.quality.papers import PaperMaker
from station_app.shell.photos import PhotoDesk
from station_app.values.texts import Texts


def no_printer(_paper: Receipt) -> None:
    """Print nothing: for counters without printers."""


@dataclass(frozen=True, slots=True)
class Outfit:
    """people: the register; put_out: prints what belongs to no act; photos: None without any."""

    people: Register
    texts: Texts
    put_out: Callable[[Receipt], None] = no_printer
    photos: PhotoDesk | None = None

    @property
    def papers(self) -> PaperMaker:
        """Return what makes the papers."""
        return PaperMaker(self.people, self.texts)

"""What the composition root lends to the pages of this slice, besides the counter itself."""

from collections.abc import Callable
from dataclasses import dataclass

from station_app.printing.document import Receipt
from station_app.services.purchasing.papers import PaperMaker
from station_app.services.purchasing.records import People
from station_app.shell.desk import Paper
from station_app.shell.photos import PhotoDesk
from station_app.values.texts import Texts


def no_printer(_paper: Receipt) -> None:
    """Print nothing: for counters without printers."""


@dataclass(frozen=True, slots=True)
class Outfit:
    """people: the register; print_again: queues a paper of an act once more, as a copy.

    photos: keeps them, and signatures; None where none can be kept. put_out: prints what belongs to
    no act.
    """

    people: People
    texts: Texts
    print_again: Callable[[Paper, str], None]
    photos: PhotoDesk | None = None
    put_out: Callable[[Receipt], None] = no_printer

    @property
    def papers(self) -> PaperMaker:
        """Return what makes the slips."""
        return PaperMaker(self.people, self.texts)

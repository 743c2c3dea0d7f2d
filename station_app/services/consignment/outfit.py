"""What the composition root lends to the pages of this slice, besides the counter itself."""

from collections.abc import Callable
from dataclasses import dataclass

from station_app.printing.document import Label, Receipt
from station_app.printing.raster import Raster
from station_app.services.consignment.gathering import Gatherer, OpenLines
from station_app.services.consignment.given_back_papers import GivenBackMaker
from station_app.services.consignment.manifest_papers import ManifestMaker
from station_app.services.consignment.notice_papers import NoticeMaker
from station_app.services.consignment.papers import PaperMaker
from station_app.services.consignment.records import People
from station_app.services.consignment.statement_papers import StatementMaker
from station_app.shell.desk import Paper
from station_app.shell.photos import PhotoDesk
from station_app.values.texts import Texts


def no_printer(_paper: Receipt) -> None:
    """Print nothing: for counters without printers."""


def no_preview(_label: Label) -> None:
    """Draw nothing: for counters without printers."""


@dataclass(frozen=True, slots=True)
class Outfit:
    """people: the register; print_again: queues a paper of an act once more, as a copy.

    open_lines: what of a grower's sales is not settled; put_out: prints what belongs to no act;
    photos: None where none can be kept; preview: draws a label as its printer will.
    """

    people: People
    texts: Texts
    print_again: Callable[[Paper, str], None]
    open_lines: OpenLines
    put_out: Callable[[Receipt], None] = no_printer
    photos: PhotoDesk | None = None
    preview: Callable[[Label], Raster | None] = no_preview

    @property
    def papers(self) -> PaperMaker:
        """Return what makes the slips."""
        return PaperMaker(self.people, self.texts)

    @property
    def gatherer(self) -> Gatherer:
        """Return what the rules ask: a page proposes what the rule then gives."""
        return Gatherer(self.people, self.open_lines)

    @property
    def statements(self) -> StatementMaker:
        """Return what makes the papers of money."""
        return StatementMaker(self.people, self.texts)

    @property
    def notices(self) -> NoticeMaker:
        """Return what makes the notices of stopped lots."""
        return NoticeMaker(self.people, self.texts)

    @property
    def manifests(self) -> ManifestMaker:
        """Return what makes the lists that travel to the hub."""
        return ManifestMaker(self.people, self.texts)

    @property
    def given_back(self) -> GivenBackMaker:
        """Return what makes the slips of what went back to its grower."""
        return GivenBackMaker(self.people, self.texts)

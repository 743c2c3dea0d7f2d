"""What the composition root lends to the pages of parcels, besides the counter itself."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from station_app.printing.document import Label, Receipt
from station_app.printing.list_file import ListFile
from station_app.printing.raster import Raster
from station_app.services.parcels.entering import Entering
from station_app.services.parcels.gathering import Gatherer
from station_app.services.parcels.notice_papers import NoticeMaker
from station_app.services.parcels.papers import PaperMaker
from station_app.shell.desk import Paper
from station_app.shell.list_files import ListFiles
from station_app.shell.photos import PhotoDesk
from station_app.values.texts import Texts

Preview = Callable[[Label | Receipt], Raster | None]
PrintAgain = Callable[[Paper, str], None]
PutOut = Callable[[Label], None]
PutUp = Callable[[Paper], None]


def no_preview(_document: Label | Receipt) -> Raster | None:
    """Show no paper: where there is no press."""
    return None


def no_printer(_label: Label) -> None:
    """Put nothing out: where there is no printer."""


def no_paper(_paper: Paper) -> None:
    """Print no list: where there is no printer."""


def no_file(_list: ListFile, _what: str, _folder: Path) -> str:
    """Write no file: where there is no place for one."""
    return ""


@dataclass(frozen=True, slots=True)
class Outfit:
    """What all pages of this slice work with.

    gatherer: the one that the desk's rules ask, so that a page proposes what the rule then gives.
    preview: the dots of a paper, as the printer would burn them. print_again: queues a paper of
    an act once more, as a copy that says so. put_out: queues a label of no act, put_up a
    list of no act. photos: keeps a signature that was made on the screen, None where none can be.
    files: writes lists on A4 or as a workbook.
    """

    gatherer: Gatherer
    texts: Texts
    preview: Preview
    print_again: PrintAgain
    put_out: PutOut = no_printer
    put_up: PutUp = no_paper
    photos: PhotoDesk | None = None
    files: ListFiles = field(default_factory=lambda: ListFiles(list, no_file))

    @property
    def papers(self) -> PaperMaker:
        """Return what makes labels and slips."""
        return PaperMaker(self.gatherer, self.texts)

    @property
    def notices(self) -> NoticeMaker:
        """Return what makes the lists of who waits."""
        return NoticeMaker(self.gatherer, self.texts)

    @property
    def entering(self) -> Entering:
        """Return what answers the questions of an intake."""
        return Entering(self.gatherer)

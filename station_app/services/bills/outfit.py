"""What the composition root lends to the pages of this slice, besides the counter itself."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from station_app.printing.document import Receipt
from station_app.printing.raster import Raster
from station_app.reference.register import Register
from station_app.services.bills.papers import PaperMaker
from station_app.shell.desk import Paper
from station_app.values.texts import Texts


def no_preview(_document: Any) -> Raster | None:
    """Return no picture: nothing here draws."""
    return None


class Printing(Protocol):
    """Puts papers out; `station_app.paper_desk` is one."""

    def print_again(self, paper: Paper, act: str, /) -> None:
        """Queue a paper of an act once more, as a copy."""
        ...

    def print_first(self, paper: Paper, act: str, /) -> None:
        """Queue it for the first time: the county's act printed nothing here."""
        ...

    def put_out(self, paper: Receipt, act: str, /) -> None:
        """Queue a slip that belongs to no act."""
        ...


@dataclass(frozen=True, slots=True)
class Outfit:
    """people: the register; printing: puts papers out; preview: draws one as its printer will."""

    people: Register
    texts: Texts
    printing: Printing
    preview: Callable[[Any], Raster | None] = no_preview

    @property
    def papers(self) -> PaperMaker:
        """Return what makes the papers."""
        return PaperMaker(self.people, self.texts)

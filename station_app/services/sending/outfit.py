"""What the composition root lends to the pages of this slice, besides the counter itself."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from station_app.printing.raster import Raster
from station_app.reference.register import Register
from station_app.services.sending.papers import PaperMaker
from station_app.shell.desk import Paper
from station_app.values.texts import Texts


def no_preview(_document: Any) -> Raster | None:
    """Return no picture: nothing here draws."""
    return None


@dataclass(frozen=True, slots=True)
class Outfit:
    """people: the register; print_again: queues a paper of an act once more; preview: draws one."""

    people: Register
    texts: Texts
    print_again: Callable[[Paper, str], None]
    preview: Callable[[Any], Raster | None] = no_preview

    @property
    def papers(self) -> PaperMaker:
        """Return what makes the papers."""
        return PaperMaker(self.people, self.texts)

"""What the composition root lends to the page of this slice, besides the counter itself."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from station_app.services.handing_on.papers import PaperMaker
from station_app.services.handing_on.records import Gatherer, People
from station_app.values.now import Now
from station_app.values.texts import Texts


@dataclass(frozen=True, slots=True)
class Outfit:
    """people: the register; work: what is open, page by page; parcels: what stands on shelves."""

    people: People
    texts: Texts
    work: Callable[[Any, Now], Sequence[tuple[str, int]]]
    parcels: Callable[[Any], Sequence[str]]

    @property
    def gatherer(self) -> Gatherer:
        """Return what reads for the rule."""
        return Gatherer(self.people)

    @property
    def papers(self) -> PaperMaker:
        """Return what makes the paper."""
        return PaperMaker(self.people, self.texts)

"""What the composition root lends to the pages of this slice, besides the counter itself."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from station_app.reference.register import Register
from station_app.services.farm_pickups.papers import PaperMaker
from station_app.shell.desk import Paper
from station_app.values.runs import OpenRun
from station_app.values.texts import Texts


@dataclass(frozen=True, slots=True)
class Outfit:
    """people: the register; runs_out: lists of home deliveries that are on the road."""

    people: Register
    texts: Texts
    print_again: Callable[[Paper, str], None]
    runs_out: Callable[[Any], tuple[OpenRun, ...]]

    @property
    def papers(self) -> PaperMaker:
        """Return what makes the papers."""
        return PaperMaker(self.people, self.texts)

"""What the composition root lends to the pages of this slice, besides the counter itself."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from station_app.services.sales.papers import PaperMaker
from station_app.services.sales.records import People, Shelf
from station_app.shell.desk import Paper
from station_app.values.day import say_day
from station_app.values.texts import Texts

TryPin = Callable[[str, str, Callable[[str], None]], None]
"""(operator, PIN, then): `then` gets "" when it is her PIN, else the sentence that says why not."""


def no_pins(_operator: str, _pin: str, then: Callable[[str], None]) -> None:
    """Know no PIN at all: for counters without operators."""
    then("")


class TakenWeight(Protocol):
    """A weight that the scale gave."""

    @property
    def grams(self) -> int:
        """Return how much."""
        ...

    @property
    def frame(self) -> str:
        """Return the stable frame in hex, the proof of it."""
        ...


class Scale(Protocol):
    """The scale, as this page asks it; it never waits."""

    def take(self) -> TakenWeight | None:
        """Take the steady weight, once for each load; None when there is none to take."""
        ...


@dataclass(frozen=True, slots=True)
class Outfit:
    """people: the register; print_again: queues a paper of an act once more, as a copy.

    device: this PC in its station, "D1": a basket waits at the PC that held it. scale: where
    weights come from, None for the counter's own.
    try_pin: how the manager's PIN is asked when a price is changed.
    """

    people: People
    texts: Texts
    print_again: Callable[[Paper, str], None]
    device: str = "D1"
    scale: Scale | None = None
    try_pin: TryPin = no_pins

    @property
    def papers(self) -> PaperMaker:
        """Return what makes the slips."""
        return PaperMaker(self.people, self.texts)

    @property
    def shelf(self) -> Shelf:
        """Return what finds goods."""
        return Shelf(self.people, self._small)

    def _small(self, growers: Sequence[str], is_own: bool, day: str) -> str:
        names = [name for name in growers if name]
        if is_own:
            whose = self.texts.say("sales.goods.own")
        elif len(set(names)) > 1:
            whose = self.texts.say("sales.goods.several", count=len(set(names)))
        else:
            whose = names[0] if names else self.texts.say("sales.goods.nameless")
        return self.texts.say("sales.goods.small", whose=whose, day=say_day(day, day))

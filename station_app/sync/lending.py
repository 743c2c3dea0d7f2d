"""Giving the county back what its own words said about people, where it holds them bare.

A county that was put back may hear its words first from a PC that was told them without any name.
Its receipts then name some of those facts, and whoever still has their private parts sends the runs
once more. Once is enough: a county that had the part erased meanwhile forgets its question with it.
"""

from collections.abc import Callable, Sequence

from station_app.sync.bisecting import Lack
from station_app.sync.outgoing import Load


class Lending:
    """What the county has asked for and was not given yet, in this start of the program."""

    def __init__(self, asked: Callable[[], Sequence[Lack]]) -> None:
        """Look with `asked`: what the last receipt asked for and is here."""
        self._asked = asked
        self._given: set[tuple[int, Lack]] = set()
        self.runs: tuple[Lack, ...] = ()  # to be sent

    def heard(self, county_epoch: int, load: Load) -> None:
        """Go by the receipt that was just taken. load: what it answers, which has arrived."""
        sent = [segment for frame in load.frames for segment in frame.segments]
        for lack in self.runs:
            if any(s.stream == lack.stream and s.first <= lack.first <= s.last for s in sent):
                self._given.add((county_epoch, lack))
        asked = self._asked()
        self.runs = tuple(lack for lack in asked if (county_epoch, lack) not in self._given)

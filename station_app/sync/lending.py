"""Names that lack on one end and are held on the other: given back, and asked for.

A county that was put back may hear its words first from a PC that was told them without any name.
Its receipts then name some of those facts, and whoever still has their private parts sends the runs
once more. Once is enough: a county that had the part erased meanwhile forgets its question with it.

A PC lacks names that it was told none of while it was cut off, or that such a county lacked, too.
It names them in its openings, some at a time; the county sends those that it has once more. What
does not come was erased, or nobody has it: it is asked for again a day later.
"""

from collections.abc import Callable, Sequence

from station_app.sync.bisecting import Lack
from station_app.sync.messages import BARE_NAMED_MAX, WHOLE, Receipt
from station_app.sync.outgoing import Load
from station_app.sync.port import JournalPort

ASK_AGAIN_MS = 24 * 60 * 60_000


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


class Borrowing:
    """What the county is asked for: names that lack here."""

    def __init__(self, port: JournalPort) -> None:
        """Look at `port`."""
        self._port = port
        self._asked_at: dict[tuple[int, str], int] = {}
        self._named: tuple[str, ...] = ()
        self._now_ms = 0
        self.goes_on = False  # something came, so the next ones may come, too

    def named(self, now_ms: int) -> tuple[str, ...]:
        """Return what the next opening names; nothing as long as this PC is being filled."""
        self._now_ms = now_ms
        self._named = self._due()[:BARE_NAMED_MAX] if self._port.stage()[0] == WHOLE else ()
        return self._named

    def heard(self, receipt: Receipt) -> None:
        """Go by an answer that was wholly taken; what is announced in it may still bring them."""
        self.goes_on = False
        if not self._named:
            return  # the usual case: nothing lacks, and nothing is looked for a second time
        lacking = set(self._port.bare())
        came = [mark for mark in self._named if mark not in lacking]
        if not receipt.more:
            epoch = receipt.county_epoch
            self._asked_at.update({(epoch, mark): self._now_ms for mark in self._named})
        self.goes_on = bool(came) and bool(self._due())

    def _due(self) -> tuple[str, ...]:
        epoch = self._port.county_epoch()
        return tuple(m for m in self._port.bare() if self._may_ask(self._asked_at.get((epoch, m))))

    def _may_ask(self, asked_at: int | None) -> bool:
        return asked_at is None or abs(self._now_ms - asked_at) >= ASK_AGAIN_MS

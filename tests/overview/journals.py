"""Real journals for the tests of the overview: the store on disk, the whole vocabulary."""

import random
from collections.abc import Sequence
from pathlib import Path

from station_app.journal.fact import Saying
from station_app.journal.log import FactLog
from station_app.journal.migrations import JOURNAL, migrate, named_by_content
from station_app.journal.recorder import Writer, new_ticket
from station_app.journal.session import Session
from station_app.journal.states import table_statements
from station_app.journal.store import open_writer
from station_app.values.clock import Chance
from station_app.values.day import local_midnight
from station_app.vocabulary import VOCABULARY

KEY = bytes(range(32))
DAY = "2026-11-23"
MORNING = local_midnight(DAY) + 9 * 3_600_000  # 09:00 on a Monday
STATION = "NX0601"


class Dice:
    """Chance from a seed."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)

    def draw(self, count: int) -> bytes:
        return self._random.randbytes(count)


class TestJournal:
    """One PC's journal, on disk; facts are said at times of our choosing."""

    __test__ = False

    def __init__(
        self,
        folder: Path,
        device: str = "D1",
        seed: int = 1,
        statements: Sequence[str] = (),
        writers: Sequence[Writer] = (),
    ) -> None:
        self.path = folder / f"{device}.db"
        self.chance: Chance = Dice(seed)
        self._statements = tuple(statements)
        self.device = device
        self.session = Session(
            self._open,
            VOCABULARY,
            place=f"{STATION}/{device}",
            chance=self.chance,
            writers=writers,
        )

    def _open(self):
        connection = open_writer(self.path, KEY)
        statements = (*table_statements(VOCABULARY.entities), *self._statements)
        migrate(connection, (*JOURNAL, named_by_content("tables", statements)))
        return connection

    @property
    def connection(self):
        return self.session.connection

    @property
    def stream(self):
        return self.session.author.stream

    def say(self, *sayings: Saying, at: int = MORNING, by: str = ""):
        """Record one act; returns what was told."""
        ticket = new_ticket(self.chance)

        def work(recorder):
            act = recorder.open_act(ticket, by=by, at=at)
            told = act.say(*sayings)
            act.close()
            return told

        return self.session.write(work)

    def undo(self, act: str, at: int = MORNING, day: str = DAY):
        ticket = new_ticket(self.chance)
        return self.session.write(
            lambda recorder: recorder.undo(act, ticket=ticket, by="", at=at, day=day)
        )

    def take(self, facts):
        """Take facts of another PC or of the county."""
        return self.session.write(lambda recorder: recorder.take(facts))

    def restart(self):
        """End the program and start it again: another stream."""
        self.session.close()
        self.session.reopen()

    def give_to(self, other: "TestJournal"):
        """Carry everything said here over to another PC."""
        log = FactLog(self.connection)
        for head in log.heads():
            facts = list(log.all_of(head.stream))
            other.take(facts)

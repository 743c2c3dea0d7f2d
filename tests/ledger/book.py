"""A book that is written in by hand: acts as lines of "debit > credit amount"."""

from typing import Any, ClassVar

import msgspec

from station_app.journal.fact import Body, Saying, Told
from station_app.journal.log import FactLog
from station_app.journal.projection import EntityKind
from station_app.journal.vocabulary import Vocabulary
from station_app.ledger.posting import CNY, Entry, Line
from tests.journal.notebook import Notebook

SHORT = {
    "cash": "Assets:Drawer:D1",
    "cash 2": "Assets:Drawer:D2",
    "wechat": "Assets:WeChat",
    "county": "Liabilities:County",
    "commission": "Income:Commission",
    "round off": "Expenses:RoundOff",
}


class Written(msgspec.Struct, frozen=True):
    account: str
    commodity: str
    amount: int


class EntryWritten(Body, frozen=True, kw_only=True):
    """Lines as they are: the tests of the ledger decide themselves what a fact posts."""

    KIND: ClassVar[str] = "entry.written"
    lines: tuple[Written, ...]
    day: str


class Entries(msgspec.Struct, frozen=True):
    count: int


def post_written(told: Told) -> Entry:
    return tuple(Line(line.account, line.commodity, line.amount) for line in told.body.lines)


ENTRY: EntityKind[Entries] = EntityKind(
    name="entry",
    state=Entries,
    facts=(EntryWritten,),
    fold=lambda state, _told: Entries(state.count + 1 if state else 1),
)
BOOK = Vocabulary(entities=(ENTRY,), postings={EntryWritten: post_written})


def fen(yuan: str) -> int:
    """Return the fen of "12.30"."""
    whole, _, rest = yuan.partition(".")
    return int(whole) * 100 + int(rest.ljust(2, "0") or 0)


def lines_of(text: str) -> tuple[Written, ...]:
    """Return the lines of "cash > Liabilities:County 286.00", one pair for each row of text."""
    found: list[Written] = []
    for row in filter(None, (line.strip() for line in text.splitlines())):
        accounts, _, amount = row.rpartition(" ")
        debit, _, credit = (part.strip() for part in accounts.partition(">"))
        found.append(Written(SHORT.get(debit, debit), CNY, fen(amount)))
        found.append(Written(SHORT.get(credit, credit), CNY, -fen(amount)))
    return tuple(found)


class HandBook(Notebook):
    """A journal in which only such entries stand."""

    def __init__(self, place: str = "NX0601/D1", seed: int = 1) -> None:
        super().__init__(place, vocabulary=BOOK, seed=seed)

    def write(self, *texts: str, day: str = "2026-11-25") -> Any:
        """Write one act: an entry for each text."""
        return self.put(*(lines_of(text) for text in texts), day=day)

    def put(self, *entries: tuple[Written, ...], day: str = "2026-11-25") -> Any:
        return self.say(*(Saying(EntryWritten(lines=lines, day=day)) for lines in entries))

    def hears(self, other: "HandBook") -> None:
        """Take everything that another PC wrote."""
        log = FactLog(other.connection)
        for head in log.heads():
            self.recorder.take(list(log.all_of(head.stream)))

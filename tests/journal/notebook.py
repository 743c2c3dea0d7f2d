"""A small shop of its own for the tests of the journal: toys are lent, sold and quarrelled over.

The kernel knows no service, so its tests bring a vocabulary that has everything a service may
have: founders with a natural key, private parts, cases, money, goods, a kind never reversed.
"""

import random
from collections.abc import Sequence
from typing import Any, ClassVar

import msgspec
from sqlcipher3 import dbapi2

from station_app.journal.fact import Body, Fact, Private, Saying, Told
from station_app.journal.log import FactLog
from station_app.journal.migrations import JOURNAL, migrate, named_by_content
from station_app.journal.projection import Cases, Columns, EntityKind
from station_app.journal.recorder import Author, Batch, Recorder, Writer
from station_app.journal.states import table_statements
from station_app.journal.vocabulary import Vocabulary
from station_app.ledger.posting import CNY, Entry, Line, moves, pays


class ToyWords(Private, frozen=True, kw_only=True):
    words: str = ""


class ToyFounded(Body, frozen=True, kw_only=True):
    """A toy came in. `label` is its natural key: two founders of one label are one toy."""

    KIND: ClassVar[str] = "toy.founded"
    PRIVATE: ClassVar[type[Private] | None] = ToyWords
    label: str
    price_fen: int = 0


class ToyLent(Body, frozen=True, kw_only=True):
    KIND: ClassVar[str] = "toy.lent"
    PRIVATE: ClassVar[type[Private] | None] = ToyWords
    times: int = 1


class ToySold(Body, frozen=True, kw_only=True):
    """It was sold, for money that lies in a box: posted in full, no clearing."""

    KIND: ClassVar[str] = "toy.sold"
    price_fen: int


class ToyOwed(Body, frozen=True, kw_only=True):
    """Something is due in this act: only one side of the clearing."""

    KIND: ClassVar[str] = "toy.owed"
    due_fen: int


class BoxClosed(Body, frozen=True, kw_only=True):
    """The box was counted. Never taken back."""

    KIND: ClassVar[str] = "box.closed"
    REVERSIBLE: ClassVar[bool] = False
    counted_fen: int


class ToyBroken(Body, frozen=True, kw_only=True):
    """Posts whatever it says: the programs of others may be wrong."""

    KIND: ClassVar[str] = "toy.broken"
    account: str
    debit: int
    credit: int


class Toy(msgspec.Struct, frozen=True, kw_only=True):
    """All that was said about a toy, so that any difference in order shows."""

    labels: tuple[str, ...] = ()
    lent: int = 0
    sales: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    path: tuple[str, ...] = ()


class Box(msgspec.Struct, frozen=True, kw_only=True):
    counted_fen: int


def fold_toy(state: Toy | None, told: Told) -> Toy:
    toy = state or Toy()
    body = told.body
    words = (*toy.words, told.private.words) if told.private else toy.words
    path = (*toy.path, told.identity[:6])
    if isinstance(body, ToyFounded):
        labels = (*toy.labels, body.label)
        return msgspec.structs.replace(toy, labels=labels, words=words, path=path)
    if isinstance(body, ToyLent):
        lent = toy.lent * 3 + body.times  # no two orders give the same number
        return msgspec.structs.replace(toy, lent=lent, words=words, path=path)
    if isinstance(body, ToySold):
        return msgspec.structs.replace(toy, sales=(*toy.sales, told.identity), path=path)
    return msgspec.structs.replace(toy, path=path)


def toy_cases(toy: Toy) -> Cases:
    return {"toy.sold_twice": toy.sales} if len(toy.sales) > 1 else {}


def post_founded(told: Told) -> Entry:
    return moves("Equity:Toys:World", "Equity:Toys:Shelf", 1)


def post_sold(told: Told) -> Entry:
    return (
        *pays("Assets:Box", "Income:Toys", told.body.price_fen),
        *moves("Equity:Toys:Shelf", "Equity:Toys:World", 1),
    )


def post_owed(told: Told) -> Entry:
    return pays(f"Equity:Counter:{told.act}", "Income:Toys", told.body.due_fen)


def post_broken(told: Told) -> Entry:
    body: ToyBroken = told.body
    return (Line(body.account, CNY, body.debit), Line("Assets:Box", CNY, -body.credit))


TOY: EntityKind[Toy] = EntityKind(
    name="toy",
    state=Toy,
    facts=(ToyFounded, ToyLent, ToySold, ToyOwed, ToyBroken),
    fold=fold_toy,
    natural_key={ToyFounded: lambda told: str(told.body.label)},
    cases=toy_cases,
    columns=Columns(
        table="toys",
        fields=(("labels", "TEXT"), ("lent", "INTEGER"), ("sales", "INTEGER")),
        row=lambda toy: (" ".join(toy.labels), toy.lent, len(toy.sales)),
        indexes=(("labels",),),
    ),
)

BOX: EntityKind[Box] = EntityKind(
    name="box",
    state=Box,
    facts=(BoxClosed,),
    fold=lambda _state, told: Box(counted_fen=told.body.counted_fen),
)

TOYS = Vocabulary(
    entities=(TOY, BOX),
    postings={
        ToyFounded: post_founded,
        ToySold: post_sold,
        ToyOwed: post_owed,
        ToyBroken: post_broken,
    },
    from_both=(ToyFounded,),
)


def memory(vocabulary: Vocabulary) -> Any:
    """Return an empty journal in memory, with the tables of this vocabulary."""
    connection = dbapi2.connect(":memory:", isolation_level=None)
    connection.execute("PRAGMA recursive_triggers = ON")
    tables = named_by_content("toys", table_statements(vocabulary.entities))
    migrate(connection, (*JOURNAL, tables))
    return connection


class Dice:
    """Chance from a seed."""

    def __init__(self, seed: int = 1) -> None:
        self._random = random.Random(seed)

    def draw(self, count: int) -> bytes:
        return self._random.randbytes(count)


class Notebook:
    """A journal in memory, written by one PC, with a clock that a test moves by hand."""

    def __init__(
        self,
        place: str = "NX0601/D1",
        *,
        vocabulary: Vocabulary = TOYS,
        seed: int = 1,
        writers: Sequence[Writer] = (),
    ) -> None:
        self.connection: Any = memory(vocabulary)
        self.vocabulary = vocabulary
        self.place = place
        self.dice = Dice(seed)
        self.writers = tuple(writers)
        self.at = 1_795_564_800_000
        self.acts = 0
        self.restart()

    def restart(self) -> None:
        """Begin a new epoch, as every start of the program does."""
        row = self.connection.execute(
            "SELECT value FROM local WHERE name = 'last_identity'"
        ).fetchone()
        self.author = Author(f"{self.place}/{self.dice.draw(8).hex()}", row[0] if row else "")
        self.recorder = Recorder(
            self.connection,
            self.vocabulary,
            self.author,
            chance=self.dice,
            writers=self.writers,
        )

    def ticket(self) -> str:
        self.acts += 1
        return f"{self.place[-2:]}ACT{self.acts:011d}"

    def say(self, *sayings: Saying, at: int | None = None, ticket: str = "") -> Batch:
        """Record one act, a second after the one before."""
        self.at = at if at is not None else self.at + 1_000
        act = self.recorder.open_act(ticket or self.ticket(), by="operator", at=self.at)
        act.say(*sayings)
        return act.close()

    def undo(self, act: str) -> Batch:
        self.at += 1_000
        return self.recorder.undo(
            act, ticket=self.ticket(), by="operator", at=self.at, day="2026-11-25"
        )

    def facts(self) -> list[Fact]:
        """Return all facts, stream by stream."""
        log = FactLog(self.connection)
        return [fact for head in log.heads() for fact in log.all_of(head.stream)]


def found(label: str, words: str = "", whose: tuple[str, ...] = ()) -> Saying:
    return Saying(ToyFounded(label=label), private=ToyWords(words=words, whose=whose))


def lend(toy: str, times: int = 1, words: str = "", whose: tuple[str, ...] = ()) -> Saying:
    private = ToyWords(words=words, whose=whose) if words or whose else None
    return Saying(ToyLent(times=times), private=private, entity=toy)


def sell(toy: str, price_fen: int) -> Saying:
    return Saying(ToySold(price_fen=price_fen), entity=toy)


FOLDED = (
    "SELECT kind, entity, at, identity, data FROM states ORDER BY kind, entity",
    "SELECT entity, labels, lent, sales FROM toys ORDER BY entity",
    "SELECT kind, entity, members FROM cases ORDER BY kind, entity",
    "SELECT root, at, identity, stream, seq FROM folds ORDER BY root, at, identity",
    "SELECT identity, root FROM roots ORDER BY identity",
    "SELECT kind, natural_key, identity FROM founders ORDER BY kind, natural_key, identity",
    "SELECT identity, reason FROM quarantine ORDER BY identity",
    "SELECT stream, act, identity FROM reversals ORDER BY stream, act, identity",
    "SELECT whose, identity FROM erased ORDER BY whose, identity",
    "SELECT identity, part FROM privates ORDER BY identity",
    "SELECT stream, seq, line, account, commodity, amount FROM postings ORDER BY stream, seq, line",
    "SELECT account, commodity, amount FROM balances ORDER BY account, commodity",
    "SELECT stream, seq, line, account, commodity, amount FROM postings_aside ORDER BY 1, 2, 3",
    "SELECT what, name, seq, hash, identity FROM rulings ORDER BY 1, 2, 3, 4, 5",
    "SELECT stream, reach FROM kept_back ORDER BY stream",
)


def folded(connection: Any) -> list[list[tuple[Any, ...]]]:
    """Return everything that follows from the facts, ready to be compared."""
    return [[tuple(row) for row in connection.execute(sql).fetchall()] for sql in FOLDED]

"""A till without a screen: shifts and payments for real, and a small trade to pay for.

The trade is a toy of one line facts, so that these tests say what they want to be due; parcels and
the rest have tests of their own. Two tills are two PCs of a station that hear each other.
"""

import random
from dataclasses import dataclass
from typing import Any, ClassVar

import msgspec
from sqlcipher3 import dbapi2

from station_app.journal.fact import Body, Saying, Told
from station_app.journal.log import FactLog
from station_app.journal.migrations import JOURNAL, Migration, migrate, named_by_content
from station_app.journal.projection import EntityKind
from station_app.journal.recorder import new_ticket
from station_app.journal.session import Session
from station_app.journal.states import table_statements
from station_app.journal.store import transaction
from station_app.journal.vocabulary import Vocabulary
from station_app.ledger.accounts import counter, held_cod, pieces_courier, refund_due
from station_app.ledger.posting import Entry, moves, pays
from station_app.printing import jobs
from station_app.printing.document import Document, from_json
from station_app.reference import rules as reference
from station_app.resources_dir import load_texts
from station_app.services.cash import offer, records
from station_app.services.cash import rules as cash
from station_app.services.cash.commands import CloseShift, GivePayment, OpenShift, TakePayment
from station_app.services.cash.facts import Count, Tender
from station_app.services.cash.papers import PaperMaker
from station_app.shell.desk import Desk, Done, Outcome, Rule
from station_app.values.now import Now
from station_app.values.paying import FACES
from station_app.values.refusal import Refusal
from station_app.values.staff import Coworker

TEXTS = load_texts()
STATION = "NX0601"
MORNING_MS = 1_795_564_800_000  # 2026-11-25 08:00 in the village
HOUR_MS = 3_600_000
BUILD_MS = 1_764_000_000_000


class GoodSettled(Body, frozen=True, kw_only=True):
    """Cash on delivery was collected for a courier, and a piece handed over; below zero: back."""

    KIND: ClassVar[str] = "good.settled"
    courier: str
    due_fen: int


class GoodShelved(Body, frozen=True, kw_only=True):
    """A piece came in from a courier."""

    KIND: ClassVar[str] = "good.shelved"
    courier: str


class GoodRefunded(Body, frozen=True, kw_only=True):
    """Money is owed back against a paper; it may be paid out in the same act."""

    KIND: ClassVar[str] = "good.refunded"
    courier: str
    document: str
    owed_fen: int
    paid_fen: int


class Good(msgspec.Struct, frozen=True):
    said: int


def post_settled(told: Told) -> Entry:
    body: GoodSettled = told.body
    out = ("Equity:Pieces:Shelf", "Equity:Pieces:Villager")
    return (
        *pays(counter(told.act), held_cod(body.courier), body.due_fen),
        *moves(*(out if body.due_fen >= 0 else out[::-1]), 1),
    )


def post_shelved(told: Told) -> Entry:
    return moves(pieces_courier(told.body.courier), "Equity:Pieces:Shelf", 1)


def post_refunded(told: Told) -> Entry:
    body: GoodRefunded = told.body
    due = refund_due(body.document)
    return (
        *pays(held_cod(body.courier), due, body.owed_fen),
        *pays(due, counter(told.act), body.paid_fen),
    )


GOOD: EntityKind[Good] = EntityKind(
    name="good",
    state=Good,
    facts=(GoodSettled, GoodShelved, GoodRefunded),
    fold=lambda state, _told: Good(said=state.said + 1 if state else 1),
)

BOOK = Vocabulary(
    entities=(*reference.ENTITIES, *cash.ENTITIES, GOOD),
    postings={
        **cash.POSTINGS,
        GoodSettled: post_settled,
        GoodShelved: post_shelved,
        GoodRefunded: post_refunded,
    },
)


STAFF = (
    Coworker("ab" * 32, "李示芳", is_manager=True),
    Coworker("cd" * 32, "王小兰", is_manager=False),
)


def name_of(_connection: Any, identity: str) -> str:
    """Return who an operator is; whoever is not on the staff is its manager, too."""
    names = {one.identity: one.name for one in STAFF}
    return names.get(identity, "李示芳") if identity else ""


@dataclass(frozen=True, slots=True)
class Say:
    """Ask for exactly this fact."""

    body: Body


def memory() -> Any:
    connection = dbapi2.connect(":memory:", isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA recursive_triggers = ON")
    tables = named_by_content("tables", table_statements(BOOK.entities))
    migrate(connection, (*JOURNAL, tables, Migration("printing.spool", jobs.SCHEMA)))
    return connection


class Dice:
    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)

    def draw(self, count: int) -> bytes:
        return self._random.randbytes(count)


class Till:
    """One PC at the counter."""

    def __init__(self, device: str = "D1", *, at: int = MORNING_MS) -> None:
        self.device = device
        self.at = at
        self.operator = STAFF[0].identity
        self.is_manager = True
        self._tickets = Dice(sum(device.encode()) * 31)
        self.connection = memory()
        self.session = Session(
            lambda: self.connection, BOOK, place=f"{STATION}/{device}", chance=Dice(len(device) + 7)
        )
        self.papers = PaperMaker(TEXTS, name_of)
        rules: tuple[Rule[Any, Any], ...] = (
            *offer.rules(TEXTS, name_of, lambda _c: STAFF),
            Rule(Say, lambda _c, _command, _now: None, lambda _s, c, _now: (Saying(c.body),)),
        )
        self.desk = Desk(self.session, rules, self.circumstances)

    def circumstances(self, connection: Any) -> Now:
        opened = records.open_shift_of(connection, self.device)
        proposed = records.day_now(connection, self.at, BUILD_MS).day
        return Now(
            at=self.at,
            day=opened.day if opened else proposed,
            operator=self.operator,
            device=self.device,
            station=STATION,
            shift=opened.identity if opened else "",
            is_manager=self.is_manager,
        )

    def come(self, one: Coworker) -> None:
        """Let somebody else stand at the counter."""
        self.operator, self.is_manager = one.identity, one.is_manager

    # --- What a test asks ------------------------------------------------------------------------

    def ask(self, *commands: Any, ticket: str = "") -> Outcome:
        """Ask for one act, a minute after the one before."""
        self.at += 60_000
        return self.desk.settle(*commands, ticket=ticket or self.ticket())

    def ticket(self) -> str:
        return new_ticket(self._tickets)

    def do(self, *commands: Any) -> Done:
        outcome = self.ask(*commands)
        assert isinstance(outcome, Done), outcome
        return outcome

    def no(self, *commands: Any) -> Refusal:
        """Ask for what is refused; nothing may be left of it."""
        before = len(self.facts()), self.connection.execute("SELECT * FROM series").fetchall()
        outcome = self.ask(*commands)
        assert isinstance(outcome, Refusal), outcome
        after = len(self.facts()), self.connection.execute("SELECT * FROM series").fetchall()
        assert after == before
        return outcome

    def open(self, fen: int = 30_000, **words: Any) -> str:
        """Open a shift with this float; the first one counts as put in."""
        self.do(OpenShift(counts=count(fen), **({"reason": "float"} | words)))
        return self.shift

    def settle(self, courier: str, fen: int, *tenders: Tender, round_off: int = 0) -> Done:
        """Hand a piece over and take the money for it, in cash unless said otherwise."""
        paid = tenders or ((cash_of(fen - round_off),) if fen > round_off else ())
        return self.do(
            Say(GoodSettled(courier=courier, due_fen=fen)),
            TakePayment(due_fen=fen, tenders=paid, round_off_fen=round_off),
        )

    def give(self, courier: str, fen: int) -> Done:
        """Take a piece back and give the money back in cash."""
        return self.do(
            Say(GoodSettled(courier=courier, due_fen=-fen)),
            GivePayment(due_fen=fen, tenders=(cash_of(fen),)),
        )

    def close(self, fen: int, **words: Any) -> str:
        """Close the shift with this count; returns its identity."""
        shift = self.shift
        self.do(CloseShift(counts=count(fen), **words))
        return shift

    @property
    def shift(self) -> str:
        return self.circumstances(self.connection).shift

    def facts(self) -> list[Any]:
        log = FactLog(self.connection)
        return [fact for head in log.heads() for fact in log.all_of(head.stream)]

    def hears(self, other: "Till") -> None:
        """Take everything that the other PC holds."""
        log = FactLog(other.connection)
        for head in log.heads():
            facts = list(log.all_of(head.stream))
            with transaction(self.connection):
                self.session.recorder.take(facts)

    def restart(self) -> None:
        """Start the program again: a new epoch."""
        self.session._open()

    def papers_printed(self) -> list[Document]:
        rows = self.connection.execute("SELECT document FROM print_jobs ORDER BY job").fetchall()
        return [from_json(row[0]) for row in rows]


def cash_of(fen: int) -> Tender:
    return Tender(way="cash", amount_fen=fen)


def count(fen: int) -> tuple[Count, ...]:
    """Return a count by faces that comes to this sum."""
    counts = []
    for face in FACES:
        pieces, fen = divmod(fen, face)
        if pieces:
            counts.append(Count(face, pieces))
    assert fen == 0, "no coin below ten fen"
    return tuple(counts)


def words_of(document: Document | None) -> list[str]:
    """Return the texts of a slip, line by line, as a villager would read them."""
    lines: list[str] = []
    for block in msgspec.to_builtins(document)["blocks"]:
        texts = [block.get(name, "") for name in ("left", "right", "text")]
        texts += block.get("labels", [])
        lines.append(" ".join(str(text) for text in texts if text))
    return [line for line in lines if line]

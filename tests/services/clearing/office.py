"""A station and its county without a screen: the real book, the real rules, a pen for the county.

Two offices are two PCs of a station that hear each other. What other slices record (orders,
bills, produce, parcels) is said as facts, with the payment that clears the act.
"""

import random
from collections.abc import Sequence
from typing import Any

from sqlcipher3 import dbapi2

from station_app.journal.chain import Head
from station_app.journal.cuts import tips_here
from station_app.journal.fact import Body, Fact, Private, Saying, canonical, seal
from station_app.journal.log import FactLog
from station_app.journal.migrations import JOURNAL, Migration, migrate, named_by_content
from station_app.journal.session import Session
from station_app.journal.states import table_statements
from station_app.journal.store import transaction
from station_app.ledger.accounts import part
from station_app.ledger.balances import balance
from station_app.printing import jobs
from station_app.printing.document import Document, from_json
from station_app.resources_dir import load_texts
from station_app.services.bills.facts import BillPaid, BillTaken
from station_app.services.cash import records as cash
from station_app.services.cash.asking import desk_rules as cash_rules
from station_app.services.cash.commands import CloseShift, GivePayment, OpenShift, TakePayment
from station_app.services.cash.facts import Count, Position, Tender
from station_app.services.cash.papers import PaperMaker as CashPapers
from station_app.services.clearing import records
from station_app.services.clearing.asking import desk_rules
from station_app.services.clearing.commands import PayCourier, SendRemittance
from station_app.services.clearing.facts import (
    PART_LINES_MAX,
    AccountTotal,
    Charge,
    CountyMoneySentDown,
    Portion,
    RemittanceCancelled,
    RemittanceConfirmed,
    StatementContinued,
    StatementIssued,
    StatementLine,
)
from station_app.services.clearing.papers import PaperMaker
from station_app.services.consignment.facts import GrowerAmount, LotSoldByCounty
from station_app.services.parcels.facts import ParcelHandedOver, ParcelShelved
from station_app.services.purchasing.facts import OrderPlaced
from station_app.shell.desk import Desk, Done, Outcome, Rule
from station_app.values.now import Now
from station_app.values.refusal import Refusal
from station_app.values.staff import Coworker
from station_app.vocabulary import VOCABULARY

TEXTS = load_texts()
STATION = "NX0601"
DAY = "2026-11-25"
MORNING_MS = 1_795_564_800_000  # 2026-11-25 08:00 in the village
GROWER = "9a" * 32
STAFF = (Coworker("ab" * 32, "李示芳", is_manager=True),)
COUNTY = f"county.1/{STATION}"


class Say:
    """Ask for exactly these facts."""

    def __init__(self, *sayings: Saying) -> None:
        self.sayings = sayings


class Dice:
    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)

    def draw(self, count: int) -> bytes:
        return self._random.randbytes(count)


def name_of(_connection: Any, identity: str) -> str:
    return "李示芳" if identity else ""


def cash_of(fen: int) -> Tender:
    return Tender(way="cash", amount_fen=fen)


def memory() -> Any:
    connection = dbapi2.connect(":memory:", isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA recursive_triggers = ON")
    tables = named_by_content("tables", table_statements(VOCABULARY.entities))
    migrate(connection, (*JOURNAL, tables, Migration("printing.spool", jobs.SCHEMA)))
    return connection


class Office:
    """One PC of the station."""

    def __init__(self, device: str = "D1") -> None:
        self.device = device
        self.at = MORNING_MS
        self.connection = memory()
        self._tickets = Dice(sum(device.encode()) * 31)
        self._serial = 0
        self.session = Session(
            lambda: self.connection,
            VOCABULARY,
            place=f"{STATION}/{device}",
            chance=Dice(sum(device.encode())),
        )
        self.papers = PaperMaker(TEXTS, name_of)
        rules: tuple[Rule[Any, Any], ...] = (
            *cash_rules(CashPapers(TEXTS, name_of), lambda _c: STAFF),
            *desk_rules(self.papers),
            Rule(Say, lambda _c, _command, _now: None, lambda _s, c, _now: c.sayings),
        )
        self.desk = Desk(self.session, rules, self.circumstances)
        self.pen = Pen(self)

    def circumstances(self, connection: Any) -> Now:
        opened = cash.open_shift_of(connection, self.device)
        return Now(
            at=self.at,
            day=opened.day if opened else DAY,
            operator="ab" * 32,
            device=self.device,
            station=STATION,
            shift=opened.identity if opened else "",
        )

    # --- Asking ----------------------------------------------------------------------------------

    def ticket(self) -> str:
        return self._tickets.draw(10).hex()[:16].upper()

    def ask(self, *commands: Any) -> Outcome:
        self.at += 60_000
        return self.desk.settle(*commands, ticket=self.ticket())

    def do(self, *commands: Any) -> Done:
        outcome = self.ask(*commands)
        assert isinstance(outcome, Done), outcome
        return outcome

    def no(self, *commands: Any) -> str:
        """Ask for what is refused; return why, having made sure that it has a sentence."""
        outcome = self.ask(*commands)
        assert isinstance(outcome, Refusal), outcome
        assert "{" not in TEXTS.say(outcome.text_key, **outcome.slots)
        return outcome.reason

    def open(self, fen: int = 30_000) -> "Office":
        """Open a shift with this float."""
        self.do(OpenShift(counts=(Count(10, fen // 10),), reason="float"))
        return self

    def close(self) -> None:
        """Close the shift with a count that fits the books."""
        fen = balance(self.connection, f"Assets:Drawer:{self.device}")
        self.do(CloseShift(counts=(Count(10, fen // 10),), remark="零头"))

    def restart(self) -> None:
        """Start the program again: a new stream."""
        self.session._open()

    def undo(self, done: Done) -> Outcome:
        return self.desk.settle_undo(done.act, ticket=self.ticket())

    # --- What others record ----------------------------------------------------------------------

    def order(self, fen: int) -> str:
        """Take an order that is paid beforehand; return its identity."""
        self._serial += 1
        body = OrderPlaced(
            person=GROWER,
            collector="",
            lines=(),
            goods_fen=fen,
            fee_fen=0,
            prepaid_fen=fen,
            replaces="",
            slip=self._serial,
            day=DAY,
        )
        done = self.do(Say(Saying(body)), TakePayment(due_fen=fen, tenders=(cash_of(fen),)))
        return done.told[0].identity

    def bill(self, fen: int, fee: int = 100) -> str:
        """Take a bill in; return its identity."""
        body = BillTaken(
            biller="POWER",
            person="",
            policy="queue",
            amount_fen=fen,
            fee_fen=fee,
            due_day="",
            slip=1,
            day=DAY,
        )
        due = fen + fee
        done = self.do(Say(Saying(body)), TakePayment(due_fen=due, tenders=(cash_of(due),)))
        return done.told[0].identity

    def hand_over(self, courier: str, cod: int, freight: int = 0, waybill: str = "") -> str:
        """Shelve a parcel and hand it over with its money; return the fact of the hand-over."""
        self._serial += 1
        shelved = ParcelShelved(
            courier=courier,
            waybill=waybill or f"7300000000{self._serial:04}",
            after="",
            shelf="B",
            layer=2,
            serial=self._serial,
            size="M",
            cod_fen=cod,
            freight_fen=freight,
            person=GROWER,
            day=DAY,
        )
        parcel = self.do(Say(Saying(shelved))).told[0].identity
        handed = ParcelHandedOver(
            courier=courier,
            taken_by="self",
            check="known",
            cod_fen=cod,
            freight_fen=freight,
            slip=self._serial,
            day=DAY,
        )
        due = cod + freight
        done = self.do(
            Say(Saying(handed, entity=parcel)),
            TakePayment(due_fen=due, tenders=(cash_of(due),) if due else ()),
        )
        return done.told[0].identity

    # --- Clearing, as the page asks for it -------------------------------------------------------

    def remit(self, *portions: Portion, way: str = "carrier", **words: Any) -> Done:
        """Send money to the county, out of the drawer."""
        fen = sum(portion.amount_fen for portion in portions)
        return self.do(
            SendRemittance(way=way, portions=portions, **words),
            GivePayment(due_fen=fen, tenders=(cash_of(fen),), remark="说好的"),
        )

    def pay(self, courier: str, **words: Any) -> Done:
        """Pay a courier all that is held for it."""
        pieces = records.payable(self.connection, courier)
        fen = sum(p.fen for p in pieces) - words.get("fee_fen", 0) + words.get("fine_fen", 0)
        return self.do(
            PayCourier(courier=courier, pieces=tuple(p.fact for p in pieces), **words),
            GivePayment(due_fen=fen, tenders=(cash_of(fen),) if fen else (), remark="说好的"),
        )

    # --- Looking ---------------------------------------------------------------------------------

    def balance(self, account: str) -> int:
        return balance(self.connection, account)

    def cases(self) -> set[str]:
        """Return the open cases of clearing: what other slices miss here is their own story."""
        rows = self.connection.execute("SELECT kind FROM cases").fetchall()
        return {kind for (kind,) in rows if kind.startswith("clearing.")}

    def paper(self) -> Document:
        row = self.connection.execute(
            "SELECT document FROM print_jobs WHERE role = 'receipt' ORDER BY job DESC LIMIT 1"
        ).fetchone()
        return from_json(row[0])

    def hears(self, other: "Office") -> None:
        """Take everything that the other PC holds."""
        log = FactLog(other.connection)
        for head in log.heads():
            facts = list(log.all_of(head.stream))
            with transaction(self.connection):
                self.session.recorder.take(facts)


def prepayment(order: str, fen: int) -> Portion:
    return Portion(purse="Prepayment", owner=part(order), amount_fen=fen)


def current(fen: int) -> Portion:
    return Portion(purse="", owner="", amount_fen=fen)


class Pen:
    """The county's pen for this station: its facts arrive at once."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.head = Head(COUNTY, 0, "")
        self.acts = 0

    def say(self, *sayings: Saying) -> list[Fact]:
        """Say an act of the county; it is taken in like one that came by line."""
        self.acts += 1
        facts = []
        for saying in sayings:
            fact = self._seal(saying.body, saying.private, saying.entity)
            self.head = Head(COUNTY, fact.seq, fact.identity)
            facts.append(fact)
        with transaction(self.office.connection):
            self.office.session.recorder.take(facts)
        return facts

    def _seal(self, body: Body, private: Private | None, entity: str) -> Fact:
        self.office.at += 1_000
        return seal(
            canonical(body),
            canonical(private) if private else None,
            stream=COUNTY,
            seq=self.head.to + 1,
            act=f"COUNTY{self.acts:010}",
            at=self.office.at,
            kind=body.KIND,
            v=body.VERSION,
            entity=entity,
            by="",
            prev=self.head.identity,
        )

    def confirm(self, remittance: str, fen: int) -> str:
        (fact,) = self.say(
            Saying(RemittanceConfirmed(received_fen=fen, day=DAY), entity=remittance)
        )
        return fact.identity

    def cancel(self, remittance: str) -> None:
        self.say(Saying(RemittanceCancelled(day=DAY), entity=remittance))

    def paid(self, bill: str, fen: int, fee: int = 100) -> None:
        body = BillPaid(answers=bill, amount_fen=fen, fee_fen=fee, number="R1", day=DAY)
        self.say(Saying(body, entity=bill))

    def sold(self, fen: int, person: str = GROWER) -> None:
        body = LotSoldByCounty(
            answers="",
            ownership="consigned",
            quantity=1_000,
            gross_fen=fen,
            costs=(),
            station_commission_fen=0,
            county_commission_fen=0,
            amounts=(GrowerAmount(person=person, amount_fen=fen),),
            cost_fen=0,
            day=DAY,
        )
        self.say(Saying(body, entity="1d" * 32))

    def send_down(self, number: str, fen: int, *covers: Portion, way: str = "carrier") -> str:
        body = CountyMoneySentDown(number=number, way=way, amount_fen=fen, covers=covers, day=DAY)
        return self.say(Saying(body))[0].identity

    # --- Statements ------------------------------------------------------------------------------

    def positions(self) -> tuple[Position, ...]:
        """Return how far this PC has everything: a county that has heard all of it."""
        return tuple(
            Position(tip.stream, tip.seq, tip.identity) for tip in tips_here(self.office.connection)
        )

    def state_month(
        self,
        month: str,
        lines: Sequence[StatementLine],
        totals: Sequence[AccountTotal],
        *,
        positions: tuple[Position, ...],
        since: str = "",
        replaces: str = "",
        station: str = STATION,
        charges: tuple[Charge, ...] = (),
        parts_said: int = 0,
    ) -> str:
        """Issue a statement in as many parts as it takes; return its identity."""
        cuts = range(0, max(1, len(lines)), PART_LINES_MAX)
        head = StatementIssued(
            station=station,
            month=month,
            since=since,
            replaces=replaces,
            positions=positions,
            parts=parts_said or len(cuts),
            lines=len(lines),
            totals=len(totals),
            day=DAY,
        )
        (issued,) = self.say(Saying(head))
        parts = [
            StatementContinued(
                part=number + 1,
                totals=tuple(totals) if not number else (),
                lines=tuple(lines[start : start + PART_LINES_MAX]),
                charges=charges if not number else (),
                day=DAY,
            )
            for number, start in enumerate(cuts)
        ]
        self.say(*(Saying(part, entity=issued.identity) for part in parts))
        return issued.identity

"""What deciding about a payment needs, read inside its act: credits, books, the payment itself.

Who somebody is, how far she may owe and how many work here is the register's to know; whoever
puts the rules together hands it in.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import msgspec

from station_app.journal.cuts import Run, runs_since
from station_app.journal.log import Connection
from station_app.journal.series import take_number
from station_app.ledger.balances import books
from station_app.ledger.lending import books_after
from station_app.ledger.paid_acts import FactRow, fact, stream_of_act
from station_app.ledger.posting import CNY, Entry, Line, negated
from station_app.services.cash.commands import (
    CorrectAmount,
    CorrectChange,
    CorrectPayment,
    GivePayment,
    TakePayment,
)
from station_app.services.cash.corrections import COD, FREIGHT, Correcting, SettledLine
from station_app.services.cash.facts import ShiftClosed, ShiftHandedOver, ShiftOpened, Tender
from station_app.services.cash.payments import Giving, Payment, Taking
from station_app.services.parcels.facts import (
    EndingTakenBack,
    HandoverCorrected,
    ParcelCodCorrected,
    ParcelHandedOver,
    ParcelHandedOverOnRun,
    ParcelShelved,
)
from station_app.values.now import Now
from station_app.values.paying import ON_ACCOUNT, Credit
from station_app.values.staff import Coworker

SLIP_SERIES = "cash.slip"  # of corrections
CORRECTIONS = ("payment.corrected", "change.corrected", ParcelCodCorrected.KIND)
_COUNTING = (ShiftOpened.KIND, ShiftHandedOver.KIND, ShiftClosed.KIND)
_COLLECTING = (ParcelHandedOver.KIND, ParcelHandedOverOnRun.KIND)
_decode = msgspec.json.Decoder(Payment).decode


class Register(Protocol):
    """What the drawer asks about people; `services.people.records` is one."""

    def credit(self, connection: Connection, identity: str, /) -> Credit:
        """Return how far somebody may owe, and what she owes."""
        ...


class Nobody:
    """A register without people: nobody may owe."""

    def credit(self, _connection: Connection, _identity: str, /) -> Credit:
        """Return that she may not owe anything."""
        return Credit()


def payment_state(connection: Connection, identity: str) -> Payment | None:
    """Return a payment as it stands now."""
    row = connection.execute(
        "SELECT data FROM states WHERE kind = 'payment' AND entity = ?", (identity,)
    ).fetchone()
    return _decode(row[0]) if row else None


def payments_of_act(connection: Connection, act: str, stream: str = "") -> tuple[str, ...]:
    """Return the payments that settled an act, by identity. stream: in which it stands."""
    rows = connection.execute(
        "SELECT p.entity FROM payments p JOIN facts f ON f.identity = p.entity "
        "WHERE p.act = ? AND f.stream = ? ORDER BY p.entity",
        (act, stream or stream_of_act(connection, act)),
    ).fetchall()
    return tuple(row[0] for row in rows)


class _Person(msgspec.Struct):
    person: str = ""


def person_of_act(connection: Connection, stream: str, act: str) -> str:
    """Return the one villager that an act was for, by what its facts or their founders say."""
    rows = connection.execute(
        "SELECT f.body, e.body FROM facts f LEFT JOIN facts e ON e.identity = f.entity "
        "WHERE f.stream = ? AND f.act = ? ORDER BY f.seq",
        (stream, act),
    ).fetchall()
    found = {
        msgspec.json.decode(body, type=_Person).person for row in rows for body in row if body
    } - {""}
    return found.pop() if len(found) == 1 else ""


class _Collected(msgspec.Struct):
    courier: str
    cod_fen: int
    freight_fen: int


def settled_lines(connection: Connection, identity: str) -> Mapping[str, SettledLine]:
    """Return what a payment's act collected, by key: what may be put right, corrections included.

    A hand-over that was taken back collects nothing any more.
    """
    rows = connection.execute(
        "SELECT f.identity, f.entity, f.body, e.body FROM facts paid "
        "JOIN facts f ON f.stream = paid.stream AND f.act = paid.act AND f.kind IN (?, ?) "
        "LEFT JOIN facts e ON e.identity = f.entity AND e.kind = ? "
        "WHERE paid.identity = ? ORDER BY f.seq",
        (*_COLLECTING, ParcelShelved.KIND, identity),
    ).fetchall()
    lines: list[SettledLine] = []
    for handover, parcel, body, founder in rows:
        changes = corrections_of(connection, handover)
        if changes is None:
            continue
        entered = msgspec.json.decode(body, type=_Collected)
        waybill = msgspec.json.decode(founder, type=ParcelShelved).waybill if founder else ""
        for purse, fen in (
            (COD, entered.cod_fen + sum(change.body.cod_change_fen for change in changes)),
            (FREIGHT, entered.freight_fen + sum(c.body.freight_change_fen for c in changes)),
        ):
            line = SettledLine(
                parcel=parcel,
                handover=handover,
                courier=entered.courier,
                waybill=waybill,
                purse=purse,
                fen=fen,
            )
            lines += [line] if fen else []
    return {line.key: line for line in lines}


@dataclass(frozen=True, slots=True)
class AmountCorrected:
    """A correction that holds, and when it was written."""

    at: int
    identity: str
    body: ParcelCodCorrected


def corrections_of(connection: Connection, handover: str) -> tuple[AmountCorrected, ...] | None:
    """Return the corrections that hold of what a hand-over collected, the first one first.

    None if the hand-over was taken back.
    """
    rows = connection.execute(
        "SELECT f.at, f.identity, f.kind, f.body FROM folds h "
        "JOIN folds o ON o.root = h.root JOIN facts f ON f.identity = o.identity "
        "WHERE h.identity = ? AND f.kind IN (?, ?, ?) AND NOT EXISTS "
        "(SELECT 1 FROM reversals r WHERE r.stream = f.stream AND r.act = f.act) "
        "ORDER BY f.at, f.identity",
        (handover, ParcelCodCorrected.KIND, HandoverCorrected.KIND, EndingTakenBack.KIND),
    ).fetchall()
    found: list[AmountCorrected] = []
    for at, identity, kind, body in rows:
        if kind == HandoverCorrected.KIND:
            if msgspec.json.decode(body, type=HandoverCorrected).handover == handover:
                return None
            continue
        if kind == EndingTakenBack.KIND:
            if msgspec.json.decode(body, type=EndingTakenBack).ending == handover:
                return None
            continue
        change = AmountCorrected(at, identity, msgspec.json.decode(body, type=ParcelCodCorrected))
        found += [change] if change.body.handover == handover else []
    return tuple(found)


def corrected_payment(connection: Connection, right: FactRow) -> FactRow | None:
    """Return the payment that a correction is about."""
    if right.kind != ParcelCodCorrected.KIND:
        return fact(connection, right.entity)
    body = msgspec.json.decode(right.body, type=ParcelCodCorrected)
    handover = fact(connection, body.handover)
    payments = payments_of_act(connection, handover.act, handover.stream) if handover else ()
    return fact(connection, payments[0]) if payments else None


def lines_under_way(connection: Connection) -> Entry:
    """Return the money lines of the act that is being recorded; () before its first fact.

    Its facts are the last ones written, and lie beyond the head of their stream until it is whole.
    """
    rows = connection.execute(
        "SELECT p.account, p.commodity, p.amount "
        "FROM (SELECT * FROM facts ORDER BY rowid DESC LIMIT 1) last "
        "JOIN facts f ON f.stream = last.stream AND f.act = last.act "
        "JOIN postings p ON p.stream = f.stream AND p.seq = f.seq "
        "WHERE p.commodity = ? AND NOT EXISTS "
        "(SELECT 1 FROM streams s WHERE s.stream = last.stream AND s.length >= last.seq)",
        (CNY,),
    ).fetchall()
    return tuple(Line(*row) for row in rows)


def is_counted(connection: Connection, identity: str, now: Now) -> bool:
    """Tell whether the drawer was counted since a payment: by a shift, or when it changed hands.

    A payment that needs no shift may stand before one that was opened and closed since.
    """
    state = payment_state(connection, identity)
    if state is None or state.shift != now.shift:
        return True
    row = connection.execute(
        "SELECT f.stream, f.seq FROM local l JOIN facts f ON f.identity = l.value "
        "WHERE l.name = 'last_identity'"
    ).fetchone()
    runs = runs_since(connection, identity, (row[0], row[1])) if row else []
    return any(_counts(connection, run) for run in runs)


def _counts(connection: Connection, run: Run) -> bool:
    row = connection.execute(
        "SELECT 1 FROM facts WHERE stream = ? AND seq BETWEEN ? AND ? AND kind IN (?, ?, ?) "
        "LIMIT 1",
        (run.stream, run.first, run.last, *_COUNTING),
    ).fetchone()
    return row is not None


class PaymentGatherer:
    """Reads what the rules of payments and corrections need."""

    def __init__(
        self,
        register: Register | None = None,
        staff: Callable[[Connection], tuple[Coworker, ...]] = lambda _connection: (),
    ) -> None:
        """Ask `register` about people; without one nobody may owe. staff: who works here."""
        self.register: Register = register or Nobody()
        self.staff = staff

    def taking(self, connection: Connection, command: TakePayment, _now: Now) -> Taking:
        """Return how far those named may owe."""
        return self._credits(connection, command.tenders)

    def giving(self, connection: Connection, _command: GivePayment, _now: Now) -> Giving:
        """Return the books before the act, what it has posted so far, how many work here."""
        said = lines_under_way(connection)
        return self.lending_state(connection, said)

    def correcting(
        self,
        connection: Connection,
        command: CorrectPayment | CorrectChange | CorrectAmount,
        now: Now,
    ) -> Correcting:
        """Return the payment as it stands, and take a number for the slip."""
        tenders = command.tenders if isinstance(command, CorrectPayment) else ()
        payment = payment_state(connection, command.payment)
        was = payment.tenders if payment is not None else ()
        return Correcting(
            payment=payment,
            is_counted=is_counted(connection, command.payment, now),
            lines=settled_lines(connection, command.payment),
            taking=self._credits(connection, (*tenders, *was)),
            slip=take_number(connection, f"{SLIP_SERIES}/{now.device}"),
        )

    def _credits(self, connection: Connection, tenders: Iterable[Tender]) -> Taking:
        people = dict.fromkeys(t.person for t in tenders if t.way == ON_ACCOUNT and t.person)
        return Taking({p: self.register.credit(connection, p) for p in people})

    def lending_state(self, connection: Any, said: Entry = ()) -> Giving:
        """Return what `payments.lent_by_giving` needs. said: lines of the act posted already."""
        before = books_after(books(connection), negated(said))
        return Giving(before, said, len(self.staff(connection)))

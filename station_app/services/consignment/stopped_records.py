"""Where the goods of a stopped lot went, and who was told: lots made of it, slips, the hub."""

from collections.abc import Iterable
from dataclasses import dataclass

import msgspec

from station_app.journal.log import Connection
from station_app.journal.series import printed_number
from station_app.ledger.paid_acts import facts_of_act
from station_app.services.cash.facts import PaymentTaken
from station_app.services.consignment.facts import LotDispatched
from station_app.services.consignment.lots import LOT, Lot
from station_app.services.consignment.recalling import Telling
from station_app.services.consignment.taking import lot_number

SHOWN_MAX = 300
TOLD_MAX = 1_000  # tries to tell somebody; a village has fewer households
ON_ACCOUNT = "account"
_lot = msgspec.json.Decoder(Lot).decode
_taken = msgspec.json.Decoder(PaymentTaken).decode
_dispatched = msgspec.json.Decoder(LotDispatched).decode


@dataclass(frozen=True, slots=True)
class SoldRow:
    """A line of a slip. at: UTC ms; back: of its quantity, what came back.

    person: who took it on account, "" for whoever paid and left.
    """

    sale: str
    act: str
    number: str
    at: int
    quantity: int
    back: int
    person: str = ""


@dataclass(frozen=True, slots=True)
class SentRow:
    """What of it left for the hub in one act. fact: identity."""

    fact: str
    number: str
    at: int
    quantity: int
    packages: int


@dataclass(frozen=True, slots=True)
class Stopped:
    """A stopped lot with all that was made of it. here, …: summed; drawn is in what was made.

    is_locked: nothing of it that lies here can be sold; what was made of it before may not be
    stopped itself: the county says which lots are. growers: whose it is; told: who was told, the
    first on top; first: the lot itself as it stands.
    """

    number: str
    produce: str
    grade: str
    unit: str
    why: str
    came: int
    here: int
    sold: int
    away: int
    gone: int
    is_locked: bool
    made_of_it: tuple[str, ...]
    slips: tuple[SoldRow, ...]
    first: Lot
    lots: tuple[str, ...] = ()
    growers: tuple[str, ...] = ()
    sent: tuple[SentRow, ...] = ()
    told: tuple[Telling, ...] = ()

    @property
    def back(self) -> int:
        """Return what customers have brought back."""
        return sum(row.back for row in self.slips)

    @property
    def untold(self) -> int:
        """Return of how much nobody can say where it is: it must be nothing."""
        return self.came - self.here - self.sold - self.away - self.gone


def stopped(connection: Connection, lot: str) -> Stopped | None:
    """Return a stopped lot; None for one that is not stopped, or not known."""
    found = _with_offspring(connection, lot)
    first = found.get(lot)
    if first is None or not first.is_blocked:
        return None
    lots = found.values()
    others = sum(  # a lot that was joined from several holds more than this one's goods
        one.quantity - sum(part.quantity for part in one.parts if part.lot in found)
        for name, one in found.items()
        if one.parts and name != lot
    )
    return Stopped(
        number=lot_number(first.code, lot),
        produce=first.produce,
        grade=first.grade,
        unit=first.unit,
        why=first.recalled or first.failed,
        came=first.quantity + others,
        here=sum(one.on_shelf for one in lots),
        sold=sum(one.sold for one in lots),
        away=sum(one.in_transit + one.at_hub + one.difference for one in lots),
        gone=sum(one.spoiled + one.returned + one.sampled for one in lots),
        is_locked=all(one.is_blocked for one in lots if one.on_shelf > 0),
        made_of_it=tuple(lot_number(one.code, name) for name, one in found.items() if name != lot),
        slips=tuple(row for name in found for row in _slips(connection, name))[:SHOWN_MAX],
        first=first,
        lots=tuple(found),
        growers=_growers(lots),
        sent=tuple(row for name, one in found.items() for row in _sent(connection, name, one)),
        told=_told(connection, lot),
    )


def _growers(lots: Iterable[Lot]) -> tuple[str, ...]:
    whose = {share.person for one in lots for share in one.shares} | {one.seller for one in lots}
    return tuple(sorted(whose - {""}))


def _told(connection: Connection, lot: str) -> tuple[Telling, ...]:
    rows = connection.execute(
        "SELECT lot, sale, person, way, outcome, at FROM recall_tellings WHERE lot = ? "
        "ORDER BY at, entity LIMIT ?",
        (lot, TOLD_MAX),
    ).fetchall()
    return tuple(
        Telling(lot=lot, sale=sale, person=person, way=way, outcome=outcome, at=int(at))
        for lot, sale, person, way, outcome, at in rows
    )


def _sent(connection: Connection, lot: str, state: Lot) -> list[SentRow]:
    rows = connection.execute(
        "SELECT f.identity, f.at, f.body FROM folds o JOIN facts f ON f.identity = o.identity "
        "WHERE o.root = ? AND f.kind = ? AND NOT EXISTS "
        "(SELECT 1 FROM reversals r WHERE r.stream = f.stream AND r.act = f.act) ORDER BY f.at",
        (lot, LotDispatched.KIND),
    ).fetchall()
    found = []
    for identity, at, body in rows:
        said = _dispatched(body)
        number = lot_number(state.code, lot)
        found.append(SentRow(str(identity), number, int(at), said.quantity, said.packages))
    return found


def has_sale(connection: Connection, sale: str) -> bool:
    """Tell whether this was sold."""
    row = connection.execute("SELECT 1 FROM sales WHERE entity = ?", (sale,)).fetchone()
    return row is not None


def _with_offspring(connection: Connection, lot: str) -> dict[str, Lot]:
    """Return a lot and all that was made of it, of parts and of parts of parts."""
    found: dict[str, Lot] = {}
    waiting = [lot]
    while waiting:
        one = waiting.pop(0)
        row = connection.execute(
            "SELECT data FROM states WHERE kind = ? AND entity = ?", (LOT.name, one)
        ).fetchone()
        if row is None or one in found:
            continue
        found[one] = _lot(row[0])
        made = connection.execute(
            "SELECT entity FROM states WHERE kind = ? AND instr(CAST(data AS TEXT), ?) "
            "ORDER BY entity",
            (LOT.name, one),
        ).fetchall()
        waiting += [
            str(entity)
            for (entity,) in made
            if entity != one and _is_made_of(connection, entity, one)
        ]
    return found


def _is_made_of(connection: Connection, entity: str, lot: str) -> bool:
    row = connection.execute(
        "SELECT data FROM states WHERE kind = ? AND entity = ?", (LOT.name, entity)
    ).fetchone()
    return any(part.lot == lot for part in _lot(row[0]).parts)


def _slips(connection: Connection, lot: str) -> list[SoldRow]:
    rows = connection.execute(
        "SELECT s.entity, f.act, s.slip, f.stream, f.at, s.quantity, s.back_quantity FROM sales s "
        "JOIN facts f ON f.identity = s.entity WHERE s.lot = ? ORDER BY f.at, s.entity",
        (lot,),
    ).fetchall()
    return [
        SoldRow(
            sale=str(sale),
            act=str(act),
            number=printed_number(int(slip), str(stream)),
            at=int(at),
            quantity=int(quantity),
            back=int(back),
            person=_buyer(connection, str(act)),
        )
        for sale, act, slip, stream, at, quantity, back in rows
    ]


def _buyer(connection: Connection, act: str) -> str:
    """Return who took the goods of an act on account, "" where money was paid."""
    for fact in facts_of_act(connection, act):
        if fact.kind == PaymentTaken.KIND:
            for tender in _taken(fact.body).tenders:
                if tender.way == ON_ACCOUNT:
                    return tender.person
    return ""

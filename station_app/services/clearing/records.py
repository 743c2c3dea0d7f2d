"""What clearing asks the database: purses, remittances, the county's money, couriers to pay.

The figures are queries over the ledger; what stands behind one is the facts that posted to it.
"""

import base64
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from station_app.journal.log import Connection
from station_app.journal.series import take_number
from station_app.ledger.accounts import COUNTY, COUNTY_CURRENT, HERE, held
from station_app.ledger.balances import HELD, standings
from station_app.ledger.posting import CNY
from station_app.reference import records as reference
from station_app.services.clearing.books import PREPAYMENT
from station_app.services.clearing.commands import (
    AllotCountyMoney,
    AskRemittanceBack,
    PayCourier,
    ReceiveCountyMoney,
    ReturnCountyMoney,
    ReturnCourierPayment,
    SendRemittance,
    TakeRemittanceBack,
)
from station_app.services.clearing.facts import CourierPaid, CourierPaymentReturned
from station_app.services.clearing.rules import (
    PIECES_MAX,
    Paying,
    Piece,
    Purse,
    Receiving,
    Remitting,
    Returning,
)
from station_app.services.clearing.states import CountyMoney, CourierPayment, Remittance
from station_app.services.parcels.facts import ParcelShelved
from station_app.services.purchasing.facts import OrderPlaced
from station_app.values.now import Now

ORDER_FOUNDER = OrderPlaced.KIND
COURIER_PURSES = ("COD", "Freight", "Sending")
LISTED_MAX = 60  # of a list on the page: what is older is found by its slip
FACTS_SHOWN_MAX = 200  # behind one figure

_BEHIND = (
    "SELECT f.identity, f.kind, f.stream, f.act, f.at, -sum(p.amount) FROM postings p "
    "JOIN facts f ON f.stream = p.stream AND f.seq = p.seq "
    "WHERE CONDITION AND p.commodity = ? GROUP BY f.identity "
    "HAVING sum(p.amount) != 0 ORDER BY f.at DESC, f.identity"
)

_remittance = msgspec.json.Decoder(Remittance)
_money = msgspec.json.Decoder(CountyMoney)
_payment = msgspec.json.Decoder(CourierPayment)
_shelved = msgspec.json.Decoder(ParcelShelved)


# --- Purses --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class County:
    """How the station and the county stand, in fen.

    here: prepayments that lie here, by key; there: purses that the county holds or owes, by purse
    and key; current_fen: what the station owes besides, below zero the county owes it.
    """

    here: Mapping[Purse, int]
    there: Mapping[Purse, int]
    current_fen: int

    @property
    def owed_fen(self) -> int:
        """Return what the current account owes the county, never below zero."""
        return max(0, self.current_fen)

    @property
    def coming_fen(self) -> int:
        """Return what the county owes the current account, never below zero."""
        return max(0, -self.current_fen)

    @property
    def prepayments_fen(self) -> int:
        """Return what was paid beforehand and lies here."""
        return sum(fen for (purse, _), fen in self.here.items() if purse == PREPAYMENT)

    @property
    def bills_fen(self) -> int:
        """Return what was paid in for bills that are not paid yet."""
        return sum(fen for (purse, _), fen in self.here.items() if purse == "Bill")

    @property
    def growers_fen(self) -> int:
        """Return growers' money that has not come down."""
        return sum(fen for (purse, _), fen in self.there.items() if purse == "Grower")


def county(connection: Connection) -> County:
    """Return how station and county stand now.

    The current account nets everything that moved; what the county holds for villagers, or owes
    growers, is in it with the other sign and is taken out here.
    """
    here: dict[Purse, int] = {}
    there: dict[Purse, int] = {}
    for standing in standings(connection, HELD, commodity=CNY):
        purse, owner, where = _purse(standing.account)
        places = here if where == HERE else there
        if where in (HERE, COUNTY):
            places[purse, owner] = places.get((purse, owner), 0) - standing.amount
    net_fen = -sum(s.amount for s in standings(connection, COUNTY_CURRENT, commodity=CNY))
    return County(here=here, there=there, current_fen=net_fen + sum(there.values()))


def _purse(account: str) -> tuple[str, str, str]:
    parts = account.split(":")
    return (parts[2], parts[3], parts[4]) if len(parts) == 5 else ("", "", "")


def order_of(connection: Connection, key: str) -> str:
    """Return the order whose prepayment has this key, "" if it is not held here."""
    try:
        first = base64.b32decode(key).hex()
    except ValueError:
        return ""
    row = connection.execute(
        "SELECT identity FROM facts WHERE identity >= ? AND identity < ? AND kind = ?",
        (first, f"{first}g", ORDER_FOUNDER),
    ).fetchone()
    return str(row[0]) if row else ""


def _orders(connection: Connection, purses: Iterable[Purse]) -> dict[str, str]:
    """Return the orders behind these purses, by key."""
    keys = {owner for purse, owner in purses if purse == PREPAYMENT}
    found = {key: order_of(connection, key) for key in keys}
    return {key: order for key, order in found.items() if order}


@dataclass(frozen=True, slots=True)
class Behind:
    """A fact that moved a figure: who recorded it when, and by how much (a credit is positive)."""

    fact: str
    kind: str
    stream: str
    act: str
    at: int
    amount_fen: int


def behind(connection: Connection, *accounts: str) -> tuple[Behind, ...]:
    """Return the facts behind accounts, the latest first, with what each did to them in all.

    Beyond `FACTS_SHOWN_MAX` the earlier ones are one line without a fact: the sum stays right.
    """
    condition = "p.account IN (SELECT value FROM json_each(?))"
    return _behind(connection, condition, (msgspec.json.encode(accounts).decode(),))


def behind_current(connection: Connection) -> tuple[Behind, ...]:
    """Return the facts behind the current account: what purses at the county took is left out."""
    condition = "(p.account = ? OR (p.account >= ? AND p.account < ? AND p.account LIKE ?))"
    held_there = (f"{HELD}:", f"{HELD};", f"%:{COUNTY}")
    return _behind(connection, condition, (COUNTY_CURRENT, *held_there))


def _behind(
    connection: Connection, condition: str, parameters: tuple[str, ...]
) -> tuple[Behind, ...]:
    sql = _BEHIND.replace("CONDITION", condition)  # one of ours: nothing that anybody typed
    rows = connection.execute(sql, (*parameters, CNY)).fetchall()
    found = tuple(Behind(*row) for row in rows[:FACTS_SHOWN_MAX])
    earlier = rows[FACTS_SHOWN_MAX:]
    if not earlier:
        return found
    return (*found, Behind("", "", "", "", earlier[0][4], sum(row[5] for row in earlier)))


# --- Remittances and the county's money ----------------------------------------------------------


def remittance_series(device: str) -> str:
    """Return the name of the series of a PC's remittance slips."""
    return f"remittance/{device}"


def courier_series(device: str) -> str:
    """Return the name of the series of a PC's slips for couriers."""
    return f"courier/{device}"


def remittance(connection: Connection, identity: str) -> Remittance | None:
    """Return a remittance as the fold has it."""
    data = _state(connection, "remittance", identity)
    return _remittance.decode(data) if data else None


def county_money(connection: Connection, identity: str) -> CountyMoney | None:
    """Return money from the county as the fold has it."""
    data = _state(connection, "county_money", identity)
    return _money.decode(data) if data else None


def courier_payment(connection: Connection, identity: str) -> CourierPayment | None:
    """Return a payment to a courier as the fold has it."""
    data = _state(connection, "courier_payment", identity)
    return _payment.decode(data) if data else None


def _state(connection: Connection, kind: str, identity: str) -> Any:
    row = connection.execute(
        "SELECT data FROM states WHERE kind = ?1 AND entity = "
        "coalesce((SELECT root FROM roots WHERE identity = ?2), ?2)",
        (kind, identity),
    ).fetchone()
    return row[0] if row else None


def remittances(connection: Connection) -> tuple[tuple[str, Remittance], ...]:
    """Return the remittances: those that wait for the county first, then the latest."""
    rows = connection.execute(
        "SELECT r.entity, s.data FROM remittances r "
        "JOIN states s ON s.kind = 'remittance' AND s.entity = r.entity "
        "ORDER BY r.status IN ('confirmed', 'taken_back'), r.at_sent DESC, r.entity LIMIT ?",
        (LISTED_MAX,),
    ).fetchall()
    return tuple((row[0], _remittance.decode(row[1])) for row in rows)


def moneys(connection: Connection) -> tuple[tuple[str, CountyMoney], ...]:
    """Return the county's money: what is coming first, then the latest."""
    rows = connection.execute(
        "SELECT m.entity, s.data FROM county_money m "
        "JOIN states s ON s.kind = 'county_money' AND s.entity = m.entity "
        "ORDER BY m.status != 'coming', max(m.day, m.received_day) DESC, m.entity LIMIT ?",
        (LISTED_MAX,),
    ).fetchall()
    return tuple((row[0], _money.decode(row[1])) for row in rows)


def money_of_number(connection: Connection, number: str) -> str:
    """Return the county's money whose paper bears this number, "" if none is known."""
    row = connection.execute(
        "SELECT entity FROM county_money WHERE number = ? ORDER BY entity LIMIT 1", (number,)
    ).fetchone()
    return str(row[0]) if row else ""


def payments(connection: Connection, courier: str) -> tuple[tuple[str, CourierPayment], ...]:
    """Return what a courier was paid, the latest first."""
    rows = connection.execute(
        "SELECT p.entity, s.data FROM courier_payments p "
        "JOIN states s ON s.kind = 'courier_payment' AND s.entity = p.entity "
        "WHERE p.courier = ? ORDER BY p.at_paid DESC, p.entity",
        (courier,),
    ).fetchall()
    return tuple((row[0], _payment.decode(row[1])) for row in rows)


# --- Couriers ------------------------------------------------------------------------------------


def couriers_held(connection: Connection) -> dict[str, int]:
    """Return what is held for each courier, in fen; one whose purse is empty is left out."""
    sums: dict[str, int] = {}
    for (purse, owner), fen in county(connection).here.items():
        if purse in COURIER_PURSES:
            sums[owner] = sums.get(owner, 0) + fen
    return {courier: fen for courier, fen in sorted(sums.items()) if fen}


def waiting_pieces(connection: Connection, courier: str) -> tuple[Piece, ...]:
    """Return the facts that hold money for a courier and that nobody has paid, the oldest first.

    Acts that were undone, and what a payment names that did not come back, are left out.
    """
    paid = {
        fact
        for _, payment in payments(connection, courier)
        if not payment.returns
        for fact in payment.pieces
    }
    return tuple(piece for piece in _pieces(connection, courier) if piece.fact not in paid)


def paid_pieces(connection: Connection, courier: str, facts: Iterable[str]) -> tuple[Piece, ...]:
    """Return what these facts hold for a courier, in the order named."""
    by_fact = {piece.fact: piece for piece in _pieces(connection, courier)}
    return tuple(by_fact[fact] for fact in facts if fact in by_fact)


def _pieces(connection: Connection, courier: str) -> list[Piece]:
    found: dict[tuple[int, str], dict[str, int]] = {}
    for purse in COURIER_PURSES:
        rows = connection.execute(
            "SELECT f.at, f.identity, -sum(p.amount) FROM postings p "
            "JOIN facts f ON f.stream = p.stream AND f.seq = p.seq "
            "WHERE p.account = ? AND p.commodity = ? AND f.kind NOT IN (?, ?, 'act.reversed') "
            "AND NOT EXISTS (SELECT 1 FROM reversals r WHERE r.stream = f.stream "
            "AND r.act = f.act) GROUP BY f.at, f.identity",
            (held(purse, courier), CNY, CourierPaid.KIND, CourierPaymentReturned.KIND),
        ).fetchall()
        for at, identity, fen in rows:
            found.setdefault((at, identity), {})[purse] = fen
    return [
        Piece(
            fact=fact,
            cod_fen=sums.get("COD", 0),
            freight_fen=sums.get("Freight", 0),
            sending_fen=sums.get("Sending", 0),
        )
        for (_, fact), sums in sorted(found.items())
        if any(sums.values())
    ]


@dataclass(frozen=True, slots=True)
class PieceRow:
    """A piece as it is shown: what kind of fact, when, which waybill if it was a parcel."""

    piece: Piece
    kind: str
    at: int
    waybill: str


def piece_rows(connection: Connection, pieces: Iterable[Piece]) -> tuple[PieceRow, ...]:
    """Return pieces as they are shown."""
    shown: list[PieceRow] = []
    for piece in pieces:
        row = connection.execute(
            "SELECT f.kind, f.at, p.body FROM facts f LEFT JOIN facts p "
            "ON p.identity = f.entity AND p.kind = ? WHERE f.identity = ?",
            (ParcelShelved.KIND, piece.fact),
        ).fetchone()
        kind, at, body = row or ("", 0, None)
        waybill = _shelved.decode(body).waybill if body else ""
        shown.append(PieceRow(piece, kind, at, waybill))
    return tuple(shown)


# --- What the rules need -------------------------------------------------------------------------


def gather_remitting(connection: Connection, command: SendRemittance, now: Now) -> Remitting:
    """Read what sending money needs, and take the number of its slip."""
    stands = county(connection)
    return Remitting(
        here=stands.here,
        orders=_orders(connection, [(p.purse, p.owner) for p in command.portions]),
        owed_fen=stands.owed_fen,
        number=take_number(connection, remittance_series(now.device)),
    )


def gather_returning(
    connection: Connection, command: AskRemittanceBack | TakeRemittanceBack, _now: Now
) -> Returning:
    """Read what taking a remittance back needs."""
    known = remittance(connection, command.remittance)
    purses = [(p.purse, p.owner) for p in known.portions] if known else []
    return Returning(
        remittance=known,
        there=county(connection).there,
        orders=_orders(connection, purses),
    )


def gather_receiving(
    connection: Connection,
    command: ReceiveCountyMoney | AllotCountyMoney | ReturnCountyMoney,
    _now: Now,
) -> Receiving:
    """Read what the county's money needs; a number leads to what is known of it."""
    entity = command.money
    if isinstance(command, ReceiveCountyMoney) and not entity:
        entity = money_of_number(connection, command.number.strip())
    known = county_money(connection, entity) if entity else None
    covers = (*known.covers, *known.allotted) if known else ()
    stands = county(connection)
    return Receiving(
        entity=entity if known else "",
        money=known,
        there=stands.there,
        here=stands.here,
        orders=_orders(connection, [(p.purse, p.owner) for p in covers]),
    )


def gather_paying(connection: Connection, command: PayCourier, now: Now) -> Paying:
    """Read what paying a courier needs, and take the number of its slip."""
    waiting = waiting_pieces(connection, command.courier)
    listed = {row.code for row in reference.couriers(connection)}
    return Paying(
        waiting={piece.fact: piece for piece in waiting},
        is_known=bool(waiting) or command.courier in listed,
        number=take_number(connection, courier_series(now.device)),
    )


def gather_payment(
    connection: Connection, command: ReturnCourierPayment, _now: Now
) -> CourierPayment | None:
    """Read a payment to a courier."""
    return courier_payment(connection, command.payment)


def payable(connection: Connection, courier: str) -> tuple[Piece, ...]:
    """Return the pieces that one payment can take, the oldest first."""
    return waiting_pieces(connection, courier)[:PIECES_MAX]


def keys_here(connection: Connection) -> tuple[tuple[str, str, int], ...]:
    """Return the prepayments that lie here, the oldest order first: key, order and fen."""
    stands = county(connection)
    found = []
    for (purse, owner), fen in stands.here.items():
        order = order_of(connection, owner) if purse == PREPAYMENT and fen > 0 else ""
        if order:
            (at,) = connection.execute(
                "SELECT at FROM facts WHERE identity = ?", (order,)
            ).fetchone()
            found.append((at, owner, order, fen))
    return tuple((owner, order, fen) for _, owner, order, fen in sorted(found))


def spoken_of(connection: Connection, entity: str, account: str) -> tuple[Behind, ...]:
    """Return the facts of one thing, the latest first, with what each did to an account."""
    rows = connection.execute(
        "SELECT f.identity, f.kind, f.stream, f.act, f.at, coalesce((SELECT -sum(p.amount) "
        "FROM postings p WHERE p.stream = f.stream AND p.seq = f.seq AND p.account = ?1), 0) "
        "FROM folds o JOIN facts f ON f.identity = o.identity WHERE o.root = "
        "coalesce((SELECT root FROM roots WHERE identity = ?2), ?2) "
        "ORDER BY f.at DESC, f.identity",
        (account, entity),
    ).fetchall()
    return tuple(Behind(*row) for row in rows)


def couriers_paid(connection: Connection) -> tuple[str, ...]:
    """Return the couriers that were ever paid, by code."""
    rows = connection.execute("SELECT DISTINCT courier FROM courier_payments ORDER BY courier")
    return tuple(row[0] for row in rows.fetchall())


def one_fact(connection: Connection, identity: str, account: str) -> tuple[Behind, ...]:
    """Return one fact with what it did to an account; nothing when it is not held here."""
    row = connection.execute(
        "SELECT f.identity, f.kind, f.stream, f.act, f.at, coalesce((SELECT -sum(p.amount) "
        "FROM postings p WHERE p.stream = f.stream AND p.seq = f.seq AND p.account = ?1), 0) "
        "FROM facts f WHERE f.identity = ?2",
        (account, identity),
    ).fetchone()
    return (Behind(*row),) if row else ()


_STATEMENTS_TO_ANSWER = (
    "SELECT count(*) FROM statements s WHERE s.status = 'open' AND NOT EXISTS (SELECT 1 FROM "
    "statements n WHERE n.month = s.month AND n.replaces = s.entity AND n.status != 'refused')"
)


def waiting(connection: Connection) -> dict[str, int]:
    """Return how many remittances, moneys and statements wait for somebody, by kind."""
    found: dict[str, int] = {}
    for name, sql in (
        ("remit", "SELECT count(*) FROM remittances WHERE status IN ('on_the_way', 'asked_back')"),
        ("back", "SELECT count(*) FROM remittances WHERE status = 'cancelled'"),
        ("down", "SELECT count(*) FROM county_money WHERE status = 'coming'"),
        ("statements", _STATEMENTS_TO_ANSWER),
    ):
        found[name] = connection.execute(sql).fetchone()[0]
    return found

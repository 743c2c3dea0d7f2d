"""Lots, contracts and what is owed to growers: queries.

Everything is one look-up of an index, or a walk over what lies on the shelf.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import msgspec

from station_app.journal.log import Connection
from station_app.ledger import accounts
from station_app.ledger.balances import balance, books
from station_app.ledger.lending import Lending, lending
from station_app.ledger.paid_acts import facts_of_act
from station_app.ledger.posting import Line, pays
from station_app.reference.goods_records import produce_named
from station_app.reference.register import Register
from station_app.services.cash.facts import Tender
from station_app.services.consignment.facts import (
    LotAccepted,
    LotBought,
    LotDifferenceDecided,
    LotDispatched,
    LotMade,
    LotReweighed,
    LotSpoiled,
    SettlementMade,
)
from station_app.services.consignment.lots import LOT, OWN, Lot
from station_app.services.consignment.rules import BY_STATION
from station_app.services.consignment.settling import CONTRACT, Contract
from station_app.services.consignment.taking import lot_number
from station_app.services.sales.facts import SaleReturned, SaleSettled
from station_app.values.staff import Coworker
from station_app.values.villagers import Villager

WAITING_MAX = 60  # growers of a list; the rest are found by name
LOTS_MAX = 500  # on one shelf; a village store has a few dozen
FOUNDERS = (LotAccepted.KIND, LotBought.KIND, LotMade.KIND)
_lot = msgspec.json.Decoder(Lot).decode
_contract = msgspec.json.Decoder(Contract).decode
_bought = msgspec.json.Decoder(LotBought).decode
_reweighed = msgspec.json.Decoder(LotReweighed).decode
_spoiled = msgspec.json.Decoder(LotSpoiled).decode
_decided = msgspec.json.Decoder(LotDifferenceDecided).decode
_settlement = msgspec.json.Decoder(SettlementMade).decode
_returned = msgspec.json.Decoder(SaleReturned).decode
_settled = msgspec.json.Decoder(SaleSettled).decode
# A fact `f` whose act was taken back.
_UNDONE = "EXISTS (SELECT 1 FROM reversals r WHERE r.stream = f.stream AND r.act = f.act)"
_PLACES = {"wechat": accounts.WECHAT, "alipay": accounts.ALIPAY, "bank": accounts.BANK}


class People(Register, Protocol):
    """The register, as far as this slice asks it; `services.people.records` is one."""

    def names_of(self, connection: Connection, identity: str, /) -> tuple[str, ...]:
        """Return every identity under which facts may know her."""
        ...

    def family(self, connection: Connection, identity: str, /) -> Sequence[Villager]:
        """Return everybody of her household, herself first."""
        ...

    def coworkers(self, connection: Connection, /) -> tuple[Coworker, ...]:
        """Return who works here now."""
        ...


# --- Lots ----------------------------------------------------------------------------------------


def lot_state(connection: Connection, lot: str) -> Lot | None:
    """Return a lot as it stands; None if it was never taken in."""
    row = connection.execute(
        "SELECT data FROM states WHERE kind = ?2 AND entity = "
        "coalesce((SELECT root FROM roots WHERE identity = ?1), ?1)",
        (lot, LOT.name),
    ).fetchone()
    state = _lot(row[0]) if row else None
    return state if state is not None and state.founder else None


def lots_of_act(connection: Connection, act: str) -> tuple[str, ...]:
    """Return the lots that an act founded, also of the one that is being recorded."""
    return tuple(f.identity for f in facts_of_act(connection, act) if f.kind in FOUNDERS)


def sort_name(connection: Connection, produce: str) -> str:
    """Return what a sort is called: as the county calls it, else as it was written down."""
    known = produce_named(connection, produce)
    return known.name if known else produce


def lot_name(connection: Connection, lot: Lot) -> str:
    """Return sort and grade of a lot: 板栗 一级."""
    return f"{sort_name(connection, lot.produce)} {lot.grade}".rstrip()


@dataclass(frozen=True, slots=True)
class LotRow:
    """A lot in a list."""

    lot: str
    code: str
    produce: str
    grade: str
    unit: str
    ownership: str
    growers: str
    quantity: int
    on_shelf: int
    sold: int
    day: str
    in_transit: int
    at_hub: int
    difference: int
    bound_for: str

    @property
    def number(self) -> str:
        """Return its number as it is said."""
        return lot_number(self.code, self.lot)


_ROW = (
    "SELECT entity, code, produce, grade, unit, ownership, growers, quantity, on_shelf, sold, day, "
    "in_transit, at_hub, difference, bound_for FROM lots "
)


def lots_here(connection: Connection) -> tuple[LotRow, ...]:
    """Return the lots of which something lies here, the oldest first: that is sold first.

    Those of one day stand by their numbers, as on their labels.
    """
    rows = connection.execute(
        f"{_ROW} WHERE on_shelf > 0 ORDER BY day, code, entity LIMIT ?", (LOTS_MAX,)
    ).fetchall()
    return tuple(LotRow(*row) for row in rows)


def lots_away(connection: Connection) -> tuple[LotRow, ...]:
    """Return the lots of which nothing lies here, but something at the hub or on its way there.

    One that is stopped is among them as long as it is: somebody may bring it back.
    """
    rows = connection.execute(
        f"{_ROW} WHERE on_shelf <= 0 "
        "AND (in_transit != 0 OR at_hub != 0 OR difference != 0 OR is_blocked = 1) "
        "ORDER BY day DESC, code, entity LIMIT ?",
        (LOTS_MAX,),
    ).fetchall()
    return tuple(LotRow(*row) for row in rows)


def dispatches_of(connection: Connection, lot: str) -> tuple[str, ...]:
    """Return the facts by which parts of a lot were sent to the hub."""
    rows = connection.execute(
        "SELECT f.identity FROM folds o JOIN facts f ON f.identity = o.identity "  # noqa: S608
        f"WHERE o.root = ? AND f.kind = ? AND NOT {_UNDONE} ORDER BY f.at, f.identity",
        (lot, LotDispatched.KIND),
    ).fetchall()
    return tuple(str(row[0]) for row in rows)


def lots_of(connection: Connection, person: str, most: int) -> tuple[LotRow, ...]:
    """Return a grower's own lots, the newest first; merged ones are of several and left out."""
    rows = connection.execute(
        f"{_ROW} WHERE growers = ? ORDER BY day DESC, entity LIMIT ?", (person, most)
    ).fetchall()
    return tuple(LotRow(*row) for row in rows)


def count_taken_in(connection: Connection, day: str) -> tuple[int, int]:
    """Return how many lots came in on a day, and how many grams of them are weighed ones."""
    row = connection.execute(
        "SELECT count(*), coalesce(sum(CASE WHEN unit = 'gram' THEN quantity END), 0) "
        "FROM lots WHERE day = ?",
        (day,),
    ).fetchone()
    return int(row[0]), int(row[1])


def marked_under(connection: Connection, licence: str) -> int:
    """Return how much bears a mark under a licence: grams or pieces."""
    row = connection.execute(
        "SELECT coalesce(sum(marked), 0) FROM lots WHERE licence = ?", (licence,)
    ).fetchone()
    return int(row[0])


def count_here(connection: Connection) -> int:
    """Return of how many lots something lies here."""
    row = connection.execute("SELECT count(*) FROM lots WHERE on_shelf > 0").fetchone()
    return int(row[0])


# --- Heard and agreed ----------------------------------------------------------------------------


def newest_at(connection: Connection) -> int:
    """Return the moment of the last that was heard of the county (UTC ms), 0 for nothing."""
    row = connection.execute(
        "SELECT max(f.at) FROM streams s JOIN facts f ON f.stream = s.stream AND f.seq = s.length "
        "WHERE s.stream >= 'county.' AND s.stream < 'county/'"
    ).fetchone()
    return int(row[0] or 0)


# --- Contracts -----------------------------------------------------------------------------------


def contract_state(connection: Connection, contract: str) -> Contract | None:
    """Return a contract as it stands."""
    row = connection.execute(
        "SELECT data FROM states WHERE kind = ?2 AND entity = "
        "coalesce((SELECT root FROM roots WHERE identity = ?1), ?1)",
        (contract, CONTRACT.name),
    ).fetchone()
    return _contract(row[0]) if row else None


def contract_for(connection: Connection, person: str, produce: Sequence[str], day: str) -> str:
    """Return the contract of a grower for a sort, by code or name, that runs and is not used up."""
    row = connection.execute(
        "SELECT entity FROM contracts WHERE person = ? AND produce IN (?, ?) AND code != '' "
        "AND drawn < quantity AND (until_day = '' OR until_day >= ?) ORDER BY until_day, entity "
        "LIMIT 1",
        (person, *produce, day),
    ).fetchone()
    return str(row[0]) if row else ""


# --- Money ---------------------------------------------------------------------------------------


def kept_here(connection: Connection, person: str) -> int:
    """Return what lies here for a grower; below 0: too much went out."""
    return -balance(connection, accounts.held_grower(person))


def kept_at_county(connection: Connection, person: str) -> int:
    """Return what has not come down from the county for a grower."""
    return -balance(connection, accounts.held_grower(person, accounts.COUNTY))


def owed_to(connection: Connection, person: str) -> int:
    """Return what the station keeps for a grower, here and not come down; below 0: she owes it."""
    return kept_here(connection, person) + kept_at_county(connection, person)


def owed_at(connection: Connection, person: str, at: int) -> int:
    """Return the same as it stood at a moment (UTC ms): what a paper of then says for ever."""
    purses = [accounts.held_grower(person, where) for where in (accounts.HERE, accounts.COUNTY)]
    row = connection.execute(
        "SELECT coalesce(sum(p.amount), 0) FROM postings p JOIN facts f ON f.stream = p.stream "
        "AND f.seq = p.seq WHERE p.commodity = 'CNY' AND p.account IN (?, ?) AND f.at <= ?",
        (*purses, at),
    ).fetchone()
    return -int(row[0])


@dataclass(frozen=True, slots=True)
class Purse:
    """A grower under the name that her money is kept by: two records of her may have become one.

    identity: the name in the books. Implements `Villager`.
    """

    identity: str
    name: str
    hamlet: str
    tail: str


def purse(connection: Connection, people: People, identity: str) -> Purse | None:
    """Return a grower under one of her names; None if nobody knows her."""
    known = people.person(connection, identity)
    return Purse(identity, known.name, known.hamlet, known.tail) if known else None


def purses_of(connection: Connection, people: People, person: str) -> list[tuple[Purse, int]]:
    """Return a grower under each name by which money is kept for her, or under the one she has."""
    kept = [(name, owed_to(connection, name)) for name in people.names_of(connection, person)]
    wanted = [(name, fen) for name, fen in kept if fen] or [(person, 0)]
    found = [(purse(connection, people, name), fen) for name, fen in wanted]
    return [(one, fen) for one, fen in found if one is not None]


def growers_waiting(connection: Connection, people: People) -> list[tuple[Purse, int]]:
    """Return the growers for whom money is kept, the most first."""
    rows = connection.execute(
        "SELECT DISTINCT value FROM (SELECT growers FROM lots WHERE growers != '' UNION "
        "SELECT growers FROM sales WHERE unsettled > 0 UNION "
        "SELECT seller FROM lots WHERE seller != '' UNION "
        "SELECT person FROM opening_lines WHERE purse = 'owed_grower'), json_each("
        "'[\"' || replace(growers, ' ', '\",\"') || '\"]')"
    ).fetchall()
    found = [
        (person, fen)
        for (identity,) in rows
        if (fen := owed_to(connection, str(identity))) > 0
        and (person := purse(connection, people, str(identity))) is not None
    ]
    return sorted(found, key=lambda one: (-one[1], one[0].identity))[:WAITING_MAX]


def owes(connection: Connection, person: str) -> int:
    """Return what a villager owes on account."""
    return max(0, balance(connection, accounts.receivable(person)))


def bought_from(connection: Connection, person: str, year: str) -> int:
    """Return what was paid on the spot for lots bought of a grower in a year.

    What a weight put right cost more, or brought back, is of it.
    """
    rows = connection.execute(
        "SELECT f.kind, f.body FROM lots t JOIN folds o ON o.root = t.entity "  # noqa: S608
        "JOIN facts f ON f.identity = o.identity WHERE t.ownership = ?3 AND f.kind IN (?4, ?5) "
        f"AND t.day >= ?1 AND t.day < ?2 AND NOT {_UNDONE}",
        (f"{year}-01-01", f"{int(year) + 1}-01-01", OWN, LotBought.KIND, LotReweighed.KIND),
    ).fetchall()
    bodies = [_reweighed(body) if kind == LotReweighed.KIND else _bought(body)
              for kind, body in rows]  # fmt: skip
    return sum(
        body.cost_fen if isinstance(body, LotReweighed) else body.paid_fen
        for body in bodies
        if body.person == person
    )


# --- Settlements ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SettledRow:
    """A settlement that was made. at: UTC ms."""

    settlement: str
    at: int
    day: str
    body: SettlementMade


def settlements_of(connection: Connection, person: str) -> tuple[SettledRow, ...]:
    """Return the settlements with a grower, the oldest first."""
    rows = connection.execute(
        "SELECT t.entity, f.at, t.day, f.body FROM settlements t JOIN facts f "
        "ON f.identity = t.entity WHERE t.person = ? ORDER BY f.at, t.entity",
        (person,),
    ).fetchall()
    return tuple(
        SettledRow(str(row[0]), int(row[1]), str(row[2]), _settlement(row[3])) for row in rows
    )


def paid_to(connection: Connection, person: str, year: str) -> int:
    """Return what a grower was paid in a year, for her goods and for what was bought of her."""
    settled_fen = sum(
        row.body.paid_here_fen + row.body.paid_county_fen + row.body.set_off_fen
        for row in settlements_of(connection, person)
        if row.day.startswith(year)
    )
    return settled_fen + bought_from(connection, person, year)


def clawed_back(connection: Connection, person: str, since: int, upto: int) -> int:
    """Return what came back of her settled sales between two moments: taken off her next payout."""
    rows = connection.execute(
        "SELECT f.body, f.at, f.entity FROM sales t "  # noqa: S608 - nothing that was typed
        "JOIN folds o ON o.root = t.entity "
        "JOIN facts f ON f.identity = o.identity WHERE t.back_quantity > 0 "
        f"AND instr(t.growers, ?1) AND f.kind = ?2 AND f.at > ?3 AND f.at <= ?4 AND NOT {_UNDONE}",
        (person, SaleReturned.KIND, since, upto),
    ).fetchall()
    total = 0
    for body, at, sale in rows:
        if _was_settled(connection, str(sale), person, int(at)):
            total += sum(
                share.amount_fen - share.commission_fen + share.top_up_fen
                for share in _returned(body).shares
                if share.person == person
            )
    return total


def _was_settled(connection: Connection, sale: str, person: str, at: int) -> bool:
    rows = connection.execute(
        "SELECT f.body FROM folds o JOIN facts f ON f.identity = o.identity "  # noqa: S608
        "WHERE o.root = coalesce((SELECT root FROM roots WHERE identity = ?1), ?1) "
        f"AND f.kind = ?2 AND f.at < ?3 AND NOT {_UNDONE}",
        (sale, SaleSettled.KIND, at),
    ).fetchall()
    return any(_settled(body).person == person for (body,) in rows)


def made_good(connection: Connection, person: str, since: int, upto: int) -> int:
    """Return what the station has paid her for losses that it bears, between two moments."""
    rows = connection.execute(
        "SELECT f.kind, f.body FROM lots t JOIN folds o ON o.root = t.entity "  # noqa: S608
        "JOIN facts f ON f.identity = o.identity WHERE instr(t.growers, ?1) "
        f"AND f.kind IN (?2, ?3) AND f.at > ?4 AND f.at <= ?5 AND NOT {_UNDONE}",
        (person, LotSpoiled.KIND, LotDifferenceDecided.KIND, since, upto),
    ).fetchall()
    bodies = [_spoiled(body) if kind == LotSpoiled.KIND else _decided(body) for kind, body in rows]
    return sum(
        amount.amount_fen
        for body in bodies
        if body.bearer == BY_STATION
        for amount in body.amounts
        if amount.person == person
    )


def lent_by(
    connection: Connection, lines: Sequence[Line], tenders: Sequence[Tender], act: str, device: str
) -> Lending:
    """Return whose money would be used once these lines, and these ways of paying, are posted."""
    every = list(lines)
    for tender in tenders:
        place = _PLACES.get(tender.way) or accounts.drawer(device)
        every += pays(accounts.counter(act), place, tender.amount_fen)
    return lending(books(connection), every)

"""What the county sold of growers' lots, as a settlement reads it: queries.

A settlement names each such sale once. What a contract adds was said in the same act and goes with
it. What came back before she is settled with is no part of it; what comes back later is taken off
what she gets next, once, since it left her purse.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from station_app.journal.log import Connection
from station_app.ledger.paid_acts import fact, facts_in
from station_app.services.consignment import records
from station_app.services.consignment.facts import (
    GrowerAmount,
    LotCountySaleReturned,
    LotSoldByCounty,
    LotToppedUp,
    Share,
)
from station_app.services.consignment.paying_out import CountyLine
from station_app.services.consignment.rules import drawn_shares


class _Sold(msgspec.Struct):
    """What a settlement reads of a sale of the county, of whichever version."""

    quantity: int
    amounts: tuple[GrowerAmount, ...]
    shop: str = ""


@dataclass(frozen=True, slots=True)
class _Back:
    """What came back of a sale of the county. at: UTC ms."""

    at: int
    body: LotCountySaleReturned

    def fen(self, person: str) -> int:
        """Return what a grower gives back with it."""
        return _hers((*self.body.amounts, *self.body.top_ups), person)


_sold = msgspec.json.Decoder(_Sold).decode
_topped_up = msgspec.json.Decoder(LotToppedUp).decode
_returned = msgspec.json.Decoder(LotCountySaleReturned).decode


def county_lines(connection: Connection, person: str) -> tuple[CountyLine, ...]:
    """Return the county's sales of her goods that no settlement has named."""
    named = {line for row in records.settlements_of(connection, person) for line in row.body.lines}
    rows = connection.execute(
        "SELECT f.identity, t.entity, f.act, f.kind, f.body FROM lots t "
        "JOIN folds o ON o.root = t.entity JOIN facts f ON f.identity = o.identity "
        "WHERE instr(t.growers, ?) AND f.kind IN (?, ?) ORDER BY f.at, f.identity",
        (person, LotSoldByCounty.KIND, LotToppedUp.KIND),
    ).fetchall()
    added: Counter[tuple[str, str]] = Counter()
    for _, lot, act, kind, body in rows:
        if kind == LotToppedUp.KIND:
            added[lot, act] += _hers(_topped_up(body).amounts, person)
    back = _came_back(connection, person)
    found = []
    for identity, lot, act, kind, body in rows:
        if kind == LotToppedUp.KIND or identity in named:
            continue
        sold, state = _sold(body), records.lot_state(connection, lot)
        returned = sum(one.body.quantity for one in back[identity])
        if returned >= sold.quantity:
            continue  # nothing of it is left to settle
        shares = state.shares if state else ()
        whole = _grown(drawn_shares(shares, sold.quantity), person)
        left = _grown(drawn_shares(shares, sold.quantity - returned), person)
        fen = _hers(sold.amounts, person) + added[lot, act]
        found.append(
            CountyLine(
                fact=identity, lot=lot, shop=sold.shop, quantity=left, back=whole - left,
                amount_fen=fen - sum(one.fen(person) for one in back[identity]),
            )
        )  # fmt: skip
    return tuple(found)


def _came_back(connection: Connection, person: str) -> dict[str, list[_Back]]:
    """Return what came back of the county's sales of her goods, by the sale, the oldest first."""
    rows = connection.execute(
        "SELECT f.at, f.body FROM lots t "
        "JOIN folds o ON o.root = t.entity JOIN facts f ON f.identity = o.identity "
        "WHERE instr(t.growers, ?) AND f.kind = ? ORDER BY f.at, f.identity",
        (person, LotCountySaleReturned.KIND),
    ).fetchall()
    found: dict[str, list[_Back]] = defaultdict(list)
    for at, body in rows:
        came = _Back(int(at), _returned(body))
        found[came.body.answers].append(came)
    return found


def _hers(amounts: Sequence[GrowerAmount], person: str) -> int:
    return sum(amount.amount_fen for amount in amounts if amount.person == person)


def _grown(shares: Sequence[Share], person: str) -> int:
    return sum(share.quantity for share in shares if share.person == person)


def by_county(connection: Connection, person: str, lines: Sequence[str], at: int) -> int:
    """Return what the county's sales among the lines of a settlement brought her.

    at: of the settlement (UTC ms): what came back later is another one's.
    """
    back = _came_back(connection, person)
    found = 0
    for line in lines:
        told = fact(connection, line)
        if told is None or told.kind != LotSoldByCounty.KIND:
            continue
        found += _hers(_sold(told.body).amounts, person)
        found += sum(
            _hers(_topped_up(one.body).amounts, person)
            for one in facts_in(connection, told.stream, told.act)
            if one.kind == LotToppedUp.KIND and one.entity == told.entity
        )
        found -= sum(one.fen(person) for one in back[line] if one.at <= at)
    return found


def county_clawed_back(connection: Connection, person: str, since: int, upto: int) -> int:
    """Return what came back of the county's sales, settled before, between two moments."""
    back = _came_back(connection, person)
    return sum(
        came.fen(person)
        for row in records.settlements_of(connection, person)
        for line in row.body.lines
        for came in back.get(line, ())
        if since < came.at <= upto and row.at < came.at
    )

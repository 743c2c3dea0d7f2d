"""What the county sold of growers' lots, as a settlement reads it: queries.

A settlement names each such sale once. What a contract adds was said in the same act and goes with
it.
"""

from collections import Counter
from collections.abc import Sequence

import msgspec

from station_app.journal.log import Connection
from station_app.ledger.paid_acts import fact, facts_in
from station_app.services.consignment import records
from station_app.services.consignment.facts import GrowerAmount, LotSoldByCounty, LotToppedUp
from station_app.services.consignment.paying_out import CountyLine
from station_app.services.consignment.rules import drawn_shares


class _Sold(msgspec.Struct):
    """What a settlement reads of a sale of the county, of whichever version."""

    quantity: int
    amounts: tuple[GrowerAmount, ...]
    shop: str = ""


_sold = msgspec.json.Decoder(_Sold).decode
_topped_up = msgspec.json.Decoder(LotToppedUp).decode


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
    found = []
    for identity, lot, act, kind, body in rows:
        if kind == LotToppedUp.KIND or identity in named:
            continue
        sold, state = _sold(body), records.lot_state(connection, lot)
        parts = drawn_shares(state.shares, sold.quantity) if state else ()
        found.append(
            CountyLine(
                fact=identity, lot=lot, shop=sold.shop,
                quantity=sum(share.quantity for share in parts if share.person == person),
                amount_fen=_hers(sold.amounts, person) + added[lot, act],
            )
        )  # fmt: skip
    return tuple(found)


def _hers(amounts: Sequence[GrowerAmount], person: str) -> int:
    return sum(amount.amount_fen for amount in amounts if amount.person == person)


def by_county(connection: Connection, person: str, lines: Sequence[str]) -> int:
    """Return what the county's sales among the lines of a settlement brought her."""
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
    return found

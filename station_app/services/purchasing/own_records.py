"""Orders of villagers' own as they are asked for: noted already, of a month, by waybill."""

from dataclasses import dataclass

import msgspec

from station_app.journal.log import Connection
from station_app.services.purchasing.facts import OwnOrderNoted, OwnOrderWords
from station_app.services.purchasing.own_orders import OWN_ORDER, OwnOrder

LIST_MAX = 200
_own = msgspec.json.Decoder(OwnOrder).decode
_words = msgspec.json.Decoder(OwnOrderWords).decode


@dataclass(frozen=True, slots=True)
class OwnRow:
    """An own order in a list. item: what she bought, "" if nobody said; parcel: where it is."""

    order: str
    state: OwnOrder
    item: str
    parcel: str


def own_order(connection: Connection, order: str) -> OwnOrder | None:
    """Return one; None if it was undone or never heard of."""
    row = connection.execute(
        "SELECT data FROM states WHERE kind = ? AND entity = ?", (OWN_ORDER.name, order)
    ).fetchone()
    return _own(row[0]) if row else None


def is_own_noted(connection: Connection, platform: str, number: str) -> bool:
    """Tell whether an order of a platform is noted already."""
    row = connection.execute(
        "SELECT 1 FROM own_orders o JOIN states s ON s.kind = ? AND s.entity = o.entity "
        "WHERE o.platform = ? AND json_extract(s.data, '$.number') = ? LIMIT 1",
        (OWN_ORDER.name, platform.strip(), number.strip()),
    ).fetchone()
    return row is not None


def own_orders(connection: Connection, month: str, most: int = LIST_MAX) -> tuple[OwnRow, ...]:
    """Return those of a month "2026-11", the newest first."""
    rows = connection.execute(
        "SELECT o.entity, s.data, p.part, coalesce((SELECT status FROM parcels x "
        "WHERE x.waybill = o.waybill AND o.waybill != '' "
        "ORDER BY x.status = 'on_hand' DESC LIMIT 1), '') FROM own_orders o "
        "JOIN states s ON s.kind = ? AND s.entity = o.entity "
        "JOIN facts f ON f.identity = o.entity LEFT JOIN privates p ON p.identity = o.entity "
        "WHERE o.day BETWEEN ? AND ? ORDER BY f.at DESC, o.entity LIMIT ?",
        (OWN_ORDER.name, f"{month}-00", f"{month}-99", most),
    ).fetchall()
    return tuple(
        OwnRow(entity, _own(data), _words(part).item if part else "", status)
        for entity, data, part, status in rows
    )


def own_figures(connection: Connection, month: str) -> tuple[int, int]:
    """Return how many of a month there are, and what they come to in fen."""
    count, fen = connection.execute(
        "SELECT count(*), coalesce(sum(amount_fen), 0) FROM own_orders WHERE day BETWEEN ? AND ?",
        (f"{month}-00", f"{month}-99"),
    ).fetchone()
    return int(count), int(fen)


def person_of_waybill(connection: Connection, waybill: str) -> str:
    """Return whose goods travel under a waybill, ordered by us or by herself; "" for nobody."""
    row = connection.execute(
        "SELECT person FROM orders WHERE waybill = ?1 AND person != '' "
        "UNION ALL SELECT person FROM own_orders WHERE waybill = ?1 AND person != '' LIMIT 1",
        (waybill,),
    ).fetchone()
    return str(row[0]) if row and waybill else ""


def own_of_act(connection: Connection, act: str) -> str:
    """Return the own order that was noted in an act, "" for none."""
    row = connection.execute(
        "SELECT f.identity FROM tickets t JOIN facts f ON f.stream = t.stream AND f.act = t.ticket "
        "WHERE t.ticket = ? AND f.kind = ? LIMIT 1",
        (act, OwnOrderNoted.KIND),
    ).fetchone()
    return str(row[0]) if row else ""

"""The whole way of an order: every fact about it, when it happened and when it was known here.

A fact of the county carries the time at which it was said there. A station that was offline hears
of it later; the last thing that this PC had done by then tells how much later at least.
"""

from dataclasses import dataclass
from typing import Any

import msgspec

from station_app.journal.fact import Body, is_from_county
from station_app.journal.log import Connection
from station_app.services.purchasing import completion_records, records
from station_app.services.purchasing.facts import FACTS
from station_app.services.purchasing.fates import Fate, ParcelHere
from station_app.values.day import add_days, days_between, local_day

BODIES: dict[str, type[Body]] = {body.KIND: body for body in FACTS}
ENTRIES_MAX = 200  # of one order; a real one has a dozen
SEVEN_DAYS = 7  # within which the law takes back what was bought unseen
PARCEL_STATUSES = ("on_hand", "handed_over")


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened. at: when, UTC ms; known_days: how many days later it was known.

    by: who wrote it at the counter, "" for the county; act: in which it happened; words: that were
    said with it, where they are part of the way.
    """

    identity: str
    kind: str
    at: int
    body: Any
    act: str
    by: str
    is_county: bool
    known_days: int = 0
    words: str = ""


def entries_of(connection: Connection, order: str) -> tuple[Entry, ...]:
    """Return what happened to an order, the newest first; what was undone is left out."""
    rows = connection.execute(
        "SELECT f.identity, f.kind, f.at, f.body, f.act, f.by_, f.stream, f.rowid "
        "FROM folds o JOIN facts f ON f.identity = o.identity "
        "WHERE (o.root = ?1 OR o.root IN (SELECT entity FROM completions WHERE for_order = ?1)) "
        "AND NOT EXISTS (SELECT 1 FROM reversals r "
        "WHERE r.stream = f.stream AND r.act = f.act) "
        "ORDER BY o.at DESC, o.identity DESC LIMIT ?2",
        (order, ENTRIES_MAX),
    ).fetchall()
    found = []
    for identity, kind, at, body, act, by, stream, row in rows:
        shape = BODIES.get(kind)
        if shape is None:
            continue
        is_county = is_from_county(stream)
        late = _known_late(connection, row, at) if is_county else 0
        said = msgspec.json.decode(body, type=shape)
        words = completion_records.said_with(connection, identity, shape)
        found.append(Entry(identity, kind, at, said, act, by, is_county, late, words))
    return tuple(found)


def _known_late(connection: Connection, row: int, at: int) -> int:
    """Return how many days after it was said a fact came here, at least."""
    before = connection.execute(
        "SELECT at FROM facts WHERE rowid < ? AND stream NOT LIKE 'county%' "
        "ORDER BY rowid DESC LIMIT 1",
        (row,),
    ).fetchone()
    if before is None or before[0] <= at:
        return 0
    return max(0, days_between(local_day(at), local_day(before[0])))


# --- What decides over it ------------------------------------------------------------------------


def parcel_of(connection: Connection, waybill: str) -> ParcelHere | None:
    """Return the parcel that bears an order's waybill: on hand, else the one handed over last."""
    if not waybill:
        return None
    rows = connection.execute(
        "SELECT entity, status, shelf, layer, serial, cod_fen + freight_fen, day_in FROM parcels "
        "WHERE waybill = ? AND status IN (?, ?) ORDER BY status = ? DESC, day_in DESC, entity "
        "LIMIT 1",
        (waybill, *PARCEL_STATUSES, PARCEL_STATUSES[0]),
    ).fetchall()
    for parcel, status, shelf, layer, serial, due_fen, day in rows:
        code = f"{shelf}-{layer}-{serial:02}"
        return ParcelHere(parcel=parcel, status=status, code=code, due_fen=due_fen, day=day)
    return None


def fate_of(connection: Connection, order: str, slip: int = 0) -> Fate:
    """Return what decides over an order now."""
    state = records.order_state(connection, order)
    if state is None:
        return Fate(order=None)
    days = _days_of(connection, [line.product for line in state.lines])
    parcel = parcel_of(connection, state.waybill)
    last_day = platform_last_day(connection, order, parcel.day) if parcel and parcel.day else ""
    return Fate(
        order=state,
        is_offered=_is_offered(connection, order),
        parcel=parcel,
        quote=state.quote if state.quote_fen else "",
        return_days=days[0],
        exchange_days=days[1],
        slip=slip,
        entity=order,
        platform_last_day=last_day,
        wanting=completion_records.wanting(connection, order, state.status),
    )


def _is_offered(connection: Connection, order: str) -> bool:
    """Tell whether the county may have heard of an order; of another PC it is taken for granted.

    Only the PC that wrote an act knows whether it has left: what is here of another one came by
    the county, or goes there with it.
    """
    row = connection.execute(
        "SELECT t.stream IS NOT NULL, EXISTS (SELECT 1 FROM offered x "
        "WHERE x.stream = f.stream AND x.act = f.act) FROM facts f "
        "LEFT JOIN tickets t ON t.ticket = f.act AND t.stream = f.stream WHERE f.identity = ?",
        (order,),
    ).fetchone()
    return row is None or not row[0] or bool(row[1])


def platform_last_day(connection: Connection, order: str, day_in: str) -> str:
    """Return until which day the platform takes the goods back, "" for goods that do not go back.

    day_in: when the courier was signed for.
    """
    state = records.order_state(connection, order)
    products = [line.product for line in state.lines if line.pieces] if state else []
    days = _days_of(connection, products)[0]
    return add_days(day_in, days) if days else ""


def _days_of(connection: Connection, products: list[str]) -> tuple[int, int]:
    """Return in how many days goods may come back, and be exchanged: the least of all of them.

    What is not in the catalogue has the seven days that the law gives to what was bought unseen.
    """
    found = []
    for code in products:
        row = records.product_row(connection, code) if code else None
        found.append((row.return_days, row.exchange_days) if row else (SEVEN_DAYS, SEVEN_DAYS))
    if not found:
        return 0, 0
    return min(one for one, _ in found), min(two for _, two in found)

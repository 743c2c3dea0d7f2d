"""Which private parts an erasure covers, at the county.

The list of an erasure is closed: her own facts, and those that name her. What names her is looked
for in bytes, then made sure of.
"""

from typing import Any

from sqlalchemy import Connection, LargeBinary, func, literal, select

from county_server.store import Store
from station_app.journal.fact import NotCanonical, parse_tree


def covered_by(
    store: Store, connection: Connection, station: str, whose: str
) -> list[tuple[str, str]]:
    """Return identity and entity of a station's facts whose private part speaks of somebody."""
    facts, privates = store.tables.facts, store.tables.privates
    whole = facts.join(
        privates,
        (privates.c.station == facts.c.station) & (privates.c.identity == facts.c.identity),
    )
    here = (
        select(facts.c.identity, facts.c.entity, privates.c.part)
        .select_from(whole)
        .where(facts.c.station == station)
    )
    own = connection.execute(
        here.where((facts.c.identity == whose) | (facts.c.entity == whose))
    ).all()
    naming = connection.execute(
        here.where(_holds(privates.c.part, whose, is_sqlite=store.is_sqlite))
    ).all()
    return [
        *((row[0], row[1]) for row in own),
        *((row[0], row[1]) for row in naming if whose in persons_in(bytes(row[2]))),
    ]


def _holds(part: Any, whose: str, *, is_sqlite: bool) -> Any:
    """Return a condition that a private part contains these letters."""
    if is_sqlite:
        return func.instr(part, whose.encode("ascii", "replace")) > 0
    letters = literal(whose.encode("ascii", "replace"), LargeBinary)
    return func.position(letters.op("IN")(part)) > 0


def persons_in(private: bytes) -> tuple[str, ...]:
    """Return the persons that a private part says it speaks of; none if it cannot be read."""
    try:
        claimed = parse_tree(private).get("whose", [])
    except NotCanonical:
        return ()
    if not isinstance(claimed, list):
        return ()
    return tuple(whose for whose in claimed if isinstance(whose, str))

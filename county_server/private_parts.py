"""Which private parts an erasure covers, at the county.

The list of an erasure is closed: her own facts, and those that name her. What names her is looked
for in bytes, then made sure of.
"""

from collections.abc import Collection
from typing import Any

from sqlalchemy import Connection, LargeBinary, func, literal, select

from county_server.journal import in_pieces
from county_server.store import Store
from station_app.journal.fact import NotCanonical, parse_tree


def covered_by(
    store: Store,
    connection: Connection,
    station: str,
    *,
    persons: Collection[str],
    named: Collection[str],
) -> dict[str, str]:
    """Return the entities of a station's facts that an erasure covers, by identity.

    named: persons, and facts, which no private part speaks of.
    """
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
    found: dict[str, str] = {}
    for piece in in_pieces(named):
        own = here.where(facts.c.identity.in_(piece) | facts.c.entity.in_(piece))
        found.update({row[0]: row[1] for row in connection.execute(own)})
    for whose in filter(None, persons):
        naming = here.where(_holds(privates.c.part, whose, is_sqlite=store.is_sqlite))
        rows = connection.execute(naming)
        found |= {row[0]: row[1] for row in rows if whose in persons_in(bytes(row[2]))}
    return found


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

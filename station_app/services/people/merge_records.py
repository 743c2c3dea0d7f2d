"""Who stands for whom: look-ups through the records that were merged or joined by a code."""

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from station_app.journal.log import Connection
from station_app.services.people.merging import MERGE, Merge

_SAME = "(SELECT identity FROM roots WHERE root = ?1)"


@dataclass(frozen=True, slots=True)
class Merged:
    """A record that another stands for. merge: the entity; claim: the fact that says so."""

    merge: str
    claim: str
    other: str


def root_of(connection: Connection, identity: str) -> str:
    """Return the record that stands for this one, itself when none does.

    Two that stand for each other say the same thing: the smaller identity stands for both.
    """
    passed: list[str] = []
    current = _joined(connection, identity)
    while current not in passed:
        passed.append(current)
        row = connection.execute(
            "SELECT kept FROM merges WHERE kept != '' AND "  # noqa: S608 - our own words
            f"(other = ?1 OR other IN {_SAME}) ORDER BY kept LIMIT 1",
            (current,),
        ).fetchone()
        if row is None:
            return current
        current = _joined(connection, row[0])
    return min(passed[passed.index(current) :])


def names_of(connection: Connection, root: str) -> tuple[str, ...]:
    """Return every identity that this record stands for, its own first."""
    found: dict[str, None] = {}
    todo = [root]
    while todo:
        one = todo.pop(0)
        if one in found:
            continue
        found[one] = None
        joined = connection.execute(
            "SELECT identity FROM roots WHERE root = ? ORDER BY identity", (one,)
        ).fetchall()
        merged = connection.execute(
            "SELECT other FROM merges WHERE kept != '' AND "  # noqa: S608 - our own words
            f"(kept = ?1 OR kept IN {_SAME}) ORDER BY other",
            (one,),
        ).fetchall()
        todo += [row[0] for row in (*joined, *merged)]
    return tuple(found)


def has_any(connection: Connection) -> bool:
    """Tell whether any record stands for another."""
    return (
        connection.execute("SELECT 1 FROM merges WHERE kept != '' LIMIT 1").fetchone() is not None
    )


def merged_into(connection: Connection, root: str) -> list[Merged]:
    """Return the records for which this one stands by a merge, the latest last."""
    rows = connection.execute(
        "SELECT s.entity, s.data FROM merges m JOIN states s ON s.entity = m.entity "  # noqa: S608
        f"AND s.kind = '{MERGE.name}' WHERE m.kept != '' AND (m.kept = ?1 OR m.kept IN {_SAME})",
        (root,),
    ).fetchall()
    found = []
    for entity, data in rows:
        state = msgspec.json.decode(data, type=Merge)
        found += [Merged(entity, claim.fact, state.other) for claim in state.live]
    order = _places(connection, [one.claim for one in found])
    return sorted(found, key=lambda one: order.get(one.claim, 0))


def merge_state(connection: Connection, merge: str) -> Merge | None:
    """Return what has been said of one record."""
    row = connection.execute(
        "SELECT data FROM states WHERE kind = ? AND entity = ?",
        (MERGE.name, _joined(connection, merge)),
    ).fetchone()
    return msgspec.json.decode(row[0], type=Merge) if row else None


def entity_of(connection: Connection, claim: str) -> str:
    """Return the entity of a claim: it founded it, or one of the same record did."""
    return _joined(connection, claim)


def said_by(connection: Connection, claim: str) -> tuple[str, int]:
    """Return on which stream a claim was said, and when; ("", 0) when it is not here."""
    row = connection.execute("SELECT stream, at FROM facts WHERE identity = ?", (claim,)).fetchone()
    return (row[0], row[1]) if row else ("", 0)


def _places(connection: Connection, identities: Sequence[str]) -> dict[str, int]:
    return {one: said_by(connection, one)[1] for one in identities}


def _joined(connection: Connection, identity: str) -> str:
    row = connection.execute("SELECT root FROM roots WHERE identity = ?", (identity,)).fetchone()
    return row[0] if row else identity

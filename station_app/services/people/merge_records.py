"""Who stands for whom: look-ups through the records that were merged or joined by a code."""

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from station_app.journal.log import Connection
from station_app.services.people.merging import MERGE, Merge


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
        kept = [
            row[0]
            for one in _same(connection, current)
            for row in connection.execute(
                "SELECT kept FROM merges WHERE other = ? AND kept != ''", (one,)
            ).fetchall()
        ]
        if not kept:
            return current
        current = _joined(connection, min(kept))
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
        todo += [name for name in _same(connection, one) if name != one]
        todo += [
            row[0]
            for row in connection.execute(
                "SELECT other FROM merges WHERE kept = ? ORDER BY other", (one,)
            ).fetchall()
        ]
    return tuple(found)


def has_any(connection: Connection) -> bool:
    """Tell whether any record stands for another."""
    return connection.execute("SELECT 1 FROM merges WHERE kept > '' LIMIT 1").fetchone() is not None


def merged_into(connection: Connection, root: str) -> list[Merged]:
    """Return the records for which this one stands by a merge, the latest last."""
    rows = [
        row
        for one in _same(connection, root)
        for row in connection.execute(
            "SELECT s.entity, s.data FROM merges m JOIN states s "
            "ON s.kind = ? AND s.entity = m.entity WHERE m.kept = ?",
            (MERGE.name, one),
        ).fetchall()
    ]
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


def _same(connection: Connection, root: str) -> tuple[str, ...]:
    """Return an entity with the identities that were joined to it by a code."""
    rows = connection.execute(
        "SELECT identity FROM roots WHERE root = ? ORDER BY identity", (root,)
    ).fetchall()
    return tuple(dict.fromkeys((root, *(row[0] for row in rows))))


def _places(connection: Connection, identities: Sequence[str]) -> dict[str, int]:
    return {one: said_by(connection, one)[1] for one in identities}


def _joined(connection: Connection, identity: str) -> str:
    row = connection.execute("SELECT root FROM roots WHERE identity = ?", (identity,)).fetchone()
    return row[0] if row else identity

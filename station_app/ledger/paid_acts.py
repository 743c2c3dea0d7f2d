"""The facts of acts that money was taken or given for, as recorded.

An act is found by its ticket; while it is being recorded, by the payment that settles it.
"""

from dataclasses import dataclass

from station_app.ledger.balances import Connection

FACT_COLUMNS = "f.identity, f.stream, f.seq, f.act, f.at, f.kind, f.by_, f.entity, f.body"


@dataclass(frozen=True, slots=True)
class FactRow:
    """A fact as recorded. by: identity of the operator."""

    identity: str
    stream: str
    seq: int
    act: str
    at: int
    kind: str
    by: str
    entity: str
    body: bytes


def fact(connection: Connection, identity: str) -> FactRow | None:
    """Return one fact."""
    row = connection.execute(
        f"SELECT {FACT_COLUMNS} FROM facts f WHERE f.identity = ?",  # noqa: S608 - our own columns
        (identity,),
    ).fetchone()
    return FactRow(*row) if row else None


def facts_of_act(connection: Connection, act: str) -> tuple[FactRow, ...]:
    """Return the facts of an act, heard or of this PC, also of the one that is being recorded."""
    row = connection.execute(
        "SELECT stream FROM tickets WHERE ticket = ?1 UNION ALL "
        "SELECT f.stream FROM payments p JOIN facts f ON f.identity = p.entity WHERE p.act = ?1 "
        "LIMIT 1",
        (act,),
    ).fetchone()
    if row is None:
        return ()
    rows = connection.execute(
        f"SELECT {FACT_COLUMNS} FROM facts f "  # noqa: S608 - our own columns
        "WHERE f.stream = ? AND f.act = ? ORDER BY f.seq",
        (row[0], act),
    ).fetchall()
    return tuple(FactRow(*row) for row in rows)

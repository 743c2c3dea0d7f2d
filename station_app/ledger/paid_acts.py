"""Acts by their name: in which stream they stand, and their facts as recorded.

An act of this PC is found by its ticket, also while it is being recorded; one of another PC by
asking each stream for it. The log has no order of acts alone: without the stream every fact there
is would be looked at. A copy of this PC that had the same luck calls its acts as we do: a name
alone stands for our act, and whoever knows the stream says it (`facts_in`).
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


_ASKED = (
    "SELECT stream FROM tickets WHERE ticket = ?",
    "SELECT f.stream FROM streams s CROSS JOIN facts f ON f.stream = s.stream AND f.act = ? "
    "WHERE s.stream NOT GLOB '*~*'",
    "SELECT f.stream FROM streams s CROSS JOIN facts f ON f.stream = s.stream AND f.act = ?",
)


def stream_of_act(connection: Connection, act: str) -> str:
    """Return the stream that an act stands in, "" when it is not here; a branch only at last."""
    for sql in _ASKED:
        row = connection.execute(f"{sql} LIMIT 1", (act,)).fetchone()
        if row is not None:
            return str(row[0])
    return ""


def is_undone(connection: Connection, act: str) -> bool:
    """Tell whether an act was taken back as a whole."""
    row = connection.execute(
        "SELECT 1 FROM reversals WHERE stream = ? AND act = ? LIMIT 1",
        (stream_of_act(connection, act), act),
    ).fetchone()
    return row is not None


def facts_of_act(connection: Connection, act: str) -> tuple[FactRow, ...]:
    """Return the facts of an act, heard or of this PC, also of the one that is being recorded."""
    return facts_in(connection, stream_of_act(connection, act), act)


def facts_in(connection: Connection, stream: str, act: str) -> tuple[FactRow, ...]:
    """Return the facts of an act of a stream, in order."""
    rows = connection.execute(
        f"SELECT {FACT_COLUMNS} FROM facts f "  # noqa: S608 - our own columns
        "WHERE f.stream = ? AND f.act = ? ORDER BY f.seq",
        (stream, act),
    ).fetchall()
    return tuple(FactRow(*row) for row in rows)

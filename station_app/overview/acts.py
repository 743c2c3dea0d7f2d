"""What was done lately on this PC, act by act, as the journal tells it.

The device's streams form a line: the first fact of a start names the last one before it. So the
acts of the day are read by walking that line backwards, from the end, and the walk stops in the
day before: it costs the same after ten years as on the first day.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import msgspec

from station_app.journal.kinds import ActReversed
from station_app.journal.log import Connection
from station_app.ledger.paid_acts import stream_of_act
from station_app.overview.fact_words import body_of
from station_app.values.day import local_day

FACTS_WALKED_MAX = 5_000  # a day of a thousand acts; a longer one shows its latest part
OLDER_IN_A_ROW = (
    20  # a forgotten shift is closed next day and booked to yesterday, amid today's acts
)
SLICE = 200  # facts read at a time
_WALKED = "identity, stream, seq, act, at, by_, kind, body, prev"


@dataclass(frozen=True, slots=True)
class ActRow:
    """An act in the list. kinds: of its facts, in order; entities: what they happened to.

    facts: how many; first_seq: of them in the stream; by: identity of the operator, "" for nobody.
    """

    act: str
    stream: str
    at: int
    by: str
    day: str
    kinds: tuple[str, ...]
    first_seq: int
    is_undone: bool = False

    @property
    def facts(self) -> int:
        """Return how many facts the act holds."""
        return len(self.kinds)


@dataclass(frozen=True, slots=True)
class FactLine:
    """One fact of an act, opened: its number in the stream, its kind and its body as a tree."""

    seq: int
    kind: str
    at: int
    by: str
    entity: str
    identity: str
    body: Mapping[str, Any]


class _Day(msgspec.Struct):
    day: str = ""


_read_day = msgspec.json.Decoder(_Day).decode


def acts_of_day(connection: Connection, day: str) -> tuple[ActRow, ...]:
    """Return the acts of a business day on this PC, the latest first; undone ones are marked.

    Undoings themselves are left out: they show on what they undid.
    """
    rows: list[ActRow] = []
    older = 0
    for row in _acts_backwards(connection):
        older = older + 1 if row.day < day else 0
        if older > OLDER_IN_A_ROW:
            break
        if row.day == day and ActReversed.KIND not in row.kinds:
            rows.append(row)
    return tuple(replace(row, is_undone=_is_undone(connection, row)) for row in rows)


def _acts_backwards(connection: Connection) -> Iterator[ActRow]:
    """Go through the acts of this device from the last one back, put together from their facts."""
    held: list[Any] = []
    for fact in _facts_backwards(connection):
        if held and (fact[1], fact[3]) != (held[-1][1], held[-1][3]):
            yield _act_of(held)
            held = []
        held.append(fact)
    if held:
        yield _act_of(held)


def _act_of(facts_backwards: list[Any]) -> ActRow:
    facts = facts_backwards[::-1]
    _, stream, seq, act, at, by, _, body, _ = facts[0]
    return ActRow(
        act=act,
        stream=stream,
        at=at,
        by=by,
        day=_read_day(body).day or local_day(at),
        kinds=tuple(fact[6] for fact in facts),
        first_seq=seq,
    )


def _facts_backwards(connection: Connection) -> Iterator[Any]:
    """Go back over this device's line of streams: rows (identity, stream, seq, act, at, …)."""
    row = connection.execute("SELECT value FROM local WHERE name = 'last_identity'").fetchone()
    before, walked = (row[0] if row else ""), 0
    while before and walked < FACTS_WALKED_MAX:
        end = connection.execute(
            "SELECT stream, seq FROM facts WHERE identity = ?", (before,)
        ).fetchone()
        if end is None:
            return
        before = ""
        stream, seq = end
        while seq > 0 and walked < FACTS_WALKED_MAX:
            facts = connection.execute(
                f"SELECT {_WALKED} FROM facts "  # noqa: S608 - a constant list of columns
                "WHERE stream = ? AND seq <= ? ORDER BY seq DESC LIMIT ?",
                (stream, seq, SLICE),
            ).fetchall()
            if not facts:
                return
            yield from facts
            walked += len(facts)
            seq, before = facts[-1][2] - 1, facts[-1][8]


def _is_undone(connection: Connection, row: ActRow) -> bool:
    found = connection.execute(
        "SELECT 1 FROM reversals WHERE stream = ? AND act = ? LIMIT 1", (row.stream, row.act)
    ).fetchone()
    return found is not None


def act_by_id(connection: Connection, act: str, stream: str = "") -> ActRow | None:
    """Return an act by its ticket, of whatever day; None if it is not here.

    stream: in which it stands, "" where only its paper is known.
    """
    its_stream = stream or stream_of_act(connection, act)
    if not its_stream:
        return None
    facts = connection.execute(
        f"SELECT {_WALKED} FROM facts WHERE stream = ? AND act = ? ORDER BY seq DESC",  # noqa: S608
        (its_stream, act),
    ).fetchall()
    if not facts:
        return None
    row = _act_of(facts)
    return replace(row, is_undone=_is_undone(connection, row))


def facts_of(connection: Connection, row: ActRow) -> tuple[FactLine, ...]:
    """Return the facts of an act as they stand in the journal; bodies only, no private parts."""
    facts = connection.execute(
        "SELECT seq, kind, at, by_, entity, identity, body FROM facts "
        "WHERE stream = ? AND act = ? ORDER BY seq",
        (row.stream, row.act),
    ).fetchall()
    return tuple(
        FactLine(seq, kind, at, by, entity, identity, body_of(body))
        for seq, kind, at, by, entity, identity, body in facts
    )

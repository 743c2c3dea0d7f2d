"""What a statement needs of the journal: its own lines, and ours for exactly the same facts.

The county says how far its books had every stream. From there the comparison is made for ever the
same: what came later waits for the next month, and so does what the county had not yet.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import msgspec

from station_app.journal.cuts import Tip, reach
from station_app.journal.log import Connection
from station_app.ledger.accounts import COUNTY, COUNTY_CURRENT
from station_app.ledger.balances import HELD
from station_app.ledger.posting import CNY
from station_app.services.cash.facts import Position
from station_app.services.clearing.answering import (
    OTHER_FACTS,
    Answering,
    replaced,
    why_refused,
)
from station_app.services.clearing.commands import AnswerStatement
from station_app.services.clearing.comparison import Comparison, Ours, Theirs, compare
from station_app.services.clearing.facts import Charge, StatementContinued, StatementLine
from station_app.services.clearing.statements import OPEN, Difference, Statement
from station_app.values.now import Now

_statement = msgspec.json.Decoder(Statement)
_difference = msgspec.json.Decoder(Difference)
_part = msgspec.json.Decoder(StatementContinued)

_LINES = (
    "SELECT f.identity, f.kind, p.account, sum(p.amount) FROM postings p "
    "JOIN facts f ON f.stream = p.stream AND f.seq = p.seq "
    "WHERE p.stream = ? AND p.seq > ? AND p.seq <= ? AND p.commodity = ? "
    "AND (p.account = ? OR (p.account LIKE ? AND p.account LIKE ?)) "
    "GROUP BY f.identity, p.account HAVING sum(p.amount) != 0 ORDER BY p.seq, p.account"
)


@dataclass(frozen=True, slots=True)
class Parts:
    """What the parts of a statement say, put together."""

    theirs: Theirs
    charges: tuple[Charge, ...]


def statements(connection: Connection) -> tuple[tuple[str, Statement], ...]:
    """Return all statements, the latest month first; one that another replaces stands below it."""
    rows = connection.execute(
        "SELECT s.entity, t.data FROM statements s "
        "JOIN states t ON t.kind = 'statement' AND t.entity = s.entity "
        "ORDER BY s.month DESC, "
        "EXISTS (SELECT 1 FROM statements n WHERE n.month = s.month AND n.replaces = s.entity), "
        "s.issued_day DESC, s.entity"
    ).fetchall()
    return tuple((row[0], _statement.decode(row[1])) for row in rows)


def statement(connection: Connection, identity: str) -> Statement | None:
    """Return a statement as the fold has it."""
    row = connection.execute(
        "SELECT data FROM states WHERE kind = 'statement' AND entity = ?", (identity,)
    ).fetchone()
    return _statement.decode(row[0]) if row else None


def difference(connection: Connection, identity: str) -> Difference | None:
    """Return a difference as the fold has it."""
    row = connection.execute(
        "SELECT data FROM states WHERE kind = 'difference' AND entity = ?", (identity,)
    ).fetchone()
    return _difference.decode(row[0]) if row else None


def parts_of(connection: Connection, state: Statement) -> Parts:
    """Return what a statement says, from its facts."""
    bodies = [
        _part.decode(row[0])
        for part in state.parts
        for row in connection.execute("SELECT body FROM facts WHERE identity = ?", (part,))
    ]
    bodies.sort(key=lambda body: body.part)
    theirs = Theirs(
        lines=tuple(line for body in bodies for line in body.lines),
        totals=tuple(total for body in bodies for total in body.totals),
        lines_said=state.lines_said,
        totals_said=state.totals_said,
    )
    return Parts(theirs, tuple(charge for body in bodies for charge in body.charges))


# --- Ours ----------------------------------------------------------------------------------------


def ours(connection: Connection, state: Statement, lines: Iterable[StatementLine]) -> Ours:
    """Return what this journal says of the facts that a statement covers.

    lines: of the statement: whatever they name is looked up.
    """
    before = statement(connection, state.since) if state.since else None
    began = reach(connection, _tips(before.positions)) if before else {}
    ended = reach(connection, _tips(state.positions))
    openings: dict[str, int] = {}
    if before is not None:
        for total in parts_of(connection, before).theirs.totals:
            openings[total.account] = total.closing_fen
    lengths = dict(connection.execute("SELECT stream, length FROM streams").fetchall())
    named = {line.fact for line in lines}
    places = dict(_places(connection, named))
    return Ours(
        lines=tuple(
            line
            for stream, last in sorted(ended.items())
            for line in _lines(connection, stream, began.get(stream, 0), last)
        ),
        waiting=tuple(
            line
            for stream, length in sorted(lengths.items())
            for line in _lines(connection, stream, ended.get(stream, 0), length)
        ),
        before=frozenset(
            fact for fact, (stream, seq) in places.items() if seq <= began.get(stream, 0)
        ),
        known=frozenset(places),
        openings=openings,
    )


def _tips(positions: Iterable[Position]) -> list[Tip]:
    return [Tip(position.stream, position.seq, position.identity) for position in positions]


def _lines(connection: Connection, stream: str, after: int, last: int) -> Iterator[StatementLine]:
    """Yield what the facts of a run did to the accounts that a statement is about."""
    if last <= after:
        return
    rows = connection.execute(
        _LINES,
        (stream, after, last, CNY, COUNTY_CURRENT, f"{HELD}%", f"%:{COUNTY}"),
    ).fetchall()
    for fact, kind, account, amount in rows:
        yield StatementLine(fact=fact, kind=kind, account=account, amount_fen=amount)


def _places(
    connection: Connection, identities: Iterable[str]
) -> Iterator[tuple[str, tuple[str, int]]]:
    for identity in identities:
        row = connection.execute(
            "SELECT stream, seq FROM facts WHERE identity = ?", (identity,)
        ).fetchone()
        if row is not None:
            yield identity, (row[0], row[1])


def is_all_here(connection: Connection, positions: Iterable[Position]) -> bool:
    """Tell whether every fact up to these positions is held here."""
    for position in positions:
        if not position.stream:
            continue
        row = connection.execute(
            "SELECT length FROM streams WHERE stream = ?", (position.stream,)
        ).fetchone()
        if row is None or row[0] < position.seq:
            return False
    return True


def are_ours(connection: Connection, positions: Iterable[Position]) -> bool:
    """Tell whether the facts at these positions, as far as held, are the ones that are named."""
    for position in positions:
        row = connection.execute(
            "SELECT identity FROM facts WHERE stream = ? AND seq = ?",
            (position.stream, position.seq),
        ).fetchone()
        if row is not None and row[0] != position.identity:
            return False
    return True


# --- For the rule and the page -------------------------------------------------------------------


def look_at(connection: Connection, identity: str, station: str) -> Answering:
    """Compare a statement as things stand, or say why that cannot be."""
    state = statement(connection, identity)
    if state is None or not state.issued:
        return Answering(statement=state)
    parts = parts_of(connection, state)
    others = [row for row in statements(connection) if row[0] != identity]
    reason = why_refused(statement=state, station=station, others=others, charges=parts.charges)
    if not reason and not are_ours(connection, state.positions):
        reason = OTHER_FACTS
    seen = Answering(
        statement=state,
        charges=parts.charges,
        reason=reason,
        is_replaced=identity in replaced(other for _, other in others),
    )
    if reason:
        return seen
    before = dict(others).get(state.since)
    is_whole = len(state.parts) >= state.parts_said
    if not is_whole or not is_all_here(connection, state.positions):
        return replace(seen, not_here=True)
    return replace(
        seen,
        before_open=before.month if before and before.status == OPEN else "",
        compared=_compared(connection, state, parts.theirs),
    )


def _compared(connection: Connection, state: Statement, theirs: Theirs) -> Comparison:
    return compare(theirs, ours(connection, state, theirs.lines))


def gather_answering(connection: Connection, command: AnswerStatement, now: Now) -> Answering:
    """Read what answering a statement needs."""
    return look_at(connection, command.statement, now.station)

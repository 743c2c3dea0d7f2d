"""How far each stream counts, on the station's database; and what moves when that changes.

Only streams that do not count whole have a row. When a decision changes the place, the postings in
between go from the books to those set aside, or come back, and the entities are told to fold anew.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from station_app.journal.fact import VERSION_MARK, Told, said_as
from station_app.journal.log import Connection
from station_app.journal.rulings import (
    WHOLE,
    Parents,
    Ruling,
    author_of,
    reach_of,
    rulings_of,
    way_to,
)

_TO_BALANCES = (
    "INSERT INTO balances(account, commodity, amount) "
    "SELECT account, commodity, {sign}sum(amount) FROM {table} "
    "WHERE stream = ? AND seq > ? AND seq <= ? AND NOT "
    "(account >= 'Equity:Counter:' AND account < 'Equity:Counter;') GROUP BY account, commodity "
    "ON CONFLICT(account, commodity) DO UPDATE SET amount = amount + excluded.amount"
)
_MOVE = (
    "INSERT INTO {to}(stream, seq, line, account, commodity, amount) "
    "SELECT stream, seq, line, account, commodity, amount FROM {table} "
    "WHERE stream = ? AND seq > ? AND seq <= ?"
)
_CLEAR = "DELETE FROM {table} WHERE stream = ? AND seq > ? AND seq <= ?"
_FORGET_UNUSED = (  # an account on which nothing is posted has no balance, not one of zero
    "DELETE FROM balances WHERE amount = 0 AND (account, commodity) IN (SELECT account, commodity "
    "FROM postings_aside WHERE stream = ? AND seq > ? AND seq <= ?) AND NOT EXISTS (SELECT 1 FROM "
    "postings p WHERE p.account = balances.account AND p.commodity = balances.commodity)"
)


@dataclass(frozen=True, slots=True)
class Shift:
    """A line counts further than before, or less far."""

    line: str
    before: int
    after: int

    @property
    def between(self) -> tuple[str, int, int]:
        """Return the line, and the seqs behind which and up to which something changes."""
        return (self.line, min(self.before, self.after), max(self.before, self.after))


class KeptBack:
    """Keeps the decisions and what they come to, inside the transaction of the facts."""

    def __init__(self, connection: Connection) -> None:
        """Work on `connection`."""
        self._connection = connection

    def reach(self, line: str) -> int:
        """Return up to which seq a line counts."""
        row = self._connection.execute(
            "SELECT reach FROM kept_back WHERE stream = ?", (line,)
        ).fetchone()
        return row[0] if row else WHOLE

    def rule(self, told: Told) -> list[Shift]:
        """Keep a decision and move what it moves."""
        lines = rulings_of(told.body)
        self._connection.executemany(
            "INSERT OR IGNORE INTO rulings(what, name, seq, hash, identity) VALUES (?, ?, ?, ?, ?)",
            [(one.what, one.name, one.seq, one.hash, told.identity) for one in lines],
        )
        touched = {line for name in {one.name for one in lines} for line in self._lines(name)}
        return [shift for line in sorted(touched) for shift in self._settle(line)]

    def settle(self, line: str) -> list[Shift]:
        """Work out anew how far a line counts, and move what lies between.

        So for the other versions of its stream: what one goes on from may now be known to count.
        """
        lines = {line, said_as(line), *versions_of(self._connection, line)}
        return [shift for one in sorted(lines) for shift in self._settle(one)]

    def take_out(self, line: str, span: tuple[int, int]) -> Shift:
        """Take what was posted for these facts out of the books, and do not keep it aside."""
        shift = Shift(line, span[1], span[0] - 1)
        self._move_postings(shift)
        self._connection.execute(_CLEAR.format(table="postings_aside"), shift.between)
        return shift

    def _settle(self, line: str) -> list[Shift]:
        before, after = self.reach(line), self._worked_out(line)
        if before == after:
            return []
        self._connection.execute("DELETE FROM kept_back WHERE stream = ?", (line,))
        if after != WHOLE:
            self._connection.execute(
                "INSERT INTO kept_back(stream, reach) VALUES (?, ?)", (line, after)
            )
        shift = Shift(line, before, after)
        self._move_postings(shift)
        return [shift]

    def _worked_out(self, line: str) -> int:
        about = rulings_about(self._connection, line)
        parents = versions_of(self._connection, line)
        return reach_of(line, about, self._identity_at, parents)

    def _lines(self, name: str) -> Iterator[str]:
        """Yield the lines that a decision about a PC or a stream is about."""
        mark = "/" if name.count("/") == 1 else "~"
        rows = self._connection.execute(
            "SELECT DISTINCT stream FROM facts WHERE stream = ? OR (stream > ? AND stream < ?)",
            (name, f"{name}{mark}", f"{name}{mark}~"),
        ).fetchall()
        return (row[0] for row in rows)

    def _identity_at(self, line: str, seq: int) -> str:
        row = self._connection.execute(
            "SELECT identity FROM facts WHERE stream = ? AND seq = ?", (line, seq)
        ).fetchone()
        return row[0] if row else ""

    def _move_postings(self, shift: Shift) -> None:
        goes_out = shift.after < shift.before
        table, to = ("postings", "postings_aside") if goes_out else ("postings_aside", "postings")
        sign = "-" if goes_out else ""
        for sql in (_TO_BALANCES, _MOVE, _CLEAR):
            self._connection.execute(sql.format(table=table, to=to, sign=sign), shift.between)
        if goes_out:
            self._connection.execute(_FORGET_UNUSED, shift.between)


def versions_of(connection: Connection, line: str) -> Parents:
    """Return the versions of the stream that a line is one of, and what each goes on from."""
    stream = said_as(line)
    rows = connection.execute(
        "SELECT s.stream, f.stream, f.seq FROM streams s "
        "LEFT JOIN facts f ON f.identity = s.first_prev WHERE s.stream > ? AND s.stream < ?",
        (f"{stream}{VERSION_MARK}", f"{stream}{VERSION_MARK}{VERSION_MARK}"),
    ).fetchall()
    return {
        version: (parent, upto) if parent and said_as(parent) == stream else ("", 0)
        for version, parent, upto in rows
    }


def way_here(connection: Connection, line: str) -> dict[str, int]:
    """Return the lines that a line's facts stand in from the first on, each with up to where."""
    if VERSION_MARK not in line:
        return {line: WHOLE}
    return way_to(line, versions_of(connection, line))


def rulings_about(connection: Connection, line: str) -> Iterable[Ruling]:
    """Return every decision about a line's author and about the stream it is a version of."""
    rows = connection.execute(
        "SELECT what, name, seq, hash FROM rulings WHERE name IN (?, ?)",
        (author_of(line), said_as(line)),
    ).fetchall()
    return [Ruling(*row) for row in rows]

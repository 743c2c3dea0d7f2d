"""Cuts: how far every stream reached at one moment, said briefly and meant for ever.

A device begins a stream at each start, so after ten years a station knows thousands of them. A
cut names only the tips: the streams whose last fact nobody continues. The chain of a tip pins all
before it, so the rest follows. Where a chain hangs on a fact that is not held here, the cut says
so (a position with an empty stream): what arrives later from behind it stays outside.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from station_app.journal.log import Connection
from station_app.journal.rulings import Ruling, author_of, reach_of, said_as

Cut = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Tip:
    """The end of a chain: a stream, its last seq and that fact's identity.

    An empty stream with seq 0 means the contrary: the fact `identity` was missing here.
    """

    stream: str
    seq: int
    identity: str


@dataclass(frozen=True, slots=True)
class Run:
    """The facts `first` to `last` of a stream, both included."""

    stream: str
    first: int
    last: int

    def __len__(self) -> int:
        """Return how many facts the run has."""
        return self.last - self.first + 1


def tips_here(connection: Connection) -> tuple[Tip, ...]:
    """Return the cut of this moment: all tips by name, then what is missing behind them."""
    rows = connection.execute(
        "SELECT stream, length, head FROM streams "
        "WHERE head NOT IN (SELECT first_prev FROM streams) ORDER BY stream"
    ).fetchall()
    missing = connection.execute(
        "SELECT DISTINCT first_prev FROM streams s WHERE first_prev != '' AND NOT EXISTS "
        "(SELECT 1 FROM facts f WHERE f.identity = s.first_prev) ORDER BY first_prev"
    ).fetchall()
    return (*(Tip(*row) for row in rows), *(Tip("", 0, row[0]) for row in missing))


def reach(connection: Connection, tips: Iterable[Tip]) -> dict[str, int]:
    """Return how far every stream lies within a cut."""
    named = tuple(tips)
    missing = {tip.identity for tip in named if not tip.stream}
    before = _continued(connection)
    reached: dict[str, int] = {}
    waiting = [(tip.stream, tip.seq) for tip in named if tip.stream]
    while waiting:
        stream, seq = waiting.pop()
        is_new = stream not in reached
        reached[stream] = max(seq, reached.get(stream, 0))
        if is_new and stream in before:
            identity, parent, at = before[stream]
            if identity not in missing:
                waiting.append((parent, at))
    return _in_force(connection, reached)


def _in_force(connection: Connection, reached: dict[str, int]) -> dict[str, int]:
    """Return how far streams counted at a cut: by the county's decisions that lie within it.

    What was decided later changes nothing of what stood on a slip: neither that a PC was cut off
    since, nor that something was accepted.
    """
    rows = connection.execute(
        "SELECT r.what, r.name, r.seq, r.hash, f.stream, f.seq FROM rulings r "
        "JOIN facts f ON f.identity = r.identity"
    ).fetchall()
    about: dict[str, list[Ruling]] = {}
    for what, name, seq, identity, stream, said_at in rows:
        if said_at <= reached.get(stream, 0):
            about.setdefault(name, []).append(Ruling(what, name, seq, identity))

    def identity_at(line: str, seq: int) -> str:
        row = connection.execute(
            "SELECT identity FROM facts WHERE stream = ? AND seq = ?", (line, seq)
        ).fetchone()
        return row[0] if row and seq <= reached[line] else ""

    for line in reached if about else ():
        known = (*about.get(author_of(line), ()), *about.get(said_as(line), ()))
        if known:
            reached[line] = min(reached[line], reach_of(line, known, identity_at))
    return reached


def chain_back(connection: Connection, stream: str, seq: int) -> list[Run]:
    """Return the runs of one device's journal that end in this fact, the latest first."""
    before = _continued(connection)
    runs = [Run(stream, 1, seq)]
    seen = {stream}
    while runs[-1].stream in before:
        _, stream, seq = before[runs[-1].stream]
        if stream in seen:
            break  # a chain of another's making may bite its own tail
        seen.add(stream)
        runs.append(Run(stream, 1, seq))
    return runs


def runs_since(connection: Connection, opening: str, last: tuple[str, int]) -> list[Run]:
    """Return the runs from the fact `opening` to the fact `last`, the earliest first.

    opening: identity; last: stream and seq. Empty when the chain of `last` does not hold it.
    """
    row = connection.execute(
        "SELECT stream, seq FROM facts WHERE identity = ?", (opening,)
    ).fetchone()
    if row is None:
        return []
    runs: list[Run] = []
    for run in chain_back(connection, *last):
        if run.stream == row[0]:
            runs.append(Run(run.stream, row[1], run.last))
            return runs[::-1] if run.last >= row[1] else []
        runs.append(run)
    return []


def _continued(connection: Connection) -> dict[str, tuple[str, str, int]]:
    """Return, for each stream, the fact it continues: identity, stream and seq."""
    rows = connection.execute(
        "SELECT s.stream, f.identity, f.stream, f.seq FROM streams s "
        "JOIN facts f ON f.identity = s.first_prev"
    ).fetchall()
    return {row[0]: (row[1], row[2], row[3]) for row in rows}

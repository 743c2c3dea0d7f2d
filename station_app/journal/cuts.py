"""Cuts: how far every stream reached at one moment, said briefly and meant for ever.

A device begins a stream at each start, so after ten years a station knows thousands of them. A
cut names only the tips: the streams whose last fact nobody continues. The chain of a tip pins all
before it, so the rest follows. Where a chain hangs on a fact that is not held here, the cut says
so (a position with an empty stream): what arrives later from behind it stays outside.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from station_app.journal.log import Connection

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

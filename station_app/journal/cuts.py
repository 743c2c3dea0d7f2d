"""Cuts: how far every stream reached at one moment, said briefly and meant for ever.

A device begins a stream at each start, so after ten years a station knows thousands of them. A
cut names only the tips: the streams whose last fact nobody continues. The chain of a tip pins all
before it, so the rest follows. Where a chain hangs on a fact that is not held here, the cut says
so (a position with an empty stream): what arrives later from behind it stays outside.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from station_app.journal.fact import VERSION_MARK, said_as
from station_app.journal.log import Connection
from station_app.journal.rulings import Parents, Ruling, alone_in, author_of, reach_of

Cut = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Tip:
    """The end of a chain: a stream, its last seq and that fact's identity.

    Of two versions of a stream each is named as its author said it; the identity tells which.
    An empty stream with seq 0 means the contrary: the fact `identity` was missing here.
    """

    stream: str
    seq: int
    identity: str


@dataclass(frozen=True, slots=True)
class Run:
    """The facts `first` to `last` of a stream, both included; `stream` as it is kept here."""

    stream: str
    first: int
    last: int

    def __len__(self) -> int:
        """Return how many facts the run has."""
        return self.last - self.first + 1


def ends_here(connection: Connection) -> list[tuple[str, int, str]]:
    """Return the ends of all chains by the names they are kept under here, with last identity."""
    rows = connection.execute(
        "SELECT stream, length, head FROM streams "
        "WHERE head NOT IN (SELECT first_prev FROM streams) ORDER BY stream"
    ).fetchall()
    return [(row[0], row[1], row[2]) for row in rows]


def tips_here(connection: Connection) -> tuple[Tip, ...]:
    """Return the cut of this moment: all tips by name, then what is missing behind them."""
    ends = [Tip(said_as(line), length, head) for line, length, head in ends_here(connection)]
    return (*ends, *(Tip("", 0, identity) for identity in missing_here(connection)))


def missing_here(connection: Connection) -> tuple[str, ...]:
    """Return the facts that others continue and that are not held here, by identity."""
    rows = connection.execute(
        "SELECT DISTINCT first_prev FROM streams s WHERE first_prev != '' AND NOT EXISTS "
        "(SELECT 1 FROM facts f WHERE f.identity = s.first_prev) ORDER BY first_prev"
    ).fetchall()
    return tuple(row[0] for row in rows)


def reach(connection: Connection, tips: Iterable[Tip]) -> dict[str, int]:
    """Return how far every stream lies within a cut."""
    named = tuple(tips)
    missing = {tip.identity for tip in named if not tip.stream}
    before = _continued(connection)
    reached: dict[str, int] = {}
    waiting = [_place(connection, tip) for tip in named if tip.stream]
    while waiting:
        line, seq = waiting.pop()
        is_new = line not in reached
        reached[line] = max(seq, reached.get(line, 0))
        if is_new and line in before:
            identity, parent, at = before[line]
            if identity not in missing:
                waiting.append((parent, at))
    return _in_force(connection, reached, before)


def _place(connection: Connection, tip: Tip) -> tuple[str, int]:
    """Return where the end of a chain is kept here: of two versions only the identity tells."""
    row = connection.execute(
        "SELECT stream, seq FROM facts WHERE identity = ?", (tip.identity,)
    ).fetchone()
    return (row[0], row[1]) if row else (tip.stream, tip.seq)


def _in_force(
    connection: Connection, reached: dict[str, int], before: Mapping[str, tuple[str, str, int]]
) -> dict[str, int]:
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
        return row[0] if row and seq <= reached.get(line, 0) else ""

    versions: dict[str, Parents] = {}
    for line in reached:
        if VERSION_MARK in line:
            stream = said_as(line)
            versions[stream] = {**versions.get(stream, {}), line: _forks_from(line, before)}
    counted = {}
    for line in reached if about or versions else ():
        known = (*about.get(author_of(line), ()), *about.get(said_as(line), ()))
        if known or VERSION_MARK in line:
            parents = versions.get(said_as(line), {})
            alone = alone_in(reached, parents)
            found = reach_of(line, known, identity_at, parents, alone)
            counted[line] = min(reached[line], found)
    return reached | counted


def _forks_from(line: str, before: Mapping[str, tuple[str, str, int]]) -> tuple[str, int]:
    """Return the line that a version goes on from, and up to where; ("", 0) from the first on."""
    _, parent, at = before.get(line, ("", "", 0))
    return (parent, at) if said_as(parent) == said_as(line) else ("", 0)


def chain_back(connection: Connection, stream: str, seq: int) -> list[Run]:
    """Return the runs of one device's journal that end in this fact, the latest first."""
    before = _continued(connection)
    runs: list[Run] = []
    seen: set[str] = set()
    while stream not in seen:  # a chain of another's making may bite its own tail
        seen.add(stream)
        is_version = VERSION_MARK in stream
        first = 1 + (_forks_from(stream, before)[1] if is_version else 0)
        runs.append(Run(stream, first, seq))
        if stream not in before:
            break
        _, stream, seq = before[stream]
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

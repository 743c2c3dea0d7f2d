"""What a journal that was put back has to remember until it is made good.

The mark outside the database (`journal.high_water`) tells at a start that there had been more. The
next mark overwrites it, so what it told is kept here: which facts of which stream lack, and which
numbers stood on papers of which nothing is known any more. Most of it comes back from the county or
a sibling. What nobody holds must be entered again, from the slips that bear these numbers.

Acts that ask others to act (send money, place an order) and were not confirmed when the journal was
put back may have left, and been taken back, in the part that is lost. They leave only after the
operator has looked at each.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from station_app.journal.log import Connection

_LOST, _DOUBTED = "put_back_lost", "put_back_doubted"
KEPT_MAX = 20  # restorations of one PC that are remembered; a drawer of old disks has fewer


class Numbers(msgspec.Struct, frozen=True, array_like=True):
    """Numbers of a series that stand on papers, both included: ("slip", 128, 131)."""

    series: str
    first: int
    last: int


class Lost(msgspec.Struct, frozen=True):
    """What a mark knew of and the journal did not hold.

    stream, seq, identity: the last fact it knew of; facts: how many lacked in all; numbers: that
    had been given; at: when it was found, UTC ms.
    """

    stream: str
    seq: int
    identity: str
    facts: int
    numbers: tuple[Numbers, ...]
    at: int


@dataclass(frozen=True, slots=True)
class Lacking:
    """What is still lost now. first, last: seqs of the stream that nobody has given back."""

    lost: Lost
    first: int
    last: int

    @property
    def facts(self) -> int:
        """Return how many facts of that stream lack."""
        return self.last - self.first + 1


@dataclass(frozen=True, slots=True)
class Doubted:
    """An asking act that waits for the operator. at: of its first fact; kind: what it asks."""

    stream: str
    act: str
    at: int
    kind: str


def numbers_given(connection: Connection, series: Mapping[str, int]) -> tuple[Numbers, ...]:
    """Return the numbers that were given beyond what this journal knows.

    series: the next number of each that is behind, as the mark has it; before they are moved on.
    """
    here = dict(connection.execute("SELECT name, next FROM series").fetchall())
    return tuple(
        Numbers(name, here.get(name, 1), next_ - 1) for name, next_ in sorted(series.items())
    )


def remember(connection: Connection, lost: Lost, *, place: str, asking: Iterable[str]) -> None:
    """Keep what a start has found out; inside a transaction.

    place: of this PC, "NX0601/D1"; asking: the kinds of facts that ask others to act.
    """
    kept = [one for one in _lost(connection) if (one.stream, one.seq) != (lost.stream, lost.seq)]
    _put(connection, _LOST, msgspec.json.encode([*kept, lost][-KEPT_MAX:]))
    doubted = {*_doubted(connection), *_unconfirmed(connection, f"{place}/", asking)}
    _put(connection, _DOUBTED, msgspec.json.encode(sorted(doubted)))


def lacking(connection: Connection) -> list[Lacking]:
    """Return what is still lost: a fact that came back ends its entry."""
    found = []
    for lost in _lost(connection):
        row = connection.execute(
            "SELECT coalesce(max(seq), 0) FROM facts WHERE stream = ? AND seq <= ?",
            (lost.stream, lost.seq),
        ).fetchone()
        if row[0] < lost.seq:
            found.append(Lacking(lost, row[0] + 1, lost.seq))
    return found


def entered_again(connection: Connection, lost: Lost) -> None:
    """The operator has entered again what could be found; inside a transaction."""
    rest = [one for one in _lost(connection) if one != lost]
    _put(connection, _LOST, msgspec.json.encode(rest))


def doubted(connection: Connection) -> list[Doubted]:
    """Return the asking acts that wait for the operator; those the county holds do not."""
    waiting = []
    for stream, act in _doubted(connection):
        row = connection.execute(
            "SELECT min(f.seq), min(f.at), min(f.kind) FROM facts f "
            "WHERE f.stream = ? AND f.act = ? "
            "AND f.seq > coalesce((SELECT max(a.seq) FROM acknowledged a WHERE a.stream = f.stream "
            "AND a.county_epoch = (SELECT max(county_epoch) FROM acknowledged)), 0)",
            (stream, act),
        ).fetchone()
        if row[0] is not None:
            waiting.append(Doubted(stream, act, row[1], row[2]))
    return waiting


def confirm(connection: Connection, stream: str, act: str) -> None:
    """The operator has looked: this act may leave; inside a transaction."""
    rest = [pair for pair in _doubted(connection) if pair != (stream, act)]
    _put(connection, _DOUBTED, msgspec.json.encode(rest))


def _unconfirmed(connection: Connection, own: str, asking: Iterable[str]) -> list[tuple[str, str]]:
    """Return this PC's asking acts that no receipt of the present county epoch covers."""
    kinds = sorted(asking)
    marks = ", ".join("?" * len(kinds))
    rows = connection.execute(
        "SELECT DISTINCT f.stream, f.act FROM facts f "  # noqa: S608 - only question marks
        f"WHERE substr(f.stream, 1, ?) = ? AND f.kind IN ({marks}) "
        "AND f.seq > coalesce((SELECT max(a.seq) FROM acknowledged a WHERE a.stream = f.stream "
        "AND a.county_epoch = (SELECT max(county_epoch) FROM acknowledged)), 0) "
        "AND NOT EXISTS (SELECT 1 FROM reversals r WHERE r.stream = f.stream AND r.act = f.act)",
        (len(own), own, *kinds),
    ).fetchall()
    return [(str(row[0]), str(row[1])) for row in rows]


def _lost(connection: Connection) -> Sequence[Lost]:
    found: list[Lost] = _get(connection, _LOST, list[Lost])
    return found


def _doubted(connection: Connection) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = _get(connection, _DOUBTED, list[tuple[str, str]])
    return found


def _get(connection: Connection, name: str, sort: Any) -> Any:
    row = connection.execute("SELECT value FROM local WHERE name = ?", (name,)).fetchone()
    return msgspec.json.decode(row[0], type=sort) if row else []


def _put(connection: Connection, name: str, content: bytes) -> None:
    connection.execute(
        "INSERT OR REPLACE INTO local(name, value) VALUES (?, ?)", (name, content.decode("utf-8"))
    )

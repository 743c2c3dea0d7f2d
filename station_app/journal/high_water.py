"""The high-water mark: a note outside the database of how far it had come.

A journal that was put back from an old copy is whole, sound and wrong: nothing in it says that
more had been written. This file does. At the start its mark is compared with the journal; what is
missing is told to the operator, and the numbers for paper go on from where they were, so that no
two papers bear the same one. The mark may be kept twice (the second copy in the key store, which
a copied data folder does not carry along); the higher one counts.

It may lag behind the journal by the acts since the last writing, never run ahead of it: it is
written after a commit.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from station_app.journal.log import Connection
from station_app.journal.replaced_file import replace_file

FILE_NAME = "high-water.json"
FILE_BYTES_MAX = 256 * 1024  # some hundred series and blocks; anything longer is not ours
_CHECK_CHARACTERS = 16


class Mark(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How far this device's own journal reaches.

    place: "NX0601/D1"; stream, seq, identity: its last fact, `seq` = 0 before the first;
    facts: how many it holds of its own, over all its streams; series: next number of each series.
    """

    place: str
    stream: str = ""
    seq: int = 0
    identity: str = ""
    facts: int = 0
    series: Mapping[str, int] = msgspec.field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Fine:
    """The journal holds everything that the mark knows of."""


@dataclass(frozen=True, slots=True)
class Absent:
    """There is no mark to compare with. is_unreadable: a file is there, but damaged."""

    is_unreadable: bool = False


@dataclass(frozen=True, slots=True)
class PutBack:
    """The journal had been further than it is.

    missing: facts of our own that are not here any more, 0 if only numbers are behind; stream,
    seq: the last fact that was known; series: the next free number of each series that is behind.
    """

    missing: int
    stream: str
    seq: int
    series: Mapping[str, int] = field(default_factory=dict)


Finding = Fine | Absent | PutBack


def mark_of(connection: Connection, place: str, stream: str) -> Mark:
    """Return the mark of the journal as it is, `stream` being the live one of this start.

    Before its first fact the mark names the last fact of the device's former streams.
    """
    own = f"{place}/"
    facts = connection.execute(
        "SELECT coalesce(sum(length), 0) FROM streams WHERE substr(stream, 1, ?) = ?",
        (len(own), own),
    ).fetchone()[0]
    last = connection.execute(
        "SELECT stream, length, head FROM streams WHERE stream = ?", (stream,)
    ).fetchone()
    if last is None:
        last = connection.execute(
            "SELECT s.stream, s.length, s.head FROM local l JOIN streams s ON s.head = l.value "
            "WHERE l.name = 'last_identity'"
        ).fetchone()
    series = dict(connection.execute("SELECT name, next FROM series ORDER BY name").fetchall())
    name, seq, identity = last or ("", 0, "")
    return Mark(place, name, seq, identity, facts, series)


def compare(connection: Connection, mark: Mark | None) -> Finding:
    """Compare the journal with a mark that was read before this start wrote anything."""
    if mark is None:
        return Absent()
    row = connection.execute(
        "SELECT identity FROM facts WHERE stream = ? AND seq = ?", (mark.stream, mark.seq)
    ).fetchone()
    series = _behind(connection, mark)
    if mark.seq == 0 or (row is not None and row[0] == mark.identity):
        return PutBack(0, mark.stream, mark.seq, series) if series else Fine()
    held = mark_of(connection, mark.place, "").facts
    return PutBack(max(mark.facts - held, 1), mark.stream, mark.seq, series)


def _behind(connection: Connection, mark: Mark) -> dict[str, int]:
    """Return the series whose numbers were given out further than the journal knows."""
    here = dict(connection.execute("SELECT name, next FROM series").fetchall())
    return {name: next_ for name, next_ in mark.series.items() if here.get(name, 1) < next_}


def skip_numbers(connection: Connection, series: Mapping[str, int]) -> None:
    """Let the series go on behind the numbers given out before; inside a transaction."""
    connection.executemany(
        "INSERT INTO series(name, next) VALUES (?, ?) "
        "ON CONFLICT(name) DO UPDATE SET next = max(next, excluded.next)",
        sorted(series.items()),
    )


def higher(first: Mark | None, second: Mark | None) -> Mark | None:
    """Return the mark that had come further, of two copies of one device's mark."""
    if first is None or second is None:
        return first or second
    leading, other = (first, second) if first.facts >= second.facts else (second, first)
    names = sorted({*first.series, *second.series})
    series = {n: max(first.series.get(n, 1), second.series.get(n, 1)) for n in names}
    return msgspec.structs.replace(leading, series=series, facts=max(leading.facts, other.facts))


def to_bytes(mark: Mark) -> bytes:
    """Return a mark as one line of JSON and a line with its check."""
    line = msgspec.json.encode(mark, order="sorted")
    return line + b"\n" + _check(line) + b"\n"


def from_bytes(data: bytes) -> Mark | None:
    """Return the mark that was written so, or None if a byte of it is wrong."""
    line, _, check = data.partition(b"\n")
    if len(data) > FILE_BYTES_MAX or check != _check(line) + b"\n":
        return None
    try:
        return msgspec.json.decode(line, type=Mark)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None


def _check(line: bytes) -> bytes:
    return hashlib.blake2b(line, digest_size=32).hexdigest()[:_CHECK_CHARACTERS].encode("ascii")


def read(folder: Path) -> Mark | Absent:
    """Read the mark of a data folder."""
    try:
        with (folder / FILE_NAME).open("rb") as file:
            data = file.read(FILE_BYTES_MAX + 1)
    except FileNotFoundError:
        return Absent()
    except OSError:
        return Absent(is_unreadable=True)
    return from_bytes(data) or Absent(is_unreadable=True)


def write(folder: Path, mark: Mark) -> None:
    """Replace the mark of a data folder; after a power cut the old or the new one is there.

    Raises OSError when the disk refuses: the journal itself is not touched by that.
    """
    replace_file(folder / FILE_NAME, to_bytes(mark))

"""Erasures that are still watched over: their tags, and which facts were compared with them.

A label that another PC wrote before she was erased may come weeks later. The tags of an erasure
are kept for a while (`station_app.retention` lets them go); which facts were compared already is
a note of this PC alone: a restored one may say less, then a fact is compared once more.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from station_app.journal.fact import Told
from station_app.journal.kinds import ErasureWatched
from station_app.journal.log import Connection, FactLog
from station_app.journal.vocabulary import Unreadable, Vocabulary


@dataclass(frozen=True, slots=True)
class Watch:
    """An erasure whose tags are here. told: the fact that holds them."""

    told: Told

    @property
    def identity(self) -> str:
        """Return which fact it is."""
        return self.told.identity

    def is_after(self, told: Told) -> bool:
        """Tell whether a fact was said before she was erased.

        In one stream the order tells; between PCs the day of business, and on one day the clocks.
        """
        if told.kept_as == self.told.kept_as:
            return told.seq < self.told.seq
        return (told.body.day, told.at) <= (self.told.body.day, self.told.at)


def living(connection: Connection, vocabulary: Vocabulary) -> list[Watch]:
    """Return the erasures that are watched over, by identity. It begins with the private parts."""
    rows = connection.execute(
        "SELECT f.identity FROM privates p CROSS JOIN facts f ON f.identity = p.identity "
        "WHERE f.kind = ? ORDER BY f.identity",
        (ErasureWatched.KIND,),
    ).fetchall()
    found = (_read(connection, identity, vocabulary) for (identity,) in rows)
    return [Watch(told) for told in found if told is not None]


def not_compared(
    connection: Connection, watch: Watch, kinds: Iterable[str], vocabulary: Vocabulary
) -> Iterator[Told]:
    """Yield facts of some kinds that have a private part and were not compared with it yet."""
    rows = connection.execute(
        "SELECT f.identity FROM privates p CROSS JOIN facts f ON f.identity = p.identity "
        "WHERE f.kind IN (SELECT value FROM json_each(?)) AND NOT EXISTS "
        "(SELECT 1 FROM compared c WHERE c.watch = ? AND c.fact = f.identity) ORDER BY f.identity",
        (json.dumps(sorted(kinds)), watch.identity),
    ).fetchall()
    for (identity,) in rows:
        told = _read(connection, identity, vocabulary)
        if told is not None:
            yield told


def note_compared(connection: Connection, compared: Iterable[tuple[str, str]]) -> None:
    """Note that facts were compared; forget the notes of erasures whose tags are gone."""
    connection.executemany("INSERT OR IGNORE INTO compared(watch, fact) VALUES (?, ?)", compared)
    connection.execute("DELETE FROM compared WHERE watch NOT IN (SELECT identity FROM privates)")


def _read(connection: Connection, identity: str, vocabulary: Vocabulary) -> Told | None:
    """Return a fact whose private part is here, None for one that cannot be read (yet)."""
    fact = FactLog(connection).by_identity(identity)
    try:
        told = vocabulary.read(fact) if fact is not None else None
    except Unreadable:
        return None
    return told if told is not None and told.private is not None else None

"""What this station's journal holds, as places that frames may name instead of bringing a hash."""

import json
from collections.abc import Callable, Collection, Mapping, Sequence

from station_app.journal.fact import said_as
from station_app.journal.log import Connection
from station_app.sync.places import Place, by_stream, pieces
from station_app.sync.segment import author_of


class HeldHere:
    """The `Places` of a station's database, as far as the county holds them, too."""

    def __init__(self, connection: Connection, own: str, marks: Callable[[], dict[str, int]]):
        """Read from `connection`.

        own: whose PC this is ("NX0601/D1"): of its own facts the county holds those up to the marks
        of its receipts; all others have come from the county.
        """
        self._connection = connection
        self._own = own
        self._marks = marks

    def find(self, identities: Collection[str]) -> Mapping[str, Place]:
        """Return the places of those of these facts that the county holds, too."""
        marks, forked = self._marks(), self._forked()
        found: dict[str, Place] = {}
        for some in pieces(sorted(identities)):
            rows = self._connection.execute(
                "SELECT identity, stream, seq FROM facts "
                "WHERE identity IN (SELECT value FROM json_each(?))",
                (json.dumps(some),),
            ).fetchall()
            for identity, stream, seq in rows:
                if said_as(stream) in forked:
                    continue  # what stands there is not the same on both ends
                if author_of(stream) != self._own or seq <= marks.get(stream, 0):
                    found[identity] = (stream, seq)
        return found

    def _forked(self) -> set[str]:
        rows = self._connection.execute("SELECT stream FROM streams WHERE stream GLOB '*~*'")
        return {said_as(row[0]) for row in rows.fetchall()}

    def identities(self, places: Sequence[Place]) -> Sequence[str]:
        """Return which facts stand at these places, "" for what is not held here."""
        found: dict[Place, str] = {}
        for stream, some in by_stream(places):
            rows = self._connection.execute(
                "SELECT seq, identity FROM facts "
                "WHERE stream = ? AND seq IN (SELECT value FROM json_each(?))",
                (stream, json.dumps(some)),
            ).fetchall()
            found.update({(stream, seq): identity for seq, identity in rows})
        return [found.get(place, "") for place in places]


def named_numbers(connection: Connection, name: str) -> list[int]:
    """Return the numbers that the county has named, of dictionaries or formats."""
    row = connection.execute("SELECT value FROM local WHERE name = ?", (name,)).fetchone()
    return [int(number) for number in row[0].split()] if row else []

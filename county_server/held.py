"""What the county holds for one station, as places that frames may name instead of a hash."""

from collections.abc import Collection, Mapping, Sequence

from county_server.journal import CountyJournal
from county_server.schema import EVERYWHERE, home_of
from county_server.store import Store
from station_app.sync.places import Place, by_stream, pieces


class HeldThere:
    """The `Places` of the county's journal for the frames of one station."""

    def __init__(self, store: Store, station: str) -> None:
        """Read what is committed, folded or not, and only when a frame names something."""
        self._store = store
        self._station = station

    def find(self, identities: Collection[str]) -> Mapping[str, Place]:
        """Return none: what the county may name to a device is `HeldByDevice`."""
        return {}

    def identities(self, places: Sequence[Place]) -> Sequence[str]:
        """Return which facts stand at these places, "" for what is not theirs to see."""
        found: dict[Place, str] = {}
        with self._store.read(behind=True) as connection:
            journal = CountyJournal(self._store, connection)
            for stream, some in by_stream(places):
                if home_of(stream) in (self._station, EVERYWHERE):
                    for seq, identity in journal.identities_at(stream, some):
                        found[stream, seq] = identity
        return [found.get(place, "") for place in places]


class HeldByDevice:
    """The `Places` that frames to a device may name: what it has said that it holds."""

    def __init__(self, journal: CountyJournal, station: str, named: Mapping[str, int]) -> None:
        """Read from `journal`. named: how far the device holds streams, by its own word."""
        self._journal = journal
        self._station = station
        self._named = named

    def find(self, identities: Collection[str]) -> Mapping[str, Place]:
        """Return the places of those of these facts that the device has said it holds."""
        found: dict[str, Place] = {}
        for some in pieces(sorted(identities)) if self._named else ():
            for identity, stream, seq in self._journal.places_of(some, self._station):
                if seq <= self._named.get(stream, 0):
                    found[identity] = (stream, seq)
        return found

    def identities(self, places: Sequence[Place]) -> Sequence[str]:
        """Return none: the county reads no frames of its own."""
        return [""] * len(places)

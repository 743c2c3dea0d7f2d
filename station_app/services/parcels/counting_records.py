"""What a stocktake reads: the counts so far, the books of a layer, and what a scan may be."""

from collections.abc import Sequence
from dataclasses import dataclass

from station_app.journal.log import Connection
from station_app.reference import records as reference
from station_app.services.parcels import records
from station_app.services.parcels.commands import CountLayer, FindParcel, LoseParcel
from station_app.services.parcels.counting import Counting, Finding
from station_app.services.parcels.gathering import Gatherer
from station_app.services.parcels.places import Layer
from station_app.services.parcels.visits import Parcel
from station_app.values.now import Now


@dataclass(frozen=True, slots=True)
class CountRow:
    """The latest count of a layer; see `facts.LayerCounted`."""

    layer: Layer
    expected: int
    found: int
    misplaced: int
    gone: int
    unknown: int
    day: str

    @property
    def is_even(self) -> bool:
        """Tell whether the shelf and the books were the same."""
        return self.found == self.expected and not (self.misplaced or self.gone or self.unknown)


def layer_counts(connection: Connection) -> dict[Layer, CountRow]:
    """Return the latest count of every layer that was ever counted."""
    rows = connection.execute(
        "SELECT shelf, layer, expected, found, misplaced, gone, unknown, day FROM layer_counts"
    ).fetchall()
    found = [CountRow(Layer(shelf, layer), *rest) for shelf, layer, *rest in rows]
    return {row.layer: row for row in found}


class CountingGatherer:
    """Reads what each command of a stocktake needs."""

    def __init__(self, gatherer: Gatherer) -> None:
        """Look for free codes as `gatherer` does."""
        self._gatherer = gatherer

    def counting(self, connection: Connection, command: CountLayer, now: Now) -> Counting:
        """Return the books of a layer, and what is known of each parcel that was scanned."""
        layer = Layer(command.shelf, command.layer)
        here = [row.parcel for row in records.on_layer(connection, layer)]
        seen = [records.root_of(connection, parcel) for parcel in command.seen]
        return Counting(
            room=records.room(connection, reference.station(connection, now.station)),
            expected=_states(connection, here),
            seen=_states(connection, seen),
        )

    def losing(self, connection: Connection, command: LoseParcel, _now: Now) -> Parcel | None:
        """Return the parcel that cannot be found."""
        return records.parcel_state(connection, command.parcel)

    def finding(self, connection: Connection, command: FindParcel, now: Now) -> Finding:
        """Return what decides whether a lost parcel stands here again."""
        layer = Layer(command.shelf, command.layer)
        parcel = records.parcel_state(connection, command.parcel)
        return Finding(
            parcel=parcel,
            room=records.room(connection, reference.station(connection, now.station)),
            taken=records.taken(connection, layer, now.day),
            start=self._gatherer.start,
            made_of=self._gatherer.made_of(connection, parcel, now),
        )


def _states(connection: Connection, parcels: Sequence[str]) -> list[tuple[str, Parcel]]:
    found = [(one, records.parcel_state(connection, one)) for one in dict.fromkeys(parcels)]
    return [(parcel, state) for parcel, state in found if state is not None]

"""The shelves of the station as somebody counted them: the county only guesses from its office.

Pickup codes name shelf and layer, so the shelves are counted before the first label is printed.
"""

import msgspec

from station_app.journal.fact import Saying, Told, station_of
from station_app.journal.projection import Columns, EntityKind
from station_app.services.parcels.commands import ArrangeShelves
from station_app.services.parcels.facts import ShelvesArranged
from station_app.services.parcels.places import LAYERS_MAX, Layer, Room, shelf_name
from station_app.values.now import Now
from station_app.values.refusal import Refusal

SHELVES_MAX = 26  # A to Z: more would not fit into a village station
PLACES_MAX = 99  # on one layer: two digits of a pickup code


class Shelves(msgspec.Struct, frozen=True, kw_only=True):
    """How many shelves there are, layers on each, parcels on a layer."""

    station: str
    shelves: int
    layers: int
    places: int
    since: str


def fold_shelves(_state: Shelves | None, told: Told) -> Shelves:
    """Take the newer count whole."""
    body: ShelvesArranged = told.body
    return Shelves(
        station=station_of(told.stream),
        shelves=body.shelves,
        layers=body.layers,
        places=body.places,
        since=body.day,
    )


SHELVES = EntityKind(
    name="shelves",
    state=Shelves,
    facts=(ShelvesArranged,),
    fold=fold_shelves,
    natural_key={ShelvesArranged: lambda told: station_of(told.stream)},
    columns=Columns(
        table="shelves_arranged",
        fields=(
            ("station", "TEXT"),
            ("shelves", "INTEGER"),
            ("layers", "INTEGER"),
            ("places", "INTEGER"),
        ),
        row=lambda s: (s.station, s.shelves, s.layers, s.places),
        indexes=(("station",),),
    ),
)


def arrange_shelves(room: Room, command: ArrangeShelves, now: Now) -> tuple[Saying, ...] | Refusal:
    """Say how the shelves are; what parcels stand on stays. room: as it is known so far."""
    limits = (
        (command.shelves, SHELVES_MAX),
        (command.layers, LAYERS_MAX),
        (command.places, PLACES_MAX),
    )
    for count, most in limits:
        if not 1 <= count <= most:
            return Refusal("parcels.SHELVES_OUT_OF_RANGE", {"most": most})
    last = Layer(shelf_name(command.shelves - 1), command.layers)
    for layer, count in sorted(room.counts.items()):
        beyond = (len(layer.shelf), layer.shelf) > (len(last.shelf), last.shelf)
        if count and (beyond or layer.number > last.number):
            return Refusal(
                "parcels.SHELF_IN_USE",
                {"shelf": layer.shelf, "layer": layer.number, "count": count},
            )
    body = ShelvesArranged(
        shelves=command.shelves, layers=command.layers, places=command.places, day=now.day
    )
    return (Saying(body),)

"""A stopped lot upwards and downwards: who grew it, where it went, and that the grams add up."""

from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from county_server.desks.hub.station_lots import StationLot
from county_server.store import Store
from county_server.trace.story import Kin, kin_of, made_of_it, name_of
from station_app.services.sales.rules import SALE
from station_app.values.masks import mask_name

# Where grams or pieces of a lot may be, in the order of their way; each is locked or gone.
PLACES = (
    "counter", "online", "on_shelf", "in_transit", "at_hub", "drawn", "unpacked", "sampled",
    "spoiled", "returned", "difference",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """Where a lot came from and went. growers: (masked name, how much); slips: still out.

    places: (which, how much), only where something is.
    """

    lot: StationLot
    growers: tuple[tuple[str, int], ...]
    made_of: tuple[Kin, ...]
    made_into: tuple[Kin, ...]
    slips: int
    places: tuple[tuple[str, int], ...]

    @property
    def unsaid(self) -> int:
        """Return how much of it nobody has said where it is: 0 where the grams add up."""
        return self.lot.state.quantity - sum(quantity for _, quantity in self.places)


def read_whereabouts(store: Store, connection: Connection, one: StationLot) -> Whereabouts:
    """Return where a lot came from and went."""
    state, station = one.state, one.station
    sales = store.tables.read[SALE.name].c
    count, counter = connection.execute(
        select(
            func.count(), func.coalesce(func.sum(sales.quantity - sales.back_quantity), 0)
        ).where(
            sales.station == station, sales.lot == one.lot, sales.quantity > sales.back_quantity
        )
    ).one()
    lies = {
        "counter": int(counter), "online": state.sold - int(counter), "on_shelf": state.on_shelf,
        "in_transit": state.in_transit, "at_hub": state.at_hub,
        "drawn": state.drawn - state.unpacked, "unpacked": state.unpacked,
        "sampled": state.sampled, "spoiled": state.spoiled, "returned": state.returned,
        "difference": state.difference,
    }  # fmt: skip
    grown: dict[str, int] = {}
    for share in state.shares:
        grown[share.person] = grown.get(share.person, 0) + share.quantity
    if state.seller:
        grown[state.seller] = state.quantity
    named = ((name_of(store, connection, station, one), much) for one, much in grown.items())
    return Whereabouts(
        lot=one,
        growers=tuple((mask_name(name) if name else "", much) for name, much in named),
        made_of=kin_of(store, connection, station, [part.lot for part in state.parts]),
        made_into=kin_of(
            store, connection, station, made_of_it(store, connection, station, one.lot)
        ),
        slips=int(count),
        places=tuple((place, lies[place]) for place in PLACES if lies[place]),
    )

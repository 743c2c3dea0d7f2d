"""What the hub's pages and the public page ask of the database, on SQLite and on PostgreSQL."""

from pathlib import Path

import pytest

from county_server.desks.hub import prices, sealed, sold, unpacking
from county_server.desks.hub.station_lots import StationLot, states_of
from county_server.desks.hub.whereabouts import read_whereabouts
from county_server.trace.looks import Looks, Seen
from county_server.trace.story import read_story
from station_app.services.consignment.lots import LOT
from tests.county_server.hub_story import CODE, grower, lot
from tests.county_server.order_story import OrderTill
from tests.postgres import ON_BOTH_STORES, Cluster
from tests.sync.stand import STATION, SetClock, converse, direct, enrolled_pc, new_county


@pytest.mark.long  # a PostgreSQL of its own; the suite asks SQLite through the pages
@ON_BOTH_STORES
def test_either_store_answers_what_the_hub_asks(tmp_path: Path, store_in: Cluster | None) -> None:
    county = new_county(tmp_path / "county", SetClock(), cluster=store_in)
    pc = enrolled_pc(county, tmp_path / "d1", SetClock())
    till, store = OrderTill(pc), county.store
    lot(till, grower(till))
    converse(pc, direct(county))
    with store.read() as connection:
        assert prices.read_sorts(store, connection, "2026-01-01") == {"10018": "gram"}
        assert prices.read_deals(store, connection, "10018", "2026-01-01") == []
        assert prices.read_listed(store, connection, "10018", "2026-01-01").steps == []
        assert sold.read_sold(store, connection, 0) == []
        assert sealed.read_samples(store, connection) == []
        wanted = store.tables.read[LOT.name].c.code == CODE
        ((station, one, state),) = states_of(store, connection, wanted)
        where = read_whereabouts(store, connection, StationLot(station, one, state))
        assert (where.unsaid, where.places) == (0, (("on_shelf", 20_000),))
        assert unpacking.read_done(store, connection, station, one).packs == ()
        story = read_story(store, connection, CODE, "2026-01-01")
        assert story is not None
        assert story.home == STATION
    looks = Looks(store)
    for at, written in ((1_000, 100_000), (500, 200_000)):
        looks.note(STATION, CODE, at)
        looks.write_down(written)
    with store.read() as connection:
        assert Looks(store).seen(connection, STATION, CODE) == Seen(2, 500)
    pc.close()
    county.close()

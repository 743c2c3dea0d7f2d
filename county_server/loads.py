"""A township's loads are announced to its villages (乡镇发村): bag, seal, and what is in it.

A load that came up is told to its village as soon as it is committed, by the county's own pen, once
for every bag. A village that hears of it too late counts the bag by its tag and by the list on
paper. Nobody announces anything to a station that is not below her own.
"""

from collections.abc import Sequence

import msgspec
from sqlalchemy import select

from county_server.county import County
from county_server.desks.pen import Refused, writing
from county_server.schema import STATION
from station_app.journal.fact import Fact, Saying, station_of
from station_app.journal.series import printed_number
from station_app.services.parcels.facts import BagAnnounced, ListedPiece
from station_app.services.parcels.load_facts import VillageLoadLeft

BY = "county"


def loads_in(facts: Sequence[Fact]) -> list[Fact]:
    """Return the loads for villages among facts."""
    return [fact for fact in facts if fact.kind == VillageLoadLeft.KIND]


def announce(county: County, loads: Sequence[Fact]) -> None:
    """Tell each village what is on its way; what it was told already is not said again."""
    for fact in loads:
        said = msgspec.json.decode(fact.body, type=VillageLoadLeft)
        manifest = printed_number(said.number, fact.stream)
        if not _is_below(county, said.station, station_of(fact.stream)):
            continue
        body = BagAnnounced(
            code=said.code,
            manifest=manifest,
            station=said.station,
            seal=said.seal,
            pieces=tuple(
                ListedPiece(courier=one.courier, waybill=one.waybill, state="seen")
                for one in said.pieces
            ),
            day=said.day,
        )
        try:
            with writing(county, said.station, by=BY, now=county.clock.now_ms()) as pen:
                bags = county.store.tables.read["announced_bag"]
                known = pen.connection.execute(
                    select(bags.c.entity).where(
                        bags.c[STATION] == said.station,
                        bags.c.code == said.code,
                        bags.c.manifest == manifest,
                    )
                ).first()
                if known is None:
                    pen.say([Saying(body)])
        except Refused:
            continue  # a county that was put back says nothing for now: the paper says it


def _is_below(county: County, village: str, township: str) -> bool:
    stations = county.store.tables.read["station"]
    with county.store.read() as connection:
        row = connection.execute(
            select(stations.c.parent).where(stations.c.code == village)
        ).first()
    return row is not None and row[0] == township

"""A township's loads are announced to its villages (乡镇发村): bag, seal, and what is in it.

A load that came up is told to its village as soon as it is committed, by the county's own pen, once
for every bag. A row of `untold_loads` is written in the transaction that takes the load and taken
away in the one that announces it, so a county that is killed between the two says it when it is
back: at the next contact, or when nobody is at the door. A village that hears of it too late counts
the bag by its tag and by the list on paper. Nobody announces anything to a station that is not
below her own, and a load that does not stand (taken back, or of a PC that was cut off) is nobody's.
"""

from collections.abc import Sequence

import msgspec
from sqlalchemy import Connection, delete, select

from county_server.asking import ask
from county_server.county import County
from county_server.desks.pen import Refused, writing
from county_server.journal import CountyJournal
from county_server.schema import STATION, home_of
from county_server.store import Store
from station_app.journal.fact import Fact, Saying, station_of
from station_app.journal.series import printed_number
from station_app.services.parcels.facts import BagAnnounced, ListedPiece
from station_app.services.parcels.load_facts import VillageLoadLeft

BY = "county"


def note_loads(store: Store, connection: Connection, facts: Sequence[Fact]) -> None:
    """Write down which of these facts are loads that their villages are to hear of."""
    rows = [
        {
            "station": home_of(fact.stream),
            "identity": fact.identity,
            "stream": fact.stream,
            "seq": fact.seq,
        }
        for fact in facts
        if fact.kind == VillageLoadLeft.KIND
    ]
    if rows:
        connection.execute(store.upsert(store.tables.untold_loads, keeps=True), rows)


def announce_what_waits(county: County) -> bool:
    """Tell each village what is on its way; False when nothing could be said.

    What cannot be said for now waits, and holds up no other.
    """
    with county.store.read(behind=True) as connection:
        waiting = ask(connection, county.store.questions.untold_loads)
    said = [_announce(county, identity, stream, seq) for identity, stream, seq in waiting]
    return any(said)


def _announce(county: County, identity: str, stream: str, seq: int) -> bool:
    """Tell a village of one load; whether it was the county's turn, and is done with."""
    with county.store.read(behind=True) as connection:
        (fact,) = CountyJournal(county.store, connection).run(stream, seq, seq)
    load = msgspec.json.decode(fact.body, type=VillageLoadLeft)
    township, village = station_of(stream), load.station
    manifest = printed_number(load.number, stream)
    tables = county.store.tables
    untold, bags = tables.untold_loads, tables.read["announced_bag"]
    lists, stations = tables.read["manifest"], tables.read["station"]
    try:
        with writing(county, village, by=BY, now=county.clock.now_ms()) as pen:
            ask_for = pen.connection.execute
            mine = (untold.c.station == township) & (untold.c.identity == identity)
            if ask_for(delete(untold).where(mine)).rowcount == 0:
                return False  # another process was quicker
            parent = ask_for(select(stations.c.parent).where(stations.c.code == village)).first()
            stands = ask_for(
                select(lists.c.entity).where(
                    lists.c[STATION] == township, lists.c.entity == identity
                )
            ).first()
            known = ask_for(
                select(bags.c.entity).where(
                    bags.c[STATION] == village,
                    bags.c.code == load.code,
                    bags.c.manifest == manifest,
                )
            ).first()
            if parent is not None and parent[0] == township and stands and not known:
                pen.say([Saying(_announced(load, manifest))])
    except Refused:
        return False
    return True


def _announced(load: VillageLoadLeft, manifest: str) -> BagAnnounced:
    return BagAnnounced(
        code=load.code,
        manifest=manifest,
        station=load.station,
        seal=load.seal,
        pieces=tuple(
            ListedPiece(courier=one.courier, waybill=one.waybill, state="seen")
            for one in load.pieces
        ),
        day=load.day,
    )

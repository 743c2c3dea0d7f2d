"""A township's load comes up, and its village hears of the bag, once; nobody else does."""

from pathlib import Path

import msgspec

from county_server.loads import announce, loads_in
from county_server.scribe import EVERYBODY, Scribe
from station_app.journal.fact import Saying
from station_app.reference.facts import StationDescribed
from station_app.services.parcels.load_facts import LoadedPiece, VillageLoadLeft
from tests.county_server.finance_story import county_facts
from tests.sync.stand import (
    DAY,
    STATION,
    SetClock,
    converse,
    direct,
    enrolled_pc,
    new_county,
)

VILLAGE, STRANGER = "NX0602", "NX0101"


def described(code: str, level: str, parent: str) -> Saying:
    return Saying(
        StationDescribed(
            code=code, name=code, level=level, parent=parent, township="赤眉镇", village="",
            status="active", shelves=4, layers=4, places=30, day=DAY,
        )
    )  # fmt: skip


def load(station: str, code: str = "VB1") -> Saying:
    pieces = (LoadedPiece(courier="ZTO", waybill="73000000000017", bag=""),)
    body = VillageLoadLeft(
        number=7, station=station, code=code, seal="0077", pieces=pieces, day=DAY
    )
    return Saying(body)


def test_a_load_is_announced_to_its_village_once(tmp_path: Path) -> None:
    clock = SetClock()
    county = new_county(tmp_path / "county", clock)
    with county.store.write() as connection:
        scribe = Scribe(county.store, connection, county.keys, county.chance)
        places = [
            described(STATION, "township", "NX0000"),
            described(VILLAGE, "village", STATION),
            described(STRANGER, "village", "NX0000"),
        ]
        scribe.say(EVERYBODY, places, by="county", at=clock.now_ms())
        scribe.seal()
    pc = enrolled_pc(county, tmp_path / "pc", clock=clock)
    sent = pc.say(load(VILLAGE))
    pc.say(load(STRANGER, "VB2"))
    converse(pc, direct(county))
    (said,) = county_facts(county, "bag.announced", VILLAGE)
    body = msgspec.json.decode(said.body)
    assert (body["code"], body["seal"], body["station"]) == ("VB1", "0077", VILLAGE)
    assert [piece["waybill"] for piece in body["pieces"]] == ["73000000000017"]
    assert county_facts(county, "bag.announced", STRANGER) == [], "not below this township"
    announce(county, loads_in(sent.facts))
    assert len(county_facts(county, "bag.announced", VILLAGE)) == 1, "nothing is said twice"
    assert county_facts(county, "bag.announced", STATION) == [], "it is not for the township"
    pc.close()
    county.close()

"""A township's load comes up, and its village hears of the bag, once; nobody else does."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import msgspec
import pytest

from county_server import admission, intake
from county_server.admission import Admission
from county_server.county import County
from county_server.desks.pen import Pen, Refused
from county_server.loads import announce_what_waits
from county_server.scribe import EVERYBODY, Scribe
from county_server.verify import verify_county
from station_app.journal.fact import Saying
from station_app.reference.facts import StationDescribed
from station_app.services.parcels.load_facts import LoadedPiece, VillageLoadLeft
from tests.county_server.finance_story import county_facts
from tests.sync.stand import (
    DAY,
    STATION,
    Pc,
    SetClock,
    converse,
    direct,
    enrolled_pc,
    new_county,
    reopened_county,
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


@pytest.fixture
def county(tmp_path: Path) -> Iterator[County]:
    made = new_county(tmp_path / "county", SetClock())
    with made.store.write() as connection:
        scribe = Scribe(made.store, connection, made.keys, made.chance)
        places = [
            described(STATION, "township", "NX0000"),
            described(VILLAGE, "village", STATION),
            described(STRANGER, "village", "NX0000"),
        ]
        scribe.say(EVERYBODY, places, by="county", at=made.clock.now_ms())
        scribe.seal()
    yield made
    made.close()


@pytest.fixture
def pc(county: County, tmp_path: Path) -> Iterator[Pc]:
    made = enrolled_pc(county, tmp_path / "pc", clock=cast("SetClock", county.clock))
    yield made
    made.close()


def test_a_load_is_announced_to_its_village_once(county: County, pc: Pc) -> None:
    pc.say(load(VILLAGE))
    pc.say(load(STRANGER, "VB2"))
    converse(pc, direct(county))
    (said,) = county_facts(county, "bag.announced", VILLAGE)
    body = msgspec.json.decode(said.body)
    assert (body["code"], body["seal"], body["station"]) == ("VB1", "0077", VILLAGE)
    assert [piece["waybill"] for piece in body["pieces"]] == ["73000000000017"]
    assert county_facts(county, "bag.announced", STRANGER) == [], "not below this township"
    assert not announce_what_waits(county)
    assert len(county_facts(county, "bag.announced", VILLAGE)) == 1, "nothing is said twice"
    assert county_facts(county, "bag.announced", STATION) == [], "it is not for the township"


def test_a_load_that_came_up_before_the_county_was_killed_is_announced_once_it_is_back(
    county: County, pc: Pc, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The load was committed and acknowledged at the next contact; the village never heard."""
    pc.say(load(VILLAGE))

    def die(_county: County) -> bool:
        raise KeyboardInterrupt

    monkeypatch.setattr(intake, "announce_what_waits", die)
    with pytest.raises(KeyboardInterrupt):
        converse(pc, direct(county))
    monkeypatch.undo()
    county.close()
    again = reopened_county(tmp_path / "county", SetClock())
    with again.store.read(behind=True) as connection:
        kinds = connection.exec_driver_sql("SELECT kind FROM facts").all()
    assert VillageLoadLeft.KIND in {kind for (kind,) in kinds}, "it is in the books"
    assert county_facts(again, "bag.announced", VILLAGE) == []
    again.is_busy = True
    pc.restart()
    converse(pc, direct(again))
    assert county_facts(again, "bag.announced", VILLAGE) == [], "while many wait it is left"
    again.is_busy = False
    monkeypatch.setattr(admission, "QUIET_S", 0.0)
    monkeypatch.setattr(admission, "LOOK_EVERY_S", 0.01)
    asyncio.run(nobody_comes(again))
    assert len(county_facts(again, "bag.announced", VILLAGE)) == 1, "an idle county says it"
    assert verify_county(again).findings == ()
    again.close()


async def nobody_comes(county: County) -> None:
    async with Admission(county).open():
        await asyncio.sleep(0)
        for _ in range(40):
            await asyncio.sleep(0.01)
            if county_facts(county, "bag.announced", VILLAGE):
                return


def test_a_load_that_could_not_be_announced_waits_and_holds_up_no_other(
    county: County, pc: Pc, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused = Pen.say

    def say(pen: Pen, sayings: Any) -> Any:
        if sayings[0].body.code == "VB1":
            raise Refused("payments_stopped")
        return refused(pen, sayings)

    monkeypatch.setattr(Pen, "say", say)
    pc.say(load(VILLAGE))
    pc.say(load(VILLAGE, "VB2"))
    converse(pc, direct(county))
    assert len(county_facts(county, "bag.announced", VILLAGE)) == 1
    monkeypatch.undo()
    assert announce_what_waits(county)
    assert len(county_facts(county, "bag.announced", VILLAGE)) == 2


def test_a_load_that_was_taken_back_before_it_came_up_is_announced_to_nobody(
    county: County, pc: Pc
) -> None:
    done = pc.say(load(VILLAGE))
    act = done.facts[0].act
    pc.session.write(
        lambda r: r.undo(act, ticket="UNDONE0000000000", by="", at=pc.clock.at, day=DAY)
    )
    converse(pc, direct(county))
    assert county_facts(county, "bag.announced", VILLAGE) == []

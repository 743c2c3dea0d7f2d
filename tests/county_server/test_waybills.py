"""The desk of waybill numbers: who runs low, a block given, and what is never given twice."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from county_server.revoking import revocation
from county_server.scribe import EVERYBODY, Scribe
from county_server.verify import verify_county
from station_app.journal.fact import Saying
from station_app.services.sending import records
from station_app.services.sending.facts import SendingAccepted, WaybillsAsked
from tests.county_server.finance_story import (
    Office,
    county_facts,
    open_office,
    open_till,
    post,
    seen,
)
from tests.services.sending.desk import JOINT, demo_words
from tests.sync.stand import DAY, STATION, converse, direct, folded_here, folded_there

HERE = f"/waybills/{STATION}/D1"
BLOCK = {"courier": JOINT, "prefix": "NX0601", "first": "261123000001", "count": "50"}


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    made = open_office(tmp_path)
    county = made.county
    with county.store.write() as connection:
        scribe = Scribe(county.store, connection, county.keys, county.chance)
        scribe.say(EVERYBODY, demo_words(), by="county", at=county.clock.now_ms())
        scribe.seal()
    yield made
    county.close()


@pytest.fixture
def pc(office: Office, tmp_path: Path) -> Iterator[Any]:
    made = open_till(office, tmp_path / "pc").pc
    yield made
    made.close()


def accept(pc: Any, waybill: str) -> None:
    """One parcel that the receiver pays."""
    body = SendingAccepted(
        courier=JOINT, waybill=waybill, person="", zone="henan", charged_grams=1_000,
        courier_fen=0, fee_fen=0, slip=1, day=DAY,
    )  # fmt: skip
    pc.say(Saying(body))


def test_a_pc_asks_gets_a_block_and_the_desk_sees_how_far_it_is_used(
    office: Office, pc: Any
) -> None:
    clerk = office["C01"]
    pc.say(Saying(WaybillsAsked(courier=JOINT, left=0, day=DAY)))
    converse(pc, direct(office.county))
    listed = seen(clerk.page("/waybills"))
    assert "1 台等着要" in listed
    assert "县域共同配送(示例)" in listed
    post(clerk, HERE, HERE, BLOCK)
    (granted,) = county_facts(office.county, "waybills.granted")
    assert msgspec.json.decode(granted.body) == {
        "count": 50, "courier": JOINT, "day": DAY, "device": "D1", "first": 261_123_000_001,
        "prefix": "NX0601", "width": 12,
    }  # fmt: skip
    converse(pc, direct(office.county))
    left = records.left_of(pc.reader, JOINT, "D1")
    assert (left.left, left.next_waybill) == (50, "NX0601261123000001")
    accept(pc, "NX0601261123000007")
    converse(pc, direct(office.county))
    assert "43" in seen(clerk.page("/waybills")), "numbers are used in their order"
    assert 'value="261123000051"' in clerk.page(HERE), "the next block follows"
    assert folded_here(pc) == folded_there(office.county, STATION)
    assert not verify_county(office.county).findings


def test_no_number_is_given_twice_and_none_that_its_courier_would_not_know(
    office: Office, pc: Any
) -> None:
    clerk = office["C01"]
    converse(pc, direct(office.county))
    post(clerk, HERE, HERE, BLOCK)
    overlap = {**BLOCK, "first": "261123000050"}
    assert "和给过的单号重了" in post(clerk, HERE, HERE, overlap, 422)
    for wrong in ({"prefix": "NX06"}, {"courier": "ZTO"}, {"courier": "nobody"}):
        html = post(clerk, HERE, HERE, {**BLOCK, "first": "261123000051", **wrong}, 422)
        assert "不像这家快递的" in html, wrong
    for wrong in ({"first": "x"}, {"count": "0"}, {"count": "10001"}, {"prefix": "-"}):
        html = post(clerk, HERE, HERE, {**BLOCK, "first": "261123000051", **wrong}, 422)
        assert "单号段写得不对" in html, wrong
    assert len(county_facts(office.county, "waybills.granted")) == 1


def test_a_pc_that_was_cut_off_is_not_offered_and_gets_none(office: Office, pc: Any) -> None:
    clerk = office["C01"]
    assert HERE in clerk.page("/waybills")
    county = office.county
    with county.store.write() as connection:
        said = revocation(
            county.store, connection, STATION, "D1", reason="lost", remark="掉河里了", day=DAY
        )
        scribe = Scribe(county.store, connection, county.keys, county.chance)
        scribe.say(STATION, said, by="clerk", at=county.clock.now_ms())
        scribe.seal()
    assert HERE not in clerk.page("/waybills")
    assert 'name="first"' not in clerk.ask("GET", HERE).text
    assert county_facts(county, "waybills.granted") == []

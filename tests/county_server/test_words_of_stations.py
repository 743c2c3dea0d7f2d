"""A PC whose program somebody has changed says what only the county may say, or what nobody reads.

It is kept and set aside: it counts nowhere, is never taken for a word of the county, and holds
nobody up.
"""

import shutil
from pathlib import Path
from typing import ClassVar

import pytest

from county_server.keys import KEYS
from county_server.standing import read_orders
from county_server.verify import verify_county
from station_app.journal.fact import Body, Saying
from station_app.journal.kinds import BranchAccepted, PaymentsReleased, PrivateErased
from station_app.journal.vocabulary import Vocabulary
from station_app.reference import records as reference
from station_app.reference.facts import CountyKeyAnnounced, DeviceEnrolled, StationDescribed
from station_app.security.signing import Signer
from station_app.services.clearing.facts import RemittanceConfirmed
from tests.county_server.finance_story import Office, Till, seen
from tests.sync.stand import (
    DAY,
    STATION,
    Pc,
    SetClock,
    converse,
    direct,
    enrolled_pc,
    folded_here,
    folded_there,
    new_county,
    registered,
    reopened_county,
)
from tests.sync.test_cut_off import names_at

THIEF = Signer(b"t" * 32).public_key.hex()
WORDS = (
    DeviceEnrolled(station="NX0602", device="D9", slot=7, public_key=THIEF, day=DAY),
    CountyKeyAnnounced(number=2, public_key=THIEF, day=DAY),
    StationDescribed(
        code="NX0602", name="我的站", level="village", parent="NX0600", township="", village="",
        status="closed", shelves=1, layers=1, places=1, day=DAY,
    ),
    PaymentsReleased(station=STATION, county_epoch=2, day=DAY),
    BranchAccepted(stream=f"{STATION}/D2/{'a' * 16}", to=9, hash="5e" * 32, day=DAY),
)  # fmt: skip


class PrivateErasedTomorrow(Body, frozen=True, kw_only=True):
    """An erasure of a newer program, or of a broken one."""

    KIND: ClassVar[str] = PrivateErased.KIND
    VERSION: ClassVar[int] = 99
    persons: int


def says(pc: Pc, body: Body, entity: str = "") -> str:
    """Let a PC record what its program would never record; return its identity."""
    recorder = pc.session.recorder
    known = recorder.vocabulary
    recorder.vocabulary = Vocabulary(entities=(), postings={}, bodies=(type(body),))
    try:
        return pc.say(Saying(body, entity=entity)).facts[0].identity
    finally:
        recorder.vocabulary = known


def test_money_that_a_station_confirms_itself_is_still_waited_for(
    office: Office, till: Till
) -> None:
    sent = till.pay_in(350_50)
    says(till.pc, RemittanceConfirmed(day=DAY, received_fen=350_50), sent.identity)
    till.send()
    assert "¥350.50" in seen(office["F01"].page("/finance"))
    assert "柳荫洼村站 1 号机" not in seen(office["F01"].page("/finance?tab=confirmed"))
    assert not verify_county(office.county).findings


@pytest.mark.parametrize("body", WORDS, ids=lambda body: body.KIND)
def test_what_only_the_county_may_say_is_believed_of_no_station(
    tmp_path: Path, clock: SetClock, body: Body
) -> None:
    county = new_county(tmp_path / "county", clock)
    pc = enrolled_pc(county, tmp_path / "d1", clock)
    sibling = enrolled_pc(county, tmp_path / "d2", clock, seed=200)
    for one in (pc, sibling):
        converse(one, direct(county))
    before = folded_here(sibling)[:2]
    says(pc, body)
    for one in (pc, sibling):
        converse(one, direct(county))
    assert folded_here(sibling)[:2] == before
    devices = reference.keys_of_devices(sibling.reader, STATION)
    assert [one.device for one in devices] == ["D1", "D2"]
    assert not [row for row in reference.county_keys(sibling.reader) if row.public_key == THIEF]
    assert folded_here(sibling) == folded_there(county, STATION)
    for one in (pc, sibling):
        one.close()
    county.close()


@pytest.mark.parametrize("body", WORDS, ids=lambda body: body.KIND)
def test_a_county_that_was_put_back_repeats_no_word_of_a_station(
    tmp_path: Path, clock: SetClock, body: Body
) -> None:
    county = new_county(tmp_path / "county", clock)
    pc = enrolled_pc(county, tmp_path / "d1", clock)
    converse(pc, direct(county))
    county.close()
    shutil.copytree(tmp_path / "county", tmp_path / "image")
    county = reopened_county(tmp_path / "county", clock)
    says(pc, body)
    young = enrolled_pc(county, tmp_path / "d2", clock, seed=200)  # so that something lacks
    for one in (pc, young):
        converse(one, direct(county))
    county.close()
    shutil.rmtree(tmp_path / "image" / KEYS)
    shutil.copytree(tmp_path / "county" / KEYS, tmp_path / "image" / KEYS)
    again = reopened_county(tmp_path / "image", clock)
    assert again.keys.epoch.number == 2
    with again.store.read() as connection:
        said = connection.exec_driver_sql(
            "SELECT kind, body FROM facts WHERE stream LIKE 'county.2/%'"
        ).all()
        strangers = connection.exec_driver_sql(
            f"SELECT device FROM keys WHERE public_key = '{THIEF}'"
        ).all()
    assert THIEF not in str(said)
    assert [kind for kind, _ in said] == ["device.enrolled"], "that of the young one"
    assert strangers == []
    for one in (pc, young):
        one.close()
    again.close()


def test_an_erasure_that_nobody_can_read_holds_its_pc_up_no_day(
    tmp_path: Path, clock: SetClock
) -> None:
    county = new_county(tmp_path / "county", clock)
    pc = enrolled_pc(county, tmp_path / "d1", clock)
    says(pc, PrivateErasedTomorrow(persons=5))
    pc.shelve(1)
    assert converse(pc, direct(county))[-1].what == "sent"
    assert pc.unconfirmed() == 0
    assert PrivateErased.KIND not in {one.kind for one in read_orders(county.keys.folder)}
    assert not verify_county(county).findings
    pc.close()
    county.close()


def test_an_erasure_of_nobody_takes_nobodys_name(tmp_path: Path, clock: SetClock) -> None:
    """An empty name stands in every founding fact: it is no name."""
    county = new_county(tmp_path / "county", clock)
    pc = enrolled_pc(county, tmp_path / "d1", clock)
    sibling = enrolled_pc(county, tmp_path / "d2", clock, seed=200)
    pc.say(registered("赵根喜"))
    for one in (pc, sibling):
        converse(one, direct(county))
    pc.say(Saying(PrivateErased(persons=("",), facts=("",), day=DAY)))
    for one in (pc, sibling):
        converse(one, direct(county))
        assert "赵根喜" in names_at(one)
    with county.store.read() as connection:
        parts = connection.exec_driver_sql("SELECT part FROM privates").scalars().all()
    assert any("赵根喜".encode() in bytes(part) for part in parts)
    assert folded_here(pc) == folded_here(sibling) == folded_there(county, STATION)
    assert not verify_county(county).findings
    for one in (pc, sibling):
        one.close()
    county.close()

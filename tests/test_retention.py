"""What is kept of villagers for a while goes by itself, and nothing else does."""

from pathlib import Path
from typing import Any

import pytest

from station_app import retention
from station_app.journal.fact import Saying
from station_app.journal.verify import verify
from station_app.reference.facts import SettingPublished
from station_app.services.parcels import records
from station_app.services.parcels.commands import (
    HandOverParcels,
    KeepSignature,
    ReturnParcels,
    ShelveParcel,
)
from station_app.services.parcels.facts import ParcelShelved
from station_app.services.sending.commands import HandSendingsOver
from station_app.values.day import DAY_MS
from station_app.vocabulary import VOCABULARY
from tests.services.accounts.pcs import Pc
from tests.services.sending.desk import JOINT, Counter

NAME, PHONE, SIGNATURE = "甄示漏", "15412340987", "ab" * 32


@pytest.fixture
def pc(tmp_path: Path):
    made = Pc(tmp_path / "pc", 1)
    yield made
    made.close()


def shelved(pc: Pc, waybill: str, **label: Any) -> str:
    asked = ShelveParcel(courier="ZTO", waybill=waybill, **label)
    return pc.do(asked).told[0].identity


def gone(pc: Pc, parcel: str) -> None:
    kept = KeepSignature(parcel=parcel, photo=SIGNATURE)
    handed = HandOverParcels(
        parcels=(parcel,), paid_fen=0, taken_by="on_behalf", check="known", collector="李示替",
        relation="邻居",
    )  # fmt: skip
    pc.do(kept, handed)


def privates(pc: Pc, parcel: str) -> int:
    rows = pc.connection.execute(
        "SELECT COUNT(*) FROM privates v JOIN folds d ON d.identity = v.identity WHERE d.root = ?",
        (parcel,),
    )
    return int(rows.fetchone()[0])


def publish(pc: Pc, value: str, name: str = "retention.names_days") -> None:
    """The county says how something is done."""
    body = SettingPublished(name=name, station="", value=value, day="2026-11-23")
    Counter(pc).county_says(Saying(body))


def after(pc: Pc, days: int) -> int:
    """Let days go by, and the county say something; return how much went by itself."""
    pc.clock.at_ms += days * DAY_MS
    publish(pc, "9", "parcels.on_behalf_cod_fen")
    count = 0
    while (done := retention.forget_if_due(pc.premises)) is not None:
        count += sum(len(told.body.facts) for told in done.told)
    return count


def test_a_parcel_that_left_is_nobodys_after_its_days_and_stays_a_parcel(pc: Pc) -> None:
    named = shelved(pc, "73000000000017", name=NAME, tail="0987")
    phoned = shelved(pc, "73000000000024", name=NAME, phone=PHONE)
    here = shelved(pc, "73000000000031", name=NAME, tail="0987")
    known = shelved(pc, "73000000000048", person=pc.person())
    for parcel in (named, phoned, known):
        gone(pc, parcel)
    assert privates(pc, named) == 3, "label, who took it, signature"
    assert after(pc, 29) == 0
    assert after(pc, 2) == 3, "a whole phone number goes first"
    assert privates(pc, phoned) == 0
    state = records.parcel_state(pc.connection, phoned)
    assert state is not None
    assert (state.name, state.phone, state.waybill) == ("", "", "73000000000024")
    assert after(pc, 58) == 0
    assert after(pc, 3) >= 4
    assert (privates(pc, named), privates(pc, here)) == (0, 1), "what stands here stays"
    registered = records.parcel_state(pc.connection, known)
    assert registered is not None
    assert registered.person == pc.person(), "who is in the register stays there"
    found = pc.connection.execute(
        "SELECT COUNT(*) FROM privates WHERE instr(part, ?)", (NAME.encode(),)
    )
    assert found.fetchone()[0] == 1
    assert retention.forget_if_due(pc.premises) is None, "nothing is ordered twice"
    assert verify(pc.connection, VOCABULARY).is_sound


def test_what_was_sent_keeps_its_names_as_long_and_what_waits_to_leave_keeps_them(pc: Pc) -> None:
    pc.open_shift()
    counter = Counter(pc)
    counter.publish()
    counter.grant()
    sent, waiting = counter.sent(), counter.sent()
    pc.do(HandSendingsOver(courier=JOINT, sendings=(sent,)))
    assert after(pc, 90) == 0
    assert after(pc, 1) == 1
    state = counter.state(sent)
    assert (state.sender, state.receiver, state.address, state.tail) == ("", "", "", "")
    assert counter.state(waiting).receiver == "林样红"
    assert verify(pc.connection, VOCABULARY).is_sound


def test_how_long_is_the_countys_word_and_never_less_than_ten_days(pc: Pc) -> None:
    parcel = shelved(pc, "73000000000017", name=NAME, tail="0987")
    pc.do(ReturnParcels(parcels=(parcel,), reason="refused"))
    for value, days in (("3", 11), ("400", 80)):
        publish(pc, value)
        assert after(pc, days) == 0, value
    publish(pc, "60")
    assert after(pc, 1) == 1
    facts = pc.connection.execute("SELECT by_ FROM facts WHERE kind = 'private.erased'").fetchall()
    assert facts == [("",)], "by nobody: it goes by itself"


def test_many_go_a_few_at_a_time(pc: Pc, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "AT_ONCE", 2)
    parcels = [shelved(pc, f"7300000000{n:04}", name=NAME, tail="0987") for n in range(5)]
    for parcel in parcels:
        pc.do(ReturnParcels(parcels=(parcel,), reason="refused"))
    pc.clock.at_ms += 91 * DAY_MS
    assert retention.forget_if_due(pc.premises) is None, "no clock alone takes a name away"
    publish(pc, "90")
    sizes = []
    while (done := retention.forget_if_due(pc.premises)) is not None:
        sizes.append(len(done.told[0].body.facts))
    assert sizes == [2, 2, 1]
    assert ParcelShelved.PRIVATE is not None

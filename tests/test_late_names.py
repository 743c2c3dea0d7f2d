"""A name that another PC wrote before she was erased, and brings later, is erased as well."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from county_server.county import County
from station_app import late_names
from station_app.chores import fact_lines
from station_app.journal.fact import Saying, Told
from station_app.journal.kinds import ErasureWatched
from station_app.journal.rebuild import rebuild
from station_app.journal.recorder import new_ticket
from station_app.journal.verify import verify
from station_app.journal.watches import living
from station_app.premises import REBUILDERS
from station_app.services.farm_pickups.facts import FarmPickupAsked, FarmPickupDetails
from station_app.services.parcels import records
from station_app.services.parcels.commands import KeepSignature, ReassignParcel, ShelveParcel
from station_app.services.parcels.facts import Receiver
from station_app.services.people.commands import AmendPerson, Details, ErasePerson, RegisterPerson
from station_app.services.people.erasing_records import gatherer
from station_app.services.people.facts import PersonDetails, PersonRegistered
from station_app.services.people.rules import erase_person
from station_app.services.sending.facts import SendingDetails
from station_app.values.day import add_days
from station_app.values.now import Now
from station_app.vocabulary import VOCABULARY
from tests.county_server.test_folds import everything as everything_at_county
from tests.proofs.test_erasure import everything
from tests.services.accounts.pcs import Pc
from tests.sync import stand
from tests.test_retention import after

NAME, PHONE, TAIL = "甄例漏", "15412346021", "6021"


@pytest.fixture
def pc(tmp_path: Path) -> Iterator[Pc]:
    made = Pc(tmp_path / "pc", 1)
    yield made
    made.close()


def registered(pc: Pc, name: str = NAME, phone: str = PHONE) -> str:
    done = pc.do(RegisterPerson(details=Details(name=name, phone=phone), is_another=True))
    return done.told[0].identity


def labelled(pc: Pc, number: int, name: str = NAME, tail: str = TAIL, **label: Any) -> str:
    waybill = f"730000000{number:05}"
    return (
        pc.do(ShelveParcel(courier="ZTO", waybill=waybill, name=name, tail=tail, **label))
        .told[0]
        .identity
    )


def name_of(pc: Pc, parcel: str) -> str:
    state = records.parcel_state(pc.connection, parcel)
    assert state is not None
    return state.name


def look_and_erase(pc: Pc) -> int:
    """Let the runner go round until nothing is left to compare; return how much it erased."""
    count = 0
    while (looked := pc.premises.desk.read(late_names.look)).compared:
        done = late_names.erase(pc.premises, looked)
        count += len(done.told[0].body.facts) if done else 0
    return count


# --- Two PCs and the county ----------------------------------------------------------------------


def runs(pc: stand.Pc) -> bool:
    """Let the runner of a PC look once; tell whether it said an erasure."""
    looked = late_names.look(pc.session.connection)
    ticket, at = new_ticket(pc.chance), pc.clock.at
    done = pc.session.write(
        lambda recorder: late_names.order(recorder, looked, ticket=ticket, at=at, day=stand.DAY)
    )
    return done is not None


@pytest.mark.parametrize(
    ("looking", "read_off"),
    [
        ((0,), Receiver(name=NAME, tail=TAIL)),
        ((1,), Receiver(name=NAME, phone=PHONE)),
        ((0, 1), Receiver(name=f"{NAME[0]} {NAME[1:]}", tail=TAIL)),
    ],
    ids=["eraser", "author", "both"],
)
def test_a_label_written_without_a_line_is_erased_everywhere_whoever_finds_it(
    tmp_path: Path, looking: tuple[int, ...], read_off: Receiver
) -> None:
    written = read_off.name
    clock = stand.SetClock()
    county = stand.new_county(tmp_path / "county", clock)
    pcs = [
        stand.enrolled_pc(county, tmp_path / f"d{seed}", clock, seed=seed) for seed in (100, 200)
    ]
    one, two = pcs
    whose = Saying(PersonRegistered(code="", day=stand.DAY), PersonDetails(name=NAME, phone=PHONE))
    person = one.say(whose).facts[0].identity
    hear(county, one, two)
    label = msgspec.structs.replace(stand.shelved("73200000000017", 5), private=read_off)
    parcel = two.say(label).facts[0].identity  # without a line
    two.hand_over(parcel)
    now = Now(at=clock.at, day=stand.DAY, operator="", device="D1", station=stand.STATION)
    command = ErasePerson(person=person)
    erasing = gatherer(one.chance)(one.session.connection, command, now)
    decision = erase_person(erasing, command, now)
    assert isinstance(decision, list)
    one.say(*decision)
    hear(county, one, two)
    assert written.encode() in everything_at_county(tmp_path / "county", county), "nobody's yet"
    hear(county, one)
    assert written in everything(one.session.connection)
    assert [runs(pcs[place]) for place in looking] == [True for _ in looking]
    hear(county, one, two, one, two)
    for pc in pcs:
        assert written not in everything(pc.session.connection)
        assert not runs(pc), "once"
        assert verify(pc.session.connection, VOCABULARY).is_sound
    assert written.encode() not in everything_at_county(tmp_path / "county", county)
    for pc in pcs:
        pc.close()
    county.close()


def hear(county: County, *pcs: stand.Pc) -> None:
    for pc in pcs:
        stand.converse(pc, stand.direct(county))


# --- What is hers, and what is not ---------------------------------------------------------------


def test_only_what_was_written_before_under_her_name_and_tail_is_erased(pc: Pc) -> None:
    person = registered(pc)
    details = Details(name="甄样改", phone="15412347000")
    pc.do(AmendPerson(person=person, details=details))
    hers = labelled(pc, 1)
    renamed = labelled(pc, 2, name="甄 样改")
    whole = labelled(pc, 3, tail="", phone="15412347000")
    others = [
        labelled(pc, 4, tail="6022"),
        labelled(pc, 5, name="甄例满"),
        labelled(pc, 6, "", TAIL),
    ]
    filed = labelled(pc, 7)
    pc.do(ReassignParcel(parcel=filed, person=pc.person()))
    pc.do(ErasePerson(person=person))
    later = labelled(pc, 8)
    assert look_and_erase(pc) == 4
    assert [name_of(pc, parcel) for parcel in (hers, renamed, whole)] == ["", "", ""]
    assert [name_of(pc, parcel) for parcel in others] == [NAME, "甄例满", ""]
    assert name_of(pc, later) == NAME, "her parcel of today is fetched by its label"
    assert verify(pc.connection, VOCABULARY).is_sound
    rebuild(pc.connection, VOCABULARY, REBUILDERS)
    assert (name_of(pc, hers), name_of(pc, later)) == ("", NAME)


@pytest.mark.parametrize(
    ("days", "seconds", "is_before"),
    [(0, -1, True), (0, 1, False), (-1, 1, True), (1, -1, False)],
    ids=["before", "later", "a clock ahead", "a clock behind"],
)
def test_between_two_pcs_the_business_day_tells_what_was_before_and_then_the_clock(
    pc: Pc, days: int, seconds: int, is_before: bool
) -> None:
    pc.do(ErasePerson(person=registered(pc)))
    (watch,) = living(pc.connection, VOCABULARY)
    day = add_days(watch.told.body.day, days)
    said = Told(
        identity="5e" * 32, stream="NX0601/D2/0123456789abcdef", seq=1, act="A",
        at=watch.told.at + seconds * 1_000, kind=FarmPickupAsked.KIND, by="", entity="",
        body=FarmPickupAsked(person="", produce="红薯", grams=1, wanted_day="", day=day),
    )  # fmt: skip
    assert watch.is_after(said) is is_before


@pytest.mark.parametrize(
    ("kind", "private", "named"),
    [
        ("parcel.shelved", Receiver(name=NAME, tail=TAIL), (NAME, TAIL)),
        ("parcel.reassigned", Receiver(name=NAME, phone=PHONE), (NAME, PHONE)),
        ("parcel.announced", Receiver(name=NAME, tail=TAIL, phone=PHONE), (NAME, TAIL)),
        ("farm_pickup.asked", FarmPickupDetails(name=NAME, phone=PHONE), (NAME, PHONE)),
        (
            "sending.accepted",
            SendingDetails(sender=NAME, phone=PHONE, tail="002X", receiver_phone="15499990000"),
            (NAME, PHONE),
        ),
    ],
)
def test_of_each_fact_it_is_read_whose_it_is(
    kind: str, private: Any, named: tuple[str, str]
) -> None:
    assert late_names.NAMED[kind](private) == named
    assert len(late_names.NAMED) == 5


def test_a_villager_of_the_same_name_and_tail_who_is_known_keeps_hers(pc: Pc) -> None:
    person, namesake = registered(pc), registered(pc, phone="15599996021")
    label = labelled(pc, 1)
    pc.do(ErasePerson(person=person))
    assert look_and_erase(pc) == 0
    assert name_of(pc, label) == NAME
    pc.do(ErasePerson(person=namesake))
    assert look_and_erase(pc) == 1, "by the tags of the other's own erasure"


def test_who_comes_back_as_a_new_villager_keeps_what_she_gets_from_then_on(pc: Pc) -> None:
    pc.do(ErasePerson(person=registered(pc)))
    again = registered(pc)
    parcel = pc.do(ShelveParcel(courier="ZTO", waybill="73000000000017", person=again)).told[0]
    label = labelled(pc, 2)
    assert look_and_erase(pc) == 0
    assert name_of(pc, label) == NAME
    state = records.parcel_state(pc.connection, parcel.identity)
    assert state is not None
    assert state.person == again


def test_what_she_asked_by_telephone_goes_too_and_how_her_parcel_was_signed_for(pc: Pc) -> None:
    person = registered(pc)
    parcel = labelled(pc, 1)
    pc.do(KeepSignature(parcel=parcel, photo="ab" * 32))
    asked = FarmPickupAsked(
        person="", produce="红薯", grams=5_000, wanted_day="", day=pc.premises.desk.now().day
    )
    private = FarmPickupDetails(name=NAME, phone=PHONE, place="村东头")
    other = pc.person()  # for whom she only called
    anothers = msgspec.structs.replace(asked, person=other)
    called = FarmPickupDetails(name=NAME, phone=PHONE, place="村西头", whose=(other,))

    def say(recorder: Any) -> None:
        act = recorder.open_act(new_ticket(pc.premises.chance), by="", at=pc.clock.at_ms)
        act.say(Saying(asked, private), Saying(anothers, called))
        act.close()

    pc.premises.session.write(say)
    pc.do(ErasePerson(person=person))
    assert look_and_erase(pc) == 3, "label, signature, pickup"
    held = everything(pc.connection)
    assert "村东头" not in held
    assert "村西头" in held, "what is another's stays with her"


# --- The runner ----------------------------------------------------------------------------------


def test_whoever_dies_between_finding_and_saying_finds_it_again(
    pc: Pc, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(late_names, "AT_ONCE", 2)
    person = registered(pc)
    parcels = [labelled(pc, number) for number in range(5)]
    pc.do(ErasePerson(person=person))
    assert len(pc.premises.desk.read(late_names.look).found) == 2, "a little at a time"
    pc.restart()
    pc.premises.signed_in.come("", is_manager=True)
    assert look_and_erase(pc) == 5
    assert {name_of(pc, parcel) for parcel in parcels} == {""}
    assert pc.premises.desk.read(late_names.look) == late_names.Looked(), "nothing twice"


def test_a_round_compares_a_few_names_and_the_next_ones_the_rest(
    pc: Pc, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(late_names, "SLOW_AT_ONCE", 1)
    person = registered(pc)
    parcels = [labelled(pc, number) for number in range(2)]
    others = [labelled(pc, 10 + number, name=f"甄例{number}") for number in range(3)]
    pc.do(ErasePerson(person=person))
    rounds = 0
    while (looked := pc.premises.desk.read(late_names.look)).compared:
        assert len({one.name for one in looked.found}) <= 1
        late_names.erase(pc.premises, looked)
        rounds += 1
    assert rounds >= 4, "four names"
    assert {name_of(pc, parcel) for parcel in parcels} == {""}
    assert all(name_of(pc, parcel) for parcel in others)


def test_the_tags_go_after_ninety_days_and_are_shown_nowhere(pc: Pc) -> None:
    pc.do(ErasePerson(person=registered(pc)))
    (watch,) = living(pc.connection, VOCABULARY)
    (tag,) = watch.told.private.tags
    assert tag in everything(pc.connection)
    assert tag not in "".join(fact_lines(pc.connection))
    labelled(pc, 1, name="旁人", tail="1111")
    look_and_erase(pc)
    assert after(pc, 90) == 0
    assert after(pc, 1) == 1
    assert living(pc.connection, VOCABULARY) == []
    assert tag not in everything(pc.connection)
    labelled(pc, 2)
    assert look_and_erase(pc) == 0
    assert verify(pc.connection, VOCABULARY).is_sound


def test_who_had_no_phone_in_the_register_leaves_no_tag(pc: Pc) -> None:
    done = pc.do(ErasePerson(person=registered(pc, phone="")))
    assert ErasureWatched.KIND not in {told.kind for told in done.told}

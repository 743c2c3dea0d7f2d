"""Visits of parcels on two PCs: the same state everywhere, and what cannot agree is said."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from station_app.journal.fact import Fact, Told
from station_app.services.parcels import index, records
from station_app.services.parcels.commands import (
    MoveParcel,
    ReassignParcel,
    ReturnParcels,
    ShelveParcel,
    TellReceiver,
)
from station_app.services.parcels.facts import (
    ParcelAnnounced,
    ParcelHandedOver,
    ParcelMoved,
    ParcelReassigned,
    ParcelReturned,
    ParcelShelved,
    ParcelTold,
    Receiver,
)
from station_app.services.parcels.visits import Parcel, fold_parcel, parcel_cases
from station_app.services.people import records as people_records
from station_app.services.people.commands import (
    AmendPerson,
    Details,
    ErasePerson,
    RecordConsent,
    RegisterPerson,
)
from station_app.shell.desk import Done
from tests.services.parcels.shop import STATION, Shop, shops

TABLES = ("states", "parcels", "persons", "announcements", "cases", "codes_used")
WAYBILL = "73000000000017"


def cases(shop: Shop) -> dict[str, set[str]]:
    rows = shop.connection.execute("SELECT kind, members FROM cases").fetchall()
    return {kind: set(msgspec.json.decode(members)) for kind, members in rows}


def test_one_waybill_shelved_on_two_pcs_is_one_visit_and_a_case() -> None:
    with shops(2) as (one, two):
        first = one.shelve(WAYBILL, tail="6021", name="王秀兰", shelf="A", layer=1)
        two.is_now(at=one.now.at + 60_000)
        second = two.shelve(WAYBILL, tail="6021", cod_fen=86_00, shelf="B", layer=2)
        one.hears(two)
        two.hears(one)
        assert one.dump(*TABLES) == two.dump(*TABLES)
        assert cases(one) == {"parcels.shelved_twice": {first, second}}
        state = records.parcel_state(one.connection, second)
        assert state == records.parcel_state(one.connection, first)
        assert state is not None
        assert (state.shelf, state.cod_fen, state.status) == ("B", 86_00, "on_hand")


def test_a_parcel_handed_over_on_both_pcs_is_a_case() -> None:
    with shops(2) as (one, two):
        parcel = one.shelve(WAYBILL, tail="6021")
        two.hears(one)
        handed = one.hand_over(parcel).told[0].identity
        two.is_now(at=one.now.at + 60_000)
        back = two.do(ReturnParcels(parcels=(parcel,), reason="refused")).told[0].identity
        one.hears(two)
        two.takes(one.own_facts())
        assert cases(one) == cases(two) == {"parcels.closed_twice": {handed, back}}
        state = records.parcel_state(two.connection, parcel)
        assert state is not None
        assert (state.status, state.closed_by) == ("handed_over", handed)


def test_a_later_end_says_that_its_beginning_is_not_here_yet() -> None:
    with shops(2) as (one, two):
        parcel = one.shelve(WAYBILL, tail="6021")
        two.hears(one)
        moved = two.do(MoveParcel(parcel=parcel, shelf="C", layer=1)).told[0].identity
        with shops(1) as (three,):
            three.takes(two.own_facts())
            assert cases(three) == {"parcels.founder_missing": {moved}}
            assert not records.on_hand(three.connection)
        undone = one.undo(one.own_facts()[-1].act)
        assert isinstance(undone, Done)
        one.hears(two)
        assert cases(one) == {"parcels.founder_missing": {moved}}


def test_the_next_visit_of_a_waybill_is_another_parcel() -> None:
    with shops(1) as (shop,):
        first = shop.shelve(WAYBILL, tail="6021")
        ended = shop.hand_over(first).told[0].identity
        assert shop.no(ShelveParcel(courier="", waybill=WAYBILL, tail="6021")).reason.endswith(
            "HANDED_OVER_ALREADY"
        )
        second = shop.shelve(WAYBILL, tail="6021", again=True)
        assert second != first
        state = records.parcel_state(shop.connection, second)
        assert state is not None
        assert state.after == ended
        assert not cases(shop)


# --- The fold alone ------------------------------------------------------------------------------

BODIES: list[tuple[Any, Any]] = [
    (
        ParcelShelved(
            courier="ZTO", waybill=WAYBILL, after="", shelf="A", layer=1, serial=1, size="M",
            cod_fen=1, freight_fen=0, person="", day="2025-11-25",
        ),
        Receiver(name="王秀兰", tail="6021"),
    ),
    (
        ParcelShelved(
            courier="ZTO", waybill=WAYBILL, after="", shelf="B", layer=1, serial=1, size="L",
            cod_fen=0, freight_fen=5, person="a" * 64, day="2025-11-26",
        ),
        None,
    ),
    (ParcelReassigned(person="b" * 64, day="2025-11-26"), None),
    (ParcelMoved(shelf="C", layer=2, serial=3, day="2025-11-26"), None),
    (ParcelTold(way="phone", outcome="reached", day="2025-11-26"), None),
    (
        ParcelHandedOver(
            courier="ZTO", taken_by="self", check="known", cod_fen=0, freight_fen=0, slip=1,
            day="2025-11-27",
        ),
        None,
    ),
    (ParcelReturned(courier="ZTO", reason="overdue", day="2025-11-27"), None),
]  # fmt: skip


@given(st.permutations(range(len(BODIES))), st.integers(1, len(BODIES)))
def test_any_facts_in_any_order_make_a_state(order: Sequence[int], many: int) -> None:
    state: Parcel | None = None
    for place in order[:many]:
        body, private = BODIES[place]
        told = Told(
            identity=f"{place:064x}", stream="NX0601/D1/0011223344556677", seq=place + 1, act="A",
            at=place, kind=body.KIND, by="", entity="" if place < 2 else "0" * 64, body=body,
            private=private,
        )  # fmt: skip
        state = fold_parcel(state, told)
    assert state is not None
    chosen = set(order[:many])
    founders, closings = chosen & {0, 1}, chosen & {5, 6}
    assert len(state.founders) == len(founders)
    assert bool(state.strays) is not bool(founders)
    found = parcel_cases(state)
    assert ("parcels.shelved_twice" in found) is (len(founders) == 2)
    assert ("parcels.closed_twice" in found) is (len(closings) == 2)
    assert ("parcels.founder_missing" in found) is not bool(founders)
    if closings:
        assert state.status in ("handed_over", "returned")
    else:
        assert state.status == ("on_hand" if founders else "")


@given(st.permutations([place for place in range(len(BODIES)) if place != 5]))
def test_only_a_real_hand_over_makes_a_parcel_signed_for(order: Sequence[int]) -> None:
    """Whatever else is said of it, in any order: told, returned, moved, shelved twice."""
    assert isinstance(BODIES[5][0], ParcelHandedOver)
    state: Parcel | None = None
    for place in order:
        body, private = BODIES[place]
        told = Told(
            identity=f"{place:064x}", stream="NX0601/D1/0011223344556677", seq=place + 1, act="A",
            at=place, kind=body.KIND, by="", entity="" if place < 2 else "0" * 64, body=body,
            private=private,
        )  # fmt: skip
        state = fold_parcel(state, told)
        assert state is not None
        assert state.status != "handed_over"
    signed = Told(
        identity="f" * 64, stream="NX0601/D1/0011223344556677", seq=99, act="A", at=99,
        kind=BODIES[5][0].KIND, by="", entity="0" * 64, body=BODIES[5][0], private=None,
    )  # fmt: skip
    first = fold_parcel(
        fold_parcel(
            None,
            msgspec.structs.replace(
                signed, identity="0" * 64, entity="", at=0, seq=1,
                body=BODIES[0][0], kind=BODIES[0][0].KIND, private=BODIES[0][1],
            ),
        ),
        signed,
    )  # fmt: skip
    assert (first.status, first.taken_by) == ("handed_over", "self")


# --- Two PCs, everything in any order ------------------------------------------------------------

PHONES = ("13800006021", "13900006021", "15400001006", "")
NAMES = ("王秀兰", "赵根喜", "曾示兰", "单雄信")
VERBS = (
    "villager", "shelve", "shelve_for", "move", "reassign", "tell", "hand_over", "return",
    "amend", "consent", "undo", "erase",
)  # fmt: skip


def act(shop: Shop, verb: str, number: int) -> None:
    """Try one thing; a refusal is as good an answer as any."""
    persons = [r[0] for r in shop.connection.execute("SELECT entity FROM persons ORDER BY 1")]
    parcels = [row.parcel for row in records.on_hand(shop.connection)]
    person = persons[number % len(persons)] if persons else ""
    parcel = parcels[number % len(parcels)] if parcels else ""
    name, phone = NAMES[number % 4], PHONES[number // 4 % 4]
    waybill = f"7300000000{number % 5:04d}"
    if verb == "villager":
        details = Details(name=name, phone=phone, household=str(number % 2))
        shop.ask(RegisterPerson(details=details))
    elif verb == "shelve":
        shop.ask(
            ShelveParcel(courier="", waybill=waybill, name=name, tail=phone[-4:], cod_fen=number)
        )
    elif verb == "shelve_for" and person:
        shop.ask(ShelveParcel(courier="", waybill=waybill, person=person, again=bool(number % 2)))
    elif verb == "undo":
        acts = [f.act for f in shop.own_facts() if f.stream == shop.session.author.stream]
        if acts:
            shop.undo(acts[-1 - number % min(3, len(acts))])
    elif verb in ("amend", "consent", "erase") and person:
        shop.ask(
            {
                "amend": AmendPerson(person=person, details=Details(name=name, phone=phone)),
                "consent": RecordConsent(person=person, matter="leave_at_station", answer="yes"),
                "erase": ErasePerson(
                    person=person, facts=records.facts_about(shop.connection, (person,))
                ),
            }[verb]
        )
    elif parcel and verb == "hand_over":
        state = records.parcel_state(shop.connection, parcel)
        assert state is not None
        shop.hand_over(parcel, due_fen=state.due_fen)
    elif parcel and verb in ("move", "reassign", "tell", "return"):
        shop.ask(
            {
                "move": MoveParcel(parcel=parcel, shelf="ABCD"[number % 4], layer=1 + number % 3),
                "reassign": ReassignParcel(parcel=parcel, person=person, name=name, tail="6021"),
                "tell": TellReceiver(parcels=(parcel,), way="phone"),
                "return": ReturnParcels(parcels=(parcel,), reason="overdue"),
            }[verb]
        )


def whole_acts(facts: list[Fact]) -> list[list[Fact]]:
    runs: list[list[Fact]] = []
    for fact in facts:
        if runs and runs[-1][0].act == fact.act:
            runs[-1].append(fact)
        else:
            runs.append([fact])
    return runs


def found(shop: Shop) -> list[Any]:
    """What the indexes answer, which no order of arrival may change."""
    typed = ("王", "秀兰", "wxl", "zeng", "ceng", "6021", "00", "根", "1006", "zgx")
    return [
        (
            text,
            [p.identity for p in people_records.find(shop.connection, text)],
            index.find_labels(shop.connection, text),
        )
        for text in typed
    ]


STEP = st.tuples(st.integers(0, 1), st.sampled_from(VERBS), st.integers(0, 30), st.integers(0, 5))


@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(steps=st.lists(STEP, min_size=5, max_size=28), data=st.data())
def test_same_facts_same_state_in_any_order(
    steps: list[tuple[int, str, int, int]], data: st.DataObject
) -> None:
    with shops(2) as (one, two):
        for pc, verb, number, hears in steps:
            shop, other = (one, two) if pc == 0 else (two, one)
            act(shop, verb, number)
            if hears == 0:
                shop.hears(other)
        runs = [whole_acts(one.own_facts()), whole_acts(two.own_facts())]
        one.hears(two)
        two.hears(one)
        with shops(1) as (third,):
            while any(runs):
                side = data.draw(st.sampled_from([n for n in (0, 1) if runs[n]]))
                run = runs[side].pop(0)
                third.takes(run)
                if data.draw(st.integers(0, 3)) == 0:
                    third.takes(run)  # the same again does nothing
            wanted = one.dump(*TABLES)
            assert two.dump(*TABLES) == wanted
            assert third.dump(*TABLES) == wanted
            assert found(one) == found(two) == found(third)
            index.rebuild(third.connection)
            people_records.rebuild_search(third.connection)
            assert third.dump(*TABLES) == wanted
            assert found(third) == found(one)
            assert one.dump("courier_choices") == third.dump("courier_choices")


# --- Erasure -------------------------------------------------------------------------------------


def everything_held(shop: Shop) -> str:
    tables = [
        name
        for (name,) in shop.connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name != 'print_jobs'"
        ).fetchall()
    ]
    held = [str(shop.connection.execute(f"SELECT * FROM {t}").fetchall()) for t in tables]
    return "\n".join(held)


def test_an_erased_name_is_nowhere() -> None:
    with shops(2) as (one, two):
        person = one.villager("王秀兰", "13800006021", nickname="大兰")
        parcel = one.shelve(WAYBILL, name="王秀兰", tail="6021")
        one.do(ReassignParcel(parcel=parcel, person=person))
        two.hears(one)
        assert "王秀兰" in str(two.connection.execute("SELECT * FROM persons").fetchall())
        facts = records.facts_about(one.connection, people_records.names_of(one.connection, person))
        assert facts == (parcel,)
        one.do(ErasePerson(person=person, facts=facts))
        two.hears(one)
        for shop in (one, two):
            held = everything_held(shop)
            for trace in ("王秀兰", "秀兰", "大兰", "wangxiulan", "wxl", "6021", "00006021"):
                assert trace not in held, trace
            assert not people_records.find(shop.connection, "王")
            assert not index.find_labels(shop.connection, "6021")
            state = people_records.person_state(shop.connection, person)
            assert state is not None
            assert state.is_erased
        # The parcel itself is still there, and may be handed over.
        one.hand_over(parcel)


def test_nothing_new_is_filed_under_an_erased_person() -> None:
    with shops(1) as (shop,):
        person = shop.villager("王秀兰", "13800006021")
        parcel = shop.shelve(WAYBILL, tail="6021")
        shop.do(ErasePerson(person=person))
        assert shop.no(ShelveParcel(courier="OTHER", waybill="", person=person)).reason == (
            "parcels.PERSON_ERASED"
        )
        assert shop.no(ReassignParcel(parcel=parcel, person=person)).reason == (
            "parcels.PERSON_ERASED"
        )


# --- Announcements -------------------------------------------------------------------------------


def announced(station: str, **changed: Any) -> tuple[ParcelAnnounced, Receiver]:
    body = {
        "courier": "YUNDA", "waybill": "430000000000017", "station": station, "person": "",
        "cod_fen": 0, "freight_fen": 0, "day": "2025-11-24",
    }  # fmt: skip
    return ParcelAnnounced(**{**body, **changed}), Receiver(name="王秀兰", tail="6021")


def test_what_the_county_announced_for_another_station_is_said() -> None:
    with shops(1) as (shop,):
        shop.county(announced("NX0602"))
        command = ShelveParcel(courier="", waybill="430000000000017", tail="6021")
        refusal = shop.no(command)
        assert refusal.reason == "parcels.EXPECTED_ELSEWHERE"
        assert refusal.slots == {"station": "碧水河村站"}
        shop.do(replace(command, stays_here=True))


def test_the_announcement_for_this_station_goes_first() -> None:
    with shops(1) as (shop,):
        shop.county(announced("NX0602", courier="STO"), announced(STATION, cod_fen=86_00))
        found_here = records.announcement(shop.connection, "430000000000017", STATION)
        assert found_here is not None
        assert (found_here.courier, found_here.cod_fen, found_here.tail) == ("YUNDA", 86_00, "6021")
        parcel = shop.shelve("430000000000017", tail="6021")
        state = records.parcel_state(shop.connection, parcel)
        assert state is not None
        assert state.courier == "YUNDA"


@pytest.mark.parametrize("again", [False, True])
def test_an_undone_intake_leaves_no_parcel_and_its_code_rests(again: bool) -> None:
    with shops(1) as (shop,):
        parcel = shop.shelve(WAYBILL, name="王秀兰", tail="6021")
        code = records.parcel_row(shop.connection, parcel)
        assert code is not None
        assert isinstance(shop.undo(shop.own_facts()[-1].act), Done)
        assert not records.by_waybill(shop.connection, WAYBILL)
        assert not index.find_labels(shop.connection, "王秀兰")
        other = shop.shelve(WAYBILL if again else "", name="王秀兰", tail="6021")
        new = records.parcel_row(shop.connection, other)
        assert new is not None
        assert new.code != code.code

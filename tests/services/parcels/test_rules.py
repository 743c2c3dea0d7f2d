"""Parcels' rules as tables: what is asked in which state, and what is said or refused."""

from typing import Any

import pytest
from msgspec.structs import replace

from station_app.journal.fact import Body, Told
from station_app.ledger.posting import imbalance, total
from station_app.services.parcels.announcements import Announcement
from station_app.services.parcels.commands import (
    HandOverParcels,
    MoveParcel,
    ReassignParcel,
    ReturnParcels,
    ShelveParcel,
    TellReceiver,
)
from station_app.services.parcels.facts import (
    Collector,
    ParcelHandedOver,
    ParcelMoved,
    ParcelReassigned,
    ParcelReturned,
    ParcelShelved,
    ParcelTold,
    Receiver,
)
from station_app.services.parcels.places import Layer, Room
from station_app.services.parcels.rules import (
    POSTINGS,
    HandingOver,
    Moving,
    Reassigning,
    Shelving,
    Visit,
    give_back,
    hand_over,
    move,
    reassign,
    shelve,
    tell_receiver,
)
from station_app.services.parcels.visits import Parcel
from station_app.values.now import Now
from station_app.values.refusal import Refusal

NOW = Now(
    at=1_764_000_000_000,
    day="2026-11-25",
    operator="",
    device="D1",
    station="NX0601",
    shift="5" * 64,
)
NO_SHIFT = Now(at=NOW.at, day=NOW.day, operator="", device="D1", station="NX0601", slot=1, slots=2)
ROOM = Room(2, 2, 3, {Layer("A", 1): 3})
ON_HAND = Parcel(
    courier="ZTO", waybill="73000000000017", person="a" * 64, shelf="B", layer=2, serial=8,
    status="on_hand", day_in="2026-11-25", founders=("1" * 64,),
)  # fmt: skip
HANDED = Parcel(
    courier="ZTO", waybill="73000000000017", shelf="B", layer=2, serial=8, status="handed_over",
    closed_day="2026-11-20", closed_by="c" * 64, founders=("1" * 64,), closings=("c" * 64,),
)  # fmt: skip
RETURNED = Parcel(
    courier="ZTO", waybill="73000000000017", shelf="B", layer=2, serial=8, status="returned",
    closed_day="2026-11-21", closed_by="d" * 64, founders=("1" * 64,), closings=("d" * 64,),
)  # fmt: skip
ELSEWHERE = Announcement(
    courier="ZTO", waybill="73000000000017", station="NX0602", person="", name="", tail="",
    phone="", cod_fen=0, freight_fen=0, since="2026-11-24",
)  # fmt: skip


def shelving(**changed: Any) -> Shelving:
    wanted: dict[str, Any] = {
        "room": ROOM,
        "layer": Layer("B", 2),
        "taken": frozenset({1, 2}),
        "couriers": {"ZTO": "中通快递", "YUNDA": "韵达速递"},
        "recognised": ("ZTO",),
    }
    return Shelving(**{**wanted, **changed})


def asked(**changed: Any) -> ShelveParcel:
    wanted: dict[str, Any] = {"courier": "", "waybill": "73000000000017", "tail": "6021"}
    return ShelveParcel(**{**wanted, **changed})


# Each line is broken in one way more than the next needs: so the order of the refusals shows.
REFUSED_AT_INTAKE = [
    ({"waybill": "中通 73"}, {"visits": [Visit("p", ON_HAND)]}, "UNREADABLE_WAYBILL"),
    ({"waybill": "12345"}, {}, "UNREADABLE_WAYBILL"),
    ({"waybill": "ABCDEFGH"}, {}, "UNREADABLE_WAYBILL"),
    ({}, {"visits": [Visit("p", HANDED), Visit("q", ON_HAND)]}, "ON_HAND_ALREADY"),
    ({"again": True}, {"visits": [Visit("p", ON_HAND)]}, "ON_HAND_ALREADY"),
    ({}, {"visits": [Visit("p", HANDED)], "announcement": ELSEWHERE}, "HANDED_OVER_ALREADY"),
    ({"tail": ""}, {"announcement": ELSEWHERE, "announced_for": "乙站"}, "EXPECTED_ELSEWHERE"),
    ({"tail": ""}, {"recognised": ("STO", "YUNDA")}, "COURIER_NOT_CHOSEN"),
    ({"tail": ""}, {"recognised": ()}, "COURIER_NOT_CHOSEN"),
    ({"courier": "NOBODY", "tail": ""}, {}, "NO_SUCH_COURIER"),
    ({"person": "a" * 64}, {"receiver_known": False, "receiver_erased": True}, "NO_SUCH_PERSON"),
    ({"person": "a" * 64, "cod_fen": -1}, {"receiver_erased": True}, "PERSON_ERASED"),
    ({"tail": "", "cod_fen": -1}, {}, "RECEIVER_MISSING"),
    ({"tail": "", "name": "  "}, {}, "RECEIVER_MISSING"),
    ({"name": "长" * 31}, {}, "NAME_TOO_LONG"),
    ({"tail": "60a1"}, {}, "TAIL_WRONG"),
    ({"cod_fen": -1}, {"layer": None}, "AMOUNT_TOO_HIGH"),
    ({"freight_fen": 1_000_001}, {"layer": None}, "AMOUNT_TOO_HIGH"),
    ({}, {"layer": None}, "SHELVES_FULL"),
    ({}, {"layer": Layer("C", 1)}, "NO_SUCH_LAYER"),
    ({}, {"layer": Layer("A", 1)}, "LAYER_FULL"),
    ({"may_crowd": True}, {"layer": Layer("C", 1)}, "NO_SUCH_LAYER"),
    ({}, {"taken": frozenset(range(1, 10_000))}, "NO_CODE_FREE"),
]


@pytest.mark.parametrize(("command", "state", "reason"), REFUSED_AT_INTAKE)
def test_an_intake_is_refused(command: dict[str, Any], state: dict[str, Any], reason: str) -> None:
    decision = shelve(shelving(**state), asked(**command), NOW)
    assert isinstance(decision, Refusal)
    assert decision.reason == f"parcels.{reason}"


def shelved(command: dict[str, Any], state: dict[str, Any], now: Now = NOW) -> Any:
    decision = shelve(shelving(**state), asked(**command), now)
    assert not isinstance(decision, Refusal), decision
    (saying,) = decision
    assert isinstance(saying.body, ParcelShelved)
    return saying


def test_a_known_person_needs_no_words_of_the_label() -> None:
    saying = shelved({"person": "a" * 64, "name": "王秀兰", "tail": "6021"}, {})
    assert saying.private is None
    assert saying.body == ParcelShelved(
        courier="ZTO", waybill="73000000000017", after="", shelf="B", layer=2, serial=3, size="M",
        cod_fen=0, freight_fen=0, person="a" * 64, day="2026-11-25",
    )  # fmt: skip


def test_an_unknown_receiver_is_what_the_label_says() -> None:
    saying = shelved({"name": " 王秀兰 ", "tail": "", "phone": "13800006021"}, {})
    assert saying.private == Receiver(name="王秀兰", tail="6021", phone="13800006021")


@pytest.mark.parametrize(
    ("wanted", "now", "serial"),
    [
        (7, NOW, 7),  # the one that the screen showed
        (2, NOW, 3),  # taken meanwhile
        (0, NOW, 3),
        (7, NO_SHIFT, 105),  # two PCs: three digits, of which the remainder by eight is the slot
        (105, NO_SHIFT, 105),
        (104, NO_SHIFT, 105),  # the other PC's
    ],
)
def test_the_code_is_the_wanted_one_if_this_pc_may_give_it(
    wanted: int, now: Now, serial: int
) -> None:
    saying = shelved({"shelf": "B", "layer": 2, "serial": wanted}, {}, now)
    assert saying.body.serial == serial


@pytest.mark.parametrize(
    ("visits", "after"),
    [
        ([], ""),
        ([Visit("p", RETURNED)], "d" * 64),
        ([Visit("p", HANDED)], "c" * 64),
        ([Visit("p", HANDED), Visit("q", replace(RETURNED, after="c" * 64))], "d" * 64),
    ],
)
def test_the_next_visit_names_the_end_of_the_last(visits: list[Visit], after: str) -> None:
    assert shelved({"again": True}, {"visits": visits}).body.after == after


def test_what_went_back_to_the_courier_may_come_again_unasked() -> None:
    assert shelved({}, {"visits": [Visit("p", RETURNED)]}).body.after == "d" * 64


def test_the_operator_keeps_what_was_meant_for_another_station() -> None:
    saying = shelved({"stays_here": True}, {"announcement": ELSEWHERE, "recognised": ()})
    assert saying.body.courier == "ZTO"


def test_a_full_layer_takes_one_more_when_asked_to() -> None:
    state = {"layer": Layer("A", 1)}
    assert shelved({"may_crowd": True}, state).body.shelf == "A"


def test_the_operators_courier_goes_before_the_pattern() -> None:
    assert shelved({"courier": "YUNDA"}, {}).body.courier == "YUNDA"


# --- Corrections ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "command", "reason"),
    [
        ({"parcel": None, "receiver_known": False}, {"person": "b" * 64}, "NO_SUCH_PARCEL"),
        ({"parcel": Parcel(strays=("9" * 64,))}, {"person": "b" * 64}, "NO_SUCH_PARCEL"),
        ({"parcel": HANDED, "receiver_known": False}, {"person": "b" * 64}, "GONE_ALREADY"),
        ({"parcel": RETURNED}, {"person": "b" * 64}, "RETURNED_ALREADY"),
        ({"receiver_known": False}, {"person": "b" * 64}, "NO_SUCH_PERSON"),
        ({"receiver_erased": True}, {"person": "b" * 64}, "PERSON_ERASED"),
        ({}, {}, "RECEIVER_MISSING"),
        ({}, {"name": "长" * 31}, "NAME_TOO_LONG"),
        ({}, {"name": "王大牛", "tail": "12"}, "TAIL_WRONG"),
        ({}, {"person": "a" * 64}, "NOTHING_CHANGED"),
    ],
)
def test_a_correction_of_the_person_is_refused(
    state: dict[str, Any], command: dict[str, Any], reason: str
) -> None:
    decision = reassign(
        Reassigning(**{"parcel": ON_HAND, **state}), ReassignParcel(parcel="p", **command), NOW
    )
    assert isinstance(decision, Refusal)
    assert decision.reason == f"parcels.{reason}"


def test_a_parcel_is_filed_under_the_right_person() -> None:
    decision = reassign(
        Reassigning(parcel=ON_HAND), ReassignParcel(parcel="p", person="b" * 64), NOW
    )
    assert not isinstance(decision, Refusal)
    assert [(s.body, s.private, s.entity) for s in decision] == [
        (ParcelReassigned(person="b" * 64, day="2026-11-25"), None, "p")
    ]


@pytest.mark.parametrize(
    ("state", "command", "reason"),
    [
        ({"parcel": None}, {"shelf": "C"}, "NO_SUCH_PARCEL"),
        ({"parcel": HANDED}, {"shelf": "C"}, "GONE_ALREADY"),
        ({}, {"shelf": "B", "layer": 2}, "STANDS_THERE_ALREADY"),
        ({}, {"shelf": "C"}, "NO_SUCH_LAYER"),
        ({}, {"shelf": "A"}, "LAYER_FULL"),
        ({"taken": frozenset(range(1, 10_000))}, {"shelf": "B"}, "NO_CODE_FREE"),
    ],
)
def test_a_correction_of_the_place_is_refused(
    state: dict[str, Any], command: dict[str, Any], reason: str
) -> None:
    wanted: dict[str, Any] = {"parcel": ON_HAND, "room": ROOM, "taken": frozenset(), **state}
    decision = move(Moving(**wanted), MoveParcel(**{"parcel": "p", "layer": 1, **command}), NOW)
    assert isinstance(decision, Refusal)
    assert decision.reason == f"parcels.{reason}"


def test_a_parcel_is_put_elsewhere_with_a_new_code() -> None:
    state = Moving(parcel=ON_HAND, room=ROOM, taken=frozenset({1}), start=0)
    decision = move(state, MoveParcel(parcel="p", shelf="A", layer=2), NOW)
    assert not isinstance(decision, Refusal)
    assert decision[0].body == ParcelMoved(shelf="A", layer=2, serial=2, day="2026-11-25")


# --- Hand-over, return, telling ------------------------------------------------------------------

COD = Parcel(
    courier="JTSD", waybill="JT0000000000017", shelf="C", layer=1, serial=9, status="on_hand",
    cod_fen=86_00, freight_fen=12_00, founders=("2" * 64,),
)  # fmt: skip
DEAR = Parcel(courier="JTSD", shelf="C", layer=1, serial=9, status="on_hand", cod_fen=500_01)


@pytest.mark.parametrize(
    ("chosen", "command", "now", "reason"),
    [
        ([], {"taken_by": "on_behalf"}, NO_SHIFT, "NOTHING_CHOSEN"),
        ([("p", ON_HAND)] * 61, {}, NOW, "TOO_MANY"),
        ([("p", ON_HAND), ("q", None)], {"taken_by": "on_behalf"}, NOW, "NO_SUCH_PARCEL"),
        ([("p", HANDED)], {"taken_by": "on_behalf"}, NOW, "GONE_ALREADY"),
        ([("p", RETURNED)], {}, NOW, "RETURNED_ALREADY"),
        ([("p", DEAR)], {"taken_by": "on_behalf"}, NO_SHIFT, "COLLECTOR_MISSING"),
        ([("p", DEAR)], {"taken_by": "on_behalf", "collector": "赵喜"}, NOW, "RELATION_MISSING"),
        (
            [("p", DEAR)],
            {"taken_by": "on_behalf", "collector": "长" * 31, "relation": "邻居"},
            NOW,
            "NAME_TOO_LONG",
        ),
        (
            [("p", DEAR)],
            {"taken_by": "on_behalf", "collector": "赵喜", "relation": "邻居"},
            NO_SHIFT,
            "ON_BEHALF_NEEDS_PROOF",
        ),
        ([("p", COD)], {"paid_fen": 0}, NO_SHIFT, "NO_SHIFT_OPEN"),
        ([("p", COD)], {"paid_fen": 0}, NOW, "BALANCE_STILL_DUE"),
        ([("p", COD)], {"paid_fen": 98_01}, NOW, "BALANCE_STILL_DUE"),
        ([("p", ON_HAND)], {"paid_fen": 1}, NOW, "BALANCE_STILL_DUE"),
    ],
)
def test_a_hand_over_is_refused(
    chosen: list[tuple[str, Parcel | None]], command: dict[str, Any], now: Now, reason: str
) -> None:
    asked_for = HandOverParcels(**{"parcels": ("p",), "paid_fen": 0, **command})
    decision = hand_over(HandingOver(chosen=chosen, slip=7), asked_for, now)
    assert isinstance(decision, Refusal)
    assert decision.reason == f"parcels.{reason}"


def test_parcels_without_money_need_no_shift() -> None:
    decision = hand_over(
        HandingOver(chosen=[("p", ON_HAND)], slip=7),
        HandOverParcels(parcels=("p",), paid_fen=0, check="known"),
        NO_SHIFT,
    )
    assert not isinstance(decision, Refusal)
    assert [(s.body, s.private, s.entity) for s in decision] == [
        (
            ParcelHandedOver(
                courier="ZTO",
                taken_by="self",
                check="known",
                cod_fen=0,
                freight_fen=0,
                slip=7,
                day="2026-11-25",
            ),
            None,
            "p",
        )
    ]


def test_a_neighbour_takes_a_dear_parcel_by_her_papers() -> None:
    decision = hand_over(
        HandingOver(chosen=[("p", DEAR)], slip=7),
        HandOverParcels(
            parcels=("p",), paid_fen=500_01, taken_by="on_behalf", check="id_tail",
            collector=" 赵喜 ", relation="邻居",
        ),
        NOW,
    )  # fmt: skip
    assert not isinstance(decision, Refusal)
    assert decision[0].private == Collector(name="赵喜", relation="邻居")


@pytest.mark.parametrize(
    ("chosen", "why", "reason"),
    [
        ([], "overdue", "NOTHING_CHOSEN"),
        ([("p", HANDED)], "", "GONE_ALREADY"),
        ([("p", ON_HAND)], "", "REASON_MISSING"),
        ([("p", ON_HAND)], "bored", "REASON_MISSING"),
    ],
)
def test_a_return_is_refused(
    chosen: list[tuple[str, Parcel | None]], why: str, reason: str
) -> None:
    decision = give_back(chosen, ReturnParcels(parcels=("p",), reason=why), NOW)
    assert isinstance(decision, Refusal)
    assert decision.reason == f"parcels.{reason}"


def test_parcels_go_back_and_receivers_are_told() -> None:
    chosen = [("p", ON_HAND), ("q", COD)]
    back = give_back(chosen, ReturnParcels(parcels=("p", "q"), reason="overdue"), NOW)
    assert not isinstance(back, Refusal)
    assert [(s.body.courier, s.entity) for s in back if isinstance(s.body, ParcelReturned)] == [
        ("ZTO", "p"),
        ("JTSD", "q"),
    ]
    told = tell_receiver(
        chosen, TellReceiver(parcels=("p", "q"), way="phone", outcome="no_answer"), NOW
    )
    assert not isinstance(told, Refusal)
    assert told[1].body == ParcelTold(way="phone", outcome="no_answer", day="2026-11-25")


def test_nobody_is_told_of_a_parcel_that_is_gone() -> None:
    decision = tell_receiver([("p", HANDED)], TellReceiver(parcels=("p",), way="note"), NOW)
    assert isinstance(decision, Refusal)


# --- The books -----------------------------------------------------------------------------------


def told_of(body: Body) -> Told:
    return Told(
        identity="1" * 64, stream="NX0601/D1/00112233445566aa", seq=1, act="ABCDEFGHIJKLMNOP",
        at=1, kind=body.KIND, by="", entity="", body=body,
    )  # fmt: skip


def test_what_a_hand_over_collects_is_the_couriers() -> None:
    body = ParcelHandedOver(
        courier="JTSD", taken_by="self", check="known", cod_fen=86_00, freight_fen=12_00, slip=1,
        day="2026-11-25",
    )  # fmt: skip
    entry = POSTINGS[ParcelHandedOver](told_of(body))
    assert not imbalance(entry)
    assert total(entry, "Liabilities:Held:COD:JTSD:Here") == -86_00
    assert total(entry, "Liabilities:Held:Freight:JTSD:Here") == -12_00
    assert total(entry, "Equity:Counter:ABCDEFGHIJKLMNOP") == 98_00
    assert total(entry, "Equity:Pieces:Villager", "PCS") == 1
    assert total(entry, "Equity:Pieces:Shelf", "PCS") == -1


def test_a_piece_comes_and_goes() -> None:
    came = ParcelShelved(
        courier="ZTO", waybill="73000000000017", after="", shelf="B", layer=2, serial=8, size="M",
        cod_fen=86_00, freight_fen=0, person="", day="2026-11-25",
    )  # fmt: skip
    entry = POSTINGS[ParcelShelved](told_of(came))
    assert total(entry, "Equity:Pieces:Shelf", "PCS") == 1
    assert total(entry, "Equity:Pieces:Courier:ZTO", "PCS") == -1
    assert {line.commodity for line in entry} == {"PCS"}  # nothing is owed before it is collected
    back = ParcelReturned(courier="ZTO", reason="overdue", day="2026-11-25")
    assert total(POSTINGS[ParcelReturned](told_of(back)), "Equity:Pieces:Returned", "PCS") == 1

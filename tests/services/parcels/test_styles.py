"""Pickup codes in the county's style: told apart on paper, also by PCs apart."""

import json
import os
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from station_app.reference.facts import SettingPublished
from station_app.services.parcels import records
from station_app.services.parcels.commands import FindParcel, LoseParcel, MoveParcel
from station_app.services.parcels.places import Code, parse_codes
from station_app.services.parcels.styles import Giver, MadeOf, choose_number
from tests.services.parcels.shop import Shop, shops

ZTO, SAME_TAIL, OTHER = "73000000000017", "75000000010017", "73000000000024"
REST = 30


def is_set(shop: Shop, style: str) -> None:
    shop.county(
        SettingPublished(name="parcels.code_style", station="", value=style, day="2025-11-25")
    )


def code_of(shop: Shop, parcel: str) -> str:
    row = records.parcel_row(shop.connection, parcel)
    assert row is not None
    return str(row.code)


# --- One PC -----------------------------------------------------------------------------------


def test_the_tail_of_the_waybill_stands_behind_the_place():
    with shops(1) as (shop,):
        is_set(shop, "waybill")
        first = shop.shelve(ZTO, tail="6021", shelf="B", layer=2)
        assert code_of(shop, first) == "B-2-0017"
        same = shop.shelve(SAME_TAIL, tail="3308", shelf="B", layer=2)
        assert code_of(shop, same) == "B-2-01", "that tail stands here already"
        elsewhere = shop.shelve("76000000020017", tail="3308", shelf="B", layer=3)
        assert code_of(shop, elsewhere) == "B-3-0017"
        bare = shop.shelve("", tail="3308", shelf="B", layer=3)
        assert code_of(shop, bare) == "B-3-01", "without a number there is no tail"


def test_the_last_digit_of_the_phone_stands_before_the_place():
    with shops(1) as (shop,):
        is_set(shop, "phone")
        wang = shop.villager("王秀兰", "13800006021")
        first = shop.shelve(ZTO, person=wang, shelf="B", layer=2)
        second = shop.shelve(OTHER, tail="3301", shelf="B", layer=2)
        third = shop.shelve(SAME_TAIL, tail="3308", shelf="B", layer=2)
        codes = [code_of(shop, one) for one in (first, second, third)]
        assert codes == ["1-B2-01", "1-B2-02", "8-B2-01"]
        nobodys = shop.shelve("76000000020017", name="孙平", shelf="B", layer=2)
        assert code_of(shop, nobodys) == "B-2-01", "without a phone there is no digit"


@pytest.mark.parametrize(
    ("style", "moved", "found"),
    [
        ("serial", "C-1-01", "C-2-01"),
        ("waybill", "C-1-0017", "C-2-0017"),
        ("phone", "1-C1-01", "1-C2-01"),
    ],
)
def test_moved_or_found_it_keeps_to_the_style(style, moved, found):
    with shops(1) as (shop,):
        is_set(shop, style)
        parcel = shop.shelve(ZTO, person=shop.villager("王秀兰", "13800006021"), shelf="B", layer=2)
        shop.do(MoveParcel(parcel=parcel, shelf="C", layer=1))
        assert code_of(shop, parcel) == moved
        shop.do(LoseParcel(parcel=parcel))
        shop.do(FindParcel(parcel=parcel, shelf="C", layer=2))
        assert code_of(shop, parcel) == found


@pytest.mark.parametrize(("style", "code"), [("waybill", "A-1-0017"), ("phone", "1-A1-01")])
def test_a_code_that_was_used_rests_for_thirty_days(style, code):
    with shops(1) as (shop,):
        is_set(shop, style)
        first = shop.shelve(ZTO, tail="6021", shelf="A", layer=1)
        assert code_of(shop, first) == code
        shop.hand_over(first)
        shop.is_now(day="2025-12-25")
        assert code_of(shop, shop.shelve(SAME_TAIL, tail="6021", shelf="A", layer=1)) != code
        shop.is_now(day="2026-01-25")
        again = shop.shelve("76000000020017", tail="6021", shelf="A", layer=1)
        assert code_of(shop, again) == code


def test_codes_of_the_style_before_are_never_given_again_in_other_letters():
    taken = frozenset({1234})
    alone = Giver(slot=0, slots=1, start=0)
    tail = choose_number(MadeOf("waybill", "73000000001234"), taken, alone)
    assert str(Code("A", 1, tail)) == "A-1-01", "a serial A-1-1234 is on hand"
    long = frozenset(range(1, 1234)) | {1_001_234}
    serial = choose_number(MadeOf(), long, Giver(slot=2, slots=1, start=1133))
    assert serial % 8 == 2
    assert str(Code("A", 1, serial)) != "A-1-1234", "the tail A-1-1234 is on hand"


# --- Two PCs that do not hear each other --------------------------------------------------------


def test_two_pcs_apart_shelve_the_same_tail_and_the_codes_differ():
    with shops(2) as (one, two):
        for shop in (one, two):
            is_set(shop, "waybill")
        here = one.shelve(ZTO, tail="6021", shelf="B", layer=2)
        there = two.shelve(SAME_TAIL, tail="3308", shelf="B", layer=2)
        assert (code_of(one, here), code_of(two, there)) == ("B-2-0017A", "B-2-0017B")
        one.hears(two)
        for typed, parcel in (("b20017a", here), ("B-2-0017B", there)):
            (code,) = parse_codes(typed)
            assert [r.parcel for r in records.by_code(one.connection, code)] == [parcel]


class Apart(RuleBasedStateMachine):
    """Two PCs give codes for one layer; the second comes later, and styles change."""

    def __init__(self) -> None:
        super().__init__()
        self.slots = 1
        self.day = 100
        self.style = "serial"
        self.on_hand: list[dict[int, str]] = [{}, {}]
        self.used: list[dict[int, int]] = [{}, {}]
        self.given: dict[str, int] = {}

    @rule(style=st.sampled_from(("serial", "waybill", "phone")))
    def change_style(self, style: str) -> None:
        self.style = style

    @rule()
    def second_pc_comes(self) -> None:
        self.slots = 2

    @rule()
    def they_hear_of_each_other(self) -> None:
        every = self.used[0].keys() | self.used[1].keys()
        known = {n: max(used.get(n, 0) for used in self.used) for n in every}
        self.used = [dict(known), dict(known)]

    @rule(days=st.integers(1, 40))
    def days_pass(self, days: int) -> None:
        self.day += days

    @rule(
        pc=st.integers(0, 1), tails=st.lists(st.integers(1000, 1012), max_size=12),
        start=st.integers(0, 5000),
    )  # fmt: skip
    def shelve(self, pc: int, tails: list[int], start: int) -> None:
        if pc >= self.slots:
            return
        for tail in tails:
            taken = {n for n, day in self.used[pc].items() if day >= self.day - REST}
            made_of = MadeOf(self.style, f"7300000000{tail}", f"1380000{tail}")
            giver = Giver(slot=pc, slots=self.slots, start=start)
            number = choose_number(made_of, taken | self.on_hand[pc].keys(), giver)
            printed = str(Code("A", 1, number))
            assert printed not in {c for one in self.on_hand for c in one.values()}
            assert self.given.get(printed, -99) < self.day - REST
            self.on_hand[pc][number] = printed
            self.used[pc][number] = self.given[printed] = self.day

    @rule(pc=st.integers(0, 1), every=st.integers(1, 4))
    def hand_over(self, pc: int, every: int) -> None:
        for number in sorted(self.on_hand[pc])[::every]:
            self.given[self.on_hand[pc].pop(number)] = self.day
            self.used[pc][number] = self.day

    @invariant()
    def each_code_finds_one(self) -> None:
        everything = [c for one in self.on_hand for c in one.values()]
        assert len(everything) == len(set(everything))


TestApart = Apart.TestCase
TestApart.settings = settings(max_examples=60, stateful_step_count=25, deadline=None)


# --- At the counter -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("style", "code", "words"),
    [
        ("waybill", "A-1-0017", "A 架 1 层，单号尾 0017"),
        ("phone", "1-A1-01", "A 架 1 层，手机尾 1 的第 1 件"),
    ],
)
def test_the_intake_shows_and_prints_the_code_of_the_style(station, style, code, words):
    shop = station.shop
    is_set(shop, style)
    shop.villager("王秀兰", "13800006021")
    station.press("F2")
    station.scan(ZTO)
    station.type("6021")
    assert words in station.words()
    station.assert_fits()
    if os.environ.get("SENSES_PICTURES"):
        station.picture(Path(os.environ["SENSES_PICTURES"]), f"intake_{style}")
    station.press("Enter")
    (row,) = records.on_hand(shop.connection)
    assert str(row.code) == code
    label = json.loads(shop.jobs()[-1][1])
    assert label["elements"][0]["text"] == code


@pytest.mark.parametrize(
    ("style", "typed"), [("serial", "a101"), ("waybill", "a10017"), ("phone", "1a101")]
)
def test_a_code_alone_finds_a_parcel_and_releases_nothing(station, style, typed):
    shop = station.shop
    is_set(shop, style)
    shop.shelve(ZTO, person=shop.villager("王秀兰", "13800006021"), shelf="A", layer=1)
    station.press("F3")
    station.type(typed)
    station.press("Enter")
    assert "王秀兰" in station.words()
    assert station.primary[1] is False
    assert station.reason == "还差 1 件没扫"
    station.press("Enter")
    assert len(records.on_hand(shop.connection)) == 1, "whoever knows a code has nothing yet"
    station.scan(ZTO)
    station.press("Enter")
    assert not records.on_hand(shop.connection)

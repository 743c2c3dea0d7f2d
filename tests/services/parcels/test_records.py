"""Queries over parcels: what they answer, and that none of them walks through the years."""

from dataclasses import replace
from typing import Any

import pytest

from station_app.journal.store import transaction
from station_app.reference import records as reference
from station_app.services.parcels import index, message_records, records
from station_app.services.parcels.commands import ReturnParcels, ShelveParcel, TellReceiver
from station_app.services.parcels.gathering import Gatherer, Guess
from station_app.services.parcels.places import Code, Layer
from station_app.services.people import records as people_records
from station_app.services.people.commands import Details, RegisterPerson
from tests.services.parcels.shop import Shop, shops

ZTO = "73000000000017"


def shown(rows: list[records.ParcelRow]) -> list[str]:
    return [str(row.code) for row in rows]


def test_parcels_of_a_person_a_household_and_a_label() -> None:
    with shops(1) as (shop,):
        wang = shop.villager("王秀兰", "13800006021", household="060103001")
        zhao = shop.villager("赵根喜", household="060103001")
        shop.shelve(ZTO, person=wang)
        shop.shelve("73000000000024", person=wang)
        shop.shelve("JT0000000000017", person=zhao)
        shop.shelve("JT0000000000024", tail="6021", name="王秀兰")
        shop.shelve("JT0000000000031", tail="6021", name="王大牛")
        read = shop.connection
        people = people_records.household(read, "060103001")
        assert [p.name for p in people] == ["王秀兰", "赵根喜"]
        assert shown(records.on_hand_of(read, (wang,))) == ["A-1-01", "A-1-02"]
        assert len(records.on_hand_of(read, [p.identity for p in people])) == 3
        assert len(records.on_hand_for_label(read, "6021")) == 2
        assert len(records.on_hand_for_label(read, "6021", "王大牛")) == 1
        assert not records.on_hand_for_label(read, "")
        assert [(r.name, r.tail, r.on_hand) for r in index.find_labels(read, "王大")] == [
            ("王大牛", "6021", 1)
        ]
        assert [r.name for r in index.find_labels(read, "wdn")] == ["王大牛"]


def test_whoever_waits_is_found_behind_all_the_labels_of_years() -> None:
    with shops(1) as (shop,):
        first = shop.shelve(ZTO, name="王大牛", tail="6021")
        waiting = index._label_row("6021", "王大牛")
        gone = [(row, "王 王大", "王大河", f"{row:04}") for row in range(1, 400)]
        assert waiting > 400, "the label that waits is the last in the index"
        with transaction(shop.connection):
            shop.connection.executemany(
                "INSERT INTO receivers_index(rowid, words, name, tail) VALUES (?, ?, ?, ?)", gone
            )
        found = index.find_labels(shop.connection, "王")
        assert [(row.name, row.tail, row.on_hand) for row in found] == [("王大牛", "6021", 1)]
        shop.hand_over(first)
        assert index.find_labels(shop.connection, "王") == []


def test_a_parcel_is_found_by_code_waybill_and_our_own_label() -> None:
    with shops(1) as (shop,):
        first = shop.shelve(ZTO, tail="6021", shelf="B", layer=2, serial=8)
        read = shop.connection
        assert [r.parcel for r in records.by_code(read, Code("B", 2, 8))] == [first]
        assert not records.by_code(read, Code("B", 2, 9))
        assert [r.parcel for r in records.by_waybill(read, ZTO)] == [first]
        assert [r.parcel for r in records.starts_with(read, "73000000")] == [first]
        assert not records.starts_with(read, "74")
        assert [r.parcel for r in records.by_prefix(read, first[:20])] == [first]
        assert not records.by_prefix(read, "0" * 20)


def test_our_own_label_finds_a_visit_that_was_joined_to_another() -> None:
    with shops(2) as (one, two):
        parcels = [one.shelve(ZTO, tail="6021"), two.shelve(ZTO, tail="6021")]
        one.hears(two)
        rows = [records.by_prefix(one.connection, parcel[:20])[0].parcel for parcel in parcels]
        assert rows == [min(parcels)] * 2


def test_each_courier_has_its_own_days_and_none_of_them_means_never() -> None:
    """The county's setting of each courier; 0: this one is never asked for."""
    with shops(1) as (shop,):
        shop.shelve("73000000000017", tail="6021")
        couriers = {one.code: one for one in reference.courier_rules(shop.connection, "2025-11-25")}
        for days, stages in (
            ((3, 5, 7), ["", "remind", "remind", "call", "call", "return"]),
            ((2, 4, 6), ["remind", "remind", "call", "call", "return", "return"]),
            ((0, 0, 6), ["", "", "", "", "return", "return"]),
            ((4, 0, 0), ["", "", "remind", "remind", "remind", "remind"]),
        ):
            remind, call, back = days
            zto = replace(couriers["ZTO"], remind_days=remind, call_days=call, return_days=back)
            assert [records.stage_of(age, zto) for age in range(2, 8)] == stages


def test_overdue_by_the_days_of_its_courier() -> None:
    with shops(1) as (shop,):
        for day in ("18", "20", "22", "23", "25"):
            shop.is_now(day=f"2025-11-{day}")
            shop.shelve(f"730000000000{day}", tail="6021")
        couriers = reference.courier_rules(shop.connection, "2025-11-25")
        found = records.overdue(shop.connection, "2025-11-25", couriers)
        assert [(o.row.waybill[-2:], o.age, o.stage) for o in found] == [
            ("18", 7, "return"), ("20", 5, "call"), ("22", 3, "remind"),
        ]  # fmt: skip
        counts = records.counts(shop.connection, "2025-11-25", couriers)
        assert counts == records.Counts(
            on_hand=5, in_today=1, out_today=0, untold=5, overdue=3, due_fen=0
        )
        back = found[0].row.parcel
        shop.do(ReturnParcels(parcels=(back,), reason="overdue"))
        shop.do(TellReceiver(parcels=(found[1].row.parcel,), way="phone"))
        counts = records.counts(shop.connection, "2025-11-25", couriers)
        assert (counts.on_hand, counts.out_today, counts.untold, counts.overdue) == (4, 1, 3, 2)


def test_the_round_of_this_pc_newest_first() -> None:
    with shops(2) as (one, two):
        mine = [one.shelve(f"7300000000000{n}", tail="6021") for n in range(3)]
        two.is_now(at=one.now.at + 60_000)
        theirs = two.shelve(ZTO, tail="6021")
        one.hears(two)
        day = one.now.day
        read = one.connection
        everything = [r.parcel for r in records.recent_intake(read, day)]
        assert everything == [theirs, *reversed(mine)]
        own = records.recent_intake(read, day, device="D1")
        assert [r.parcel for r in own] == mine[::-1]
        late = records.recent_intake(read, day, since=own[0].at_in)
        assert [r.parcel for r in late] == [theirs, mine[-1]]


def test_codes_do_not_come_back_for_thirty_days() -> None:
    with shops(1) as (shop,):
        parcel = shop.shelve(ZTO, tail="6021", shelf="A", layer=1, serial=1)
        shop.is_now(day="2025-12-20")
        shop.hand_over(parcel)
        layer = Layer("A", 1)
        assert records.taken(shop.connection, layer, "2026-01-19") == {1}
        assert not records.taken(shop.connection, layer, "2026-01-20")


# --- Which courier -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("waybill", "guess"),
    [
        (ZTO, Guess("ZTO", "pattern", ("ZTO",))),
        ("430000000000017", Guess("", "", ("STO", "YUNDA"))),  # both have it
        ("SN000000000017", Guess("", "", ("SUNING", "SF", "JTSD", "ZTO", "STO", "YUNDA", "OTHER"))),
    ],
)
def test_whose_waybill_it_is(waybill: str, guess: Guess) -> None:
    with shops(1) as (shop,):
        found = shop.gatherer.guess(shop.connection, waybill, shop.now)
        if guess.candidates[0] == "SUNING":
            assert found.candidates[0] == "SUNING"
            assert set(found.candidates) == set(guess.candidates)
        else:
            assert found == guess


def test_a_choice_is_remembered_for_that_prefix_and_length() -> None:
    with shops(1) as (shop,):
        assert shop.no(
            ShelveParcel(courier="", waybill="430000000000017", tail="6021")
        ).reason.endswith("COURIER_NOT_CHOSEN")
        shop.shelve("430000000000017", tail="6021", courier="YUNDA")
        asked = shop.gatherer.guess(shop.connection, "430000000000024", shop.now)
        assert asked == Guess("YUNDA", "remembered", ("STO", "YUNDA"))
        # Another length is another question.
        other = shop.gatherer.guess(shop.connection, "43000000000001", shop.now)
        assert other.courier != "YUNDA"


def test_nobodys_pattern_is_asked_once_for_its_shape() -> None:
    with shops(1) as (shop,):
        first = shop.gatherer.guess(shop.connection, "QX12345678", shop.now)
        assert not first.courier
        assert first.candidates
        shop.shelve("QX12345678", tail="6021", courier="SF")
        assert shop.gatherer.guess(shop.connection, "QX12345679", shop.now).courier == "SF"


def test_who_must_be_named_each_time_is_asked_each_time() -> None:
    with shops(1) as (shop,):
        shop.shelve("SN000000000017", tail="6021", courier="SUNING")
        found = shop.gatherer.guess(shop.connection, "SN000000000024", shop.now)
        assert not found.courier
        assert found.candidates[0] == "SUNING"


def test_the_next_parcel_goes_to_her_others() -> None:
    with shops(1) as (shop,):
        wang = shop.villager("王秀兰", "13800006021")
        shop.shelve(ZTO, person=wang, shelf="C", layer=2)
        command = ShelveParcel(courier="", waybill="73000000000024", person=wang)
        proposal = shop.gatherer.propose(shop.connection, command, shop.now)
        assert str(proposal.code) == "C-2-02"
        assert proposal.left == 11
        other = ShelveParcel(courier="", waybill="73000000000031", tail="1111")
        assert str(shop.gatherer.propose(shop.connection, other, shop.now).code) == "A-1-01"


def test_a_station_that_nobody_has_described_works_all_the_same() -> None:
    shop = Shop()
    named = ShelveParcel(courier="ZTO", waybill=ZTO, tail="6021")
    assert shop.no(named).reason == "parcels.NO_SUCH_COURIER"
    shop.do(replace(named, courier="OTHER"))
    proposal = Gatherer(people_records).propose(
        shop.connection, ShelveParcel(courier="", waybill=""), shop.now
    )
    assert str(proposal.code) == "A-2-01"
    shop.close()


# --- No walk through everything ------------------------------------------------------------------


class Watched:
    """A connection that keeps how each query would be carried out."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection
        self.plans: list[str] = []

    def execute(self, sql: str, parameters: Any = ()) -> Any:
        rows = self._connection.execute(f"EXPLAIN QUERY PLAN {sql}", parameters).fetchall()
        self.plans += [f"{row[3]} << {sql}" for row in rows]
        return self._connection.execute(sql, parameters)

    def executemany(self, sql: str, parameters: Any) -> Any:
        return self._connection.executemany(sql, parameters)


def test_every_query_is_a_look_up() -> None:
    with shops(1) as (shop,):
        wang = shop.villager("王秀兰", "13800006021", household="1")
        parcel = shop.shelve(ZTO, person=wang)
        shop.shelve("JT0000000000017", tail="6021", name="王大牛")
        watched = Watched(shop.connection)
        couriers = reference.courier_rules(shop.connection, "2025-11-25")
        records.parcel_row(watched, parcel)
        records.parcel_state(watched, parcel)
        records.by_prefix(watched, parcel[:20])
        records.by_waybill(watched, ZTO)
        records.starts_with(watched, "7300")
        records.by_code(watched, Code("A", 1, 1))
        records.on_hand_of(watched, (wang,))
        records.on_hand_for_label(watched, "6021")
        records.on_hand_for_label(watched, "6021", "王大牛")
        records.history_of(watched, (wang,), 10)
        records.facts_about(watched, (wang,))
        records.room(watched, None)
        records.taken(watched, Layer("A", 1), "2025-11-25")
        records.overdue(watched, "2025-11-25", couriers)
        records.counts(watched, "2025-11-25", couriers)
        records.recent_intake(watched, "2025-11-25")
        message_records.messages_about(watched, records.on_hand(shop.connection))
        records.on_layer(watched, Layer("A", 1))
        records.announcement(watched, ZTO, "NX0601")
        index.find_labels(watched, "王大")
        people_records.find(watched, "王秀")
        people_records.by_tail(watched, "6021")
        people_records.household(watched, "1")
        people_records.person(watched, wang)
        people_records.names_of(watched, wang)
        command = RegisterPerson(details=Details(name="王秀兰", phone="13800006021"))
        people_records.gather_register(watched, command, shop.now)
        walks = [plan for plan in watched.plans if plan.startswith("SCAN")]
        allowed = ("people_index VIRTUAL TABLE INDEX", "receivers_index VIRTUAL TABLE INDEX")
        assert [w for w in walks if not any(a in w for a in allowed)] == []
        assert len(watched.plans) > 25

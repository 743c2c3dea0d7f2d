"""Two records of one villager: one stands for both, everything follows, and it can be taken back.

Two PCs that are apart may file one record under two people: then neither holds until somebody says
which, and the case says it in plain words.
"""

from dataclasses import dataclass

import pytest

from station_app.services.cash.commands import TakePayment
from station_app.services.cash.facts import Tender
from station_app.services.parcels.commands import HandOverParcels
from station_app.services.people import case_telling, records
from station_app.services.people.commands import (
    ErasePerson,
    LimitCredit,
    MergePersons,
    TakeMergeBack,
)
from station_app.services.people.merging import MERGED_DIFFERENTLY
from station_app.values.paying import Credit
from tests.long_shelf import HEIGHTS
from tests.services.parcels.shop import TEXTS, shops

ZTO, MORE = "73000000000017", "73000000000024"


@dataclass(frozen=True)
class Known:
    """Four records: a mother, herself once more, her son, and a namesake of another hamlet."""

    mother: str
    again: str
    son: str
    stranger: str


def register_four(shop):
    return Known(
        mother=shop.villager("王秀兰", "13800006021", hamlet="第3组", household="7"),
        again=shop.villager("王秀蓝", "13800003308", hamlet="第3组"),
        son=shop.villager("王小明", "", hamlet="第3组", household="7"),
        stranger=shop.villager("王秀兰", "13900000000", hamlet="第9组"),
    )


@pytest.fixture
def two():
    """One PC, and whom it knows."""
    with shops(1) as (shop,):
        yield shop, register_four(shop)


@pytest.fixture
def apart():
    """Two PCs of a station that know the same four records, and do not hear each other."""
    with shops(2) as (one, other):
        known = register_four(one)
        other.hears(one)
        yield (one, other), known


def found(shop, typed):
    return [person.identity for person in records.find(shop.connection, typed)]


def described(shop, identity):
    person = records.person(shop.connection, identity)
    assert person is not None
    return person.name


def merge(shop, kept, other):
    return shop.do(MergePersons(kept=kept, other=other))


def test_search_household_and_parcels_follow(two):
    shop, known = two
    first = shop.shelve(ZTO, person=known.mother)
    second = shop.shelve(MORE, person=known.again)
    before = records.count_persons(shop.connection)
    merge(shop, known.mother, known.again)
    for typed in ("王秀蓝", "3308", "6021"):
        assert known.mother in found(shop, typed), typed
        assert known.again not in found(shop, typed), typed
    assert records.count_persons(shop.connection) == before - 1
    for identity in (known.mother, known.again):
        assert described(shop, identity) == "王秀兰"
        hers = shop.gatherer.theirs(shop.connection, identity, "", "")
        assert {row.parcel for row in hers} == {first, second}
    family = records.household(shop.connection, "7")
    assert {person.identity for person in family} == {known.mother, known.son}
    assert [p.identity for p in records.by_tail(shop.connection, "3308")] == [known.mother]


def test_what_she_owes_is_one_sum_under_the_limit_of_the_record_that_stands(two):
    shop, known = two
    shop.is_now(is_manager=True)
    shop.do(LimitCredit(person=known.mother, limit_fen=10_000))
    merge(shop, known.mother, known.again)
    for waybill, person in ((ZTO, known.mother), (MORE, known.again)):
        parcel = shop.shelve(waybill, person=person, cod_fen=3_000)
        tender = Tender(way="account", amount_fen=3_000, person=person)
        shop.do(
            HandOverParcels(parcels=(parcel,), paid_fen=3_000),
            TakePayment(due_fen=3_000, tenders=(tender,)),
        )
    for person in (known.mother, known.again):
        assert records.credit(shop.connection, person) == Credit(limit_fen=10_000, owes_fen=6_000)


def test_a_merge_is_undone_in_the_shift_and_taken_back_later(two):
    shop, known = two
    done = merge(shop, known.mother, known.again)
    shop.undo(done.act)
    assert known.again in found(shop, "王秀蓝")
    claim = merge(shop, known.mother, known.again).told[0].identity
    assert known.again not in found(shop, "王秀蓝")
    shop.do(TakeMergeBack(merge=claim, claim=claim))
    assert known.again in found(shop, "王秀蓝")
    assert records.names_of(shop.connection, known.mother) == (known.mother,)
    assert shop.no(TakeMergeBack(merge=claim, claim=claim)).reason == "people.NOT_MERGED"
    merge(shop, known.mother, known.again)
    assert known.again not in found(shop, "王秀蓝")


def test_who_is_one_already_or_erased_is_not_merged(two):
    shop, known = two
    merge(shop, known.mother, known.again)
    assert shop.no(MergePersons(kept=known.again, other=known.mother)).reason == (
        "people.MERGED_ALREADY"
    )
    merge(shop, known.mother, known.son)
    assert set(records.names_of(shop.connection, known.son)) == {
        known.mother, known.again, known.son,
    }  # fmt: skip
    shop.is_now(is_manager=True)
    shop.do(ErasePerson(person=known.stranger))
    assert shop.no(MergePersons(kept=known.mother, other=known.stranger)).reason == (
        "people.ERASED_ALREADY"
    )


def test_an_erasure_takes_every_record_of_hers(two):
    shop, known = two
    merge(shop, known.mother, known.again)
    shop.is_now(is_manager=True)
    names = records.names_of(shop.connection, known.mother)
    shop.do(ErasePerson(person=known.mother, names=names))
    assert not found(shop, "王秀蓝")
    assert not described(shop, known.again)


def test_two_pcs_that_say_the_same_thing_the_other_way_round_agree(apart):
    (one, other), known = apart
    merge(one, known.mother, known.again)
    merge(other, known.again, known.mother)
    one.hears(other)
    other.hears(one)
    roots = {
        records.root_of(shop.connection, p)
        for shop in (one, other)
        for p in (known.mother, known.again)
    }
    assert roots == {min(known.mother, known.again)}
    assert not cases(one)


def cases(shop):
    return shop.connection.execute(
        "SELECT kind, entity, members FROM cases ORDER BY entity"
    ).fetchall()


def test_two_pcs_that_file_one_record_under_two_people_open_a_case(apart):
    (one, other), known = apart
    claim = merge(one, known.mother, known.again).told[0].identity
    rival = merge(other, known.stranger, known.again).told[0].identity
    one.hears(other)
    other.hears(one)
    for shop in (one, other):
        assert records.root_of(shop.connection, known.again) == known.again, "neither holds"
        ((case, entity, _members),) = cases(shop)
        assert case == MERGED_DIFFERENTLY
        words = case_telling.describe(shop.connection, case, entity, (claim, rival), TEXTS)
        assert words.title == "一条并给了两位"
        assert words.hint.startswith("王秀蓝 在两台电脑上并给了不同的人")
        assert {side.words for side in words.sides} == {
            "王秀兰 第3组 6021", "王秀兰 第9组 0000",
        }  # fmt: skip
        assert {side.who for side in words.sides} == {"1 号电脑", "2 号电脑"}
    following = case_telling.decide(one.connection, case, (claim, rival), claim, TEXTS)
    assert following is not None
    one.do(*following.commands)
    other.hears(one)
    for shop in (one, other):
        assert not cases(shop)
        assert records.root_of(shop.connection, known.again) == known.mother


# --- By keys -------------------------------------------------------------------------------------


@pytest.fixture
def register(station):
    shop = station.shop
    station.mother = shop.villager("王秀兰", "13800006021", hamlet="第3组")
    station.again = shop.villager("王秀蓝", "13800003308", hamlet="第3组")
    station.press("F7")
    return station


def test_two_records_are_made_one_by_keys_and_two_again(register):
    register.type("6021")
    register.press("Ctrl+M")
    assert register.reason == "先在左边找出另一条"
    register.type("3308")
    assert "王秀蓝 并到 王秀兰 名下" in register.words()
    register.press("F11")
    assert "王秀兰 并到 王秀蓝 名下" in register.words()
    register.press("F11", "Enter")
    assert register.toasts[-1] == "王秀蓝 并到 王秀兰 名下了"
    assert "并进来 1 条：王秀蓝·3308" in register.words()
    assert records.root_of(register.shop.connection, register.again) == register.mother
    register.press("Ctrl+K")
    assert register.toasts[-1] == "王秀蓝 又是单独一条了"
    assert records.root_of(register.shop.connection, register.again) == register.again


def test_a_merge_may_be_left(register):
    register.type("6021")
    register.press("Ctrl+M")
    register.type("3308")
    register.press("Esc")
    assert records.root_of(register.shop.connection, register.again) == register.again
    assert "并到" not in register.words()


@pytest.mark.parametrize("height", HEIGHTS)
def test_nothing_is_cut_off(register, height):
    register.window.resize(1366, height)
    register.type("6021")
    register.press("Ctrl+M")
    register.type("3308")
    register.assert_fits()
    register.press("Enter")
    register.assert_fits()

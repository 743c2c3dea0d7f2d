"""Lots on the shelf by keys: a loss with its bearer, a count, a part, several that become one."""

import pytest

from station_app.ledger.accounts import held_grower
from station_app.ledger.balances import balance
from station_app.overview.commands import CloseCase
from station_app.services.consignment import records
from station_app.services.consignment.facts import LotDifferenceDecided, LotReceived
from station_app.values.refusal import Refusal
from tests.long_shelf import HEIGHTS
from tests.overview.seen import caps, check_fit, primary, shoot, words
from tests.services.sales.store import DAY


def begin(yard, height=768):
    station = yard.pc
    station.show_unlocked((1366, height))
    station.press("F5", "Ctrl+3")
    station.hand.settle()
    return station


def amount(station, typed):
    station.page.quantity.setFocus()
    station.type(typed)


@pytest.mark.parametrize("height", HEIGHTS)
def test_a_loss_says_who_bears_it_and_what_the_grower_gets(yard, height):
    lot = yard.intake()
    station = begin(yard, height)
    assert primary(station)[1:] == (False, "写多少")
    check_fit(station)
    amount(station, "2斤")
    assert primary(station)[2] == "选谁担"
    station.press("Alt+8")
    assert primary(station)[2] == "写赔多少"
    station.page.value.setFocus()
    station.type("9.2")
    assert primary(station)[:2] == ("记损耗 2 斤", True)
    assert caps(station) == ["记损耗 2 斤"]
    check_fit(station)
    shoot(station, f"lots_{height}")
    station.press("Enter")
    assert yard.lot(lot).spoiled == 1_000
    assert balance(station.connection, held_grower(station.person(0))) == -920


def test_what_goes_back_and_what_is_sent_off(yard):
    lot = yard.intake()
    station = begin(yard)
    station.press("2")
    amount(station, "1公斤")
    station.press("Enter")
    station.press("4")
    amount(station, "10斤")
    assert primary(station)[2] == "写几件"
    station.page.packages.setFocus()
    station.type("2")
    station.press("Enter")
    state = yard.lot(lot)
    assert (state.returned, state.in_transit, state.packages) == (1_000, 5_000, 2)


def test_what_goes_back_is_on_a_slip_that_the_grower_signs(yard):
    yard.intake()
    station = begin(yard)
    station.press("2")
    amount(station, "5斤")
    station.press("Enter")
    slip = yard.printed("receipt")[-1]
    for line in ("退货凭证（还农户）", "2.500 公斤", "合 5 斤", "货主收到：", "尾号"):
        assert line in slip, line
    assert "货钱" not in slip, "of her own goods nobody bears a price"


def test_what_the_seller_takes_back_of_a_bought_lot_says_what_she_owes(yard):
    """12.34 kg were bought at 8.00 a kilogram; a quarter of them costs a quarter of 98.72."""
    yard.intake(is_bought=True, price_fen=800, paid_fen=9_872)
    station = begin(yard)
    station.press("2")
    amount(station, "3.085公斤")
    station.press("Alt+7", "Enter")
    slip = yard.printed("receipt")[-1]
    assert "货主该退站里的货钱" in slip
    assert "24.68" in slip


def test_a_part_becomes_a_lot_and_two_lots_become_one(yard):
    yard.intake()
    station = begin(yard)
    station.press("5")
    amount(station, "2.34公斤")
    station.press("Enter")
    assert len(records.lots_here(station.connection)) == 2
    for row in records.lots_here(station.connection):
        station.page.list.choose(row.lot)
        station.press("Space")
    assert primary(station)[0] == "2 批并成一批"
    station.press("Enter")
    (row,) = records.lots_here(station.connection)
    assert row.on_shelf == 12_340


def test_a_count_writes_down_what_is_missing_and_what_cannot_be_is_said_at_once(yard):
    lot = yard.intake()
    station = begin(yard)
    station.press("6")
    amount(station, "30斤")
    assert primary(station)[1:] == (False, "账上只有 24.68 斤，多出来的去改重量")
    station.press("Ctrl+A")
    station.type("24.68斤")
    assert primary(station)[1:] == (False, "和账上一样，不用记"), "nobody is asked who bears it"
    station.press("Ctrl+A")
    station.type("24斤")
    station.press("Alt+7", "Enter")
    assert yard.lot(lot).on_shelf == 12_000


@pytest.mark.parametrize("height", HEIGHTS)
def test_lots_leave_together_with_a_list_and_what_the_hub_misses_is_a_case(yard, height):
    first, second = yard.intake(), yard.intake(packages=1)
    station = begin(yard, height)
    station.press("4")
    for lot in (first, second):
        station.page.list.choose(lot)
        station.press("Space")
    assert primary(station)[0] == "2 批全发县仓，打交接单"
    check_fit(station)
    station.press("Enter")
    paper = yard.printed("receipt")[-1]
    for said in ("发货交接单", "共 2 批", "3 件", "24.680 公斤", "县仓收"):
        assert said in paper, said
    assert "王示兰" not in paper, "a list that travels names no grower"
    assert records.lots_here(station.connection) == ()
    assert primary(station)[2] == "不在站里，县仓说了算"
    received = LotReceived(answers="", quantity=12_200, difference=140, grade="二级", day=DAY)
    yard.publish(received, entity=first)
    station.page.refresh(())
    station.page.list.choose(first)
    assert "县仓有 24.4 斤" in words(station)
    assert "县仓少收 0.28 斤" in words(station)
    assert yard.lot(first).grade == "二级"
    check_fit(station)
    shoot(station, f"lots_away_{height}")
    assert cases_of(station, first) == ["consignment.hub_differs"]
    station.press("F9", "Ctrl+2")
    station.hand.settle()
    shown = words(station)
    for said in ("县仓收的和站里发的不一样", "24.68 斤", "24.4 斤", "少了", "0.28 斤"):
        assert said in shown, (said, shown)
    shoot(station, f"hub_case_{height}")
    assert primary(station)[0] == "去处理", "the county decides, and no word of the station's"
    case = station.connection.execute("SELECT kind, entity, members FROM cases").fetchone()
    closing = CloseCase(
        case=case[0], entity=case[1], members=tuple(case[2].split('"')[1::2]), verdict="explained",
        remark="秤不准",
    )  # fmt: skip
    assert station.do(closing) == Refusal("overview.CASE_DECIDED_ELSEWHERE")
    decided = LotDifferenceDecided(
        answers="", found=0, lost=140, bearer="county", amounts=(), cost_fen=0, person="", day=DAY
    )
    yard.publish(decided, entity=first)
    assert cases_of(station, first) == [], "once it is decided nobody has to do anything"


def cases_of(station, lot):
    rows = station.connection.execute("SELECT kind FROM cases WHERE entity = ?", (lot,))
    return [row[0] for row in rows]


def test_what_was_typed_for_one_lot_is_not_said_of_the_next(yard):
    """The operator typed a loss, then moved to another lot to look, and pressed Enter there."""
    yard.intake()
    yard.intake()
    station = begin(yard)
    amount(station, "2斤")
    station.press("Alt+7")
    assert primary(station)[:2] == ("记损耗 2 斤", True)
    station.page.list.setFocus()
    station.press("Down")
    assert primary(station)[1:] == (False, "写多少")
    amount(station, "两斤半多")
    assert primary(station)[2] == "没看懂，写 2斤 或 1.2公斤"


def test_lots_of_a_day_stand_by_their_numbers_and_the_chosen_one_by_its_name(yard):
    for _ in range(4):
        yard.intake()
    station = begin(yard)
    rows = records.lots_here(station.connection)
    assert [row.number for row in rows] == sorted(row.number for row in rows)
    assert f"猕猴桃 一级 {rows[0].number}　架上 24.68 斤" in words(station)

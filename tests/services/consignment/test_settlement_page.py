"""Settling by keys: who waits, what is ticked, what she gets, advance, papers of her own."""

import pytest

from station_app.ledger.accounts import COUNTY, drawer, held_grower
from station_app.ledger.balances import balance
from station_app.printing.document import to_json
from station_app.services.cash.commands import TakeOut
from station_app.services.consignment import records
from station_app.services.consignment.commands import MoveLot, SettleGrower
from station_app.services.quality.facts import LotRecalled
from station_app.values.refusal import Refusal
from tests.long_shelf import HEIGHTS
from tests.overview.seen import caps, check_fit, primary, shoot, words
from tests.services.sales.store import DAY

FLOAT = 40_000  # what the shift of these tests begins with


def begin(yard, height=768):
    station = yard.pc
    station.show_unlocked((1366, height))
    station.press("F5", "Ctrl+2")
    station.hand.settle()
    return station


def sold_out_and_selling(yard):
    """Two lots of the first grower: one sold out, of the other something lies here."""
    one = yard.intake(price_fen=0)
    yard.sell(yard.line(one, 12_340, 1_000))
    other = yard.intake(price_fen=0)
    yard.sell(yard.line(other, 3_237, 1_000))
    return one, other


def grower(station, where="Here"):
    return -balance(station.connection, held_grower(station.person(0), where))


@pytest.mark.parametrize("height", HEIGHTS)
def test_a_grower_is_paid_by_keys_and_her_slip_comes_out(yard, height):
    sold_out_and_selling(yard)
    station = begin(yard, height)
    assert "谁有货款没结" in words(station)
    check_fit(station)
    shoot(station, f"settle_who_{height}")
    station.press("Enter")
    # 123.40 and 32.37 are 155.77; 8 % of each are 9.87 and 2.59
    for amount in ("¥155.77", "-¥12.46", "¥143.31"):
        assert amount.replace("-", "−") in words(station), amount
    assert primary(station)[0] == "下一步，付 ¥143.31"
    assert caps(station) == ["下一步，付 ¥143.31"]
    check_fit(station)
    shoot(station, f"settle_lines_{height}")
    station.press("Enter")
    assert primary(station)[0] == "付 ¥143.31，打结算单"
    check_fit(station)
    shoot(station, f"settle_pay_{height}")
    station.press("Enter")
    assert grower(station) == 0
    assert balance(station.connection, drawer("D1")) == FLOAT + 15_577 - 14_331
    assert "货款结算单" in yard.printed("receipt")[-1]
    assert "没有等着结的货款" in words(station)


def test_a_lot_is_left_for_another_time_by_the_space_bar(yard):
    one, _ = sold_out_and_selling(yard)
    station = begin(yard)
    station.press("Enter")
    station.page.lines.choose(one)
    station.press("Space")
    assert "¥29.78" in words(station)
    station.press("Enter", "Enter")
    assert grower(station) == 12_340
    assert len(yard.open_sales()) == 1


def test_part_is_paid_and_charges_are_deducted(yard):
    one = yard.intake(price_fen=0)
    yard.sell(yard.line(one, 3_237, 1_000))
    station = begin(yard)
    station.press("Enter")
    station.page.packing.setFocus()
    station.type("2")
    assert "¥27.78" in words(station)
    station.page.pays.setFocus()
    station.type("20")
    station.press("Enter", "Enter")
    assert grower(station) == 778
    station.press("Enter")
    assert "以前没付的" in words(station)
    assert primary(station)[0] == "下一步，付 ¥7.78"


def test_more_than_lies_here_is_an_advance_and_says_so(yard):
    contract = yard.contract(20_000, 800)
    lot = yard.intake(contract=contract)
    yard.sell(yard.line(lot, 10_000, 650))
    station = begin(yard)
    station.press("Enter")
    assert "¥15.00" in words(station)
    station.page.pays.setFocus()
    station.type("76.75")
    assert "其中 ¥15.00 是先垫县里的" in words(station)
    station.press("Enter", "Enter")
    assert (grower(station), grower(station, COUNTY)) == (0, 0)


def test_too_much_and_nothing_are_said_on_the_key(yard):
    one = yard.intake(price_fen=0)
    yard.sell(yard.line(one, 3_237, 1_000))
    yard.rule("settle.least_fen", "1000")
    station = begin(yard)
    station.press("Enter")
    station.page.pays.setFocus()
    station.type("30")
    assert primary(station)[1:] == (False, "最多付 ¥29.78")
    station.press("Ctrl+A")
    station.type("9.99")
    assert primary(station)[1:] == (False, "不到 ¥10.00 先攒着，下回一起付")
    station.press("Ctrl+A")
    station.type("0")
    assert primary(station)[0] == "只结算，先不付"
    station.press("Enter")
    assert grower(station) == 2_978
    assert records.settlements_of(station.connection, station.person(0))[0].body.sold_fen == 3_237


def test_a_grower_whose_name_is_typed_opens_and_a_power_cut_loses_nothing(yard):
    sold_out_and_selling(yard)
    station = begin(yard)
    station.type("15400006000")
    station.press("Enter", "Space")
    station.page.pays.setFocus()
    station.type("10")
    draft = station.page.draft()
    station.press("Esc")
    assert station.page.resume(draft) == "刚才这笔货款没付，接着办"
    assert primary(station)[0] == "下一步，付 ¥10.00"


def test_her_statement_and_the_paper_of_her_season_are_printed(yard):
    sold_out_and_selling(yard)
    yard.rule("settle.days", "10|20|30")
    station = begin(yard)
    station.press("Enter", "Ctrl+P")
    for said in ("货款对账条", "猕猴桃 一级", "收 12.340 公斤", "￥155.77", "11月30日"):
        assert said in beside(station), said
    station.press("Ctrl+E")
    season = beside(station)
    assert "一季收入单" in season
    assert "只给本户" in season
    assert "王示兰" not in season, "masked on paper"


def beside(station):
    """Return the last paper that belongs to no act."""
    return to_json(station.again[-1][0])


def test_what_is_stopped_is_left_for_the_county_to_say_who_bears_it(yard):
    one, other = sold_out_and_selling(yard)
    yard.publish(LotRecalled(reason="毒死蜱超标", day=DAY), entity=other)
    station = begin(yard)
    station.press("Enter")
    shown = str(station.page.lines.model().rows)
    assert shown.count("停售，钱先不动") == 1
    # 123.40 less 8 % of it, 9.87; the 32.37 of the stopped lot stay in her purse
    assert primary(station)[0] == "下一步，付 ¥113.53"
    station.press("Enter", "Enter")
    assert grower(station) == 3_237
    assert yard.open_sales() != ()
    assert one != other


def test_a_loss_that_the_station_bears_stands_on_a_line_of_its_own(yard):
    _, other = sold_out_and_selling(yard)
    yard.act(
        MoveLot(lot=other, how="spoil", quantity=1_000, reason="rotten", bearer="station",
                value_fen=1_000)
    )  # fmt: skip
    station = begin(yard)
    station.press("Enter")
    shown = words(station)
    assert "站里赔的损耗" in shown
    assert "¥10.00" in shown
    assert "以前没付的" not in shown, "nothing else was kept for her"
    # 143.31 for what was sold, and what spoiled without commission
    assert primary(station)[0] == "下一步，付 ¥153.31"
    assert "24.68 斤" in str(station.page.lines.model().rows), "what she brought"
    station.press("Enter")
    assert station.page.drawer_words.text() == "钱箱里够付"
    shoot(station, "settle_spoiled")
    station.press("Esc")
    yard.pc.do(
        TakeOut(place="drawer", reason="drawings", amount_fen=FLOAT + 1_000, alone_reason="只有我")
    )
    station.press("Enter")
    assert "不够付" in station.page.drawer_words.text()


@pytest.mark.parametrize("height", HEIGHTS)
def test_a_lot_she_does_not_agree_with_waits_until_it_is_cleared_up(yard, height):
    one, other = sold_out_and_selling(yard)
    online, sold = yard.sold_by_county(net_fen=13_800)
    yard.came_back(online, sold, 4_600)
    station = begin(yard, height)
    station.press("Enter")
    assert "退了 12.34 斤" in str(station.page.lines.model().rows)
    assert "·县自营淘宝店" in str(station.page.lines.model().rows)
    assert "县里卖的（费用扣过了） ¥92.00" in words(station)
    assert "另有 ¥92.00 县里的钱没到，到了再付" in words(station)
    station.page.lines.choose(f"{online}/county")
    before = primary(station)
    station.press("Space")
    assert primary(station) == before, "what the county pays is not left for another time"
    check_fit(station)
    shoot(station, f"settle_online_{height}")
    station.press("F11", "2", "Enter")
    assert "县里卖的（费用扣过了）" not in words(station)
    station.page.lines.choose(other)
    station.press("F11")
    assert primary(station)[1:] == (False, "先选不认哪一样")
    station.press("1")
    station.page.dispute.words.setFocus()
    station.type("秤上看是十三斤")
    check_fit(station)
    shoot(station, f"settle_dispute_{height}")
    station.press("Enter")
    assert str(station.page.lines.model().rows).count("有争议，先不结") == 2
    # 123.40 less 8 % of it; the 32.37 of the other lot stay in her purse
    assert primary(station)[0] == "下一步，付 ¥113.53"
    station.page.lines.choose(other)
    station.press("Space")
    assert primary(station)[0] == "下一步，付 ¥113.53", "nobody ticks it"
    shoot(station, f"settle_disputed_{height}")
    station.press("Enter", "Enter")
    assert grower(station) == 3_237
    refused = station.do(SettleGrower(person=station.person(0), sales=yard.open_sales()))
    assert refused == Refusal("consignment.DISPUTED")

    station.press("F9", "Ctrl+2")
    shown = words(station)
    station.press("Down")
    shown += words(station)
    for said in ("货主不认这批的账", "价钱不对", "斤两不对", "秤上看是十三斤", "算错了先改正"):
        assert said in shown, said
    check_fit(station)
    shoot(station, f"settle_dispute_case_{height}")
    for _ in range(2):
        station.compose("和她一起复秤，认了")
        station.press("Enter")
    station.press("F5", "Ctrl+2", "Enter")
    assert primary(station)[0] == "下一步，付 ¥29.78"
    station.press("Enter", "Enter")
    assert grower(station) == 0
    assert one != other

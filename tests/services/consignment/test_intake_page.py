"""The intake of produce by keys: growers, sorts, scale, terms, what is looked at, drafts."""

import json
from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, QRect
from PySide6.QtWidgets import QWidget

from station_app.devices.scale import WeightWatch
from station_app.devices.scale_profiles import Reading
from station_app.ledger.accounts import drawer, held_grower
from station_app.ledger.balances import balance
from station_app.services.cash.commands import TakeOut
from station_app.services.consignment import records
from station_app.services.consignment.facts import FieldInput
from station_app.shell.widgets.toast_place import is_in_the_way
from tests.long_shelf import HEIGHTS
from tests.overview.seen import caps, check_fit, primary, shoot, words
from tests.services.consignment.barn import EGGS, KIWI

FLOAT = 40_000  # what the shift of these tests begins with


def begin(yard, height=768):
    station = yard.pc
    station.show_unlocked((1366, height))
    station.press("F5")
    station.hand.settle()
    return station


def grower(station, number=0):
    """Find a grower by her phone tail."""
    station.page.form.who.setFocus()
    station.type(f"1540000{6000 + number}")
    station.press("Enter")


def goods(station, initials="mht"):
    station.type(initials)
    station.press("Enter")


def weigh(station, gross="13.26公斤", tare="0.8公斤", deducted="0.12公斤"):
    for field, typed in (
        (station.page.weighing.gross, gross),
        (station.page.weighing.tare, tare),
        (station.page.weighing.deducted, deducted),
    ):
        field.setFocus()
        station.type(typed)


def harvested(station, typed="昨天"):
    station.page.form.harvest.setFocus()
    station.type(typed)


def lots(station):
    return records.lots_here(station.connection)


# --- Taking in -----------------------------------------------------------------------------------


@pytest.mark.parametrize("height", HEIGHTS)
def test_a_lot_is_taken_in_by_keys_and_its_papers_come_out(yard, height):
    station = begin(yard, height)
    assert primary(station)[1:] == (False, "先找是谁家的")
    check_fit(station)
    station.type("15400006000")
    assert "谁家的" in words(station)
    shoot(station, f"produce_find_{height}")
    station.press("Enter")
    assert primary(station)[2] == "选是什么货"
    goods(station)
    assert primary(station)[2] == "还没有重量"
    weigh(station)
    harvested(station)
    station.press("Alt+9")
    assert "12.340 公斤" in words(station)
    assert "合 24.68 斤" in words(station)
    # 12.34 kg at the floor of 5.00 are 61.70, less 8 % 4.94
    assert "¥56.76" in words(station)
    assert primary(station)[:2] == ("收货，打凭证和标签", True)
    assert caps(station) == ["收货，打凭证和标签"]
    check_fit(station)
    shoot(station, f"produce_intake_{height}")
    station.press("Enter")
    (row,) = lots(station)
    assert (row.produce, row.grade, row.on_shelf) == (KIWI, "一级", 12_340)
    assert [len(yard.printed(role)) for role in ("receipt", "label")] == [1, 1]
    assert "收了猕猴桃，标签 1 张" in toast(station)
    assert station.page.person is None, "ready for the next grower"


def toast(station):
    return " ".join(station.toasts())


def test_the_weight_comes_from_the_scale_with_its_frame_and_is_seen_by_the_grower(yard):
    station = begin(yard)
    grower(station)
    goods(station)
    station.page.weighing._frame, station.page.weighing._framed_grams = "53542c", 13_260
    weigh(station)
    view = station.page.customer_view()
    assert [line.words for line in view.lines] == ["猕猴桃", "12.340 公斤"]
    assert "毛重 13.260 去皮 0.800" in view.lines[1].small
    assert "重量手工输" not in words(station)
    station.page.weighing.gross.setFocus()
    station.press("Ctrl+A")
    station.type("13.3公斤")
    assert "重量手工输" in words(station), "typed over: the scale says so no more"


class Pan:
    """A scale with something on it; what it says goes through the real watch, no time passes."""

    def __init__(self):
        self.watch, self.at = WeightWatch(), 0

    def put(self, grams):
        for load in (0, grams):
            said = f"ST,GS,+{load / 1000:8.3f}kg".encode()
            for _ in range(4):
                self.at += 300
                self.watch.feed(Reading("weight", load, is_stable=True, frame=said), self.at)

    def now(self):
        return self.watch.now(self.at)

    def take(self):
        return self.watch.take(self.at)


def test_basket_and_load_both_keep_what_the_scale_said(yard):
    station = begin(yard)
    pan = Pan()
    panel = station.page.weighing.window_
    panel._counter = replace(panel._counter, scale=pan)
    grower(station)
    goods(station)
    for grams, key in ((800, "F11"), (13_260, "F10")):
        pan.put(grams)
        panel.look()
        station.press(key)
    station.press("Enter")
    (body,) = station.connection.execute(
        "SELECT body FROM facts WHERE kind = 'lot.weighed'"
    ).fetchone()
    frames = json.loads(body)["frames"]
    said = [(one["of"], one["grams"], bytes.fromhex(one["frame"]).decode()) for one in frames]
    assert said == [
        ("tare", 800, "ST,GS,+   0.800kg"), ("gross", 13_260, "ST,GS,+  13.260kg"),
    ]  # fmt: skip
    slip = yard.printed("receipt")[-1]
    assert "皮重 ST,GS,+   0.800kg" in slip
    assert "毛重 ST,GS,+  13.260kg" in slip
    assert lots(station)[0].quantity == 12_460


def test_a_tare_that_is_typed_over_keeps_no_frame(yard):
    station = begin(yard)
    pan = Pan()
    panel = station.page.weighing.window_
    panel._counter = replace(panel._counter, scale=pan)
    grower(station)
    goods(station)
    for grams, key in ((800, "F11"), (13_260, "F10")):
        pan.put(grams)
        panel.look()
        station.press(key)
    station.page.weighing.tare.setFocus()
    station.press("Ctrl+A")
    station.type("1公斤")
    weighed = station.page.weighing.weighed()
    assert (weighed.tare_frame, weighed.tare_grams) == ("", 1_000)
    assert weighed.frame


def test_eggs_ask_for_a_number_and_no_weight(yard):
    station = begin(yard)
    grower(station)
    goods(station, "tjd")
    assert station.page.form.sort.code == EGGS
    assert station.page.weighing.pieces.isVisible()
    assert not station.page.weighing.gross.isVisible()
    station.page.weighing.pieces.setFocus()
    station.type("60")
    assert "60 枚" in words(station)
    check_fit(station)
    station.press("Enter")
    assert [(row.unit, row.quantity) for row in lots(station)] == [("piece", 60)]


def test_two_kilos_of_eggs_are_not_taken_in_as_two_eggs(yard):
    station = begin(yard)
    grower(station)
    goods(station, "tjd")
    harvested(station)
    for typed in ("2公斤", "4斤", "两板", "-2", "2.5"):
        station.page.weighing.pieces.setFocus()
        station.press("Ctrl+A")
        station.type(typed)
        assert primary(station)[1:] == (False, "这样货点数，只写几个，不写斤两"), typed
        station.press("Enter")
        assert lots(station) == (), typed
    station.press("Ctrl+A")
    station.type("６0枚")
    station.press("Enter")
    assert [row.quantity for row in lots(station)] == [60]


@pytest.mark.parametrize("height", HEIGHTS)
def test_what_is_bought_is_paid_in_a_second_step(yard, height):
    station = begin(yard, height)
    grower(station)
    goods(station)
    weigh(station)
    harvested(station)
    station.press("Alt+6")
    assert primary(station)[1:] == (False, "还没有价钱")
    station.page.terms.price.setFocus()
    station.type("8")
    assert primary(station)[0] == "下一步，付 ¥98.72"
    check_fit(station)
    station.page.terms.paid.setFocus()
    station.type("50")
    assert "先欠着 ¥48.72" in words(station)
    station.press("Enter")
    assert primary(station)[0] == "付 ¥50.00，收货打凭证"
    check_fit(station)
    shoot(station, f"produce_buying_{height}")
    station.press("Enter")
    assert balance(station.connection, drawer("D1")) == FLOAT - 5_000
    assert balance(station.connection, held_grower(station.person(0))) == -4_872


@pytest.mark.parametrize("height", HEIGHTS)
def test_buying_with_other_peoples_money_asks_why_before_the_goods_are_ours(yard, height):
    station = begin(yard, height)
    own = TakeOut(
        place="drawer", reason="drawings", amount_fen=FLOAT - 1_000, alone_reason="只有我一个人"
    )
    yard.pc.do(own)
    yard.intake(is_bought=True, price_fen=800, paid_fen=0)  # 98.72 of hers are owed
    grower(station)
    goods(station)
    weigh(station)
    harvested(station)
    station.press("Alt+6")
    station.page.terms.price.setFocus()
    station.type("8")
    station.page.terms.paid.setFocus()
    station.type("10")
    station.press("Enter")
    assert primary(station)[1:] == (False, "写一句原因")
    assert "自己的钱不够，垫用" in words(station)
    check_fit(station)
    shoot(station, f"produce_lending_{height}")
    station.page.paying.lending.field.setFocus()
    station.compose("她等着用钱")
    assert primary(station)[1]
    station.press("Enter")
    assert balance(station.connection, drawer("D1")) == 0
    query = "SELECT body FROM facts WHERE kind = 'payment.given'"
    (given,) = station.connection.execute(query).fetchall()
    assert json.loads(given[0])["lent_fen"] > 0


def test_a_contract_applies_by_itself_and_says_what_is_left(yard):
    yard.contract(20_000, 800)
    station = begin(yard)
    grower(station)
    goods(station)
    weigh(station)
    harvested(station)
    assert "合同 2026-031 还可交 40 斤，保底 ¥8.00/公斤" in words(station)
    assert not station.page.terms.price.isVisible()
    check_fit(station)
    shoot(station, "produce_contract_768")
    station.press("Enter")
    state = yard.lot(lots(station)[0].lot)
    assert state.shares[0].guaranteed_fen == 800


def test_a_contract_that_is_used_up_says_so_and_the_rest_is_a_lot_without_it(yard):
    yard.intake(contract=yard.contract(20_000, 800))
    station = begin(yard)
    grower(station)
    goods(station)
    weigh(station)
    harvested(station)
    assert "还可交 15.32 斤" in words(station)
    assert primary(station)[1:] == (False, "合同只剩 15.32 斤，多的另收一批")
    station.page.weighing.gross.setFocus()
    station.press("Ctrl+A")
    station.type("8.58公斤")
    station.press("Enter")
    grower(station)
    goods(station)
    weigh(station)
    harvested(station)
    assert "合同 2026-031 交满了，这批按平常的收" in words(station)
    assert "按合同" not in words(station)
    check_fit(station)
    shoot(station, "produce_contract_used")
    station.press("Enter")
    promised = [yard.lot(row.lot).shares[0].guaranteed_fen for row in lots(station)]
    assert sorted(promised) == [0, 800, 800]


# --- What is looked at ---------------------------------------------------------------------------


def test_a_lot_inside_its_interval_is_blocked_and_the_key_says_why(yard):
    station = begin(yard)
    grower(station)
    goods(station)
    weigh(station)
    harvested(station)
    form = station.page.form
    for field, typed in (
        (form.sprayed, "吡虫啉"),
        (form.sprayed_day, "11-18"),
        (form.interval, "14"),
    ):
        field.setFocus()
        station.type(typed)
    assert primary(station)[1:] == (False, "打了吡虫啉，要到 12月2日 才能采，不能收")
    check_fit(station)
    shoot(station, "produce_blocked_768")
    station.press("Enter")
    assert lots(station) == ()
    form.interval.setFocus()
    station.press("Ctrl+A")
    station.type("3")
    station.press("Enter")
    assert yard.lot(lots(station)[0].lot).inputs == (
        FieldInput(name="吡虫啉", day="2026-11-18", interval_days=3),
    )


def test_what_warns_stands_beside_the_amount_and_is_written_down(yard):
    station = begin(yard)
    grower(station)
    goods(station)
    weigh(station)
    assert "采收日期没填" in words(station)
    assert "没说有没有合格证" in words(station)
    content = station.page.parentWidget()
    (warns, *_) = station.page.outcome.warnings()
    there = QRect(warns.mapTo(content, QPoint(0, 0)), warns.size())
    assert is_in_the_way(there, content, QWidget()), "no toast lies over it"
    station.press("Enter")
    (passed,) = station.connection.execute(
        "SELECT json_extract(body, '$.passed') FROM facts WHERE kind = 'lot.described'"
    ).fetchone()
    assert passed == '["harvest_missing","promise_missing"]'


@pytest.mark.parametrize("typed", ["26斤5两", "13.25公斤", "26.5", "１３２５０克"])
def test_a_weight_is_typed_in_jin_and_liang_and_kilograms(yard, typed):
    station = begin(yard)
    grower(station)
    goods(station)
    weigh(station, gross=typed, tare="", deducted="")
    assert "13.250 公斤" in words(station)
    assert "合 26.5 斤" in words(station)
    station.press("Enter")
    assert lots(station)[0].on_shelf == 13_250


BAD = (
    ("gross", "两筐", "还没有重量"),
    ("tare", "14公斤", "皮重不能到毛重"),
    ("deducted", "100%", "扣杂写 1% 或斤数"),
    ("deducted", "13公斤", "扣完没剩下重量"),
)


@pytest.mark.parametrize(("field", "typed", "sentence"), BAD)
def test_what_is_no_weight_is_said_on_the_key(yard, field, typed, sentence):
    station = begin(yard)
    grower(station)
    goods(station)
    weigh(station, **{field: typed})
    assert primary(station)[1:] == (False, sentence)
    station.press("Enter")
    assert lots(station) == ()


def test_a_share_that_is_deducted_is_of_the_net_weight(yard):
    station = begin(yard)
    grower(station)
    goods(station)
    weigh(station, deducted="1%")
    assert "12.335 公斤" in words(station)


# --- Again, later --------------------------------------------------------------------------------


def test_the_same_grower_brings_the_same_again_with_one_key(yard):
    station = begin(yard)
    grower(station)
    goods(station)
    weigh(station)
    station.press("Enter")
    station.press("Ctrl+N")
    assert station.page.person.identity == station.person(0)
    assert station.page.form.sort.code == KIWI
    assert station.page.weighing.gross.text() == ""
    weigh(station, gross="5公斤", tare="", deducted="")
    station.press("Enter")
    assert sorted(row.on_shelf for row in lots(station)) == [5_000, 12_340]


def test_a_power_cut_leaves_the_half_done_intake(yard):
    station = begin(yard)
    grower(station)
    goods(station)
    weigh(station)
    station.press("Alt+2")
    draft = station.page.draft()
    station.page.begin()
    assert station.page.resume(draft) == "刚才这批货还没收，接着办"
    assert "12.340 公斤" in words(station)
    assert station.page.form.grades.value() == "二级"
    station.press("Enter")
    assert lots(station)[0].grade == "二级"


# --- A wrong weight ------------------------------------------------------------------------------


@pytest.mark.parametrize("height", HEIGHTS)
def test_a_wrong_weight_is_put_right_by_four_keys(yard, height):
    yard.intake(is_bought=True, price_fen=800, paid_fen=9_872)
    station = begin(yard, height)
    lot = lots(station)[0].lot
    station.window.open_page("consignment.weight", {"lot": lot})
    assert "原来记 24.68 斤" in words(station)
    station.type("11.84公斤")
    assert "农户要退回 ¥4.00" in words(station)
    check_fit(station)
    shoot(station, f"produce_weight_{height}")
    station.press("Enter")
    assert yard.lot(lot).quantity == 11_840
    assert balance(station.connection, drawer("D1")) == FLOAT - 9_472


def test_a_wrong_weight_is_put_right_from_its_entry_by_two_keys_and_the_weight(yard):
    yard.intake(is_bought=True, price_fen=800, paid_fen=9_872)
    station = begin(yard)
    lot = lots(station)[0].lot
    station.window.open_page("overview.acts")
    station.hand.settle()
    rows = station.page.list.rows_model.rows
    station.page.list.choose(next(row.subject for row in rows if "收" in str(row.cells[2])))
    before = station.connection.execute("SELECT count(*) FROM tickets").fetchone()[0]
    check_fit(station)
    shoot(station, "produce_acts_768")
    station.press("Ctrl+R")
    station.type("11.84公斤")
    station.press("Enter")
    assert yard.lot(lot).quantity == 11_840
    after = station.connection.execute("SELECT count(*) FROM tickets").fetchone()[0]
    assert after == before + 1


@pytest.mark.parametrize("height", HEIGHTS)
def test_with_a_scale_the_page_fits_its_window(yard, height):
    station = begin(yard, height)
    pan = Pan()
    panel = station.page.weighing.window_
    panel._counter = replace(panel._counter, scale=pan)
    grower(station)
    goods(station)
    pan.put(13_260)
    panel.look()
    check_fit(station)
    shoot(station, f"intake_scale_{height}")

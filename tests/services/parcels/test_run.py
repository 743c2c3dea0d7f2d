"""Home delivery: out by a list of hamlets, then delivered with its money or back with a reason."""

import json
import os
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from station_app.ledger.accounts import (
    PIECES_RUN,
    PIECES_SHELF,
    PIECES_VILLAGER,
    WECHAT,
    drawer,
    held_cod,
)
from station_app.ledger.posting import PCS
from station_app.reference.facts import SettingPublished
from station_app.reference.settings import ON_BEHALF_COD_FEN
from station_app.services.cash.commands import TakePayment
from station_app.services.parcels import records
from station_app.services.parcels.commands import BringBack, DeliverOnRun, TakeOnRun
from station_app.services.parcels.doors import Answer, Door
from station_app.services.parcels.pages.run_door import failure_key
from station_app.services.parcels.run_records import Stop
from station_app.services.purchasing.commands import PickUpOrder

OLD, BULKY, YOUNG, SECOND, THIRD = (f"730000000000{n}" for n in ("17", "24", "31", "48", "55"))


@pytest.fixture
def run(station):
    shop = station.shop
    wang = shop.villager("王秀兰", "13800006021", hamlet="第10组")
    zhao = shop.villager("赵根喜", "13800003308", hamlet="第2组")
    station.parcels = {
        OLD: shop.shelve(OLD, person=wang, shelf="A", layer=1, cod_fen=8_600),
        BULKY: shop.shelve(BULKY, person=zhao, shelf="A", layer=2, size="L"),
        YOUNG: shop.shelve(YOUNG, tail="7788", name="孙平", shelf="B", layer=1),
    }
    station.press("F3", "Ctrl+3")
    assert station.page.title == "送货到家"
    return station


@dataclass(frozen=True)
class OpenOrder:
    order: str
    due_fen: int


def row_of(station, waybill):
    row = records.parcel_row(station.shop.connection, station.parcels[waybill])
    assert row is not None
    return row


def status(station, waybill):
    return row_of(station, waybill).status


def seen(station, name):
    for height in (690, 768):
        station.window.resize(1366, height)
        station.hand.settle()
        station.assert_fits()
    if os.environ.get("SENSES_PICTURES"):
        station.picture(Path(os.environ["SENSES_PICTURES"]), name)


def headings_of(station):
    return {row.heading for row in station.page.table.rows_model.rows if row.heading}


def facts_of(station, kind):
    found = station.shop.connection.execute(
        "SELECT body FROM facts WHERE kind = ? ORDER BY seq", (kind,)
    )
    return [json.loads(body) for (body,) in found]


def out(station):
    """Both leave: one by its scan, one by the space bar."""
    station.scan(OLD)
    station.page.table.choose(station.parcels[BULKY])
    station.press("Space")


def test_a_run_leaves_by_hamlet_on_a_printed_list_and_comes_to_an_end_at_return(run):
    headings = [row.heading for row in run.page.table.rows_model.rows if row.heading]
    assert headings == ["第2组", "第10组", "没写组"]
    assert run.reason == "空格勾上要送的，或扫一下"
    out(run)
    seen(run, "delivery_out")
    assert run.primary == ("带出去 2 件，打送货单", True)
    run.press("Enter")
    assert (status(run, OLD), status(run, BULKY), status(run, YOUNG)) == (
        "on_run", "on_run", "on_hand",
    )  # fmt: skip
    said = run.shop.jobs()[-1][1]
    for words in ("送货单", "第2组", "第10组", "王*兰", "86.00", "签收", "没送到，因为"):
        assert words in said
    assert "孙" not in said
    lines = [b["left"] for b in json.loads(said)["blocks"] if b["type"] == "line"]
    assert lines.index("第2组") < lines.index("第10组"), "as the runner goes"
    run.press("F10")
    seen(run, "delivery_back")
    run.page.table.choose(run.parcels[OLD])
    assert run.primary == ("收 ¥86.00，记送到", True)
    run.press("Enter")
    assert status(run, OLD) == "handed_over"
    assert run.shop.balance(held_cod("ZTO")) == -8_600
    words = run.words()
    for said in ("这一趟 2 家 2 件", "送到 1", "还剩 1", "¥0.00"):
        assert said in words, said
    assert {"第2组　1 家 1 件", "第10组　1 家 1 件"} <= headings_of(run)
    assert run.page.table.current() == run.parcels[BULKY], "the next door on the way"
    seen(run, "delivery_run")
    run.press("3")
    assert run.primary == ("没送到，放回架上", True)
    run.press("Enter")
    assert status(run, BULKY) == "on_hand"
    pieces = [run.shop.balance(p, PCS) for p in (PIECES_RUN, PIECES_SHELF, PIECES_VILLAGER)]
    assert pieces == [0, 2, 1]
    assert "没有在外面送的件" in run.words()


@pytest.mark.parametrize(
    ("key", "reason"),
    [
        ("3", "not_home"),
        ("4", "refused"),
        ("5", "another_day"),
        ("6", "no_money"),
        ("7", "wrong_place"),
    ],
)
def test_each_failure_has_its_reason_in_the_fact(run, key, reason):
    run.shop.do(TakeOnRun(parcels=(run.parcels[BULKY],), runner="任例福"))
    run.press("F10", key, "Enter")
    body = run.shop.connection.execute(
        "SELECT body FROM facts WHERE kind = 'parcel.brought_back'"
    ).fetchone()[0]
    assert json.loads(body)["reason"] == reason


def test_what_she_wants_another_day_says_so_when_the_next_list_is_made(run):
    run.shop.do(TakeOnRun(parcels=(run.parcels[BULKY],), runner="任例福"))
    run.press("F10", "5", "Enter", "F10")
    rows = {row.subject: row.cells for row in run.page.table.rows_model.rows if row.subject}
    assert rows[run.parcels[BULKY]][-1].words == "改天送"
    assert rows[run.parcels[OLD]][-1] is None
    seen(run, "delivery_another_day")
    (version,) = run.shop.connection.execute(
        "SELECT v FROM facts WHERE kind = 'parcel.brought_back'"
    ).fetchone()
    assert version == 2, "whoever knows only the reasons of before must not meet another one"


def test_a_reason_that_a_later_program_knows_is_a_parcel_brought_back(run):
    assert failure_key("moved_away") == "did_back"
    assert failure_key("another_day") == "failed_another_day"


def test_the_runner_was_paid_by_wechat(run):
    run.shop.do(TakeOnRun(parcels=(run.parcels[OLD],), runner="任例福"))
    run.press("F10", "Ctrl+W")
    assert run.primary == ("收 ¥86.00（微信），记送到", False)
    assert run.reason == "还没输付款单号"
    seen(run, "delivery_wechat")
    run.scan("4200002311202511250123456789")
    assert run.primary == ("收 ¥86.00（微信），记送到", True)
    run.press("Enter")
    assert status(run, OLD) == "handed_over"
    shop = run.shop
    assert (shop.balance(WECHAT), shop.balance(held_cod("ZTO"))) == (8_600, -8_600)
    assert shop.balance(drawer("D1")) == 0
    (payment,) = facts_of(run, "payment.taken")
    assert payment["tenders"][0]["reference"] == "4200002311202511250123456789"


def test_the_next_door_pays_cash_again_unless_the_runner_says_otherwise(run):
    run.shop.do(TakeOnRun(parcels=(run.parcels[OLD],), runner="任例福"))
    run.press("F10", "Ctrl+W", "Ctrl+W")
    assert run.primary[0] == "收 ¥86.00（支付宝），记送到"
    run.press("Ctrl+W")
    assert run.primary == ("收 ¥86.00，记送到", True)
    run.press("Ctrl+W", "Alt+3", "Enter")
    assert status(run, OLD) == "on_hand"
    run.shop.do(TakeOnRun(parcels=(run.parcels[OLD],), runner="任例福"))
    run.page.activated()
    assert run.primary == ("收 ¥86.00，记送到", True)


@pytest.fixture
def three(run):
    """Three parcels for one door, two with cash on delivery, and one for another."""
    shop = run.shop
    wang = row_of(run, OLD).person
    for number, cod in ((SECOND, 1_400), (THIRD, 0)):
        run.parcels[number] = shop.shelve(number, person=wang, shelf="A", layer=1, cod_fen=cod)
    shop.do(TakeOnRun(parcels=tuple(run.parcels[n] for n in (OLD, SECOND, THIRD, BULKY))))
    run.press("F10")
    return run


def test_what_goes_to_one_door_is_delivered_and_paid_in_one_go(three):
    run = three
    assert all(said in run.words() for said in ("这一趟 2 家 4 件", "还剩 2", "¥100.00"))
    run.scan(THIRD)
    assert run.page.table.current() == run.parcels[OLD], "her door, whichever piece is scanned"
    assert run.primary == ("收 ¥100.00，记送到", True)
    run.press("Enter")
    assert {status(run, n) for n in (OLD, SECOND, THIRD)} == {"handed_over"}
    assert run.shop.balance(held_cod("ZTO")) == -10_000
    said = facts_of(run, "parcel.handed_over_on_run")
    assert [(one["taken_by"], one["check"]) for one in said] == [("self", "signature")] * 3
    assert run.page.table.current() == run.parcels[BULKY]


def test_she_took_two_and_not_the_third(three):
    run = three
    run.scan(OLD)
    run.press("F11")
    for number in (OLD, SECOND):
        run.scan(number)
        run.press("Enter")
    run.scan(THIRD)
    run.press("4", "Enter")
    assert [status(run, n) for n in (OLD, SECOND, THIRD, BULKY)] == [
        "handed_over", "handed_over", "on_hand", "on_run",
    ]  # fmt: skip
    words = run.words()
    assert all(said in words for said in ("这一趟 2 家 4 件", "送到 1", "还剩 1")), (
        "two doors still"
    )
    assert "第10组\u30001 家 3 件" in headings_of(run)
    states = [row.cells[-1].words for row in run.page.table.rows_model.rows if not row.heading]
    assert states[0] == "没到"
    assert states[1].startswith("送到 ")
    assert states[2] == "不要了"
    assert run.shop.balance(held_cod("ZTO")) == -10_000


def test_what_is_due_for_an_order_comes_in_with_the_door(three):
    row = row_of(three, SECOND)
    order = OpenOrder(order="o1", due_fen=3_950)
    door = Door(number=1, hamlet="第2组", stops=(Stop(row),), orders=(order,))
    delivered, fetched, paid = door.deliver(Answer())
    assert isinstance(delivered, DeliverOnRun)
    assert isinstance(fetched, PickUpOrder)
    assert isinstance(paid, TakePayment)
    assert (delivered.paid_fen, fetched.order, fetched.paid_fen) == (1_400, "o1", 3_950)
    assert paid.due_fen == door.due_fen == 5_350


def test_the_family_took_it_and_it_is_written_who(three):
    run = three
    run.scan(OLD)
    run.press("2")
    assert run.primary == ("收 ¥100.00，记送到", False)
    assert run.reason == "先写谁代收"
    seen(run, "delivery_family")
    run.write("王小军")
    run.press("Tab")
    run.write("儿子")
    run.press("Alt+9", "Enter")
    said = facts_of(run, "parcel.handed_over_on_run")
    assert [(one["taken_by"], one["check"]) for one in said] == [("on_behalf", "phone_tail")] * 3
    parcel = records.parcel_state(run.shop.connection, run.parcels[OLD])
    assert parcel is not None
    assert (parcel.collector, parcel.relation) == ("王小军", "儿子")


def test_the_van_is_home_and_what_is_left_goes_back_at_once(three):
    run = three
    run.press("3")
    run.press("Ctrl+E")
    assert {status(run, n) for n in (OLD, SECOND, THIRD, BULKY)} == {"on_hand"}
    assert {one["reason"] for one in facts_of(run, "parcel.brought_back")} == {"not_home"}
    assert "没有在外面送的件" in run.words()


def test_a_neighbour_cannot_take_much_money_by_pieces_of_one_door(three):
    shop, parcels = three.shop, tuple(three.parcels[n] for n in (OLD, SECOND))
    name = ON_BEHALF_COD_FEN.name
    shop.county(SettingPublished(name=name, station="", value="9000", day="2025-11-25"))
    wanted = DeliverOnRun(
        parcels=parcels, paid_fen=10_000, taken_by="on_behalf", collector="张三", relation="邻居"
    )
    assert shop.no(wanted).reason == "parcels.ON_BEHALF_NEEDS_PROOF"
    assert shop.no(replace(wanted, collector="")).reason == "parcels.COLLECTOR_MISSING"


def test_what_cannot_be_is_said(run):
    shop, old, young = run.shop, run.parcels[OLD], run.parcels[YOUNG]
    assert shop.no(TakeOnRun(parcels=())).reason == "parcels.NOTHING_CHOSEN"
    assert shop.no(TakeOnRun(parcels=(young,) * 61)).reason == "parcels.TOO_MANY"
    assert shop.no(DeliverOnRun(parcels=(young,))).reason == "parcels.NOT_ON_RUN"
    assert shop.no(BringBack(parcel=young, reason="not_home")).reason == "parcels.NOT_ON_RUN"
    shop.do(TakeOnRun(parcels=(old,)))
    assert shop.no(TakeOnRun(parcels=(old,))).reason == "parcels.ON_RUN_SINCE"
    assert shop.no(BringBack(parcel=old, reason="")).reason == "parcels.REASON_MISSING"
    assert shop.no(DeliverOnRun(parcels=(old,))).reason == "parcels.BALANCE_STILL_DUE"
    shop.is_now(shift="")
    assert shop.no(DeliverOnRun(parcels=(old,), paid_fen=8_600)).reason == "parcels.NO_SHIFT_OPEN"


def test_the_next_field_after_ticking_is_who_takes_it_out(run):
    """She ticked a parcel, pressed Tab and typed a name: it began a search."""
    run.page.setFocus()
    run.press("Space", "Tab")
    run.write("王小军")
    assert run.page.door.runner.text() == "王小军"
    assert run.primary == ("带出去 1 件，打送货单", True)

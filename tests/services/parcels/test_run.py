"""Home delivery: out by a list of hamlets, then delivered with its money or back with a reason."""

import json
import os
from pathlib import Path

import pytest

from station_app.ledger.accounts import PIECES_RUN, PIECES_SHELF, PIECES_VILLAGER, held_cod
from station_app.ledger.posting import PCS
from station_app.services.parcels import records
from station_app.services.parcels.commands import BringBack, DeliverOnRun, TakeOnRun

OLD, BULKY, YOUNG = (f"730000000000{n}" for n in ("17", "24", "31"))


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


def status(station, waybill):
    row = records.parcel_row(station.shop.connection, station.parcels[waybill])
    assert row is not None
    return row.status


def seen(station, name):
    for height in (690, 768):
        station.window.resize(1366, height)
        station.hand.settle()
        station.assert_fits()
    if os.environ.get("SENSES_PICTURES"):
        station.picture(Path(os.environ["SENSES_PICTURES"]), name)


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
    seen(run, "delivery_run")
    assert run.primary == ("带出去 2 件，打送货单", True)
    run.press("Enter")
    assert (status(run, OLD), status(run, BULKY), status(run, YOUNG)) == (
        "on_run", "on_run", "on_hand",
    )  # fmt: skip
    said = run.shop.jobs()[-1][1]
    for words in ("送货单", "第2组", "第10组", "王*兰", "86.00", "没送到，因为"):
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
    run.press("1")
    assert run.primary == ("没送到，放回架上", True)
    run.press("Enter")
    assert status(run, BULKY) == "on_hand"
    pieces = [run.shop.balance(p, PCS) for p in (PIECES_RUN, PIECES_SHELF, PIECES_VILLAGER)]
    assert pieces == [0, 2, 1]
    assert "没有在外面送的件" in run.words()


@pytest.mark.parametrize(
    ("key", "reason"),
    [("1", "not_home"), ("2", "refused"), ("3", "no_money"), ("4", "wrong_place")],
)
def test_each_failure_has_its_reason_in_the_fact(run, key, reason):
    run.shop.do(TakeOnRun(parcels=(run.parcels[BULKY],), runner="任例福"))
    run.press("F10", key, "Enter")
    body = run.shop.connection.execute(
        "SELECT body FROM facts WHERE kind = 'parcel.brought_back'"
    ).fetchone()[0]
    assert json.loads(body)["reason"] == reason


def test_what_cannot_be_is_said(run):
    shop, old, young = run.shop, run.parcels[OLD], run.parcels[YOUNG]
    assert shop.no(TakeOnRun(parcels=())).reason == "parcels.NOTHING_CHOSEN"
    assert shop.no(TakeOnRun(parcels=(young,) * 61)).reason == "parcels.TOO_MANY"
    assert shop.no(DeliverOnRun(parcel=young)).reason == "parcels.NOT_ON_RUN"
    assert shop.no(BringBack(parcel=young, reason="not_home")).reason == "parcels.NOT_ON_RUN"
    shop.do(TakeOnRun(parcels=(old,)))
    assert shop.no(TakeOnRun(parcels=(old,))).reason == "parcels.ON_RUN_SINCE"
    assert shop.no(BringBack(parcel=old, reason="")).reason == "parcels.REASON_MISSING"
    assert shop.no(DeliverOnRun(parcel=old)).reason == "parcels.BALANCE_STILL_DUE"
    shop.is_now(shift="")
    assert shop.no(DeliverOnRun(parcel=old, paid_fen=8_600)).reason == "parcels.NO_SHIFT_OPEN"

"""The desk of promises by keys: collect, issue, test, fields and certificates, the list."""

import pytest

from station_app.printing.document import to_json
from station_app.services.consignment import records as lot_records
from station_app.services.consignment.commands import MergeLots
from station_app.services.quality import records
from tests.long_shelf import HEIGHTS
from tests.overview.seen import caps, check_fit, primary, shoot, words


def begin(yard, height=768):
    station = yard.pc
    station.show_unlocked((1366, height))
    station.press("F5", "Ctrl+4")
    station.hand.settle()
    return station


def typed(station, **fields):
    for name, text in fields.items():
        station.page.form.fields[name].setFocus()
        station.type(text)


def listed(station):
    return str(station.page.list.rows_model.rows)


def kept(yard):
    """Lots whose promise lacks or was declined, and one of two growers that was mixed."""
    person = yard.pc.person
    lots = [
        yard.intake(promise="missing"),
        yard.intake(person=person(1)),
        yard.intake(person=person(2), promise="missing"),
    ]
    mixed = tuple(yard.intake(person=person(number)) for number in (3, 4))
    yard.act(MergeLots(lots=mixed))
    return lots


@pytest.mark.parametrize("height", HEIGHTS)
def test_what_lacks_a_promise_is_on_top_and_one_is_collected(yard, height):
    first, *_ = kept(yard)
    station = begin(yard, height)
    top = [row.cells[1].words for row in station.page.list.rows_model.rows][:4]
    assert sorted(top) == ["没有合格证", "没有合格证", "混装，要重开", "自愿不开"]
    assert top[3] == "自愿不开", "what lacks one is on top"
    check_fit(station)
    station.page.list.choose(first)
    station.press("8")
    assert primary(station)[1:] == (False, "写证号"), "a co-operative numbers its own"
    typed(station, number="HZS-17")
    assert caps(station) == ["收下合格证"]
    shoot(station, f"quality_{height}")
    station.press("Enter")
    assert yard.lot(first).promise_number == "HZS-17"
    assert len(records.lots_since(station.connection, "2026-01-01")) == 6


def test_what_was_mixed_gets_a_promise_of_the_station_that_comes_out(yard):
    kept(yard)
    station = begin(yard)
    made = next(row for row in lot_records.lots_here(station.connection) if " " in row.growers)
    station.page.list.choose(made.lot)
    station.press("2", "F10")
    assert "几户混装的，站里承诺" in words(station)
    assert primary(station)[0] == "开合格证，打出来"
    check_fit(station)
    station.press("Enter")
    paper = yard.printed("receipt")[-1]
    assert "承 诺 者" in paper
    assert "混装后重开" in paper
    assert yard.lot(made.lot).promise == "issued"


@pytest.mark.parametrize("height", HEIGHTS)
def test_a_test_that_failed_stops_the_lot_at_once(yard, height):
    first, *_ = kept(yard)
    station = begin(yard, height)
    station.page.list.choose(first)
    station.press("3")
    check_fit(station)
    assert primary(station)[2] == "选合格、不合格"
    station.press("8")
    typed(station, lab="县检测中心", item="毒死蜱", limit="0.02", value="0.31", sample="FY-26-031")
    shoot(station, f"quality_test_{height}")
    station.press("Enter")
    assert yard.lot(first).is_blocked
    assert "停售：毒死蜱" in listed(station)
    assert "封样 FY-26-031" in listed(station), "what may be tested again"
    assert "检测不合格，这批停售，先下架" in " ".join(station.toasts())


def test_a_growers_field_and_certificate_are_written_down(yard):
    station = begin(yard)
    station.page.who.setFocus()
    station.type("15400006000")
    assert "地 0 块" in listed(station)
    station.page.list.setFocus()
    station.press("5")
    typed(station, plot_name="东坡", produce="mht", mu="3.5")
    assert primary(station)[:2] == ("记下地块", True)
    station.press("Enter", "6", "9")
    typed(station, number="DL-1", produce="mht")
    assert primary(station)[2] == "写有效到哪天"
    typed(station, until="2027年5月31日")
    station.press("Enter")
    person = station.person(0)
    (plot,) = records.plots_of(station.connection, person)
    assert (plot.name, plot.tenth_mu) == ("东坡", 35)
    (paper,) = records.certificates_of(station.connection, person)
    assert (paper.sort, paper.until_day) == ("gi", "2027-05-31")
    assert station.page.list.rows_model.rows[0].cells[0].small == "地 1 块　证书 1 张"
    station.press("F10")
    assert "执照：合作社" in words(station)
    assert primary(station)[2] == "写证号"
    typed(station, number="93411325")
    check_fit(station)
    shoot(station, "quality_licence")
    station.press("Enter")
    (licence,) = [
        one for one in records.certificates_of(station.connection, person) if one.sort == "coop"
    ]
    assert (licence.number, licence.until_day, licence.produce) == ("93411325", "", "")
    assert records.issuer_of(station.connection, (person,), "2026-11-23") == "coop"


def test_the_list_for_the_inspector_is_printed(yard):
    kept(yard)
    station = begin(yard)
    station.press("Ctrl+P")
    paper = to_json(station.again[-1][0])
    assert "合格证查验清单" in paper
    assert "查验清单打了" in " ".join(station.toasts())

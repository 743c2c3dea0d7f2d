"""Stocktake: a layer is counted by scanner; what surprises is said, and nothing moves by itself."""

import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QFontMetrics

from station_app.services.parcels import records
from station_app.services.parcels.commands import CountLayer, LoseParcel
from station_app.services.parcels.counting_records import layer_counts
from station_app.services.parcels.places import Layer
from station_app.shell import theme
from station_app.shell.widgets.keys import cap_width
from station_app.shell.widgets.row_paint import CAP_GAP, cell_area
from station_app.values.codes import SHELF, make_code
from tests.long_shelf import HEIGHTS

TAG_A1, TAG_A2 = make_code(SHELF, "A1"), make_code(SHELF, "A2")
FIRST, SECOND, ELSEWHERE, GONE = (f"730000000001{n}" for n in ("17", "24", "31", "48"))
STRANGER = "73000000000155"


@pytest.fixture
def shelves(station):
    shop = station.shop
    station.wang = shop.villager("王秀兰", "13800006021")
    station.parcels = {
        waybill: shop.shelve(waybill, person=station.wang, shelf="A", layer=layer)
        for waybill, layer in ((FIRST, 1), (SECOND, 1), (ELSEWHERE, 2), (GONE, 1))
    }
    shop.hand_over(station.parcels[GONE], taken_by="self", check="phone_tail")
    station.press("F2", "Ctrl+2")
    assert "扫一层的层签开始" in station.words()
    return station


def cases(station):
    return set(station.shop.connection.execute("SELECT kind, entity FROM cases").fetchall())


def row(station, waybill):
    found = records.parcel_row(station.shop.connection, station.parcels[waybill])
    assert found is not None
    return found


def shown(station):
    return [row.heading or row.subject for row in station.page.odd.table.rows_model.rows]


def count(station, layer):
    return layer_counts(station.shop.connection)[layer]


def test_a_layer_that_is_as_the_books_say_takes_its_scans_and_one_key(shelves):
    shelves.scan(TAG_A1)
    shelves.scan(FIRST)
    shelves.scan(SECOND)
    assert "都对上了" in shelves.words()
    assert shelves.sounds.played[-3:] == ["ok", "ok", "ok"]
    shelves.press("Enter")
    row = count(shelves, Layer("A", 1))
    assert (row.expected, row.found, row.is_even) == (2, 2, True)
    assert cases(shelves) == set()


def test_what_is_missing_is_looked_for_first_and_then_stands_in_the_cases(shelves):
    shelves.scan(TAG_A1)
    shelves.scan(FIRST)
    missing = shelves.parcels[SECOND]
    assert shown(shelves) == ["少 1 件：账上有，架上没扫到。这层完就写到待核对", missing]
    shelves.press("Enter")
    assert cases(shelves) == {("parcels.missed", missing)}
    assert row(shelves, SECOND).is_on_hand  # missed is not lost


def test_a_missed_parcel_that_turns_up_leaves_the_cases_by_itself(shelves):
    shelves.shop.do(CountLayer(shelf="A", layer=1, seen=(shelves.parcels[FIRST],)))
    assert cases(shelves) == {("parcels.missed", shelves.parcels[SECOND])}
    shelves.shop.do(CountLayer(shelf="A", layer=1, seen=tuple(shelves.parcels.values())[:2]))
    assert cases(shelves) == set()


def test_a_missed_parcel_that_is_handed_over_leaves_the_cases_too(shelves):
    shelves.shop.do(CountLayer(shelf="A", layer=1, seen=(shelves.parcels[FIRST],)))
    shelves.shop.hand_over(shelves.parcels[SECOND], taken_by="self", check="phone_tail")
    assert cases(shelves) == set()


def test_what_cannot_be_found_is_said_at_the_second_press_and_found_by_a_scan(shelves):
    shelves.scan(TAG_A1)
    shelves.scan(FIRST)
    shelves.press("1")
    assert row(shelves, SECOND).is_on_hand
    shelves.press("1")
    lost = row(shelves, SECOND)
    assert lost.status == "lost"
    shelves.press("Enter")
    shelves.scan(TAG_A2)
    shelves.scan(SECOND)
    assert shown(shelves)[0] == "找到 1 件：记过找不着"
    shelves.press("1")
    found = row(shelves, SECOND)
    assert (found.status, found.shelf, found.layer) == ("on_hand", "A", 2)
    assert cases(shelves) == set()


def test_a_parcel_of_another_layer_is_moved_in_the_books_by_one_key(shelves):
    shelves.scan(TAG_A1)
    shelves.scan(FIRST)
    shelves.scan(SECOND)
    shelves.scan(ELSEWHERE)
    assert shelves.sounds.played[-1] == "warn"
    assert shown(shelves)[0] == "放错 1 件：账上在别的层"
    shelves.press("1")
    moved = row(shelves, ELSEWHERE)
    assert (moved.shelf, moved.layer) == ("A", 1)
    assert "都对上了" in shelves.words()


def test_what_was_handed_over_and_still_stands_here_is_a_case(shelves):
    shelves.scan(TAG_A1)
    for waybill in (FIRST, SECOND, GONE):
        shelves.scan(waybill)
    assert shelves.sounds.played[-1] == "stop"
    assert shown(shelves)[0] == "多 1 件：账上已经交出去了"
    shelves.press("Enter")
    assert cases(shelves) == {("parcels.seen_when_gone", shelves.parcels[GONE])}
    row = count(shelves, Layer("A", 1))
    assert (row.found, row.expected, row.gone, row.is_even) == (2, 2, 1, False)


def test_a_number_that_nobody_shelved_goes_to_the_intake_and_the_count_waits(shelves):
    shelves.scan(TAG_A1)
    shelves.scan(FIRST)
    shelves.scan(STRANGER)
    assert "没入过库" in str(shelves.page.odd.table.rows_model.rows)
    shelves.press("1")
    assert shelves.window.deck.current.key == "parcels.intake"
    shelves.press("Esc", "Ctrl+2")
    assert shelves.page.work.seen == (shelves.parcels[FIRST],)


def test_half_a_layer_outlives_a_power_cut(shelves):
    shelves.scan(TAG_A1)
    shelves.scan(FIRST)
    shelves.page.keep_draft()
    shelves.restart()
    shelves.press("F2", "Ctrl+2")
    assert shelves.page.work.seen == (shelves.parcels[FIRST],)
    assert "A 架 1 层，扫到 1 / 账上 2" in shelves.words()


def test_the_tag_of_the_next_layer_ends_the_one_in_hand(shelves):
    shelves.scan(TAG_A1)
    shelves.scan(FIRST)
    shelves.scan(SECOND)
    shelves.scan(TAG_A2)
    assert count(shelves, Layer("A", 1)).is_even
    assert shelves.page.work.layer == Layer("A", 2)


def test_what_was_found_on_a_layer_is_seen_whole_beside_the_key_of_its_row(shelves):
    """扫到 1 / 账… stood there, once the layer was counted and its row took Enter."""
    shelves.scan(TAG_A1)
    shelves.press("Enter")
    for height in (690, 768):
        shelves.window.resize(1366, height)
        shelves.hand.settle()
        table = shelves.page.layers.table
        said = next(row.cells[1].small for row in table.rows_model.rows if row.subject == "A-1")
        assert said == "扫到 0 / 账上 2"
        longest = QFontMetrics(theme.font(theme.HINT)).horizontalAdvance("扫到 12 / 账上 12")
        room = cell_area(QRectF(table.visualRect(table.rows_model.index(0, 1))), 1, 1)
        assert table.cap_of(table.currentIndex().row()) == "Enter"
        assert room.width() - cap_width("Enter") - CAP_GAP >= longest


def test_headings_of_what_differs_have_the_tone_of_their_rows(shelves):
    shelves.scan(TAG_A1)
    for waybill in (GONE, ELSEWHERE):
        shelves.scan(waybill)
    rows = shelves.page.odd.table.rows_model.rows
    tones = {row.heading.partition("：")[0]: row.tone for row in rows if row.heading}
    assert tones == {"多 1 件": "stop", "放错 1 件": "warn", "少 2 件": "warn"}


def test_without_tags_a_layer_is_chosen_in_the_list(shelves):
    shelves.scan(FIRST)
    assert shelves.toasts[-1] == "先扫一层的层签，再扫件"
    shelves.press("Down", "Enter")
    assert shelves.page.work.layer == Layer("A", 2)
    shelves.press("Esc")
    assert shelves.page.work is None


def test_a_layer_that_does_not_exist_is_refused(shelves):
    shelves.scan(make_code(SHELF, "Q7"))
    assert shelves.page.work is None
    refusal = shelves.shop.no(CountLayer(shelf="Q", layer=7, seen=()))
    assert refusal.reason == "parcels.NO_SUCH_LAYER"
    assert shelves.shop.no(LoseParcel(parcel=shelves.parcels[GONE])).reason == (
        "parcels.NO_SUCH_PARCEL"
    )


@pytest.mark.parametrize("height", HEIGHTS)
def test_nothing_is_cut_off(shelves, height):
    shelves.window.resize(1366, height)
    shelves.hand.settle()
    shelves.assert_fits()
    shelves.scan(TAG_A1)
    for waybill in (FIRST, ELSEWHERE, GONE, STRANGER):
        shelves.scan(waybill)
    shelves.assert_fits()
    assert shelves.enter_caps() == ["这层完，扫下一层"]

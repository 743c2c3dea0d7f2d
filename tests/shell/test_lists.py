"""Lists: fast with ten thousand rows, walked by arrows, spoken by readers."""

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from station_app.shell.widgets.cells import (
    Bar,
    ChipText,
    Column,
    Icon,
    Link,
    Pill,
    Row,
    Text,
    Tick,
)
from station_app.shell.widgets.strip import StatusButton, StatusItem, StatusStrip
from station_app.shell.widgets.tables import ListTable, shared_widths

COLUMNS = (
    Column("ok", 44),
    Column("code", 110),
    Column("waybill", 250),
    Column("who"),
    Column("state", 150, "right"),
    Column("do", 90, "right"),
)


def row(number):
    cells = (
        Icon("ok", "好了"),
        Text(f"B-2-{number}", 20, bold=True, small="今天"),
        ChipText("中通", "7836 4410 2917 31"),
        "赵根喜",
        Pill("代收 ¥86.00", "money"),
        Link("补名字"),
    )
    return Row(str(number), cells)


@pytest.fixture
def table(dressed, qtbot):
    made = ListTable(COLUMNS, name="这一趟已入库")
    qtbot.addWidget(made)
    made.resize(900, 600)
    made.show()
    return made


def test_ten_thousand_rows_make_no_more_widgets_than_twenty(table):
    """What is slow about long lists is a widget a row; this one paints what is in sight."""
    rows = [row(number) for number in range(10_000)]
    table.show_rows(rows[:20])
    few = len(table.findChildren(QWidget))
    table.show_rows(rows)
    table.choose("9000")
    table.grab()
    assert table.current() == "9000"
    assert len(table.findChildren(QWidget)) == few


def test_the_current_row_stays_when_rows_come_and_go(table):
    table.show_rows([row(n) for n in range(50)])
    table.choose("17")
    table.show_rows([row(n) for n in range(10, 60)])
    assert table.current() == "17"
    table.show_rows([row(n) for n in range(3)])
    assert table.current() == ""


def test_arrows_skip_headings(table):
    table.show_rows([Row("", (), heading="人"), row(1), Row("", (), heading="包裹"), row(2)])
    table.step(1)
    assert table.current() == "1"
    table.step(1)
    assert table.current() == "2"
    table.step(1)
    assert table.current() == "2"
    table.step(-1)
    assert table.current() == "1"
    table.set_owns_enter(owns=True)
    assert [table.cap_of(n) for n in range(4)] == ["", "Enter", "", "↓"]


def test_a_click_on_a_link_or_tick_acts_and_on_words_only_chooses(table):
    acted: list = []
    chosen: list = []
    table.acted.connect(lambda subject, column: acted.append((subject, column)))
    table.current_changed.connect(chosen.append)
    table.show_rows([row(n) for n in range(5)])
    link = table.visualRect(table.rows_model.index(2, 5)).center()
    words = table.visualRect(table.rows_model.index(3, 3)).center()
    for place in link, words:
        QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(place))
    assert acted == [("2", "do")]
    assert chosen[-1] == "3"


def test_readers_hear_every_cell(table):
    table.show_rows(
        [
            Row(
                "1",
                (
                    Tick(True),
                    Bar(500),
                    ChipText("中通", "78"),
                    Text("A", small="b"),
                    Pill("待取", "waiting"),
                    None,
                ),
            )
        ]
    )
    role = Qt.ItemDataRole.AccessibleTextRole
    model = table.rows_model
    said = [model.data(model.index(0, column), role) for column in range(6)]
    assert said == ["✓", "50 %", "中通 78", "A b", "待取", ""]
    assert table.accessibleName() == "这一趟已入库"


def test_all_columns_share_the_width(table):
    table.show_rows([row(1)])
    widths = [table.columnWidth(n) for n in range(6)]
    assert sum(widths) == table.viewport().width()
    table.resize(1100, 600)
    assert sum(table.columnWidth(n) for n in range(6)) == table.viewport().width()


@pytest.mark.parametrize("room", [120, 320, 543, 717, 900, 1500])
def test_in_every_width_the_columns_fill_the_room_and_none_is_lost(room):
    for columns in COLUMNS, COLUMNS[:3], (Column("a"), Column("b")):
        widths = shared_widths(columns, room)
        assert sum(widths) == room
        assert min(widths) > 0
    if room >= 900:
        assert shared_widths(COLUMNS, room)[:3] == [44, 110, 250]


def test_a_row_with_too_few_cells_is_a_bug(table):
    with pytest.raises(AssertionError):
        table.show_rows([Row("1", ("nur eins",))])


def test_in_a_narrow_strip_what_is_in_order_gives_way_to_what_is_not(dressed, qtbot):
    strip = StatusStrip("F1 帮助")
    qtbot.addWidget(strip)
    strip.resize(1300, 40)
    strip.show()
    items = [StatusItem(str(n), f"小票机{n} 正常") for n in range(6)]
    items[4] = StatusItem("4", "标签机没纸，已排队 3 张", "stop")
    strip.show_items(items)

    def shown():
        return [b.item.key for b in strip.findChildren(StatusButton) if b.isVisible()]

    assert set(shown()) == {"0", "1", "2", "3", "4", "5", "help"}
    strip.resize(600, 40)
    assert "4" in shown()
    assert "5" not in shown()
    strip.resize(1300, 40)
    assert "5" in shown()


def test_a_row_that_a_scan_finds_far_down_is_not_shown_under_the_toast(table):
    """Qt itself brings it just to the lower edge, and there the toast lies."""
    table.show_rows([row(number) for number in range(200)])
    table.choose("150")
    seen = table.visualRect(table.currentIndex())
    assert abs(seen.center().y() - table.viewport().rect().center().y()) <= seen.height()
    table.choose("151")
    assert table.visualRect(table.currentIndex()).top() == seen.bottom() + 1, "in sight: no jump"


def test_the_first_row_is_chosen_with_the_heading_above_it(dressed, qtbot):
    table = ListTable((Column("what"),), name="科目")
    qtbot.addWidget(table)
    rows = [Row(str(number), (Text(f"{number}"),)) for number in range(40)]
    table.show_rows([Row("", (), heading="站里的钱"), *rows])
    table.resize(300, 60)  # before a page is laid out, a list in it is as low as can be
    table.show()
    table.choose("0")
    table.resize(300, 400)
    assert table.verticalScrollBar().value() == 0


def _edges(seen):
    """Return the first and the last column of a picture that have ink on white."""
    image = seen.toImage()
    inked = [
        x
        for x in range(image.width())
        if any(image.pixelColor(x, y).lightness() < 140 for y in range(4, image.height() - 4))
    ]
    return inked[0], inked[-1]


def test_headings_stand_at_the_edges_of_their_cells(dressed, qtbot):
    columns = (Column("what", heading="日"), Column("sum", 150, "right", "日"))
    table = ListTable(columns, name="卖的货")
    qtbot.addWidget(table)
    table.setStyleSheet("background: white")
    table.horizontalHeader().setVisible(True)
    table.show_rows([Row("1", (Text("日"), Text("日"))), Row("2", (Text(""), Text("")))])
    table.choose("2")
    table.resize(600, 300)
    table.show()
    head = table.horizontalHeader().geometry()
    row = QRect(head.left(), head.bottom() + 1, head.width(), table.rowHeight(0))
    edges = zip(_edges(table.grab(head)), _edges(table.grab(row)), strict=True)
    assert all(abs(of_head - of_row) <= 2 for of_head, of_row in edges)

"""The three main jobs of the parcel counter, each played in three ways, every stroke counted.

With scanner and keys, with the mouse alone (and the keys on the screen), and on a keyboard without
F-keys and without a scanner. What it comes to stands in `docs/DESIGN.md`, and is read from there.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from station_app.services.parcels import records
from station_app.shell.widgets.keys import KeyButton
from tests.house import ROOT

SIX = ("460000000000017", "460000000000024", "73000000000017", "73000000000024",
       "73000000000031", "73000000000048")  # fmt: skip
NEW, LATE = "73000000000055", "73000000000062"


class ByHand:
    """Counts what an operator does: a scan, a stroke, a click, each one."""

    def __init__(self, station: Any) -> None:
        self.station, self.count = station, 0

    def scan(self, text: str) -> None:
        self.count += 1
        self.station.scan(text)

    def press(self, *names: str) -> None:
        self.count += len(names)
        self.station.press(*names)

    def type(self, text: str) -> None:
        self.count += len(text)
        self.station.type(text)

    def click(self, widget: Any, place: QPoint | None = None) -> None:
        self.count += 1
        QTest.mouseClick(widget, Qt.MouseButton.LeftButton, pos=place or widget.rect().center())
        self.station.hand.settle()

    def click_on(self, words: str) -> None:
        buttons = [
            one for one in self.station.window.findChildren(KeyButton)
            if one.isVisible() and one.text() == words and one.isEnabled()
        ]  # fmt: skip
        assert len(buttons) == 1, f"{len(buttons)} buttons say {words}"
        self.click(buttons[0])

    def tap(self, signs: Iterable[str]) -> None:
        """Click keys of the pad on the screen."""
        pad = self.station.window.pad
        buttons = {one.text(): one for one in pad.findChildren(KeyButton)}
        for sign in signs:
            self.click(buttons[sign])

    def tick(self, table: Any, row: int) -> None:
        place = table.visualRect(table.rows_model.index(row, 0)).center()
        self.click(table.viewport(), place)


@pytest.fixture
def counter(station):
    shop = station.shop
    shop.is_now(day="2025-11-10")
    station.late = shop.shelve(LATE, tail="3308", name="赵根喜", courier="ZTO")
    shop.is_now(day="2025-11-25")
    wang = shop.villager("王秀兰", "13800006021", household="1")
    for place, waybill in enumerate(SIX):
        shop.shelve(
            waybill, person=wang, courier="YUNDA" if place < 2 else "ZTO",
            cod_fen=50_00 if place in (1, 4) else 0,
        )  # fmt: skip
    station.press("F3")
    return station


def by_scanner(hand: ByHand) -> Iterator[str]:
    """Scanner and keys."""
    hand.press("F2")
    hand.scan(NEW)
    hand.type("1999")
    hand.press("Enter")
    yield "shelve"
    hand.press("F3")
    for waybill in SIX:
        hand.scan(waybill)
    hand.press("Enter")
    yield "hand over"
    hand.press("F3", "Ctrl+4", "Ctrl+R", "Enter")
    yield "give back"


def by_mouse(hand: ByHand) -> Iterator[str]:
    """The mouse alone, with the keys on the screen where a number is typed."""
    window = hand.station.window
    hand.click(window.rail.buttons["F2"])
    hand.click(window.strip.tools[0])
    hand.tap([*NEW, "下一格", *"1999"])
    hand.click(window.action_bar.primary_button)
    hand.tap(["收起"])
    yield "shelve"
    hand.click(window.rail.buttons["F3"])
    hand.click(window.top_bar.scan_box.line)
    hand.click(window.strip.tools[0])
    hand.tap([*"6021", "下一格"])
    _tick_six(hand, hand.tick)
    hand.click(window.action_bar.primary_button)
    hand.tap(["收起"])
    yield "hand over"
    hand.click(window.rail.buttons["F3"])
    hand.click_on("滞留")
    hand.click_on("退回快递")
    hand.click_on("退回 1 件")
    yield "give back"


def by_keyboard(hand: ByHand) -> Iterator[str]:
    """A keyboard without F-keys and no scanner."""
    hand.press("Alt+R")
    hand.type(NEW)
    hand.press("Enter")
    hand.type("1999")
    hand.press("Enter")
    yield "shelve"
    hand.press("Alt+Q")
    hand.type("6021")
    hand.press("Enter")
    _tick_six(hand, lambda _table, row: hand.press(*["Down"] * bool(row), "Space"))
    hand.press("Enter")
    yield "hand over"
    hand.press("Alt+Q", "Ctrl+4", "Ctrl+R", "Enter")
    yield "give back"


def _tick_six(hand: ByHand, tick: Callable[[Any, int], None]) -> None:
    table = hand.station.page.counted.table
    for row in range(len(table.rows_model.rows)):
        tick(table, row)


WAYS = {"scanner": by_scanner, "mouse": by_mouse, "keyboard": by_keyboard}


def agreed() -> dict[tuple[str, str], int]:
    """The table of the design: so many scans, strokes and clicks for each job and way."""
    text = (ROOT / "docs" / "DESIGN.md").read_text("utf-8")
    lines = re.findall(r"^\| (shelve|hand over|give back)[^|]*\|(.+)\|$", text, re.MULTILINE)
    return {
        (job, way): int(cell)
        for job, cells in lines
        for way, cell in zip(WAYS, cells.split("|"), strict=True)
    }


@pytest.mark.parametrize("way", WAYS)
def test_the_three_main_jobs_take_as_many_strokes_as_agreed(counter, way):
    hand = ByHand(counter)
    counts: dict[tuple[str, str], int] = {}
    for job in WAYS[way](hand):
        counts[job, way] = hand.count
        hand.count = 0
    connection = counter.shop.connection
    assert [row.waybill for row in records.on_hand(connection)] == [NEW], "all was done"
    late = records.parcel_state(connection, counter.late)
    assert late is not None
    assert late.status == "returned"
    assert counter.shop.balance("Assets:Drawer:D1") == 100_00
    assert counts == {key: count for key, count in agreed().items() if key[1] == way}

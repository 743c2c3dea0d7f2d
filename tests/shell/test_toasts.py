"""Toasts: how long they stand, which one goes, whose key it is."""

import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget

from station_app.shell import theme
from station_app.shell.counter import Notice
from station_app.shell.widgets.cards import ReceiptPreview
from station_app.shell.widgets.fields import LineField
from station_app.shell.widgets.keys import KeyButton
from station_app.shell.widgets.panels import Panel
from station_app.shell.widgets.toast_place import is_in_the_way
from station_app.shell.widgets.toasts import STAYS_MS, ToastArea
from station_app.shell.widgets.words import Words


@pytest.fixture
def area(dressed, texts, qtbot):
    over = QWidget()
    qtbot.addWidget(over)
    over.resize(1200, 600)
    over.show()
    return ToastArea(over, texts)


def words(area):
    return [toast.notice.words for toast in area.toasts]


def stand_long_enough(area):
    for toast in area.toasts:
        toast._clock.timeout.emit()


def test_a_toast_stays_at_least_twenty_seconds_and_until_the_next_act(area):
    assert STAYS_MS >= 20_000
    area.show_notice(Notice("甲", act="A"))
    assert area.toasts[0]._clock.interval() == STAYS_MS
    stand_long_enough(area)
    assert words(area) == ["甲"]
    area.show_notice(Notice("乙", act="B"))
    assert words(area) == ["乙"]


def test_the_next_act_alone_does_not_take_a_fresh_toast_away(area):
    area.show_notice(Notice("甲", act="A"))
    area.show_notice(Notice("乙", act="B"))
    assert words(area) == ["甲", "乙"]
    stand_long_enough(area)
    assert words(area) == ["乙"]


def test_there_are_two_at_most_and_errors_stay(area):
    area.show_notice(Notice("标签机没纸", "stop"))
    for name in "甲乙丙":
        area.show_notice(Notice(name, act=name))
    assert words(area) == ["标签机没纸", "丙"]
    stand_long_enough(area)
    area.act_done()
    assert words(area) == ["标签机没纸"]
    area.toasts[0].button.click()
    assert words(area) == []


def test_only_the_newest_undo_shows_its_key(area):
    area.show_notice(Notice("甲", act="A"))
    area.show_notice(Notice("乙", act="B"))
    assert [toast.button.cap for toast in area.toasts] == ["", "Ctrl+Z"]
    assert area.last_undo() == "B"
    area.forget_act("B")
    assert [toast.button.cap for toast in area.toasts] == ["Ctrl+Z"]


def test_the_same_words_stand_once(area):
    area.show_notice(Notice("刚扫过这个码", "notice"))
    area.show_notice(Notice("刚扫过这个码", "notice"))
    assert words(area) == ["刚扫过这个码"]


def test_a_button_does_what_it_says_and_the_toast_goes(area):
    done = []
    area.show_notice(Notice("没纸", "stop", button=("重打", "F10", lambda: done.append(1))))
    area.toasts[0].button.click()
    assert (done, words(area)) == ([1], [])


def test_they_stand_at_the_bottom_left_and_follow_the_content(area):
    over = area.parentWidget()
    area.show_notice(Notice("甲", act="A"))
    over.resize(1200, 500)
    assert area.geometry().bottom() < 500
    assert area.geometry().right() < 600


@pytest.fixture
def stand(area):
    """Put a widget of a page somewhere below the toasts."""

    def put(widget, *place):
        widget.setParent(area.parentWidget())
        widget.setGeometry(*place)
        widget.show()
        return widget

    return put


def after(area):
    area.show_notice(Notice("A-1-38 标签打着", act="A"))
    return area.geometry()


def test_they_stand_above_a_total_a_field_and_a_button(area, stand):
    total = stand(Words("¥586.00", theme.TOTAL, bold=True), 20, 540, 300, 50)
    place = after(area)
    assert (place.left(), place.bottom() < total.y()) == (40, True)
    field = stand(LineField(), 20, place.top(), 200, 48)
    area.look_again()
    area._soon.timeout.emit()
    assert area.geometry().bottom() < field.y()
    button = stand(KeyButton("现在传", "F9"), 20, area.y(), 160, 48)
    area._place()
    assert area.geometry().bottom() < button.y()
    assert area.x() == 40


def test_a_form_down_the_left_side_sends_them_to_the_next_panel(area, stand):
    for row in range(10):
        stand(LineField(), 100, 60 * row, 70, 48)
    panel = stand(Panel("plain"), 420, 0, 560, 600)
    stand(KeyButton("现在传", "F9"), 440, 540, 160, 48)
    place = after(area)
    assert place.left() == panel.x() + 16
    assert place.bottom() < 540


def test_words_are_hidden_only_where_there_is_no_other_place(area, stand):
    words = stand(Words("县里都收到了。", theme.HINT), 60, 540, 200, 24)
    assert not after(area).intersects(words.geometry())
    for row in range(40):
        stand(Words("字", theme.HINT), 20, 15 * row, 1100, 15)
    area._place()
    assert area.geometry().bottom() < 600


def test_what_stays_in_sight_does(area, stand):
    paper = stand(ReceiptPreview("单子"), 0, 400, 430, 200)
    assert after(area).intersects(paper.geometry())  # nothing is on it yet
    paper.show_image(QImage(384, 300, QImage.Format.Format_Mono))
    place = after(area)
    assert not place.intersects(paper.geometry())
    assert not is_in_the_way(place, area.parentWidget(), area)
    assert is_in_the_way(paper.geometry(), area.parentWidget(), area)


def test_another_page_takes_remarks_away_and_leaves_what_can_be_undone(area):
    area.show_notice(Notice("好，马上试", "notice"))
    area.show_notice(Notice("A-1-01 标签打着", act="A"))
    area.page_switched()
    assert words(area) == ["A-1-01 标签打着"]

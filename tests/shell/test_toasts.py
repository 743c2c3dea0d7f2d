"""Toasts: how long they stand, which one goes, whose key it is."""

import pytest
from PySide6.QtWidgets import QWidget

from station_app.shell.counter import Notice
from station_app.shell.widgets.toasts import STAYS_MS, ToastArea


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
    before = area.y()
    area.set_place(lift=100, is_right=False)
    area.show_notice(Notice("乙", act="B"))
    area.forget_act("A")
    assert area.y() == before - 100
    area.set_place(lift=0, is_right=True)
    assert area.geometry().left() > 600


def test_another_page_takes_remarks_away_and_leaves_what_can_be_undone(area):
    area.show_notice(Notice("好，马上试", "notice"))
    area.show_notice(Notice("A-1-01 标签打着", act="A"))
    area.page_switched()
    assert words(area) == ["A-1-01 标签打着"]

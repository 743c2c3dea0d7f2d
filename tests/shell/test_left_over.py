"""What must not be left over: a question over another page, a hit over the lock, a lost focus."""

import sys
import threading

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit

from station_app.journal.troubles import DiskFull
from station_app.shell.counter import Notice
from station_app.shell.desk import Done
from station_app.station_log import catch_the_rest
from tests.shell.shop import offer_of, open_shop
from tests.shell.toy_page import ALL, ToyPage, record


class Later:
    """Threads whose answers come when a test lets them."""

    def __init__(self):
        self.waiting = []
        self.is_slow = False

    def write(self, work, then):
        result = work()
        if self.is_slow:
            self.waiting.append(lambda: then(result))
        else:
            then(result)

    read = write

    def answer(self):
        waiting, self.waiting = self.waiting, []
        for one in waiting:
            one()


@pytest.fixture
def threads():
    return Later()


@pytest.fixture
def shop(dressed, threads):
    return open_shop(threads)


@pytest.fixture
def at_shelf(shop, shown):
    hand = shown(shop.window(offer_of(ToyPage), ALL))
    return hand, hand.window.deck.current


def test_the_question_about_a_scan_goes_when_the_screen_locks_itself(at_shelf):
    hand, _ = at_shelf
    hand.burst("9988776655")
    hand.settle()
    assert hand.window.sheet.is_open
    hand.window.open_page("toys.lock")  # nobody touched anything for ten minutes
    hand.settle()
    assert not hand.window.sheet.is_open
    assert not hand.window.veil.isVisible()


def test_the_question_about_a_scan_goes_when_another_page_is_clicked(at_shelf):
    hand, _ = at_shelf
    hand.burst("9988776655")
    hand.settle()
    QTest.mouseClick(hand.window.rail.buttons["F2"], Qt.MouseButton.LeftButton)
    assert hand.window.deck.current.key == "toys.other"
    assert not hand.window.sheet.is_open
    assert not hand.window.veil.isVisible()


def test_the_next_scan_takes_the_place_of_the_question_about_the_one_before(at_shelf, shop):
    hand, page = at_shelf
    record(hand, page, "7300001")
    hand.burst("9988776655")
    hand.settle()
    hand.burst("7300001")
    hand.settle()
    assert page.scans[-1].meaning.kind == "toy.known"
    assert not hand.window.sheet.is_open
    assert not hand.window.veil.isVisible()


def test_what_was_sought_just_before_the_lock_is_not_shown_over_it(at_shelf, threads):
    hand, page = at_shelf
    record(hand, page, "王秀兰")
    hand.window.focus_scan_box()
    threads.is_slow = True
    hand.window.search.seek("王")
    hand.window.open_page("toys.lock")
    threads.answer()
    assert not hand.window.search_list.isVisible()


def test_what_was_typed_just_before_the_lock_is_not_sought_behind_it(at_shelf, qtbot):
    hand, page = at_shelf
    record(hand, page, "王秀兰")
    hand.window.focus_scan_box()
    hand.compose("王")
    hand.window.scan_filter.flush()
    box = hand.window.top_bar.scan_box
    assert box.is_searching
    hand.window.open_page("toys.lock")
    assert not box.is_searching
    assert not hand.window.search_list.isVisible()


def test_two_unknown_scans_give_the_field_its_cursor_back(at_shelf):
    hand, page = at_shelf
    page.field.setFocus()
    for text in "9988776655", "9988776677":
        hand.burst(text)
        hand.settle()
        hand.at += 4_000
    hand.press("Esc")
    assert QApplication.focusWidget() is page.field.line


def test_a_field_that_went_meanwhile_is_no_reason_to_stumble(at_shelf):
    hand, page = at_shelf
    field = QLineEdit(page)
    field.show()
    field.setFocus()
    hand.burst("9988776655")
    hand.settle()
    field.deleteLater()
    hand.settle()
    hand.press("Esc")
    assert not hand.window.sheet.is_open


def test_a_click_on_a_heading_of_the_hits_opens_nobody(at_shelf):
    hand, page = at_shelf
    record(hand, page, "王秀兰")
    hand.window.focus_scan_box()
    hand.compose("王")
    hand.settle()
    table = hand.window.search_list.table
    assert table.rows_model.rows[0].heading
    QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(40, 10))
    assert page.opened == []
    assert hand.window.search.is_open


def test_a_toast_of_an_act_stays_until_the_next_act_and_not_until_its_own(at_shelf, shop):
    hand, page = at_shelf
    record(hand, page)
    (toast,) = hand.window.toasts.toasts
    toast._clock.timeout.emit()
    assert hand.window.toasts.toasts == (toast,)
    shop.desk.tell(Done(""))  # news of the county are no act of hers
    assert hand.window.toasts.toasts == (toast,)
    record(hand, page, "车")
    assert [one.notice.words for one in hand.window.toasts.toasts] == ["车 记下了"]


def test_an_act_that_ends_behind_the_lock_cannot_be_undone_there(at_shelf, threads, shop):
    hand, page = at_shelf
    page.field.set_text("球")
    threads.is_slow = True
    page.primary()
    hand.window.open_page("toys.lock")
    threads.is_slow = False
    threads.answer()
    hand.settle()
    hand.press("Ctrl+Z")
    assert shop.toys() == ["球"]


def test_ctrl_z_pressed_twice_takes_back_one_act(at_shelf, threads, shop):
    hand, page = at_shelf
    record(hand, page, "车")
    record(hand, page, "球")
    threads.is_slow = True
    hand.press("Ctrl+Z")
    hand.press("Ctrl+Z")
    threads.is_slow = False
    threads.answer()
    hand.settle()
    assert shop.toys() == ["车"]
    words = [toast.notice.words for toast in hand.window.toasts.toasts]
    assert shop.texts.say("shell.toast.undone") in words
    assert not any(toast.stays for toast in hand.window.toasts.toasts)


def test_after_a_power_cut_each_interrupted_work_is_named(shop, shown):
    shop.drafts.keep("toys.shelf", {"label": "球"})
    shop.drafts.keep("toys.other", {"label": "车"})
    window = shop.window(offer_of(ToyPage), ALL)
    shown(window)
    window.resume_drafts()
    said = [toast.notice.words for toast in window.toasts.toasts]
    assert said == ["刚才断电了。车没记完", "刚才断电了。球没记完"]


def test_a_remark_about_the_page_before_goes_with_it(at_shelf):
    hand, _ = at_shelf
    hand.window.toast(Notice("好，马上试", "notice"))
    hand.press("F2")
    assert hand.window.toasts.toasts == ()


def test_a_page_whose_act_stumbled_goes_on_and_says_so(at_shelf, threads, shop):
    hand, page = at_shelf
    page.field.set_text("球")
    threads.is_slow = True
    page.primary()
    threads.waiting.clear()  # the rule raised: nobody will ever answer
    threads.is_slow = False
    assert page.is_busy
    thread = threading.Thread(target=hand.window.last_resort.tell, args=(KeyError("x"),))
    thread.start()
    thread.join()
    hand.settle()
    assert not page.is_busy
    assert hand.window.action_bar.primary_button.isEnabled()
    (toast,) = hand.window.toasts.toasts
    assert (toast.stays, toast.notice.words) == (True, shop.texts.say("shell.trouble.unexpected"))
    page.primary()
    assert page.done[-1].already  # it had been recorded after all: the ticket is the act


def test_what_nobody_caught_is_told_to_the_screen(monkeypatch):
    told = []
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    catch_the_rest(lambda p: told.append((type(p), threading.current_thread().name)))
    thread = threading.Thread(target=lambda: 1 // 0, name="writer")
    thread.start()
    thread.join()
    sys.excepthook(ValueError, ValueError("x"), None)
    assert told == [(ZeroDivisionError, "writer"), (ValueError, "MainThread")]


def test_a_full_disk_that_nobody_expected_is_said_in_its_own_words(at_shelf, shop):
    hand, _ = at_shelf
    hand.window.last_resort.tell(DiskFull("no room"))
    hand.settle()
    (toast,) = hand.window.toasts.toasts
    assert toast.notice.words == shop.texts.say(DiskFull().text_key)


def test_a_page_too_long_to_be_kept_is_left_all_the_same_and_says_so_once(at_shelf, shop):
    hand, page = at_shelf
    page.field.set_text("球")
    page.keep_draft()
    page.draft = lambda: {"label": "字" * 100_000}
    for _ in range(2):
        page.keep_draft()  # as after each pause in typing
    words = [toast.notice.words for toast in hand.window.toasts.toasts]
    assert words == [hand.window.say("shell.page.too_long")]
    hand.window.open_page("toys.other")
    assert hand.window.deck.current.key == "toys.other"
    assert shop.drafts.find("toys.shelf") == {"label": "球"}
    hand.window.close()
    assert not hand.window.isVisible()

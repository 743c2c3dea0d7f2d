"""Scans and searches: to the page that deals with them, and nothing posted by itself."""

import pytest
from PySide6.QtWidgets import QApplication

from station_app.values.codes import make_code
from tests.shell.measure import enter_caps
from tests.shell.shop import offer_of
from tests.shell.toy_page import ALL, ToyPage, record

OWN = make_code("VP", "ABCDEFGH23456723")


@pytest.fixture
def at_shelf(shop, shown):
    hand = shown(shop.window(offer_of(ToyPage), ALL))
    return hand, hand.window.deck.current


def test_a_known_thing_opens_its_page_from_anywhere(at_shelf):
    hand, page = at_shelf
    record(hand, page, "7300001")
    hand.press("F2")
    other = hand.window.deck.current
    other.on_scan = lambda scan: False
    hand.burst("7300001")
    hand.settle()
    assert hand.window.deck.current is page
    assert page.scans[-1].meaning.kind == "toy.known"


def test_unfinished_work_is_parked_and_ctrl_z_leads_back(at_shelf):
    hand, page = at_shelf
    record(hand, page, "7300001")
    hand.press("F2")
    other = hand.window.deck.current
    other.on_scan = lambda scan: False
    other.words_under_way = "代购单（张建国）"
    other.field.set_text("半个")
    hand.burst("7300001")
    hand.settle()
    assert hand.window.deck.current is page
    assert hand.window.toasts.toasts[-1].notice.words == "已挂起代购单（张建国）"
    assert hand.window.counter.drafts.find("toys.other") == {"label": "半个"}
    hand.press("Ctrl+Z")
    assert hand.window.deck.current is other
    assert other.field.text() == "半个"


def test_an_unknown_scan_asks_and_posts_nothing(at_shelf, shop):
    hand, page = at_shelf
    hand.burst("9988776655")
    hand.settle()
    sheet = hand.window.sheet
    assert sheet.is_open
    assert "9988776655" in sheet.accessibleName()
    hand.press("Enter")
    assert sheet.is_open
    hand.press("2")  # a digit that the sheet does not show chooses nothing below it either
    assert (sheet.is_open, page.choices.value()) == (True, "")
    hand.press("1")
    assert not sheet.is_open
    assert page.scans[-1].meaning.kind == "toy.new"
    assert shop.toys() == []


def test_an_unknown_scan_can_be_forgotten(at_shelf):
    hand, page = at_shelf
    hand.burst("9988776655")
    hand.settle()
    hand.press("Esc")
    assert not hand.window.sheet.is_open
    assert not hand.window.veil.isVisible()
    assert hand.window.deck.current is page


def test_searching_shows_hits_and_enter_opens_the_current_one(at_shelf):
    hand, page = at_shelf
    for label in "甲球", "乙球", "车":
        record(hand, page, label)
    hand.window.focus_scan_box()
    hand.compose("球")
    hand.settle()
    assert hand.window.search.is_open
    assert enter_caps(hand.window) == 1
    assert hand.window.action_bar.primary_button.cap == ""
    hand.press("Down")
    hand.press("Enter")
    assert not hand.window.search.is_open
    assert "toy" in page.opened[-1]


def test_enter_in_the_box_never_takes_the_primary(at_shelf):
    hand, page = at_shelf
    page.field.set_text("球")
    hand.window.focus_scan_box()
    hand.type("nothing")
    hand.press("Enter")
    assert page.done == []
    hand.press("Esc")
    assert (hand.window.search.is_open, hand.window.top_bar.scan_box.text()) == (False, "")


def test_a_number_that_is_typed_and_sent_is_followed_like_a_scan(at_shelf):
    hand, page = at_shelf
    hand.window.focus_scan_box()
    hand.type("73000000000017")
    hand.press("Enter")
    assert page.scans[-1].text == "73000000000017"
    assert page.scans[-1].is_typed
    assert hand.window.sheet.is_open
    assert not hand.window.search.is_open


def test_what_was_not_found_goes_to_intake_with_f2(at_shelf):
    hand, _ = at_shelf
    hand.window.focus_scan_box()
    hand.type("6021")
    assert hand.window.search.is_open
    hand.press("F2")
    assert hand.window.deck.current.opened == [{"typed": "6021"}]


def test_a_paste_that_is_too_long_gets_a_sentence(at_shelf):
    hand, _ = at_shelf
    QApplication.clipboard().setText("7" * 10_000)
    hand.window.focus_scan_box()
    hand.press("Ctrl+V")
    assert hand.window.top_bar.scan_box.text() == ""
    said = hand.window.toasts.toasts[-1].notice
    assert "10000" in said.words
    assert said.tone == "warn", "nothing happened: it goes by itself, with the next act"


def test_a_code_that_was_misread_twice_is_told_twice(at_shelf, shop):
    hand, _ = at_shelf
    misread = OWN[:-1] + ("2" if OWN[-1] != "2" else "3")
    said = []
    for _ in range(2):
        hand.burst(misread)
        hand.settle()
        said.append(hand.window.toasts.toasts[-1].notice.words)
        hand.window.toasts.clear()
    assert said[0] == said[1]
    assert said[0].startswith("码没扫对")
    assert shop.sounds.played == ["warn", "warn"]

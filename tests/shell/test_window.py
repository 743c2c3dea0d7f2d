"""The window: pages, drafts, the low window, tabs."""

from functools import partial

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from station_app.shell import theme
from station_app.shell.offers import Offer, PageOffer, RailSpot
from station_app.shell.page_book import PageBook
from tests.shell.shop import offer_of
from tests.shell.toy_page import ALL, ToyPage


@pytest.fixture
def at_shelf(shop, shown):
    hand = shown(shop.window(offer_of(ToyPage), ALL))
    return hand, hand.window.deck.current


def test_a_draft_is_kept_after_a_pause_and_taken_up_again(at_shelf, shop, shown, qtbot):
    hand, page = at_shelf
    page.field.setFocus()
    hand.type("ban")
    qtbot.waitUntil(lambda: shop.drafts.find("toys.shelf") == {"label": "ban"})
    window = shop.window(offer_of(ToyPage), ALL)
    again = shown(window)
    window.resume_drafts()
    assert window.deck.current.field.text() == "ban"
    assert "没记完" in window.toasts.toasts[-1].notice.words
    again.press("+")
    assert shop.drafts.pages() == []


def test_a_low_window_uses_the_compact_grid_and_back(at_shelf, qtbot):
    hand, page = at_shelf
    window = hand.window
    told: list = []
    page.on_compact = told.append
    window.resize(1366, 690)
    hand.settle()
    assert window.metrics is theme.COMPACT
    assert [window.top_bar.height(), window.action_bar.height(), window.strip.height()] == [
        65,
        60,
        32,
    ]
    assert {button.height() for button in window.rail.buttons.values()} == {58}
    window.resize(1366, 768)
    hand.settle()
    assert [window.top_bar.height(), window.action_bar.height(), window.strip.height()] == [
        73,
        73,
        40,
    ]
    assert {button.height() for button in window.rail.buttons.values()} == {66}
    assert told == [True, False]


def test_tabs_of_a_section_by_key_and_mouse(shop, shown):
    tabs = Offer(
        pages=tuple(
            PageOffer(
                f"toys.{number}",
                "toys.rail",
                "parcel",
                "F2",
                partial(ToyPage, key=f"toys.{number}"),
                tab="toys.other",
                tab_order=number,
                count=lambda connection, now: 3,
            )
            for number in range(3)
        )
    )
    window = shop.window(offer_of(ToyPage), tabs)
    hand = shown(window)
    hand.press("F2")
    assert window.content.tabs.isVisible()
    hand.press("Ctrl+3")
    assert window.deck.current.key == "toys.2"
    QTest.mouseClick(window.content.tabs.buttons[1], Qt.MouseButton.LeftButton)
    assert window.deck.current.key == "toys.1"
    assert "3" in window.content.tabs.buttons[0].accessibleName()
    hand.press("Home")
    assert not window.content.tabs.isVisible()


def test_only_the_window_itself_is_a_top_level_window(at_shelf):
    hand, _ = at_shelf
    for key in "F1", "F2", "F12":
        hand.press(key)
    shown = [w for w in QApplication.topLevelWidgets() if w.isVisible()]
    assert shown == [hand.window]


def test_closing_keeps_even_what_was_typed_a_moment_ago(at_shelf, shop):
    hand, page = at_shelf
    page.field.setFocus()
    hand.compose("半个")
    hand.window.close()
    assert shop.drafts.find("toys.shelf") == {"label": "半个"}


def test_a_cap_on_a_tile_is_the_key_that_leads_there_as_the_rail_is_turned():
    def page(key, fkey, transfer=None):
        return PageOffer(key, "toys.rail", "parcel", fkey, ToyPage, transfer=transfer)

    sort = RailSpot("F3", "toys.rail", "grid")
    pages = (page("home", "Home"), page("give", "F3"), page("sort", "", sort), page("end", "F8"))
    book = PageBook.of([Offer(pages=pages)])
    keys = ("home", "give", "sort", "end")
    assert [book.place_of(key) for key in keys] == ["Home", "F3", "", "F8"]
    assert book.turn_to("sort") is False, "a village's rail has one face"
    assert book.open_faces(is_township=True)
    assert [book.place_of(key) for key in keys] == ["Home", "", "F3", "F8"]
    assert book.turn_to("give")
    assert [book.place_of(key) for key in keys] == ["Home", "F3", "", "F8"]
    assert book.turn_to("end") is False, "what both faces have turns nothing"
    assert book.open_faces(is_township=False)
    assert book.face == "counter"

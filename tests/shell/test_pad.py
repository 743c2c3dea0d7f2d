"""The mouse alone: keys on the screen."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from station_app.shell.widgets.keys import KeyButton
from tests.shell.measure import faults
from tests.shell.shop import offer_of
from tests.shell.till import TillPage


@pytest.fixture
def till(shop, shown):
    hand = shown(shop.window(offer_of(TillPage)))
    return hand, hand.window.deck.current


def click(widget):
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton)


def tap(hand, *words):
    """Click keys of the pad by what stands on them."""
    buttons = {button.text(): button for button in hand.window.pad.findChildren(KeyButton)}
    for word in words:
        click(buttons[word])
    hand.settle()


def open_pad(hand):
    tool = hand.window.strip.tools[0]
    click(tool)
    assert hand.window.pad.isVisible()


def test_a_whole_payment_with_the_mouse_alone(till):
    hand, page = till
    open_pad(hand)
    click(page.pay.buttons[1])
    click(page.money.line)
    tap(hand, "7", "2", ".", "5", "退格", "6")
    assert page.money.line.text() == "72.6"
    click(page.name.line)
    tap(hand, "Z", "S")
    assert page.name.text() == "zs"
    tap(hand, "+")
    assert page.paid == 1
    click(hand.window.action_bar.primary_button)
    assert (page.paid, page.pay.value()) == (2, "scan")
    tap(hand, "收起")
    assert not hand.window.pad.isVisible()


def test_without_a_field_the_pads_digits_choose(till):
    hand, page = till
    open_pad(hand)
    page.setFocus()
    tap(hand, "3")
    assert page.pay.value() == "owe"


def test_the_pads_tab_goes_to_the_next_field(till):
    hand, page = till
    open_pad(hand)
    click(page.name.line)
    tap(hand, "下一格")
    assert page.money.line.hasFocus()


def test_the_pad_covers_nothing_and_cuts_nothing_off(till):
    hand, _ = till
    open_pad(hand)
    hand.settle()
    window = hand.window
    assert window.content.geometry().bottom() < window.pad.geometry().top()
    assert window.pad.geometry().bottom() < window.action_bar.geometry().top()
    assert faults(window) == []

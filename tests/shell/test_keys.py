"""Keys of the window: one Enter cap, caps that are promises, ways to every page."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLabel, QLineEdit

from station_app.shell.counter import Notice
from station_app.shell.help_page import HelpPage
from station_app.shell.widgets.keys import KeyButton
from station_app.shell.widgets.tables import ListTable
from tests.shell.measure import enter_caps
from tests.shell.shop import offer_of
from tests.shell.toy_page import ALL, ToyPage

pytestmark = pytest.mark.usefixtures("patient")


@pytest.fixture
def at_shelf(shop, shown):
    hand = shown(shop.window(offer_of(ToyPage), ALL))
    return hand, hand.window.deck.current


# --- Whose Enter it is ---------------------------------------------------------------------------


def test_the_primary_owns_enter_when_nothing_else_does(at_shelf):
    hand, page = at_shelf
    page.field.set_text("球")
    assert hand.window.action_bar.primary_button.cap == "Enter"
    assert enter_caps(hand.window) == 1
    hand.press("Enter")
    assert len(page.done) == 1


def test_an_alert_takes_enter_and_the_primary_shows_plus(at_shelf):
    hand, page = at_shelf
    page.field.set_text("球")
    page.alert.show()
    hand.settle()
    primary = hand.window.action_bar.primary_button
    assert (page.known.cap, primary.cap, enter_caps(hand.window)) == ("Enter", "+", 1)
    hand.press("Enter")
    assert (page.done, page.alert.isVisible(), primary.cap) == ([], False, "Enter")
    hand.press("+")
    assert len(page.done) == 1


def test_a_list_that_owns_enter_opens_its_row(at_shelf):
    hand, page = at_shelf
    page.list.set_owns_enter(owns=True)
    page.list.choose("1")
    hand.settle()
    assert hand.window.action_bar.primary_button.cap == "+"
    hand.press("Enter")
    assert (page.opened, page.done) == (["1"], [])


def test_enter_right_after_an_alert_appeared_is_the_alerts(at_shelf):
    hand, page = at_shelf
    page.field.set_text("球")
    page.alert.show()
    hand.at += 400
    hand.key(Qt.Key.Key_Return, text="\r")
    assert page.done == []
    assert not page.alert.isVisible()


def test_a_disabled_primary_shows_its_reason_and_no_key(at_shelf):
    hand, page = at_shelf
    page.is_ready = False
    page.touch_actions()
    hand.settle()
    assert enter_caps(hand.window) == 0
    words = [w.text() for w in hand.window.action_bar.findChildren(QLabel) if w.isVisible()]
    assert "还没写名字" in words
    hand.press("Enter")
    hand.press("+")
    assert page.done == []
    assert hand.window.action_bar.primary_button.accessibleDescription() == "还没写名字"


# --- Keys ----------------------------------------------------------------------------------------


def test_bare_keys_show_alt_while_a_field_has_the_focus_and_back(at_shelf):
    hand, page = at_shelf
    (drop,) = hand.window.action_bar.buttons
    assert [b.cap for b in page.choices.buttons] == ["1", "2"]
    assert drop.cap == "Del"
    page.field.setFocus()
    assert [b.cap for b in page.choices.buttons] == ["Alt+1", "Alt+2"]
    assert drop.cap == "Alt+Del"
    hand.type("ab")
    hand.press("Delete")
    assert (page.dropped, page.field.text()) == (0, "ab")
    hand.press("Alt+Delete")
    assert page.dropped == 1
    page.setFocus()
    hand.press("Delete")
    assert page.dropped == 2
    assert [b.cap for b in page.choices.buttons] == ["1", "2"]


def test_alt_digits_of_the_number_block_never_choose(at_shelf):
    """A scanner that types character codes holds Alt and uses that block."""
    hand, page = at_shelf
    modifiers = Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.KeypadModifier
    hand.at += 400
    hand.key(Qt.Key.Key_1, modifiers, "")
    hand.settle()
    assert page.choices.value() == ""


def test_f_keys_and_alt_letters_and_the_mouse_go_to_pages(at_shelf):
    hand, _ = at_shelf
    window = hand.window
    hand.press("F2")
    assert window.deck.current.key == "toys.other"
    assert window.rail.buttons["F2"].isChecked()
    hand.press("Home")
    assert window.deck.current.key == "toys.shelf"
    hand.press("Alt+R")
    assert window.deck.current.key == "toys.other"
    QTest.mouseClick(window.rail.buttons["Home"], Qt.MouseButton.LeftButton)
    assert window.deck.current.key == "toys.shelf"
    hand.press("F5")
    assert window.deck.current.key == "toys.shelf"
    assert set(window.rail.buttons) == {"Home", "F2", "F12"}


def test_home_moves_the_cursor_in_a_field(at_shelf):
    hand, page = at_shelf
    hand.press("F2")
    page = hand.window.deck.current
    page.field.setFocus()
    hand.type("ab")
    hand.press("Home")
    assert (hand.window.deck.current, page.field.line.cursorPosition()) == (page, 0)


def test_arrows_move_in_the_list_from_anywhere_in_the_page(at_shelf):
    hand, page = at_shelf
    page.field.setFocus()
    hand.press("Down")
    hand.press("Down")
    assert page.list.current() == "1"
    hand.press("Up")
    assert page.list.current() == "0"


def test_escape_goes_home_from_a_page_that_has_nothing_to_close(at_shelf):
    hand, _ = at_shelf
    hand.press("F2")
    hand.press("Esc")
    assert hand.window.deck.current.key == "toys.shelf"


def test_help_lists_the_keys_of_the_page_before_and_leads_back(at_shelf):
    hand, page = at_shelf
    hand.press("F1")
    help_page = hand.window.deck.current
    assert isinstance(help_page, HelpPage)
    words = {label.text() for label in help_page.findChildren(QLabel)}
    assert {"记下玩具", "去掉", "玩具", "有人看着，遮住姓名"} <= words
    hand.press("Esc")
    assert hand.window.deck.current is page


def test_ctrl_b_masks_names_and_pages_are_told(at_shelf, shop):
    hand, _ = at_shelf
    privacy = hand.window.privacy
    assert privacy.name("王小明") == "王小明"
    hand.press("Ctrl+B")
    assert (privacy.name("王小明"), privacy.phone("15412341001")) == ("王*明", "154****1001")
    hand.press("Ctrl+B")
    assert privacy.name("王小明") == "王小明"


def test_alt_enter_fills_the_screen(at_shelf):
    hand, _ = at_shelf
    hand.press("Alt+Enter")
    assert hand.window.isFullScreen()
    hand.press("Alt+Enter")
    assert not hand.window.isFullScreen()


def test_a_bare_page_leaves_no_way_around_it(at_shelf):
    hand, page = at_shelf
    hand.window.toast(Notice("王秀兰 记下了", act="A"))
    hand.press("F12")
    lock = hand.window.deck.current
    assert lock.key == "toys.lock"
    assert hand.window.toasts.toasts == ()
    for key in "F2", "Alt+R", "Home", "Esc", "+", "Enter", "F1":
        hand.press(key)
        assert hand.window.deck.current is lock
    assert page.done == []
    hand.window.go_back()
    assert hand.window.deck.current is page


def test_readers_hear_a_name_and_the_key_of_everything_that_can_be_pressed(at_shelf):
    hand, page = at_shelf
    page.alert.show()
    hand.settle()
    pressed = [b for b in hand.window.findChildren(QAbstractButton) if b.isVisible()]
    assert len(pressed) > 8
    for button in pressed:
        assert button.accessibleName(), button
        if isinstance(button, KeyButton):
            assert button.accessibleName().endswith(button.cap)
    for line in hand.window.findChildren(QLineEdit):
        assert line.accessibleName(), line
    for table in hand.window.findChildren(ListTable):
        assert table.accessibleName(), table


def test_letters_typed_where_no_field_is_begin_a_search(at_shelf):
    """The second thing for a basket was typed by its name; the first Enter took the money."""
    hand, page = at_shelf
    page.setFocus()
    box = hand.window.top_bar.scan_box
    box.show_text("73000000000900")
    hand.type("hj")
    assert (box.text(), box.line.hasFocus(), page.choices.value()) == ("hj", True, "")
    hand.press("Esc")
    page.field.setFocus()
    hand.type("ab")
    assert (box.text(), page.field.text()) == ("", "ab")


def test_a_letter_does_not_leave_a_bare_page(at_shelf):
    hand, _ = at_shelf
    hand.press("F12")
    hand.window.deck.current.setFocus()
    hand.type("hj")
    assert hand.window.top_bar.scan_box.text() == ""

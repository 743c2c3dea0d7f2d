"""Keys of a window: what is a scan, what is typed, and that nothing else ever fires."""

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QInputMethodEvent, QKeyEvent, QShortcut
from PySide6.QtWidgets import QPushButton

from station_app.devices.scanner_pace import RawKey
from tests.shell.shop import FoundToy, offer_of
from tests.shell.till import TillPage

pytestmark = pytest.mark.usefixtures("patient")


@pytest.fixture
def till(shop, shown):
    window = shop.window(offer_of(TillPage))
    hand = shown(window)
    page = window.deck.current
    page.setFocus()
    return hand, page


def test_a_scan_reaches_the_page_and_its_enter_takes_no_money(till):
    hand, page = till
    hand.burst("73000000000017")
    hand.settle()
    assert page.scans == ["73000000000017"]
    assert (page.paid, page.pay.value(), page.digits) == (0, "", [])
    assert hand.window.top_bar.scan_box.text() == "73000000000017"


@pytest.mark.parametrize("gap", [0, 1, 8, 30, 50])
def test_a_scan_is_a_scan_at_any_speed_of_a_scanner(till, gap):
    hand, page = till
    hand.burst("JT3022981187609", gap=gap)
    hand.settle()
    assert page.scans == ["JT3022981187609"]
    assert page.paid == 0


def test_a_second_enter_of_the_scanner_takes_no_money_but_the_operators_does(till):
    hand, page = till
    hand.burst("73000000000017")
    hand.at += 200
    hand.key(Qt.Key.Key_Return, text="\r")
    hand.settle()
    assert page.paid == 0
    hand.press("Enter", gap=301)
    assert page.paid == 1


def test_a_scan_without_suffix_ends_by_itself(till):
    hand, page = till
    hand.burst("73000000000017", suffix="")
    hand.settle()
    assert page.scans == ["73000000000017"]


def test_a_scan_with_tab_leaves_the_focus_where_it_was(till):
    hand, page = till
    page.money.line.setFocus()
    hand.burst("73000000000017", suffix="\t")
    hand.settle()
    assert page.scans == ["73000000000017"]
    assert page.money.line.hasFocus()


def test_a_scan_never_types_into_a_field(till):
    hand, page = till
    page.money.line.setFocus()
    hand.type("12")
    hand.burst("73000000000017")
    hand.settle()
    assert page.money.line.text() == "12"
    assert page.scans == ["73000000000017"]


def test_slow_typing_is_never_swallowed(till):
    hand, page = till
    page.money.line.setFocus()
    for sign in "7300.17":
        hand.type(sign)
    assert page.money.line.text() == "7300.17"
    assert page.scans == []


@pytest.mark.parametrize("text", ["1", "12", "125"])
def test_a_short_fast_burst_is_typed(till, text):
    hand, page = till
    page.money.line.setFocus()
    hand.burst(text, gap=20, suffix="")
    hand.settle()
    assert page.money.line.text() == text


def test_a_short_burst_and_enter_types_first_and_pays_then(till):
    hand, page = till
    page.money.line.setFocus()
    hand.burst("12", gap=20)
    hand.settle()
    assert (page.money.fen(), page.paid) == (1200, 1)


def test_order_is_kept_when_another_key_comes_while_one_is_held(till):
    hand, page = till
    page.name.line.setFocus()
    hand.at += 100
    hand.sign("a")
    hand.at += 10
    hand.sign("b")
    hand.at += 10
    hand.key(Qt.Key.Key_Backspace)
    hand.settle()
    assert page.name.line.text() == "a"


def test_digits_choose_only_where_nobody_types(till):
    hand, page = till
    hand.press("2")
    assert page.pay.value() == "scan"
    page.money.line.setFocus()
    hand.press("3")
    assert (page.pay.value(), page.money.line.text()) == ("scan", "3")
    hand.press("Alt+3")
    assert (page.pay.value(), page.money.line.text()) == ("owe", "3")


def test_a_digit_without_a_choice_goes_to_the_page(till):
    hand, page = till
    hand.press("7")
    assert page.digits == [7]


def test_no_shortcut_and_no_default_button_can_fire_on_a_plain_key(till):
    hand, page = till
    fired = []
    for key in "1", "7", "+", "*", "Return", "Enter", "J":
        QShortcut(key, hand.window).activated.connect(lambda k=key: fired.append(k))
    button = QPushButton("默认", page)
    button.setDefault(True)
    button.clicked.connect(lambda: fired.append("default"))
    hand.burst("J7+1*")
    hand.type("1")
    hand.settle()
    assert fired == []
    assert hand.unclaimed == []


def test_numpad_plus_is_the_primary_even_in_a_field_and_the_other_plus_is_typed(till):
    hand, page = till
    page.name.line.setFocus()
    hand.press("+")
    assert page.paid == 1
    hand.at += 300
    hand.key(Qt.Key.Key_Plus, Qt.KeyboardModifier.ShiftModifier, "+")
    hand.settle()
    assert (page.paid, page.name.text()) == (1, "+")


def test_a_key_held_down_pays_once(till):
    hand, page = till
    hand.press("Enter")
    for _ in range(20):
        event = QKeyEvent(
            QEvent.Type.KeyPress,
            Qt.Key.Key_Return,
            Qt.KeyboardModifier.NoModifier,
            "\r",
            autorep=True,
        )
        event.setTimestamp(hand.at)
        QCoreApplication.sendEvent(hand.window.windowHandle(), event)
    hand.settle()
    assert page.paid == 1


def test_a_letter_held_down_repeats_in_a_field_and_is_no_scan(till):
    hand, page = till
    page.name.line.setFocus()
    hand.type("x")
    hand.at += 500
    for _ in range(8):
        hand.at += 33
        event = QKeyEvent(
            QEvent.Type.KeyPress, Qt.Key.Key_X, Qt.KeyboardModifier.NoModifier, "x", autorep=True
        )
        event.setTimestamp(hand.at)
        QCoreApplication.sendEvent(hand.window.windowHandle(), event)
    hand.settle()
    assert page.name.text() == "x" * 9
    assert page.scans == []


def at_one_moment(hand, signs, repeated):
    """Press keys within a millisecond; the window system calls one sign of them repeated."""
    plain = Qt.KeyboardModifier.NoModifier
    for sign in signs:
        is_repeated = sign == repeated
        event = QKeyEvent(QEvent.Type.KeyPress, ord(sign), plain, sign, autorep=is_repeated)
        event.setTimestamp(hand.at)
        QCoreApplication.sendEvent(hand.window.windowHandle(), event)


def test_equal_signs_within_a_millisecond_are_no_key_held_down(till):
    """A window system calls them repeated; then the Enter after them would take the money."""
    hand, page = till
    hand.sign("7")
    at_one_moment(hand, "0000000000017", repeated="0")
    hand.key(Qt.Key.Key_Return, text="\r")
    hand.settle()
    assert page.scans == ["70000000000017"]
    assert (page.paid, page.pay.value()) == (0, "")


# --- Input methods -------------------------------------------------------------------------------


def test_a_committed_word_arrives(till):
    hand, page = till
    page.name.line.setFocus()
    hand.compose("王秀兰")
    hand.settle()
    assert page.name.text() == "王秀兰"


def test_composing_is_left_alone(till):
    hand, page = till
    page.name.line.setFocus()
    seen = []
    page.name.line.inputRejected.connect(lambda: seen.append("rejected"))
    for preedit in ("w", "wa", "wang"):
        event = QInputMethodEvent(preedit, [])
        QCoreApplication.sendEvent(page.name.line, event)
    hand.compose("王")
    hand.settle()
    assert (page.name.text(), seen) == ("王", [])


def test_a_scan_through_an_input_method_is_refused_and_types_nothing(till, shop):
    hand, page = till
    page.name.line.setFocus()
    hand.compose("今天")
    hand.at = 0  # commits carry no moment: the keys that follow take theirs from the same clock
    for sign in "2298118760":
        hand.sign(sign)
    hand.key(Qt.Key.Key_Return, text="\r")
    hand.settle()
    assert page.scans == []
    assert page.name.text() == ""
    assert page.paid == 0
    (toast,) = hand.window.toasts.toasts
    assert toast.notice.words == shop.texts.say("shell.scan.chinese")
    assert shop.sounds.played == ["warn"]


def test_full_width_digits_of_an_input_method_are_read_as_digits(till):
    hand, page = till
    page.name.line.setFocus()
    for sign in "７３００００００００００１７":
        hand.compose(sign)
    hand.at = 0
    hand.key(Qt.Key.Key_Return, text="\r")
    hand.settle()
    assert page.scans == ["73000000000017"]


def test_keys_that_an_input_method_sends_past_the_window_are_heard(till):
    hand, page = till
    page.name.line.setFocus()
    for sign in "7300000000":
        press = QKeyEvent(QEvent.Type.KeyPress, ord(sign), Qt.KeyboardModifier.NoModifier, sign)
        hand.at += 8
        press.setTimestamp(hand.at)
        QCoreApplication.sendEvent(page.name.line, press)
    hand.at += 8
    hand.key(Qt.Key.Key_Return, text="\r")
    hand.settle()
    assert page.scans == ["7300000000"]
    assert page.name.text() == ""


def test_what_an_input_method_sends_late_of_a_refused_scan_is_typed_nowhere(till, shop):
    hand, page = till
    page.name.line.setFocus()
    ear = hand.window.scan_filter
    for number in range(13):  # pressed, and kept by the input method
        ear._heard_raw(RawKey(10 + number, 10_000 + 8 * number, is_press=True, is_sign=True))
    ear._look_what_came()
    (toast,) = hand.window.toasts.toasts
    assert toast.notice.words == shop.texts.say("shell.scan.chinese")
    for sign in "jt":
        press = QKeyEvent(QEvent.Type.KeyPress, ord(sign), Qt.KeyboardModifier.NoModifier, sign)
        QCoreApplication.sendEvent(page.name.line, press)
    hand.settle()
    assert page.name.text() == ""


def test_a_sign_called_repeated_in_a_scan_that_an_input_method_ate_is_typed_nowhere(till):
    """The second 1 of JT3022981187609 stood behind the name: the signs before it never came."""
    hand, page = till
    page.name.line.setFocus()
    ear = hand.window.scan_filter
    for number in range(14):
        ear._heard_raw(RawKey(10 + number, hand.at, is_press=True, is_sign=True))
    at_one_moment(hand, "187609", repeated="1")
    hand.key(Qt.Key.Key_Return, text="\r")
    hand.settle()
    assert (page.name.text(), page.scans, page.paid) == ("", [], 0)


def test_the_input_method_is_off_outside_chinese_fields(till):
    _, page = till
    enabled = Qt.WidgetAttribute.WA_InputMethodEnabled
    assert page.name.line.testAttribute(enabled)
    box = page.window().top_bar.scan_box.line
    for widget in (page, page.money.line, page.pay.buttons[0], box):
        assert not widget.testAttribute(enabled)
    assert page.money.line.inputMethodHints() & Qt.InputMethodHint.ImhLatinOnly


def test_a_scan_with_control_characters_gets_a_sentence(till, shop):
    hand, page = till
    for sign in "010690":
        hand.at += 8
        hand.sign(sign)
    hand.at += 8
    hand.key(Qt.Key.Key_BracketRight, Qt.KeyboardModifier.ControlModifier, "\x1d")
    hand.burst("17261123")
    hand.settle()
    assert page.scans == []
    (toast,) = hand.window.toasts.toasts
    assert toast.notice.words == shop.texts.say("shell.scan.control")


def test_a_scan_of_ten_thousand_signs_gets_a_sentence(till, shop):
    hand, page = till
    hand.burst("7" * 2_000, gap=1)
    hand.settle()
    assert page.scans == []
    (toast,) = hand.window.toasts.toasts
    assert "太长" in toast.notice.words


def test_a_scanner_that_ends_with_a_line_feed_is_understood(till):
    hand, page = till
    hand.burst("73000000000017", suffix="")
    hand.at += 8
    hand.key(Qt.Key.Key_J, Qt.KeyboardModifier.ControlModifier, "\n")
    hand.at += 8
    hand.key(Qt.Key.Key_M, Qt.KeyboardModifier.ControlModifier, "\r")
    hand.settle()
    assert page.scans == ["73000000000017"]
    assert page.paid == 0


def test_scanning_the_same_twice_within_three_seconds_is_one_scan(till, shop):
    hand, page = till
    hand.burst("73000000000017")
    shop.clock.at += 2_999
    hand.burst("73000000000017")
    hand.settle()
    assert page.scans == ["73000000000017"]
    assert shop.sounds.played == ["duplicate"]
    shop.clock.at += 3_001
    hand.burst("73000000000017")
    hand.settle()
    assert len(page.scans) == 2


def test_a_page_that_counts_equal_goods_gets_every_scan(till):
    hand, page = till
    page.takes_repeats = True
    for _ in range(3):
        hand.burst("6901234567892")
    hand.settle()
    assert len(page.scans) == 3


def test_a_click_between_two_keys_keeps_their_fields(till):
    hand, page = till
    page.name.line.setFocus()
    hand.at += 100
    hand.sign("a")
    hand.window.scan_filter.flush()
    page.money.line.setFocus()
    hand.type("5")
    assert (page.name.text(), page.money.line.text()) == ("a", "5")


def test_the_toys_of_this_shop_can_be_recorded(shop):
    outcomes: list = []
    shop.desk.perform(FoundToy("球"), ticket="A" * 16, then=outcomes.append)
    assert shop.toys() == ["球"]


def test_a_scan_whose_beginning_was_taken_for_typing_is_to_be_scanned_again(till, shop):
    hand, page = till
    hand.burst("73", suffix="")
    hand.settle()
    hand.at += 150
    hand.burst("000000000017")
    hand.settle()
    assert (page.scans, page.paid) == ([], 0)
    assert hand.window.toasts.toasts[-1].notice.words == shop.texts.say("shell.scan.broken")

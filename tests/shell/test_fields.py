"""Fields: what they take, what they refuse, and the sentence that says why."""

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from station_app.shell.widgets.boxes import CodeBoxes, TailBoxes
from station_app.shell.widgets.fields import CountField, MoneyField, TextField


@pytest.fixture
def money(dressed, texts, qtbot):
    field = MoneyField(texts, "金额")
    qtbot.addWidget(field)
    field.show()
    return field


def press(widget, sign):
    """A key as an input method in full-width mode gives it: a sign without a key of its own."""
    for kind in QEvent.Type.KeyPress, QEvent.Type.KeyRelease:
        event = QKeyEvent(kind, 0, Qt.KeyboardModifier.NoModifier, sign)
        QCoreApplication.sendEvent(widget, event)


def paste(widget, text):
    QApplication.clipboard().setText(text)
    QTest.keyClick(widget, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)


@pytest.mark.parametrize(
    ("typed", "fen"),
    [
        ("72", 7200),
        ("72.5", 7250),
        (".5", 50),
        ("７２．５０", 7250),
        ("1,234.50", 123450),
        ("0", 0),
    ],
)
def test_yuan_become_fen(money, typed, fen):
    heard: list = []
    money.amount_changed.connect(heard.append)
    for sign in typed:
        press(money.line, sign)
    assert money.fen() == fen
    assert heard[-1] == fen
    assert money.fault == ""


def test_an_amount_larger_than_32_bits_arrives_whole(money):
    heard: list = []
    money.amount_changed.connect(heard.append)
    QTest.keyClicks(money.line, "99999999.99")
    assert heard[-1] == 9_999_999_999


@pytest.mark.parametrize("sign", ["a", "-", "e", "+", " "])
def test_letters_and_signs_are_refused_with_a_sentence(money, sign, texts):
    QTest.keyClicks(money.line, "12")
    QTest.keyClicks(money.line, sign)
    assert (money.line.text(), money.fen()) == ("12", 1200)
    assert money.fault == texts.say("shell.field.digits_only")
    QTest.keyClicks(money.line, "3")
    assert money.fault == ""


def test_what_is_no_amount_is_said_and_stays(money, texts):
    QTest.keyClicks(money.line, "1.2.3")
    assert (money.fen(), money.line.text()) == (None, "1.2.3")
    assert money.fault == texts.say("shell.field.no_amount")
    assert money.line.accessibleDescription() == money.fault


def test_an_empty_amount_is_none_and_not_zero(money, texts):
    assert money.check() is None
    assert money.fault == texts.say("shell.field.amount_missing")


def test_a_pasted_amount_is_read_and_anything_else_is_refused(money, texts):
    paste(money.line, " ¥1,234.50\n")
    assert money.fen() == 123450
    paste(money.line, "=SUM(A1)")
    assert money.line.text() == "¥1,234.50"
    assert money.fault == texts.say("shell.field.no_amount")


def test_leaving_the_field_tidies_the_amount(money):
    money.line.setFocus()
    QTest.keyClicks(money.line, "72.5")
    money.line.editingFinished.emit()
    assert money.line.text() == "72.50"


@pytest.mark.parametrize(
    ("pasted", "key"),
    [
        ("字" * 10_000, "shell.field.too_long"),
        ("王\x00秀\x1b[31m兰", "shell.field.odd_signs"),
        ("王\u202e秀兰", "shell.field.odd_signs"),
    ],
)
def test_a_bad_paste_gets_a_sentence_and_changes_nothing(dressed, texts, qtbot, pasted, key):
    field = TextField(texts, "姓名", chinese=True)
    qtbot.addWidget(field)
    field.set_text("王")
    paste(field.line, pasted)
    assert field.text() == "王"
    assert field.fault == texts.say(key, count=len(pasted), limit=40)


def test_a_paste_that_would_lose_its_end_behind_what_stands_there_is_refused(dressed, texts, qtbot):
    field = TextField(texts, limit=10)
    qtbot.addWidget(field)
    field.set_text("123456")
    paste(field.line, "7300001")
    assert field.text() == "123456"
    assert field.fault == texts.say("shell.field.too_long", count=13, limit=10)
    field.line.selectAll()
    paste(field.line, "7300001")
    assert (field.text(), field.fault) == ("7300001", "")


def test_a_paste_with_line_ends_around_it_is_taken(dressed, texts, qtbot):
    field = TextField(texts, "姓名", chinese=True)
    qtbot.addWidget(field)
    paste(field.line, "王秀兰\r\n")
    assert field.text() == "王秀兰"


def test_a_count_takes_digits_only(dressed, texts, qtbot):
    field = CountField(texts, "张数")
    qtbot.addWidget(field)
    assert field.count() is None
    QTest.keyClicks(field.line, "1x2")
    assert field.count() == 12
    field.set_count(None)
    assert field.line.text() == ""


@pytest.mark.parametrize("typed", ["4.5", "4。5", "-45", "4,5"])
def test_four_and_a_half_is_no_forty_five_in_a_count(dressed, texts, qtbot, typed):
    field = CountField(texts, "张数")
    qtbot.addWidget(field)
    for sign in typed:
        press(field.line, sign)
    assert field.count() in (4, None)
    assert field.fault == texts.say("shell.field.whole_only")
    QTest.keyClick(field.line, Qt.Key.Key_Backspace)
    QTest.keyClicks(field.line, "45")
    assert field.count() == 45
    assert field.fault == ""


def test_a_label_names_its_field_for_readers(dressed, texts, qtbot):
    field = TextField(texts, "手机尾号")
    qtbot.addWidget(field)
    assert field.line.accessibleName() == "手机尾号"


# --- Boxes ---------------------------------------------------------------------------------------


@pytest.fixture
def tail(dressed, qtbot):
    boxes = TailBoxes("收件人手机尾号")
    qtbot.addWidget(boxes)
    return boxes


def test_a_tail_is_complete_after_four_digits_and_begins_anew_with_the_fifth(tail):
    done: list = []
    tail.completed.connect(done.append)
    QTest.keyClicks(tail, "6021")
    assert (tail.text(), done) == ("6021", ["6021"])
    QTest.keyClicks(tail, "7")
    assert tail.text() == "7"
    QTest.keyClick(tail, Qt.Key.Key_Backspace)
    assert tail.text() == ""


def test_boxes_refuse_what_cannot_stand_in_them(tail):
    refused: list = []
    tail.refused.connect(refused.append)
    QTest.keyClicks(tail, "6x0")
    assert (tail.text(), refused) == ("60", ["X"])
    paste(tail, "13812346021")
    assert (tail.text(), refused[-1]) == ("60", "13812346021")
    paste(tail, "６０２１")
    assert tail.text() == "6021"


def test_an_enrolment_code_is_pasted_with_its_hyphens(dressed, qtbot):
    boxes = CodeBoxes((4, 4, 4), accepts=str.isalnum)
    qtbot.addWidget(boxes)
    paste(boxes, "n7k4-px2m-3hq9")
    assert boxes.text() == "N7K4PX2M3HQ9"
    assert boxes.is_complete()


def test_command_keys_go_past_the_boxes(tail):
    QTest.keyClick(tail, Qt.Key.Key_1, Qt.KeyboardModifier.AltModifier)
    assert tail.text() == ""

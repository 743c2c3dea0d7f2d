"""Fields: where something is typed. What is wrong stands in a sentence below, the input stays.

A field takes Latin text unless it is told that it holds Chinese: with the input method off, no
scan and no digit is ever eaten by it.
"""

import unicodedata
from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from station_app.shell import theme
from station_app.shell.widgets.clipboard import clipboard_text
from station_app.shell.widgets.words import Words, hint
from station_app.values.money import FULL_WIDTH, Fen, parse_yuan, yuan_plain
from station_app.values.texts import Texts

FIELD_CHARACTERS_MAX = 40  # a name, a place, a number: what fits one line of a slip
_CONTROL = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_COMMANDS = (
    Qt.KeyboardModifier.ControlModifier
    | Qt.KeyboardModifier.AltModifier
    | Qt.KeyboardModifier.MetaModifier
)
_CURSOR = QColor(theme.COLOURS.accent)
_CURSOR_ROOM = "  "  # as wide as the cursor and a little more
NO_WHOLE_NUMBER = frozenset(".,-−、/")  # what somebody types who means another number
_LEFT_TO_KEYS = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape)


def text_fault(text: str, limit: int) -> tuple[str, dict[str, int]] | None:
    """Return the key and slots of what is wrong with a pasted text, or None."""
    if len(text) > limit:
        return "shell.field.too_long", {"count": len(text), "limit": limit}
    if any(unicodedata.category(sign) in _CONTROL for sign in text):
        return "shell.field.odd_signs", {}
    return None


class LineField(QLineEdit):
    """A line to type in. Signal refused(key, slots): a paste that it did not take."""

    refused = Signal(str, dict)

    def __init__(self, *, limit: int = FIELD_CHARACTERS_MAX, chinese: bool = False) -> None:
        """Make a line. limit: characters; chinese: the input method may be on."""
        super().__init__()
        self._limit = limit
        self.setMaxLength(limit)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.setAcceptDrops(False)
        self.setFixedHeight(theme.FORM_HEIGHT)
        self.set_chinese(chinese=chinese)
        self.textChanged.connect(self._grow)

    def _grow(self, text: str) -> None:
        """Write what was typed larger than the words that ask for it."""
        if bool(text) != bool(self.property("filled")):
            self.setProperty("filled", bool(text))
            self.style().unpolish(self)
            self.style().polish(self)

    def setPlaceholderText(self, words: str) -> None:
        """Show the words that ask, far enough from the cursor that stands before them."""
        is_at_left = not self.alignment() & Qt.AlignmentFlag.AlignRight
        super().setPlaceholderText(_CURSOR_ROOM + words if words and is_at_left else words)

    def set_chinese(self, *, chinese: bool) -> None:
        """Allow the input method, or turn it off."""
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, on=chinese)
        hints = Qt.InputMethodHint.ImhNone if chinese else Qt.InputMethodHint.ImhLatinOnly
        self.setInputMethodHints(hints)

    def take(self, text: str) -> None:
        """Take a paste if it is clean and fits beside what stays; else take none and say why."""
        bare = text.strip("\r\n")
        staying = len(self.text()) - len(self.selectedText())
        fault = text_fault(bare, self._limit)
        if fault is None and staying + len(bare) > self._limit:
            fault = "shell.field.too_long", {"count": staying + len(bare), "limit": self._limit}
        if fault is None:
            self.insert(bare)
            self.textEdited.emit(self.text())
        else:
            self.refused.emit(*fault)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Route pastes through the check; leave Enter and Esc to the key table."""
        if event.key() in _LEFT_TO_KEYS:
            event.ignore()
        elif event.matches(QKeySequence.StandardKey.Paste):
            self.take(clipboard_text())
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the line, and a cursor that can be seen from where one stands."""
        super().paintEvent(event)
        if self.hasFocus() and not self.isReadOnly() and not self.hasSelectedText():
            painter = QPainter(self)
            place = self.cursorRect()
            middle = place.center()
            # Over Qt's own thin one.
            painter.fillRect(middle.x(), place.top(), 3, place.height(), _CURSOR)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Ignore the middle button: it would paste past the check."""
        if event.button() != Qt.MouseButton.MiddleButton:
            super().mouseReleaseEvent(event)


class Field(QWidget):
    """A label above, a line, and below it the sentence about what is wrong.

    Signal changed(str): typed by the operator. `line` is the field itself.
    """

    changed = Signal(str)

    def __init__(self, texts: Texts, label: str = "", *, line: LineField | None = None) -> None:
        """Make a field. label: words above it, "" for none (then name it for readers)."""
        super().__init__()
        self._texts = texts
        self.line = line or LineField()
        self._label = hint(label)
        if not label:
            self._label.hide()
        self._fault = hint("", wrap=True, ink="stop")
        self._fault.hide()
        self._column = column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(self._label)
        column.addWidget(self.line)
        column.addWidget(self._fault)
        self.line.setAccessibleName(label)
        self.setFocusProxy(self.line)
        self.line.textEdited.connect(self._edited)
        self.line.refused.connect(self._refuse)

    def text(self) -> str:
        """Return what stands in it, trimmed."""
        return self.line.text().strip()

    def set_text(self, text: str) -> None:
        """Put a text into it; the sentence about the old one goes."""
        self.line.setText(text)
        self.clear_fault()

    def set_label(self, label: str) -> None:
        """Change the words above."""
        self._label.setText(label)
        self._label.setVisible(bool(label))
        self.line.setAccessibleName(label)

    def give_fault_out(self) -> Words:
        """Return the label of the sentence, for whoever shows it beside a field that is narrow."""
        self._column.removeWidget(self._fault)
        return self._fault

    @property
    def fault(self) -> str:
        """Return the sentence about what is wrong, "" for none."""
        return self._fault.text()

    def show_fault(self, sentence: str) -> None:
        """Say what is wrong and what to do; the input stays."""
        self._fault.setText(sentence)
        self._fault.setVisible(bool(sentence))
        self.line.setAccessibleDescription(sentence)
        self._mark(wrong=bool(sentence))

    def say_fault(self, key: str, /, **slots: object) -> None:
        """Say what is wrong, by a key of the catalogue."""
        self.show_fault(self._texts.say(key, **slots))

    def clear_fault(self) -> None:
        """Nothing is wrong any more."""
        if self._fault.text():
            self.show_fault("")

    def _mark(self, *, wrong: bool) -> None:
        if self.line.property("wrong") != wrong:
            self.line.setProperty("wrong", wrong)
            self.line.style().unpolish(self.line)
            self.line.style().polish(self.line)

    def _edited(self, text: str) -> None:
        self.clear_fault()
        self.changed.emit(text)

    def _refuse(self, key: str, slots: Mapping[str, object]) -> None:
        self.say_fault(key, **slots)


class TextField(Field):
    """A line of text with label and sentence."""

    def __init__(
        self,
        texts: Texts,
        label: str = "",
        *,
        limit: int = FIELD_CHARACTERS_MAX,
        chinese: bool = False,
        placeholder: str = "",
    ) -> None:
        """Make a field; chinese: names, places, remarks."""
        super().__init__(texts, label, line=LineField(limit=limit, chinese=chinese))
        self.line.setPlaceholderText(placeholder)


class _NumberLine(LineField):
    """Takes only signs of numbers; anything else is refused with a sentence.

    Full-width signs of an input method become plain ones as they are typed.
    """

    def __init__(self, look: str, allowed: str, limit: int) -> None:
        super().__init__(limit=limit)
        self._allowed = frozenset(allowed)
        self.setProperty("look", look)
        self.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        text = event.text().translate(FULL_WIDTH)
        is_typing = bool(text) and text.isprintable() and not event.modifiers() & _COMMANDS
        if is_typing and not set(text) <= self._allowed:
            self.refused.emit("shell.field.digits_only", {})
        elif is_typing and text != event.text():
            self.insert(text)
            self.textEdited.emit(self.text())
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.selectAll()


class _MoneyLine(_NumberLine):
    def __init__(self) -> None:
        super().__init__("money", "0123456789.,¥￥", limit=16)

    def take(self, text: str) -> None:
        if parse_yuan(text) is None:
            self.refused.emit("shell.field.no_amount", {})
        else:
            super().take(text.strip().translate(FULL_WIDTH))


class MoneyField(Field):
    """Yuan as typed, fen as meant: 72, 72.5, ７２．５０ and ¥1,234.50 are understood.

    Signal amount_changed(fen or None): None while what stands there is no amount.
    """

    amount_changed = Signal(object)

    def __init__(self, texts: Texts, label: str = "") -> None:
        """Make an empty field."""
        super().__init__(texts, label, line=_MoneyLine())
        self.changed.connect(self._tell)
        self.line.editingFinished.connect(self._tidy)

    def fen(self) -> Fen | None:
        """Return the amount, None when there is none (an empty field is none, not zero)."""
        return parse_yuan(self.line.text())

    def is_wrong(self) -> bool:
        """Tell whether something stands here that is no amount: it must never count as none."""
        return bool(self.text()) and self.fen() is None

    def set_fen(self, fen: int | None) -> None:
        """Show an amount, or nothing."""
        self.set_text("" if fen is None else yuan_plain(fen))

    def check(self) -> Fen | None:
        """Return the amount; if there is none, say so below the field."""
        amount = self.fen()
        if amount is None:
            self.say_fault("shell.field.no_amount" if self.text() else "shell.field.amount_missing")
        return amount

    def _tell(self, text: str) -> None:
        if text and parse_yuan(text) is None and text not in (".", "¥", "￥"):
            self.say_fault("shell.field.no_amount")
        self.amount_changed.emit(self.fen())

    def _tidy(self) -> None:
        amount = self.fen()
        if amount is not None:
            self.line.setText(yuan_plain(amount))


class CountField(Field):
    """A small whole number: pieces, notes of a denomination. Empty counts as nothing typed."""

    count_changed = Signal(object)

    def __init__(self, texts: Texts, label: str = "", *, digits: int = 5) -> None:
        """Make an empty field for at most so many digits."""
        super().__init__(texts, label, line=_CountLine(digits))
        self.changed.connect(lambda _text: self.count_changed.emit(self.count()))

    def count(self) -> int | None:
        """Return the number, None when the field is empty."""
        text = self.line.text().translate(FULL_WIDTH)
        return int(text) if text.isascii() and text.isdigit() else None

    def set_count(self, count: int | None) -> None:
        """Show a number, or nothing."""
        self.set_text("" if count is None else str(count))


class _CountLine(_NumberLine):
    """Digits. After a point or a sign it waits: with the rest of "4.5" it would say 45."""

    def __init__(self, digits: int) -> None:
        super().__init__("count", "0123456789", limit=digits)
        self._is_waiting = False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        text = event.text().translate(FULL_WIDTH)
        is_typing = bool(text) and text.isprintable() and not event.modifiers() & _COMMANDS
        if is_typing and (self._is_waiting or text in NO_WHOLE_NUMBER):
            self._is_waiting = True
            self.refused.emit("shell.field.whole_only", {})
            return
        self._is_waiting = False
        super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        self._is_waiting = False
        super().focusInEvent(event)

    def take(self, text: str) -> None:
        bare = text.strip().translate(FULL_WIDTH)
        if bare.isascii() and bare.isdigit():
            super().take(bare)
        else:
            self.refused.emit("shell.field.digits_only", {})


def in_row(*widgets: QWidget, spacing: int = 12) -> QHBoxLayout:
    """Return a row of fields or buttons, left to right."""
    row = QHBoxLayout()
    row.setSpacing(spacing)
    for widget in widgets:
        row.addWidget(widget)
    return row

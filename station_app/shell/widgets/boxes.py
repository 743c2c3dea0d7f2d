"""Boxes for the signs of a short code, one sign each: the phone tail, a PIN, an enrolment code.

Typing goes on by itself; a paste or a scan fills them all. They hold the signs as one text.
"""

import unicodedata
from collections.abc import Callable

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from station_app.shell import theme
from station_app.shell.widgets.clipboard import clipboard_text

_ENTERS = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_GAP = 8
_GROUP_GAP = 22


class CodeBoxes(QWidget):
    """Boxes in groups: (4,) is a tail, (4, 4, 4) an enrolment code.

    Signals: changed(str) after every sign; completed(str) when the last box is filled, or by Enter
    when enough are; refused(str): a sign that cannot stand here.
    """

    changed = Signal(str)
    completed = Signal(str)
    refused = Signal(str)
    takes_text = True  # the key table leaves digits and letters to it while it has the focus

    def __init__(
        self,
        groups: tuple[int, ...] = (4,),
        *,
        box: QSize | None = None,
        accepts: Callable[[str], bool] = str.isdigit,
        concealed: bool = False,
    ) -> None:
        """Make empty boxes. accepts: tells of one sign (NFKC, capital) whether it may stand."""
        super().__init__()
        self._groups = groups
        self._box = box or QSize(60, 72)
        self._accepts = accepts
        self._is_concealed = concealed
        self._signs = ""
        self._least = self.count
        self._is_wrong = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, on=False)
        self.setInputMethodHints(Qt.InputMethodHint.ImhLatinOnly)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    @property
    def count(self) -> int:
        """Return how many boxes there are."""
        return sum(self._groups)

    def text(self) -> str:
        """Return the signs typed so far."""
        return self._signs

    def is_complete(self) -> bool:
        """Tell whether all boxes are filled."""
        return len(self._signs) == self.count

    def set_least(self, least: int) -> None:
        """Let so many signs be enough: Enter ends a code that is shorter than the boxes."""
        self._least = least

    def is_enough(self) -> bool:
        """Tell whether what was typed may be a whole code."""
        return len(self._signs) >= self._least

    def end_here(self) -> bool:
        """Take what was typed for the whole code, as Enter does; False if it is too short."""
        if not self.is_enough() or not self._signs:
            return False
        self.completed.emit(self._signs)
        return True

    def set_text(self, text: str) -> None:
        """Fill the boxes from the left, without telling anybody."""
        self._signs = text[: self.count]
        self._is_wrong = False
        self.update()

    def clear(self) -> None:
        """Empty all boxes."""
        self.set_text("")

    def mark_wrong(self, *, wrong: bool = True) -> None:
        """Draw the boxes red until something is typed."""
        self._is_wrong = wrong
        self.update()

    def set_box(self, box: QSize) -> None:
        """Make the boxes of another size."""
        self._box = box
        self.updateGeometry()
        self.update()

    # --- Typing ----------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take a sign, a correction or a paste."""
        text = unicodedata.normalize("NFKC", event.text()).upper()
        if event.matches(QKeySequence.StandardKey.Paste):
            self.fill(clipboard_text())
        elif event.key() == Qt.Key.Key_Backspace:
            self._become(self._signs[:-1])
        elif event.key() == Qt.Key.Key_Delete:
            self._become("")
        elif event.key() in _ENTERS and not self.is_complete() and self.end_here():
            pass
        elif len(text) == 1 and text.isprintable() and not _is_command(event):
            self._add(text)
        else:
            event.ignore()

    def _add(self, sign: str) -> None:
        if not self._accepts(sign):
            self.refused.emit(sign)
        elif self.is_complete():
            self._become(sign)  # a new code is begun over the old one
        else:
            self._become(self._signs + sign)

    def fill(self, text: str) -> None:
        """Take a whole code: pasted or scanned; spaces and hyphens are left out."""
        bare = unicodedata.normalize("NFKC", text[: 4 * self.count]).upper()
        signs = [sign for sign in bare if not sign.isspace() and sign != "-"]
        odd = next((sign for sign in signs if not self._accepts(sign)), "")
        if odd or len(signs) > self.count:
            self.refused.emit(odd or "".join(signs))
        else:
            self._become("".join(signs))

    def _become(self, signs: str) -> None:
        was_complete = self.is_complete() and signs == self._signs
        self._signs = signs
        self._is_wrong = False
        self.update()
        self.changed.emit(signs)
        if self.is_complete() and not was_complete:
            self.completed.emit(signs)

    # --- Painting --------------------------------------------------------------------------------

    def sizeHint(self) -> QSize:
        """Return the size of all boxes."""
        return QSize(int(self._left(self.count)) - _GAP, self._box.height())

    def _left(self, index: int) -> float:
        """Return where a box begins."""
        groups_before, passed = 0, 0
        for size in self._groups:
            passed += size
            if index >= passed and passed < self.count:
                groups_before += 1
        between = groups_before * (_GROUP_GAP - _GAP)
        return index * (self._box.width() + _GAP) + between

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the boxes; the one that is filled next has a thick edge."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        current = min(len(self._signs), self.count - 1)
        for index in range(self.count):
            left = self._left(index)
            area = QRectF(left, 0, self._box.width(), self._box.height())
            is_current = self.hasFocus() and index == current
            self._paint_box(painter, area, index, is_current=is_current)
        painter.setPen(QPen(theme.colour("ink2"), 2))
        middle = self._box.height() / 2
        passed = 0
        for size in self._groups[:-1]:
            passed += size
            x = self._left(passed) - _GROUP_GAP / 2
            painter.drawLine(int(x - 3), int(middle), int(x + 3), int(middle))

    def _paint_box(self, painter: QPainter, area: QRectF, index: int, *, is_current: bool) -> None:
        edge, width = ("accent", 3) if is_current else ("border", 1)
        if self._is_wrong:
            edge, width = "stop", 3 if is_current else 2
        if not self.isEnabled():
            edge, width = "line", 1
        half = width / 2
        painter.setPen(QPen(theme.colour(edge), width))
        painter.setBrush(theme.colour("surface" if self.isEnabled() else "sunk"))
        shape = area.adjusted(half, half, -half, -half)
        painter.drawRoundedRect(shape, theme.RADIUS, theme.RADIUS)
        if index < len(self._signs):
            painter.setPen(theme.colour("ink"))
            size = max(theme.STRONG, round(self._box.height() * 0.56))
            painter.setFont(theme.font(size, bold=True))
            sign = "●" if self._is_concealed else self._signs[index]
            painter.drawText(area, Qt.AlignmentFlag.AlignCenter, sign)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show which box is next."""
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Show that typing goes elsewhere."""
        super().focusOutEvent(event)
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take the focus."""
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        super().mousePressEvent(event)


class TailBoxes(CodeBoxes):
    """The last four digits of a phone."""

    def __init__(self, name: str) -> None:
        """Make four boxes. name: the words above them, for readers."""
        super().__init__((4,))
        self.setAccessibleName(name)

    def set_compact(self, *, compact: bool) -> None:
        """Become lower in a low window."""
        self.set_box(QSize(56, 60) if compact else QSize(60, 72))


def _is_command(event: QKeyEvent) -> bool:
    modifiers = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
    return bool(event.modifiers() & modifiers)

"""A device in the list, and the sheet beside it."""

from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from station_app.overview.devices.drawings import DrawingView
from station_app.overview.devices.sheets import Sheet
from station_app.overview.pieces import Seal, empty
from station_app.shell import theme
from station_app.shell.counter import Counter
from station_app.shell.offers import Tone
from station_app.shell.widgets.keys import KeyButton
from station_app.shell.widgets.panels import Panel
from station_app.shell.widgets.pills import StatusPill
from station_app.shell.widgets.words import Words, hint

CARD_HEIGHT, CARD_HEIGHT_LOW = 82, 70
STEPS_BESIDE_A_DRAWING = 2  # in a low window; beside more of them they stand closer in any
_DISC = 36


@dataclass(frozen=True, slots=True)
class DeviceLine:
    """A device of the list. key: scanner, scale, drawer or the printer's name; small: a line."""

    key: str
    icon: str
    words: str
    small: str
    state: str
    tone: Tone


class DeviceCard(Panel):
    """A device: what it is, how it is, a digit to look at it. Signal chosen(key)."""

    chosen = Signal(str)

    def __init__(self, line: DeviceLine, digit: int, look: str) -> None:
        """Show a device. digit: its key, 0 for none; look: the words on its button."""
        super().__init__(margins=(14, 8, 12, 8), spacing=14, horizontal=True)
        self.line = line
        texts = QVBoxLayout()
        texts.setSpacing(0)
        texts.addStretch(1)
        texts.addWidget(Words(line.words, theme.STRONG, bold=True).elided())
        texts.addWidget(hint(line.small).elided())
        texts.addStretch(1)
        self.button = KeyButton(look, str(digit) if digit else "", height=theme.FORM_HEIGHT)
        self.button.clicked.connect(lambda _checked: self.chosen.emit(line.key))
        self.body.addWidget(Seal(line.icon, line.tone, 48))
        self.body.addLayout(texts, 1)
        self.body.addWidget(StatusPill(line.state, line.tone))
        self.body.addWidget(self.button)
        self.setFixedHeight(CARD_HEIGHT)
        self.setAccessibleName(f"{line.words} {line.state} {line.small}")

    def set_low(self, *, low: bool) -> None:
        """Become lower in a low window."""
        self.setFixedHeight(CARD_HEIGHT_LOW if low else CARD_HEIGHT)

    def set_chosen(self, *, chosen: bool, words: str) -> None:
        """Show whether its sheet is open."""
        self.set_look("active" if chosen else "plain")
        self.button.set_selected(selected=chosen)
        self.button.set_label(words)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Choose it with a click anywhere."""
        super().mouseReleaseEvent(event)
        self.chosen.emit(self.line.key)


class _Disc(QWidget):
    """The number of a step."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self._number = number
        self.setFixedSize(QSize(_DISC, _DISC))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint a disc with the number in its middle."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("accent"))
        painter.drawEllipse(QRectF(self.rect()))
        painter.setPen(theme.colour("white"))
        painter.setFont(theme.font(theme.BODY, bold=True))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, str(self._number))


class SheetPanel(Panel):
    """The fix-it sheet: what is the matter, what to do in steps, and whom to call."""

    def __init__(self, counter: Counter, phone: str) -> None:
        """Make an empty sheet. phone: of the county, "" when nobody knows it."""
        super().__init__(margins=(20, 12, 20, 10), spacing=8)
        self._seal = Seal("wrench", "ok", 44)
        self._title = Words("", theme.TITLE, bold=True, wrap=True)
        self._line = Words("", theme.BODY, ink="ink2", wrap=True)
        head = QHBoxLayout()
        head.setSpacing(12)
        texts = QVBoxLayout()
        texts.setSpacing(2)
        texts.addWidget(self._title)
        texts.addWidget(self._line)
        head.addWidget(self._seal, 0, Qt.AlignmentFlag.AlignTop)
        head.addLayout(texts, 1)
        self.body.addLayout(head)
        self.drawing = DrawingView(counter.texts)
        self.body.addWidget(self.drawing)
        self._is_low = False
        self._sheet: Sheet | None = None
        self._steps = QVBoxLayout()
        self._steps.setSpacing(8)
        self.body.addLayout(self._steps)
        self.foot = QHBoxLayout()
        self.below = QVBoxLayout()
        self.below.setSpacing(6)
        self.body.addStretch(1)
        self._call = hint(counter.say("overview.devices.call", phone=phone) if phone else "")
        self._call.setVisible(bool(phone))
        self.foot.addStretch(1)
        self.foot.addWidget(self._call)
        self.body.addLayout(self.foot)
        self.body.addLayout(self.below)

    def set_low(self, *, low: bool) -> None:
        """Leave the drawing out in a low window where many steps need the room."""
        self._is_low = low
        if self._sheet is not None:
            self._show_drawing(self._sheet)

    def _show_drawing(self, sheet: Sheet) -> None:
        has_room = not self._is_low or len(sheet.steps) <= STEPS_BESIDE_A_DRAWING
        self.drawing.setVisible(self.drawing.show_drawing(sheet.name) and has_room)

    def show_sheet(self, sheet: Sheet, icon: str) -> None:
        """Show what helps."""
        self._sheet = sheet
        self._show_drawing(sheet)
        self._seal.show_mark(icon, sheet.tone)
        self._title.setText(sheet.title)
        self._title.set_ink("warn" if sheet.tone == "warn" else "ink")
        self._line.setText(sheet.line)
        empty(self._steps)
        is_tight = len(sheet.steps) > STEPS_BESIDE_A_DRAWING and not self.drawing.isHidden()
        self._steps.setSpacing(4 if is_tight else 8)
        for number, (words, small) in enumerate(sheet.steps, 1):
            self._steps.addWidget(_step(number, words, small, is_tight=is_tight))
        told = "；".join(words for words, _small in sheet.steps)
        self.setAccessibleName(f"{sheet.title} {sheet.line} {told}")


class _Step(Panel):
    """A step of a sheet: whoever follows it has her hands full."""

    stays_in_sight = True  # no toast lies over it


def _step(number: int, words: str, small: str, *, is_tight: bool) -> Panel:
    above = 2 if is_tight else 7
    box = _Step("box", margins=(12, above, 12, above), spacing=12, horizontal=True)
    texts = QVBoxLayout()
    texts.setSpacing(0)
    texts.addWidget(Words(words, theme.BODY, bold=True, wrap=True))
    if small:
        texts.addWidget(hint(small, wrap=True))
    box.body.addWidget(_Disc(number), 0, Qt.AlignmentFlag.AlignVCenter)
    box.body.addLayout(texts, 1)
    return box

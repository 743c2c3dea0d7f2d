"""State pills: a shape, a word and a colour in a round frame; and the courier's chip."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from station_app.shell import theme
from station_app.shell.icons import paint_icon
from station_app.shell.tone import Tone
from station_app.shell.widgets.tones import LOOKS

PILL_HEIGHT = 28
_SIDE, _ICON, _GAP = 10, 16, 5
CHIP_HEIGHT = 28
_CHIP_SIDE = 8


def pill_width(words: str, tone: Tone) -> int:
    """Return how wide a pill with these words is."""
    icon = _ICON + _GAP if LOOKS[tone].icon else 0
    text = theme.width_of(words, theme.HINT, bold=True)
    return 2 * _SIDE + icon + text + 2


def paint_pill(painter: QPainter, area: QRectF, words: str, tone: Tone) -> None:
    """Paint a pill that fills `area`; the words are shortened if they do not fit."""
    look = LOOKS[tone]
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(theme.colour(look.edge), 1))
    painter.setBrush(theme.colour(look.fill))
    shape = area.adjusted(0.5, 0.5, -0.5, -0.5)
    painter.drawRoundedRect(shape, shape.height() / 2, shape.height() / 2)
    left = area.left() + _SIDE
    if look.icon:
        top = area.center().y() - _ICON / 2
        paint_icon(painter, look.icon, theme.colour(look.ink), QRectF(left, top, _ICON, _ICON))
        left += _ICON + _GAP
    font = theme.font(theme.HINT, bold=True)
    room = QRectF(left, area.top(), area.right() - _SIDE - left + 1, area.height())
    shown = QFontMetrics(font).elidedText(words, Qt.TextElideMode.ElideRight, int(room.width()) + 1)
    painter.setFont(font)
    painter.setPen(theme.colour(look.ink))
    painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)
    painter.restore()


def chip_width(words: str) -> int:
    """Return how wide a chip with these words is."""
    text = theme.width_of(words, theme.HINT, bold=True)
    return 2 * _CHIP_SIDE + text


def paint_chip(painter: QPainter, area: QRectF, words: str, ground: str = "background") -> None:
    """Paint a chip: a grey ground with bold words, for a courier's name or a count."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.colour(ground))
    painter.drawRoundedRect(area, theme.CAP_RADIUS, theme.CAP_RADIUS)
    painter.setFont(theme.font(theme.HINT, bold=True))
    painter.setPen(theme.colour("ink"))
    painter.drawText(area, Qt.AlignmentFlag.AlignCenter, words)
    painter.restore()


class StatusPill(QWidget):
    """A pill as a widget."""

    def __init__(self, words: str = "", tone: Tone = "plain", *, width: int = 0) -> None:
        """Show a state. width: fixed, so that pills under each other align; 0 fits the words."""
        super().__init__()
        self._width = width
        self._words, self._tone = "", tone
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.show_state(words, tone)

    @property
    def words(self) -> str:
        """Return the words in it."""
        return self._words

    @property
    def tone(self) -> Tone:
        """Return its tone."""
        return self._tone

    def show_state(self, words: str, tone: Tone) -> None:
        """Show another state."""
        self._words, self._tone = words, tone
        self.setAccessibleName(words)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Return the size that the words need."""
        return QSize(self._width or pill_width(self._words, self._tone), PILL_HEIGHT)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint it."""
        painter = QPainter(self)
        paint_pill(painter, QRectF(self.rect()), self._words, self._tone)


class Chip(QWidget):
    """A courier's name on a grey ground."""

    def __init__(self, words: str = "") -> None:
        """Show a name."""
        super().__init__()
        self._words = ""
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.show_words(words)

    def show_words(self, words: str) -> None:
        """Show another name."""
        self._words = words
        self.setAccessibleName(words)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Return the size that the words need."""
        return QSize(chip_width(self._words), CHIP_HEIGHT)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint it."""
        painter = QPainter(self)
        paint_chip(painter, QRectF(self.rect()), self._words)

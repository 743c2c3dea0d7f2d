"""Cards: a person, a large code, a preview of paper, an amount to pay."""

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QImage, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from station_app.printing.raster import Raster
from station_app.shell import theme
from station_app.shell.widgets.keys import KeyButton
from station_app.shell.widgets.panels import Panel
from station_app.shell.widgets.pills import StatusPill
from station_app.shell.widgets.words import IconLabel, Words, hint

PREVIEW_LEAST = 0.3  # smaller than this a preview says nothing; then its end is cut off
PAPER_EDGE = 22  # dots of white around a preview, as the paper has them


class Avatar(QWidget):
    """The first sign of a name in a circle."""

    def __init__(self, name: str = "", size: int = 56, *, ink: str = "accent") -> None:
        """Show the first sign of a name."""
        super().__init__()
        self._sign = ""
        self._ink = ink
        self.setFixedSize(size, size)
        self.show_name(name)

    def show_name(self, name: str, *, ink: str = "") -> None:
        """Show somebody else."""
        self._sign = name.strip()[:1]
        self._ink = ink or self._ink
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint it."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour(self._ink))
        painter.drawEllipse(self.rect())
        painter.setPen(theme.colour("white"))
        painter.setFont(theme.font(round(self.width() * 0.46), bold=True))
        painter.drawText(QRectF(self.rect()), Qt.AlignmentFlag.AlignCenter, self._sign)


class PersonCard(Panel):
    """Who it is about: name, place and phone, a state, and a button to take somebody else."""

    def __init__(self) -> None:
        """Make a card without a person."""
        super().__init__(margins=(20, 10, 12, 10), spacing=16, horizontal=True)
        self._avatar = Avatar()
        self._name = Words("", theme.TITLE, bold=True).elided()
        self._place = Words("", theme.BODY, ink="ink2").elided()
        self.pill = StatusPill()
        self.pill.hide()
        texts = QVBoxLayout()
        texts.setSpacing(0)
        texts.addWidget(self._name)
        texts.addWidget(self._place)
        self.body.addWidget(self._avatar)
        self.body.addLayout(texts, 1)
        self.body.addWidget(self.pill)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def show_person(self, name: str, place: str) -> None:
        """Show a person: name as it may stand here, and one line about where and which phone."""
        self._avatar.show_name(name)
        self._name.setText(name)
        self._place.setText(place)
        self.setAccessibleName(f"{name} {place}")

    def add_button(self, button: KeyButton) -> KeyButton:
        """Add a button at the right (换人); return it."""
        self.body.addWidget(button)
        return button


class PersonChoice(Panel):
    """Is it this one? A person under a tail; ticked when sure, or a sentence when nobody fits.

    Signal pressed: clicked, to choose another.
    """

    pressed = Signal()

    def __init__(self) -> None:
        """Make an empty card."""
        super().__init__("tint", margins=(18, 6, 18, 6), spacing=14, horizontal=True)
        self._icon = IconLabel("person", "pressed", 28)
        self._name = Words("", theme.STRONG, bold=True).elided()
        self._small = hint("").elided()
        self._mark = IconLabel("ok", "pressed")
        texts = QVBoxLayout()
        texts.setSpacing(0)
        texts.addStretch(1)
        texts.addWidget(self._name)
        texts.addWidget(self._small)
        texts.addStretch(1)
        self.body.addWidget(self._icon)
        self.body.addLayout(texts, 1)
        self.body.addWidget(self._mark)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def show_person(self, name: str, small: str) -> None:
        """Show the person that fits."""
        self._show("tint", name, small)
        self._icon.show_icon("person", "pressed")
        self._icon.show()
        self._mark.show()

    def show_sentence(self, sentence: str, *, warn: bool = False) -> None:
        """Show that nobody is there yet, or that nobody fits."""
        self._show("box", sentence, "")
        self._name.set_ink("warn" if warn else "placeholder")
        self._name.setFont(theme.font(theme.BODY, bold=warn))
        self._icon.show_icon("warn", "warn")
        self._icon.setVisible(warn)
        self._mark.hide()

    def _show(self, look: str, name: str, small: str) -> None:
        self.set_look("tint" if look == "tint" else "box")
        self._name.setFont(theme.font(theme.STRONG, bold=True))
        self._name.set_ink("ink")
        self._name.setText(name)
        self._small.setText(small)
        self._small.setVisible(bool(small))
        self.setAccessibleName(f"{name} {small}".strip())

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        """Choose another."""
        self.pressed.emit()


class BigCode(QWidget):
    """A code that is read from two metres: shelf code 64, weight 88, change 72."""

    def __init__(self, code: str = "", small: str = "", size: int = theme.SHELF) -> None:
        """Show a code and a line below."""
        super().__init__()
        self._size = size
        self.code = Words(code, size, bold=True).centred()
        self.small = Words(small, theme.BODY, ink="ink2").centred()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.code)
        column.addWidget(self.small)
        self.show_code(code, small)

    def show_code(self, code: str, small: str = "") -> None:
        """Show another code; a long one is written smaller, never cut."""
        size = self._size
        if self.width() > 1:
            while size > theme.HEADING and self._too_wide(code, size):
                size -= 4
        self.code.setFont(theme.font(size, bold=True))
        self.code.setText(code)
        self.small.setText(small)
        self.small.setVisible(bool(small))
        self.setAccessibleName(f"{code} {small}".strip())

    def _too_wide(self, code: str, size: int) -> bool:
        probe = Words(code, size, bold=True)
        return probe.sizeHint().width() > max(self.width(), 240)


class Amount(QWidget):
    """Words at the left, an amount at the right: 合计 ¥125.50."""

    stays_in_sight = True  # no toast lies over it

    def __init__(self, words: str, amount: str = "", size: int = theme.TOTAL_LARGE) -> None:
        """Show a total, or with a small size a line above it."""
        super().__init__()
        is_total = size > theme.STRONG
        self.words = Words(words, theme.STRONG if is_total else size, bold=is_total)
        if not is_total:
            self.words.set_ink("ink2")
        self.amount = Words(amount, size, bold=True).right()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.words)
        row.addStretch(1)
        row.addWidget(self.amount)

    def show_amount(self, amount: str, ink: str = "ink") -> None:
        """Show another amount."""
        self.amount.setText(amount)
        self.amount.set_ink(ink)


class ReceiptPreview(QWidget):
    """Paper as it will come out: the very bits, on white with the edge that paper has."""

    def __init__(self, name: str) -> None:
        """Show nothing yet. name: what paper it is, for readers."""
        super().__init__()
        self._image: QImage | None = None
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    @property
    def stays_in_sight(self) -> bool:
        """Tell whether there is a paper, which no toast may hide."""
        return self._image is not None

    def show_raster(self, raster: Raster | None) -> None:
        """Show a raster, or nothing."""
        self.show_image(None if raster is None else image_of(raster))

    def show_image(self, image: QImage | None) -> None:
        """Show an image of dots, or nothing."""
        self._image = image
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Return the size at one dot per pixel."""
        if self._image is None:
            return QSize(200, 60)
        width = self._image.width() + 2 * PAPER_EDGE
        return QSize(width, self._image.height() + 2 * PAPER_EDGE)

    def minimumSizeHint(self) -> QSize:
        """Return a size at which a preview still tells something."""
        return QSize(120, 60)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the paper at the top, centred, shrunk as a whole to fit the width."""
        if self._image is None:
            return
        painter = QPainter(self)
        width = self._image.width() + 2 * PAPER_EDGE
        height = self._image.height() + 2 * PAPER_EDGE
        factor = min(1.0, self.width() / width)
        if height * factor > self.height():
            factor = max(self.height() / height, PREVIEW_LEAST)
        paper = QRectF((self.width() - width * factor) / 2, 0, width * factor, height * factor)
        painter.setPen(QPen(theme.colour("border"), 1))
        painter.setBrush(theme.colour("white"))
        painter.drawRect(paper.adjusted(0.5, 0.5, -0.5, -0.5))
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, factor < 1.0)
        edge = PAPER_EDGE * factor
        painter.setClipRect(self.rect())
        painter.drawImage(paper.adjusted(edge, edge, -edge, -edge), self._image)


def image_of(raster: Raster) -> QImage:
    """Return the dots of a raster as an image that owns its bits.

    In the format of the screen: made in a sixth and painted in half of the time that grey takes.
    """
    mono = QImage(
        raster.rows, raster.width, raster.height, raster.stride, QImage.Format.Format_Mono
    )
    mono.setColorTable([0xFFFFFFFF, 0xFF000000])
    return mono.convertToFormat(QImage.Format.Format_RGB32)

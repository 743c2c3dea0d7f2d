"""Words on the screen: labels of a named size and colour.

Text is always plain: a name with angle brackets in it is a name. A label whose words come from
outside may be longer than its place; `elided()` shortens it with an ellipsis and keeps the whole
text as its tool tip and for readers.
"""

from html import escape

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QFrame, QLabel, QSizePolicy, QWidget

from station_app.shell import theme
from station_app.shell.icons import icon_pixmap

ELIDED_MIN = 48  # px that an elided label keeps at least: three characters and the ellipsis


class Words(QLabel):
    """A label. ink: a colour name of the palette; text: plain."""

    def __init__(
        self,
        text: str = "",
        size: int = theme.BODY,
        *,
        bold: bool = False,
        ink: str = "ink",
        wrap: bool = False,
    ) -> None:
        """Make a label in the screen's font. It never takes the focus."""
        super().__init__()
        self._is_elided = False
        self._ink = ink
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setFont(theme.font(size, bold=bold))
        self.setWordWrap(wrap)
        if not wrap:
            self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
        self.set_ink(ink)
        self.setText(text)

    def elided(self) -> "Words":
        """Let too long a text end in an ellipsis; return the label itself."""
        self._is_elided = True
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        return self

    def right(self) -> "Words":
        """Stand at the right of its place, as amounts do; return the label itself."""
        self.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        return self

    def centred(self) -> "Words":
        """Stand in the middle of its place; return the label itself."""
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        return self

    def set_ink(self, ink: str) -> None:
        """Colour the words; ink: a name of the palette."""
        self._ink = ink
        self._colour()

    def _colour(self) -> None:
        self.setPalette(theme.inked(self._ink))

    @property
    def is_elided(self) -> bool:
        """Tell whether too long a text ends in an ellipsis here."""
        return self._is_elided

    def minimumSizeHint(self) -> QSize:
        """Return the least size: of an elided label three characters."""
        size = super().minimumSizeHint()
        if self._is_elided:
            whole = self.fontMetrics().horizontalAdvance(self.text())
            return QSize(min(whole, ELIDED_MIN), size.height())
        return size

    def sizeHint(self) -> QSize:
        """Return the size of the whole text, also when it may be elided."""
        size = super().sizeHint()
        if self._is_elided:
            width = self.fontMetrics().horizontalAdvance(self.text()) + 1
            return QSize(width, size.height())
        return size

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the text, shortened if need be."""
        if not self._is_elided:
            super().paintEvent(event)
            return
        metrics, whole = self.fontMetrics(), self.text()
        shown = metrics.elidedText(whole, Qt.TextElideMode.ElideRight, self.width())
        painter = QPainter(self)
        painter.setPen(self.palette().color(QPalette.ColorRole.WindowText))
        painter.drawText(self.rect(), int(self.alignment()), shown)
        self.setToolTip(_plain_tip(whole) if shown != whole else "")

    def changeEvent(self, event: QEvent) -> None:
        """Keep the ink: under a changed style sheet Qt gives a label its first palette back."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            role = QPalette.ColorRole.WindowText
            if self.palette().color(role) != theme.inked(self._ink).color(role):
                self._colour()


def _plain_tip(text: str) -> str:
    """Return a tool tip that shows this text as it is: with "<" in it Qt takes it for HTML."""
    return f"<span>{escape(text)}</span>" if "<" in text else text


def hint(text: str = "", *, wrap: bool = False, ink: str = "ink2") -> Words:
    """Return small grey words."""
    return Words(text, theme.HINT, ink=ink, wrap=wrap)


def strong(text: str = "", size: int = theme.STRONG) -> Words:
    """Return bold words: the heading of a panel."""
    return Words(text, size, bold=True)


class IconLabel(QLabel):
    """An icon that says nothing which words do not say too."""

    def __init__(self, name: str, ink: str = "ink", size: int = 24) -> None:
        """Show an icon of resources/icons."""
        super().__init__()
        self._size = size
        self.setFixedSize(size, size)
        self.show_icon(name, ink)

    def show_icon(self, name: str, ink: str = "ink") -> None:
        """Show another icon."""
        density = self.devicePixelRatioF()
        self.setPixmap(icon_pixmap(name, theme.colour(ink), self._size, density))


def rule(parent: QWidget | None = None) -> QFrame:
    """Return a line across a panel, 1 px."""
    line = QFrame(parent)
    line.setObjectName("rule")
    line.setFixedHeight(1)
    return line

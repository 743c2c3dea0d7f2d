"""The cards of the lock page: who may sign in here, one key each."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy

from station_app.shell import theme
from station_app.shell.widgets.keys import LOOKS, KeyButton, cap_width, paint_cap

TALL, SHORT = 116, 56
_DISC_TALL, _DISC_SHORT = 52, 34
_CAP_HEIGHT = 25


class ColleagueCard(KeyButton):
    """A colleague: the first sign of the name in a disc, the masked name, and the key.

    The page locks nobody in: each card is pressed by its key, by the mouse or by a scanned card.
    """

    def __init__(self, name: str, key: str, *, is_tall: bool) -> None:
        """Make a card. name: as it may stand on a locked screen."""
        height = TALL if is_tall else SHORT
        super().__init__(name, key, height=height)
        self._is_tall = is_tall
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def sizeHint(self) -> QSize:
        """Return a size in which three stand beside each other."""
        return QSize(124, TALL if self._is_tall else SHORT)

    def minimumSizeHint(self) -> QSize:
        """Return the least size."""
        return QSize(112, TALL if self._is_tall else SHORT)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint ground, disc, name and key."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        look = LOOKS["selected" if self.is_selected else "secondary"]
        width = 3 if self.is_selected else 1
        half = width / 2
        area = QRectF(self.rect()).adjusted(half, half, -half, -half)
        painter.setPen(QPen(theme.colour(look.edge), width))
        painter.setBrush(theme.colour(look.fill if not self.isDown() else look.fill_over))
        painter.drawRoundedRect(area, theme.RADIUS, theme.RADIUS)
        if self._is_tall:
            self._paint_tall(painter)
        else:
            self._paint_short(painter)

    def _paint_tall(self, painter: QPainter) -> None:
        disc = QRectF((self.width() - _DISC_TALL) / 2, 26, _DISC_TALL, _DISC_TALL)
        self._paint_disc(painter, disc)
        name = QRectF(6, disc.bottom() + 4, self.width() - 12, 28)
        self._paint_name(painter, name, Qt.AlignmentFlag.AlignCenter)
        cap = self.cap
        if cap:
            wide = cap_width(cap)
            place = QRectF(self.width() - wide - 5, 5, wide, _CAP_HEIGHT - 4)
            paint_cap(painter, place, cap, LOOKS["secondary"])

    def _paint_short(self, painter: QPainter) -> None:
        middle = self.height() / 2
        disc = QRectF(8, middle - _DISC_SHORT / 2, _DISC_SHORT, _DISC_SHORT)
        self._paint_disc(painter, disc)
        left = disc.right() + 6
        name = QRectF(left, 4, self.width() - left - 4, 26)
        self._paint_name(painter, name, Qt.AlignmentFlag.AlignLeft)
        cap = self.cap
        if cap:
            place = QRectF(left, middle + 3, cap_width(cap), _CAP_HEIGHT - 4)
            paint_cap(painter, place, cap, LOOKS["secondary"])

    def _paint_disc(self, painter: QPainter, disc: QRectF) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("accent" if self.is_selected else "placeholder"))
        painter.drawEllipse(disc)
        painter.setPen(theme.colour("white"))
        painter.setFont(theme.font(round(disc.width() * 0.46), bold=True))
        painter.drawText(disc, Qt.AlignmentFlag.AlignCenter, self.text()[:1])

    def _paint_name(self, painter: QPainter, place: QRectF, align: Qt.AlignmentFlag) -> None:
        font = theme.font(theme.BODY, bold=self.is_selected)
        painter.setFont(font)
        painter.setPen(theme.colour("ink"))
        shown = QFontMetrics(font).elidedText(
            self.text(), Qt.TextElideMode.ElideRight, int(place.width())
        )
        painter.drawText(place, align | Qt.AlignmentFlag.AlignVCenter, shown)

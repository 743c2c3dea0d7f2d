"""A signature by mouse, finger or pen: strokes on white, kept as a small picture.

Fingers come as mouse events (Qt makes them); a pen comes the same way where its driver says nothing
of its own. What counts as signed is a stroke of some length, not a tap.
"""

import math

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QPointF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QImage,
    QImageWriter,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from station_app.shell import theme

PEN_WIDTH = 4
SIGNED_PX = 120  # of ink: less is a slip of the finger
POINTS_MAX = 20_000  # a long name slowly written has a thousand
PICTURE = QSize(800, 300)  # dots of what is kept
LEAST = QSize(320, 140)


class SignaturePad(QWidget):
    """White room to sign in. Signal changed: a stroke was drawn, or all were cleared."""

    changed = Signal()
    stays_in_sight = True  # a stroke over a toast would press its button

    def __init__(self, name: str) -> None:
        """Make it empty. name: for readers."""
        super().__init__()
        self._strokes: list[list[QPointF]] = []
        self._ink = 0.0
        self._points = 0
        self.setAccessibleName(name)
        self.setMinimumSize(LEAST)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # a scan must reach the page

    @property
    def is_signed(self) -> bool:
        """Tell whether there is more than a tap."""
        return self._ink >= SIGNED_PX

    def clear(self) -> None:
        """Wipe it."""
        self._strokes, self._ink, self._points = [], 0.0, 0
        self.update()
        self.changed.emit()

    def content(self) -> bytes:
        """Return the signature as PNG: black on white, fitted into `PICTURE`."""
        image = QImage(PICTURE, QImage.Format.Format_Grayscale8)
        image.fill(QColor("white"))
        scale = min(PICTURE.width() / self.width(), PICTURE.height() / self.height())
        painter = QPainter(image)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.scale(scale, scale)
        self._draw(painter, QColor("black"))
        painter.end()
        held = QBuffer()
        held.open(QIODevice.OpenModeFlag.WriteOnly)
        assert QImageWriter(held, QByteArray(b"png")).write(image), "memory takes it"
        return bytes(held.data().data())

    # --- Drawing ---------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a stroke."""
        if event.button() == Qt.MouseButton.LeftButton and self._points < POINTS_MAX:
            self._strokes.append([event.position()])
            self._points += 1

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Go on with the stroke, inside the pad."""
        is_down = bool(event.buttons() & Qt.MouseButton.LeftButton)
        if not is_down or not self._strokes or self._points >= POINTS_MAX:
            return
        place = event.position()
        inside = QPointF(
            min(max(place.x(), 0.0), self.width()), min(max(place.y(), 0.0), self.height())
        )
        last = self._strokes[-1][-1]
        self._ink += math.hypot(inside.x() - last.x(), inside.y() - last.y())
        self._strokes[-1].append(inside)
        self._points += 1
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A stroke is done."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.changed.emit()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the paper, the line to sign on, and the strokes."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.colour("border"), 1))
        painter.setBrush(theme.colour("surface"))
        painter.drawRoundedRect(self.rect().adjusted(0, 0, -1, -1), theme.RADIUS, theme.RADIUS)
        base = round(self.height() * 0.78)
        painter.setPen(QPen(theme.colour("line"), 2))
        painter.drawLine(24, base, self.width() - 24, base)
        self._draw(painter, theme.colour("ink"))
        painter.end()

    def _draw(self, painter: QPainter, ink: QColor) -> None:
        pen = QPen(ink, PEN_WIDTH)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for stroke in self._strokes:
            path = QPainterPath(stroke[0])
            for point in stroke[1:]:
                path.lineTo(point)
            painter.drawPath(path)

"""The drawings of the fix-it sheets: what to look at, and which way it moves. Strokes, no photos.

A drawing is a list of strokes on a ground of 404 × 104, in words of three kinds: what stands still
(ink), what is wrong (stop), what the hand does (accent), so that colour is never alone: what is
wrong has words with a line to it, what moves has an arrow.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from station_app.shell import theme
from station_app.values.texts import Texts

GROUND = QSize(404, 104)
STROKE, ARROW = 2.5, 9.0


@dataclass(frozen=True, slots=True)
class Drawing:
    """A picture of a sheet. move: its words for what the hand does; wrong: for what is, or ""."""

    draw: Callable[["Pencil"], None]
    wrong: str
    move: str


class Pencil:
    """Draws in the three inks."""

    def __init__(self, painter: QPainter, wrong: str, move: str) -> None:
        """Draw on the ground. wrong, move: the words, final."""
        self._painter, self._words = painter, {"stop": wrong, "accent": move}

    def _take(self, ink: str, fill: str = "") -> None:
        pen = QPen(theme.colour(ink), STROKE)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        self._painter.setPen(pen)
        brush = theme.colour(fill) if fill else Qt.BrushStyle.NoBrush
        self._painter.setBrush(brush)

    def box(self, left: float, top: float, width: float, height: float, fill: str = "") -> None:
        """Draw a body."""
        self._take("ink2", fill or "surface")
        self._painter.drawRoundedRect(QRectF(left, top, width, height), 6, 6)

    def roll(self, x: float, y: float, radius: float = 20) -> None:
        """Draw a roll of paper from its side."""
        self._take("ink2", "tint")
        self._painter.drawEllipse(QPointF(x, y), radius, radius)
        self._take("ink2", "surface")
        self._painter.drawEllipse(QPointF(x, y), radius / 3, radius / 3)

    def line(self, *points: tuple[float, float], ink: str = "ink2") -> None:
        """Draw from point to point."""
        self._take(ink)
        self._painter.drawPolyline([QPointF(x, y) for x, y in points])

    def arrow(self, *points: tuple[float, float]) -> None:
        """Draw the way of the hand, its head at the last point."""
        path = QPainterPath(QPointF(*points[0]))
        if len(points) == 3:
            path.quadTo(QPointF(*points[1]), QPointF(*points[2]))
        else:
            path.lineTo(QPointF(*points[-1]))
        self._take("accent")
        self._painter.drawPath(path)
        end, before = QPointF(*points[-1]), QPointF(*points[-2])
        way = end - before
        length = max((way.x() ** 2 + way.y() ** 2) ** 0.5, 1)
        along, aside = way / length * ARROW, QPointF(-way.y(), way.x()) / length * ARROW * 0.6
        self._take("accent", "accent")
        self._painter.drawPolygon([end, end - along + aside, end - along - aside])

    def words(self, x: float, y: float, width: float, ink: str, *, right: bool = False) -> None:
        """Write what is wrong ("stop") or what moves ("accent")."""
        self._painter.setPen(theme.colour(ink))
        self._painter.setFont(theme.font(theme.HINT, bold=ink == "stop"))
        side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
        place = QRectF(x, y, width, 24)
        self._painter.drawText(place, side | Qt.AlignmentFlag.AlignVCenter, self._words[ink])


def _printer(pencil: Pencil, *, lid_up: bool) -> None:
    pencil.box(130, 50, 170, 44)
    if lid_up:
        pencil.line((296, 50), (218, 12), (204, 18), (206, 26), (262, 52))
    else:
        pencil.line((130, 50), (140, 36), (290, 36), (300, 50))


def _jam(pencil: Pencil) -> None:
    _printer(pencil, lid_up=True)
    pencil.roll(248, 56)
    pencil.line(
        (132, 68), (166, 68), (174, 60), (184, 78), (194, 60), (204, 78), (214, 64), ink="stop"
    )
    pencil.line((100, 52), (170, 64), ink="stop")
    pencil.words(2, 36, 112, "stop")
    pencil.arrow((318, 60), (326, 34), (308, 12))
    pencil.words(330, 20, 74, "accent")


def _no_paper(pencil: Pencil) -> None:
    _printer(pencil, lid_up=True)
    pencil.line((228, 70), (150, 70), (124, 78))
    pencil.roll(330, 34)
    pencil.arrow((306, 40), (282, 44), (256, 62))
    pencil.words(322, 62, 82, "accent")
    pencil.words(2, 36, 120, "stop")
    pencil.line((92, 58), (120, 74), ink="stop")


def _cover_open(pencil: Pencil) -> None:
    _printer(pencil, lid_up=True)
    pencil.roll(248, 60, 16)
    pencil.arrow((206, 2), (206, 40))
    pencil.arrow((286, 8), (286, 42))
    pencil.words(310, 12, 94, "accent")
    pencil.words(2, 20, 150, "stop")
    pencil.line((150, 32), (202, 24), ink="stop")


def _ribbon(pencil: Pencil) -> None:
    _printer(pencil, lid_up=True)
    pencil.roll(180, 66, 14)
    pencil.roll(256, 66, 14)
    pencil.line((180, 80), (218, 90), (256, 80), ink="ink")
    pencil.arrow((330, 24), (300, 26), (266, 50))
    pencil.words(318, 30, 86, "accent")
    pencil.words(2, 40, 126, "stop")
    pencil.line((110, 56), (166, 66), ink="stop")


def _plug(pencil: Pencil) -> None:
    pencil.box(40, 26, 96, 56)
    pencil.box(268, 20, 96, 62)
    pencil.line((136, 58), (176, 58), (186, 74), (206, 74))
    pencil.box(206, 66, 22, 16, "tint")
    pencil.line((228, 74), (242, 74), ink="stop")
    pencil.arrow((214, 50), (258, 50))
    pencil.words(196, 20, 70, "accent")
    pencil.words(140, 82, 160, "stop")


def _head(pencil: Pencil) -> None:
    _printer(pencil, lid_up=True)
    pencil.line((150, 58), (232, 58), ink="ink")
    pencil.line((150, 61), (232, 61), ink="ink")
    pencil.line((90, 20), (176, 52))
    pencil.roll(178, 52, 7)
    pencil.arrow((170, 74), (236, 74))
    pencil.words(310, 60, 94, "accent")
    pencil.words(2, 58, 120, "stop")
    pencil.line((112, 70), (148, 60), ink="stop")


def _edge(pencil: Pencil) -> None:
    pencil.box(110, 14, 180, 80)
    pencil.box(166, 24, 68, 60, "tint")
    pencil.line((162, 22), (162, 88), ink="ink")
    pencil.line((238, 22), (238, 88), ink="stop")
    pencil.arrow((128, 54), (156, 54))
    pencil.arrow((278, 54), (246, 54))
    pencil.words(300, 42, 104, "accent")
    pencil.words(2, 42, 104, "stop", right=True)


def _button(pencil: Pencil) -> None:
    _printer(pencil, lid_up=False)
    pencil.roll(270, 72, 10)
    pencil.arrow((330, 34), (286, 62))
    pencil.words(318, 10, 86, "accent")
    pencil.words(2, 60, 120, "stop", right=True)


def _tray(pencil: Pencil) -> None:
    pencil.box(150, 70, 110, 26)
    pencil.line((136, 64), (274, 64), ink="ink")
    pencil.box(176, 30, 58, 34, "tint")
    pencil.arrow((250, 56), (262, 40), (262, 8))
    pencil.words(276, 10, 128, "accent")
    pencil.words(2, 34, 130, "stop", right=True)
    pencil.line((136, 46), (172, 46), ink="stop")


def _socket(pencil: Pencil) -> None:
    pencil.box(40, 20, 150, 66)
    pencil.box(58, 52, 24, 18)
    pencil.roll(144, 60, 9)
    pencil.box(250, 50, 116, 38)
    pencil.line((250, 68), (210, 68), (200, 40), (186, 44))
    pencil.arrow((196, 30), (156, 54))
    pencil.words(198, 8, 140, "accent")
    pencil.words(48, 26, 100, "stop")


def _scan(pencil: Pencil) -> None:
    pencil.box(250, 18, 110, 72)
    for place in (266, 274, 286, 292, 304, 316, 322, 334, 342):
        pencil.line((place, 34), (place, 70), ink="ink")
    pencil.box(60, 30, 70, 24, "tint")
    pencil.line((76, 54), (70, 88), (90, 88), (96, 54))
    pencil.arrow((136, 42), (240, 52))
    pencil.words(140, 14, 110, "accent")


WORDS = "overview.devices.drawing"
DRAWINGS: Mapping[str, Drawing] = {
    "jam": Drawing(_jam, "jam_wrong", "jam_move"),
    "no_paper": Drawing(_no_paper, "paper_wrong", "paper_move"),
    "cover_open": Drawing(_cover_open, "cover_wrong", "cover_move"),
    "no_ribbon": Drawing(_ribbon, "ribbon_wrong", "ribbon_move"),
    "paused": Drawing(_button, "button_wrong", "button_move"),
    "unreachable": Drawing(_plug, "plug_wrong", "plug_move"),
    "printer_none": Drawing(_plug, "", "plug_move"),
    "symptom_nothing": Drawing(_no_paper, "side_wrong", "side_move"),
    "symptom_faint": Drawing(_head, "head_wrong", "head_move"),
    "symptom_shifted": Drawing(_edge, "edge_wrong", "edge_move"),
    "scale_none": Drawing(_plug, "", "plug_move"),
    "scale_gone": Drawing(_plug, "plug_wrong", "plug_move"),
    "scale_silent": Drawing(_plug, "plug_wrong", "plug_move"),
    "scale_overload": Drawing(_tray, "tray_wrong", "tray_move"),
    "scale_negative": Drawing(_tray, "zero_wrong", "tray_move"),
    "drawer": Drawing(_socket, "socket_wrong", "socket_move"),
    "drawer_none": Drawing(_socket, "socket_wrong", "socket_move"),
    "scanner": Drawing(_scan, "", "scan_move"),
    "scanner_gone": Drawing(_plug, "plug_wrong", "plug_move"),
}
"""By the name of a sheet. What is mended in a window of the system has nothing to draw."""


class DrawingView(QWidget):
    """Shows the drawing of a sheet, in the middle of its place."""

    def __init__(self, texts: Texts) -> None:
        """Show nothing yet."""
        super().__init__()
        self._texts = texts
        self._drawing: Drawing | None = None
        self.setFixedHeight(GROUND.height())
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_drawing(self, sheet: str) -> bool:
        """Show what belongs to a sheet; False if nothing does."""
        self._drawing = DRAWINGS.get(sheet)
        if self._drawing is not None:
            wrong, move = self._said(self._drawing)
            self.setAccessibleName(f"{wrong} {move}".strip())
        self.update()
        return self._drawing is not None

    def _said(self, drawing: Drawing) -> tuple[str, str]:
        say = self._texts.say
        wrong = say(f"{WORDS}.{drawing.wrong}") if drawing.wrong else ""
        return wrong, say(f"{WORDS}.{drawing.move}")

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the ground and the strokes on it."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("sunk"))
        painter.drawRoundedRect(QRectF(self.rect()), theme.RADIUS, theme.RADIUS)
        if self._drawing is None:
            return
        painter.translate((self.width() - GROUND.width()) / 2, 0)
        self._drawing.draw(Pencil(painter, *self._said(self._drawing)))

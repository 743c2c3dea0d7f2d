"""Icons: strokes of 24 px in resources/icons, in any size and any colour of the palette.

Every icon is one SVG drawn with `currentColor`. It is painted at the pixel density of the screen,
and kept in Qt's own pixmap cache, which empties itself.
"""

from functools import lru_cache

from PySide6.QtCore import QByteArray, QRectF
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap, QPixmapCache, Qt
from PySide6.QtSvg import QSvgRenderer

from station_app.resources_dir import resources

SIZE = 24


@lru_cache(maxsize=256)
def _drawing(name: str) -> str:
    return (resources() / "icons" / f"{name}.svg").read_text("utf-8")


def icon_pixmap(name: str, colour: QColor | str, size: int = SIZE, density: float = 1.0) -> QPixmap:
    """Return an icon. size: logical px; density: the screen's device pixel ratio.

    Raises FileNotFoundError for an icon that nobody drew.
    """
    tint = QColor(colour).name()
    key = f"station/{name}/{tint}/{size}/{density}"
    found = QPixmap()
    if QPixmapCache.find(key, found):
        return found
    drawing = _drawing(name).replace("currentColor", tint)
    made = QPixmap(round(size * density), round(size * density))
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    QSvgRenderer(QByteArray(drawing.encode("utf-8"))).render(
        painter, QRectF(0, 0, made.width(), made.height())
    )
    painter.end()
    made.setDevicePixelRatio(density)
    QPixmapCache.insert(key, made)
    return made


def paint_icon(painter: QPainter, name: str, colour: QColor | str, area: QRectF) -> None:
    """Paint an icon into a square."""
    density = painter.device().devicePixelRatioF()
    pixmap = icon_pixmap(name, colour, round(area.width()), density)
    painter.drawPixmap(area.topLeft(), pixmap)


def window_icon() -> QIcon:
    """Return the icon of the program."""
    return QIcon(icon_pixmap("parcel", "#00675A", 64))

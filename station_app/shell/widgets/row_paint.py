"""How the rows of a list are painted: one delegate for all kinds of cells."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPainterPath, QPen, QPixmap
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem

from station_app.shell import theme
from station_app.shell.icons import paint_icon
from station_app.shell.widgets import cells
from station_app.shell.widgets.keys import LOOKS, cap_width, paint_cap
from station_app.shell.widgets.pills import (
    CHIP_HEIGHT,
    PILL_HEIGHT,
    chip_width,
    paint_chip,
    paint_pill,
    pill_width,
)

if TYPE_CHECKING:
    from station_app.shell.widgets.tables import ListTable

_SIDE = 16  # distance of the first and last words from the panel's edge
_IN = 6  # between cells
CAP_GAP = 10  # between the words of a row and its key
_BAR = 6  # the accent at the left of the current row
_TICK = 26
_THUMB = 52
_ALIGN = {
    "left": Qt.AlignmentFlag.AlignLeft,
    "right": Qt.AlignmentFlag.AlignRight,
    "centre": Qt.AlignmentFlag.AlignHCenter,
}
_GROUNDS = {"warn": "warn_row", "stop": "stop_tint", "ok": "tint", "notice": "notice_tint"}
_HEADINGS = {"warn": ("warn_tint", "warn"), "stop": ("stop_tint", "stop")}


def cell_area(area: QRectF, column: int, last: int) -> QRectF:
    """Return where the words of a cell stand in its area; last: number of the last column."""
    return area.adjusted(_SIDE if column == 0 else _IN, 0, -(_SIDE if column == last else _IN), -1)


class RowPainter(QStyledItemDelegate):
    """Paints the cells of a `ListTable`."""

    def __init__(self, table: "ListTable") -> None:
        """Paint for one list."""
        super().__init__(table)
        self._table = table

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Paint one cell with its part of the row's ground."""
        model = self._table.rows_model
        row = model.rows[index.row()]
        area = QRectF(option.rect)  # type: ignore[attr-defined]
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if row.heading:
            self._paint_heading(painter, area, row)
            painter.restore()
            return
        is_current = index.row() == self._table.currentIndex().row()
        self._paint_ground(painter, area, row.tone, is_current=is_current, column=index.column())
        if index.row() < len(model.rows) - 1:
            bottom = QRectF(area.left(), area.bottom() - 1, area.width(), 1)
            painter.fillRect(bottom, theme.colour("line"))
        last = len(model.columns) - 1
        column = index.column()
        inner = cell_area(area, column, last)
        cap = self._table.cap_of(index.row()) if column == last else ""
        if cap:
            inner = _paint_row_cap(painter, inner, cap)
        self._paint_cell(painter, inner, row.cells[column], model.columns[column].align)
        painter.restore()

    def _paint_ground(
        self, painter: QPainter, area: QRectF, tone: str, *, is_current: bool, column: int
    ) -> None:
        ground = "tint" if is_current else _GROUNDS.get(tone, "")
        if ground:
            painter.fillRect(area, theme.colour(ground))
        if is_current and column == 0:
            bar = QRectF(area.left(), area.top(), _BAR, area.height() - 1)
            painter.fillRect(bar, theme.colour("accent"))

    def _paint_heading(self, painter: QPainter, area: QRectF, row: cells.Row) -> None:
        """Paint this cell's part of a heading that runs over all columns."""
        ground, ink = _HEADINGS.get(row.tone, ("sunk", "ink2"))
        painter.fillRect(area, theme.colour(ground))
        left = self._table.columnViewportPosition(0) + _SIDE
        whole = QRectF(left, area.top(), self._table.viewport().width(), area.height())
        painter.setClipRect(area)
        painter.setFont(theme.font(theme.HINT, bold=True))
        painter.setPen(theme.colour(ink))
        painter.drawText(whole, Qt.AlignmentFlag.AlignVCenter, row.heading)

    def _paint_cell(self, painter: QPainter, area: QRectF, cell: cells.Cell, align: str) -> None:
        flag = _ALIGN[align] | Qt.AlignmentFlag.AlignVCenter
        match cell:
            case str():
                _paint_text(painter, area, cells.Text(cell), flag)
            case cells.Text():
                _paint_text(painter, area, cell, flag)
            case cells.Pill():
                width = min(area.width(), pill_width(cell.words, cell.tone))
                place = _placed(area, width, PILL_HEIGHT, align)
                paint_pill(painter, place, cell.words, cell.tone)
            case cells.ChipText():
                _paint_chip_text(painter, area, cell)
            case cells.Icon():
                place = _placed(area, 24, 24, align)
                paint_icon(painter, cell.name, theme.colour(cell.ink), place)
            case cells.Thumb():
                side = min(_THUMB, area.height() - _IN)
                _paint_thumb(painter, _placed(area, side, side, align), cell.content)
            case cells.Tick():
                _paint_tick(painter, _placed(area, _TICK, _TICK, align), ticked=cell.is_ticked)
            case cells.Link():
                _paint_link(painter, area, cell, align)
            case cells.Bar():
                _paint_bar(painter, area, cell.thousandths)
            case None:
                pass


def _paint_row_cap(painter: QPainter, area: QRectF, cap: str) -> QRectF:
    """Paint the key of a row at its right; return the room that is left."""
    width = cap_width(cap)
    place = QRectF(area.right() - width, area.center().y() - 12.5, width, 25)
    paint_cap(painter, place, cap, LOOKS["selected"])
    return area.adjusted(0, 0, -width - CAP_GAP, 0)


def _placed(area: QRectF, width: float, height: float, align: str) -> QRectF:
    left = {"left": area.left(), "right": area.right() - width}.get(
        align, area.center().x() - width / 2
    )
    return QRectF(left, area.center().y() - height / 2, width, height)


def _paint_text(painter: QPainter, area: QRectF, cell: cells.Text, flag: Qt.AlignmentFlag) -> None:
    font = theme.font(cell.size, bold=cell.bold)
    top = area
    if cell.small:
        height = QFontMetrics(font).height()
        small_font = theme.font(theme.HINT)
        small_height = QFontMetrics(small_font).height()
        overlap = 3  # both lines carry room above and below that they do not need
        start = area.center().y() - (height + small_height - overlap) / 2
        top = QRectF(area.left(), start, area.width(), height)
        below = QRectF(area.left(), start + height - overlap, area.width(), small_height)
        _paint_line(painter, below, cell.small, small_font, (flag, cell.small_ink))
    _paint_line(painter, top, cell.words, font, (flag, cell.ink))
    if cell.match and cell.match in cell.words:
        _underline(painter, top, cell, QFontMetrics(font))


def _paint_line(
    painter: QPainter, area: QRectF, words: str, font: QFont, look: tuple[Qt.AlignmentFlag, str]
) -> None:
    flag, ink = look
    painter.setFont(font)
    painter.setPen(theme.colour(ink))
    metrics = QFontMetrics(font)
    shown = metrics.elidedText(words, Qt.TextElideMode.ElideRight, int(area.width()) + 1)
    painter.drawText(area, flag, shown)


def _underline(painter: QPainter, area: QRectF, cell: cells.Text, metrics: QFontMetrics) -> None:
    start = cell.words.rindex(cell.match)
    left = area.left() + metrics.horizontalAdvance(cell.words[:start])
    width = metrics.horizontalAdvance(cell.match)
    part = QRectF(left, area.top(), width + 1, area.height())
    painter.setPen(theme.colour("pressed"))
    painter.drawText(part, Qt.AlignmentFlag.AlignVCenter, cell.match)
    painter.setPen(QPen(theme.colour("pressed"), 2))
    y = area.center().y() + metrics.ascent() / 2
    painter.drawLine(int(left), int(y), int(left + width), int(y))


def _paint_chip_text(painter: QPainter, area: QRectF, cell: cells.ChipText) -> None:
    width = chip_width(cell.chip)
    place = QRectF(area.left(), area.center().y() - CHIP_HEIGHT / 2, width, CHIP_HEIGHT)
    if cell.chip:
        paint_chip(painter, place, cell.chip)
        area = area.adjusted(width + 10, 0, 0, 0)
    flag = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
    _paint_text(painter, area, cells.Text(cell.words), flag)


def _paint_thumb(painter: QPainter, area: QRectF, content: bytes) -> None:
    shape = QPainterPath()
    shape.addRoundedRect(area, 6, 6)
    picture = QPixmap()
    if content and picture.loadFromData(content):
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.setClipPath(shape)
        painter.drawPixmap(area, picture, QRectF(picture.rect()))
        painter.restore()
        return
    painter.fillPath(shape, theme.colour("sunk"))
    inner = area.adjusted(14, 14, -14, -14)
    paint_icon(painter, "image", theme.colour("ink2"), inner)


def _paint_tick(painter: QPainter, area: QRectF, *, ticked: bool) -> None:
    if ticked:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("accent"))
        painter.drawRoundedRect(area, 6, 6)
        x, y = area.left(), area.top()
        round_cap = Qt.PenCapStyle.RoundCap
        painter.setPen(QPen(theme.colour("white"), 3.2, Qt.PenStyle.SolidLine, round_cap))
        painter.drawPolyline(
            [QPointF(x + 7, y + 13.5), QPointF(x + 11.5, y + 18), QPointF(x + 19.5, y + 9)]
        )
    else:
        painter.setPen(QPen(theme.colour("border"), 2))
        painter.setBrush(theme.colour("surface"))
        painter.drawRoundedRect(area.adjusted(1, 1, -1, -1), 5, 5)


def _paint_link(painter: QPainter, area: QRectF, cell: cells.Link, align: str) -> None:
    font = theme.font(theme.BODY, bold=True)
    text = QFontMetrics(font).horizontalAdvance(cell.words)
    icon = 26 if cell.icon else 0
    side = 12 if cell.framed else 0
    place = _placed(area, min(area.width(), text + icon + 2 * side + 1), theme.INLINE_HEIGHT, align)
    if cell.framed:
        painter.setPen(QPen(theme.colour("edge"), 1))
        painter.setBrush(theme.colour("surface"))
        shape = place.adjusted(0.5, 0.5, -0.5, -0.5)
        painter.drawRoundedRect(shape, theme.RADIUS, theme.RADIUS)
    inner = place.adjusted(side, 0, -side, 0)
    if cell.icon:
        square = QRectF(inner.left(), inner.center().y() - 10, 20, 20)
        paint_icon(painter, cell.icon, theme.colour("pressed"), square)
    words = inner.adjusted(icon, 0, 1, 0)
    flag = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
    _paint_line(painter, words, cell.words, font, (flag, "pressed"))


def _paint_bar(painter: QPainter, area: QRectF, thousandths: int) -> None:
    groove = QRectF(area.left(), area.center().y() - 4, area.width(), 8)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.colour("strip"))
    painter.drawRoundedRect(groove, 4, 4)
    share = max(0, min(1000, thousandths))
    if share:
        filled = QRectF(groove.left(), groove.top(), max(8, groove.width() * share / 1000), 8)
        painter.setBrush(theme.colour("notice"))
        painter.drawRoundedRect(filled, 4, 4)

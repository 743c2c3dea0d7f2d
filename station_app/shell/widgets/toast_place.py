"""Where the toasts stand: at the bottom left of the content, and out of the way.

They never lie over a total, a button that can be pressed, a field in work or a paper. So the page
is looked at as it stands: of the places at the bottom left, above what stands there, at the left
edge of the panels further right and at the right edge, the one that hides the least is taken, the
nearest if several do.
The rows of a list count like words: the empty rest of a list is the best place there is.
"""

from collections.abc import Iterator
from typing import Final

from PySide6.QtCore import QPoint, QRect, QSize
from PySide6.QtWidgets import QLabel, QLineEdit, QTableView, QWidget

from station_app.shell import theme
from station_app.shell.widgets.focus import takes_text
from station_app.shell.widgets.keys import KeyButton

MARGIN: Final = 40
BELOW: Final = 28
_APART: Final = 8
_INSIDE: Final = 16  # a panel's own margin
_NEVER, _RATHER_NOT = 1_000_000, 1_000  # what it costs to lie over one of these
_LARGE: Final = theme.HEADING  # px from which words are a total, a shelf or a heading
_HIGHEST: Final = 3  # a third of the content above stays free of toasts


def place_for(size: QSize, over: QWidget, toasts: QWidget) -> QPoint:
    """Return where an area of this size stands over `over`; toasts: itself, not looked at."""
    seen = [(cost, area) for cost, area in _seen(over, toasts) if area.isValid()]
    bottom = over.height() - size.height() - BELOW
    right = over.width() - size.width() - MARGIN
    lefts = {MARGIN, *(left for left in (*_panels(over), right) if left > MARGIN)}
    tops = {bottom, *(area.top() - _APART - size.height() for _, area in seen)}
    tops |= {area.bottom() + _APART for _, area in seen}
    places = [
        QPoint(left, top)
        for left in lefts
        for top in tops
        if over.height() // _HIGHEST < top <= bottom and left + size.width() <= over.width()
    ]

    def cost_of(place: QPoint) -> int:
        here = QRect(place, size)
        hidden = sum(cost for cost, area in seen if area.intersects(here))
        return hidden + (place.x() - MARGIN) + (bottom - place.y())

    return min(places, key=cost_of, default=QPoint(MARGIN, bottom))


def is_in_the_way(area: QRect, over: QWidget, toasts: QWidget) -> bool:
    """Tell whether an area hides what no toast may hide."""
    return any(cost == _NEVER and there.intersects(area) for cost, there in _seen(over, toasts))


def _seen(over: QWidget, toasts: QWidget) -> Iterator[tuple[int, QRect]]:
    """Return what is to be seen there, and what it costs to hide it."""
    for widget in over.findChildren(QWidget):
        if widget.isVisible() and not toasts.isAncestorOf(widget) and widget is not toasts:
            cost = _cost(widget)
            if cost:
                yield cost, _sight(widget, over)
            if isinstance(widget, QTableView):
                yield from ((_RATHER_NOT, area) for area in _rows(widget, over))


def _cost(widget: QWidget) -> int:
    if getattr(widget, "stays_in_sight", False) or takes_text(widget):
        return _NEVER
    if isinstance(widget, KeyButton):
        return _NEVER if widget.isEnabled() else _RATHER_NOT
    if isinstance(widget, QLabel) and widget.text():
        return _NEVER if widget.font().pixelSize() >= _LARGE else _RATHER_NOT
    return _RATHER_NOT if isinstance(widget, QLineEdit) else 0


def _sight(widget: QWidget, over: QWidget) -> QRect:
    """Return the part of a widget that its parents let be seen, as a place in `over`."""
    shown = widget.visibleRegion().boundingRect()
    return QRect(widget.mapTo(over, shown.topLeft()), shown.size())


def _rows(table: QTableView, over: QWidget) -> Iterator[QRect]:
    """Return the rows of a list that are to be seen, as places in `over`."""
    view, model = table.viewport(), table.model()
    sight = _sight(view, over)
    for number in range(model.rowCount()):
        top = view.mapTo(over, QPoint(0, table.rowViewportPosition(number))).y()
        row = QRect(sight.left(), top, sight.width(), table.rowHeight(number)) & sight
        if top > sight.bottom():
            return
        if row.isValid():
            yield row


def _panels(over: QWidget) -> Iterator[int]:
    for widget in over.findChildren(QWidget):
        if widget.property("panel") and widget.isVisible():
            yield widget.mapTo(over, QPoint(0, 0)).x() + _INSIDE

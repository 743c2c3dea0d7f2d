"""Where the toasts stand: at the bottom left of the content, and out of the way.

They never lie over a total, a button that can be pressed, a field in work or a paper. So the page
is looked at as it stands: of the places at the bottom left, above what stands there, at the left
edge of the panels further right and at the right edge, the one that hides the least is taken, the
nearest if several do.
What was typed counts for more than words: a form that fills the content sends the toasts up beside
its tabs, where one has room. They go up among the work only where they would hide its headings.
The rows of a list count like words: the empty rest of a list is the best place there is. What
names a panel counts for more than a few of its rows.
"""

from collections.abc import Iterable, Iterator, Sequence
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
_NAMES_A_PANEL: Final = 5_000  # more than the few rows that a toast covers
HIDES_WORK: Final = 5_000  # a place that costs as much hides what was typed, or worse
_HIGH_UP: Final = 3_000  # more than a row and a word or two: the eye is at the work below
_TOP: Final = 4
_NOWHERE: Final = 1_000_000_000  # more than lying over everything
_LARGE: Final = theme.HEADING  # px from which words are a total, a shelf or a heading
_HIGHEST: Final = 3  # a third of the content above rather stays free of toasts


def in_sight(over: QWidget, toasts: QWidget) -> list[QWidget]:
    """Return what can be seen of `over` without the toasts; to walk there is what costs."""
    return list(_visible(over, toasts))


def place_for(size: QSize, over: QWidget, widgets: Sequence[QWidget]) -> tuple[QPoint, int]:
    """Return where an area of this size stands over `over`, and what it costs there.

    widgets: what is in sight; a cost of `HIDES_WORK` or more hides what was typed, or worse.
    """
    seen = [(cost, area) for cost, area in _seen(widgets, over) if area.isValid()]
    bottom = over.height() - size.height() - BELOW
    right = over.width() - size.width() - MARGIN
    lefts = {MARGIN, *(left for left in (*_panels(widgets, over), right) if left > MARGIN)}
    tops = {bottom, *(area.top() - _APART - size.height() for _, area in seen)}
    tops |= {area.bottom() + _APART for _, area in seen}
    tops = {top for top in tops if _TOP < top <= bottom}
    lefts = {left for left in lefts if left + size.width() <= over.width()}
    places = [QPoint(left, top) for left in lefts for top in tops]
    places.append(QPoint(over.width() - size.width() - _INSIDE, _TOP))

    def way_to(place: QPoint) -> int:
        dearer = _HIGH_UP if place.y() <= over.height() // _HIGHEST else 0
        return (place.x() - MARGIN) + (bottom - place.y()) + dearer

    best, least = QPoint(MARGIN, bottom), _NOWHERE
    for place in sorted(places, key=way_to):
        if way_to(place) >= least:
            break  # what lies further away cannot be better any more
        here = QRect(place, size)
        cost = way_to(place) + sum(cost for cost, area in seen if area.intersects(here))
        if cost < least:
            best, least = place, cost
    return best, least


def is_in_the_way(area: QRect, over: QWidget, toasts: QWidget) -> bool:
    """Tell whether an area hides what no toast may hide."""
    seen = _seen(_visible(over, toasts), over)
    return any(cost == _NEVER and there.intersects(area) for cost, there in seen)


def is_asked(widgets: Iterable[QWidget]) -> bool:
    """Tell whether a question stands there that keeps toasts away until it is answered."""
    return any(getattr(widget, "keeps_toasts_away", False) for widget in widgets)


def _visible(above: QWidget, toasts: QWidget) -> Iterator[QWidget]:
    """Return the widgets that can be seen, without the toasts.

    Most widgets are those of pages that stand behind: nobody goes into what is hidden.
    """
    for child in above.children():
        if isinstance(child, QWidget) and child.isVisible() and child is not toasts:
            yield child
            yield from _visible(child, toasts)


def _seen(widgets: Iterable[QWidget], over: QWidget) -> Iterator[tuple[int, QRect]]:
    """Return where these widgets are to be seen, and what it costs to hide them."""
    for widget in widgets:
        cost = _cost(widget)
        if cost:
            yield cost, _sight(widget, over)
        if isinstance(widget, QTableView):
            yield from _rows(widget, over)


def _cost(widget: QWidget) -> int:
    if getattr(widget, "stays_in_sight", False) or takes_text(widget):
        return _NEVER
    if isinstance(widget, KeyButton):
        return _NEVER if widget.isEnabled() else _RATHER_NOT
    if isinstance(widget, QLabel) and widget.text():
        font = widget.font()
        if font.pixelSize() >= _LARGE:
            return _NEVER
        is_heading = font.pixelSize() >= theme.STRONG and font.bold()
        return _NAMES_A_PANEL if is_heading else _RATHER_NOT
    if isinstance(widget, QLineEdit):
        return HIDES_WORK if widget.text() else _RATHER_NOT
    return 0


def _sight(widget: QWidget, over: QWidget) -> QRect:
    """Return the part of a widget that its parents let be seen, as a place in `over`."""
    shown = widget.visibleRegion().boundingRect()
    return QRect(widget.mapTo(over, shown.topLeft()), shown.size())


def _rows(table: QTableView, over: QWidget) -> Iterator[tuple[int, QRect]]:
    """Return the rows of a list that are to be seen; the one in hand counts like a heading."""
    view, model, in_hand = table.viewport(), table.model(), table.currentIndex().row()
    sight = _sight(view, over)
    for number in range(model.rowCount()):
        top = view.mapTo(over, QPoint(0, table.rowViewportPosition(number))).y()
        row = QRect(sight.left(), top, sight.width(), table.rowHeight(number)) & sight
        if top > sight.bottom():
            return
        if row.isValid():
            yield (_NAMES_A_PANEL if number == in_hand else _RATHER_NOT), row


def _panels(widgets: Iterable[QWidget], over: QWidget) -> Iterator[int]:
    for widget in widgets:
        if widget.property("panel"):
            yield widget.mapTo(over, QPoint(0, 0)).x() + _INSIDE

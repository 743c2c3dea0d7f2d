"""A ruler: which words on a window are cut off, and which widgets stick out of their place.

Anybody's pages can be measured with it: `assert not faults(window)`.
"""

from collections.abc import Iterator

from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QAbstractScrollArea, QLabel, QLineEdit, QWidget

from station_app.shell.content import PageFrame
from station_app.shell.rail import RailButton
from station_app.shell.widgets.boxes import CodeBoxes
from station_app.shell.widgets.keys import KeyButton
from station_app.shell.widgets.strip import StatusButton
from station_app.shell.widgets.tables import ListTable

SLACK = 1  # px: rounding of a fraction of a pixel


def faults(window: QWidget) -> list[str]:
    """Return a line for everything that is cut off on the window as it stands now."""
    found = list(_faults(window))
    caps = enter_caps(window)
    if caps > 1:
        found.append(f"{caps} Enter caps at once")
    return found


def enter_caps(window: QWidget) -> int:
    """Count the Enter caps that are visible now."""
    buttons = [b for b in window.findChildren(KeyButton) if b.isVisible() and b.cap == "Enter"]
    tables = [t for t in window.findChildren(ListTable) if t.isVisible() and t.owns_enter]
    return len(buttons) + len([table for table in tables if table.current()])


def _faults(window: QWidget) -> Iterator[str]:
    for widget in window.findChildren(QWidget):
        if not widget.isVisible():
            continue
        name = type(widget).__name__
        if isinstance(widget, PageFrame):
            yield from _too_wide(widget)
        if isinstance(widget, QLabel):
            yield from _label(widget)
        elif isinstance(widget, KeyButton):
            need = widget.minimumSizeHint().width()
            if need > widget.width() + SLACK:
                yield f"{name} {widget.text()!r} needs {need} px, has {widget.width()}"
        elif isinstance(widget, RailButton | StatusButton):
            need = widget.sizeHint().width()
            if need > widget.width() + SLACK:
                yield f"{name} {widget.text()!r} needs {need} px, has {widget.width()}"
        elif isinstance(widget, QLineEdit):
            yield from _line(widget)
        if isinstance(widget, QLabel | KeyButton | QLineEdit | CodeBoxes):
            yield from _sticks_out(widget, window)


def _too_wide(frame: PageFrame) -> Iterator[str]:
    """A page may scroll up and down; to the right nobody looks."""
    need, room = frame.page.minimumSizeHint().width(), frame.viewport().width()
    if need > room + SLACK:
        yield f"page {frame.page.key} needs {need} px of width, has {room}"


def _label(label: QLabel) -> Iterator[str]:
    text = label.text()
    if not text:
        return
    room = label.contentsRect()
    metrics = QFontMetrics(label.font())
    if getattr(label, "is_elided", False):
        if metrics.height() > label.height() + SLACK and label.height() < metrics.ascent():
            yield f"label {text!r} is {label.height()} px high"
        return
    if label.wordWrap():
        need = label.heightForWidth(label.width())
        if need > label.height() + SLACK:
            yield f"label {text!r} needs {need} px of height, has {label.height()}"
        return
    need = max(metrics.horizontalAdvance(line) for line in text.split("\n"))
    if need > room.width() + SLACK:
        yield f"label {text!r} needs {need} px, has {room.width()}"
    high = metrics.ascent() + metrics.descent()
    if high > label.height() + 2 * SLACK:
        yield f"label {text!r} needs {high} px of height, has {label.height()}"


def _line(line: QLineEdit) -> Iterator[str]:
    asked = line.placeholderText()
    if asked and not line.text():
        need = QFontMetrics(line.font()).horizontalAdvance(asked)
        if need > line.contentsRect().width() + SLACK:
            yield f"placeholder {asked!r} needs {need} px, has {line.contentsRect().width()}"


def _sticks_out(widget: QWidget, window: QWidget) -> Iterator[str]:
    """Name a widget of which its parents show only a part; what scrolls may be out of sight."""
    place = QRect(widget.mapTo(window, QPoint(0, 0)), widget.size())
    parent = widget.parentWidget()
    while parent is not None and parent is not window:
        if isinstance(parent.parentWidget(), QAbstractScrollArea):
            return
        room = QRect(parent.mapTo(window, QPoint(0, 0)), parent.size())
        if not room.adjusted(-SLACK, -SLACK, SLACK, SLACK).contains(place):
            kind = type(widget).__name__
            words = getattr(widget, "text", str)()
            yield f"{kind} {words!r} at {place} sticks out of {type(parent).__name__} {room}"
            return
        parent = parent.parentWidget()

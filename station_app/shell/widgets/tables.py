"""Lists: rows under each other, painted by one delegate, so ten thousand cost what ten do.

A list has columns, a row has one value per column, and the value says how it is drawn: words,
words in two lines, a pill, a courier's chip, an icon, an amount, a box to tick, a small button.
Rows that are worked on carry a tone. Nothing here knows what a parcel is.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QTableView

from station_app.shell import theme
from station_app.shell.widgets.cells import Column, Link, Row, Text, Tick, spoken
from station_app.shell.widgets.head_paint import Headings
from station_app.shell.widgets.keys import ENTER, ask_for_review
from station_app.shell.widgets.row_paint import RowPainter

Index = QModelIndex | QPersistentModelIndex
ROW_HEIGHT: Final = 53
WIDTH_LEAST: Final = 320  # px; in a narrower place a list tells nothing
FREE_LEAST: Final = 72  # px that a column without a width of its own keeps


_HEADS = {
    "left": Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter,
    "right": Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter,
    "centre": Qt.AlignmentFlag.AlignCenter,
}


@dataclass(slots=True)
class _Rows:
    columns: tuple[Column, ...]
    rows: list[Row] = field(default_factory=list)


class RowsModel(QAbstractTableModel):
    """The rows as Qt asks for them; hands out the cell values themselves."""

    def __init__(self, columns: Sequence[Column], parent: QObject | None = None) -> None:
        """Make an empty model."""
        super().__init__(parent)
        self._held = _Rows(tuple(columns))

    @property
    def columns(self) -> tuple[Column, ...]:
        """Return the columns."""
        return self._held.columns

    @property
    def rows(self) -> Sequence[Row]:
        """Return the rows."""
        return self._held.rows

    def show_rows(self, rows: Sequence[Row]) -> None:
        """Show other rows. Each has one cell per column."""
        width = len(self._held.columns)
        assert all(len(row.cells) == width or row.heading for row in rows), "cells per column"
        self.beginResetModel()
        self._held.rows = list(rows)
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """Return how many rows there are."""
        return 0 if parent.isValid() else len(self._held.rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - as above
        """Return how many columns there are."""
        return 0 if parent.isValid() else len(self._held.columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return the cell (UserRole), or its words."""
        row = self._held.rows[index.row()]
        cell = None if row.heading else row.cells[index.column()]
        if role == Qt.ItemDataRole.UserRole:
            return cell
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return row.heading or spoken(cell)
        if role == Qt.ItemDataRole.ToolTipRole and isinstance(cell, str | Text):
            return spoken(cell).replace("<", "＜")
        return None

    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> Any:
        """Return the heading of a column, which stands as its words do."""
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _HEADS[self._held.columns[section].align]
        is_words = role == Qt.ItemDataRole.DisplayRole
        return self._held.columns[section].heading if is_words else None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Return whether a row can be chosen: all but headings."""
        if self._held.rows[index.row()].heading:
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable


class ListTable(QTableView):
    """A list of rows.

    Signals: current_changed(subject); opened(subject) by double click or Enter while it owns
    Enter; acted(subject, column key): a link or tick was clicked.
    `owns_enter`: the current row shows the Enter cap and takes the key.
    """

    current_changed = Signal(str)
    opened = Signal(str)
    acted = Signal(str, str)
    enter_changed = Signal()
    is_arrow_driven = True  # ↑↓ move here also while another widget of the page has the focus

    def __init__(self, columns: Sequence[Column], *, name: str, row_height: int = 0) -> None:
        """Make an empty list. name: what it lists, for readers."""
        super().__init__()
        self.rows_model = RowsModel(columns, self)
        self._row_height = row_height or ROW_HEIGHT
        self._owns_enter = False
        self._is_compact = False
        self.setModel(self.rows_model)
        self.setItemDelegate(RowPainter(self))
        self.setAccessibleName(name)
        self._set_up()
        self.selectionModel().currentRowChanged.connect(self._moved)

    def _set_up(self) -> None:
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, on=False)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, on=False)
        self.setHorizontalHeader(Headings(self))
        self.horizontalHeader().setVisible(False)
        rows = self.verticalHeader()
        rows.setVisible(False)
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setMinimumSectionSize(1)
        rows.setDefaultSectionSize(self._row_height)

    # --- What it shows ---------------------------------------------------------------------------

    @property
    def owns_enter(self) -> bool:
        """Tell whether the current row shows the Enter cap."""
        return self._owns_enter

    def set_owns_enter(self, *, owns: bool) -> None:
        """Let the current row take Enter, or leave it to the primary."""
        if self._owns_enter != owns:
            self._owns_enter = owns
            self.viewport().update()
            self.enter_changed.emit()
            ask_for_review(self)

    def cap_of(self, number: int) -> str:
        """Return the key that a row shows: Enter on the current one, the arrow on the next."""
        if not self._owns_enter:
            return ""
        current = self.currentIndex().row()
        if number == current:
            return ENTER
        return "↓" if number == self._beside(current, 1) else ""

    def _beside(self, number: int, by: int) -> int:
        """Return the next row that can be chosen, −1 if there is none."""
        rows = self.rows_model.rows
        number += by
        while 0 <= number < len(rows) and rows[number].heading:
            number += by
        return number if 0 <= number < len(rows) else -1

    def show_rows(self, rows: Sequence[Row], *, keep: bool = True) -> None:
        """Show rows; `keep` stays on the same subject if it is still there."""
        subject = self.current() if keep else ""
        height = self.verticalScrollBar().value()
        self.rows_model.show_rows(rows)
        if subject:
            self.choose(subject)
            self.verticalScrollBar().setValue(height)

    def current(self) -> str:
        """Return the subject of the current row, "" for none."""
        number = self.currentIndex().row()
        rows = self.rows_model.rows
        return rows[number].subject if 0 <= number < len(rows) else ""

    def choose(self, subject: str) -> bool:
        """Make the row of a subject current; returns whether there is one.

        One that is out of sight comes to the middle: a toast lies over the lowest rows.
        """
        for number, row in enumerate(self.rows_model.rows):
            if row.subject == subject and not row.heading:
                index = self.rows_model.index(number, 0)
                is_seen = self.viewport().rect().contains(self.visualRect(index))
                self.setCurrentIndex(index)
                if not is_seen:
                    self.scrollTo(index, QAbstractItemView.ScrollHint.PositionAtCenter)
                if self._beside(number, -1) < 0:
                    self.scrollToTop()  # the heading above the first row is seen with it
                return True
        return False

    def step(self, by: int) -> None:
        """Move to the next row that can be chosen, down (1) or up (−1)."""
        number = self._beside(self.currentIndex().row(), by)
        if number >= 0:
            self.setCurrentIndex(self.rows_model.index(number, 0))
            self.viewport().update()

    def set_row_height(self, height: int) -> None:
        """Make the rows as high as this in a full window, and less in a low one."""
        self._row_height = height
        self.set_compact(compact=self._is_compact)

    def set_compact(self, *, compact: bool) -> None:
        """Make the rows lower in a low window."""
        self._is_compact = compact
        less = theme.COMPACT.row_less if compact else 0
        self.verticalHeader().setDefaultSectionSize(self._row_height - less)

    def sizeHint(self) -> QSize:
        """Return a modest size: a list takes what it gets."""
        return QSize(320, 3 * self._row_height)

    def minimumSizeHint(self) -> QSize:
        """Return the room for two rows."""
        fixed = sum(column.width for column in self.rows_model.columns)
        return QSize(min(fixed, WIDTH_LEAST), 2 * (self._row_height - theme.COMPACT.row_less))

    # --- Events ----------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the width out."""
        super().resizeEvent(event)
        widths = shared_widths(self.rows_model.columns, self.viewport().width())
        for number, width in enumerate(widths):
            self.setColumnWidth(number, width)

    def _moved(self, current: QModelIndex, _previous: QModelIndex) -> None:
        rows = self.rows_model.rows
        if 0 <= current.row() < len(rows):
            self.current_changed.emit(rows[current.row()].subject)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Follow a link or tick that was clicked."""
        super().mouseReleaseEvent(event)
        index = self.indexAt(event.position().toPoint())
        if index.isValid() and event.button() == Qt.MouseButton.LeftButton:
            row = self.rows_model.rows[index.row()]
            cell = None if row.heading else row.cells[index.column()]
            if isinstance(cell, Link | Tick):
                self.acted.emit(row.subject, self.rows_model.columns[index.column()].key)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Open a row."""
        index = self.indexAt(event.position().toPoint())
        if index.isValid() and not self.rows_model.rows[index.row()].heading:
            self.opened.emit(self.rows_model.rows[index.row()].subject)

    def take_enter(self) -> bool:
        """Open the current row, if Enter belongs to the list; returns whether it did."""
        subject = self.current()
        if not self._owns_enter or not subject:
            return False
        self.opened.emit(subject)
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move by arrows; leave all other keys to the key table."""
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
        if step is not None and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.step(step)
        elif event.key() in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
            super().keyPressEvent(event)
        else:
            event.ignore()


def shared_widths(columns: Sequence[Column], room: int) -> list[int]:
    """Return the widths of columns that together fill the room exactly.

    Columns with a width keep it as long as the others have room, too; then all shrink alike, and
    what does not fit ends in an ellipsis.
    """
    free = [number for number, column in enumerate(columns) if not column.width]
    fixed = sum(column.width for column in columns)
    left = room - fixed
    if free and left >= FREE_LEAST * len(free):
        shares = [column.width or left // len(free) for column in columns]
    elif not free and left >= 0:
        shares = [column.width for column in columns]
    else:
        wanted = [column.width or FREE_LEAST for column in columns]
        shares = [room * width // sum(wanted) for width in wanted]
    if shares:
        last = free[-1] if free else len(shares) - 1
        shares[last] += max(0, room - sum(shares))
    return shares

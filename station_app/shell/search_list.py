"""The list below the scan box: people, parcels, orders, whatever the slices find.

It lies over the page, which is dimmed; nothing is chosen by itself. While it is open it owns
Enter, Esc and the arrows.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from station_app.shell import theme
from station_app.shell.offers import Hit
from station_app.shell.widgets.cells import Cell, Column, Icon, Pill, Row, Text
from station_app.shell.widgets.tables import ListTable
from station_app.shell.widgets.words import IconLabel, Words, hint
from station_app.values.texts import Texts

HITS_MAX = 30  # a longer list is searched by typing one letter more
HEADING_HEIGHT, HIT_HEIGHT, FOOT_HEIGHT = 32, 64, 45
LIST_HEIGHT_MAX, LIST_WIDTH_MIN = 470, 420


@dataclass(frozen=True, slots=True)
class Found:
    """The hits of one source under its heading. more: how many were left out."""

    heading: str
    hits: tuple[Hit, ...]
    more: int = 0


class Veil(QWidget):
    """Dims the page below an open list or sheet. Signal pressed: a click beside it closes it."""

    pressed = Signal()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Dim what lies below."""
        shade = theme.colour("ink")
        shade.setAlphaF(0.22)
        QPainter(self).fillRect(self.rect(), shade)

    def mousePressEvent(self, _event: QMouseEvent) -> None:
        """Tell that somebody clicked beside."""
        self.pressed.emit()


class SearchList(QFrame):
    """Shows what was found. Signal chosen(Hit). can_take_in: F2 would take it as a parcel."""

    chosen = Signal(object)

    def __init__(self, parent: QWidget, texts: Texts) -> None:
        """Make a closed list."""
        super().__init__(parent)
        self._texts = texts
        self._hits: dict[str, Hit] = {}
        self.can_take_in = True
        self.setProperty("panel", "list")
        columns = (Column("icon", 56), Column("what"), Column("pill", 264, "right"))
        self.table = ListTable(columns, name=texts.say("shell.scan_box.name"), row_height=64)
        self.table.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.table.set_owns_enter(owns=True)
        self.table.opened.connect(self._open)
        self.table.clicked.connect(self._clicked)
        self._none = Words("", theme.STRONG, bold=True, wrap=True)
        self._none.setContentsMargins(20, 16, 20, 16)
        self._foot = hint("").elided()
        keys = hint(texts.say("shell.search.keys"))
        foot = QFrame()
        foot.setObjectName("foot")
        foot.setFixedHeight(FOOT_HEIGHT)
        row = QHBoxLayout(foot)
        row.setContentsMargins(20, 0, 20, 0)
        row.setSpacing(8)
        self._foot_icon = IconLabel("intake", "ink2", 20)
        row.addWidget(self._foot_icon)
        row.addWidget(self._foot, 1)
        row.addWidget(keys)
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 1, 1, 1)
        column.setSpacing(0)
        column.addWidget(self.table)
        column.addWidget(self._none)
        column.addWidget(foot)
        self.hide()

    def show_found(self, text: str, found: Sequence[Found]) -> None:
        """Show what was found for a text; the first hit is current, none is opened."""
        self._hits = {}
        rows: list[Row] = []
        for group in found:
            if group.hits:
                rows.append(Row("", (), heading=group.heading))
            for hit in group.hits:
                subject = str(len(self._hits))
                self._hits[subject] = hit
                rows.append(Row(subject, _cells(hit)))
        self.table.show_rows(rows, keep=False)
        for number, row in enumerate(rows):
            self.table.setRowHeight(number, HEADING_HEIGHT if row.heading else HIT_HEIGHT)
        self.table.setVisible(bool(rows))
        self._none.setVisible(not rows)
        self._none.setText(self._texts.say("shell.search.none", text=text))
        more = sum(group.more for group in found)
        if more:
            foot = self._texts.say("shell.search.more", count=more)
        else:
            is_number = self.can_take_in and any(sign.isdigit() for sign in text)
            foot = self._texts.say("shell.search.take_in", text=text) if is_number else ""
        self._foot.setText(foot)
        self._foot_icon.setVisible(bool(foot))
        self.table.choose("0")
        self._fit(rows)

    def _fit(self, rows: Sequence[Row]) -> None:
        high = sum(HEADING_HEIGHT if row.heading else HIT_HEIGHT for row in rows)
        self._none.setFixedHeight(self._none.heightForWidth(max(self.width(), LIST_WIDTH_MIN) - 2))
        body = min(high, LIST_HEIGHT_MAX) if rows else self._none.height()
        self.table.setFixedHeight(body if rows else 0)
        self.resize(self.width(), body + FOOT_HEIGHT + 2)

    @property
    def is_open(self) -> bool:
        """Tell whether it is shown."""
        return self.isVisible()

    def take_enter(self) -> bool:
        """Open the current hit; returns whether there was one."""
        return self.table.take_enter()

    def step(self, by: int) -> None:
        """Move the choice."""
        self.table.step(by)

    def _clicked(self, index: QModelIndex) -> None:
        """Open the hit that was clicked; a heading is none."""
        row = self.table.rows_model.rows[index.row()]
        if not row.heading:
            self._open(row.subject)

    def _open(self, subject: str) -> None:
        hit = self._hits.get(subject)
        if hit is not None:
            self.chosen.emit(hit)


def _cells(hit: Hit) -> tuple[Cell, ...]:
    pill = Pill(hit.pill[1], hit.pill[0]) if hit.pill is not None else None
    title = Text(hit.title, theme.STRONG, bold=True, small=hit.hint, match=hit.match)
    return Icon(hit.icon, ink="pressed"), title, pill

"""A list, and beside it what is done with its rows; where there is nothing, one state for both."""

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from station_app.shell import theme
from station_app.shell.widgets.panels import EmptyState, Panel
from station_app.shell.widgets.tables import ListTable


class ListBeside(QWidget):
    """The two columns of a page. They stand closer in a low window."""

    def __init__(
        self,
        empty: EmptyState,
        table: ListTable,
        side: QWidget,
        *,
        widths: tuple[int, int] | None = None,
        head: QWidget | None = None,
    ) -> None:
        """Lay them out. widths: of the side, and in a low window; None if it keeps its own.

        head: what stands above the list, in its frame.
        """
        super().__init__()
        self._empty, self._table, self._side = empty, table, side
        self._widths = widths
        self._panel = Panel(margins=(1, 12, 1, 4), spacing=0)
        if head is not None:
            self._panel.body.addWidget(head)
        self._panel.body.addWidget(table, 1)
        if widths is not None:
            side.setFixedWidth(widths[0])
        self._columns = QHBoxLayout()
        self._columns.setSpacing(theme.FULL.gap)
        self._columns.addWidget(self._panel, 1)
        self._columns.addWidget(side)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(empty)
        column.addLayout(self._columns)

    def show_rows(self, *, are_there: bool) -> None:
        """Show the two columns, or the empty state."""
        self._empty.setVisible(not are_there)
        self._panel.setVisible(are_there)
        self._side.setVisible(are_there)

    def set_compact(self, *, compact: bool) -> None:
        """Stand closer, or as usual."""
        self._columns.setSpacing(theme.COMPACT.gap if compact else theme.FULL.gap)
        self._table.set_compact(compact=compact)
        if self._widths is not None:
            self._side.setFixedWidth(self._widths[1] if compact else self._widths[0])

"""A wide part and a narrow one beside it, or a word instead of both about why there is nothing."""

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from station_app.services.parcels.pages.handover_parts import RIGHT_WIDTH, RIGHT_WIDTH_COMPACT
from station_app.shell import theme


class TwoColumns:
    """Lays a page out; the narrow part has one width per height of window."""

    def __init__(self, page: QWidget, empty: QWidget, wide: QWidget, narrow: QWidget) -> None:
        """Fill a page with these."""
        self._empty, self._wide, self._narrow = empty, wide, narrow
        self._row = QHBoxLayout()
        self._row.addWidget(wide, 1)
        self._row.addWidget(narrow)
        outer = QVBoxLayout(page)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(empty)
        outer.addLayout(self._row)
        self.set_compact(is_compact=False)

    def show_rows(self, *, has_rows: bool) -> None:
        """Show both parts, or why there are none."""
        self._wide.setVisible(has_rows)
        self._narrow.setVisible(has_rows)
        self._empty.setVisible(not has_rows)

    def set_compact(self, *, is_compact: bool) -> None:
        """Stand closer in a low window."""
        self._row.setSpacing(theme.COMPACT.gap if is_compact else theme.FULL.gap)
        self._narrow.setFixedWidth(RIGHT_WIDTH_COMPACT if is_compact else RIGHT_WIDTH)

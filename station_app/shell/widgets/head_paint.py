"""The headings of a list's columns: quiet words above the cells, at the cells' own edges."""

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QHeaderView, QWidget

from station_app.shell import theme
from station_app.shell.widgets.row_paint import cell_area

HEIGHT = 36


class Headings(QHeaderView):
    """Paints the headings of a `ListTable`; the system's own look has other edges and lines."""

    def __init__(self, parent: QWidget) -> None:
        """Stand above a list."""
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setHighlightSections(False)
        self.setMinimumSectionSize(1)

    def sizeHint(self) -> QSize:
        """Return the height of one line of small words."""
        return QSize(super().sizeHint().width(), HEIGHT)

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:
        """Paint one heading and its part of the line below."""
        model, column = self.model(), Qt.Orientation.Horizontal
        words = model.headerData(section, column, Qt.ItemDataRole.DisplayRole) or ""
        align = model.headerData(section, column, Qt.ItemDataRole.TextAlignmentRole) or 0
        painter.save()
        painter.fillRect(rect, theme.colour("surface"))
        painter.fillRect(rect.left(), rect.bottom(), rect.width(), 1, theme.colour("line"))
        painter.setFont(theme.font(theme.HINT))
        painter.setPen(theme.colour("ink2"))
        painter.drawText(cell_area(QRectF(rect), section, self.count() - 1), align, words)
        painter.restore()

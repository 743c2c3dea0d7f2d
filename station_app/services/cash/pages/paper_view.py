"""A slip on the screen, in the very bits that the printer gets, to scroll through."""

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea

from station_app.printing.document import Receipt
from station_app.services.cash.pages.edges import Edges
from station_app.shell.widgets.cards import ReceiptPreview


class PaperView(QScrollArea):
    """Shows one slip as wide as its place, and scrolls down it."""

    def __init__(self, edges: Edges, name: str) -> None:
        """Show nothing yet. name: what paper it is, for readers."""
        super().__init__()
        self._edges = edges
        self.preview = ReceiptPreview(name)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAccessibleName(name)
        self.viewport().setAutoFillBackground(False)
        self.setWidget(self.preview)

    def show_slip(self, slip: Receipt | None) -> None:
        """Show another slip, from its top."""
        self.preview.show_raster(None if slip is None else self._edges.preview(slip))
        self._fit()
        self.verticalScrollBar().setValue(0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the paper as wide as its place."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        whole, width = self.preview.sizeHint(), self.viewport().width()
        height = whole.height() * width // max(whole.width(), width, 1)
        self.preview.setFixedSize(width, max(height, 1))

"""The trial page on the screen, in the very bits of the print, no wider than its place."""

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea

from station_app.printing.raster import Raster
from station_app.shell.widgets.cards import ReceiptPreview


class TrialView(QScrollArea):
    """Shows a raster as wide as its place, and scrolls down it."""

    def __init__(self, name: str) -> None:
        """Show nothing yet. name: what paper it is, for readers."""
        super().__init__()
        self._preview = ReceiptPreview(name)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAccessibleName(name)
        self.viewport().setAutoFillBackground(False)
        self.setWidget(self._preview)

    def show_raster(self, raster: Raster) -> None:
        """Show another page, from its top."""
        self._preview.show_raster(raster)
        self._fit()
        self.verticalScrollBar().setValue(0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the paper as wide as its place."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        whole, width = self._preview.sizeHint(), self.viewport().width()
        wide = min(width, max(whole.width(), 1))
        height = whole.height() * wide // max(whole.width(), 1)
        self._preview.setFixedSize(wide, max(height, 1))

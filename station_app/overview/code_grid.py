"""Boxes for a long code in several rows: what does not fit one row of `CodeBoxes`."""

from collections.abc import Callable

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent

from station_app.shell.widgets.boxes import CodeBoxes

GROUP = 4
GROUPS_IN_ROW = 3
_BOX = QSize(44, 46)
_BOX_LOW = QSize(40, 40)
_GAP, _GROUP_GAP, _ROW_GAP = 6, 20, 6


class CodeGrid(CodeBoxes):
    """As many boxes as the code has signs, in groups of four, three groups in a row."""

    def __init__(self, count: int, accepts: Callable[[str], bool]) -> None:
        """Make empty boxes for `count` signs."""
        whole, rest = divmod(count, GROUP)
        groups = (GROUP,) * whole + ((rest,) if rest else ())
        super().__init__(groups, box=_BOX, accepts=accepts)
        self._size_of_box = _BOX
        self.setMinimumSize(self.sizeHint())

    def set_low(self, *, low: bool) -> None:
        """Make the boxes lower for a low window."""
        self._size_of_box = _BOX_LOW if low else _BOX
        self.set_box(self._size_of_box)
        self.setMinimumSize(self.sizeHint())

    def _place(self, index: int) -> QRectF:
        row, column = divmod(index, GROUP * GROUPS_IN_ROW)
        box = self._size_of_box
        left = column * (box.width() + _GAP) + column // GROUP * (_GROUP_GAP - _GAP)
        return QRectF(left, row * (box.height() + _ROW_GAP), box.width(), box.height())

    def sizeHint(self) -> QSize:
        """Return the size of all rows."""
        last = self._place(self.count - 1)
        widest = self._place(min(self.count, GROUP * GROUPS_IN_ROW) - 1)
        return QSize(int(widest.right()) + 1, int(last.bottom()) + 1)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the boxes; the one that is filled next has a thick edge."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        current = min(len(self.text()), self.count - 1)
        for index in range(self.count):
            is_current = self.hasFocus() and index == current
            self._paint_box(painter, self._place(index), index, is_current=is_current)

"""What follows an intake: its label as it will come out, and where the goods go (收货后去哪)."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from station_app.printing.raster import Raster
from station_app.shell import theme
from station_app.shell.counter import Counter
from station_app.shell.widgets.cards import ReceiptPreview
from station_app.shell.widgets.fields import in_row
from station_app.shell.widgets.keys import KeyButton
from station_app.shell.widgets.words import Words, hint

HUB_KEY = "Ctrl+G"
LABEL_HEIGHT, LABEL_HEIGHT_COMPACT = 190, 150  # of 320 dots: it shrinks as a whole
LABEL_LEAST, FINDING_HEIGHT = 90, 46  # below it nothing can be read; of a sentence of two lines


class FollowingPart(QWidget):
    """The label, and two buttons of which one is chosen. Signal changed: the other one is."""

    changed = Signal()

    def __init__(self, counter: Counter) -> None:
        """Make it for goods that stay here."""
        super().__init__()
        self._say = counter.say
        self.is_for_hub = False
        self._is_compact, self._beside = False, 0
        self.preview = ReceiptPreview(counter.say("consignment.document.label"))
        self._count = Words("", theme.BODY, bold=True).right()
        self._label = QWidget()
        column = QVBoxLayout(self._label)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addLayout(in_row(hint(counter.say("consignment.document.label")), self._count))
        column.addWidget(self.preview, 1)
        self.here = KeyButton(
            counter.say("consignment.intake.goes_here"), "", height=theme.INLINE_HEIGHT
        )
        self.hub = KeyButton(
            counter.say("consignment.intake.goes_hub"), HUB_KEY, height=theme.INLINE_HEIGHT
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self._label, 1)
        column.addWidget(hint(counter.say("consignment.intake.goes_where")))
        column.addLayout(in_row(self.here, self.hub, spacing=8))
        self.here.clicked.connect(lambda _checked: self._choose(is_for_hub=False))
        self.hub.clicked.connect(lambda _checked: self._choose(is_for_hub=not self.is_for_hub))
        self.show_label(None, 0)
        self.set_for_hub(is_for_hub=False)

    def show_label(self, raster: Raster | None, count: int) -> None:
        """Show the first of so many labels; nothing while there is none to show."""
        self.preview.show_raster(raster)
        self._count.setText(self._say("consignment.intake.label_count", count=count))
        self._has_label = raster is not None
        self._fit()

    def set_compact(self, *, compact: bool) -> None:
        """Shrink in a low window."""
        self._is_compact = compact
        self._fit()

    def make_room(self, sentences: int) -> None:
        """Leave room for so many sentences above: they go first."""
        self._beside = sentences
        self._fit()

    def _fit(self) -> None:
        most = LABEL_HEIGHT_COMPACT if self._is_compact else LABEL_HEIGHT
        height = most - FINDING_HEIGHT * max(0, self._beside - 2)
        self._label.setVisible(self._has_label and height >= LABEL_LEAST)
        self.preview.setFixedHeight(max(LABEL_LEAST, height))

    def set_for_hub(self, *, is_for_hub: bool) -> None:
        """Choose where it goes, without telling anybody."""
        self.is_for_hub = is_for_hub
        self.here.set_selected(selected=not is_for_hub)
        self.hub.set_selected(selected=is_for_hub)

    def _choose(self, *, is_for_hub: bool) -> None:
        self.set_for_hub(is_for_hub=is_for_hub)
        self.changed.emit()

"""What follows an intake: its label as it will come out, and where the goods go (收货后去哪)."""

from dataclasses import replace

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from station_app.printing.raster import Raster
from station_app.services.consignment.commands import TakeIn
from station_app.services.consignment.taking import Incoming, marking_of
from station_app.shell import theme
from station_app.shell.counter import Counter
from station_app.shell.widgets.cards import ReceiptPreview
from station_app.shell.widgets.fields import in_row
from station_app.shell.widgets.keys import KeyButton
from station_app.shell.widgets.words import Words, hint
from station_app.values.now import Now

HUB_KEY, MARK_KEY = "Ctrl+G", "Ctrl+K"
PLACE_MOST, PLACE_LEAST = 214, 136  # px with its heading; in less than that nothing can be read


class LabelPlace(QWidget):
    """The room that sentences above leave: the label fills it, or goes where it is too low."""

    def __init__(self, counter: Counter) -> None:
        """Make it without a label."""
        super().__init__()
        self._say = counter.say
        self._has_label = False
        self.preview = ReceiptPreview(counter.say("consignment.document.label"))
        self._count = Words("", theme.BODY, bold=True).right()
        self._inside = QWidget(self)
        column = QVBoxLayout(self._inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addLayout(in_row(hint(counter.say("consignment.document.label")), self._count))
        column.addWidget(self.preview, 1)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMaximumHeight(PLACE_MOST)

    def sizeHint(self) -> QSize:
        """Return that it asks for no height: it gets what is left."""
        return QSize(200, 0)

    def minimumSizeHint(self) -> QSize:
        """Return that it may vanish."""
        return QSize(0, 0)

    def show_label(self, raster: Raster | None, count: int) -> None:
        """Show the first of so many labels; nothing while there is none to show."""
        self.preview.show_raster(raster)
        self._count.setText(self._say("consignment.intake.label_count", count=count))
        self._has_label = raster is not None
        self._fit()

    def resizeEvent(self, _event: QResizeEvent) -> None:
        """Give the label all of it."""
        self._fit()

    def _fit(self) -> None:
        self._inside.resize(self.size())
        self._inside.setVisible(self._has_label and self.height() >= PLACE_LEAST)


class FollowingPart(QWidget):
    """The label, and two buttons of which one is chosen. Signal changed: the other one is."""

    changed = Signal()

    def __init__(self, counter: Counter) -> None:
        """Make it for goods that stay here."""
        super().__init__()
        self._say = counter.say
        self.is_for_hub = False
        self.is_branded = False
        self.label = LabelPlace(counter)
        self.here = KeyButton(
            counter.say("consignment.intake.goes_here"), "", height=theme.INLINE_HEIGHT
        )
        self.hub = KeyButton(
            counter.say("consignment.intake.goes_hub"), HUB_KEY, height=theme.INLINE_HEIGHT
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addStretch(1)
        column.addWidget(self.label, 1000)  # all of the room before any of it stays empty
        self.mark = KeyButton("", MARK_KEY, height=theme.INLINE_HEIGHT)
        self.mark.clicked.connect(lambda _checked: self._mark())
        self._why = hint("", wrap=True)
        column.addWidget(self._why)
        column.addWidget(self.mark)
        column.addWidget(hint(counter.say("consignment.intake.goes_where")))
        column.addLayout(in_row(self.here, self.hub, spacing=8))
        self.here.clicked.connect(lambda _checked: self._choose(is_for_hub=False))
        self.hub.clicked.connect(lambda _checked: self._choose(is_for_hub=not self.is_for_hub))
        self.set_for_hub(is_for_hub=False)
        self.show_mark("", "")

    def show_nothing(self) -> None:
        """Show no label and offer no mark: something is missing for them."""
        self.label.show_label(None, 0)
        self.mark.hide()
        self._why.hide()

    def clear(self) -> None:
        """Wait for other goods: they stay here, without a mark."""
        self.is_branded = False
        self.set_for_hub(is_for_hub=False)

    def offer_mark(self, seen: Incoming, take: TakeIn, now: Now) -> TakeIn:
        """Offer the mark of the licence that there is for it; return what would be asked then."""
        marking = marking_of(seen, replace(take, is_branded=True))
        why = marking.why_not(now.day) if marking is not None else None
        words = self._say(why.text_key, **why.slots) if why is not None else ""
        self.show_mark(marking.licence.mark if marking is not None else "", words)
        return replace(take, is_branded=self.is_branded)

    def show_mark(self, mark: str, why_not: str) -> None:
        """Offer a common mark for the labels, or say why it may not be; "" for no mark at all."""
        self.is_branded = self.is_branded and bool(mark) and not why_not
        self.mark.setVisible(bool(mark) and not why_not)
        self.mark.set_label(self._say("consignment.intake.mark", mark=mark))
        self._why.setText(why_not)
        self._why.setVisible(bool(why_not))
        self.mark.set_selected(selected=self.is_branded)

    def _mark(self) -> None:
        self.is_branded = not self.is_branded
        self.changed.emit()

    def set_for_hub(self, *, is_for_hub: bool) -> None:
        """Choose where it goes, without telling anybody."""
        self.is_for_hub = is_for_hub
        self.here.set_selected(selected=not is_for_hub)
        self.hub.set_selected(selected=is_for_hub)

    def _choose(self, *, is_for_hub: bool) -> None:
        self.set_for_hub(is_for_hub=is_for_hub)
        self.changed.emit()

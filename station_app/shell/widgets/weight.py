"""The weight window: what the scale shows, large enough for whoever stands before the counter.

A page puts it where something is weighed and asks `take()` when its act is done: it gets the steady
weight with the frame that proves it, or nothing, and then the weight is typed. It looks at the
scale ten times a second while it is shown; it never waits for it.
"""

from dataclasses import dataclass

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout

from station_app.devices.scale import ScaleNow
from station_app.shell import theme
from station_app.shell.counter import Counter
from station_app.shell.tone import Tone
from station_app.shell.widgets.panels import Panel
from station_app.shell.widgets.pills import StatusPill
from station_app.shell.widgets.words import Words, hint
from station_app.values.weight import jin_plain, kg_plain

LOOK_MS = 100
NO_WEIGHT = "– – –"
TONES: dict[str, Tone] = {
    "none": "plain",
    "gone": "warn",
    "silent": "warn",
    "garbled": "warn",
    "overload": "stop",
    "negative": "warn",
    "empty": "waiting",
    "moving": "waiting",
    "steady": "ok",
    "return": "notice",
}


@dataclass(frozen=True, slots=True)
class TakenWeight:
    """A weight from the scale. frame: the stable frame in hex."""

    gross_grams: int
    tare_grams: int
    frame: str

    @property
    def net_grams(self) -> int:
        """Return what counts."""
        return self.gross_grams - self.tare_grams


class WeightPanel(Panel):
    """The weight, its unit, whether it stands still. Signal changed: another state or weight."""

    changed = Signal()

    def __init__(self, counter: Counter) -> None:
        """Make it; the scale is the counter's."""
        super().__init__(margins=(20, 12, 20, 14), spacing=4)
        self._counter = counter
        self._seen: ScaleNow | None = None
        self.tare_grams = 0
        self.tare_frame = ""
        head = QHBoxLayout()
        self._name = Words(counter.say("shell.weight.net"), theme.BODY, ink="ink2")
        self.pill = StatusPill()
        head.addWidget(self._name)
        head.addStretch(1)
        head.addWidget(self.pill)
        self.figure = Words(NO_WEIGHT, theme.WEIGHT, bold=True).right()
        unit = Words(counter.say("shell.weight.unit"), theme.TITLE, ink="ink2")
        middle = QHBoxLayout()
        middle.setSpacing(12)
        middle.addStretch(1)
        middle.addWidget(self.figure)
        middle.addWidget(unit, 0, Qt.AlignmentFlag.AlignVCenter)
        middle.addStretch(1)
        self.line = hint("", wrap=True).centred()
        self.body.addLayout(head)
        self.body.addLayout(middle)
        self.body.addWidget(self.line)
        self._look = QTimer(self, interval=LOOK_MS)
        self._look.timeout.connect(self.look)
        self.look()

    @property
    def shown(self) -> ScaleNow:
        """Return what the scale showed when it was looked at last."""
        assert self._seen is not None
        return self._seen

    @property
    def is_steady(self) -> bool:
        """Tell whether a weight may be taken now."""
        return self.shown.state == "steady" and self.shown.grams > self.tare_grams

    def take(self) -> TakenWeight | None:
        """Take the weight that stands on the scale now; None when it is not steady (any more)."""
        if not self.is_steady:
            return None
        weighed = self._counter.scale.take()
        self.look()
        if weighed is None or weighed.grams <= self.tare_grams:
            return None
        return TakenWeight(weighed.grams, self.tare_grams, weighed.frame)

    def tare(self) -> bool:
        """Take what stands on the pan for the basket; with an empty pan there is no basket."""
        now = self._counter.scale.now()
        if now.state not in ("steady", "return", "empty"):
            return False
        is_basket = now.state != "empty"
        self.tare_grams = now.grams if is_basket else 0
        self.tare_frame = now.frame if is_basket else ""
        self._seen = None
        self.look()
        return True

    def look(self) -> None:
        """Show what the scale shows now."""
        now = self._counter.scale.now()
        if now == self._seen:
            return
        self._seen = now
        say = self._counter.say
        self.pill.show_state(say(f"shell.weight.state.{now.state}"), TONES[now.state])
        is_weight = now.is_answering and now.state != "overload"
        net = now.grams - self.tare_grams
        self.figure.setText(kg_plain(net) if is_weight else NO_WEIGHT)
        ink = "ink" if now.state in ("steady", "return") else "placeholder"
        self.figure.set_ink(ink)
        self.line.setText(self._small_words(now, net))
        self.setAccessibleName(f"{self.figure.text()} {self.pill.words}")
        self.changed.emit()

    def _small_words(self, now: ScaleNow, net: int) -> str:
        say = self._counter.say
        if not now.is_answering or now.state in ("overload", "negative", "return"):
            return say(f"shell.weight.help.{now.state}")
        parts = [say("shell.weight.jin", jin=jin_plain(net))]
        if self.tare_grams:
            gross, tare = kg_plain(now.grams), kg_plain(self.tare_grams)
            parts.insert(0, say("shell.weight.gross", gross=gross, tare=tare))
        return "　".join(parts)

    def showEvent(self, event: QShowEvent) -> None:
        """Look at the scale from now on."""
        super().showEvent(event)
        self.look()
        self._look.start()

    def hideEvent(self, event: QHideEvent) -> None:
        """Nobody sees it: stop looking."""
        self._look.stop()
        super().hideEvent(event)

"""Teaching the program a scale of an unknown maker: empty, one load, another load."""

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout

from station_app.devices.scale_learning import NotLearned, learn
from station_app.devices.scale_reader import Sample
from station_app.devices.serial_line import SerialPlace
from station_app.overview.devices.work import DeviceWork, HeardScale
from station_app.overview.papers import reason_words
from station_app.shell import theme
from station_app.shell.counter import Counter
from station_app.shell.widgets.fields import TextField
from station_app.shell.widgets.keys import KeyButton
from station_app.shell.widgets.panels import Banner, Panel
from station_app.shell.widgets.words import Words, hint, strong
from station_app.values.weight import kg_plain, parse_kg

SAMPLES = 3
LISTEN_SECONDS = 2.5  # twenty frames of a slow scale


class LearningPanel(Panel):
    """Three samples. Signal learned(ScaleProfile)."""

    learned = Signal(object)

    def __init__(
        self, counter: Counter, work: DeviceWork, place: Callable[[], SerialPlace | None]
    ) -> None:
        """Make it. place: returns the line that is chosen beside it."""
        super().__init__(margins=(16, 8, 16, 8), spacing=4)
        self._counter, self._work, self._place = counter, work, place
        self._samples: list[Sample] = []
        self._is_listening = False
        say = counter.say
        self.body.addWidget(strong(say("overview.devices.scale.learn_title")))
        self._steps = [
            Words(f"{number}　{say(f'overview.devices.scale.learn_{number}')}", wrap=True)
            for number in range(1, SAMPLES + 1)
        ]
        for step in self._steps:
            self.body.addWidget(step)
        self.shown = TextField(
            counter.texts, "", limit=10, placeholder=say("overview.devices.scale.learn_weight")
        )
        self.shown.line.setAccessibleName(say("overview.devices.scale.learn_weight"))
        self.button = KeyButton(
            say("overview.devices.scale.learn_listen"), "F10", height=theme.INLINE_HEIGHT
        )
        self.button.clicked.connect(lambda _checked: self.listen())
        again = KeyButton(
            say("overview.devices.scale.learn_again"), "F11", height=theme.INLINE_HEIGHT
        )
        again.clicked.connect(lambda _checked: self.again())
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.shown, 1)
        row.addWidget(self.button)
        row.addWidget(again)
        self.body.addLayout(row)
        self.told = Banner("", "notice")
        self.told.hide()
        self.body.addWidget(self.told)
        self._raw = hint("", wrap=True)
        self.body.addWidget(self._raw)
        self.body.addStretch(1)
        self._show()

    def set_low(self, *, low: bool) -> None:
        """Leave out in a low window what only a technician wants."""
        self._raw.setVisible(not low)

    def again(self) -> None:
        """Begin anew."""
        self._samples = []
        self.told.hide()
        self._raw.setText("")
        self._show()

    def _show(self) -> None:
        step = len(self._samples)
        for number, words in enumerate(self._steps):
            words.set_ink("ink" if number == step else "ink2")
        self.shown.setVisible(0 < step < SAMPLES)
        self.shown.set_text("")
        self.button.setEnabled(step < SAMPLES and not self._is_listening)

    def listen(self) -> None:
        """Hear what the scale sends while it shows this weight."""
        place = self._place()
        if self._is_listening or len(self._samples) >= SAMPLES:
            return
        if place is None:
            self.told.tell(self._counter.say("overview.devices.scale.missing_where"), "warn")
            self.told.show()
            return
        grams = parse_kg(self.shown.text()) if self._samples else 0
        if self._samples and not grams:
            self.shown.say_fault("overview.devices.scale.learn_bad")
            return
        self._is_listening = True
        self.button.setEnabled(False)
        self.told.tell(self._counter.say("overview.devices.scale.listening"), "queued")
        self.told.show()
        self._work.listen_to_scale(
            place, LISTEN_SECONDS, lambda heard: self._heard(heard, int(grams or 0))
        )

    def _heard(self, heard: HeardScale, grams: int) -> None:
        self._is_listening = False
        say = self._counter.say
        if heard.trouble:
            reason = reason_words(self._counter.texts, heard.trouble)
            self.told.tell(say("overview.devices.scale.heard_trouble", reason=reason), "warn")
        elif not heard.raw:
            self.told.tell(say("overview.devices.scale.heard_none"), "warn")
        else:
            self._samples.append(Sample(heard.raw, grams))
            shown = kg_plain(grams)
            self.told.tell(say("overview.devices.scale.heard", shown=shown), "ok")
            self._raw.setText(heard.raw[:24].hex(" "))
        self._show()
        if len(self._samples) == SAMPLES:
            self._learn()

    def _learn(self) -> None:
        learned = learn(self._samples)
        say = self._counter.say
        if isinstance(learned, NotLearned):
            self._samples = []
            self._show()
            self.told.tell(say(f"overview.devices.scale.trouble.{learned.trouble}"), "warn")
            self._counter.sounds.play("warn")
            return
        self.told.tell(say("overview.devices.scale.learned"), "ok")
        self._counter.sounds.play("ok")
        self.learned.emit(learned)

"""What this counter says aloud and shows the customer: each class heard, switched, kept at once.

The voice of money is silent until a station wants it, so it must be found: one list, Enter switches
a row and lets it be heard. Beside it the customer's display, of whichever kind hangs there.
"""

from collections.abc import Mapping, Sequence
from typing import Final

import msgspec
from PySide6.QtWidgets import QHBoxLayout, QWidget

from station_app.overview.devices.work import FoundPlace, SenseWork
from station_app.overview.pieces import yielding
from station_app.shell import theme
from station_app.shell.counter import Counter
from station_app.shell.page import Action, Page
from station_app.shell.sense_settings import DISPLAYS, SenseSettings
from station_app.shell.sounds import TONES, VOICES
from station_app.shell.widgets.cells import Column, Pill, Row, Text
from station_app.shell.widgets.choices import Choice, ChoiceRow
from station_app.shell.widgets.fields import TextField
from station_app.shell.widgets.panels import Panel
from station_app.shell.widgets.tables import ListTable
from station_app.shell.widgets.words import hint, strong
from station_app.values import spoken

LOUDNESS: Final = (0, 30, 60, 100)  # percent; 0 is silence
RIGHT_WIDTH: Final = 470
FIRST_DISPLAY: Final = len(LOUDNESS) + 1
WORDS_MAX: Final = 20
PLACES_MAX: Final = 6
SAMPLES: Final[Mapping[str, spoken.Phrase]] = {
    "place": spoken.shelved("B", 2, 8),
    "hindrance": spoken.SENTENCES["wrong"],
    "weight": spoken.weight(6_230),
    "money": spoken.change(50_00, 17_50),
    "state": spoken.more(2),
}


class SensesPage(Page):
    """Sets sounds, voice and the customer's display."""

    def __init__(self, counter: Counter, key: str, work: SenseWork) -> None:
        """Make the page."""
        super().__init__(counter, key)
        self._work = work
        self._found: Sequence[FoundPlace] = ()
        self._build()

    def _build(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.FULL.gap)
        row.addWidget(self._build_sounds(), 1)
        row.addWidget(self._build_display())

    def _build_sounds(self) -> QWidget:
        say = self.say
        panel = Panel(margins=(20, 14, 20, 12), spacing=10)
        panel.body.addWidget(strong(say("overview.devices.senses.loudness")))
        levels = [
            Choice(str(level), say(f"overview.devices.senses.level.{level}")) for level in LOUDNESS
        ]
        self.loudness = ChoiceRow(levels, height=theme.FORM_HEIGHT)
        self.loudness.chosen.connect(self._set_loudness)
        panel.body.addWidget(self.loudness)
        name = say("overview.devices.senses.list")
        self.list = yielding(
            ListTable((Column("what"), Column("state", 96)), name=name, row_height=54)
        )
        self.list.current_changed.connect(lambda _subject: self.touch_actions())
        panel.body.addWidget(self.list, 1)
        return panel

    def _build_display(self) -> QWidget:
        say = self.say
        panel = Panel(margins=(20, 14, 20, 12), spacing=10)
        panel.setFixedWidth(RIGHT_WIDTH)
        panel.body.addWidget(strong(say("shell.customer.title")))
        kinds = [Choice(kind, say(f"overview.devices.senses.display.{kind}")) for kind in DISPLAYS]
        self.kind = ChoiceRow(kinds, first=FIRST_DISPLAY, columns=2, height=theme.FORM_HEIGHT)
        self.kind.chosen.connect(self._set_display)
        panel.body.addWidget(self.kind)
        self.where = strong(say("overview.devices.senses.where"))
        self.ports = yielding(ListTable((Column("port"),), name=self.where.text(), row_height=44))
        self.ports.opened.connect(self._set_port)
        self.ports.current_changed.connect(lambda _place: self.touch_actions())
        self.none = hint(say("overview.devices.scale.none"))
        self.greeting = TextField(
            self.counter.texts,
            say("overview.devices.senses.greeting"),
            limit=WORDS_MAX,
            placeholder=say("shell.customer.idle"),
            chinese=True,
        )
        self.greeting.changed.connect(lambda _text: self.touch_actions())
        for widget in (self.where, self.none):
            panel.body.addWidget(widget)
        panel.body.addWidget(self.ports, 3)
        panel.body.addWidget(self.greeting)
        panel.body.addStretch(1)
        panel.body.addWidget(hint(say("overview.devices.senses.display_line"), wrap=True))
        return panel

    @property
    def title(self) -> str:
        """Return its name."""
        return self.say("overview.devices.senses.title")

    def first_focus(self) -> QWidget | None:
        """Move in the list."""
        return self.list

    def on_compact(self, is_compact: bool) -> None:
        """Make the rows lower in a low window."""
        self.list.set_compact(compact=is_compact)

    def activated(self) -> None:
        """Show what is at work, and look for plugs."""
        self.greeting.set_text(self._work.settings.customer_words)
        self._show()
        self._work.search("serial", self._came)

    def left(self) -> None:
        """Keep the greeting that was typed."""
        if self.greeting.text() != self._work.settings.customer_words:
            self._change(customer_words=self.greeting.text())

    def on_digit(self, digit: int) -> bool:
        """Choose how loud, or which display."""
        return self.loudness.take_digit(digit) or self.kind.take_digit(digit)

    # --- Showing ---------------------------------------------------------------------------------

    def _came(self, found: Sequence[FoundPlace]) -> None:
        self._found = found[:PLACES_MAX]
        self._show_display()

    def _show(self) -> None:
        settings = self._work.settings
        nearest = min(LOUDNESS, key=lambda level: abs(level - settings.loudness))
        self.loudness.set_value(str(nearest))
        self.list.show_rows([self._row(kind, name) for kind, name in _classes()])
        if not self.list.current():
            self.list.choose(_subject(*_classes()[0]))
        self._show_display()

    def _row(self, kind: str, name: str) -> Row:
        say = self.say
        words = say(f"overview.devices.senses.{kind}.{name}")
        small = say(f"overview.devices.senses.{kind}.{name}_line")
        is_on = self._is_on(kind, name)
        state = say(f"overview.devices.senses.{'on' if is_on else 'off'}")
        return Row(
            _subject(kind, name),
            (Text(words, bold=True, small=small), Pill(state, "ok" if is_on else "waiting")),
        )

    def _is_on(self, kind: str, name: str) -> bool:
        settings = self._work.settings
        return name not in settings.silent if kind == "tone" else name in settings.spoken

    def _show_display(self) -> None:
        settings = self._work.settings
        self.kind.set_value(settings.customer)
        is_serial = settings.customer not in ("none", "window")
        places = {one.place: one.words for one in self._found}
        if settings.customer_place:
            places.setdefault(settings.customer_place, settings.customer_place)
        say = self.say
        rows = []
        for place, words in places.items():
            small = ""
            if place == settings.customer_place:
                small = say("overview.devices.senses.in_use")
            rows.append(Row(place, (Text(words, bold=True, small=small, small_ink="accent"),)))
        self.ports.show_rows(rows)
        self.where.setVisible(is_serial)
        self.ports.setVisible(is_serial and bool(rows))
        self.none.setVisible(is_serial and not rows)
        self.greeting.setVisible(settings.customer == "window")
        self.touch_actions()

    # --- Changing --------------------------------------------------------------------------------

    def _change(self, **changes: object) -> None:
        settings: SenseSettings = msgspec.structs.replace(self._work.settings, **changes)
        self._work.keep(settings)
        self._show()

    def _set_loudness(self, level: str) -> None:
        self._change(loudness=int(level))
        self.counter.sounds.play("ok")

    def _set_display(self, kind: str) -> None:
        self._change(customer=kind)

    def _set_port(self, place: str) -> None:
        self._change(customer_place=place)

    def _chosen(self) -> tuple[str, str]:
        kind, _, name = self.list.current().partition(".")
        return kind, name

    def _switch(self) -> None:
        """Switch the chosen class; what is on now is heard."""
        kind, name = self._chosen()
        is_on = self._is_on(kind, name)
        settings = self._work.settings
        if kind == "tone":
            silent = {*settings.silent, name} if is_on else set(settings.silent) - {name}
            self._change(silent=tuple(sorted(silent)))
        else:
            voices = set(settings.spoken) - {name} if is_on else {*settings.spoken, name}
            self._change(spoken=tuple(sorted(voices)))
        self._hear()

    def _hear(self) -> None:
        kind, name = self._chosen()
        if not self._is_on(kind, name):
            return
        if kind == "tone":
            self.counter.sounds.play(name)
        else:
            self.counter.voice.speak(name, SAMPLES[name])

    def action_bar(self) -> Sequence[Action]:
        """Offer to switch what is chosen, and to hear it."""
        if self.ports.hasFocus() and self.ports.current():
            place = self.ports.current()
            words = self.say("overview.devices.senses.use_port")
            return (Action(words, "Enter", lambda: self._set_port(place), "primary"),)
        kind, name = self._chosen()
        if not name:
            return ()
        say = self.say
        is_on = self._is_on(kind, name)
        words = say(f"overview.devices.senses.{kind}.{name}")
        key = "turn_off" if is_on else "turn_on"
        return (
            Action(
                say("overview.devices.senses.hear"),
                "F10",
                self._hear,
                icon="speaker",
                is_enabled=is_on,
            ),
            Action(
                say(f"overview.devices.senses.{key}", what=words),
                "Enter",
                self._switch,
                "primary",
            ),
        )


def _classes() -> Sequence[tuple[str, str]]:
    return [*(("voice", name) for name in VOICES), *(("tone", name) for name in TONES)]


def _subject(kind: str, name: str) -> str:
    return f"{kind}.{name}"

"""How the scanner is plugged in: like a keyboard, as a serial port, or for this program alone.

What is chosen is at work at once, so that the next scan shows whether it is right; it is kept only
with three good scans. A keyboard that is taken types nowhere else: if nothing good was scanned
within half a minute it is let go, or whoever chose her own keyboard could press nothing any more.
"""

from collections.abc import Sequence

import msgspec
from PySide6.QtCore import QTimer, Signal

from station_app.overview.devices.lines import KEYBOARD
from station_app.overview.devices.work import FoundPlace, SenseWork
from station_app.shell import theme
from station_app.shell.counter import Counter, Notice
from station_app.shell.sense_settings import SenseSettings
from station_app.shell.widgets.choices import Choice, ChoiceRow
from station_app.shell.widgets.panels import Panel
from station_app.shell.widgets.words import Words, strong

LOOK_MS = 300
PATIENCE_MS = 30_000
FIRST_PLACE, PLACES_MAX = 4, 5  # their digits
WORDS_MAX = 28


class ScanWays(Panel):
    """Chooses the way and the plug. Signal changed(): another one is at work."""

    changed = Signal()

    def __init__(self, counter: Counter, work: SenseWork) -> None:
        """Show what is at work."""
        super().__init__(margins=(20, 12, 20, 12), spacing=8)
        self._counter, self._work = counter, work
        self._found: Sequence[FoundPlace] = ()
        say = counter.say
        name = say("overview.devices.scan.way.title")
        ways = (KEYBOARD, "serial", work.exclusive)
        labels = [Choice(w, say(f"overview.devices.scan.way.{w}")) for w in ways]
        self.way = ChoiceRow(labels, height=theme.FORM_HEIGHT)
        self.way.chosen.connect(self._way_chosen)
        self.places = ChoiceRow(first=FIRST_PLACE, columns=1, height=theme.INLINE_HEIGHT)
        self.places.chosen.connect(self._place_chosen)
        self.words = Words("", theme.BODY, ink="ink2", wrap=True)
        self.body.addWidget(strong(name))
        self.body.addWidget(self.way)
        self.body.addWidget(self.places)
        self.body.addWidget(self.words)
        self.patience = QTimer(self, singleShot=True, interval=PATIENCE_MS)
        self.patience.timeout.connect(self._let_go)
        self._look = QTimer(self, interval=LOOK_MS)
        self._look.timeout.connect(self._show_words)

    def begin(self) -> None:
        """Show what is kept, and look for plugs."""
        self._fill()
        self._look.start()

    def end(self) -> None:
        """The page is left: what was only tried is over."""
        self._look.stop()
        self.patience.stop()
        self._work.put_back()

    def found_good(self) -> None:
        """A good scan came: whatever is taken is a scanner."""
        self.patience.stop()

    @property
    def is_port(self) -> bool:
        """Tell whether the scanner is no keyboard now."""
        return self._work.settings.scanner != KEYBOARD

    def take_digit(self, digit: int) -> bool:
        """Choose a way or a plug; returns whether there is such a choice."""
        return self.way.take_digit(digit) or self.places.take_digit(digit)

    # --- Choosing --------------------------------------------------------------------------------

    def _fill(self) -> None:
        settings = self._work.settings
        self.way.set_value(settings.scanner)
        self._show_places()
        self._search()

    def _search(self) -> None:
        way = self.way.value()
        if way != KEYBOARD:
            self._work.search(way, lambda found: self._came(way, found))

    def _came(self, way: str, found: Sequence[FoundPlace]) -> None:
        if way == self.way.value():
            self._found = found
            self._show_places()

    def _show_places(self) -> None:
        settings, way = self._work.settings, self.way.value()
        found = list(self._found)
        in_use = settings.scanner_place if settings.scanner == way else ""
        if in_use and in_use not in [one.place for one in found]:
            found.insert(0, FoundPlace(in_use, in_use.rpartition("/")[2]))
        choices = [Choice(f.place, f.words[:WORDS_MAX]) for f in found[:PLACES_MAX]]
        self.places.show_choices(choices)
        self.places.set_value(in_use)
        self.places.setVisible(way != KEYBOARD)
        self._show_words()

    def _way_chosen(self, way: str) -> None:
        self._found = ()
        if way == KEYBOARD:
            self.patience.stop()
            self._try(msgspec.structs.replace(self._work.settings, scanner=way, scanner_place=""))
        self._show_places()
        self._search()

    def _place_chosen(self, place: str) -> None:
        way = self.way.value()
        self._try(msgspec.structs.replace(self._work.settings, scanner=way, scanner_place=place))
        if way == self._work.exclusive:
            self.patience.start()

    def _try(self, settings: SenseSettings) -> None:
        self._work.try_out(settings)
        self._show_words()
        self.changed.emit()

    def _let_go(self) -> None:
        """Nothing good came from what was taken: it may be the keyboard that she types on."""
        self._work.put_back()
        self._fill()
        self.changed.emit()
        self._counter.sounds.play("warn")
        words = self._counter.say("overview.devices.scan.way.let_go")
        self._counter.front.toast(Notice(words, "warn"))

    # --- Showing ---------------------------------------------------------------------------------

    def _show_words(self) -> None:
        say, way = self._counter.say, self.way.value()
        settings, state = self._work.settings, self._work.scanner_state
        if way == KEYBOARD:
            words, ink = say("overview.devices.scan.way.keyboard_line"), "ink2"
        elif settings.scanner == way and state:
            words, ink = say(f"shell.scanner.{state}"), "accent" if state == "ready" else "warn"
        else:
            key = "choose" if self.places.buttons else "none"
            words, ink = say(f"overview.devices.scan.way.{key}"), "ink2"
        if self.words.text() != words:
            self.words.setText(words)
            self.words.set_ink(ink)

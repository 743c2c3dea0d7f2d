"""The right of the page of farm pickups: with which run what is ticked goes, or what came of it."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from station_app.services.farm_pickups.records import PickupRow
from station_app.services.farm_pickups.rules import NAME_MAX, REASONS
from station_app.shell import theme
from station_app.shell.counter import Counter
from station_app.shell.widgets.choices import Choice, ChoiceRow
from station_app.shell.widgets.fields import CountField, TextField
from station_app.shell.widgets.panels import Panel
from station_app.shell.widgets.words import Words, hint
from station_app.values.weight import jin_plain, parse_jin, say_jin

WIDTH, WIDTH_COMPACT = 380, 350
AGAIN_DIGIT = 6
AGAIN, NEVER = "again", "never"


class Side(Panel):
    """Asks for a run, or for an outcome. Signal changed."""

    changed = Signal()

    def __init__(self, counter: Counter) -> None:
        """Make both questions."""
        super().__init__(margins=(20, 14, 20, 12), spacing=8)
        self._counter = counter
        say, texts = counter.say, counter.texts
        self._title = Words("", theme.TITLE, bold=True, wrap=True)
        self._small = Words("", theme.BODY, ink="ink2", wrap=True)
        self._which = hint(say("farm_pickups.side.which"))
        self._runs = ChoiceRow(columns=1, height=theme.WORD_HEIGHT)
        self._runs.chosen.connect(lambda _run: self.changed.emit())
        self.driver = TextField(
            texts, say("farm_pickups.side.driver"), limit=NAME_MAX, chinese=True
        )
        self._how = hint(say("farm_pickups.side.how"), wrap=True)
        self.weight = TextField(texts, say("farm_pickups.side.came"), limit=12)
        self.packages = CountField(texts, say("farm_pickups.side.packages"), digits=3)
        self._why = hint(say("farm_pickups.side.why"))
        self.reasons = ChoiceRow(
            [Choice(one, say(f"farm_pickups.reason.{one}")) for one in REASONS],
            columns=2,
            height=theme.WORD_HEIGHT,
        )
        self.again = ChoiceRow(
            [Choice(one, say(f"farm_pickups.side.{one}")) for one in (AGAIN, NEVER)],
            first=AGAIN_DIGIT,
            columns=2,
            height=theme.WORD_HEIGHT,
        )
        self.reasons.chosen.connect(lambda _reason: self._choose_reason())
        self.again.chosen.connect(lambda _again: self.changed.emit())
        self.weight.changed.connect(lambda _text: self.changed.emit())
        self._of_run: tuple[QWidget, ...] = (self._which, self._runs, self.driver, self._how)
        self._of_outcome: tuple[QWidget, ...] = (
            self.weight,
            self.packages,
            self._why,
            self.reasons,
            self.again,
        )
        for part in (self._title, self._small, *self._of_run, *self._of_outcome):
            self.body.addWidget(part)
        self.body.addStretch(1)
        self.setFixedWidth(WIDTH)

    # --- What was answered -----------------------------------------------------------------------

    @property
    def run(self) -> str:
        """Return the run that was chosen."""
        return self._runs.value()

    @property
    def grams(self) -> int:
        """Return what came, 0 for nothing readable."""
        return int(parse_jin(self.weight.text()) or 0)

    @property
    def outcome(self) -> str:
        """Return what Enter writes down: fetched, again or never."""
        if not self.reasons.value():
            return "fetched"
        return self.again.value() or AGAIN

    def take_digit(self, digit: int) -> bool:
        """Choose by digit."""
        rows = (self._runs, self.reasons, self.again)
        return any(row.take_digit(digit) for row in rows)

    # --- Asking ----------------------------------------------------------------------------------

    def ask_run(self, count: int, grams: int, runs: Sequence[tuple[str, str]]) -> None:
        """Ask with which run so many places go."""
        self._show(is_outcome=False)
        say = self._counter.say
        self._title.setText(say("farm_pickups.side.chosen", count=count, weight=say_jin(grams)))
        self._small.setText(say("farm_pickups.side.tick"))
        self._runs.show_choices([Choice(value, words) for value, words in runs])
        self._runs.set_value(self._runs.value() or runs[0][0])

    def ask_outcome(self, row: PickupRow, name: str, *, anew: bool) -> None:
        """Ask what came of one place. anew: forget what was answered for the one before."""
        self._show(is_outcome=True)
        self._title.setText(row.state.place)
        say = self._counter.say
        asked = say("farm_pickups.side.asked", name=name, produce=row.produce,
                    weight=say_jin(row.state.grams))  # fmt: skip
        self._small.setText(asked)
        if anew:
            self.weight.set_text(jin_plain(row.state.grams))
            self.weight.line.selectAll()
            self.packages.set_text("1")
            self.reasons.set_value("")
            self.again.set_value(AGAIN)
        self.again.setVisible(bool(self.reasons.value()))

    def _choose_reason(self) -> None:
        self.again.setVisible(bool(self.reasons.value()))
        self.changed.emit()

    def _show(self, *, is_outcome: bool) -> None:
        for shown, parts in ((not is_outcome, self._of_run), (is_outcome, self._of_outcome)):
            for part in parts:
                part.setVisible(shown)

    def set_compact(self, *, compact: bool) -> None:
        """Become narrower in a low window."""
        self.setFixedWidth(WIDTH_COMPACT if compact else WIDTH)
        self.body.setSpacing(4 if compact else 8)

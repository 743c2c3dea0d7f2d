"""Where a file goes: what to write, to which folder or stick; one key each, Enter writes it."""

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import Signal

from station_app.shell import theme
from station_app.shell.counter import Counter
from station_app.shell.widgets.choices import Choice, ChoiceRow
from station_app.shell.widgets.panels import Panel
from station_app.shell.widgets.words import Words, hint

PLACES_MAX = 5  # the folder, and four sticks: nobody plugs in more


class OutPanel(Panel):
    """Asks what and where. Signal changed: something else was chosen."""

    changed = Signal()

    def __init__(self, counter: Counter, places: Callable[[], Sequence[tuple[str, Path]]]) -> None:
        """Make it; `ask` shows it."""
        super().__init__("active", margins=(18, 12, 18, 14), spacing=8)
        self._counter = counter
        self._places_of = places
        self._places: list[tuple[str, Path]] = []
        self._title = Words("", theme.STRONG, bold=True)
        self.body.addWidget(self._title)
        self._what_words = hint(counter.say("ledger.out.what"))
        self.body.addWidget(self._what_words)
        self.what = ChoiceRow(height=theme.FORM_HEIGHT)
        self.what.chosen.connect(lambda _value: self.changed.emit())
        self.body.addWidget(self.what)
        self.body.addWidget(hint(counter.say("ledger.out.where")))
        self.where = ChoiceRow(height=theme.FORM_HEIGHT)
        self.where.chosen.connect(lambda _value: self.changed.emit())
        self.body.addWidget(self.where)
        self.hide()

    def ask(self, title: str, whats: Sequence[str]) -> None:
        """Ask. whats: ends of text keys `ledger.out.what_…`; one alone is not asked."""
        say = self._counter.say
        self._title.setText(title)
        self._places = list(self._places_of())[:PLACES_MAX]
        self.what.show_choices([Choice(what, say(f"ledger.out.what_{what}")) for what in whats])
        self.what.set_value(whats[0])
        is_asked = len(whats) > 1
        self.what.setVisible(is_asked)
        self._what_words.setVisible(is_asked)
        choices = [Choice(str(n), words) for n, (words, _) in enumerate(self._places)]
        self.where.show_choices(choices, first=len(whats) + 1 if is_asked else 1)
        # A stick that was plugged in is what the operator means.
        self.where.set_value(choices[-1].value if choices else "")
        self.show()

    @property
    def place(self) -> tuple[str, Path] | None:
        """Return the chosen place with its words."""
        value = self.where.value()
        return self._places[int(value)] if value else None

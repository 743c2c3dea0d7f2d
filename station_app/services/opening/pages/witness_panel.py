"""Who signs besides the operator: the other side, a manager, or nobody, with a reason.

One key goes round, since the digits of these pages are taken by purses and rows.
"""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from station_app.services.opening.commands import Witness
from station_app.services.opening.outfit import Outfit
from station_app.services.opening.rules import WORDS_MAX
from station_app.shell import theme
from station_app.shell.counter import Counter
from station_app.shell.widgets.fields import TextField
from station_app.shell.widgets.keys import KeyButton
from station_app.shell.widgets.words import hint

KEY = "Ctrl+W"
MANAGER = "manager:"
ALONE = "alone"
PARTY = "party"


class WitnessPanel(QWidget):
    """Signal changed: another choice, or another reason."""

    changed = Signal()

    def __init__(self, counter: Counter, outfit: Outfit) -> None:
        """Make it without choices."""
        super().__init__()
        self._counter = counter
        self._outfit = outfit
        self._offered: list[tuple[str, str]] = []
        self._value = ""
        self.button = KeyButton("", KEY, icon="pencil", height=theme.INLINE_HEIGHT)
        self.button.clicked.connect(lambda _=False: self._next())
        self.reason = TextField(
            counter.texts,
            limit=WORDS_MAX,
            chinese=True,
            placeholder=counter.say("opening.witness.reason"),
        )
        self.reason.line.setAccessibleName(counter.say("opening.witness.reason"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(hint(counter.say("opening.witness.title")))
        row.addWidget(self.button, 1)
        column.addLayout(row)
        column.addWidget(self.reason)
        self.reason.changed.connect(lambda _words: self.changed.emit())

    def offer(self, *, has_party: bool) -> None:
        """Offer who may sign; has_party: whether there is another side that can.

        What was chosen stays chosen if it still may be; the reason stays in any case.
        """
        say = self._counter.say
        party = [(PARTY, say("opening.witness.party"))] if has_party else []
        alone = (ALONE, say("opening.witness.alone"))
        self._offered = [*party, *self._managers(), alone]
        if self._value not in [value for value, _ in self._offered]:
            self._value = self._offered[0][0]
        self._show()

    def _managers(self) -> Sequence[tuple[str, str]]:
        now = self._counter.desk.now()
        workers = self._counter.desk.read(self._outfit.gatherer.neighbours.people.operators)
        return [
            (MANAGER + w.identity, self._counter.say("opening.witness.manager", name=w.name))
            for w in workers
            if w.role == "manager" and not w.has_left and w.identity != now.operator
        ]

    def witness(self) -> Witness:
        """Return who signs."""
        if self._value.startswith(MANAGER):
            return Witness(kind="manager", operator=self._value.removeprefix(MANAGER))
        return Witness(kind=self._value, reason=self.reason.text() if self._value == ALONE else "")

    @property
    def is_complete(self) -> bool:
        """Tell whether nothing is missing: alone wants a reason."""
        witness = self.witness()
        return bool(witness.kind) and (witness.kind != ALONE or bool(witness.reason))

    def _next(self) -> None:
        values = [value for value, _ in self._offered]
        self._value = values[(values.index(self._value) + 1) % len(values)]
        self._show()
        if self._value == ALONE:
            self.reason.setFocus()
        self.changed.emit()

    def _show(self) -> None:
        self.button.set_label(dict(self._offered)[self._value])
        self.reason.setVisible(self._value == ALONE)

"""How many shelves there are: three numbers, before the first label is printed."""

from collections.abc import Sequence

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from station_app.services.opening.commands import SettleStep
from station_app.services.opening.outfit import Outfit
from station_app.services.parcels.commands import ArrangeShelves
from station_app.shell.counter import Counter
from station_app.shell.desk import Done
from station_app.shell.page import Action, Page
from station_app.shell.widgets.fields import CountField
from station_app.shell.widgets.panels import Panel
from station_app.shell.widgets.words import hint, strong
from station_app.values.refusal import Refusal

FIELDS = ("shelves", "layers", "places")
DIGITS = 2


class ShelvesPage(Page):
    """Asks for shelves, layers and places; says at once how many parcels that makes."""

    def __init__(self, counter: Counter, key: str, outfit: Outfit, back: str) -> None:
        """Make the page. back: key of the page to return to."""
        super().__init__(counter, key)
        self._outfit = outfit
        self._back = back
        panel = Panel(margins=(24, 20, 24, 20), spacing=14)
        panel.body.addWidget(strong(self.say("opening.shelves.title")))
        panel.body.addWidget(hint(self.say("opening.shelves.how"), wrap=True))
        row = QHBoxLayout()
        row.setSpacing(16)
        self.fields: dict[str, CountField] = {}
        for name in FIELDS:
            field = CountField(counter.texts, self.say(f"opening.shelves.{name}"), digits=DIGITS)
            field.changed.connect(lambda _text: self._typed())
            row.addWidget(field)
            self.fields[name] = field
        panel.body.addLayout(row)
        self._makes = hint("")
        panel.body.addWidget(self._makes)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(panel)
        column.addStretch(1)

    @property
    def title(self) -> str:
        """Return its name."""
        return self.say("opening.shelves.title")

    def first_focus(self) -> QWidget | None:
        """Return the first number."""
        return self.fields["shelves"]

    def activated(self) -> None:
        """Show what is known so far."""
        now, neighbours = self.counter.desk.now(), self._outfit.gatherer.neighbours
        room = self.counter.desk.read(lambda connection: neighbours.room(connection, now))
        for name in FIELDS:
            self.fields[name].set_count(int(getattr(room, name)))
        self._typed()

    def action_bar(self) -> Sequence[Action]:
        """Return what can be done."""
        is_ready = all(field.count() for field in self.fields.values())
        leave = Action(self.say("opening.lines.back"), "Esc", self._leave)
        label = self.say("opening.shelves.primary")
        reason = "" if is_ready else self.say("opening.shelves.missing")
        primary = Action(
            label, "Enter", self._arrange, "primary", is_enabled=is_ready, reason=reason
        )
        return (leave, primary)

    def on_escape(self) -> bool:
        """Go back to the steps."""
        self._leave()
        return True

    def _leave(self) -> None:
        self.counter.front.open_page(self._back)

    def _typed(self) -> None:
        counts = [self.fields[name].count() or 0 for name in FIELDS]
        count = counts[0] * counts[1] * counts[2]
        self._makes.setText(self.say("opening.shelves.makes", count=count))
        self.touch_actions()

    def _arrange(self) -> None:
        counts = {name: self.fields[name].count() or 0 for name in FIELDS}
        commands: list[object] = [ArrangeShelves(**counts)]
        if self._is_waiting():
            commands.append(SettleStep(step="shelves", outcome="done"))

        def done(outcome: Done) -> None:
            self.tell_done(self.say("opening.shelves.done"), outcome)
            self._leave()

        self.perform(*commands, done=done, refused=self._refused)

    def _is_waiting(self) -> bool:
        now = self.counter.desk.now()
        opening = self.counter.desk.read(
            lambda connection: self._outfit.gatherer.opening(connection, None, now)
        )
        return opening is None or opening.steps.get("shelves", "open") == "open"

    def _refused(self, refusal: Refusal) -> None:
        self.fields["shelves"].say_fault(refusal.text_key, **refusal.slots)

"""Whose account it goes on: a villager, found by name, pinyin, initials or tail."""

from collections.abc import Sequence

from PySide6.QtCore import Signal

from station_app.services.sales.records import People
from station_app.shell import theme
from station_app.shell.counter import Counter
from station_app.shell.widgets.cells import Column, Row, Text
from station_app.shell.widgets.fields import TextField
from station_app.shell.widgets.panels import Panel
from station_app.shell.widgets.tables import ListTable
from station_app.shell.widgets.words import Words, hint
from station_app.values.villagers import Villager

FOUND_MAX = 6
ROW_HEIGHT = 60


class BuyerPanel(Panel):
    """Finds a villager. Signal chosen(identity, name)."""

    chosen = Signal(str, str)

    def __init__(self, counter: Counter, people: People) -> None:
        """Make it empty."""
        super().__init__("active", margins=(22, 14, 22, 12), spacing=8)
        self._counter = counter
        self._people = people
        self._found: dict[str, Villager] = {}
        say = counter.say
        self.body.addWidget(Words(say("sales.buyer.title"), theme.TITLE, bold=True))
        self.who = TextField(counter.texts, say("sales.buyer.who"), chinese=True)
        self.list = ListTable(
            (Column("who"), Column("cap", 84, "right")),
            name=say("sales.buyer.title"),
            row_height=ROW_HEIGHT,
        )
        self.list.set_owns_enter(owns=True)
        self._none = hint("", wrap=True)
        for widget in (self.who, self._none, self.list):
            self.body.addWidget(widget)
        self.body.addStretch(1)
        self.who.changed.connect(self._seek)
        self.list.opened.connect(self._choose)

    def ask(self) -> None:
        """Begin anew."""
        self.who.set_text("")
        self._seek("")

    def _seek(self, typed: str) -> None:
        found: Sequence[Villager] = ()
        if typed.strip():
            people = self._people
            found = self._counter.desk.read(lambda c: people.find(c, typed))[:FOUND_MAX]
        self._found = {person.identity: person for person in found}
        self.list.show_rows([self._row(person) for person in found], keep=False)
        if found:
            self.list.choose(found[0].identity)
        self.list.setVisible(bool(found))
        key = "none" if typed.strip() else "how"
        self._none.setText("" if found else self._counter.say(f"sales.buyer.{key}"))

    def _row(self, person: Villager) -> Row:
        tail = self._counter.say("sales.buyer.tail", tail=person.tail) if person.tail else ""
        small = "·".join(part for part in (person.hamlet, tail) if part)
        name = self._counter.privacy.name(person.name)
        return Row(person.identity, (Text(name, theme.STRONG, bold=True, small=small), None))

    def _choose(self, identity: str) -> None:
        self.chosen.emit(identity, self._found[identity].name)

"""Finding whose it is and what it is: one list beside the form, for growers and for sorts."""

from collections.abc import Sequence

from PySide6.QtCore import Signal

from station_app.reference import produce_records as reference
from station_app.reference.produce import Sort
from station_app.services.consignment.records import People
from station_app.shell import theme
from station_app.shell.counter import Counter
from station_app.shell.widgets.cells import Column, Row, Text
from station_app.shell.widgets.panels import Panel
from station_app.shell.widgets.tables import ListTable
from station_app.shell.widgets.words import Words, hint
from station_app.values.money import say_yuan
from station_app.values.villagers import Villager

FOUND_MAX = 6
ROW_HEIGHT = 60
JIN_OF_KG = 2


class FindingPanel(Panel):
    """Lists what fits. Signals person_chosen(identity), sort_chosen(code)."""

    person_chosen = Signal(str)
    sort_chosen = Signal(str)

    def __init__(self, counter: Counter, people: People) -> None:
        """Make it empty."""
        super().__init__("active", margins=(1, 12, 1, 8), spacing=6)
        self._counter = counter
        self._people = people
        self._finds_people = True
        self._title = Words("", theme.TITLE, bold=True)
        self._title.setContentsMargins(20, 0, 20, 0)
        self._none = hint("", wrap=True)
        self._none.setContentsMargins(20, 0, 20, 0)
        self.list = ListTable(
            (Column("what"), Column("cap", 84, "right")),
            name=counter.say("consignment.find.person"),
            row_height=ROW_HEIGHT,
        )
        for widget in (self._title, self._none, self.list):
            self.body.addWidget(widget)
        self.body.addStretch(1)
        self.list.opened.connect(self._choose)

    def seek_person(self, typed: str) -> None:
        """List growers."""
        people = self._people
        found = self._counter.desk.read(lambda c: people.find(c, typed))[:FOUND_MAX]
        self._finds_people = True
        self._show("person", [self._person(one) for one in found])

    def seek_sort(self, typed: str) -> None:
        """List sorts of produce."""
        day = self._counter.desk.now().day
        found = self._counter.desk.read(lambda c: reference.find_sorts(c, typed, day))[:FOUND_MAX]
        self._finds_people = False
        self._show("sort", [self._sort(one) for one in found])

    def _show(self, key: str, rows: Sequence[Row]) -> None:
        say = self._counter.say
        self._title.setText(say(f"consignment.find.{key}"))
        self._none.setText("" if rows else say(f"consignment.find.no_{key}"))
        self.list.show_rows(rows, keep=False)
        self.list.setVisible(bool(rows))
        if rows:
            self.list.choose(rows[0].subject)
        self.list.set_owns_enter(owns=bool(rows))

    def rest(self) -> None:
        """Own no key while nothing is sought."""
        self.list.set_owns_enter(owns=False)

    def _person(self, one: Villager) -> Row:
        name = self._counter.privacy.name(one.name)
        return Row(
            one.identity,
            (Text(name, theme.STRONG, bold=True, small=person_small(self._counter, one)), None),
        )

    def _sort(self, one: Sort) -> Row:
        per_jin = say_yuan(one.price_fen // JIN_OF_KG)
        small = self._counter.say("consignment.find.price", amount=f"{per_jin}/斤")
        if one.unit == "piece":
            small = self._counter.say(
                "consignment.find.price", amount=f"{say_yuan(one.price_fen)}/{one.word}"
            )
        small = small if one.price_fen else one.code
        return Row(one.code, (Text(one.name, theme.STRONG, bold=True, small=small), None))

    def _choose(self, subject: str) -> None:
        self.rest()
        (self.person_chosen if self._finds_people else self.sort_chosen).emit(subject)


def person_small(counter: Counter, one: Villager) -> str:
    """Return where somebody lives and how her phone ends."""
    tail = counter.say("consignment.find.tail", tail=one.tail) if one.tail else ""
    return "·".join(part for part in (one.hamlet, tail) if part)

"""Who sends it, or to whom it goes again: found by what was typed, in the place of the work."""

from PySide6.QtCore import Signal

from station_app.services.sending import records
from station_app.services.sending.outfit import Outfit
from station_app.services.sending.records import KnownReceiver
from station_app.shell import theme
from station_app.shell.counter import Counter
from station_app.shell.widgets.cells import Column, Row, Text
from station_app.shell.widgets.fields import TextField
from station_app.shell.widgets.panels import Panel
from station_app.shell.widgets.tables import ListTable
from station_app.shell.widgets.words import Words, hint
from station_app.values.masks import mask_phone

FOUND_MAX = 8
ROW_HEIGHT = 60
PASSER_BY = "passer-by"
PEOPLE, AGAIN = "people", "again"


class Finder(Panel):
    """A field and what fits it. Signals: person_chosen(identity), receiver_chosen(receiver)."""

    person_chosen = Signal(str)
    receiver_chosen = Signal(object)

    def __init__(self, counter: Counter, outfit: Outfit) -> None:
        """Make it empty."""
        super().__init__("active", margins=(20, 14, 20, 12), spacing=8)
        self._counter = counter
        self._outfit = outfit
        self._what = PEOPLE
        self._receivers: tuple[KnownReceiver, ...] = ()
        self._title = Words("", theme.TITLE, bold=True)
        self.field = TextField(counter.texts, chinese=True)
        self.list = ListTable(
            (Column("what"), Column("cap", 84, "right")), name="", row_height=ROW_HEIGHT
        )
        self.list.set_owns_enter(owns=True)
        self._none = hint("", wrap=True)
        for widget in (self._title, self.field, self._none, self.list):
            self.body.addWidget(widget)
        self.body.setStretchFactor(self.list, 1)
        self.field.changed.connect(self._seek)
        self.list.opened.connect(self._opened)

    def ask_person(self) -> None:
        """Ask who sends it."""
        self._ask(PEOPLE)

    def ask_again(self, person: str) -> None:
        """Ask to whom of those to whom she sent before."""
        self._receivers = self._counter.desk.read(lambda c: records.receivers_of(c, person))
        self._ask(AGAIN)

    def _ask(self, what: str) -> None:
        self._what = what
        title = self._counter.say(f"sending.choosing.{what}")
        self._title.setText(title)
        self.list.setAccessibleName(title)
        self.field.line.setPlaceholderText(self._counter.say(f"sending.choosing.{what}_hint"))
        self.field.line.setAccessibleName(title)
        self.field.set_text("")
        self._seek("")

    def _seek(self, typed: str) -> None:
        rows = self._people(typed) if self._what == PEOPLE else self._again(typed)
        self.list.show_rows(rows, keep=False)
        if rows:
            self.list.choose(rows[0].subject)
        key = "none" if self._what == PEOPLE else "none_again"
        self._none.setText("" if rows else self._counter.say(f"sending.choosing.{key}"))
        self._none.setVisible(not rows)

    def _people(self, typed: str) -> list[Row]:
        people, say = self._outfit.people, self._counter.say
        found = self._counter.desk.read(lambda c: people.find(c, typed)) if typed.strip() else ()
        rows = []
        for person in found[:FOUND_MAX]:
            tail = person.tail and say("sending.choosing.tail", tail=person.tail)
            small = "·".join(part for part in (person.hamlet, tail) if part)
            name = self._counter.privacy.name(person.name)
            rows.append(
                Row(person.identity, (Text(name, theme.STRONG, bold=True, small=small), None))
            )
        passer = Text(
            say("sending.choosing.passer_by"),
            theme.STRONG,
            small=say("sending.choosing.passer_by_small"),
        )
        return [*rows, Row(PASSER_BY, (passer, None))]

    def _again(self, typed: str) -> list[Row]:
        rows = []
        for place, one in enumerate(self._receivers):
            if typed.strip() and typed.strip() not in f"{one.name}{one.address}{one.phone}":
                continue
            name = self._counter.privacy.name(one.name)
            words = Text(
                f"{name}  {mask_phone(one.phone)}", theme.STRONG, bold=True, small=one.address
            )
            rows.append(Row(str(place), (words, None)))
        return rows

    def _opened(self, subject: str) -> None:
        if self._what == AGAIN:
            self.receiver_chosen.emit(self._receivers[int(subject)])
        else:
            self.person_chosen.emit("" if subject == PASSER_BY else subject)

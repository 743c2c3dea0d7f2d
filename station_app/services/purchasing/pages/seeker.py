"""The left side of an order: a field, and whoever or whatever fits what was typed.

First it asks for whom, then what; the same field and the same list, so that the hands stay where
they are. Goods that nobody may order stand in the list with the reason, and cannot be taken.
"""

from collections.abc import Callable
from typing import Literal

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout

from station_app.reference import goods_records as goods
from station_app.services.purchasing import records
from station_app.services.purchasing.outfit import Outfit
from station_app.shell import theme
from station_app.shell.counter import Counter
from station_app.shell.widgets.cells import Column, Icon, Pill, Row, Text, Thumb
from station_app.shell.widgets.fields import TextField
from station_app.shell.widgets.keys import KeyButton
from station_app.shell.widgets.panels import Panel
from station_app.shell.widgets.tables import ListTable
from station_app.shell.widgets.words import IconLabel, Words, hint
from station_app.values.day import say_day
from station_app.values.money import say_yuan

Asks = Literal["person", "collector", "goods"]
ROW_HEIGHT, PICTURE_WIDTH = 72, 86
FOUND_MAX = 12
PASTE_SIGNS_MAX = 12_000  # taken by a field; what is beyond `PASTED_MAX` is not kept


class Seeker(Panel):
    """Signals: person_chosen(identity), goods_chosen(code), barred(why), and what no catalogue has:
    free_form_wanted(), photo_wanted(), other_changed().
    """

    person_chosen = Signal(str)
    goods_chosen = Signal(str)
    barred = Signal(str, str)
    free_form_wanted = Signal()
    photo_wanted = Signal()
    other_changed = Signal()

    def __init__(self, counter: Counter, outfit: Outfit) -> None:
        """Ask for whom."""
        super().__init__(margins=(1, 16, 1, 12), spacing=8)
        self._counter = counter
        self._outfit = outfit
        self.asks: Asks = "person"
        self._barred: dict[str, tuple[str, str]] = {}
        self._pictures: dict[str, bytes] = {}
        self._title = Words("", theme.STRONG, bold=True)
        self._title.setContentsMargins(18, 0, 18, 0)
        self.field = TextField(counter.texts, limit=40, chinese=True)
        self.field.changed.connect(self.seek)
        top = QHBoxLayout()
        top.setContentsMargins(16, 0, 16, 0)
        top.addWidget(self.field)
        self.list = ListTable(
            (
                Column("picture", PICTURE_WIDTH),
                Column("what"),
                Column("price", 150, "right"),
                Column("cap", 84, "right"),
            ),
            name=counter.say("purchasing.seek.list"),
            row_height=ROW_HEIGHT,
        )
        self.list.set_owns_enter(owns=True)
        self.list.opened.connect(self._choose)
        self._note = hint("", wrap=True)
        self._note.setContentsMargins(18, 0, 18, 0)
        self.free = self._free_form()
        self.body.addWidget(self._title)
        self.body.addLayout(top)
        self.body.addWidget(self.list, 1)
        self.body.addWidget(self._note)
        self.body.addWidget(self.free)

    def _free_form(self) -> Panel:
        """Make the place for what no catalogue has: pasted or typed, or photographed."""
        say = self._counter.say
        panel = Panel("sunk", margins=(18, 8, 16, 10), spacing=6)
        head = QHBoxLayout()
        head.addWidget(IconLabel("link", "pressed"))
        head.addWidget(Words(say("purchasing.seek.free"), theme.STRONG, bold=True), 1)
        key = KeyButton(
            say("purchasing.seek.free_act"), "Ctrl+K", kind="ghost", height=theme.WORD_HEIGHT
        )
        key.clicked.connect(lambda _=False: self.free_form_wanted.emit())
        head.addWidget(key)
        panel.body.addLayout(head)
        self.other = TextField(
            self._counter.texts, limit=PASTE_SIGNS_MAX, chinese=True,
            placeholder=say("purchasing.seek.free_how"),
        )  # fmt: skip
        self.other.line.setAccessibleName(say("purchasing.seek.free"))
        self.other.changed.connect(lambda _text: self._type_other())
        row = QHBoxLayout()
        row.addWidget(self.other, 1)
        self.snap = KeyButton(say("purchasing.seek.photo"), icon="image", height=theme.FORM_HEIGHT)
        self.snap.clicked.connect(lambda _=False: self.photo_wanted.emit())
        row.addWidget(self.snap)
        panel.body.addLayout(row)
        self._example = hint(say("purchasing.seek.free_example"))
        panel.body.addWidget(self._example)
        return panel

    @property
    def described(self) -> str:
        """Return what was typed or pasted of something that no catalogue has."""
        return self.other.text().strip() if self.asks == "goods" else ""

    def _type_other(self) -> None:
        self.list.set_owns_enter(owns=not self.described)
        self.other_changed.emit()

    def set_compact(self, *, compact: bool) -> None:
        """Stand closer in a low window."""
        self.list.set_compact(compact=compact)
        self._example.setVisible(not compact)

    def ask(self, asks: Asks) -> None:
        """Begin anew with a question."""
        say = self._counter.say
        self.asks = asks
        self._title.setText(say(f"purchasing.seek.{asks}"))
        self.field.line.setPlaceholderText(say(f"purchasing.seek.{asks}_how"))
        self.field.line.setAccessibleName(say(f"purchasing.seek.{asks}"))
        self.field.set_text("")
        self.free.setVisible(asks == "goods")
        self.other.set_text("")
        self.list.set_owns_enter(owns=True)
        self.seek("")

    def seek(self, typed: str) -> None:
        """List what fits."""
        typed = typed.strip()
        rows = self._rows(typed) if typed else []
        self.list.show_rows(rows, keep=False)
        if rows:
            self.list.choose(rows[0].subject)
        self._note.setText(self._note_words(typed, len(rows)))

    def _rows(self, typed: str) -> list[Row]:
        desk = self._counter.desk
        if self.asks == "goods":
            found = desk.read(lambda c: goods.find_products(c, typed, FOUND_MAX))
            self._barred = {r.code: (r.name, r.remark) for r in found if not r.may_be_sold}
            codes = [row.code for row in found]
            self._pictures = desk.read(lambda c: goods.pictures(c, codes)) if codes else {}
            return [self._goods_row(row) for row in found]
        people = self._outfit.people
        persons = desk.read(lambda c: people.find(c, typed))[:FOUND_MAX]
        return [self._person_row(person) for person in persons]

    def _note_words(self, typed: str, found: int) -> str:
        say = self._counter.say
        if typed and not found:
            return say(f"purchasing.seek.no_{self.asks}")
        if self.asks != "goods":
            return ""
        standing = self._counter.desk.read(goods.catalogue)
        if not standing.count:
            return say("purchasing.seek.no_catalogue")
        day = self._counter.desk.now().day
        return say("purchasing.seek.as_of", day=say_day(standing.since, day), count=standing.count)

    def _goods_row(self, row: goods.ProductRow) -> Row:
        say, desk_day = self._counter.say, self._counter.desk.now().day
        picture = Thumb(self._pictures.get(row.code, b""))
        small = "·".join(part for part in (row.spec, row.platform) if part)
        if row.code in self._barred:
            why = row.remark or say("purchasing.search.blocked")
            name = Text(row.name, theme.STRONG, bold=True, small=why, small_ink="stop")
            return Row(
                row.code, (picture, name, Pill(say("purchasing.search.blocked"), "stop"), None)
            )
        return Row(
            row.code,
            (
                picture,
                Text(row.name, theme.STRONG, bold=True, small=small),
                Text(say_yuan(records.price_of(row, desk_day)), theme.STRONG, bold=True),
                None,
            ),
        )

    def _person_row(self, person: records.KnownPerson) -> Row:
        name = self._counter.privacy.name(person.name)
        small = small_of(self._counter.say, person)
        words = Text(name, theme.STRONG, bold=True, small=small)
        return Row(person.identity, (Icon("person"), words, None, None))

    def _choose(self, subject: str) -> None:
        if self.asks != "goods":
            self.person_chosen.emit(subject)
        elif subject in self._barred:
            self.barred.emit(*self._barred[subject])
        else:
            self.goods_chosen.emit(subject)


def small_of(say: Callable[..., str], person: records.KnownPerson) -> str:
    """Return the line below a name: where she lives, the tail of her phone."""
    tail = say("purchasing.seek.tail", tail=person.tail) if person.tail else ""
    return "·".join(part for part in (person.hamlet, tail) if part)

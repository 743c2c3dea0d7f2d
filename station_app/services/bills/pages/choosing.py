"""Who it is for, or whose bill it is: found by what was typed, in the middle of the page."""

from collections.abc import Sequence

from PySide6.QtCore import Signal

from station_app.reference import biller_records
from station_app.reference.billers import BillerTerms
from station_app.services.bills.outfit import Outfit
from station_app.services.bills.taking import not_offered
from station_app.shell import theme
from station_app.shell.counter import Counter
from station_app.shell.widgets.cells import Column, Row, Text
from station_app.shell.widgets.fields import TextField
from station_app.shell.widgets.panels import Panel
from station_app.shell.widgets.tables import ListTable
from station_app.shell.widgets.words import Words, hint

FOUND_MAX = 8
ROW_HEIGHT = 60
PASSER_BY = "passer-by"
LATIN = chr(0x2E80)  # what lies below it is pinyin or a number, and no name
PEOPLE, BILLERS = "people", "billers"


class ChoicePanel(Panel):
    """A field and what fits it. Signal chosen(what, subject): `people` or `billers`."""

    chosen = Signal(str, str)

    def __init__(self, counter: Counter, outfit: Outfit) -> None:
        """Make it empty."""
        super().__init__("active", margins=(20, 14, 20, 12), spacing=8)
        self._counter = counter
        self._outfit = outfit
        self.what = PEOPLE
        self._billers: Sequence[BillerTerms] = ()
        self._is_online = False
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
        self.list.opened.connect(lambda subject: self.chosen.emit(self.what, subject))

    def ask_person(self) -> None:
        """Ask for whom it is."""
        self._ask(PEOPLE)

    def ask_biller(self, billers: Sequence[BillerTerms], *, is_online: bool) -> None:
        """Ask whose bill it is."""
        self._billers, self._is_online = billers, is_online
        self._ask(BILLERS)

    def _ask(self, what: str) -> None:
        self.what = what
        title = self._counter.say(f"bills.choosing.{what}")
        self._title.setText(title)
        self.list.setAccessibleName(title)
        self.field.line.setPlaceholderText(self._counter.say(f"bills.choosing.{what}_hint"))
        self.field.line.setAccessibleName(title)
        self.field.set_text("")
        self._seek("")

    def _seek(self, typed: str) -> None:
        rows = self._people(typed) if self.what == PEOPLE else self._fitting(typed)
        self.list.show_rows(rows, keep=False)
        if rows:
            self.list.choose(rows[0].subject)
        self._none.setText("" if rows else self._counter.say("bills.choosing.none"))
        self._none.setVisible(not rows)

    def named(self) -> str:
        """Return the name that was typed of somebody whom nobody knows here, "" if it is none."""
        typed = self.field.text().strip()
        return typed if any(sign > LATIN for sign in typed) else ""

    def _people(self, typed: str) -> list[Row]:
        people = self._outfit.people
        found = self._counter.desk.read(lambda c: people.find(c, typed)) if typed.strip() else ()
        rows = []
        for person in found[:FOUND_MAX]:
            tail = person.tail and self._counter.say("bills.shown.tail", tail=person.tail)
            small = "·".join(part for part in (person.hamlet, tail) if part)
            name = self._counter.privacy.name(person.name)
            words = Text(name, theme.STRONG, bold=True, small=small)
            rows.append(Row(person.identity, (words, None)))
        say, name = self._counter.say, self.named()
        key = "bills.shown.passer_named" if name else "bills.shown.passer_by"
        passer = Text(say(key, name=name), theme.STRONG, small=say(f"{key}_small"))
        return [*rows, Row(PASSER_BY, (passer, None))]

    def _fitting(self, typed: str) -> list[Row]:
        rows = []
        for terms in biller_records.named(tuple(self._billers), typed):
            refusal = not_offered(terms, is_online=self._is_online)
            small = terms.remark or terms.label
            if refusal is not None:
                small = self._counter.say(refusal.text_key, **refusal.slots)
            ink = "notice" if refusal else "ink2"
            words = Text(terms.name, theme.STRONG, bold=True, small=small, small_ink=ink)
            rows.append(Row(terms.code, (words, None)))
        return rows

"""The form for one line: which purse, whose, how much, what for, and who signs."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from station_app.reference import records as reference
from station_app.services.opening.commands import EnterOpening
from station_app.services.opening.neighbours import FoundPerson
from station_app.services.opening.outfit import Outfit
from station_app.services.opening.pages.witness_panel import WitnessPanel
from station_app.services.opening.purses import (
    DEBTS,
    OF_COURIER,
    OF_PERSON,
    PLACES,
)
from station_app.services.opening.rules import WORDS_MAX
from station_app.shell import theme
from station_app.shell.counter import Counter
from station_app.shell.widgets.choices import Choice, ChoiceRow
from station_app.shell.widgets.fields import MoneyField, TextField, in_row
from station_app.shell.widgets.panels import Panel
from station_app.shell.widgets.words import Words, hint

FOUND_MAX = 8
COURIERS_MAX = 9


@dataclass(frozen=True, slots=True)
class Group:
    """Which purses the form asks for: debts, or places of money."""

    name: str
    purses: tuple[str, ...]


GROUPS = {"debts": Group("debts", DEBTS), "money": Group("money", PLACES)}


class LineForm(Panel):
    """Signals: changed: anything; seeking(text): somebody is searched for."""

    changed = Signal()
    seeking = Signal(str)

    def __init__(self, counter: Counter, outfit: Outfit) -> None:
        """Make an empty form for debts."""
        super().__init__(margins=(20, 12, 20, 12), spacing=8)
        self._counter = counter
        self._outfit = outfit
        self.group = GROUPS["debts"]
        self.person: FoundPerson | None = None
        self.fixing = ""
        say = counter.say
        self.purses = ChoiceRow(columns=2, height=theme.INLINE_HEIGHT)
        self.who = TextField(counter.texts, say("opening.lines.who"), chinese=True)
        self.chosen = Words("", theme.STRONG, bold=True).elided()
        self.couriers = TextField(counter.texts, say("opening.lines.courier"), chinese=True)
        self._whose = QStackedWidget()
        self._nobody = QWidget()
        for widget in (self.who, self.couriers, self._nobody):
            self._whose.addWidget(widget)
        self.amount = MoneyField(counter.texts, say("opening.lines.amount"))
        self.remark = TextField(
            counter.texts, say("opening.lines.remark"), limit=WORDS_MAX, chinese=True
        )
        self.witness = WitnessPanel(counter, outfit)
        self._ask = hint(say("opening.lines.which"))
        for part in (self._ask, self.purses, self._whose, self.chosen):
            self.body.addWidget(part)
        amounts = in_row(self.amount, self.remark)
        amounts.setStretch(0, 2)
        amounts.setStretch(1, 3)
        self.body.addLayout(amounts)
        self.body.addWidget(self.witness)
        self.body.addStretch(1)
        self.purses.chosen.connect(self._choose_purse)
        self.who.changed.connect(self._seek)
        self.couriers.changed.connect(lambda _text: self._courier_typed())
        self.amount.amount_changed.connect(lambda _fen: self.changed.emit())
        self.remark.changed.connect(lambda _text: self.changed.emit())
        self.witness.changed.connect(self.changed)

    def begin(self, group: str) -> None:
        """Ask for the purses of a group, with nothing written."""
        if group != self.group.name or not self.purses.buttons:
            self.group = GROUPS[group]
            say = self._counter.say
            offered = [Choice(purse, say(f"opening.purse.{purse}")) for purse in self.group.purses]
            self.purses.show_choices(offered)
            self.purses.set_value("")
            self.clear()
        self._show_whose()

    def clear(self) -> None:
        """Empty the form; purse and signature stay for the next line of the same kind."""
        self.person = None
        self.fixing = ""
        self.who.set_text("")
        self.couriers.set_text("")
        self.amount.set_fen(None)
        self.remark.set_text("")
        self._show_whose()

    # --- Whose -----------------------------------------------------------------------------------

    @property
    def purse(self) -> str:
        """Return the purse that was chosen, "" for none."""
        return self.purses.value()

    def _choose_purse(self, _purse: str) -> None:
        self._show_whose()
        focus = self.next_field()
        if focus is not None:
            focus.setFocus()
        self.changed.emit()

    def _show_whose(self) -> None:
        purse = self.purse
        is_person, is_courier = purse in OF_PERSON, purse in OF_COURIER
        page = self.who if is_person else self.couriers if is_courier else self._nobody
        self._whose.setCurrentWidget(page)
        self._whose.setVisible(is_person or is_courier)
        self.chosen.setVisible((is_person and self.person is not None) or is_courier)
        if is_courier:
            self.chosen.setText(self._courier_words())
        self.witness.offer(has_party=purse not in PLACES and self.group.name == "debts")

    def _seek(self, typed: str) -> None:
        self.person = None
        self.chosen.hide()
        self.seeking.emit(typed)
        self.changed.emit()

    def found(self, typed: str) -> Sequence[FoundPerson]:
        """Return whoever fits what was typed."""
        people = self._outfit.gatherer.neighbours.people
        if not typed.strip():
            return ()
        return self._counter.desk.read(lambda c: people.find(c, typed, FOUND_MAX))

    def take_person(self, person: FoundPerson) -> None:
        """The line is hers."""
        self.person = person
        say, name = self._counter.say, self._counter.privacy.name(person.name)
        tail = say("opening.sheet.tail", tail=person.tail) if person.tail else ""
        self.chosen.setText("　".join(part for part in (name, person.hamlet, tail) if part))
        self.chosen.show()
        self.amount.setFocus()
        self.changed.emit()

    @property
    def courier(self) -> str:
        """Return the code of the courier that was typed: by code, name, or the row's digit."""
        typed = self.couriers.text().upper()
        rows = self._counter.desk.read(reference.couriers)
        for row in rows:
            if typed and typed in (row.code.upper(), row.name.upper(), row.short_name.upper()):
                return row.code
        fits = [
            row.code
            for row in rows
            if typed and (row.name.startswith(typed) or row.code.upper().startswith(typed))
        ]
        return fits[0] if len(fits) == 1 else ""

    def _courier_typed(self) -> None:
        self.chosen.setText(self._courier_words())
        self.changed.emit()

    def _courier_words(self) -> str:
        rows = self._counter.desk.read(reference.couriers)
        code = self.courier
        known = next((row.name for row in rows if row.code == code), "")
        names = "、".join(row.short_name for row in rows[:COURIERS_MAX])
        return known or self._counter.say("opening.lines.couriers", names=names)

    # --- What it comes to ------------------------------------------------------------------------

    def next_field(self) -> QWidget | None:
        """Return the first field that waits for something."""
        if not self.purse:
            return None
        if self.purse in OF_PERSON and self.person is None:
            return self.who
        if self.purse in OF_COURIER and not self.courier:
            return self.couriers
        return self.amount

    def missing(self) -> str:
        """Return the key of what is missing, "" for nothing."""
        if not self.purse:
            return "purse"
        if self.purse in OF_PERSON and self.person is None:
            return "person"
        if self.purse in OF_COURIER and not self.courier:
            return "courier"
        if not self.amount.fen() and not (self.fixing and self.amount.fen() == 0):
            return "amount"
        return "" if self.witness.is_complete else "reason"

    def command(self, *, again: bool) -> EnterOpening:
        """Return what is asked."""
        is_person = self.purse in OF_PERSON and self.person is not None
        return EnterOpening(
            purse=self.purse,
            amount_fen=self.amount.fen() or 0,
            person=self.person.identity if is_person and self.person else "",
            courier=self.courier if self.purse in OF_COURIER else "",
            remark=self.remark.text(),
            witness=self.witness.witness(),
            again=again,
        )

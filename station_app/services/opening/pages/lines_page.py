"""Debts and places of money, one line after the other, each with a slip to sign.

The line stays in the list: what was wrong is put right by a fact of its own, also weeks later.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QWidget

from station_app.journal.projection import StateChange
from station_app.reference import records as reference
from station_app.services.opening import records
from station_app.services.opening.columns import DEBTS
from station_app.services.opening.commands import CorrectOpening, SettleStep
from station_app.services.opening.neighbours import FoundPerson
from station_app.services.opening.outfit import Outfit
from station_app.services.opening.pages.line_form import LineForm
from station_app.services.opening.records import LineRow
from station_app.services.opening.rules import OPEN
from station_app.shell import theme
from station_app.shell.counter import Counter
from station_app.shell.desk import Done
from station_app.shell.drafts import Draft
from station_app.shell.page import Action, Page
from station_app.shell.widgets.cells import Cell, Column, Row, Text
from station_app.shell.widgets.panels import Panel
from station_app.shell.widgets.tables import ListTable
from station_app.shell.widgets.words import hint, rule, strong
from station_app.values.money import say_yuan
from station_app.values.refusal import Refusal

SHEET_PAGE = "opening.sheet"
FORM_WIDTH = 560
COLUMNS = (Column("what"), Column("amount", 170, "right"))
ROW_HEIGHT = 60
MAY_BE_ANOTHER = "opening.DEBT_ENTERED_ALREADY"


class LinesPage(Page):
    """Writes lines down, and puts them right."""

    def __init__(self, counter: Counter, key: str, outfit: Outfit, back: str) -> None:
        """Make the page. back: key of the page of steps."""
        super().__init__(counter, key)
        self._outfit = outfit
        self._back = back
        self._rows: dict[str, LineRow] = {}
        self._found: dict[str, FoundPerson] = {}
        self._has_twin = False
        self._lay_out()
        self.form.begin("debts")
        counter.privacy.listen(self._load)

    def _lay_out(self) -> None:
        self.form = LineForm(self.counter, self._outfit)
        self.form.setFixedWidth(FORM_WIDTH)
        self.form.changed.connect(self._typed)
        self.form.seeking.connect(self._seek)
        lines = Panel(margins=(1, 14, 1, 6), spacing=0)
        self._title, self._aside = strong(), hint()
        head = QHBoxLayout()
        head.setContentsMargins(20, 0, 20, 8)
        head.addWidget(self._title)
        head.addStretch(1)
        head.addWidget(self._aside)
        lines.body.addLayout(head)
        lines.body.addWidget(rule())
        self.table = ListTable(
            COLUMNS, name=self.say("opening.lines.list_name"), row_height=ROW_HEIGHT
        )
        self.table.current_changed.connect(lambda _line: self.touch_actions())
        lines.body.addWidget(self.table, 1)
        found = Panel(margins=(1, 14, 1, 6), spacing=0)
        self._found_title = strong()
        self._found_title.setContentsMargins(20, 0, 20, 8)
        found.body.addWidget(self._found_title)
        found.body.addWidget(rule())
        self.people = ListTable(
            (Column("name"),), name=self.say("opening.lines.people_name"), row_height=ROW_HEIGHT
        )
        self.people.opened.connect(self._take_person)
        found.body.addWidget(self.people, 1)
        self._right = QStackedWidget()
        self._lines, self._seeking = lines, found
        self._right.addWidget(lines)
        self._right.addWidget(found)
        self._outer = QHBoxLayout(self)
        self._outer.setContentsMargins(0, 0, 0, 0)
        self._outer.setSpacing(theme.FULL.gap)
        self._outer.addWidget(self.form)
        self._outer.addWidget(self._right, 1)

    # --- What it says about itself ---------------------------------------------------------------

    @property
    def title(self) -> str:
        """Return its name."""
        return self.say(f"opening.step.{self.form.group.name}")

    def facts_behind(self) -> Mapping[str, str] | None:
        """Return the line on which the cursor stands."""
        line = self.table.current() if self._right.currentWidget() is self._lines else ""
        return {"entity": line, "title": self.title} if line else None

    def action_bar(self) -> Sequence[Action]:
        """Return what can be done now."""
        say, missing = self.say, self.form.missing()
        if self.form.fixing:
            return self._fixing_actions(missing)
        actions = [Action(say("opening.lines.back"), "Esc", self._leave)]
        if self.form.group.name == "debts":
            label = say("opening.steps.from_sheet")
            actions.append(Action(label, "Ctrl+O", self._open_sheet, icon="list"))
        if self.table.current() and self._right.currentWidget() is self._lines:
            actions.append(Action(say("opening.lines.fix"), "Ctrl+E", self._fix, icon="pencil"))
        actions.append(Action(say("opening.steps.done"), "F11", self._settle))
        if self._has_twin:
            actions.append(Action(say("opening.lines.again"), "Ctrl+G", self._enter_again))
        amount = say_yuan(self.form.amount.fen() or 0)
        return (
            *actions,
            Action(
                say("opening.lines.primary", amount=amount),
                "Enter",
                self._enter,
                "primary",
                is_enabled=not missing,
                reason=say(f"opening.missing.{missing}") if missing else "",
            ),
        )

    def _fixing_actions(self, missing: str) -> Sequence[Action]:
        say, fen = self.say, self.form.amount.fen()
        label = say("opening.lines.take_back")
        if fen:
            label = say("opening.lines.correct", amount=say_yuan(fen))
        return (
            Action(say("opening.lines.leave_it"), "Esc", self._stop_fixing),
            Action(
                label,
                "Enter",
                self._correct,
                "primary",
                is_enabled=not missing,
                reason=say(f"opening.missing.{missing}") if missing else "",
            ),
        )

    # --- What the window tells it ----------------------------------------------------------------

    def open_with(self, subject: Mapping[str, str]) -> None:
        """Ask for debts, or for places of money."""
        self.form.begin(subject.get("group", self.form.group.name))
        self._load()

    def activated(self) -> None:
        """Show the lines as they are now."""
        self.form.begin(self.form.group.name)
        self._load()

    def refresh(self, changes: Sequence[StateChange]) -> None:
        """Look again after an act."""
        if self.isVisible():
            self._load()

    def first_focus(self) -> QWidget | None:
        """Return the next field, or nothing while the purse is to be chosen by its digit."""
        return self.form.next_field()

    def on_compact(self, is_compact: bool) -> None:
        """Stand closer in a low window."""
        self._outer.setSpacing(theme.COMPACT.gap if is_compact else theme.FULL.gap)
        self.form.body.setSpacing(4 if is_compact else 8)

    def on_escape(self) -> bool:
        """Stop seeking, stop putting right, then go back."""
        if self._right.currentWidget() is self._seeking:
            self._right.setCurrentWidget(self._lines)
        elif self.form.fixing:
            self._stop_fixing()
        else:
            self._leave()
        return True

    def draft(self) -> Draft | None:
        """Return the line that is half written."""
        form = self.form
        if form.fixing or not (form.who.text() or form.couriers.text() or form.amount.text()):
            return None
        return {
            "group": form.group.name,
            "purse": form.purse,
            "person": form.person.identity if form.person else "",
            "who": form.who.text(),
            "courier": form.couriers.text(),
            "amount": form.amount.text(),
            "remark": form.remark.text(),
        }

    def resume(self, draft: Draft) -> str:
        """Take up the line that was half written."""
        form, people = self.form, self._outfit.gatherer.neighbours.people
        form.begin(str(draft["group"]))
        form.purses.set_value(str(draft["purse"]))
        form.who.set_text(str(draft["who"]))
        form.couriers.set_text(str(draft["courier"]))
        form.begin(form.group.name)
        form.amount.set_text(str(draft["amount"]))
        form.remark.set_text(str(draft["remark"]))
        identity = str(draft["person"])
        person = self.counter.desk.read(lambda c: people.person(c, identity)) if identity else None
        if person is not None:
            form.take_person(person)
        self._load()
        return self.say("opening.lines.resumed")

    # --- Showing ---------------------------------------------------------------------------------

    def _load(self) -> None:
        purses = self.form.group.purses
        rows, names = self.counter.desk.read(lambda c: self._read(c, purses))
        self._rows = {row.line: row for row in rows}
        self.table.show_rows([self._row(row, names) for row in rows])
        total = sum(row.amount_fen for row in rows)
        standing = sum(1 for row in rows if row.amount_fen)
        self._title.setText(self.say("opening.lines.title", step=self.title, count=standing))
        self._aside.setText(say_yuan(total) if self.form.group.name == "money" else "")
        self.touch_actions()

    def _read(
        self, connection: Any, purses: Sequence[str]
    ) -> tuple[tuple[LineRow, ...], dict[str, str]]:
        rows = records.lines(connection, purses)
        people = self._outfit.gatherer.neighbours.people
        names = {c.code: c.name for c in reference.couriers(connection)}
        for row in rows:
            if row.person:
                person = people.person(connection, row.person)
                names[row.person] = person.name if person else ""
        return rows, names

    def _row(self, row: LineRow, names: Mapping[str, str]) -> Row:
        who = names.get(row.person or row.courier, "")
        purse = self.say(f"opening.purse.{row.purse}")
        shown = self.counter.privacy.name(who) if row.person else who
        small = "　".join(part for part in (purse if who else "", row.remark) if part)
        gone = self.say("opening.lines.taken_back") if not row.amount_fen else ""
        ink = "placeholder" if gone else "ink"
        cells: tuple[Cell, ...] = (
            Text(shown or purse, bold=True, small=small, ink=ink),
            Text(gone or say_yuan(row.amount_fen), bold=True, ink=ink),
        )
        return Row(row.line, cells)

    def _typed(self) -> None:
        self._has_twin = False
        self.touch_actions()
        self.touch_draft()

    # --- Whose -----------------------------------------------------------------------------------

    def _seek(self, typed: str) -> None:
        found = self.form.found(typed)
        self._found = {person.identity: person for person in found}
        self.people.show_rows([self._person_row(person) for person in found], keep=False)
        self._right.setCurrentWidget(self._seeking if typed.strip() else self._lines)
        key = "found" if found else "nobody"
        self._found_title.setText(self.say(f"opening.lines.{key}", count=len(found)))
        if found:
            self.people.choose(found[0].identity)
        self.people.set_owns_enter(owns=bool(found))

    def _person_row(self, person: FoundPerson) -> Row:
        tail = self.say("opening.sheet.tail", tail=person.tail) if person.tail else ""
        small = "　".join(part for part in (person.hamlet, tail) if part)
        name = self.counter.privacy.name(person.name)
        return Row(person.identity, (Text(name, bold=True, small=small),))

    def _take_person(self, identity: str) -> None:
        self.people.set_owns_enter(owns=False)
        self._right.setCurrentWidget(self._lines)
        self.form.take_person(self._found[identity])

    # --- Doing -----------------------------------------------------------------------------------

    def _enter(self) -> None:
        self._ask(again=False)

    def _enter_again(self) -> None:
        self._ask(again=True)

    def _ask(self, *, again: bool) -> None:
        command = self.form.command(again=again)

        def done(outcome: Done) -> None:
            self._has_twin = False
            words = self.say("opening.lines.done", amount=say_yuan(command.amount_fen))
            self.tell_done(words, outcome)
            self.form.clear()
            self._load()
            (self.form.next_field() or self).setFocus()

        self.perform(command, done=done, refused=self._refused)

    def _refused(self, refusal: Refusal) -> None:
        sentence = self.say(refusal.text_key, **refusal.slots)
        self._has_twin = refusal.reason == MAY_BE_ANOTHER
        self.form.amount.show_fault(sentence)
        self.touch_actions()

    def _fix(self) -> None:
        row = self._rows.get(self.table.current())
        if row is None:
            return
        self.form.clear()
        self.form.purses.set_value(row.purse)
        self.form.begin(self.form.group.name)
        self.form.fixing = row.line
        people = self._outfit.gatherer.neighbours.people
        if row.person:
            person = self.counter.desk.read(lambda c: people.person(c, row.person))
            if person is not None:
                self.form.take_person(person)
        if row.courier:
            self.form.couriers.set_text(row.courier)
        self.form.amount.set_fen(row.amount_fen)
        self.form.amount.setFocus()
        self.touch_actions()

    def _stop_fixing(self) -> None:
        self.form.clear()
        self.touch_actions()

    def _correct(self) -> None:
        command = CorrectOpening(
            line=self.form.fixing,
            amount_fen=self.form.amount.fen() or 0,
            remark=self.form.remark.text(),
            witness=self.form.witness.witness(),
        )

        def done(outcome: Done) -> None:
            self.tell_done(self.say("opening.lines.corrected"), outcome)
            self._stop_fixing()
            self._load()

        self.perform(command, done=done, refused=self._refused)

    def _settle(self) -> None:
        step, now = self.form.group.name, self.counter.desk.now()
        opening = self.counter.desk.read(lambda c: records.opening_state(c, now.station))
        if opening is not None and opening.steps.get(step, OPEN) != OPEN:
            self._leave()
            return
        self.perform(SettleStep(step=step, outcome="done"), done=lambda _done: self._leave())

    def _open_sheet(self) -> None:
        self.counter.front.open_page(SHEET_PAGE, {"kind": DEBTS})

    def _leave(self) -> None:
        self.counter.front.open_page(self._back)

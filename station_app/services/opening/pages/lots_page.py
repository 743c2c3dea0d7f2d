"""Produce that lies here already: whose, what, how much, and whose it is now."""

from collections.abc import Sequence

from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from station_app.journal.projection import StateChange
from station_app.services.opening import records
from station_app.services.opening.commands import EnterLot, SettleStep
from station_app.services.opening.lots import GRAM, PIECE, PRODUCE_CHARACTERS_MAX
from station_app.services.opening.neighbours import FoundPerson
from station_app.services.opening.outfit import Outfit
from station_app.services.opening.pages.witness_panel import WitnessPanel
from station_app.services.opening.rules import OPEN
from station_app.shell import theme
from station_app.shell.counter import Counter
from station_app.shell.desk import Done
from station_app.shell.drafts import Draft
from station_app.shell.page import Action, Page
from station_app.shell.widgets.cells import Column, Row, Text
from station_app.shell.widgets.choices import Choice, ChoiceRow
from station_app.shell.widgets.fields import CountField, Field, MoneyField, TextField, in_row
from station_app.shell.widgets.keys import KeyButton
from station_app.shell.widgets.panels import Panel
from station_app.shell.widgets.tables import ListTable
from station_app.shell.widgets.weight import TakenWeight, WeightPanel
from station_app.shell.widgets.words import Words, hint, strong
from station_app.values.money import FULL_WIDTH
from station_app.values.refusal import Refusal
from station_app.values.weight import kg_plain, parse_jin, say_jin, say_kg

FORM_WIDTH = 560
FOUND_MAX = 8
PERCENT_DIGITS = 2
PIECES_ENDINGS = ("个", "件", "只", "箱", "袋", "盒")


class LotsPage(Page):
    """Writes lots down, one after the other."""

    def __init__(self, counter: Counter, key: str, outfit: Outfit, back: str) -> None:
        """Make the page. back: key of the page of steps."""
        super().__init__(counter, key)
        self._outfit = outfit
        self._back = back
        self._found: dict[str, FoundPerson] = {}
        self.person: FoundPerson | None = None
        self.weighed: TakenWeight | None = None
        self._lay_out()
        self._show_kind()

    def _lay_out(self) -> None:
        say, texts = self.say, self.counter.texts
        form = Panel(margins=(20, 12, 20, 12), spacing=8)
        form.setFixedWidth(FORM_WIDTH)
        self.who = TextField(texts, say("opening.lots.who"), chinese=True)
        self.chosen = Words("", theme.STRONG, bold=True).elided()
        self.produce = TextField(
            texts, say("opening.lots.produce"), limit=PRODUCE_CHARACTERS_MAX, chinese=True
        )
        self.quantity = TextField(
            texts, say("opening.lots.quantity"), chinese=True, placeholder=say("opening.lots.how")
        )
        self.means = hint("")
        self.kinds = ChoiceRow(
            [Choice(kind, say(f"opening.lots.{kind}")) for kind in ("consigned", "own")],
            height=theme.INLINE_HEIGHT,
        )
        self.kinds.set_value("consigned")
        self.commission = CountField(texts, say("opening.lots.commission"), digits=PERCENT_DIGITS)
        self.cost = MoneyField(texts, say("opening.lots.cost"))
        self.witness = WitnessPanel(self.counter, self._outfit)
        form.body.addWidget(self.who)
        form.body.addWidget(self.chosen)
        form.body.addLayout(in_row(self.produce, self.quantity))
        form.body.addWidget(self.means)
        form.body.addWidget(self.kinds)
        form.body.addLayout(in_row(self.commission, self.cost))
        form.body.addWidget(self.witness)
        form.body.addStretch(1)
        side = Panel(margins=(1, 14, 1, 6), spacing=8)
        self._side_title = strong()
        self._side_title.setContentsMargins(20, 0, 20, 0)
        side.body.addWidget(self._side_title)
        self.people = ListTable(
            (Column("name"),), name=say("opening.lines.people_name"), row_height=60
        )
        self.people.opened.connect(self._take_person)
        self._right = QStackedWidget()
        self._right.addWidget(self._lay_out_scale())
        self._right.addWidget(self.people)
        side.body.addWidget(self._right, 1)
        outer = QHBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(theme.FULL.gap)
        outer.addWidget(form)
        outer.addWidget(side, 1)
        self.who.changed.connect(self._seek)
        self.kinds.chosen.connect(lambda _kind: self._show_kind())
        for field in (self.produce, self.quantity, self.commission, self.cost):
            field.changed.connect(lambda _text: self._typed())
        self.witness.changed.connect(self.touch_actions)

    def _lay_out_scale(self) -> QWidget:
        """Return the weight window, and below it what can be done with it."""
        place = QWidget()
        column = QVBoxLayout(place)
        column.setContentsMargins(16, 0, 16, 10)
        column.setSpacing(10)
        self.weight = WeightPanel(self.counter)
        self.use = KeyButton(self.say("opening.lots.use_scale"), "F10", icon="scale")
        self.tare = KeyButton(self.say("opening.lots.tare"), "Ctrl+T")
        self.use.clicked.connect(lambda _checked: self.weigh())
        self.tare.clicked.connect(lambda _checked: self.weight.tare())
        row = QHBoxLayout()
        row.addWidget(self.use, 1)
        row.addWidget(self.tare)
        column.addWidget(self.weight)
        column.addLayout(row)
        column.addStretch(1)
        self.weight.changed.connect(self._scale_moved)
        self._scale_moved()
        return place

    def _scale_moved(self) -> None:
        is_there = self.weight.shown.state != "none"
        self.use.setVisible(is_there)
        self.tare.setVisible(is_there)
        reason = "" if self.weight.is_steady else self.weight.pill.words
        self.use.set_possible(possible=self.weight.is_steady, reason=reason)

    def weigh(self) -> None:
        """Take what stands on the scale for the quantity; its frame goes into the fact."""
        taken = self.weight.take()
        if taken is None:
            self.counter.sounds.play("warn")
            return
        self.quantity.set_text(f"{kg_plain(taken.net_grams).replace(',', '')}公斤")
        self.weighed = taken
        self.counter.sounds.play("ok")
        self._typed()

    @property
    def title(self) -> str:
        """Return its name."""
        return self.say("opening.step.lots")

    def first_focus(self) -> QWidget | None:
        """Return whose it is."""
        return self.who

    def activated(self) -> None:
        """Show how many lots there are."""
        self.witness.offer(has_party=True)
        self._count()

    def refresh(self, changes: Sequence[StateChange]) -> None:
        """Count again."""
        if self.isVisible():
            self._count()

    def on_escape(self) -> bool:
        """Stop seeking, then go back."""
        if self.people.isVisible():
            self._right.setCurrentIndex(0)
        else:
            self._leave()
        return True

    def draft(self) -> Draft | None:
        """Return the lot that is half written; what the scale said is weighed again."""
        typed = {name: field.text() for name, field in self._fields().items()}
        if not any(typed.values()):
            return None
        person = self.person.identity if self.person else ""
        return {"typed": typed, "person": person, "kind": self.kinds.value()}

    def resume(self, draft: Draft) -> str:
        """Take up the lot that was half written."""
        for name, field in self._fields().items():
            field.set_text(str(draft["typed"][name]))
        self.kinds.set_value(str(draft["kind"]))
        self._show_kind()
        people, identity = self._outfit.gatherer.neighbours.people, str(draft["person"])
        person = self.counter.desk.read(lambda c: people.person(c, identity)) if identity else None
        if person is not None:
            self._take(person)
        self._typed()
        return self.say("opening.lots.resumed")

    def _fields(self) -> dict[str, Field]:
        return {
            "who": self.who,
            "produce": self.produce,
            "quantity": self.quantity,
            "commission": self.commission,
            "cost": self.cost,
        }

    def action_bar(self) -> Sequence[Action]:
        """Return what can be done."""
        missing = self._missing()
        return (
            Action(self.say("opening.lines.back"), "Esc", self._leave),
            Action(self.say("opening.steps.done"), "F11", self._settle),
            Action(
                self.say("opening.lots.primary"),
                "Enter",
                self._enter,
                "primary",
                is_enabled=not missing,
                reason=self.say(f"opening.missing.{missing}") if missing else "",
            ),
        )

    # --- What was typed --------------------------------------------------------------------------

    def measured(self) -> tuple[str, int] | None:
        """Return (unit, quantity) of what was typed: 斤 unless it says otherwise, or pieces."""
        text = self.quantity.text().translate(FULL_WIDTH).strip()
        bare = text[:-1] if text.endswith(PIECES_ENDINGS) else ""
        weighed = self.weighed
        if weighed is not None and parse_jin(text) == weighed.net_grams:
            return GRAM, weighed.net_grams
        if bare:
            is_number = bare.isascii() and bare.isdigit() and int(bare) > 0
            return (PIECE, int(bare)) if is_number else None
        grams = parse_jin(text)
        return (GRAM, grams) if grams else None

    def _missing(self) -> str:
        if self.person is None:
            return "person"
        if not self.produce.text():
            return "produce"
        if self.measured() is None:
            return "quantity"
        if self.kinds.value() == "own" and not self.cost.fen():
            return "cost"
        return "" if self.witness.is_complete else "reason"

    def _typed(self) -> None:
        found = self.measured()
        words = ""
        if self.weighed is not None and found != (GRAM, self.weighed.net_grams):
            self.weighed = None  # it was typed over: the scale says so no more
        if found is not None and found[0] == GRAM:
            words = f"{say_jin(found[1])}（{say_kg(found[1])}）"
            by = "by_scale" if self.weighed else "by_hand"
            words = f"{words}　{self.say(f'opening.lots.{by}')}"
        elif found is not None:
            words = self.say("opening.lots.pieces", count=found[1])
        self.means.setText(words)
        self.touch_actions()
        self.touch_draft()

    def _show_kind(self) -> None:
        is_own = self.kinds.value() == "own"
        self.commission.setVisible(not is_own)
        self.cost.setVisible(is_own)
        self.touch_actions()

    def _seek(self, typed: str) -> None:
        self.person = None
        self.chosen.setText("")
        people = self._outfit.gatherer.neighbours.people
        found = self.counter.desk.read(lambda c: people.find(c, typed, FOUND_MAX)) if typed else ()
        self._found = {person.identity: person for person in found}
        rows = []
        for person in found:
            tail = self.say("opening.sheet.tail", tail=person.tail) if person.tail else ""
            small = "　".join(part for part in (person.hamlet, tail) if part)
            name = self.counter.privacy.name(person.name)
            rows.append(Row(person.identity, (Text(name, bold=True, small=small),)))
        self.people.show_rows(rows, keep=False)
        self._right.setCurrentIndex(1 if found else 0)
        if found:
            self.people.choose(found[0].identity)
        self.people.set_owns_enter(owns=bool(found))
        self.touch_actions()

    def _take_person(self, identity: str) -> None:
        self.people.set_owns_enter(owns=False)
        self._right.setCurrentIndex(0)
        self._take(self._found[identity])
        self.produce.setFocus()
        self.touch_actions()
        self.touch_draft()

    def _take(self, person: FoundPerson) -> None:
        self.person = person
        name = self.counter.privacy.name(person.name)
        self.chosen.setText(f"{name}　{person.hamlet}".strip())

    # --- Doing -----------------------------------------------------------------------------------

    def _enter(self) -> None:
        measured = self.measured()
        if self.person is None or measured is None:
            return
        is_own = self.kinds.value() == "own"
        command = EnterLot(
            person=self.person.identity,
            produce=self.produce.text(),
            unit=measured[0],
            quantity=measured[1],
            is_own=is_own,
            cost_fen=(self.cost.fen() or 0) if is_own else 0,
            commission_bp=0 if is_own else 100 * (self.commission.count() or 0),
            tare_grams=self.weighed.tare_grams if self.weighed else 0,
            frame=self.weighed.frame if self.weighed else "",
            witness=self.witness.witness(),
        )

        def done(outcome: Done) -> None:
            self.tell_done(self.say("opening.lots.done", produce=command.produce), outcome)
            for field in (self.who, self.produce, self.quantity):
                field.set_text("")
            self.cost.set_fen(None)
            self.person = self.weighed = None
            self.chosen.setText("")
            self._typed()
            self.keep_draft()
            self._count()
            self.who.setFocus()

        self.perform(command, done=done, refused=self._refused)

    def _refused(self, refusal: Refusal) -> None:
        self.quantity.say_fault(refusal.text_key, **refusal.slots)

    def _count(self) -> None:
        count = self.counter.desk.read(self._outfit.gatherer.neighbours.lots)
        self._side_title.setText(self.say("opening.found.lots", count=count))
        self.touch_actions()

    def _settle(self) -> None:
        now = self.counter.desk.now()
        opening = self.counter.desk.read(lambda c: records.opening_state(c, now.station))
        if opening is not None and opening.steps.get("lots", OPEN) != OPEN:
            self._leave()
            return
        count = self.counter.desk.read(self._outfit.gatherer.neighbours.lots)
        outcome = "done" if count else "none"
        self.perform(SettleStep(step="lots", outcome=outcome), done=lambda _done: self._leave())

    def _leave(self) -> None:
        self.counter.front.open_page(self._back)

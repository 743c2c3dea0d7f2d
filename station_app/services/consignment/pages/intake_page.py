"""Produce comes in (收货): who, what, from which field, onto the scale, on which terms, one key.

Growers and sorts are found in the place of the outcome; the scale is looked at all the time. What
the county wants looked at stands beside the amount before anything is recorded, and what blocks
a lot says why on the key that would take it in.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Literal

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from station_app.devices.customer_display import IDLE, CustomerLine, CustomerView
from station_app.journal.projection import StateChange
from station_app.reference import produce_records as reference
from station_app.reference.produce import BLOCK
from station_app.services.consignment import records
from station_app.services.consignment.checks import Finding, look
from station_app.services.consignment.commands import FinishIntake, TakeIn
from station_app.services.consignment.facts import LotBought
from station_app.services.consignment.outfit import Outfit
from station_app.services.consignment.pages.finding import FindingPanel, person_small
from station_app.services.consignment.pages.form import IntakeForm
from station_app.services.consignment.pages.outcome import OutcomePanel
from station_app.services.consignment.pages.paying_out import PayingOut
from station_app.services.consignment.pages.terms import BOUGHT, CONTRACT, TermsPart
from station_app.services.consignment.pages.weighing import WeighingPart
from station_app.services.consignment.taking import (
    PACKAGES_MAX,
    coming_lot,
    looked_at,
    quantity_of,
)
from station_app.shell import theme
from station_app.shell.counter import Counter
from station_app.shell.desk import Done
from station_app.shell.drafts import Draft
from station_app.shell.page import Action, Page
from station_app.shell.widgets.panels import Panel, Places
from station_app.shell.widgets.photographing import AttachedPhoto
from station_app.values.money import say_yuan
from station_app.values.now import Now
from station_app.values.paying import Paying
from station_app.values.villagers import Villager
from station_app.values.weight import kg_plain

FORM_WIDTH, SCALE_WIDTH = 410, 450
Mode = Literal["fill", "person", "sort", "pay", "photo"]
PHOTO_KEY = "Ctrl+O"  # the scale has the usual one


class IntakePage(Page):
    """Takes produce in."""

    def __init__(self, counter: Counter, key: str, outfit: Outfit) -> None:
        """Make the page with nothing on the scale."""
        super().__init__(counter, key)
        self.outfit = outfit
        self.person: Villager | None = None
        self.mode: Mode = "fill"
        self._findings: tuple[Finding, ...] = ()
        self._last: Draft | None = None
        self.form = IntakeForm(counter)
        self.weighing = WeighingPart(counter)
        self.terms = TermsPart(counter)
        self.outcome = OutcomePanel(counter)
        self.finding = FindingPanel(counter, outfit.people)
        self.paying = PayingOut(self, outfit)
        self.photo = AttachedPhoto(self, outfit.photos, PHOTO_KEY, self._photo_turned)
        self.money = self.paying.money
        self.money.stand_tall()
        self._lay_out()
        self.form.seeks_person.connect(self._seek_person)
        self.form.seeks_sort.connect(self._seek_sort)
        self.form.grades.chosen.connect(self.terms.propose_for)
        self.finding.person_chosen.connect(self.take_person)
        self.finding.sort_chosen.connect(self.take_sort)
        for part in (self.form, self.weighing, self.terms, self.outcome.following):
            part.changed.connect(self._changed)
        self.paying.changed.connect(self.touch_actions)
        counter.privacy.listen(self._show)
        self._show()

    def _lay_out(self) -> None:
        self._left = Panel(margins=(18, 10, 18, 10))
        self._left.setFixedWidth(FORM_WIDTH)
        self._left.body.addWidget(self.form)
        self._middle = Panel("active", margins=(14, 8, 14, 8), spacing=8)
        self._middle.setFixedWidth(SCALE_WIDTH)
        self._middle.body.addWidget(self.weighing)
        self._middle.body.addWidget(self.terms)
        self._middle.body.addStretch(1)
        paying = Panel("active", margins=(20, 12, 20, 12))
        paying.body.addWidget(self.paying, 1)
        self._right = Places()
        self._places: dict[str, QWidget] = {
            "fill": self.outcome,
            "person": self.finding,
            "sort": self.finding,
            "pay": paying,
        }
        for widget in (self.outcome, self.finding, paying):
            self._right.addWidget(widget)
        if self.photo.panel is not None:
            self._places["photo"] = self.photo.panel
            self._right.addWidget(self.photo.panel)
        columns = QHBoxLayout()
        columns.setSpacing(theme.FULL.gap)
        columns.addWidget(self._left)
        columns.addWidget(self._middle)
        columns.addWidget(self._right, 1)
        self._columns = columns
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addLayout(columns)

    # --- What it says about itself ---------------------------------------------------------------

    @property
    def title(self) -> str:
        """Return its name."""
        return self.say("consignment.tab.intake")

    def first_focus(self) -> QWidget | None:
        """Return what is asked next: whose it is, what it is, how much."""
        if self.mode in ("pay", "photo"):
            return None
        if self.person is None:
            return self.form.who
        return self.form.what if self.form.sort is None else self.weighing.first_field()

    def on_compact(self, is_compact: bool) -> None:
        """Stand closer in a low window."""
        self._columns.setSpacing(theme.COMPACT.gap if is_compact else theme.FULL.gap)
        self.form.set_compact(compact=is_compact)
        self._left.body.setContentsMargins(*((14, 4, 14, 4) if is_compact else (18, 10, 18, 10)))
        self._middle.body.setContentsMargins(*((12, 3, 12, 3) if is_compact else (14, 8, 14, 8)))
        self._middle.body.setSpacing(3 if is_compact else 8)
        self.weighing.set_compact(compact=is_compact)

    def action_bar(self) -> Sequence[Action]:
        """Return what can be done now."""
        say = self.say
        if self.mode == "pay" and self.paying.signing.is_open:
            return self.paying.sign_actions()
        if self.mode == "pay":
            words = self.paying.missing()
            label = say("consignment.intake.pay_out", amount=say_yuan(self.money.paying.due_fen))
            return [
                Action(say("consignment.intake.back"), "Esc", self._back),
                *self.paying.sign_actions(),
                Action(label, "Enter", self._commit, "primary", is_enabled=not words, reason=words),
            ]
        if self.mode == "photo":
            return self.photo.actions()
        actions = self.photo.actions() if self.form.sort is not None else []
        if self._last is not None and self.person is None:
            actions.append(Action(say("consignment.intake.same_again"), "Ctrl+N", self._same_again))
        missing = self._missing()
        actions.append(
            Action(
                self._primary_words(),
                "Enter",
                self._primary,
                "primary",
                is_enabled=not missing,
                reason=missing,
            )
        )
        return actions

    def _primary_words(self) -> str:
        take = self.command()
        if take is not None and take.paid_fen:
            return self.say("consignment.intake.to_pay", amount=say_yuan(take.paid_fen))
        return self.say("consignment.intake.primary")

    def _missing(self) -> str:
        """Return why it cannot be taken in yet, in words, "" when it can."""
        today = self.counter.desk.now().day
        quantity = self._quantity()
        steps = (
            ("person", self.person is None),
            ("sort", self.form.sort is None),
            (self.weighing.wrong(), bool(self.weighing.wrong())),
            ("harvest", self.form.harvest_day(today) is None),
            ("sprayed", self.form.inputs(today) is None),
            ("labels", not 1 <= (self.form.labels.count() or 0) <= PACKAGES_MAX),
        )
        step = next((step for step, is_open in steps if is_open), "") or self.terms.missing(
            quantity
        )
        if step:
            return self.say(f"consignment.missing.{step}")
        blocked = next((one for one in self._findings if one.level == BLOCK), None)
        return self.say(f"consignment.check.{blocked.name}", **blocked.slots) if blocked else ""

    def under_way(self) -> str:
        """Return whose goods are on the scale, "" for nothing."""
        if self.person is None:
            return ""
        name = self.counter.privacy.name(self.person.name)
        return self.say("consignment.intake.under_way", name=name)

    def customer_view(self) -> CustomerView:
        """Return what the grower sees large: what counts, and of what it was made."""
        weighed, sort = self.weighing.weighed(), self.form.sort
        if sort is None or weighed is None:
            return IDLE
        if sort.unit == "piece":
            return CustomerView(
                lines=(CustomerLine(sort.name, small=f"{weighed.pieces} {sort.word}"),)
            )
        small = self.say(
            "consignment.intake.customer",
            gross=kg_plain(weighed.gross_grams),
            tare=kg_plain(weighed.tare_grams),
            deducted=kg_plain(weighed.deducted_grams),
        )
        net = self.say("consignment.slip.kg", kg=kg_plain(weighed.net_grams))
        return CustomerView(lines=(CustomerLine(sort.name), CustomerLine(net, small=small)))

    # --- What the window tells it ----------------------------------------------------------------

    def open_with(self, subject: Mapping[str, str]) -> None:
        """Begin with a grower who was found elsewhere."""
        if subject.get("person"):
            self.take_person(subject["person"])

    def refresh(self, changes: Sequence[StateChange]) -> None:
        """Read anew what stands beside the amount: another PC may have used up her contract."""
        if self.person is not None and any(c.kind.name == "contract" for c in changes):
            self._find_terms()
        self._changed()

    def on_digit(self, digit: int) -> bool:
        """Choose a grade, the terms, or what was shown; while paying, the way."""
        if self.mode == "pay":
            return not self.paying.signing.is_open and self.money.take_digit(digit)
        return self.form.take_digit(digit) or self.terms.kinds.take_digit(digit)

    def on_escape(self) -> bool:
        """Leave the payment or the list; then what stands there is given up."""
        if self.mode != "fill":
            self._back()
            return True
        if self.person is None and self.form.sort is None:
            return False
        self.begin()
        return True

    def draft(self) -> Draft | None:
        """Return the half-done intake."""
        if self.person is None and self.form.sort is None:
            return None
        return {
            "person": self.person.identity if self.person else "",
            "sort": self.form.sort.code if self.form.sort else "",
            "form": self.form.draft(),
            "weighing": self.weighing.draft(),
            "terms": self.terms.draft(),
            "is_for_hub": self.outcome.following.is_for_hub,
        }

    def resume(self, draft: Draft) -> str:
        """Take it up again: nothing of it was recorded."""
        if draft["person"]:
            self.take_person(draft["person"])
        if draft["sort"]:
            self.take_sort(draft["sort"])
        self.form.resume(draft["form"])
        self.weighing.resume(draft["weighing"])
        self.terms.resume(draft["terms"])
        self.outcome.following.set_for_hub(is_for_hub=draft.get("is_for_hub", False))
        self._changed()
        return self.say("consignment.intake.resumed")

    # --- Finding ---------------------------------------------------------------------------------

    def _seek_person(self, typed: str) -> None:
        self.person = None
        self.form.show_person("")
        self._turn("person" if typed.strip() else "fill")
        if typed.strip():
            self.finding.seek_person(typed)

    def _seek_sort(self, typed: str) -> None:
        self.form.show_sort(None)
        self.weighing.show_sort(None)
        self._turn("sort" if typed.strip() else "fill")
        if typed.strip():
            self.finding.seek_sort(typed)

    def take_person(self, identity: str) -> None:
        """It is hers."""
        self.person = self.counter.desk.read(lambda c: self.outfit.people.person(c, identity))
        self.form.who.set_text("")
        self._find_terms()
        self._turn("fill")
        self._focus()

    def take_sort(self, code: str) -> None:
        """It is this."""
        day = self.counter.desk.now().day
        sort = self.counter.desk.read(lambda c: reference.sort_of(c, code, day))
        self.form.what.set_text(sort.name if sort else "")
        self.form.show_sort(sort)
        self.weighing.show_sort(sort)
        self._find_terms()
        self._turn("fill")
        self._focus()

    def _find_terms(self) -> None:
        """Propose terms: her contract for this sort applies by itself."""
        sort, person = self.form.sort, self.person
        contract, agreed = "", None
        if sort is not None and person is not None:
            names, day = (sort.code, sort.name), self.counter.desk.now().day
            identity = person.identity
            contract = self.counter.desk.read(
                lambda c: records.contract_for(c, identity, names, day)
            )
            agreed = (
                self.counter.desk.read(lambda c: records.contract_state(c, contract))
                if contract
                else None
            )
        self.terms.show_terms(sort, self.form.grades.value(), contract, agreed)

    def _focus(self) -> None:
        if self.isVisible():
            (self.first_focus() or self).setFocus()

    # --- Showing ---------------------------------------------------------------------------------

    def _turn(self, mode: Mode) -> None:
        self.mode = mode
        self.finding.rest()
        self._right.setCurrentWidget(self._places[mode])
        is_filled = mode not in ("pay", "photo")  # they need the room
        self._left.setEnabled(is_filled)
        self._middle.setVisible(is_filled)
        self._show()

    def _photo_turned(self) -> None:
        self._turn("photo" if self.photo.is_open else "fill")
        if not self.photo.is_open:
            self._focus()

    def left(self) -> None:
        """Nobody is photographed behind another page."""
        self.photo.leave()
        self.paying.signing.leave()

    def _back(self) -> None:
        if self.mode == "photo":
            self.photo.leave()
            return
        if self.paying.signing.is_open:
            self.paying.signing.pass_on()
            return
        was_paying = self.mode == "pay"
        if self.mode == "person":
            self.form.who.set_text("")
        elif self.mode == "sort":
            self.form.what.set_text("")
        self._turn("fill")
        if was_paying:
            self._focus()

    def _quantity(self) -> int:
        weighed, sort = self.weighing.weighed(), self.form.sort
        return max(0, quantity_of(sort, weighed)) if weighed and sort else 0

    def command(self) -> TakeIn | None:
        """Return what would be asked now, None while something is missing for it."""
        today = self.counter.desk.now().day
        weighed, sort, harvest = (
            self.weighing.weighed(),
            self.form.sort,
            self.form.harvest_day(today),
        )
        inputs = self.form.inputs(today)
        if self.person is None or sort is None or weighed is None:
            return None
        if harvest is None or inputs is None or not self._quantity():
            return None
        is_bought, quantity = self.terms.kind == BOUGHT, self._quantity()
        return TakeIn(
            person=self.person.identity,
            produce=sort.code,
            grade=self.form.grades.value(),
            weighed=replace(weighed, baskets=self.form.baskets.count() or 0),
            is_bought=is_bought,
            price_fen=self.terms.price_fen(),
            commission_bp=0 if is_bought else self.terms.commission_bp(),
            paid_fen=self.terms.paid_fen(quantity),
            contract=self.terms.contract if self.terms.kind == CONTRACT else "",
            harvest_day=harvest,
            inputs=inputs,
            promise=self.form.promise(),
            document=self.form.has_document(),
            packages=self.form.labels.count() or 0,
            is_for_hub=self.outcome.following.is_for_hub,
            is_branded=self.outcome.following.is_branded,
            photos=self.photo.names,
        )

    def _changed(self) -> None:
        self._show()
        self.touch_draft()

    def _show(self) -> None:
        person, sort, quantity = self.person, self.form.sort, self._quantity()
        if person is not None:
            name = self.counter.privacy.name(person.name)
            self.form.show_person(f"{name}　{person_small(self.counter, person)}".rstrip())
        take = self.command()
        now = self.counter.desk.now()
        read, outcome = self.counter.desk.read, self.outcome
        self._findings = ()
        if take is None:
            outcome.following.show_nothing()
        else:
            gatherer = self.outfit.gatherer
            seen = read(lambda c: gatherer.preview(c, take, now))
            self._findings = look(looked_at(seen, take, now), seen.rules)
            shown = outcome.following.offer_mark(seen, take, now)
            read(lambda c: self._show_label(c, shown, now))
        outcome.show_goods(sort, self.form.grades.value(), quantity)
        outcome.show_terms(sort, quantity, self.terms, take)
        owed = person and read(lambda c: records.owed_to(c, person.identity))
        outcome.show_owed(owed or None)
        outcome.show_findings(self._findings)
        self.touch_actions()

    def _show_label(self, connection: Any, take: TakeIn, now: Now) -> None:
        seen = self.outfit.gatherer.foreseen(connection, take, now)
        label = self.outfit.papers.label_before(connection, coming_lot(seen, take, now), now)
        self.outcome.following.label.show_label(self.outfit.preview(label), take.packages)

    # --- Doing -----------------------------------------------------------------------------------

    def _primary(self) -> None:
        take = self.command()
        if take is None or self._missing():
            return
        if not take.paid_fen:
            self._commit()
            return
        owed_fen = self.terms.worth_fen(self._quantity()) - take.paid_fen
        self.paying.begin(take.person, owed_fen)
        self.paying.show_paying(Paying(due_fen=take.paid_fen, gives=True))
        self._turn("pay")
        self.setFocus()

    def _commit(self) -> None:
        take = self.command()
        if take is None or (self.mode == "pay" and self.paying.missing()):
            return
        commands: list[object] = [take]
        if take.paid_fen:
            commands.append(self.paying.payment(take.paid_fen))
            commands += self.paying.signatures(LotBought.KIND)
        kept = self.draft()

        def done(outcome: Done) -> None:
            name = self.form.sort.name if self.form.sort else ""
            self._last = kept
            self.begin()
            sound = "money" if take.paid_fen else "ok"
            words = self.say("consignment.intake.done", name=name, count=take.packages)
            self.tell_done(words, outcome, sound=sound)

        self.perform(*commands, FinishIntake(act=self.ticket, taken=take), done=done)

    def begin(self) -> None:
        """Wait for the next grower."""
        self.photo.forget()
        self.person = None
        self.form.clear()
        self.weighing.clear()
        self.weighing.show_sort(None)
        self.terms.show_terms(None, "", "", None)
        self.outcome.following.clear()
        self._turn("fill")
        self._focus()
        self.keep_draft()

    def _same_again(self) -> None:
        """The same grower brings the same once more: all but the weight stands there."""
        last = self._last
        if last is None:
            return
        self.resume(last)
        self.weighing.clear()
        self._changed()
        self._focus()

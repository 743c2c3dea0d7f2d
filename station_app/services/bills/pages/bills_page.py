"""缴费: a bill is taken in, and what became of the others stands beside it.

A bill is a promise until the biller has the money, so the page says so before the money is taken,
on the slip, and in the list. What was not paid in is owed back: once, against its slip.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtWidgets import QWidget

from station_app.devices.customer_display import (
    IDLE,
    CustomerLine,
    CustomerView,
    with_paying,
)
from station_app.journal.projection import StateChange
from station_app.ledger import paid_acts
from station_app.printing.tops import Top
from station_app.reference import biller_records
from station_app.reference import records as reference
from station_app.reference.billers import BillerTerms
from station_app.services.bills import documents, records, taking
from station_app.services.bills.commands import PrintBillSlip, TakeBill
from station_app.services.bills.outfit import Outfit
from station_app.services.bills.pages.bill_view import BillView
from station_app.services.bills.pages.choosing import BILLERS, PASSER_BY
from station_app.services.bills.pages.row_work import RowWork
from station_app.services.bills.records import BillRow
from station_app.services.bills.taking import Taking
from station_app.services.bills.telling import BILL
from station_app.services.cash.commands import taking as money_taken
from station_app.shell.counter import Counter, Notice
from station_app.shell.desk import Done
from station_app.shell.drafts import Draft
from station_app.shell.offers import Scan
from station_app.shell.page import Action
from station_app.shell.widgets.payment import missing_words
from station_app.values.masks import Personal, mask_name, tail
from station_app.values.money import say_yuan
from station_app.values.paying import Paying
from station_app.values.paying_draft import kept_paying, taken_up
from station_app.values.refusal import Refusal
from station_app.values.villagers import Villager

SAMPLE_NUMBER = "—"


class BillsPage(BillView):
    """Takes bills in, and shows how they stand."""

    def __init__(self, counter: Counter, key: str, outfit: Outfit) -> None:
        """Make the page."""
        super().__init__(counter, key, outfit)
        self.person: Villager | None = None
        self.holder = ""  # the name of a passer-by, if she gave one
        self._billers: tuple[BillerTerms, ...] = ()
        self._seen = Taking(None)
        self._refusal: Refusal | None = Refusal("bills.BILLER_UNKNOWN")
        self._is_meant = False
        self._act = ""
        self.form.changed.connect(self._typed)
        self.form.biller_chosen.connect(self.choose_biller)
        self.form.person_wanted.connect(self._ask_person)
        self.rows = RowWork(self)
        self.choosing.chosen.connect(self._chosen)
        self.bills.list.current_changed.connect(lambda _bill: self.touch_actions())
        self.money.changed.connect(lambda _paying: self._paid_so())
        counter.privacy.listen(self.read)

    # --- What it says about itself ---------------------------------------------------------------

    @property
    def title(self) -> str:
        """Return its name."""
        return self.say("bills.tab")

    def first_focus(self) -> QWidget | None:
        """Type what comes next."""
        if self.mode in ("people", BILLERS):
            return self.choosing.field
        if self.mode == "pay":
            return self.money.first_field()
        return self.form.first_field() if self.mode == "form" else None

    def action_bar(self) -> Sequence[Action]:
        """Return what can be done now."""
        say = self.say
        back = Action(say("bills.action.back"), "Esc", self._back)
        if self.mode in ("people", BILLERS):
            return [back]
        if self.mode == "done":
            return [
                Action(
                    say("bills.action.undo"),
                    "Ctrl+Z",
                    lambda: self.rows.undo(self._act),
                    icon="undo",
                ),
                Action(
                    say("bills.action.again"),
                    "Ctrl+P",
                    lambda: self.rows.print_slip(self._act),
                    icon="printer",
                ),
                Action(say("bills.action.next"), "Enter", self.begin, kind="primary"),
            ]
        if self.mode == "ask":
            return [back, Action(say("bills.action.meant"), "Enter", self._meant, kind="primary")]
        if self.mode == "cancel":
            ask = Action(say("bills.action.ask_back"), "Enter", self.rows.ask_back, kind="primary")
            return [back, ask]
        if self.mode == "pay":
            return [back, self._take_action()]
        other = Action(say("bills.action.other"), "F10", self._ask_biller, icon="search")
        return [other, *self.rows.actions(), self._pay_action()]

    def facts_behind(self) -> Mapping[str, str] | None:
        """Return the bill on which the cursor stands."""
        row = self.bills.current()
        return {"entity": row.bill, "title": self.title} if row is not None else None

    def _pay_action(self) -> Action:
        reason = self._reason()
        words = self.say("bills.action.pay", amount=say_yuan(self.form.due_fen))
        return Action(
            words, "Enter", self._to_pay, kind="primary", is_enabled=not reason, reason=reason
        )

    def _reason(self) -> str:
        if not self._billers:
            return self.say("bills.form.no_billers")
        refusal = self._refusal
        return self.say(refusal.text_key, **refusal.slots) if refusal else ""

    def _take_action(self) -> Action:
        has_shift = bool(self.counter.desk.now().shift)
        reason = missing_words(self.counter.texts, self.money.paying, has_shift=has_shift)
        words = self.say("bills.action.take", amount=say_yuan(self.money.paying.to_pay_fen))
        return Action(
            words, "Enter", self._commit, kind="primary", is_enabled=not reason, reason=reason
        )

    def customer_view(self) -> CustomerView:
        """Return what is paid for, and the money; no account number stands on it."""
        terms = self.form.terms
        if terms is None or self.mode not in ("pay", "done"):
            return IDLE
        paying, is_done = self.money.paying, self.mode == "done"
        line = CustomerLine(terms.name, paying.due_fen, self.say("bills.customer"))
        person = Personal(self.person.name, mask_name) if self.person else None
        return with_paying(CustomerView(person, lines=(line,)), paying, is_done=is_done)

    def under_way(self) -> str:
        """Return what is half done."""
        is_begun = self.mode in ("form", "ask", "pay") and self.form.has_input()
        return self.say("bills.under_way") if is_begun else ""

    # --- What outlives a power cut ---------------------------------------------------------------

    def draft(self) -> Draft | None:
        """Return what was typed; no money was taken for it."""
        if self.mode not in ("form", "ask", "pay", "people", BILLERS) or not self.form.has_input():
            return None
        return {
            "biller": self.form.terms.code if self.form.terms else "",
            "person": self.person.identity if self.person else "",
            "holder": self.holder,
            "account": self.form.account.text(),
            "amount": self.form.amount.text(),
            "paying": kept_paying(self.money.paying) if self.mode == "pay" else None,
        }

    def resume(self, draft: Draft) -> str:
        """Take it up again."""
        self.read()
        people, self.holder = self.outfit.people, draft.get("holder", "")
        if draft["person"]:
            self.person = self.counter.desk.read(lambda c: people.person(c, draft["person"]))
        self.choose_biller(draft["biller"])
        self.form.account.set_text(draft["account"])
        self.form.amount.set_text(draft["amount"])
        self._typed()
        if draft["paying"] is not None and self._refusal is None:
            self._to_pay()
            if self.mode == "pay":
                self.money.show_paying(taken_up(self.money.paying, draft["paying"]))
                self.touch_actions()
        return self.say("bills.resumed")

    # --- What the window tells it ----------------------------------------------------------------

    def activated(self) -> None:
        """Read anew."""
        self.read()

    def refresh(self, changes: Sequence[StateChange]) -> None:
        """Read anew; the county may have answered, or what was taken here was undone."""
        if self.mode == "done" and self.counter.desk.read(
            lambda c: paid_acts.is_undone(c, self._act)
        ):
            self.begin()
        self.read()

    def open_with(self, subject: Mapping[str, str]) -> None:
        """Show a bill, or begin one of a biller or of a villager."""
        self.read()
        if subject.get("bill"):
            self._show_bill(subject["bill"])
        if subject.get("biller"):
            self.choose_biller(subject["biller"])
        if subject.get("person"):
            self._take_person(subject["person"])

    def on_digit(self, digit: int) -> bool:
        """Choose a biller, an amount or a way of paying."""
        if self.mode == "pay":
            return self.money.take_digit(digit)
        return self.mode == "form" and self.form.take_digit(digit)

    def on_scan(self, scan: Scan) -> bool:
        """A slip shows its bill; a payment number or an account number goes where it is wanted."""
        meaning = scan.meaning
        if meaning is not None and meaning.kind == BILL:
            self._show_bill(meaning.entity)
            return True
        if meaning is not None:
            return False
        if self.mode == "pay":
            return self.money.take_scan(scan.text)
        terms = self.form.terms
        if self.mode != "form" or terms is None or not terms.fits(scan.text):
            return False
        self.form.account.set_text(scan.text)
        self._typed()
        self.form.amount.setFocus()
        return True

    def on_escape(self) -> bool:
        """Leave a question; then what was typed."""
        if self.mode != "form":
            self._back()
        elif self.form.has_input() or self.person or self.holder:
            self.begin()
        else:
            return False
        return True

    # --- Reading and showing ---------------------------------------------------------------------

    def read(self) -> None:
        """Read everything anew and show it."""
        now = self.counter.desk.now()

        def read(connection: Any) -> tuple[tuple[BillRow, ...], bool]:
            found = biller_records.billers(connection, now.day)
            used = records.used_lately(connection, now.day)
            self._billers = tuple(sorted(found, key=lambda t: (-used.get(t.code, 0), t.place)))
            rows = records.not_over(connection, records.today_of(now))
            return rows, records.is_online(connection, now.at)

        rows, is_online = self.counter.desk.read(read)
        self.bills.show_bills(rows, records.sums_of(rows), records.today_of(now))
        self.form.show_billers(self._billers, is_online=is_online)
        self._show_person()
        self._typed()
        self.show_mode()

    def _show_person(self) -> None:
        person = self.person
        if person is None:
            name = self.counter.privacy.name(self.holder)
            small = self.say("bills.shown.passer_by") if name else ""
            self.form.show_person(name or self.say("bills.shown.passer_by"), small)
            return
        small = person.tail and self.say("bills.shown.tail", tail=person.tail)
        place = "·".join(part for part in (small, person.hamlet) if part)
        self.form.show_person(self.counter.privacy.name(person.name), place)

    def _show_bill(self, bill: str) -> None:
        if self.mode != "form":
            self._back()
        if self.bills.list.choose(bill):
            self.touch_actions()
            return
        row = self.counter.desk.read(lambda c: records.bill_row(c, bill))
        if row is not None:  # over for long: it stands above the others for as long as it is wanted
            rows = (row, *self.bills.rows)
            today = records.today_of(self.counter.desk.now())
            self.bills.show_bills(rows, records.sums_of(rows), today)
            self.bills.list.choose(bill)
            self.touch_actions()

    def _typed(self) -> None:
        """Judge what stands in the form by the rules that will decide."""
        now = self.counter.desk.now()
        form = self.form
        command = self._command()

        def look(connection: Any) -> Any:
            last = records.last_paid(connection, command.biller, form.account_no)
            return records.standing(connection, command, now), last

        self._seen, last = self.counter.desk.read(look)
        if self._seen.terms is not None and self._seen.terms != form.terms:
            form.show_terms(self._seen.terms)
        self._refusal = form.judge(self._seen, last if form.account_no else None, now.day)
        self._is_meant = False
        self._show_paper()
        self.touch_actions()
        self.touch_draft()

    def _command(self) -> TakeBill:
        form = self.form
        return TakeBill(
            biller=form.terms.code if form.terms else "",
            account_no=form.account.text(),
            amount_fen=form.amount_fen,
            person=self.person.identity if self.person else "",
            holder=self.holder,
            is_meant=self._is_meant,
        )

    def _show_paper(self) -> None:
        """Draw the slip that would come out."""
        form, terms, now = self.form, self.form.terms, self.counter.desk.now()
        if terms is None or not self.paper.isVisible():
            return
        texts = self.counter.texts
        head = self.counter.desk.read(lambda c: reference.letterhead(c, now.station, texts))
        person, papers = self.person, self.outfit.papers
        top = Top(
            station=head.station, address=head.address, act="", number=SAMPLE_NUMBER, day=now.day,
            at=now.at, operator="", name=person.name if person else self.holder,
            tail=person.tail if person else "",
        )  # fmt: skip
        said = documents.TakenSlip(
            top=top, biller=terms.name, account_no=form.account_no, amount_fen=form.amount_fen,
            fee_fen=terms.fee_fen,
            answer_by=papers.answer_by(taking.answer_day(terms, now.day), now.day),
        )  # fmt: skip
        self.paper.show_raster(self.outfit.preview(papers.preview(said)))

    # --- Choosing --------------------------------------------------------------------------------

    def choose_biller(self, code: str) -> None:
        """Begin with a biller; what the villager had paid there last stands in the field."""
        terms = next((one for one in self._billers if one.code == code), None)
        refusal = taking.not_offered(terms, is_online=self._seen.is_online)
        if refusal is not None and code:
            self.counter.sounds.play("warn")
            words = self.say(refusal.text_key, **refusal.slots)
            self.counter.front.toast(Notice(words, "warn"))
            self.form.show_terms(self.form.terms)
            return
        self.form.show_terms(terms)
        self._fill_account()
        self._typed()
        self.form.first_field().setFocus()

    def _fill_account(self) -> None:
        person, terms = self.person, self.form.terms
        if person is None or terms is None or self.form.account.text():
            return
        known = self.counter.desk.read(
            lambda c: records.accounts_of(c, terms.code, person.identity)
        )
        self.form.account.set_text(known)

    def _ask_person(self) -> None:
        self.turn("people")
        self.choosing.ask_person()
        self.choosing.field.setFocus()

    def _ask_biller(self) -> None:
        self.turn(BILLERS)
        self.choosing.ask_biller(self._billers, is_online=self._seen.is_online)
        self.choosing.field.setFocus()

    def _chosen(self, what: str, subject: str) -> None:
        self.turn("form")
        if what == BILLERS:
            self.choose_biller(subject)
        else:
            is_passer = subject == PASSER_BY
            self._take_person("" if is_passer else subject, self.choosing.named() * is_passer)

    def _take_person(self, identity: str, holder: str = "") -> None:
        people = self.outfit.people
        self.person, self.holder = None, holder
        if identity:
            self.person = self.counter.desk.read(lambda c: people.person(c, identity))
        self._show_person()
        self._fill_account()
        self._typed()
        self.form.first_field().setFocus()

    def turn(self, mode: str) -> None:
        """Go to another part of the work."""
        self.mode = mode
        self.show_mode()
        self.touch_actions()

    def _back(self) -> None:
        if self.mode == "done":
            self.begin()
            return
        self.turn("form")
        self.form.first_field().setFocus()

    def begin(self) -> None:
        """Begin with an empty form; the biller stays, since the next one often pays the same."""
        self.person, self.holder = None, ""
        self.mode = "form"
        self.money.clear()
        self.form.clear()
        self.keep_draft()
        self.read()
        self.form.first_field().setFocus()

    # --- Taking in -------------------------------------------------------------------------------

    def _to_pay(self) -> None:
        if self._reason():
            return
        if self._seen.twins and not self._is_meant:
            self._ask_twice()
            return
        self.turn("pay")
        self.money.clear()
        has_shift = bool(self.counter.desk.now().shift)
        self.money.show_paying(Paying(due_fen=self.form.due_fen), has_shift=has_shift)
        terms = self.form.terms
        name = terms.name if terms else ""
        what = self.say("bills.pay_for", biller=name, tail=tail(self.form.account_no))
        self.show_pay_what(what)
        self.touch_actions()
        self.money.first_field().setFocus()

    def _ask_twice(self) -> None:
        amount = say_yuan(self.form.amount_fen)
        self.asked.tell(self.say("bills.ask.twice", amount=amount), "warn")
        self.question_small.setText(self.say("bills.ask.twice_small"))
        self.counter.sounds.play("warn")
        self.turn("ask")
        self.setFocus()

    def _meant(self) -> None:
        self._is_meant = True
        self.turn("form")
        self._to_pay()

    def _paid_so(self) -> None:
        self.touch_actions()
        self.touch_draft()

    def _commit(self) -> None:
        self.perform(
            self._command(), money_taken(self.money.paying), PrintBillSlip(act=self.ticket),
            done=self._is_taken, refused=self._refused,
        )  # fmt: skip

    def _is_taken(self, done: Done) -> None:
        self._act = done.act
        paying = self.money.paying
        change = say_yuan(paying.change_fen) if paying.change_fen else ""
        self.done.show_done(
            self.say("bills.done.title", amount=say_yuan(paying.to_pay_fen)),
            self.say("bills.done.change") if change else "",
            change,
            self.say("bills.done.small"),
        )
        self.form.clear()
        self.mode = "done"
        self.read()
        self.tell_done(self.say("bills.done.toast"), done, sound="money")

    def _refused(self, refusal: Refusal) -> None:
        self.turn("form")
        self._typed()
        self.counter.front.say_refusal(refusal.text_key, refusal.slots)

"""寄件: a villager sends a parcel: her paper is seen, it is looked into, weighed, paid, labelled.

Nothing goes without the three things that the law asks; the page says which of them is missing, and
the rule that decides is the one that it asks. Works without a line: numbers lie here beforehand.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from PySide6.QtWidgets import QWidget

from station_app.devices.customer_display import IDLE, CustomerLine, CustomerView, with_paying
from station_app.journal.projection import StateChange
from station_app.ledger import paid_acts
from station_app.reference import records as reference
from station_app.reference.zones import ZoneTerms, zone_of
from station_app.services.cash.commands import taking as money_taken
from station_app.services.sending import accepting, records
from station_app.services.sending.accepting import Accepting
from station_app.services.sending.commands import AcceptSending, AskWaybills, FinishSending
from station_app.services.sending.outfit import Outfit
from station_app.services.sending.pages.form_parts import LOOKED
from station_app.services.sending.pages.sending_view import SendingView
from station_app.services.sending.records import KnownReceiver
from station_app.services.sending.rules import Sending
from station_app.services.sending.telling import LEAVING_PAGE
from station_app.services.sending.waybills import Left
from station_app.shell.counter import Counter, Notice
from station_app.shell.desk import Done
from station_app.shell.drafts import Draft
from station_app.shell.offers import Scan
from station_app.shell.page import Action
from station_app.shell.widgets.payment import missing_words
from station_app.values import spoken
from station_app.values.masks import Personal, mask_name
from station_app.values.money import say_yuan
from station_app.values.paying import Paying
from station_app.values.paying_draft import kept_paying, taken_up
from station_app.values.refusal import Refusal

FINDING = ("people", "again")


class SendingPage(SendingView):
    """Accepts parcels for sending."""

    def __init__(self, counter: Counter, key: str, outfit: Outfit) -> None:
        """Make the page."""
        super().__init__(counter, key, outfit)
        self._couriers: tuple[reference.CourierRow, ...] = ()
        self._courier = ""
        self._seen = Accepting(zones=(), left=Left())
        self._refusal: Refusal | None = Refusal("sending.NO_PRICES")
        self._ask_first: tuple[str, ...] = ()
        self._act = ""
        self._shown: Any = None
        for part in (self.who, self.whom, self.price):
            part.changed.connect(self._typed)
        self.who.person_wanted.connect(self._ask_person)
        self.whom.again_wanted.connect(self._ask_again)
        self.price.courier_wanted.connect(self._next_courier)
        self.finder.person_chosen.connect(self._take_person)
        self.finder.receiver_chosen.connect(self._take_receiver)
        self.money.changed.connect(lambda _paying: self._paid_so())

    # --- What it says about itself ---------------------------------------------------------------

    @property
    def title(self) -> str:
        """Return its name."""
        return self.say("sending.tab")

    def first_focus(self) -> QWidget | None:
        """Type what comes next."""
        if self.mode in FINDING:
            return self.finder.field
        if self.mode == "pay":
            return self.money.first_field()
        return self._next_field() if self.mode == "form" else None

    def _next_field(self) -> QWidget:
        if not (self.who.name.text() and self.who.number.text()):
            return self.who.first_field()
        if not self.who.contents.text():
            return self.who.contents
        return self.whom.first_field()

    def action_bar(self) -> Sequence[Action]:
        """Return what can be done now."""
        say = self.say
        back = Action(say("sending.action.back"), "Esc", self._back)
        if self.mode in FINDING:
            return [back]
        if self.mode == "pay":
            return [back, self._take_action()]
        if self.mode == "done":
            return [
                Action(say("sending.action.undo"), "Ctrl+Z", self._undo, icon="undo"),
                Action(say("sending.action.again"), "Ctrl+P", self._print_label, icon="printer"),
                Action(say("sending.action.slip"), "F10", self._print_slip, icon="receipt"),
                Action(say("sending.action.next"), "Enter", self.begin, kind="primary"),
            ]
        leave = Action(say("sending.action.leave"), "F11", self._leave, icon="truck")
        made = [leave]
        if self._courier and not self._seen.left.next_waybill and not self._seen.left.is_asked:
            words = say("sending.action.ask_numbers")
            made.append(Action(words, "Ctrl+N", self._ask_numbers, icon="message"))
        return [*made, self._pay_action()]

    def _pay_action(self) -> Action:
        refusal = self._refusal
        reason = self.say(refusal.text_key, **refusal.slots) if refusal else ""
        words = self.say("sending.action.pay", amount=say_yuan(self._price_fen()))
        if self.price.is_collect:
            words = self.say("sending.action.pay_collect")
        return Action(
            words, "Enter", self._to_pay, kind="primary", is_enabled=not reason, reason=reason
        )

    def _take_action(self) -> Action:
        has_shift = bool(self.counter.desk.now().shift)
        reason = missing_words(self.counter.texts, self.money.paying, has_shift=has_shift)
        words = self.say("sending.action.take", amount=say_yuan(self.money.paying.to_pay_fen))
        return Action(
            words, "Enter", self._commit, kind="primary", is_enabled=not reason, reason=reason
        )

    def customer_view(self) -> CustomerView:
        """Return what is paid; neither what is sent nor to whom stands on it."""
        if self.mode not in ("pay", "done") or not self.money.paying.due_fen:
            return IDLE
        paying = self.money.paying
        line = CustomerLine(self.say("sending.customer"), paying.due_fen, "")
        sender = self.who.name.text()
        person = Personal(sender, mask_name) if sender else None
        return with_paying(CustomerView(person, lines=(line,)), paying, is_done=self.mode == "done")

    def has_input(self) -> bool:
        """Tell whether anything was typed."""
        return self.who.has_input() or self.whom.has_input()

    def under_way(self) -> str:
        """Return what is half done."""
        is_begun = self.mode in ("form", "pay") and self.has_input()
        return self.say("sending.under_way") if is_begun else ""

    # --- What outlives a power cut ---------------------------------------------------------------

    def draft(self) -> Draft | None:
        """Return what was typed; no money was taken for it."""
        if self.mode == "done" or not self.has_input():
            return None
        weighed = self.price.weighed()
        return {
            **self.who.draft(),
            **self.whom.draft(),
            "courier": self._courier,
            "weight": self.price.typed.text(),
            "terms": self.price.terms.value(),
            "taken": [weighed.grams, weighed.frame] if self.mode == "pay" else None,
            "paying": kept_paying(self.money.paying) if self.mode == "pay" else None,
        }

    def resume(self, draft: Draft) -> str:
        """Take it up again."""
        self._courier = draft["courier"]
        self.who.resume(draft)
        self.whom.resume(draft)
        self.price.typed.set_text(draft["weight"])
        self.price.terms.set_value(draft["terms"])
        if draft["taken"] is not None:
            self.price.put_back(*draft["taken"])
        self.read()
        if draft["paying"] is not None and self._refusal is None:
            self._to_pay()
            if self.mode == "pay":
                self.money.show_paying(taken_up(self.money.paying, draft["paying"]))
                self.touch_actions()
        return self.say("sending.resumed")

    # --- What the window tells it ----------------------------------------------------------------

    def activated(self) -> None:
        """Read anew."""
        self.read()

    def refresh(self, changes: Sequence[StateChange]) -> None:
        """Read anew; numbers may have come, or what was accepted here was undone."""
        if self.mode == "done" and self.counter.desk.read(
            lambda c: paid_acts.is_undone(c, self._act)
        ):
            self.begin()
        self.read()

    def open_with(self, subject: Mapping[str, str]) -> None:
        """Begin with a villager."""
        self.read()
        if subject.get("person"):
            self._take_person(subject["person"])

    def on_digit(self, digit: int) -> bool:
        """Choose what was seen, which paper, who pays, or a way of paying."""
        if self.mode == "pay":
            return self.money.take_digit(digit)
        if self.mode != "form":
            return False
        return self.who.take_digit(digit) or self.price.take_digit(digit)

    def on_scan(self, scan: Scan) -> bool:
        """A payment number, or the number of an ID card, goes where it is wanted."""
        if scan.meaning is not None:
            return False
        if self.mode == "pay":
            return self.money.take_scan(scan.text)
        is_id = len(scan.text) == accepting.ID_CHARACTERS and scan.text[:-1].isdigit()
        if self.mode != "form" or not is_id:
            return False
        self.who.take_number(scan.text)
        return True

    def on_escape(self) -> bool:
        """Leave a question; then what was typed."""
        if self.mode != "form":
            self._back()
        elif self.has_input():
            self.begin()
        else:
            return False
        return True

    # --- Reading and showing ---------------------------------------------------------------------

    def read(self) -> None:
        """Read everything anew and show it."""
        now = self.counter.desk.now()

        def read(connection: Any) -> tuple[Any, ...]:
            found = records.couriers_that_send(connection, now)
            return found, records.ask_first(connection, now)

        self._couriers, self._ask_first = self.counter.desk.read(read)
        codes = [row.code for row in self._couriers]
        if self._courier not in codes:
            self._courier = codes[0] if codes else ""
        self._typed()
        self.show_mode()

    def _command(self) -> AcceptSending:
        weighed = self.price.weighed()
        who, whom = self.who, self.whom
        return AcceptSending(
            courier=self._courier,
            person=who.person,
            sender=who.name.text(),
            phone=who.phone.text(),
            document=who.documents.value(),
            number=who.number.text(),
            contents=who.contents.text(),
            is_looked_into=who.looked.value() == LOOKED,
            receiver=whom.name.text(),
            receiver_phone=whom.phone.text(),
            address=whom.address.text(),
            grams=weighed.grams,
            frame=weighed.frame,
            is_collect=self.price.is_collect,
        )

    def _terms(self) -> ZoneTerms | None:
        address = self.whom.address.text()
        return zone_of(address, self._seen.zones) if address else None

    def _price_fen(self) -> int:
        terms, grams = self._terms(), self.price.weighed().grams
        return terms.price_fen(grams) if terms and grams else 0

    def _typed(self) -> None:
        """Judge what stands in the form by the rules that will decide."""
        now, command = self.counter.desk.now(), self._command()
        self._seen = self.counter.desk.read(lambda c: records.standing(c, command, now))
        found = self.who.judge(self._seen.forbidden, self._ask_first)
        terms = self._terms()
        nowhere = None
        is_begun = len(command.address.strip()) >= accepting.ADDRESS_LEAST
        if is_begun and terms is None and self._seen.zones:
            nowhere = Refusal("sending.ZONE_UNKNOWN")
        self.whom.show_zone(self._zone_words(terms), nowhere)
        self.price.show_price(terms)
        name = next((row.name for row in self._couriers if row.code == self._courier), "")
        self.price.show_courier(name, can_change=len(self._couriers) > 1)
        self.stock.show_left(self._seen.left)
        self.offer_terms(has_prices=bool(self._seen.zones))
        self._refusal = found or accepting.refused(self._seen, command)
        self._show_paper(command, terms)
        self.touch_actions()
        self.touch_draft()

    def _zone_words(self, terms: ZoneTerms | None) -> str:
        if terms is None or not self.whom.address.text().strip():
            return ""
        key = "reaches" if terms.days else "reaches_today"
        return self.say(f"sending.form.{key}", zone=terms.name, days=terms.days)

    def _show_paper(self, command: AcceptSending, terms: ZoneTerms | None) -> None:
        """Draw the label that would come out."""
        now = self.counter.desk.now()
        state = Sending(
            courier=command.courier,
            waybill=self._seen.left.next_waybill or "0",
            sender=command.sender,
            phone=command.phone,
            receiver=command.receiver,
            receiver_phone=command.receiver_phone,
            address=command.address,
            contents=command.contents,
            grams=command.grams,
            price_fen=self._price_fen(),
            is_collect=int(command.is_collect),
            zone_name=terms.name if terms else "",
            route=terms.route if terms else "",
            day=now.day,
        )
        drawn = (state, now.operator)
        if drawn == self._shown or not self.paper.isVisible():
            return
        self._shown = drawn
        people, papers = self.outfit.people, self.outfit.papers
        label = self.counter.desk.read(
            lambda c: papers.label(
                c, state, now.station, people.operator_name(c, now.operator), now.at
            )
        )
        self.paper.show_raster(self.outfit.preview(label))

    # --- Choosing --------------------------------------------------------------------------------

    def turn(self, mode: str) -> None:
        """Go to another part of the work."""
        self.mode = mode
        self.show_mode()
        self.touch_actions()

    def _ask_person(self) -> None:
        self.turn("people")
        self.finder.ask_person()
        self.finder.field.setFocus()

    def _ask_again(self) -> None:
        self.turn("again")
        self.finder.ask_again(self.who.person)
        self.finder.field.setFocus()

    def _take_person(self, identity: str) -> None:
        people = self.outfit.people
        person = self.counter.desk.read(lambda c: people.person(c, identity)) if identity else None
        if person is not None:
            self.who.show_person(person.identity, person.name, person.phone)
        else:
            self.who.show_person("", "", "")
        self.turn("form")
        self._typed()
        field = self.who.number if person is not None else self.who.name
        field.setFocus()

    def _take_receiver(self, receiver: KnownReceiver) -> None:
        self.whom.show_receiver(receiver)
        self.turn("form")
        self._typed()
        self._next_field().setFocus()

    def _next_courier(self) -> None:
        codes = [row.code for row in self._couriers]
        if len(codes) > 1:
            self._courier = codes[(codes.index(self._courier) + 1) % len(codes)]
            self._typed()

    def _back(self) -> None:
        if self.mode == "done":
            self.begin()
            return
        self.price.let_go()
        self.turn("form")
        self._typed()
        self._next_field().setFocus()

    def begin(self) -> None:
        """Begin with an empty form; the courier stays."""
        self.mode = "form"
        self.money.clear()
        for part in (self.who, self.whom, self.price):
            part.clear()
        self.keep_draft()
        self.read()
        self._next_field().setFocus()

    def _leave(self) -> None:
        self.counter.front.open_page(LEAVING_PAGE, {})

    def _ask_numbers(self) -> None:
        def asked(done: Done) -> None:
            self.tell_done(self.say("sending.done.asked"), done)
            self.read()

        self.perform(AskWaybills(courier=self._courier), done=asked)

    # --- Accepting -------------------------------------------------------------------------------

    def _to_pay(self) -> None:
        if self._refusal is not None or not self.price.take():
            self._typed()
            return
        price_fen = 0 if self.price.is_collect else self._price_fen()
        if not price_fen:
            self.money.show_paying(Paying(due_fen=0))  # not what the one before was paid with
            self._commit()
            return
        self.turn("pay")
        self.money.clear()
        has_shift = bool(self.counter.desk.now().shift)
        self.money.show_paying(Paying(due_fen=price_fen), has_shift=has_shift)
        terms = self._terms()
        self.show_pay_what(
            self.say(
                "sending.pay_for",
                contents=self.who.contents.text(),
                place=terms.name if terms else "",
            )
        )
        self.touch_actions()
        self.money.first_field().setFocus()

    def _paid_so(self) -> None:
        self.touch_actions()
        self.touch_draft()

    def _commit(self) -> None:
        command = self._command()
        finish = FinishSending(act=self.ticket, accepted=command)
        paid = () if not self.money.paying.due_fen else (money_taken(self.money.paying),)
        self.perform(command, *paid, finish, done=self._is_accepted, refused=self._refused)

    def _is_accepted(self, done: Done) -> None:
        self._act = done.act
        paying = self.money.paying
        change = say_yuan(paying.change_fen) if paying.change_fen else ""
        waybill = next(
            (one.body.waybill for one in done.told if isinstance(one.body, msgspec.Struct)
             and hasattr(one.body, "waybill")),
            "",
        )  # fmt: skip
        self.done.show_done(
            self.say("sending.done.title", waybill=waybill),
            self.say("sending.done.change") if change else "",
            change,
            self.say("sending.done.small"),
        )
        for part in (self.who, self.whom, self.price):
            part.clear()
        self.mode = "done"
        self.read()
        sound = "money" if paying.due_fen else "ok"
        self.tell_done(self.say("sending.done.toast"), done, sound=sound)
        if paying.change_fen:
            given = paying.to_pay_fen + paying.change_fen
            self.counter.voice.speak("money", spoken.change(given, paying.change_fen))

    def _refused(self, refusal: Refusal) -> None:
        self.price.let_go()
        self.turn("form")
        self._typed()
        self.counter.front.say_refusal(refusal.text_key, refusal.slots)

    # --- What was just done ----------------------------------------------------------------------

    def _undo(self) -> None:
        self.counter.front.undo(self._act)

    def _print_label(self) -> None:
        self._print(self.outfit.papers.label_again, "label")

    def _print_slip(self) -> None:
        self._print(self.outfit.papers.slip_again, "slip")

    def _print(self, again: Any, what: str) -> None:
        paper = self.counter.desk.read(lambda c: again(c, self._act))
        if paper is not None:
            self.outfit.print_again(paper, self._act)
            self.counter.front.toast(Notice(self.say(f"sending.printed.{what}"), "notice"))

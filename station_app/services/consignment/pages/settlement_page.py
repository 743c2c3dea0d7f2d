"""Settling with a grower (货款结算): what was sold, what is taken off, what she gets, one key.

All that is open is ticked but what is stopped; the space bar leaves a lot for another time. What
she gets is all that is hers, unless less is typed. Where that is more than lies here it is an
advance on the county's money, and the key says so before it is pressed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from station_app.journal.projection import StateChange
from station_app.ledger.accounts import COUNTY, HERE, counter, drawer, held_grower
from station_app.ledger.balances import balance
from station_app.ledger.posting import Line, pays
from station_app.services.cash.commands import giving, tenders_of
from station_app.services.consignment import records
from station_app.services.consignment.commands import PrintSettlement, SettleGrower
from station_app.services.consignment.facts import Cost, SettlementMade
from station_app.services.consignment.outfit import Outfit
from station_app.services.consignment.pages.finding import person_small
from station_app.services.consignment.pages.open_lots import lot_lines
from station_app.services.consignment.pages.settlement_view import LotLine, SettlementView
from station_app.services.consignment.paying_out import Due, Settling, due_of
from station_app.services.consignment.rules import payout
from station_app.services.pictures.commands import SIGNATURE, signed
from station_app.shell.counter import Counter, Notice
from station_app.shell.desk import Done
from station_app.shell.drafts import Draft
from station_app.shell.page import Action
from station_app.shell.widgets.payment import missing_words
from station_app.shell.widgets.signing import Signer
from station_app.values.day import say_day
from station_app.values.money import say_yuan
from station_app.values.paying import CASH, Paying
from station_app.values.staff import approval
from station_app.values.villagers import Villager

FOUND_MAX = 8
PREVIEW_ACT = "A" * 16


class SettlementPage(SettlementView):
    """Pays growers."""

    def __init__(self, counter: Counter, key: str, outfit: Outfit) -> None:
        """Make the page with those who wait."""
        super().__init__(counter, key, outfit)
        self.person: Villager | None = None
        self._state = Settling()
        self._lots: tuple[LotLine, ...] = ()
        self._spoiled_fen, self._last = 0, ""
        self._left_out: frozenset[str] = frozenset()
        self.who.changed.connect(lambda _typed: self._seek())
        self.people.opened.connect(self.take_person)
        self.lines.opened.connect(lambda _lot: self._tick())
        for field in (self.freight, self.packing, self.set_off, self.pays):
            field.amount_changed.connect(lambda _fen: self._typed())
        self.money.changed.connect(self._pay)
        self.lending.changed.connect(self.touch_actions)
        counter.privacy.listen(self._seek)
        self._seek()
        self.show_places()

    # --- What it says about itself ---------------------------------------------------------------

    def first_focus(self) -> QWidget | None:
        """Return whose it is; then the lines, where the space bar ticks."""
        focused: dict[str, QWidget] = {"who": self.who, "lines": self.lines}
        return focused.get(self.mode)

    def action_bar(self) -> Sequence[Action]:
        """Return what can be done now."""
        say = self.say
        if self.mode == "who":
            return []
        back = Action(say("consignment.settle.back"), "Esc", self._back)
        if self.mode == "pay":
            missing = self._missing_money()
            label = say("consignment.settle.pay_out", amount=say_yuan(self.pay_fen()))
            if self.signing.is_open:
                return self.signing.actions(self._signers)
            return [
                back,
                *self.signing.actions(self._signers),
                Action(label, "Enter", self._commit, "primary", is_enabled=not missing,
                       reason=missing),
            ]  # fmt: skip
        if self.mode == "dispute":
            return [back, self.dispute.action(self._write_dispute)]
        missing = self._missing()
        key = "to_pay" if self.pay_fen() else "settle_only"
        return [
            back,
            Action(say("consignment.settle.tick_one"), "Space", self._tick),
            Action(say("consignment.dispute.begin"), "F11", self._begin_dispute),
            Action(say("consignment.settle.standing"), "Ctrl+P", self._print_standing,
                   icon="printer"),
            Action(say("consignment.settle.season"), "Ctrl+E", self._print_season),
            Action(
                say(f"consignment.settle.{key}", amount=say_yuan(self.pay_fen())),
                "Enter",
                self._primary,
                "primary",
                is_enabled=not missing,
                reason=missing,
            ),
        ]  # fmt: skip

    def facts_behind(self) -> Mapping[str, str] | None:
        """Return what is owed to the grower, or the lot of her on which the cursor stands."""
        line = self._current() if self.mode == "lines" else None
        if line is not None:
            return {"entity": line.lot, "title": line.name}
        grower = self.people.current() if self.person is None else self.person.identity
        if not grower:
            return None
        accounts = (held_grower(grower, HERE), held_grower(grower, COUNTY))
        return {"account": " ".join(accounts), "title": self.title}

    def under_way(self) -> str:
        """Return with whom is settled, "" for nobody."""
        if self.person is None or self.mode != "pay":
            return ""
        name = self.counter.privacy.name(self.person.name)
        return self.say("consignment.settle.under_way", name=name)

    def open_with(self, subject: Mapping[str, str]) -> None:
        """Open a grower who was found elsewhere."""
        person, people = subject.get("person", ""), self.outfit.people
        if person:
            found = self.counter.desk.read(lambda c: records.purses_of(c, people, person))
            self.take_person(found[0][0].identity if found else person)

    def activated(self) -> None:
        """Read who waits."""
        if self.mode == "who":
            self._seek()

    def refresh(self, changes: Sequence[StateChange]) -> None:
        """Read anew: another PC may have sold, or paid, in the meantime."""
        if self.mode == "who":
            self._seek()
        elif not self.is_busy:
            self._read()

    def on_digit(self, digit: int) -> bool:
        """Choose a way of paying, or what she does not agree with."""
        if self.mode == "dispute":
            return self.dispute.reasons.take_digit(digit)
        return self.mode == "pay" and self.money.take_digit(digit)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Tick the current lot with the space bar."""
        if event.key() == Qt.Key.Key_Space and self.mode == "lines":
            self._tick()
            return
        super().keyPressEvent(event)

    def on_escape(self) -> bool:
        """Leave the signature, the payment, then the grower."""
        if self.mode == "who":
            return False
        if self.signing.is_open:
            self.signing.pass_on()
            return True
        self._back()
        return True

    def draft(self) -> Draft | None:
        """Return with whom is settled, and what was typed."""
        if self.person is None:
            return None
        return {
            "person": self.person.identity,
            "left_out": sorted(self._left_out),
            "fields": [f.text() for f in (self.freight, self.packing, self.set_off, self.pays)],
        }

    def resume(self, draft: Draft) -> str:
        """Open her again; nothing was paid."""
        self.take_person(draft["person"])
        if self.person is None:
            return ""
        self._left_out = frozenset(draft["left_out"])
        fields = (self.freight, self.packing, self.set_off, self.pays)
        for field, text in zip(fields, draft["fields"], strict=True):
            field.set_text(text)
        self._show()
        return self.say("consignment.settle.resumed")

    # --- Who -------------------------------------------------------------------------------------

    def _seek(self) -> None:
        typed = self.who.text()
        people = self.outfit.people

        def read(connection: Any) -> list[tuple[str, str, str, int]]:
            if typed:
                found = [
                    one
                    for known in people.find(connection, typed)[:FOUND_MAX]
                    for one in records.purses_of(connection, people, known.identity)
                ]
            else:
                found = records.growers_waiting(connection, people)
            return [
                (
                    one.identity,
                    self.counter.privacy.name(one.name),
                    person_small(self.counter, one),
                    fen,
                )
                for one, fen in found
            ]

        self.show_people(self.counter.desk.read(read), is_typed=bool(typed))
        self.show_places()
        self.touch_actions()

    def take_person(self, identity: str) -> None:
        """Settle with her."""
        people = self.outfit.people
        self.person = self.counter.desk.read(lambda c: records.purse(c, people, identity))
        if self.person is None:
            return
        self._left_out = frozenset()
        for field in (self.freight, self.packing, self.set_off, self.pays):
            field.set_fen(None)
        self.who.set_text("")
        self.mode = "lines"
        self._read()
        self._left_out = frozenset(lot.key for lot in self._lots if lot.waits)
        self._show()
        if self.isVisible():
            self.lines.setFocus()

    # --- Lines -----------------------------------------------------------------------------------

    def _read(self) -> None:
        person = self.person
        if person is None:
            return
        now, gatherer = self.counter.desk.now(), self.outfit.gatherer
        self._state = self.counter.desk.read(lambda c: gatherer.due_to(c, person.identity, now))
        self._lots = self.counter.desk.read(
            lambda c: lot_lines(c, self.say, person.identity, self._state)
        )
        self._left_out |= {lot.key for lot in self._lots if lot.is_disputed}
        self.counter.desk.read(lambda c: self._read_before(c, person.identity))
        self._show()

    def _read_before(self, connection: Any, person: str) -> None:
        """Read when she was settled with last, and what the station paid for losses since."""
        now, made = self.counter.desk.now(), records.settlements_of(connection, person)
        since = made[-1].at if made else 0
        self._spoiled_fen = records.made_good(connection, person, since, now.at)
        self._last = say_day(made[-1].day, now.day) if made else ""

    def _tick(self) -> None:
        line = self._current()
        if line is None or self.mode != "lines":
            return
        if line.is_disputed or line.is_by_county:
            key = "waits" if line.is_disputed else "by_county"
            self.counter.front.toast(Notice(self.say(f"consignment.dispute.{key}"), "warn"))
            return
        self._left_out = self._left_out ^ {line.key}
        self._typed()

    def _current(self) -> LotLine | None:
        """Return the line on which the cursor stands."""
        key = self.lines.current()
        return next((one for one in self._lots if one.key == key), None)

    def _begin_dispute(self) -> None:
        lot = self._current()
        if lot is None or lot.is_disputed:
            key = "waits" if lot else "which"
            self.counter.front.toast(Notice(self.say(f"consignment.dispute.{key}"), "warn"))
            return
        self.mode = "dispute"
        self.dispute.open(lot.lot, lot.name)
        self.show_places()
        self.setFocus()
        self.touch_actions()

    def _write_dispute(self) -> None:
        command = self.dispute.command(self.person.identity if self.person else "")
        if command is None:
            return

        def done(outcome: Done) -> None:
            self._back()
            self._read()
            self.tell_done(self.say("consignment.dispute.done"), outcome)

        self.perform(command, done=done)

    def sales(self) -> tuple[str, ...]:
        """Return the sales that are settled."""
        chosen = [lot.sales for lot in self._lots if lot.key not in self._left_out]
        return tuple(dict.fromkeys(sale for sales in chosen for sale in sales))

    def _passed_on(self) -> tuple[Cost, ...]:
        fen = self.freight.fen() or 0
        return (Cost(name="freight", amount_fen=fen),) if fen else ()

    def _service(self) -> tuple[Cost, ...]:
        fen = self.packing.fen() or 0
        return (Cost(name="packing", amount_fen=fen),) if fen else ()

    def due(self) -> Due:
        """Return what comes of it."""
        return due_of(self._state, self.sales(), (*self._service(), *self._passed_on()))

    def set_off_fen(self) -> int:
        """Return what goes against her debt."""
        return self.set_off.fen() or 0

    def pay_fen(self) -> int:
        """Return what she gets today: what lies here, unless something else was typed."""
        typed = self.pays.fen()
        if typed is not None:
            return typed
        most_fen = max(0, self.due().payable_here_fen - self.set_off_fen())
        return 0 if most_fen < self._state.least_fen else most_fen

    def _advance_fen(self) -> int:
        here_fen = max(0, self.due().payable_here_fen - self.set_off_fen())
        return max(0, self.pay_fen() - here_fen)

    def command(self) -> SettleGrower | None:
        """Return what would be asked now."""
        if self.person is None:
            return None
        return SettleGrower(
            person=self.person.identity,
            sales=self.sales(),
            service=self._service(),
            passed_on=self._passed_on(),
            pay_fen=self.pay_fen(),
            set_off_fen=self.set_off_fen(),
            may_advance=bool(self._advance_fen()),
        )

    def _missing(self) -> str:
        """Return what is wrong, in words."""
        due, state, say = self.due(), self._state, self.say
        fields = (self.freight, self.packing, self.set_off, self.pays)
        if any(field.is_wrong() for field in fields):
            return say("consignment.missing.amount")
        most_fen = max(0, min(state.owes_fen, due.payable_here_fen))
        if self.set_off_fen() > most_fen:
            return say("consignment.refusal.SET_OFF_TOO_MUCH", most=say_yuan(most_fen))
        left_fen = max(0, due.payable_fen - self.set_off_fen())
        if self.pay_fen() > left_fen:
            return say("consignment.refusal.PAY_TOO_MUCH", most=say_yuan(left_fen))
        if 0 < self.pay_fen() < state.least_fen:
            return say("consignment.refusal.BELOW_LEAST", least=say_yuan(state.least_fen))
        if not self.sales() and not self.pay_fen() and not self.set_off_fen():
            return say("consignment.refusal.NOTHING_TO_SETTLE")
        return ""

    def _typed(self) -> None:
        self._show()
        self.touch_draft()

    def _show(self) -> None:
        person = self.person
        if person is None:
            return
        name = self.counter.privacy.name(person.name)
        last = self.say("consignment.settle.last", day=self._last) if self._last else ""
        whose = f"{name}　{person_small(self.counter, person)}　{last}".rstrip()
        self.show_lines(whose, self._lots, self._left_out)
        self.show_due(self.due(), self._spoiled_fen, self.pay_fen(), self._advance_fen())
        self.set_off.setVisible(self._state.owes_fen > 0)
        self.set_off.set_label(
            self.say("consignment.settle.set_off_of", amount=say_yuan(self._state.owes_fen))
        )
        self.pays.line.setPlaceholderText(say_yuan(self.pay_fen()))
        self.show_places()
        self.touch_actions()

    # --- Paying ----------------------------------------------------------------------------------

    def _primary(self) -> None:
        if self._missing():
            return
        if not self.pay_fen():
            self._commit()
            return
        self.mode = "pay"
        self.money.clear()
        self.lending.clear()
        self.signing.forget()
        self._pay(Paying(due_fen=self.pay_fen(), gives=True))
        self.show_places()
        self.setFocus()
        self.touch_actions()

    def _pay(self, paying: Paying) -> None:
        self.money.show_paying(paying, has_shift=bool(self.counter.desk.now().shift))
        place, person, people = self.counter.desk.now(), self.person, self.outfit.people
        if person is None:
            return
        due = self.due()
        here, there = payout(
            max(0, due.here_fen - self.set_off_fen()), due.county_fen, self.pay_fen()
        )
        lines: list[Line] = []
        for where, fen in ((HERE, here), (COUNTY, there)):
            lines += pays(held_grower(person.identity, where), counter(PREVIEW_ACT), fen)
        tenders = tenders_of(paying)
        cash_fen = sum(one.amount_fen for one in tenders if one.way == CASH)

        def read(connection: Any) -> None:
            is_enough = balance(connection, drawer(place.device)) >= cash_fen
            key = "drawer_enough" if is_enough else "drawer_short"
            self.drawer_words.setText(self.say(f"consignment.settle.{key}") if cash_fen else "")
            self.drawer_words.set_ink("ink2" if is_enough else "warn")
            lent = records.lent_by(connection, lines, tenders, PREVIEW_ACT, place.device)
            staff = len(people.coworkers(connection))
            self.lending.show_lending(lent, approval(staff, is_manager=place.is_manager))

        self.counter.desk.read(read)
        self.touch_actions()

    def _missing_money(self) -> str:
        has_shift = bool(self.counter.desk.now().shift)
        words = missing_words(self.counter.texts, self.money.paying, has_shift=has_shift)
        return words or self.lending.missing()

    def _commit(self) -> None:
        command = self.command()
        if command is None or (self.mode == "pay" and self._missing_money()):
            return
        commands: list[Any] = [command]
        if command.pay_fen:
            paying = replace(self.money.paying, due_fen=command.pay_fen)
            commands.append(giving(paying, self.lending.reason()))
            commands += signed(SettlementMade.KIND, self.signing.taken, command.person)

        def done(outcome: Done) -> None:
            name = self.counter.privacy.name(self.person.name) if self.person else ""
            self._leave()
            key = "done" if command.pay_fen else "done_only"
            amount = say_yuan(command.pay_fen)
            words = self.say(f"consignment.settle.{key}", name=name, amount=amount)
            self.tell_done(words, outcome, sound="money")

        self.perform(*commands, PrintSettlement(act=self.ticket), done=done)

    def _signers(self) -> list[Signer]:
        name = self.person.name if self.person else ""
        return [Signer(SIGNATURE, self.counter.privacy.name(name))]

    def _back(self) -> None:
        if self.mode in ("pay", "dispute"):
            self.mode = "lines"
            self._show()
            self.lines.setFocus()
        else:
            self._leave()

    def left(self) -> None:
        """Nobody signs behind another page."""
        self.signing.leave()

    def _leave(self) -> None:
        self.signing.forget()
        self.person = None
        self.mode = "who"
        self._seek()
        self.keep_draft()
        if self.isVisible():
            self.who.setFocus()

    # --- Papers ----------------------------------------------------------------------------------

    def _print_standing(self) -> None:
        self._print("standing")

    def _print_season(self) -> None:
        self._print("season")

    def _print(self, which: str) -> None:
        person, now = self.person, self.counter.desk.now()
        if person is None:
            return
        make = getattr(self.outfit.statements, which)
        self.outfit.put_out(self.counter.desk.read(lambda c: make(c, person.identity, now)))
        self.counter.sounds.play("ok")
        self.counter.front.toast(Notice(self.say(f"consignment.settle.printed_{which}")))

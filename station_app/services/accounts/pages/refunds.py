"""Refunds that are due (应退款): the daily list, and paying one out against its slip, once.

A slip that is scanned opens its refund. Whether this PC may pay is said before the money is
touched. After a payout the page asks for its paper: it is what the station shows when somebody
comes a second time.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from station_app.journal.projection import StateChange
from station_app.ledger import paid_acts
from station_app.ledger.accounts import drawer
from station_app.ledger.balances import balance
from station_app.services.accounts.commands import PayRefund, PrintAccountSlip
from station_app.services.accounts.facts import RefundPaid
from station_app.services.accounts.outfit import Outfit
from station_app.services.accounts.pages.refund_view import RefundView
from station_app.services.accounts.pages.settling import DebitSettling
from station_app.services.accounts.records import refund_row, ways_paid
from station_app.services.accounts.rules import RefundStanding, refund_account
from station_app.services.cash.commands import giving
from station_app.services.pictures.commands import SIGNATURE, signed
from station_app.shell.counter import Counter, Notice
from station_app.shell.desk import Done
from station_app.shell.drafts import Draft
from station_app.shell.offers import Scan
from station_app.shell.page import Action
from station_app.shell.widgets.payment import missing_words
from station_app.shell.widgets.signing import Signer
from station_app.values.money import say_yuan
from station_app.values.paying import CASH, Paying
from station_app.values.paying_draft import kept_paying, taken_up
from station_app.values.refusal import Refusal

REFUND = "refund.due"
UNDO_PAGE = "overview.undo"
FIGURE_PAGE = "cash.figure"


class RefundsPage(RefundView):
    """Lists what is owed back, and pays it out."""

    def __init__(self, counter: Counter, key: str, outfit: Outfit) -> None:
        """Make the page."""
        super().__init__(counter, key, outfit)
        self._act = ""
        self.settling_steps = DebitSettling(self)
        self.list.opened.connect(self._open)
        self.out.changed.connect(self._typed)

    # --- What it says about itself ---------------------------------------------------------------

    def action_bar(self) -> Sequence[Action]:
        """Return what can be done now."""
        say = self.say
        if self.mode == "done":
            return [
                Action(say("accounts.refunds.undo"), "Ctrl+Z", self._undo, icon="undo"),
                Action(say("accounts.refunds.not_out"), "Ctrl+P", self._print, icon="printer"),
                Action(say("accounts.refunds.came_out"), "Enter", self.to_list, kind="primary"),
            ]
        if self.mode == "settle":
            return self.settling_steps.actions()
        if self.mode == "pay":
            if self.signing.is_open:
                return self.signing.actions(self._signers)
            back = Action(say("accounts.refunds.back"), "Esc", self.to_list)
            return [back, *self.signing.actions(self._signers), self._primary()]
        if not (self.due or self.twice):
            return []
        return [Action(say("accounts.facts"), "F11", self._open_facts, icon="list")]

    def _primary(self) -> Action:
        reason = self._missing()
        amount = say_yuan(self.out.money.paying.due_fen)
        return Action(
            self.say("accounts.refunds.primary", amount=amount),
            "Enter",
            self._commit,
            kind="primary",
            is_enabled=not reason,
            reason=reason,
        )

    def _missing(self) -> str:
        paying, standing = self.out.money.paying, self.standing
        if standing is None or not paying.due_fen:
            return self.say("accounts.refunds.missing.amount")
        if paying.due_fen > standing.due_fen:
            return self.say("accounts.refunds.missing.more")
        has_shift = bool(self.counter.desk.now().shift)
        return self.out.missing() or missing_words(self.counter.texts, paying, has_shift=has_shift)

    # --- What outlives a power cut ---------------------------------------------------------------

    def draft(self) -> Draft | None:
        """Return which refund or double payout is open, and what was typed of it."""
        if self.mode == "settle":
            return self.settling_steps.draft()
        if self.mode != "pay" or self.standing is None:
            return None
        return {
            "document": self.document,
            "due_fen": self.standing.due_fen,
            "amount": self.out.amount.text(),
            "slip": self.out.is_slip_taken,
            "reason": self.out.reason.text(),
            "paying": kept_paying(self.out.money.paying),
        }

    def resume(self, draft: Draft) -> str:
        """Open it again; if it was paid or changed meanwhile, what was typed is given up."""
        self.read()
        if "account" in draft:
            is_here = self.settling_steps.resume(draft, self.twice)
        else:
            is_here = self._resume_payout(draft)
        if not is_here:
            self.keep_draft()
            return self.say("accounts.refunds.resumed_gone")
        return self.say("accounts.refunds.resumed")

    def _resume_payout(self, draft: Draft) -> bool:
        now, gather = self.counter.desk.now(), self.outfit.gatherer
        document = draft["document"]
        standing = self.counter.desk.read(lambda c: gather.standing(c, document, now))
        if standing.due_fen <= 0 or standing.due_fen != draft["due_fen"]:
            return False
        self._open(document, is_scanned=bool(draft["slip"]))
        self.out.amount.set_text(draft["amount"])
        self.out.reason.set_text(draft["reason"])
        self.out.money.show_paying(taken_up(self.out.money.paying, draft["paying"]))
        self._typed()
        return True

    # --- What the window tells it ----------------------------------------------------------------

    def activated(self) -> None:
        """Read anew."""
        self.read()

    def refresh(self, changes: Sequence[StateChange]) -> None:
        """Read anew; somebody may have paid at the other PC, or what was done here was undone."""
        if self.mode == "done" and self.counter.desk.read(
            lambda c: paid_acts.is_undone(c, self._act)
        ):
            self.to_list()
        self.read()

    def open_with(self, subject: Mapping[str, str]) -> None:
        """Open a refund by its key, or money that was paid twice by its account."""
        self.read()
        if subject.get("document"):
            self._open(subject["document"], is_scanned=bool(subject.get("scanned")))
        elif subject.get("account"):
            self._open(subject["account"])

    def on_digit(self, digit: int) -> bool:
        """Choose a way of paying, or how a debit is settled."""
        if self.mode == "settle":
            return self.settling.how.take_digit(digit) or self.settling.money.take_digit(digit)
        may_choose = self.mode == "pay" and not self.signing.is_open
        return may_choose and self.out.money.take_digit(digit)

    def on_scan(self, scan: Scan) -> bool:
        """A slip opens its refund; a payment number goes where one is wanted."""
        meaning = scan.meaning
        if meaning is not None and meaning.kind == REFUND:
            self._open(meaning.entity, is_scanned=True)
            return True
        panel = self.settling.money if self.mode == "settle" else self.out.money
        return meaning is None and panel.take_scan(scan.text)

    def on_escape(self) -> bool:
        """Leave the refund alone."""
        if self.mode == "list":
            return False
        if self.signing.is_open:
            self.signing.pass_on()
        else:
            self.to_list()
        return True

    def left(self) -> None:
        """Nobody signs behind another page."""
        self.signing.leave()

    # --- Paying out ------------------------------------------------------------------------------

    def _open(self, subject: str, *, is_scanned: bool = False) -> None:
        twice = next((t for t in self.twice if t.account == subject), None)
        if twice is not None:
            self.settling_steps.open(twice)
            return
        now = self.counter.desk.now()
        gather = self.outfit.gatherer
        standing = self.counter.desk.read(lambda c: gather.standing(c, subject, now))
        if standing.due_fen <= 0:
            self._say_paid(standing)
            return
        self.standing, self.document, self.mode = standing, subject, "pay"
        self.out.clear()
        self.signing.forget()
        self.out.amount.set_fen(standing.due_fen)
        way = self.out.show_ways(self.counter.desk.read(lambda c: ways_paid(c, subject)))
        self.out.money.show_paying(
            Paying(due_fen=standing.due_fen, gives=True, way=way), has_shift=bool(now.shift)
        )
        if is_scanned:
            self.out.take_slip(taken=True)
        self.show_all()
        self._typed()
        self.setFocus()

    def _say_paid(self, standing: RefundStanding) -> None:
        """Say that it was paid already, when and where."""
        self.counter.sounds.play("warn")
        if not standing.paid:
            self.counter.front.toast(Notice(self.say("accounts.refusal.NOTHING_DUE"), "warn"))
            return
        last = standing.paid[-1]
        words = self.say(
            "accounts.refusal.PAID_ALREADY",
            day=last.day,
            device=last.device.lstrip("D"),
            amount=say_yuan(sum(p.amount_fen for p in standing.paid)),
        )
        self.counter.front.toast(Notice(words, "warn"))

    def _typed(self) -> None:
        """Something was typed or chosen: look at the drawer again."""
        standing = self.standing
        if self.mode != "pay" or standing is None:
            return
        out, now = self.out, self.counter.desk.now()
        due_fen = out.amount.fen() or 0
        if out.money.paying.due_fen != due_fen:
            out.money.show_paying(replace(out.money.paying, due_fen=due_fen))
        out.show_standing(standing, now)
        cash_fen = sum(p.amount_fen for p in out.money.paying.all_parts if p.way == CASH)

        def look(connection: Any) -> None:
            held = balance(connection, drawer(now.device))
            out.show_drawer(is_short=cash_fen > held)

        self.counter.desk.read(look)
        self.touch_actions()
        self.touch_draft()

    def _commit(self) -> None:
        if self._missing():
            return
        out = self.out
        command = PayRefund(
            document=self.document,
            amount_fen=out.money.paying.due_fen,
            slip_taken=out.is_slip_taken,
            remark=out.remark(),
        )
        payment = giving(out.money.paying)
        slip = PrintAccountSlip(act=self.ticket)
        signatures = signed(RefundPaid.KIND, self.signing.taken, self._person())
        self.perform(command, payment, *signatures, slip, done=self._paid, refused=self._refused)

    def _person(self) -> str:
        """Return to whom it is owed, "" if that is nobody of the register."""
        return next((one.person for one in self.due if one.document == self.document), "")

    def _signers(self) -> list[Signer]:
        people, who = self.outfit.people, self._person()
        person = self.counter.desk.read(lambda c: people.person(c, who)) if who else None
        name = person.name if person else self.say("accounts.refunds.payee")
        return [Signer(SIGNATURE, self.counter.privacy.name(name) if person else name)]

    def _paid(self, done: Done) -> None:
        self._act, self.mode = done.act, "done"
        self.signing.forget()
        amount = say_yuan(self.out.money.paying.due_fen)
        title = self.say("accounts.refunds.done", amount=amount)
        self.done.show_done(
            title, self._give_words(), amount, self.say("accounts.refunds.ask_paper")
        )
        self.counter.sounds.play("money")
        self.read()

    def _give_words(self) -> str:
        """Return what the operator does with the money now; only cash lies in her hand."""
        ways = list(dict.fromkeys(part.way for part in self.out.money.paying.all_parts))
        if CASH in ways:
            return self.say("accounts.refunds.give")
        names = "、".join(self.say(f"shell.paying.way.{way}") for way in ways)
        return self.say("accounts.refunds.transfer", ways=names)

    def _refused(self, refusal: Refusal) -> None:
        """Show the sentence; how the refund stands is read again, since that may have changed."""
        self.counter.front.say_refusal(refusal.text_key, refusal.slots)
        now, gather = self.counter.desk.now(), self.outfit.gatherer
        self.standing = self.counter.desk.read(lambda c: gather.standing(c, self.document, now))
        self._typed()

    def _open_facts(self) -> None:
        """Open what the sum of a row is made of."""
        subject = self.list.current()
        if not subject:
            return
        twice = next((t for t in self.twice if t.account == subject), None)
        title = self.counter.desk.read(
            lambda c: (
                self.outfit.papers.purse(c, twice.account)
                if twice
                else self.outfit.papers.title(refund_row(c, subject, 0))
            )
        )
        account = twice.account if twice else refund_account(subject)
        self.counter.front.open_page(FIGURE_PAGE, {"account": account, "title": title})

    def _undo(self) -> None:
        self.counter.front.open_page(UNDO_PAGE, {"act": self._act})

    def _print(self) -> None:
        act = self._act
        paper = self.counter.desk.read(lambda c: self.outfit.papers.slip_again(c, act))
        if paper is not None:
            self.outfit.print_again(paper, act)
            self.counter.front.toast(Notice(self.say("accounts.debts.printed"), "notice"))

"""Settling what was paid twice, from the refund page: both payouts shown, then one decision."""

from collections.abc import Sequence
from dataclasses import replace

from station_app.journal.log import Connection
from station_app.services.accounts.commands import PrintAccountSlip, SettleDebit
from station_app.services.accounts.pages.refund_view import RefundView
from station_app.services.accounts.records import PaidTwice, refund_row
from station_app.services.accounts.telling import payout_words
from station_app.services.cash.commands import taking
from station_app.shell.desk import Done
from station_app.shell.drafts import Draft
from station_app.shell.page import Action
from station_app.shell.widgets.payment import missing_words
from station_app.values.money import say_yuan
from station_app.values.paying import Paying
from station_app.values.paying_draft import kept_paying, taken_up


class DebitSettling:
    """Asks what becomes of it, then records it."""

    def __init__(self, view: RefundView) -> None:
        """Ask on `view`."""
        self._view = view
        self._twice: PaidTwice | None = None
        self._person = ""
        view.settling.changed.connect(self._typed)

    def open(self, twice: PaidTwice) -> None:
        """Show both payouts of this purse."""
        view, say = self._view, self._view.say
        self._twice = twice
        key = twice.account.rpartition(":")[2]

        def read(connection: Connection) -> tuple[str, list[str], str]:
            purse = view.outfit.papers.purse(connection, twice.account)
            sides = [
                payout_words(connection, member, view.outfit.people, view.outfit.texts)
                for member in twice.members
            ]
            person = refund_row(connection, key, 0).person
            return purse, sides, person

        purse, sides, self._person = view.counter.desk.read(read)
        amount = say_yuan(twice.debit_fen)
        view.settling.show_sides(
            say("accounts.refunds.twice_title", purse=purse, amount=amount),
            say("accounts.refunds.twice_hint"),
            sides,
        )
        view.settling.how.set_value("")
        view.settling.reason.set_text("")
        view.settling.money.clear()
        view.settling.money.show_paying(
            Paying(due_fen=twice.debit_fen), has_shift=bool(view.counter.desk.now().shift)
        )
        view.settling.show_choice()
        view.mode = "settle"
        view.show_all()
        view.setFocus()
        view.touch_draft()

    def draft(self) -> Draft | None:
        """Return which purse is asked about, and what was chosen and typed."""
        if self._twice is None:
            return None
        settling = self._view.settling
        return {
            "account": self._twice.account,
            "debit_fen": self._twice.debit_fen,
            "how": settling.how.value(),
            "reason": settling.reason.text(),
            "paying": kept_paying(settling.money.paying),
        }

    def resume(self, draft: Draft, twice: Sequence[PaidTwice]) -> bool:
        """Ask again what a draft asked; returns whether the question still stands so."""
        account, settling = draft["account"], self._view.settling
        found = next((one for one in twice if one.account == account), None)
        if found is None or found.debit_fen != draft["debit_fen"]:
            return False
        self.open(found)
        settling.how.set_value(draft["how"])
        settling.reason.set_text(draft["reason"])
        settling.money.show_paying(taken_up(settling.money.paying, draft["paying"]))
        self._typed()
        return True

    def _typed(self) -> None:
        self._view.settling.show_choice()
        self._view.touch_actions()
        self._view.touch_draft()

    def actions(self) -> list[Action]:
        """Return what can be done while the question stands."""
        view, say = self._view, self._view.say
        missing = self._missing()
        how = view.settling.how.value() or "none"
        amount = say_yuan(self._twice.debit_fen if self._twice else 0)
        return [
            Action(say("accounts.refunds.back"), "Esc", view.to_list),
            Action(
                say(f"accounts.refunds.settle_{how}", amount=amount),
                "Enter",
                self._commit,
                kind="primary",
                is_enabled=not missing,
                reason=missing,
            ),
        ]

    def _missing(self) -> str:
        view, settling = self._view, self._view.settling
        how = settling.how.value()
        if not how:
            return view.say("accounts.refunds.missing.how")
        if not view.counter.desk.now().is_manager:
            return view.say("accounts.refunds.missing.manager")
        if how == "brought_back":
            has_shift = bool(view.counter.desk.now().shift)
            return missing_words(view.counter.texts, settling.money.paying, has_shift=has_shift)
        if how == "owed" and not self._person:
            return view.say("accounts.refunds.missing.person")
        return "" if settling.reason.text() else view.say("accounts.refunds.missing.reason")

    def _commit(self) -> None:
        view, twice = self._view, self._twice
        if twice is None or self._missing():
            return
        how = view.settling.how.value()
        command = SettleDebit(
            account=twice.account,
            how=how,
            amount_fen=twice.debit_fen,
            person=self._person if how == "owed" else "",
            remark="" if how == "brought_back" else view.settling.reason.text(),
        )
        if how != "brought_back":
            view.perform(command, done=self._settled)
            return
        paying = replace(view.settling.money.paying, due_fen=twice.debit_fen)
        view.perform(command, taking(paying), PrintAccountSlip(act=view.ticket), done=self._settled)

    def _settled(self, done: Done) -> None:
        view = self._view
        view.tell_done(view.say("accounts.refunds.settled"), done)
        view.to_list()
        view.read()

"""Goods that come back (退货): a slip is scanned, its lines are ticked, the money goes back.

Each gram comes back once. What was put on account goes off the account first. Whoever has no slip
any more finds it among the newest of the day, or by its number.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtGui import QKeyEvent, Qt
from PySide6.QtWidgets import QWidget

from station_app.journal.projection import StateChange
from station_app.ledger import paid_acts
from station_app.services.sales import returns, slip_records
from station_app.services.sales.meanings import BASKET_PAGE, SLIP
from station_app.services.sales.outfit import Outfit
from station_app.services.sales.pages.return_view import ReturnView
from station_app.services.sales.returns import Back, Bringing
from station_app.shell.counter import Counter, Notice
from station_app.shell.desk import Done
from station_app.shell.drafts import Draft
from station_app.shell.offers import Scan
from station_app.shell.page import Action
from station_app.values.money import say_yuan
from station_app.values.paying import Paying
from station_app.values.paying_draft import kept_paying, taken_up
from station_app.values.refusal import Refusal

UNDO_PAGE = "overview.undo"
PAY = "pay."
REFERENCE_DIGITS_MIN = 10  # what a payment number on a phone has at least


class ReturnPage(ReturnView):
    """Takes goods back."""

    def __init__(self, counter: Counter, key: str, outfit: Outfit) -> None:
        """Make the page with no slip open."""
        super().__init__(counter, key, outfit)
        self._act = ""
        self.slips.opened.connect(self._open)
        self.lines.acted.connect(lambda sale, _column: self._switch(sale))
        self.money.changed.connect(self._pay)
        self.reasons.chosen.connect(self._choose_reason)
        self.part.changed.connect(lambda _text: self.show_part())
        self.number.changed.connect(lambda _text: self._seek())
        self.lending.changed.connect(self.touch_actions)
        self.show_all()

    # --- What it says about itself ---------------------------------------------------------------

    def first_focus(self) -> QWidget | None:
        """Return what is typed into first; None: the page, where digits choose."""
        if self.mode == "slips":
            return self.number
        return self.part if self.mode == "part" else None

    def facts_behind(self) -> Mapping[str, str] | None:
        """Return the slip, or the line of it, on which the cursor stands."""
        if self.mode == "slips":
            act = self.slips.current()
            return {"act": act, "title": self.title} if act else None
        sale = self.lines.current() if self.mode == "lines" else ""
        return {"entity": sale, "title": self.title} if sale else None

    def action_bar(self) -> Sequence[Action]:
        """Return what can be done now."""
        say = self.say
        if self.mode == "done":
            return [
                Action(say("sales.done.undo"), "Ctrl+Z", self._undo, icon="undo"),
                Action(say("sales.done.print"), "Ctrl+P", self._print, icon="printer"),
                Action(say("sales.return.next"), "Enter", self.to_slips, kind="primary"),
            ]
        if self.mode == "slips":
            return [Action(say("sales.held.to_basket"), "Esc", self._to_basket)]
        if self.mode == "part":
            is_right = self.part_quantity() is not None
            return [
                Action(say("sales.entry.back"), "Esc", self._leave_part),
                Action(
                    say("sales.return.part_primary"),
                    "Enter",
                    self._take_part,
                    kind="primary",
                    is_enabled=is_right,
                    reason="" if is_right else say("sales.return.part_missing"),
                ),
            ]
        return [
            Action(say("sales.return.other"), "Esc", self.to_slips),
            Action(say("sales.return.a_part"), "*", self._ask_part),
            Action(say("sales.return.turn"), "F10", self._turn),
            self._primary(),
        ]

    def _primary(self) -> Action:
        now = self.bringing
        missing = now.missing(has_shift=bool(self.counter.desk.now().shift))
        reason = self.lending.missing()
        if missing.startswith(PAY):
            reason = self.say(f"shell.paying.missing.{missing.removeprefix(PAY)}")
        elif missing:
            reason = self.say(f"sales.return.missing.{missing}")
        money_fen = now.due_fen - now.off_account_fen
        key = "primary" if money_fen or not now.off_account_fen else "primary_account"
        return Action(
            self.say(f"sales.return.{key}", amount=say_yuan(money_fen or now.due_fen)),
            "Enter",
            self._commit,
            kind="primary",
            is_enabled=not reason,
            reason=reason,
        )

    def under_way(self) -> str:
        """Return that a return is half done."""
        is_begun = self.mode in ("lines", "part") and bool(self.bringing.command.lines)
        return self.say("sales.return.under_way", number=self.bringing.number) if is_begun else ""

    # --- What outlives a power cut ---------------------------------------------------------------

    def draft(self) -> Draft | None:
        """Return which slip is open, and what was ticked, chosen and typed of it."""
        now = self.bringing
        lines = [[line.sale, line.quantity, line.into] for line in now.lines if line.quantity]
        if self.mode not in ("lines", "part") or not lines:
            return None
        paying = kept_paying(now.paid)
        return {"act": now.act, "lines": lines, "reason": now.reason, "paying": paying}

    def resume(self, draft: Draft) -> str:
        """Open the slip again; what came back meanwhile or was undone is given up."""
        self._open(draft["act"])
        left = {line.sale: line.sold.left for line in self.bringing.lines}
        asked = draft["lines"]
        if any(quantity > left.get(sale, 0) for sale, quantity, _ in asked):
            self.to_slips()
            return self.say("sales.return.resumed_gone")
        for sale, quantity, into in asked:
            self.bringing = returns.with_line(self.bringing, sale, quantity=quantity, into=into)
        paid = taken_up(self.bringing.paid, draft["paying"])
        self._set(replace(self.bringing, reason=draft["reason"], paid=paid))
        return self.say("sales.return.resumed")

    # --- What the window tells it ----------------------------------------------------------------

    def activated(self) -> None:
        """Show the newest slips."""
        if self.mode == "slips":
            self.read_slips()

    def open_with(self, subject: Mapping[str, str]) -> None:
        """Open a slip."""
        if subject.get("act"):
            self._open(subject["act"])

    def refresh(self, changes: Sequence[StateChange]) -> None:
        """Read the slip again; some of it may have come back at the other PC."""
        if self.mode == "done" and self.counter.desk.read(
            lambda c: paid_acts.is_undone(c, self._act)
        ):
            self.to_slips()
            return
        if self.mode in ("lines", "part"):
            self.bringing = self._again(self.bringing)
        if self.mode == "slips":
            self.read_slips()
        self.show_all()

    def on_scan(self, scan: Scan) -> bool:
        """Open a slip; while a payment number is wanted, take that."""
        meaning = scan.meaning
        if meaning is not None and meaning.kind == SLIP:
            self.counter.sounds.play("ok")
            self._open(meaning.entity)
            return True
        is_number = scan.text.isdigit() and len(scan.text) >= REFERENCE_DIGITS_MIN
        return self.mode == "lines" and is_number and self.money.take_scan(scan.text)

    def on_digit(self, digit: int) -> bool:
        """Choose why, and how it is paid."""
        if self.mode != "lines":
            return False
        return self.reasons.take_digit(digit) or self.money.take_digit(digit)

    def on_escape(self) -> bool:
        """Go one step back."""
        if self.mode == "part":
            self._leave_part()
        elif self.mode == "slips":
            self._to_basket()
        else:
            self.to_slips()
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Tick the current line with the space bar."""
        if event.key() == Qt.Key.Key_Space and self.mode == "lines":
            self._switch(self.lines.current())
            return
        super().keyPressEvent(event)

    # --- Which slip ------------------------------------------------------------------------------

    def _seek(self) -> None:
        self.read_slips()

    def _open(self, act: str) -> None:
        if self.counter.desk.read(lambda c: paid_acts.is_undone(c, act)):
            self._warn("sales.return.undone")
            return
        found = self.counter.desk.read(lambda c: self._bringing(c, act))
        if not found.lines:
            self._warn("sales.refusal.SALE_GONE")
            return
        open_lines = [line for line in found.lines if line.sold.left]
        if len(open_lines) == 1:
            only = open_lines[0]
            found = returns.with_line(found, only.sale, quantity=only.sold.left)
        self.money.clear()
        self.bringing = found
        self.turn_to("lines")
        first = (open_lines or list(found.lines))[0]
        self.lines.choose(first.sale)
        self.show_all()

    def _warn(self, key: str, /, **slots: object) -> None:
        self.counter.sounds.play("warn")
        self.counter.front.toast(Notice(self.say(key, **slots), "warn"))

    def _bringing(self, connection: Any, act: str) -> Bringing:
        row = slip_records.slip_row(connection, act)
        lines = []
        for sale in slip_records.sales_of_act(connection, act):
            sold = slip_records.sold_line(connection, sale)
            if sold is not None:
                word = slip_records.word_of_piece(connection, sold.sale)
                lines.append(Back(sale=sale, sold=sold, word=word))
        debtor, owed_fen = slip_records.owed_of(connection, act)
        number = row.number if row else ""
        return Bringing(
            act=act, number=number, lines=tuple(lines), debtor=debtor, owed_fen=owed_fen
        )

    def _again(self, before: Bringing) -> Bringing:
        """Return the return with the sales as they are now; what is left bounds what comes back."""
        now = self.counter.desk.read(lambda c: self._bringing(c, before.act))
        asked = {line.sale: line for line in before.lines}
        lines = tuple(
            replace(
                line,
                quantity=min(line.sold.left, asked[line.sale].quantity),
                into=asked[line.sale].into,
            )
            if line.sale in asked
            else line
            for line in now.lines
        )
        return replace(now, lines=lines, reason=before.reason, paid=before.paid)

    # --- What comes back -------------------------------------------------------------------------

    def _switch(self, sale: str) -> None:
        line = next((one for one in self.bringing.lines if one.sale == sale), None)
        if line is None or self.mode != "lines":
            return
        if not line.sold.left:
            self._warn("sales.refusal.BACK_ALREADY", name=line.sold.name)
            return
        self._set(returns.switched(self.bringing, sale))

    def _turn(self) -> None:
        if self.lines.current():
            self._set(returns.turned(self.bringing, self.lines.current()))

    def _ask_part(self) -> None:
        line = self.current_line()
        if line is None or not line.sold.left:
            return
        self.part.set_text("")
        self.turn_to("part")

    def _take_part(self) -> None:
        line, quantity = self.current_line(), self.part_quantity()
        if line is None or quantity is None:
            return
        self.bringing = returns.with_line(self.bringing, line.sale, quantity=quantity)
        self.turn_to("lines")
        self.touch_draft()

    def _leave_part(self) -> None:
        self.turn_to("lines")

    def _choose_reason(self, reason: str) -> None:
        self._set(returns.for_reason(self.bringing, reason))

    def _pay(self, paying: Paying) -> None:
        self._set(replace(self.bringing, paid=returns.without_account(paying)))

    def _set(self, now: Bringing) -> None:
        self.bringing = now
        self.show_all()
        self.touch_draft()

    # --- The act ---------------------------------------------------------------------------------

    def _commit(self) -> None:
        now = self.bringing
        has_shift = bool(self.counter.desk.now().shift)
        if now.missing(has_shift=has_shift) or self.lending.missing():
            return
        commands = now.commands(self.ticket, self.lending.reason())
        self.perform(*commands, done=self._is_back, refused=self._refused)

    def _is_back(self, done: Done) -> None:
        now = self.bringing
        self._act = done.act
        money_fen = now.due_fen - now.off_account_fen
        key = "done" if money_fen else "done_account"
        title = self.say(f"sales.return.{key}", amount=say_yuan(money_fen or now.due_fen))
        words = self.say("sales.return.give") if money_fen else ""
        amount = say_yuan(money_fen) if money_fen else ""
        self.done.show_done(title, words, amount, self.say("sales.return.slip"))
        self.turn_to("done")
        self.keep_draft()
        self.tell_done(title, done, sound="money")

    def _refused(self, refusal: Refusal) -> None:
        self.bringing = self._again(self.bringing)
        self.show_all()
        self.counter.front.say_refusal(refusal.text_key, refusal.slots)

    def _undo(self) -> None:
        self.counter.front.open_page(UNDO_PAGE, {"act": self._act})

    def _print(self) -> None:
        act = self._act
        paper = self.counter.desk.read(lambda c: self.outfit.papers.slip_again(c, act))
        if paper is not None:
            self.outfit.print_again(paper, act)
            self.counter.front.toast(Notice(self.say("sales.done.printed"), "notice"))

    def _to_basket(self) -> None:
        self.counter.front.open_page(BASKET_PAGE)

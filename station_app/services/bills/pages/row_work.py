"""What is done about a bill that stands in the list: undone, asked back, refunded, printed."""

from typing import TYPE_CHECKING

from station_app.services.bills.commands import AskBillCancellation
from station_app.shell.counter import Notice
from station_app.shell.desk import Done
from station_app.shell.page import Action
from station_app.values.money import say_yuan

if TYPE_CHECKING:
    from station_app.services.bills.pages.bills_page import BillsPage

UNDO_PAGE = "overview.undo"
REFUNDS_PAGE = "accounts.refunds"


class RowWork:
    """Works on the bill on which the cursor stands."""

    def __init__(self, page: "BillsPage") -> None:
        """Work for this page."""
        self._page = page

    def actions(self) -> list[Action]:
        """Return what can be done about it now."""
        say, row = self._page.say, self._page.bills.current()
        made = [Action(say("bills.action.board"), "F11", self._print_board, icon="document")]
        if row is None:
            return made
        if row.due_fen > 0:
            words = say("bills.action.refund", amount=say_yuan(row.due_fen))
            made.append(Action(words, "Ctrl+R", self._refund, kind="danger"))
        elif row.stands == "queued":
            act = row.act
            undo = Action(say("bills.action.undo"), "Ctrl+D", lambda: self.undo(act), icon="undo")
            made.append(undo)
        elif row.stands == "sent":
            made.append(Action(say("bills.action.ask_back"), "Ctrl+D", self._ask, icon="undo"))
        key = "receipt" if row.stands == "paid" and not row.has_receipt else "again"
        made.append(Action(say(f"bills.action.{key}"), "Ctrl+P", self._print, icon="printer"))
        return made

    # --- What becomes of it ----------------------------------------------------------------------

    def undo(self, act: str) -> None:
        """Take an act back where its money is counted."""
        self._page.counter.front.open_page(UNDO_PAGE, {"act": act})

    def _refund(self) -> None:
        row = self._page.bills.current()
        if row is not None:
            self._page.counter.front.open_page(REFUNDS_PAGE, {"document": row.refund})

    def _ask(self) -> None:
        page, row = self._page, self._page.bills.current()
        if row is None:
            return
        page.asked.tell(page.say("bills.ask.cancel", amount=say_yuan(row.whole_fen)), "notice")
        page.question_small.setText(page.say("bills.ask.cancel_small"))
        page.turn("cancel")
        page.setFocus()

    def ask_back(self) -> None:
        """Ask the county to leave the bill."""
        row = self._page.bills.current()
        if row is not None:
            self._page.perform(AskBillCancellation(bill=row.bill), done=self._is_asked)

    def _is_asked(self, done: Done) -> None:
        self._page.turn("form")
        self._page.read()
        self._page.tell_done(self._page.say("bills.done.asked"), done)

    # --- Papers ----------------------------------------------------------------------------------

    def print_slip(self, act: str) -> None:
        """Print the slip of an act once more."""
        page = self._page
        paper = page.counter.desk.read(lambda c: page.outfit.papers.slip_again(c, act))
        if paper is not None:
            page.outfit.printing.print_again(paper, act)
            self._say_printed("again")

    def _print(self) -> None:
        page, row = self._page, self._page.bills.current()
        if row is None:
            return
        made = page.counter.desk.read(lambda c: page.outfit.papers.receipt(c, row.bill))
        if made is None:
            self.print_slip(row.act)
            return
        paper, act = made
        put = (
            page.outfit.printing.print_again
            if row.has_receipt
            else page.outfit.printing.print_first
        )
        put(paper, act)
        self._say_printed("receipt")
        page.read()

    def _print_board(self) -> None:
        page, now = self._page, self._page.counter.desk.now()
        board = page.counter.desk.read(lambda c: page.outfit.papers.board(c, now))
        page.outfit.printing.put_out(board, "")
        self._say_printed("board")

    def _say_printed(self, what: str) -> None:
        page = self._page
        page.counter.front.toast(Notice(page.say(f"bills.printed.{what}"), "notice"))

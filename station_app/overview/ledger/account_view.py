"""科目: all accounts by kind, and one of them line by line, with the balance after each.

What should be in a drawer is not said before it is counted: its lines are shown, but balances only
as far as the last close.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from station_app.journal.cuts import Cut
from station_app.journal.log import Connection
from station_app.ledger.accounts import DRAWERS
from station_app.ledger.balances import CLEARING
from station_app.ledger.posting import CNY, PCS
from station_app.overview.ledger.account_book import (
    AccountLine,
    AccountPage,
    Asked,
    account_page,
    month_beside,
)
from station_app.overview.ledger.trial import TrialRow, group_of, open_drawers, trial
from station_app.overview.ledger.view import BookView, LedgerWork
from station_app.services.cash.figure_records import cut_of
from station_app.services.cash.records import closed_shifts
from station_app.shell import theme
from station_app.shell.page import Action, Page
from station_app.shell.widgets.cells import Column, Row, Text
from station_app.values.day import local_time, say_day
from station_app.values.money import parse_yuan

FOUND_MAX = 300  # accounts that a search lists: nobody reads further
SHIFTS_LOOKED_AT = 200


@dataclass(frozen=True, slots=True)
class _Line:
    """A line in words. balance: "" while the drawer is not counted."""

    line: AccountLine
    words: str
    amount: str
    balance: str


@dataclass(frozen=True, slots=True)
class _Book:
    """One account, as far as it was read. closing, opening: in words, "" while secret."""

    name: str
    closing: str
    opening: str
    page: AccountPage
    lines: tuple[_Line, ...]


class AccountView(BookView):
    """The accounts, or the lines of one."""

    NAME = "account"
    COLUMNS = (
        Column("when", 150),
        Column("what"),
        Column("debit", 180, "right"),
        Column("credit", 180, "right"),
        Column("balance", 250, "right"),
    )

    def __init__(self, page: Page, work: LedgerWork) -> None:
        """Make it; it lists the accounts."""
        super().__init__(page, work)
        self.asked: Asked | None = None
        self._book: _Book | None = None
        self._came_from = ""

    # --- Which account ---------------------------------------------------------------------------

    def open_with(self, subject: Mapping[str, str]) -> None:
        """Open an account. subject: `account`, `commodity`; the list without one."""
        account = subject.get("account", "")
        self.asked = Asked(account, subject.get("commodity", CNY)) if account else None
        self._came_from = subject.get("from", "")
        self.search.set_text("")

    def open_at(self, asked: Asked, came_from: str) -> None:
        """Open an account at a cut; Esc leads back to the view it came from."""
        self.asked, self._came_from = asked, came_from
        self.search.set_text("")

    def on_escape(self) -> bool:
        """Go back to the list, or to the view from which the account was opened."""
        if self.asked is None:
            return False
        back, self.asked, self._book = self._came_from, None, None
        if back:
            self._came_from = ""
            self.page.open_with({"view": back})
        else:
            self.load()
        return True

    def turners(self) -> tuple[str, str]:
        """Return the words for the month before and after."""
        if self.asked is None or self.asked.account.startswith(CLEARING):
            return "", ""
        return self.say("ledger.turn.month_before"), self.say("ledger.turn.month_after")

    def turn(self, step: int) -> bool:
        """Show another month; from "all" the present one comes first."""
        if self.asked is None:
            return False
        present = self.counter.desk.now().day[:7]
        month = self.asked.month
        other = month_beside(month, step) if month else present
        self.asked = replace(self.asked, month="" if other > present else other)
        self.load()
        return True

    def possible(self) -> Sequence[Action]:
        """Return the way back to all months."""
        if self.asked is None or not self.asked.month:
            return ()
        return (Action(self.say("ledger.turn.all"), "Ctrl+A", self._all),)

    def _all(self) -> None:
        if self.asked is not None:
            self.asked = replace(self.asked, month="")
            self.load()

    # --- The list --------------------------------------------------------------------------------

    def load(self) -> None:
        """Read the list, or the account."""
        if self.asked is None:
            self._load_list()
        else:
            self._load_account(self.asked)

    def _load_list(self) -> None:
        words, typed = self.account_words(), self.search.text().casefold()

        def look(connection: Connection) -> list[tuple[str, TrialRow, str, str]]:
            found = [row for _, rows in trial(connection).groups for row in rows]
            if typed:
                known = {(row.account, row.commodity) for row in found}
                rest = connection.execute("SELECT account, commodity FROM balances ORDER BY 1")
                found += [TrialRow(a, c, 0) for a, c in rest if (a, c) not in known]
            listed = []
            for row in found:
                name = words.name(connection, row.account)
                if typed and typed not in name.casefold() and typed not in row.account.casefold():
                    continue
                amount = words.amount(connection, abs(row.amount), row.commodity)
                listed.append((group_of(row.account), row, name, amount))
                if len(listed) >= FOUND_MAX:
                    break
            return listed

        self.ask(look, self._show_list)

    def _show_list(self, found: list[tuple[str, TrialRow, str, str]]) -> None:
        self._book = None
        self.title.setText(self.say("ledger.account_page.title"))
        self.amount.setText("")
        self.small.setText(self.say("ledger.account_page.how"))
        rows: list[Row] = []
        group = ""
        for where, row, name, amount in found:
            if where != group:
                group = where
                rows.append(Row("", (), heading=self.say(f"ledger.group.{where}")))
            rows.append(Row(f"{row.commodity} {row.account}", self._cells(row, name, amount)))
        nothing = "ledger.nothing.found" if self.search.text() else "ledger.nothing.account"
        self.show_rows(rows, self.say(nothing))

    def _cells(self, row: TrialRow, name: str, amount: str) -> tuple[Text, ...]:
        return trial_cells(row, name, amount, self)

    # --- One account -----------------------------------------------------------------------------

    def _load_account(self, asked: Asked) -> None:
        def look(connection: Connection) -> _Book:
            page = account_page(connection, asked)
            return self._worded(connection, asked, page)

        self.ask(look, self._show_account)

    def _worded(self, connection: Connection, asked: Asked, page: AccountPage) -> _Book:
        words = self.account_words()
        seen = seen_of_drawer(connection, asked)

        def said(amount: int) -> str:
            return words.amount(connection, amount, asked.commodity)

        def stands(amount: int) -> str:
            side = "debit" if amount > 0 else "credit" if amount < 0 else "none"
            return self.say(f"ledger.side.{side}", amount=said(abs(amount)))

        def is_told(line: AccountLine) -> bool:
            return seen is None or line.seq <= seen.get(line.stream, 0)

        lines = tuple(
            _Line(
                line,
                self.work.act_words(connection, line.stream, line.act),
                said(abs(line.amount)),
                stands(line.balance) if is_told(line) else "",
            )
            for line in page.lines
        )
        top, low = page.lines[:1], page.lines[-1:]
        is_closing_told = seen is None or (bool(top) and is_told(top[0]))
        # Before a line that may be told, and before the first after the close, it was counted.
        is_opening_told = seen is None or (bool(low) and is_told(low[0]))
        return _Book(
            words.name(connection, asked.account),
            stands(page.closing) if is_closing_told else "",
            stands(page.opening) if is_opening_told else "",
            page,
            lines,
        )

    def _show_account(self, book: _Book) -> None:
        asked = self.asked
        if asked is None:
            return
        self._book = book
        technical = f"  {asked.account}" if self.is_technical else ""
        month = asked.month and self.say("ledger.account_page.month", month=_month(asked.month))
        self.title.setText(f"{book.name}{technical}  {month}".rstrip())
        if book.closing:
            self.amount.setText(self.say("ledger.account_page.closing", amount=book.closing))
        else:
            self.amount.setText(self.say("ledger.account_page.uncounted"))
        self.small.setText(
            self.say("ledger.account_page.opening", amount=book.opening) if book.opening else ""
        )
        typed = self.search.text()
        rows = [
            Row(str(number), self._line_cells(line))
            for number, line in enumerate(book.lines)
            if _fits(line, typed)
        ]
        nothing = "ledger.nothing.found" if typed else "ledger.nothing.lines"
        self.show_rows(rows, self.say(nothing))

    def _line_cells(self, said: _Line) -> tuple[Text, ...]:
        line = said.line
        day = say_day(line.day, self.counter.desk.now().day)
        empty = Text("")
        amount = Text(said.amount, bold=True)
        sides = (amount, empty) if line.amount > 0 else (empty, amount)
        return (
            Text(f"{day} {local_time(line.at)}", theme.HINT, ink="ink2"),
            Text(said.words),
            *sides,
            Text(said.balance, ink="ink2"),
        )

    def moved(self, subject: str) -> None:
        """Read on when the last line is reached."""
        book, asked = self._book, self.asked
        rows = self.table.rows_model.rows
        if book is None or asked is None or not book.page.older or not rows:
            return
        if subject != rows[-1].subject or self.search.text():
            return

        def look(connection: Connection) -> _Book:
            page = account_page(
                connection, asked, before=book.page.older, closing=book.page.opening
            )
            more = self._worded(connection, asked, page)
            return replace(
                book, page=more.page, opening=more.opening, lines=(*book.lines, *more.lines)
            )

        self.ask(look, self._show_account)

    def open(self, subject: str) -> None:
        """Open an account, or the act of a line."""
        if self.asked is None:
            commodity, _, account = subject.partition(" ")
            self.asked = Asked(account, commodity)
            self.search.set_text("")
            self.load()
        elif self._book is not None and subject:
            line = self._book.lines[int(subject)].line
            self.open_act(line.stream, line.act)


def trial_cells(row: TrialRow, name: str, amount: str, view: BookView) -> tuple[Text, ...]:
    """Return the cells of an account in a list: its name, and its balance on one side."""
    technical = row.account if view.is_technical else ""
    empty = Text("")
    if row.is_secret:
        sides = (Text(view.say("ledger.trial.not_counted"), ink="placeholder"), empty)
    elif row.amount > 0:
        sides = (Text(amount, bold=True), empty)
    else:
        sides = (empty, Text(amount if row.amount else "", bold=True))
    unit = {CNY: "yuan", PCS: "piece"}.get(row.commodity, "lot")
    return (
        Text(view.say(f"ledger.unit_of.{unit}"), theme.HINT, ink="ink2"),
        Text(f"{name}  {technical}".rstrip()),
        *sides,
        empty,
    )


def seen_of_drawer(connection: Connection, asked: Asked) -> Cut | None:
    """Return how far the balances of an open drawer may be told: to its last close; None: all."""
    if asked.upto is not None or asked.account not in open_drawers(connection):
        return None
    device = asked.account.removeprefix(DRAWERS)
    for shift in closed_shifts(connection, limit=SHIFTS_LOOKED_AT):
        if shift.device == device:
            return cut_of(connection, shift.identity) or {}
    return {}


def _fits(said: _Line, typed: str) -> bool:
    if not typed:
        return True
    fen = parse_yuan(typed)
    if fen is not None and abs(said.line.amount) == fen:
        return True
    return typed.casefold() in said.words.casefold() or typed.upper() == said.line.act


def _month(month: str) -> str:
    year, _, number = month.partition("-")
    return f"{year}年{int(number)}月"

"""日记账: a business day, act by act, each with its entries; its sums agree or say so."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from station_app.journal.fact import device_of
from station_app.journal.log import Connection
from station_app.ledger.posting import CNY
from station_app.overview.ledger.account_words import AccountWords
from station_app.overview.ledger.day_book import BookedAct, Entry, acts_in_day, credits_of, debits
from station_app.overview.ledger.day_index import day_beside, last_day
from station_app.overview.ledger.view import BookView, LedgerWork
from station_app.shell import theme
from station_app.shell.page import Page
from station_app.shell.widgets.cells import Cell, Column, Pill, Row, Text
from station_app.values.day import local_time, say_day
from station_app.values.money import parse_yuan, say_yuan


@dataclass(frozen=True, slots=True)
class _Said:
    """An act in words. entries: (account in words, amount in words), as its own entries stand."""

    act: BookedAct
    words: str
    entries: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class _Day:
    day: str
    acts: tuple[_Said, ...]
    before: str
    after: str


class DayView(BookView):
    """One day of the day book."""

    NAME = "day"
    COLUMNS = (
        Column("time", 84),
        Column("what"),
        Column("debit", 190, "right"),
        Column("credit", 190, "right"),
        Column("state", 150, "right"),
    )

    def __init__(self, page: Page, work: LedgerWork) -> None:
        """Make it; it opens at the present day."""
        super().__init__(page, work)
        self.day = ""
        self._shown = _Day("", (), "", "")

    def turners(self) -> tuple[str, str]:
        """Return the words for the day before and after."""
        back, on = self._shown.before, self._shown.after
        return (
            self.say("ledger.turn.day_before") if back else "",
            self.say("ledger.turn.day_after") if on else "",
        )

    def turn(self, step: int) -> bool:
        """Show the day before or after; days without work are passed over."""
        day = self._shown.before if step < 0 else self._shown.after
        if day:
            self.day = day
            self.load()
        return True

    def open_with(self, subject: Mapping[str, str]) -> None:
        """Open a certain day."""
        self.day = subject.get("day", self.day)

    def load(self) -> None:
        """Read the day."""
        wanted, typed, words = self.day, self.search.text(), self.account_words()
        today = self.counter.desk.now().day

        def look(connection: Connection) -> _Day:
            day = wanted or min(today, last_day(connection) or today)
            acts = acts_in_day(connection, day)
            said = tuple(self._said(connection, words, act) for act in acts)
            return _Day(
                day,
                tuple(one for one in said if _fits(one, typed)),
                day_beside(connection, day, -1),
                day_beside(connection, day, 1),
            )

        self.ask(look, self._show)

    def _said(self, connection: Connection, words: AccountWords, act: BookedAct) -> _Said:
        act = act if self.is_technical else replace(act, entries=act.plain_entries)
        entries = tuple(
            (
                words.name(connection, entry.account),
                words.amount(connection, abs(entry.amount), entry.commodity),
            )
            for entry in act.entries
        )
        said = self.work.act_words(connection, act.stream, act.act)
        return _Said(act, said, entries)

    def _show(self, found: _Day) -> None:
        self._shown = found
        self.day = found.day
        entries = [entry for said in found.acts for entry in said.act.entries]
        debit, credit = debits(entries), credits_of(entries)
        self.title.setText(self.say("ledger.day.title", day=say_day(found.day)))
        key = "ledger.day.sums" if debit == credit else "ledger.day.wrong"
        self.small.setText(
            self.say(key, count=len(found.acts), debit=say_yuan(debit), credit=say_yuan(credit))
        )
        rows = [row for number, said in enumerate(found.acts) for row in self._rows(number, said)]
        nothing = "ledger.nothing.found" if self.search.text() else "ledger.nothing.day"
        self.show_rows(rows, self.say(nothing))

    def _rows(self, number: int, said: _Said) -> list[Row]:
        act = said.act
        device = device_of(act.stream).lstrip("D")
        where = self.say("ledger.day.device", device=device) if device else ""
        state: Cell = Text(where or self.say("ledger.day.county"), theme.HINT, ink="ink2")
        if act.is_undone:
            state = Pill(self.say("ledger.day.undone"), "plain")
        if act.standing:
            state = Pill(self.say(f"ledger.day.{act.standing}"), "warn")
        fen = act.aside_fen if act.standing else act.debit_fen
        no_entry = "" if act.entries or act.standing else self.say("ledger.day.no_entry")
        head = (
            Text(local_time(act.at), theme.HINT, ink="ink2"),
            Text(said.words, bold=True),
            Text(say_yuan(fen) if fen else "", bold=True, ink="ink2" if act.standing else "ink"),
            Text(no_entry, ink="placeholder"),
            state,
        )
        is_out = act.is_undone or bool(act.standing)
        rows = [Row(f"{number}", head, tone="notice" if is_out else "plain")]
        for place, (entry, (account, amount)) in enumerate(
            zip(act.entries, said.entries, strict=True)
        ):
            rows.append(Row(f"{number}.{place}", self._entry(entry, account, amount)))
        return rows

    def _entry(self, entry: Entry, account: str, amount: str) -> tuple[Cell, ...]:
        technical = entry.account if self.is_technical else ""
        words = f"　{account}" if entry.amount > 0 else f"　　{account}"
        ink = "ink" if entry.commodity == CNY else "ink2"
        name = Text(f"{words}  {technical}".rstrip(), theme.HINT, ink=ink)
        shown = Text(amount, theme.HINT, ink=ink)
        empty = Text("")
        sides = (shown, empty) if entry.amount > 0 else (empty, shown)
        return (empty, name, *sides, empty)

    def open(self, subject: str) -> None:
        """Open the act of a row, or the account of an entry."""
        number, _, place = subject.partition(".")
        if not number:
            return
        act = self._shown.acts[int(number)].act
        if place:
            entry = act.entries[int(place)]
            subject_of = {"account": entry.account, "commodity": entry.commodity}
            self.page.open_with({"view": "account", **subject_of})
            return
        self.open_act(act.stream, act.act)


def _fits(said: _Said, typed: str) -> bool:
    """Tell whether an act is what was looked for: an amount, a name, words or its number."""
    if not typed:
        return True
    fen = parse_yuan(typed)
    if fen is not None and any(
        abs(e.amount) == fen and e.commodity == CNY for e in said.act.entries
    ):
        return True
    names = (said.words, said.act.act, *(account for account, _ in said.entries))
    return any(typed.casefold() in name.casefold() for name in names)

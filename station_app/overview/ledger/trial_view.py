"""试算平衡: every account that is not zero, debit beside credit, and the proof below.

It is cut at the place of a closed shift, or shows the books as they stand now.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from station_app.journal.cuts import Cut
from station_app.journal.log import Connection
from station_app.ledger.accounts import LOT_COMMODITY
from station_app.overview.ledger.account_book import Asked
from station_app.overview.ledger.account_view import trial_cells
from station_app.overview.ledger.trial import Trial, TrialRow, TrialSum, trial
from station_app.overview.ledger.view import BookView, LedgerWork
from station_app.services.cash.figure_records import cut_of
from station_app.services.cash.records import ClosedShift, closed_shifts
from station_app.shell.page import Action, Page
from station_app.shell.widgets.cells import Column, Pill, Row, Text
from station_app.values.day import say_moment

SHIFTS_BACK_MAX = 4_000  # ten years of one shift a day


@dataclass(frozen=True, slots=True)
class _Found:
    trial: Trial
    names: dict[tuple[str, str], tuple[str, str]]
    sums: tuple[tuple[TrialSum, str, str, str], ...]
    shifts: tuple[ClosedShift, ...]
    cut: Cut | None


class TrialView(BookView):
    """The trial balance at one cut."""

    NAME = "trial"
    COLUMNS = (
        Column("unit", 110),
        Column("what"),
        Column("debit", 210, "right"),
        Column("credit", 210, "right"),
        Column("state", 230, "right"),
    )

    def __init__(
        self, page: Page, work: LedgerWork, open_account: Callable[[str, str], None]
    ) -> None:
        """Make it; it shows the books of now. open_account: name and commodity."""
        super().__init__(page, work)
        self.open_account = open_account
        self.back = 0  # 0 for now, 1 for the last closed shift, and so on
        self._found: _Found | None = None

    def turners(self) -> tuple[str, str]:
        """Return the words for the shift before and after."""
        shifts = self._found.shifts if self._found else ()
        back = self.say("ledger.turn.shift_before") if self.back < len(shifts) else ""
        after = self.say("ledger.turn.shift_after") if self.back else ""
        return back, after

    def turn(self, step: int) -> bool:
        """Cut at an earlier or later shift."""
        shifts = self._found.shifts if self._found else ()
        back = self.back - step
        if 0 <= back <= len(shifts):
            self.back = back
            self.load()
        return True

    def possible(self) -> Sequence[Action]:
        """Return the way to now."""
        if not self.back:
            return ()
        return (Action(self.say("ledger.turn.now"), "Ctrl+A", self._now),)

    def _now(self) -> None:
        self.back = 0
        self.load()

    @property
    def cut(self) -> Cut | None:
        """Return the cut that is shown, None for now."""
        return self._found.cut if self._found else None

    def cut_words(self) -> str:
        """Return how far these books go: 到第 12 号日结 11月25日 18:10, or now."""
        shifts = self._found.shifts if self._found else ()
        if not self.back or self.back > len(shifts):
            return self.say("ledger.trial.now")
        shift = shifts[self.back - 1]
        moment = say_moment(shift.closed_at, shift.day)
        device = shift.device.lstrip("D")
        return self.say("ledger.trial.upto", number=shift.number, moment=moment, device=device)

    def load(self) -> None:
        """Read the balances."""
        words, back, typed = self.account_words(), self.back, self.search.text().casefold()

        def look(connection: Connection) -> _Found:
            shifts = closed_shifts(connection, limit=SHIFTS_BACK_MAX)
            shift = shifts[back - 1] if 0 < back <= len(shifts) else None
            cut = cut_of(connection, shift.identity) if shift else None
            found = trial(connection, cut)
            names = {}
            for _, rows in found.groups:
                for row in rows:
                    name = words.name(connection, row.account)
                    if typed in name.casefold() or typed in row.account.casefold():
                        amount = words.amount(connection, abs(row.amount), row.commodity)
                        names[row.account, row.commodity] = (name, amount)
            sums = []
            for one in found.sums:
                unit = "" if one.commodity == LOT_COMMODITY else one.commodity
                said = [
                    words.amount(connection, n, unit) if unit else str(n)
                    for n in (one.debit, one.credit, one.difference)
                ]
                sums.append((one, said[0], said[1], said[2]))
            return _Found(found, names, tuple(sums), shifts, cut)

        self.ask(look, self._show)

    def _show(self, found: _Found) -> None:
        self._found = found
        self.title.setText(self.say("ledger.trial.title", upto=self.cut_words()))
        is_right = found.trial.is_balanced
        self.small.setText(self.say("ledger.trial.right" if is_right else "ledger.trial.wrong"))
        rows = [self._sum_row(*one) for one in found.sums] if found.trial.groups else []
        for group, members in found.trial.groups:
            kept = [row for row in members if (row.account, row.commodity) in found.names]
            if kept:
                rows.append(Row("", (), heading=self.say(f"ledger.group.{group}")))
            rows += [self._row(row, found) for row in kept]
        self.show_rows(rows, self.say("ledger.nothing.account"))

    def _row(self, row: TrialRow, found: _Found) -> Row:
        name, amount = found.names[row.account, row.commodity]
        return Row(f"{row.commodity} {row.account}", trial_cells(row, name, amount, self))

    def _sum_row(self, one: TrialSum, debit: str, credit: str, difference: str) -> Row:
        if one.commodity == LOT_COMMODITY:
            words, sides = self.say("ledger.trial.lots", count=one.debit), ("", "")
        else:
            words = self.say("ledger.trial.sum")
            hidden = self.say("ledger.trial.not_counted")
            sides = (hidden, hidden) if one.is_secret else (debit, credit)
        unit = {"CNY": "yuan", "PCS": "piece"}.get(one.commodity, "lot")
        if one.difference:
            state = Pill(self.say("ledger.trial.differs", amount=difference), "stop")
        else:
            state = Pill(self.say("ledger.trial.agrees"), "ok")
        cells = (
            Text(self.say(f"ledger.unit_of.{unit}")),
            Text(words, bold=True),
            Text(sides[0], bold=True),
            Text(sides[1], bold=True),
            state,
        )
        return Row(f"sum {one.commodity}", cells, tone="notice")

    def open(self, subject: str) -> None:
        """Open an account at the same cut."""
        commodity, _, account = subject.partition(" ")
        if account and commodity != "sum":
            self.open_account(account, commodity)

    def asked(self, account: str, commodity: str) -> Asked:
        """Return an account as these books have it."""
        return Asked(account, commodity, self.cut)

"""One account, line by line: what it stood at, every posting, what it stands at.

A page goes from the latest line back and ends between two days; it is read by the days' runs, so
its cost is that of the lines it shows, not of the years before. What it stands at comes from
`balances`, so the line on top agrees with every slip; each line's balance is counted back from it.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from station_app.journal.cuts import Cut
from station_app.journal.log import Connection
from station_app.ledger.balances import CLEARING, standings
from station_app.ledger.posting import CNY
from station_app.overview.ledger.day_index import (
    DayRun,
    clipped,
    day_at,
    first_day,
    last_day,
    runs_back,
)
from station_app.values.day import add_days, days_between

LINES_AT_ONCE = 60
FEW = 400  # lines of an account that is read whole: most have one or two
END_OF_DAYS = "~"  # behind every day
_Pair = tuple[str, Any]  # a day, and a row of `_LINES`

_LINES = (
    "SELECT p.stream, p.seq, p.line, f.act, f.at, f.kind, p.amount FROM postings p "
    "JOIN facts f ON f.stream = p.stream AND f.seq = p.seq "
    "WHERE p.account = ? AND p.commodity = ?"
)
_LINES_ASIDE = _LINES.replace("postings p", "postings_aside p")  # counted at a cut, and not now
_SUM = (
    "SELECT coalesce(sum(amount), 0) FROM postings INDEXED BY postings_by_account "
    "WHERE account = ? AND commodity = ?"
)
_OF_RUN = " AND stream = ? AND seq BETWEEN ? AND ?"


@dataclass(frozen=True, slots=True)
class AccountLine:
    """One posting. at: UTC ms; amount: a debit is positive; balance: after it, in this order."""

    stream: str
    seq: int
    line: int
    act: str
    at: int
    day: str
    kind: str
    amount: int
    balance: int


@dataclass(frozen=True, slots=True)
class AccountPage:
    """Lines, the latest first. closing: after the first of them; opening: before the last.

    older: the day at which the next page begins (its `before`), "" at the beginning of the books.
    """

    lines: tuple[AccountLine, ...]
    opening: int
    closing: int
    older: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """Which account. upto: cut off behind these facts, None for now; month: "" for all."""

    account: str
    commodity: str = CNY
    upto: Cut | None = None
    month: str = ""


def account_page(
    connection: Connection,
    asked: Asked,
    *,
    before: str = "",
    closing: int | None = None,
    limit: int = LINES_AT_ONCE,
) -> AccountPage:
    """Return the lines before a day (all of the days shown), as many as `limit` or a day more.

    before, closing: `older` and `opening` of the page that came first; "" and None for the latest.
    """
    if closing is None:
        closing = closing_of(connection, asked)
    first, end = days_of_month(asked.month)
    end = min(before, end) if before else end
    found: list[_Pair]
    few = _few(connection, asked)
    if few is not None:
        found = _whole_days([pair for pair in few if first <= pair[0] < end], limit)
    else:
        found = _by_runs(connection, asked, (first, end), limit)
    lines = _with_balances(found, closing)
    opening = lines[-1].balance - lines[-1].amount if lines else closing
    oldest = lines[-1].day if lines else ""
    has_more = bool(oldest) and (
        any(first <= day < oldest for day, _ in few)
        if few is not None
        else _has_line(connection, asked, (first, oldest))
    )
    return AccountPage(lines, opening, closing, oldest if has_more else "")


def closing_of(connection: Connection, asked: Asked) -> int:
    """Return what the account stood at when its month ended; now (or at the cut) without one."""
    if asked.account.startswith(CLEARING):
        row = connection.execute(_SUM, (asked.account, asked.commodity)).fetchone()
        return int(row[0])
    found = standings(connection, asked.account, commodity=asked.commodity, upto=asked.upto)
    total = sum(s.amount for s in found if s.account == asked.account)
    if not asked.month:
        return total
    _, end = days_of_month(asked.month)
    few = _few(connection, asked)
    if few is not None:
        return total - sum(int(row[6]) for day, row in few if day >= end)
    if _is_early(connection, end):
        return _sum_of(connection, asked, _within(asked, runs_back(connection, before=end)))
    later = _within(asked, runs_back(connection, before=END_OF_DAYS, since=end))
    return total - _sum_of(connection, asked, later)


def _is_early(connection: Connection, day: str) -> bool:
    """Tell whether less lies before a day than after it: then that is summed up."""
    first, last = first_day(connection), last_day(connection)
    return bool(first) and days_between(first, day) < days_between(day, last)


def _within(asked: Asked, runs: Iterable[DayRun]) -> Iterator[DayRun]:
    kept = (clipped(run, _cut(asked)) for run in runs)
    return (run for run in kept if run is not None)


def days_of_month(month: str) -> tuple[str, str]:
    """Return a month's first day and the first of the next: all days for no month."""
    if not month:
        return "", END_OF_DAYS
    first = f"{month}-01"
    return first, f"{add_days(first, 31)[:7]}-01"


def month_beside(month: str, step: int) -> str:
    """Return the month after (1) or before (-1) a month."""
    first, end = days_of_month(month)
    return end[:7] if step > 0 else add_days(first, -1)[:7]


# --- Reading -------------------------------------------------------------------------------------


def _cut(asked: Asked) -> dict[str, int] | None:
    return None if asked.upto is None else dict(asked.upto)


def _few(connection: Connection, asked: Asked) -> list[_Pair] | None:
    """Return all lines with their days if there are few, latest first; None if there are many."""
    rows = connection.execute(
        f"{_LINES} LIMIT ?",
        (asked.account, asked.commodity, FEW + 1),
    ).fetchall()
    if len(rows) > FEW:
        return None
    upto = asked.upto
    kept = [row for row in rows if upto is None or row[1] <= upto.get(row[0], 0)]
    known = [(day_at(connection, row[0], row[1]), row) for row in kept]
    return _latest_first((*known, *_set_aside_since(connection, asked)))


def _set_aside_since(connection: Connection, asked: Asked) -> list[_Pair]:
    """Return the lines, with their days, that counted at a cut and that a decision put out since.

    What a slip showed stays: the account behind it opens with the same lines for ever.
    """
    upto = asked.upto
    if upto is None:
        return []
    rows = connection.execute(_LINES_ASIDE, (asked.account, asked.commodity)).fetchall()
    return [
        (day_at(connection, row[0], row[1]), row) for row in rows if row[1] <= upto.get(row[0], 0)
    ]


def _latest_first(
    pairs: Iterable[_Pair],
) -> list[_Pair]:
    return sorted(pairs, key=lambda p: (p[0], p[1][4], p[1][0], p[1][1], p[1][2]), reverse=True)


def _whole_days(pairs: Sequence[_Pair], limit: int) -> list[_Pair]:
    """Return the first `limit` and the rest of the day in which that many are reached."""
    kept = list(pairs[:limit])
    if kept:
        kept += [pair for pair in pairs[limit:] if pair[0] == kept[-1][0]]
    return kept


def _by_runs(
    connection: Connection, asked: Asked, days: tuple[str, str], limit: int
) -> list[_Pair]:
    found: list[_Pair] = []
    for run in runs_back(connection, before=days[1], since=days[0]):
        if len(found) >= limit and run.day != found[-1][0]:
            break
        within = clipped(run, _cut(asked))
        if within is None:
            continue
        rows = connection.execute(
            f"{_LINES} AND p.stream = ? AND p.seq BETWEEN ? AND ?",
            (asked.account, asked.commodity, within.stream, within.first, within.last),
        )
        found += [(run.day, row) for row in rows]
    first = found[-1][0] if len(found) >= limit else days[0]
    out = _set_aside_since(connection, asked)
    return _latest_first((*found, *(pair for pair in out if first <= pair[0] < days[1])))


def _has_line(connection: Connection, asked: Asked, days: tuple[str, str]) -> bool:
    if any(days[0] <= day < days[1] for day, _ in _set_aside_since(connection, asked)):
        return True
    for run in runs_back(connection, before=days[1], since=days[0]):
        within = clipped(run, _cut(asked))
        if (
            within is not None
            and connection.execute(
                "SELECT 1 FROM postings WHERE account = ? AND commodity = ?"
                " AND stream = ? AND seq BETWEEN ? AND ? LIMIT 1",
                (asked.account, asked.commodity, within.stream, within.first, within.last),
            ).fetchone()
        ):
            return True
    return False


def _sum_of(connection: Connection, asked: Asked, runs: Iterable[DayRun]) -> int:
    total: int = 0
    out = [row for _, row in _set_aside_since(connection, asked)]
    for run in runs:
        total += sum(r[6] for r in out if r[0] == run.stream and run.first <= r[1] <= run.last)
        (amount,) = connection.execute(
            f"{_SUM}{_OF_RUN}",
            (asked.account, asked.commodity, run.stream, run.first, run.last),
        ).fetchone()
        total += amount
    return total


def _with_balances(pairs: Sequence[_Pair], closing: int) -> tuple[AccountLine, ...]:
    lines: list[AccountLine] = []
    balance = closing
    for day, (stream, seq, line, act, at, kind, amount) in pairs:
        lines.append(AccountLine(stream, seq, line, act, at, day, kind, amount, balance))
        balance -= amount
    return tuple(lines)

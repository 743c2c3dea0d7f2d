"""What the accounts stand at: the one query behind every figure on screen and paper.

"Now" comes from the table `balances`, which the recorder keeps with every posting. A cut, as a
closed shift stores it, is the same table less what was posted beyond the cut: so the last Z slip
is as quick after ten years as on the first day, and comes out the same for ever.

Not mine = what the station holds for others, account by account; nothing is netted: not people
with people, not couriers with the county. Own = money - not mine.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

from station_app.ledger.accounts import (
    COUNTY_CURRENT,
    DRAWERS,
    DRAWINGS,
    FLOAT,
    HERE,
    OPENING,
    OVER_SHORT,
    PLACES,
    drawer,
)
from station_app.ledger.posting import CNY

Cut = Mapping[str, int]  # up to which fact of each stream, that one included

CLEARING = "Equity:Counter:"  # of one act each, zero when it is complete: no balance is kept
HELD = "Liabilities:Held"
REFUND_DUE = "Liabilities:RefundDue"
RECEIVABLE = "Assets:Receivable"
CLAIM = "Assets:Claim"
INCOME = "Income"
EXPENSES = "Expenses"

# Whose money it is when own money is below zero: the first is covered first.
COVERED_FIRST = ("RefundDue", "Prepayment", "Bill", "Grower", "Courier", "County")
# In which order purses are printed; other kinds come behind.
PRINTED_FIRST = ("COD", "Freight", "Sending", "Prepayment", "Bill", "Grower", "RefundDue", "County")
_KIND_OF_PURSE = {
    "Prepayment": "Prepayment",
    "Bill": "Bill",
    "Grower": "Grower",
    "COD": "Courier",
    "Freight": "Courier",
    "Sending": "Courier",
}

# Every stream that has posted, and its last fact that did: seeks from stream to stream, no scan.
_WRITTEN = """
WITH RECURSIVE written(stream) AS (
    SELECT min(stream) FROM postings
    UNION ALL
    SELECT (SELECT min(p.stream) FROM postings p WHERE p.stream > w.stream)
    FROM written w WHERE w.stream IS NOT NULL
)
SELECT w.stream, (SELECT max(p.seq) FROM postings p WHERE p.stream = w.stream)
FROM written w WHERE w.stream IS NOT NULL
"""
_BEYOND = """
SELECT account, commodity, -sum(amount) FROM postings
WHERE stream = ? AND seq > ? AND account >= ? AND account < ?
AND NOT (account >= 'Equity:Counter:' AND account < 'Equity:Counter;')
GROUP BY account, commodity
"""
# What does not count now and did at a cut, or never will: see `journal.kept_back`.
_ASIDE = """
SELECT account, commodity, sum(amount) FROM postings_aside
WHERE stream = ? AND seq <= ? AND account >= ? AND account < ?
AND NOT (account >= 'Equity:Counter:' AND account < 'Equity:Counter;')
GROUP BY account, commodity
"""


class Connection(Protocol):
    """What a query needs of a database connection."""

    def execute(self, sql: str, parameters: Any = (), /) -> Any:
        """Run one statement."""
        ...


@dataclass(frozen=True, slots=True)
class Standing:
    """What one account stands at in one commodity; a debit is positive."""

    account: str
    commodity: str
    amount: int


@dataclass(frozen=True, slots=True)
class Purse:
    """Other people's money of one kind, for one owner: never below zero.

    kind: `COD`, `Freight`, `Sending`, `Prepayment`, `Bill`, `Grower`, `RefundDue` or `County`;
    owner: the courier's code or the key in the account's name, "" for the county.
    """

    kind: str
    owner: str
    amount_fen: int


def is_below(account: str, prefix: str) -> bool:
    """Tell whether an account is `prefix` itself or one below it; "" is above all."""
    stem = prefix.rstrip(":")
    return not stem or account == stem or account.startswith(f"{stem}:")


def standings(
    connection: Connection,
    account_prefix: str = "",
    *,
    commodity: str | None = None,
    upto: Cut | None = None,
) -> tuple[Standing, ...]:
    """Return every account below a prefix that is not zero, by name.

    commodity: only this one, None for all; upto: cut off behind these facts, None for now.
    """
    first, end = _range(account_prefix)
    rows = connection.execute(
        "SELECT account, commodity, amount FROM balances "
        "WHERE account >= ? AND account < ? AND amount != 0",
        (first, end),
    ).fetchall()
    if upto is not None:
        for stream, last in connection.execute(_WRITTEN).fetchall():
            reached = upto.get(stream, 0)
            if last > reached:
                beyond = connection.execute(_BEYOND, (stream, reached, first, end))
                rows += beyond.fetchall()
        for (stream,) in connection.execute("SELECT DISTINCT stream FROM postings_aside"):
            reached = upto.get(stream, 0)
            rows += connection.execute(_ASIDE, (stream, reached, first, end)).fetchall()
    sums: dict[tuple[str, str], int] = {}
    for account, unit, amount in rows:
        wanted = commodity is None or unit == commodity
        if wanted and is_below(account, account_prefix):
            sums[account, unit] = sums.get((account, unit), 0) + amount
    return tuple(Standing(*key, amount) for key, amount in sorted(sums.items()) if amount)


def _range(prefix: str) -> tuple[str, str]:
    """Return the first name and the end of the names that begin with `prefix`."""
    stem = prefix.rstrip(":")
    return stem, f"{stem}~"  # "~" sorts behind every character of an account's name


def balance(
    connection: Connection,
    account_prefix: str,
    commodity: str = CNY,
    upto: Cut | None = None,
) -> int:
    """Return the sum of the accounts below a prefix; a debit is positive."""
    found = standings(connection, account_prefix, commodity=commodity, upto=upto)
    return sum(standing.amount for standing in found)


def repaid_since(connection: Connection, stream: str, act: str) -> bool:
    """Tell whether somebody owes less now than an act put on her account.

    Taken back, it would leave her account in credit: money of hers that no list shows.
    """
    row = connection.execute(
        "SELECT 1 FROM postings p JOIN facts f ON f.stream = p.stream AND f.seq = p.seq "
        "WHERE f.stream = ?1 AND f.act = ?2 AND p.commodity = ?3 AND p.account LIKE ?4 "
        "GROUP BY p.account HAVING sum(p.amount) > max(0, coalesce((SELECT sum(b.amount) "
        "FROM balances b WHERE b.account = p.account AND b.commodity = ?3), 0)) LIMIT 1",
        (stream, act, CNY, f"{RECEIVABLE}:%"),
    ).fetchone()
    return row is not None


def books(connection: Connection, upto: Cut | None = None) -> "Books":
    """Return all money at one moment: every figure of a slip comes from the same rows."""
    return Books(standings(connection, commodity=CNY, upto=upto))


def trial_balance(connection: Connection, upto: Cut | None = None) -> tuple[Standing, ...]:
    """Return every account that is not zero, in all commodities; each commodity sums to zero."""
    return standings(connection, upto=upto)


def money(connection: Connection, upto: Cut | None = None) -> int:
    """Return what lies in drawers, safe, WeChat, Alipay and bank, in fen."""
    return books(connection, upto).money_fen


def not_mine(connection: Connection, upto: Cut | None = None) -> int:
    """Return how much of the money belongs to others, in fen."""
    return books(connection, upto).not_mine_fen


def own(connection: Connection, upto: Cut | None = None) -> int:
    """Return how much of the money is the station's own, in fen; below zero: 垫用."""
    return books(connection, upto).own_fen


@dataclass(frozen=True)
class Books:
    """All money accounts at one moment, and the figures that follow from them (fen)."""

    standings: tuple[Standing, ...]

    def amount(self, prefix: str) -> int:
        """Return the sum of the accounts below a prefix; a debit is positive."""
        return self._sum(lambda account: is_below(account, prefix))

    def _sum(self, wanted: Callable[[str], bool]) -> int:
        return sum(s.amount for s in self.standings if wanted(s.account))

    def expected_fen(self, device: str) -> int:
        """Return what the books have in the drawer of a device."""
        return self.amount(drawer(device))

    @cached_property
    def drawers(self) -> tuple[tuple[str, int], ...]:
        """Return each drawer's device and amount."""
        return tuple(
            (s.account.removeprefix(DRAWERS), s.amount)
            for s in self.standings
            if is_below(s.account, DRAWERS)
        )

    @cached_property
    def money_fen(self) -> int:
        """Return what lies in all places of money."""
        return sum(self.amount(place) for place in (DRAWERS, *PLACES))

    @cached_property
    def purses(self) -> tuple[Purse, ...]:
        """Return other people's money that is here, a purse for each owner, in print order."""
        sums: dict[tuple[str, str], int] = {}
        for standing in self.standings:
            key = purse_of(standing.account)
            if key is not None and standing.amount < 0:
                sums[key] = sums.get(key, 0) - standing.amount
        in_order = sorted(sums.items(), key=lambda item: (_place_of_kind(item[0][0]), item[0]))
        return tuple(Purse(*key, amount) for key, amount in in_order)

    @cached_property
    def not_mine_fen(self) -> int:
        """Return the sum over single accounts of what each holds for others."""
        return sum(purse.amount_fen for purse in self.purses)

    @property
    def own_fen(self) -> int:
        """Return the station's own part of the money; below zero it uses other people's."""
        return self.money_fen - self.not_mine_fen

    @property
    def float_fen(self) -> int:
        """Return own money put in, less what the owner took out."""
        return -self.amount(FLOAT) - self.amount(OPENING) - self.amount(DRAWINGS)

    @property
    def over_short_fen(self) -> int:
        """Return what counting has found too much so far; below zero: too little."""
        return -self.amount(OVER_SHORT)

    @property
    def earned_fen(self) -> int:
        """Return income less expenses, without what counting found."""
        return -self.amount(INCOME) - self.amount(EXPENSES) - self.over_short_fen

    @property
    def lent_fen(self) -> int:
        """Return own money that is elsewhere: with villagers, the county, in goods.

        By construction float + earned + over_short - lent = own, whatever accounts there are.
        """
        return self.float_fen + self.earned_fen + self.over_short_fen - self.own_fen

    @property
    def villagers_owe_fen(self) -> int:
        """Return what villagers owe the station; it is printed, never counted as money.

        Nobody's debt is less because somebody else repaid too much.
        """
        return sum(max(0, s.amount) for s in self.standings if is_below(s.account, RECEIVABLE))

    @property
    def overpaid_fen(self) -> int:
        """Return what villagers repaid too much: it is theirs, and no purse holds it."""
        return sum(max(0, -s.amount) for s in self.standings if is_below(s.account, RECEIVABLE))

    @property
    def claims_fen(self) -> int:
        """Return what the station has paid out before the county agreed."""
        return self.amount(CLAIM)

    @cached_property
    def overdrawn(self) -> tuple[Standing, ...]:
        """Return accounts of other people's money from which too much was paid."""
        return tuple(
            s
            for s in self.standings
            if s.amount > 0 and (is_below(s.account, HELD) or is_below(s.account, REFUND_DUE))
        )

    @property
    def lent_by(self) -> tuple[tuple[str, int], ...]:
        """Return whose money the station uses when its own is below zero (垫用), and how much.

        What money there is covers refunds first, then prepayments, bills, growers, couriers and
        the county; who is not covered any more is named.
        """
        left = max(0, self.money_fen)
        lenders: list[tuple[str, int]] = []
        for kind in COVERED_FIRST:
            held = sum(p.amount_fen for p in self.purses if purse_group(p.kind) == kind)
            covered = min(left, held)
            left -= covered
            if held > covered:
                lenders.append((kind, held - covered))
        return tuple(lenders)


def _place_of_kind(kind: str) -> int:
    return PRINTED_FIRST.index(kind) if kind in PRINTED_FIRST else len(PRINTED_FIRST)


def purse_group(kind: str) -> str:
    """Return which rank of covering a purse of this kind has."""
    return _KIND_OF_PURSE.get(kind, kind)


def purse_of(account: str) -> tuple[str, str] | None:
    """Return kind and owner of an account of other people's money that is here, else None."""
    parts = account.split(":")
    if account == COUNTY_CURRENT:
        return ("County", "")
    if is_below(account, REFUND_DUE):
        return ("RefundDue", parts[-1])
    if is_below(account, HELD) and parts[-1] == HERE:
        return (parts[2], parts[3] if len(parts) > 4 else "")
    return None


def imbalances(found: Iterable[Standing]) -> dict[str, int]:
    """Return what a trial balance lacks to zero, per commodity; empty when it balances."""
    sums: dict[str, int] = {}
    for standing in found:
        sums[standing.commodity] = sums.get(standing.commodity, 0) + standing.amount
    return {commodity: amount for commodity, amount in sums.items() if amount}


def summed_up(found: Iterable[Standing]) -> list[Standing]:
    """Return these standings with the accounts of single people and papers added together."""
    sums: dict[tuple[str, str], int] = {}
    for standing in found:
        parts = [part for part in standing.account.split(":") if not _is_key(part)]
        key = (":".join(parts), standing.commodity)
        sums[key] = sums.get(key, 0) + standing.amount
    return [Standing(*key, amount) for key, amount in sorted(sums.items()) if amount]


def _is_key(part: str) -> bool:
    """Tell whether a part of an account's name is the 16 base32 characters of an identity."""
    return len(part) == 16 and part.isupper()

"""The trial balance: all accounts by kind, at one cut, and the proof that they balance.

It is the query of every slip, cut at the same place. While a drawer is open and not counted, what
should be in it is not said: such an account has no amount here, and neither have the sums of its
commodity, since they would give it away; that they balance is said all the same.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from station_app.journal.cuts import Cut
from station_app.journal.log import Connection
from station_app.ledger.accounts import DRAWERS, LOT_COMMODITY
from station_app.ledger.balances import Standing, imbalances, is_below, trial_balance
from station_app.ledger.posting import CNY, PCS

GROUPS = ("money", "held", "owed", "own", "income", "expenses", "pieces", "goods", "other")
_BELOW = (
    ("money", ("Assets:Drawer", "Assets:Safe", "Assets:WeChat", "Assets:Alipay", "Assets:Bank")),
    ("owed", ("Assets:Receivable", "Assets:Claim", "Assets:Inventory")),
    ("held", ("Liabilities",)),
    ("pieces", ("Equity:Pieces",)),
    ("goods", ("Equity:Goods",)),
    ("own", ("Equity:Float", "Equity:Opening", "Equity:Drawings")),
    ("income", ("Income",)),
    ("expenses", ("Expenses",)),
)


@dataclass(frozen=True, slots=True)
class TrialRow:
    """One account. amount: a debit is positive; is_secret: of a drawer that is not counted yet."""

    account: str
    commodity: str
    amount: int
    is_secret: bool = False


@dataclass(frozen=True, slots=True)
class TrialSum:
    """The proof of one commodity. debit, credit: both positive, 0 if they would tell a secret."""

    commodity: str
    debit: int
    credit: int
    difference: int
    is_secret: bool = False


@dataclass(frozen=True, slots=True)
class Trial:
    """All accounts that are not zero, by group; sums: of money and pieces, lots taken together."""

    groups: tuple[tuple[str, tuple[TrialRow, ...]], ...]
    sums: tuple[TrialSum, ...]

    @property
    def is_balanced(self) -> bool:
        """Tell whether every commodity sums to zero."""
        return all(one.difference == 0 for one in self.sums)


def open_drawers(connection: Connection) -> frozenset[str]:
    """Return the accounts of drawers whose shift is open: they are not counted yet."""
    rows = connection.execute("SELECT DISTINCT device FROM shifts WHERE closed_at = 0 AND day > ''")
    return frozenset(f"{DRAWERS}{row[0]}" for row in rows)


def trial(connection: Connection, upto: Cut | None = None) -> Trial:
    """Return the trial balance now, or cut off behind these facts."""
    secret = open_drawers(connection) if upto is None else frozenset()
    found = trial_balance(connection, upto)
    rows: dict[str, list[TrialRow]] = {name: [] for name in GROUPS}
    for one in found:
        is_secret = one.account in secret
        amount = 0 if is_secret else one.amount
        rows[group_of(one.account)].append(
            TrialRow(one.account, one.commodity, amount, is_secret=is_secret)
        )
    is_hiding = any(one.account in secret for one in found)
    groups = tuple((name, tuple(rows[name])) for name in GROUPS if rows[name])
    return Trial(groups, _sums(found, is_hiding=is_hiding))


def group_of(account: str) -> str:
    """Return the group in which an account stands."""
    return next(
        (name for name, heads in _BELOW if any(is_below(account, head) for head in heads)), "other"
    )


def _sums(found: Sequence[Standing], *, is_hiding: bool) -> tuple[TrialSum, ...]:
    lacks = imbalances(found)
    lots = sorted({s.commodity for s in found if s.commodity.startswith(LOT_COMMODITY)})
    sums = []
    for commodity in (CNY, PCS):
        mine = [s.amount for s in found if s.commodity == commodity]
        if not mine and commodity != CNY:
            continue
        hidden = is_hiding and commodity == CNY
        debit, credit = sum(a for a in mine if a > 0), -sum(a for a in mine if a < 0)
        shown = (0, 0) if hidden else (debit, credit)
        sums.append(TrialSum(commodity, *shown, lacks.get(commodity, 0), is_secret=hidden))
    if lots:
        wrong = sum(1 for lot in lots if lacks.get(lot, 0))
        sums.append(TrialSum(LOT_COMMODITY, len(lots), len(lots) - wrong, wrong))
    return tuple(sums)

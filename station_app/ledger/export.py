"""The ledger for other programs: Beancount, a plain text that `bean-check` accepts.

Our account names and commodities are legal there as they stand, so the export translates nothing:
one transaction for each fact that posts, in the order of days, and the balances of the last day
as assertions, so whoever reads it can prove that nothing is missing.
"""

from collections.abc import Collection, Iterator
from typing import Any

from station_app.ledger.balances import Connection, trial_balance
from station_app.ledger.posting import CNY
from station_app.values.day import add_days, is_day
from station_app.values.money import yuan_plain

FIRST_DAY = "2000-01-01"  # before any shift: accounts are opened on it
_ROWS = (
    "SELECT coalesce(json_extract(CAST(f.body AS TEXT), '$.day'), ?) AS day, "
    "f.stream, f.seq, f.act, f.kind, p.account, p.commodity, p.amount "
    "FROM facts f JOIN postings p ON p.stream = f.stream AND p.seq = f.seq "
    "ORDER BY day, f.stream, f.seq, p.line"
)


def beancount(
    connection: Connection, title: str, *, without: Collection[str] = ()
) -> Iterator[str]:
    """Yield the whole ledger, line by line without line ends. title: whose ledger it is.

    without: accounts whose balance is not asserted.
    """
    yield f'option "title" "{_quoted(title)}"'
    yield 'option "operating_currency" "CNY"'
    yield ""
    rows = connection.execute("SELECT DISTINCT account FROM postings ORDER BY account").fetchall()
    for (account,) in rows:
        yield f"{FIRST_DAY} open {account}"
    last_day, present = FIRST_DAY, ("", 0)
    for day, stream, seq, act, kind, account, commodity, amount in _rows(connection):
        if (stream, seq) != present:
            present = (stream, seq)
            bears = day if is_day(day) else FIRST_DAY  # another's program may have said anything
            last_day = max(last_day, bears)
            yield ""
            yield f'{bears} * "{kind}" "{stream} {seq}" ^{act}'
        yield f"  {account}  {_amount(amount, commodity)}"
    yield ""
    for standing in trial_balance(connection):
        if standing.account in without:
            continue
        amount_then = _amount(standing.amount, standing.commodity)
        yield f"{add_days(last_day, 1)} balance {standing.account}  {amount_then}"


def _rows(connection: Connection) -> Any:
    return connection.execute(_ROWS, (FIRST_DAY,))


def _amount(amount: int, commodity: str) -> str:
    return f"{yuan_plain(amount) if commodity == CNY else amount} {commodity}"


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')

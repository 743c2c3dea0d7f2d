"""Postings: what a fact does to the books.

An entry is a tuple of lines that sums to zero per commodity. CNY is counted in fen, parcels in
PCS, produce in grams or pieces per lot. A positive amount is a debit. Goods that move out of a
place and into another are the same thing as money: credit where they leave, debit where they come.
"""

from collections.abc import Iterable
from dataclasses import dataclass

CNY = "CNY"
PCS = "PCS"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of an entry: `amount` is a debit when positive, in the commodity's whole unit."""

    account: str
    commodity: str
    amount: int


Entry = tuple[Line, ...]


def pays(debit: str, credit: str, amount_fen: int) -> Entry:
    """Return the money entry "debit -> credit" (Dr debit, Cr credit); empty for nothing."""
    if amount_fen == 0:
        return ()
    return (Line(debit, CNY, amount_fen), Line(credit, CNY, -amount_fen))


def moves(out_of: str, into: str, amount: int, commodity: str = PCS) -> Entry:
    """Return the entry for goods that leave one place and come to another."""
    if amount == 0:
        return ()
    return (Line(into, commodity, amount), Line(out_of, commodity, -amount))


def split(debited: Iterable[tuple[str, int]], credited: Iterable[tuple[str, int]]) -> Entry:
    """Return a money entry of several sides; raises ValueError unless both come to the same.

    Each side is (account, fen); what is zero is left out.
    """
    debit, credit = tuple(debited), tuple(credited)
    difference = sum(fen for _, fen in debit) - sum(fen for _, fen in credit)
    if difference:
        raise ValueError(f"{difference} fen have no place")
    return (
        *(Line(account, CNY, fen) for account, fen in debit if fen),
        *(Line(account, CNY, -fen) for account, fen in credit if fen),
    )


def negated(entry: Iterable[Line]) -> Entry:
    """Return the exact negative of an entry, as a reversal posts it."""
    return tuple(Line(line.account, line.commodity, -line.amount) for line in entry)


def imbalance(entry: Iterable[Line]) -> dict[str, int]:
    """Return what an entry lacks to zero, per commodity; empty when it balances."""
    sums: dict[str, int] = {}
    for line in entry:
        sums[line.commodity] = sums.get(line.commodity, 0) + line.amount
    return {commodity: amount for commodity, amount in sums.items() if amount}


def total(entry: Iterable[Line], account: str, commodity: str = CNY) -> int:
    """Return what an entry does to one account."""
    return sum(
        line.amount for line in entry if line.account == account and line.commodity == commodity
    )

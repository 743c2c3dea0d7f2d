"""Whether money that goes out would be other people's: said before, never after.

One pure function over the books as they stand and all the lines that an act is about to post. The
pages of payouts, drawings, remittances and payments to couriers ask it beforehand, and the rules
ask it again inside the act. What counts is whether the act makes own money less than nothing, or
still less: who gets what was hers lowers money and not-mine alike, and nobody is asked for it.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from station_app.ledger.balances import Books, Standing
from station_app.ledger.posting import CNY, Line


@dataclass(frozen=True, slots=True)
class Lending:
    """What the station would use of other people's money.

    lent_fen: by how much its own money would be below zero; lent_by: (rank of purse, fen) whose
    money it would be, as `Books.lent_by` has it.
    """

    lent_fen: int = 0
    lent_by: tuple[tuple[str, int], ...] = ()

    @property
    def asks(self) -> bool:
        """Tell whether it must be said before the money goes."""
        return self.lent_fen > 0


def books_after(books: Books, lines: Iterable[Line]) -> Books:
    """Return the books as they would stand with these lines posted; other commodities left out."""
    sums = {standing.account: standing.amount for standing in books.standings}
    for line in lines:
        if line.commodity == CNY:
            sums[line.account] = sums.get(line.account, 0) + line.amount
    return Books(tuple(Standing(name, CNY, sums[name]) for name in sorted(sums) if sums[name]))


def lending(books: Books, lines: Iterable[Line]) -> Lending:
    """Return what would be lent once these lines, the whole act's, are posted.

    Nothing while own money suffices, nor where it was short already and does not get shorter.
    """
    after = books_after(books, lines)
    is_hers = after.own_fen - after.overpaid_fen >= books.own_fen - books.overpaid_fen
    if is_hers or after.own_fen >= min(0, books.own_fen):
        return Lending()
    return Lending(-after.own_fen, after.lent_by)

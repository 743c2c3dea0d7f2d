"""What an X or Z slip shows, as plain values: books, movements, numbers, other PCs.

One sheet serves the screen, the preview, the print and the reprint, so none of them can say
anything that the others do not.
"""

from dataclasses import dataclass

from station_app.ledger.balances import Books
from station_app.services.cash.rules import Shift


@dataclass(frozen=True, slots=True)
class Movements:
    """What happened in a shift on its own PC; undone acts and their reversals are left out.

    Cash counts acts with money in or out of the drawer; parcels count pieces.
    """

    acts: int = 0
    reversals: int = 0
    cash_in: int = 0
    cash_in_fen: int = 0
    cash_out: int = 0
    cash_out_fen: int = 0
    shelved: int = 0
    handed_over: int = 0
    returned: int = 0


@dataclass(frozen=True, slots=True)
class Seen:
    """Until when another PC's books are in this cut."""

    device: str
    at: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """Everything that an X or Z slip shows, as values.

    shift: its identity; state: of the shift, closed or as it would be if closed now; at: the
    moment printed; books: at the cut, the difference of the count included; first, last: running
    numbers of this PC's facts; tail: identity of the last of them; seen: other PCs.
    stream: in which the shift ends, for the mark of its number.
    """

    shift: str
    state: Shift
    at: int
    operator: str
    books: Books
    movements: Movements
    first: int
    last: int
    tail: str
    stream: str
    seen: tuple[Seen, ...]

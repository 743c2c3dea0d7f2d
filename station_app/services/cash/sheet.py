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

    Cash counts acts with money in or out of the drawer, put in and taken out apart from them;
    opened: the drawer, without a payment; alone: done by one where two are asked for (一人办理);
    handed_fen: differences found at hand-overs; parcels count pieces; sold, taken_back: acts of
    the counter sale, with what the goods came to, discounts deducted, consigned_fen for growers'
    goods among them; corrected: acts that put an earlier one right (改正); ordered, arrived: orders
    for villagers; lots: that growers brought to be sold; growers_paid: acts in which they got
    money, for settlements or for what was bought.
    """

    acts: int = 0
    reversals: int = 0
    cash_in: int = 0
    cash_in_fen: int = 0
    cash_out: int = 0
    cash_out_fen: int = 0
    put_in: int = 0
    put_in_fen: int = 0
    taken_out: int = 0
    taken_out_fen: int = 0
    opened: int = 0
    alone: int = 0
    handed_fen: int = 0
    shelved: int = 0
    handed_over: int = 0
    returned: int = 0
    sold: int = 0
    sold_fen: int = 0
    taken_back: int = 0
    taken_back_fen: int = 0
    corrected: int = 0
    ordered: int = 0
    arrived: int = 0
    lots: int = 0
    consigned_fen: int = 0
    growers_paid: int = 0
    growers_paid_fen: int = 0


@dataclass(frozen=True, slots=True)
class Compared:
    """What a phone or bank book showed, the last time it was held against the books."""

    place: str
    shown_fen: int
    difference_fen: int
    booked: int
    remark: str


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
    stream: in which the shift ends, for the mark of its number; compared: the latest of each place.
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
    compared: tuple[Compared, ...] = ()

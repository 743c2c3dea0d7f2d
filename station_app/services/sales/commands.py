"""What can be asked at the counter when goods are sold.

The money of an act is one payment beside these (`cash.commands`): `SellGoods` and `TakePayment`,
`ReturnGoods` and `GivePayment`; the recorder refuses an act in which they do not agree.
"""

from dataclasses import dataclass

from station_app.services.sales.facts import GoodsLine


@dataclass(frozen=True, slots=True, kw_only=True)
class SellGoods:
    """Sell a basket. round_off_fen: what the payment of the act lets go.

    basket: identity of the one that waited, "" for a new one. confirmed_by: identity of the
    manager whose PIN the page has seen, alone_reason: why nobody is asked; both only where a price
    is changed: the rule says whether one of them is needed.
    """

    lines: tuple[GoodsLine, ...]
    round_off_fen: int = 0
    basket: str = ""
    confirmed_by: str = ""
    alone_reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldBasket:
    """Put a basket aside; nothing is sold.

    words: for whom; basket: the one that waited and whose place it takes, "" for none.
    """

    lines: tuple[GoodsLine, ...]
    words: str = ""
    basket: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class GiveUpBasket:
    """Give a basket up that waits, for one reason; see `BasketGivenUp`."""

    basket: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnLine:
    """How much of a sale comes back, and whether it can be sold again: `shelf` or `spoiled`."""

    sale: str
    quantity: int
    into: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnGoods:
    """Take goods of one slip back, for one reason."""

    lines: tuple[ReturnLine, ...]
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintSaleSlip:
    """Print the slip of this very act, asked last in it, when the money is known. act: ticket."""

    act: str

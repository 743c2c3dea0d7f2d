"""What the stories say again and again: a lot taken in, a sale, its return, a refund."""

from collections.abc import Generator
from typing import Any

from station_app.journal.fact import Saying
from station_app.journal.projection import EntityKind
from station_app.ledger.accounts import part
from station_app.ledger.rounding import line_fen
from station_app.services.accounts.facts import RefundPaid
from station_app.services.consignment.facts import LotAccepted, LotSold, Share
from station_app.services.consignment.lots import LOT, Lot
from station_app.services.purchasing import rules as purchasing
from station_app.services.sales import rules as sales
from station_app.services.sales.facts import SaleMade, SaleReturned
from tests.ledger.village import DAY, Village, given, make, say

Tale = Generator[str]


def state(village: Village, kind: EntityKind[Any], entity: str) -> Any:
    """Return the state of a thing as the first PC folds it."""
    found = village.one.recorder._store.state(kind, entity)
    assert found is not None
    return found


def order_of(village: Village, entity: str) -> purchasing.Order:
    found = state(village, purchasing.ORDER, entity)
    assert isinstance(found, purchasing.Order)
    return found


def sale_of(village: Village, entity: str) -> sales.Sale:
    found = state(village, sales.SALE, entity)
    assert isinstance(found, sales.Sale)
    return found


def share(person: str, quantity: int, **terms: int) -> Share:
    return make(Share, person=person, quantity=quantity, **terms)


def accepted(village: Village, letter: str, whose: Share) -> str:
    return village.found(
        letter, say(LotAccepted, unit="gram", quantity=whose.quantity, share=whose)
    )


def sold(
    lot: str, shares: tuple[Share, ...], quantity: int, price_fen: int, **more: int
) -> tuple[Saying, Saying]:
    """Return what is said of a sale of a consigned lot: the sale first, then its goods."""
    amount_fen = line_fen(quantity, price_fen, "gram")
    made = say(
        SaleMade,
        ownership="consigned",
        lot=lot,
        unit="gram",
        quantity=quantity,
        price_fen=price_fen,
        amount_fen=amount_fen,
        shares=sales.shares_of(amount_fen, quantity, shares),
        **more,
    )
    return made, say(LotSold, lot, quantity=quantity)


def returned(village: Village, sale: str, quantity: int) -> sales.Return:
    return sales.return_of(sale_of(village, sale), quantity)


def came_back(back: sales.Return, sale: str, ownership: str = "consigned") -> Saying:
    return say(
        SaleReturned,
        sale,
        ownership=ownership,
        quantity=back.quantity,
        amount_fen=back.amount_fen,
        discount_fen=back.discount_fen,
        round_off_fen=back.round_off_fen,
        shares=back.shares,
    )


def refund(document: str, amount_fen: int) -> tuple[Saying, Saying]:
    return (
        say(RefundPaid, document=part(document), amount_fen=amount_fen),
        given(amount_fen),
    )


def settled(village: Village, sale: str) -> list[Saying]:
    """Return the settling of every share of a sale."""
    known = sale_of(village, sale)
    return [
        Saying(sales.settlement_of(known, number, DAY), entity=sale)
        for number in range(1, len(known.shares) + 1)
    ]


def lot_of(village: Village, entity: str) -> Lot:
    found = state(village, LOT, entity)
    assert isinstance(found, Lot)
    return found

"""Sales at the counter: whose money a sale is, what comes back of it, what is settled.

A share of a sale is a grower's until it is settled with her. What comes back is taken from
everything that the sale said, in the same parts, and whoever brings the last of it takes exactly
what is left: a sale and all its returns come to nothing on every account.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import msgspec

from station_app.journal.fact import Body, Told
from station_app.journal.projection import Cases, Columns, EntityKind
from station_app.journal.vocabulary import Poster
from station_app.ledger import accounts
from station_app.ledger.posting import Entry, pays, split
from station_app.ledger.rounding import basis_points, line_fen
from station_app.ledger.shares import shared, taken_back
from station_app.services.consignment.facts import Share
from station_app.services.sales.baskets import BASKET, PRICE, WEIGHING
from station_app.services.sales.facts import (
    FACTS,
    GrowerShare,
    ReturnedShare,
    SaleMade,
    SaleReturned,
    SaleSettled,
)

CONSIGNED = "consigned"
OWN = "own"
SHOP = "shelf"


class SoldShare(msgspec.Struct, frozen=True, kw_only=True):
    """A grower's part of a sale, what came back of it, and what was settled.

    back_…: before and after settling; settled_back_…: after it only, with what went back of
    commission and top-up.
    """

    person: str
    quantity: int
    amount_fen: int
    commission_bp: int
    guaranteed_fen: int
    is_net: int
    back_quantity: int = 0
    back_fen: int = 0
    times_settled: int = 0
    settled_quantity: int = 0
    commission_fen: int = 0
    top_up_fen: int = 0
    settled_back_quantity: int = 0
    commission_back_fen: int = 0
    top_up_back_fen: int = 0


class Sale(msgspec.Struct, frozen=True, kw_only=True):
    """One line of a slip. back_…: what came back; an empty ownership: its founder is missing."""

    ownership: str = ""
    lot: str = ""
    product: str = ""
    unit: str = ""
    quantity: int = 0
    price_fen: int = 0
    amount_fen: int = 0
    discount_fen: int = 0
    round_off_fen: int = 0
    shares: tuple[SoldShare, ...] = ()
    back_quantity: int = 0
    back_fen: int = 0
    back_discount_fen: int = 0
    back_round_off_fen: int = 0
    slip: int = 0
    day: str = ""
    founder: str = ""
    returns: tuple[str, ...] = ()
    settlings: tuple[str, ...] = ()

    @property
    def paid_fen(self) -> int:
        """Return what the customer paid for it."""
        return self.amount_fen - self.discount_fen - self.round_off_fen

    @property
    def paid_back_fen(self) -> int:
        """Return what she got back of that."""
        return self.back_fen - self.back_discount_fen - self.back_round_off_fen


def fold_sale(state: Sale | None, told: Told) -> Sale:
    """Apply one fact; any of them may come first."""
    known = state or Sale()
    body = told.body
    if isinstance(body, SaleReturned):
        return _came_back(known, told, body)
    if isinstance(body, SaleSettled):
        return _settled(known, told, body)
    made: SaleMade = body
    return msgspec.structs.replace(
        known,
        ownership=made.ownership,
        lot=made.lot,
        product=made.product,
        unit=made.unit,
        quantity=made.quantity,
        price_fen=made.price_fen,
        amount_fen=made.amount_fen,
        discount_fen=made.discount_fen,
        round_off_fen=made.round_off_fen,
        shares=tuple(
            SoldShare(
                person=share.person,
                quantity=share.quantity,
                amount_fen=share.amount_fen,
                commission_bp=share.commission_bp,
                guaranteed_fen=share.guaranteed_fen,
                is_net=share.is_net,
            )
            for share in made.shares
        ),
        slip=made.slip,
        day=made.day,
        founder=told.identity,
    )


def _came_back(known: Sale, told: Told, body: SaleReturned) -> Sale:
    shares = tuple(
        _share_back(share, came) for share, came in zip(known.shares, body.shares, strict=False)
    )
    return msgspec.structs.replace(
        known,
        back_quantity=known.back_quantity + body.quantity,
        back_fen=known.back_fen + body.amount_fen,
        back_discount_fen=known.back_discount_fen + body.discount_fen,
        back_round_off_fen=known.back_round_off_fen + body.round_off_fen,
        shares=(*shares, *known.shares[len(shares) :]),
        returns=(*known.returns, told.identity),
    )


def _share_back(share: SoldShare, came: ReturnedShare) -> SoldShare:
    settled_quantity = came.quantity if share.times_settled else 0
    return msgspec.structs.replace(
        share,
        back_quantity=share.back_quantity + came.quantity,
        back_fen=share.back_fen + came.amount_fen,
        settled_back_quantity=share.settled_back_quantity + settled_quantity,
        commission_back_fen=share.commission_back_fen + came.commission_fen,
        top_up_back_fen=share.top_up_back_fen + came.top_up_fen,
    )


def _settled(known: Sale, told: Told, body: SaleSettled) -> Sale:
    shares = list(known.shares)
    if 1 <= body.share <= len(shares):
        share = shares[body.share - 1]
        shares[body.share - 1] = msgspec.structs.replace(
            share,
            times_settled=share.times_settled + 1,
            settled_quantity=share.settled_quantity + body.quantity,
            commission_fen=share.commission_fen + body.commission_fen,
            top_up_fen=share.top_up_fen + body.top_up_fen,
        )
    return msgspec.structs.replace(
        known, shares=tuple(shares), settlings=(*known.settlings, told.identity)
    )


def sale_cases(state: Sale) -> Cases:
    """Return in what the facts of a sale disagree."""
    found: Cases = {}
    if not state.founder:
        found["sales.founder_missing"] = (*state.returns, *state.settlings)
    elif state.back_quantity > state.quantity:
        found["sales.returned_too_much"] = state.returns
    if any(share.times_settled > 1 for share in state.shares):
        found["sales.settled_twice"] = state.settlings
    return found


SALE = EntityKind(
    name="sale",
    state=Sale,
    facts=FACTS,
    fold=fold_sale,
    cases=sale_cases,
    is_open=lambda _sale: False,  # what may be returned is of these weeks
    columns=Columns(
        table="sales",
        fields=(
            ("ownership", "TEXT"),
            ("lot", "TEXT"),
            ("product", "TEXT"),
            ("growers", "TEXT"),
            ("quantity", "INTEGER"),
            ("amount_fen", "INTEGER"),
            ("back_quantity", "INTEGER"),
            ("unsettled", "INTEGER"),
            ("slip", "INTEGER"),
            ("day", "TEXT"),
        ),
        row=lambda s: (
            s.ownership,
            s.lot,
            s.product,
            " ".join(sorted({share.person for share in s.shares})),
            s.quantity,
            s.amount_fen,
            s.back_quantity,
            sum(1 for share in s.shares if not share.times_settled),
            s.slip,
            s.day,
        ),
        indexes=(("lot", "day"), ("unsettled", "day"), ("day", "slip"), ("slip",)),
    ),
)

ENTITIES = (SALE, BASKET, PRICE, WEIGHING)


# --- Whose money ---------------------------------------------------------------------------------


def shares_of(amount_fen: int, quantity: int, shares: Iterable[Share]) -> tuple[GrowerShare, ...]:
    """Return each grower's part of a sale of a consigned lot, largest remainder first.

    One person with two terms keeps both of them apart.
    """
    keyed = {
        f"{share.person}/{number:03}": share
        for number, share in enumerate(sorted(shares, key=lambda s: (s.person, s.contract)))
    }
    amounts = shared(amount_fen, ((key, share.quantity) for key, share in keyed.items()))
    quantities = shared(quantity, ((key, share.quantity) for key, share in keyed.items()))
    return tuple(
        GrowerShare(
            person=share.person,
            quantity=quantities[key],
            amount_fen=amounts[key],
            commission_bp=share.commission_bp,
            guaranteed_fen=share.guaranteed_fen,
            is_net=share.is_net,
        )
        for key, share in keyed.items()
    )


@dataclass(frozen=True, slots=True)
class Return:
    """What goes with a quantity that comes back; paid_fen is what the customer gets."""

    quantity: int
    amount_fen: int
    discount_fen: int
    round_off_fen: int
    shares: tuple[ReturnedShare, ...]

    @property
    def paid_fen(self) -> int:
        """Return what the customer gets back."""
        return self.amount_fen - self.discount_fen - self.round_off_fen


def return_of(sale: Sale, quantity: int) -> Return:
    """Return what goes with `quantity` of a sale: the last of it takes exactly what is left."""

    def part(total_fen: int, back_fen: int) -> int:
        before = (sale.back_quantity, back_fen)
        return taken_back(total_fen, quantity, sale.quantity, before=before)

    shares = tuple(_returned_share(sale, share, quantity) for share in sale.shares)
    amount_fen = sum(s.amount_fen for s in shares) if shares else 0
    if not shares:
        amount_fen = part(sale.amount_fen, sale.back_fen)
    paid_fen = min(amount_fen, part(sale.paid_fen, sale.paid_back_fen))
    discount_fen = min(amount_fen - paid_fen, part(sale.discount_fen, sale.back_discount_fen))
    if sale.back_quantity + quantity >= sale.quantity:
        paid_fen = sale.paid_fen - sale.paid_back_fen
        discount_fen = sale.discount_fen - sale.back_discount_fen
    return Return(
        quantity=quantity,
        amount_fen=amount_fen,
        discount_fen=discount_fen,
        round_off_fen=amount_fen - paid_fen - discount_fen,
        shares=shares,
    )


def _returned_share(sale: Sale, share: SoldShare, quantity: int) -> ReturnedShare:
    part = (quantity, sale.quantity)
    came = taken_back(share.quantity, *part, before=(sale.back_quantity, share.back_quantity))
    amount_fen = taken_back(share.amount_fen, *part, before=(sale.back_quantity, share.back_fen))
    before = share.settled_back_quantity
    commission_fen, top_up_fen = 0, 0
    if share.settled_quantity:
        settled = (came, share.settled_quantity)
        commission_fen = taken_back(
            share.commission_fen, *settled, before=(before, share.commission_back_fen)
        )
        top_up_fen = taken_back(share.top_up_fen, *settled, before=(before, share.top_up_back_fen))
    return ReturnedShare(
        person=share.person,
        quantity=came,
        amount_fen=amount_fen,
        commission_fen=commission_fen,
        top_up_fen=top_up_fen,
    )


def settlement_of(sale: Sale, number: int, day: str) -> SaleSettled:
    """Return what is settled of share `number` (from 1): what did not come back.

    Of what two PCs took back twice nothing is earned, and nothing topped up (`returned_too_much`).
    """
    share = sale.shares[number - 1]
    quantity = share.quantity - share.back_quantity
    amount_fen = share.amount_fen - share.back_fen
    commission_fen = basis_points(max(0, amount_fen), share.commission_bp)
    return SaleSettled(
        share=number,
        person=share.person,
        quantity=quantity,
        amount_fen=amount_fen,
        commission_fen=commission_fen,
        top_up_fen=_top_up(sale, share, max(0, quantity), max(0, amount_fen) - commission_fen),
        day=day,
    )


def _top_up(sale: Sale, share: SoldShare, quantity: int, net_fen: int) -> int:
    """Return what is missing to the guaranteed price; of a net promise, after commission."""
    if not share.guaranteed_fen:
        return 0
    if share.is_net:
        return max(0, line_fen(quantity, share.guaranteed_fen, sale.unit) - net_fen)
    missing_fen = max(0, share.guaranteed_fen - sale.price_fen)
    return line_fen(quantity, missing_fen, sale.unit)


# --- Postings ------------------------------------------------------------------------------------


def post_made(told: Told) -> Entry:
    """What it comes to is the growers', or ours; the discount is our expense."""
    body: SaleMade = told.body
    asked = accounts.counter(told.act)
    owners = [(accounts.held_grower(s.person), s.amount_fen) for s in body.shares]
    if body.ownership != CONSIGNED:
        owners.append((accounts.SALES, body.amount_fen))
    due_fen = body.amount_fen - body.discount_fen
    return split(((asked, due_fen), (accounts.DISCOUNT, body.discount_fen)), owners)


def post_returned(told: Told) -> Entry:
    """The same back, and of what was settled the commission and the top-up, too."""
    body: SaleReturned = told.body
    owners = [(accounts.held_grower(s.person), s.amount_fen) for s in body.shares]
    if body.ownership != CONSIGNED:
        owners.append((accounts.SALES, body.amount_fen))
    paid_fen = body.amount_fen - body.discount_fen - body.round_off_fen
    settled: Entry = ()
    for share in body.shares:
        here = accounts.held_grower(share.person)
        there = accounts.held_grower(share.person, accounts.COUNTY)
        settled = (
            *settled,
            *pays(accounts.COMMISSION, here, share.commission_fen),
            *pays(there, accounts.COUNTY_CURRENT, share.top_up_fen),
        )
    back = (
        (accounts.counter(told.act), paid_fen),
        (accounts.DISCOUNT, body.discount_fen),
        (accounts.ROUND_OFF, body.round_off_fen),
    )
    return (*split(owners, back), *settled)


def post_settled(told: Told) -> Entry:
    """The commission is ours; what a contract adds is owed by the county, and has not come yet."""
    body: SaleSettled = told.body
    there = accounts.held_grower(body.person, accounts.COUNTY)
    return (
        *pays(accounts.held_grower(body.person), accounts.COMMISSION, body.commission_fen),
        *pays(accounts.COUNTY_CURRENT, there, body.top_up_fen),
    )


POSTINGS: Mapping[type[Body], Poster] = {
    SaleMade: post_made,
    SaleReturned: post_returned,
    SaleSettled: post_settled,
}

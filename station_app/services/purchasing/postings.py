"""What orders do to the books: whose money each fact moves, and where to.

What was paid beforehand is held for the villager until the goods are hers; then the price is the
county's and the fee the station's. What exceeds them is owed back against the order.
"""

from collections.abc import Mapping

from station_app.journal.fact import Body, Told
from station_app.journal.vocabulary import Poster
from station_app.ledger import accounts
from station_app.ledger.posting import Entry, moves, pays, split
from station_app.services.purchasing.facts import (
    ClaimSettled,
    GoodsReturned,
    OrderCancellationAgreed,
    OrderCancelled,
    OrderFellShort,
    OrderPickedUp,
    OrderPlaced,
    OrderPriceFell,
    OrderReturnAgreed,
    OrderReturned,
    OrderSentBack,
    OrderSwapped,
    PrepaymentPassedOn,
)

BY_VILLAGER = "villager"


def post_placed(told: Told) -> Entry:
    """What was paid beforehand is held for the order."""
    held = accounts.held_prepayment(told.subject)
    return pays(accounts.counter(told.act), held, told.body.prepaid_fen)


def post_passed_on(told: Told) -> Entry:
    """The money goes to the county; it is still the villager's."""
    amount_fen = told.body.amount_fen
    here = accounts.held_prepayment(told.subject)
    there = accounts.held_prepayment(told.subject, accounts.COUNTY)
    return (
        *pays(accounts.COUNTY_CURRENT, accounts.counter(told.act), amount_fen),
        *pays(here, there, amount_fen),
    )


def _out_of_held(told: Told) -> tuple[tuple[str, int], ...]:
    body = told.body
    return (
        (accounts.held_prepayment(told.subject), body.from_here_fen),
        (accounts.held_prepayment(told.subject, accounts.COUNTY), body.from_county_fen),
    )


def post_owed_back(told: Told) -> Entry:
    """What she paid too much is owed back against the order."""
    sources = _out_of_held(told)
    owed_fen = sum(fen for _, fen in sources)
    return split(sources, ((accounts.refund_due(told.subject), owed_fen),))


def post_picked_up(told: Told) -> Entry:
    """The balance comes in; the price is the county's, the fee ours, the rest owed back."""
    body: OrderPickedUp = told.body
    held = accounts.held_prepayment(told.subject)
    sources = _out_of_held(told)
    surplus_fen = body.from_here_fen + body.from_county_fen - body.goods_fen - body.fee_fen
    if surplus_fen < 0:
        raise ValueError(f"{-surplus_fen} fen are not paid")
    return (
        *pays(accounts.counter(told.act), held, body.balance_fen),
        *split(
            sources,
            (
                (accounts.COUNTY_CURRENT, body.goods_fen),
                (accounts.FEE_PURCHASE, body.fee_fen),
                (accounts.refund_due(told.subject), surplus_fen),
            ),
        ),
    )


def post_cancellation_agreed(told: Told) -> Entry:
    """The real cost is the county's, the rest owed back."""
    body: OrderCancellationAgreed = told.body
    sources = _out_of_held(told)
    rest_fen = body.from_here_fen + body.from_county_fen - body.cost_fen
    if rest_fen < 0:
        raise ValueError(f"a cost of {-rest_fen} fen beyond what is held")
    owed = accounts.refund_due(told.subject)
    return split(sources, ((accounts.COUNTY_CURRENT, body.cost_fen), (owed, rest_fen)))


def post_returned(told: Told) -> Entry:
    """Goods are on the shelf again; what the station owes at once it claims from the county."""
    body: OrderReturned = told.body
    owed = accounts.refund_due(told.subject)
    return (
        *pays(accounts.claim(told.subject), owed, body.claim_fen),
        *moves(accounts.PIECES_VILLAGER, accounts.PIECES_SHELF, body.pieces),
    )


def post_sent_back(told: Told) -> Entry:
    """Returned goods leave with the van."""
    return moves(accounts.PIECES_SHELF, accounts.PIECES_TRANSIT, told.body.pieces)


def post_return_agreed(told: Told) -> Entry:
    """The county owes it: the claim first, the rest to the villager."""
    body: OrderReturnAgreed = told.body
    return split(
        ((accounts.COUNTY_CURRENT, body.refund_fen),),
        (
            (accounts.claim(told.subject), body.claim_fen),
            (accounts.refund_due(told.subject), body.refund_fen - body.claim_fen),
        ),
    )


def post_claim_settled(told: Told) -> Entry:
    """Who bears what the county refused: the villager owes it, or it is our loss."""
    body: ClaimSettled = told.body
    is_hers = body.bearer == BY_VILLAGER
    bears = accounts.receivable(body.person) if is_hers else accounts.COMPENSATION
    return pays(bears, accounts.claim(told.subject), body.amount_fen)


POSTINGS: Mapping[type[Body], Poster] = {
    OrderPlaced: post_placed,
    PrepaymentPassedOn: post_passed_on,
    OrderPriceFell: post_owed_back,
    OrderFellShort: post_owed_back,
    OrderSwapped: post_owed_back,
    OrderPickedUp: post_picked_up,
    OrderCancelled: post_owed_back,
    OrderCancellationAgreed: post_cancellation_agreed,
    OrderReturned: post_returned,
    GoodsReturned: post_returned,
    OrderSentBack: post_sent_back,
    OrderReturnAgreed: post_return_agreed,
    ClaimSettled: post_claim_settled,
}

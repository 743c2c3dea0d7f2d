"""Produce: how lots are divided and joined, whose their proceeds are, what all of it posts.

Goods are posted by the very movements that the fold adds up, each lot in a commodity of its own.
Money follows them: an own lot stands at its cost until it is sold or gone, and what is lost of a
consigned lot is paid for by whoever bears it.
"""

from collections.abc import Iterable, Mapping

from station_app.journal.fact import Body, Told
from station_app.journal.vocabulary import Poster
from station_app.ledger import accounts
from station_app.ledger.posting import Entry, moves, pays, split
from station_app.ledger.shares import shared, taken_back
from station_app.services.consignment.brand_quotas import BRAND_USE
from station_app.services.consignment.disputing import DISPUTE
from station_app.services.consignment.facts import (
    GrowerAmount,
    LotAccepted,
    LotBought,
    LotDifferenceDecided,
    LotDispatched,
    LotDrawn,
    LotMade,
    LotReceived,
    LotReceivedBecause,
    LotReturned,
    LotReweighed,
    LotSampled,
    LotSold,
    LotSoldByCounty,
    LotSoldByOrder,
    LotSpoiled,
    LotTakenBack,
    SettlementMade,
    SettlementPaid,
    Share,
)
from station_app.services.consignment.hub_facts import (
    LotCountySaleReturned,
    LotPacked,
    LotProcessed,
    LotProcessingUndone,
    LotToppedUp,
    LotUnpacked,
)
from station_app.services.consignment.lots import (
    AT_HUB,
    CONSIGNED,
    DIFFERENCE,
    DRAWN,
    IN_TRANSIT,
    LOT,
    ON_SHELF,
    RETURNED,
    SAMPLED,
    SOLD,
    SPOILED,
    Lot,
    cost_change,
    movements,
)
from station_app.services.consignment.recalling import RECALL_TELLING
from station_app.services.consignment.settling import CONTRACT, SETTLEMENT
from station_app.values.refusal import Refusal

ENTITIES = (LOT, CONTRACT, SETTLEMENT, RECALL_TELLING, DISPUTE, BRAND_USE)

BY_GROWER = "grower"
BY_STATION = "station"
BY_COUNTY = "county"

PLACES = {
    ON_SHELF: accounts.GOODS_SHELF,
    IN_TRANSIT: accounts.GOODS_TRANSIT,
    AT_HUB: accounts.GOODS_HUB,
    DIFFERENCE: accounts.GOODS_DIFFERENCE,
    SOLD: accounts.GOODS_SOLD,
    SPOILED: accounts.GOODS_SPOILED,
    RETURNED: accounts.GOODS_RETURNED,
    SAMPLED: accounts.GOODS_SAMPLED,
    DRAWN: accounts.GOODS_MERGE,
}


# --- Dividing and joining ------------------------------------------------------------------------


def cost_of(lot: Lot, quantity: int) -> int:
    """Return what a quantity of an own lot cost; the last of it takes the remainder.

    A lot of which two PCs sold more than there was has no cost left to give.
    """
    return taken_back(max(0, lot.cost_fen), quantity, lot.in_stock, before=(0, 0))


def drawn_shares(shares: Iterable[Share], quantity: int) -> tuple[Share, ...]:
    """Return the shares of a part of a lot: so much of each grower's, and her terms.

    An own lot has none, and neither has its part.
    """
    in_order = sorted(shares, key=_share_order)
    if not in_order:
        return ()
    keyed = {f"{share.person}/{number:03}": share for number, share in enumerate(in_order)}
    parts = shared(quantity, ((key, share.quantity) for key, share in keyed.items()))
    return tuple(_with_quantity(share, parts[key]) for key, share in keyed.items() if parts[key])


def merged_shares(shares: Iterable[Share]) -> tuple[Share, ...]:
    """Return the shares of a merged lot: those with the same grower and terms are one."""
    sums: dict[Share, int] = {}
    for share in shares:
        terms = _with_quantity(share, 0)
        sums[terms] = sums.get(terms, 0) + share.quantity
    return tuple(
        _with_quantity(terms, quantity)
        for terms, quantity in sorted(sums.items(), key=lambda item: _share_order(item[0]))
    )


def _share_order(share: Share) -> tuple[str, str, int, int, int]:
    return (
        share.person,
        share.contract,
        share.commission_bp,
        share.guaranteed_fen,
        share.floor_fen,
    )


def _with_quantity(share: Share, quantity: int) -> Share:
    return Share(
        person=share.person,
        quantity=quantity,
        commission_bp=share.commission_bp,
        floor_fen=share.floor_fen,
        guaranteed_fen=share.guaranteed_fen,
        is_net=share.is_net,
        contract=share.contract,
    )


def why_not_merge(lots: Iterable[Lot]) -> Refusal | None:
    """Return why these lots cannot become one: only what is alike in everything may."""
    alike = {
        (
            lot.produce,
            lot.grade,
            lot.unit,
            lot.ownership,
            tuple(sorted({share.contract for share in lot.shares})),
        )
        for lot in lots
    }
    return Refusal("consignment.LOTS_NOT_ALIKE") if len(alike) > 1 else None


def amounts_for(lot: Lot, total_fen: int) -> tuple[GrowerAmount, ...]:
    """Return what each grower of a lot gets of an amount, largest remainder first."""
    parts = shared(total_fen, ((share.person, share.quantity) for share in lot.shares))
    return tuple(GrowerAmount(person=person, amount_fen=fen) for person, fen in parts.items())


def payout(here_fen: int, county_fen: int, wanted_fen: int) -> tuple[int, int]:
    """Return how much of a payout is of what lies here, and how much an advance on the county's."""
    from_here = max(0, min(wanted_fen, here_fen))
    return from_here, max(0, min(wanted_fen - from_here, county_fen))


# --- Postings ------------------------------------------------------------------------------------


def _moved(told: Told) -> Entry:
    """Return the goods lines of a fact."""
    unit = accounts.lot_commodity(told.subject)
    entry: Entry = ()
    for out_of, into, quantity in movements(told.body):
        entry = (*entry, *moves(PLACES[out_of], PLACES[into], quantity, unit))
    return entry


def post_accepted(told: Told) -> Entry:
    """It comes from its grower onto the shelf; no money moves."""
    body: LotAccepted = told.body
    grower = accounts.goods_grower(body.share.person)
    unit = accounts.lot_commodity(told.subject)
    return moves(grower, accounts.GOODS_SHELF, body.quantity, unit)


def post_bought(told: Told) -> Entry:
    """It is ours at what was paid for it, and what is owed to the grower."""
    body: LotBought = told.body
    return (
        *split(
            ((accounts.inventory(told.subject), cost_change(body)),),
            (
                (accounts.counter(told.act), body.paid_fen),
                (accounts.held_grower(body.person), body.owed_fen),
                (accounts.OPENING, body.opening_fen),
            ),
        ),
        *moves(
            accounts.goods_grower(body.person),
            accounts.GOODS_SHELF,
            body.quantity,
            accounts.lot_commodity(told.subject),
        ),
    )


def post_reweighed(told: Told) -> Entry:
    """More of it comes from its grower, or what never was here goes back; an own lot costs so."""
    body: LotReweighed = told.body
    return (
        *pays(accounts.inventory(told.subject), accounts.counter(told.act), body.cost_fen),
        *moves(
            accounts.goods_grower(body.person),
            accounts.GOODS_SHELF,
            body.quantity - body.was_quantity,
            accounts.lot_commodity(told.subject),
        ),
    )


def post_drawn(told: Told) -> Entry:
    """It leaves for another lot; its cost waits in the clearing of the act for that one."""
    cost_fen = told.body.cost_fen
    stock = accounts.inventory(told.subject)
    return (*pays(accounts.counter(told.act), stock, cost_fen), *_moved(told))


def post_made(told: Told) -> Entry:
    """What others gave comes together, at their cost."""
    body: LotMade | LotPacked = told.body
    unit = accounts.lot_commodity(told.subject)
    stock = accounts.inventory(told.subject)
    lies = accounts.GOODS_HUB if isinstance(body, LotPacked) else accounts.GOODS_SHELF
    return (
        *pays(stock, accounts.counter(told.act), body.cost_fen),
        *moves(accounts.GOODS_MERGE, lies, body.quantity, unit),
    )


def post_processed(told: Told) -> Entry:
    """It leaves for the packs at its cost, as a part drawn does; what is lost waits for a word."""
    body: LotProcessed = told.body
    stock = accounts.inventory(told.subject)
    return (*pays(accounts.counter(told.act), stock, body.drawn_fen), *_moved(told))


def post_unpacked(told: Told) -> Entry:
    """It goes back into what it was made of, at its cost."""
    body: LotUnpacked = told.body
    stock = accounts.inventory(told.subject)
    return (*pays(accounts.counter(told.act), stock, body.cost_fen), *_moved(told))


def post_processing_undone(told: Told) -> Entry:
    """What was drawn comes back at its cost, and nothing was lost."""
    body: LotProcessingUndone = told.body
    stock = accounts.inventory(told.subject)
    return (*pays(stock, accounts.counter(told.act), body.drawn_fen), *_moved(told))


def post_sold(told: Told) -> Entry:
    """It is sold: an own lot's cost becomes an expense."""
    stock = accounts.inventory(told.subject)
    return (*pays(accounts.GOODS_COST, stock, told.body.cost_fen), *_moved(told))


def post_taken_back(told: Told) -> Entry:
    """It is here again, at the cost taken; or it cannot be sold again, and that is spoilage."""
    body: LotTakenBack = told.body
    is_spoiled = body.into == SPOILED
    again = accounts.SPOILAGE if is_spoiled else accounts.inventory(told.subject)
    return (*pays(again, accounts.GOODS_COST, body.cost_fen), *_moved(told))


def post_borne(told: Told) -> Entry:
    """Goods are gone, and whoever bears it pays: the cost of an own lot, or the growers' value.

    A grower who bears her own consigned goods gets nothing, so there is nothing to post.
    """
    body: LotSpoiled | LotDifferenceDecided = told.body
    where = accounts.COUNTY if body.bearer == BY_COUNTY else accounts.HERE
    growers = [(accounts.held_grower(a.person, where), a.amount_fen) for a in body.amounts]
    stock = (accounts.inventory(told.subject), body.cost_fen)
    whole_fen = body.cost_fen + sum(fen for _, fen in growers)
    return (
        *split(((_bearer(body.bearer, body.person), whole_fen),), (*growers, stock)),
        *_moved(told),
    )


def post_gone(told: Told) -> Entry:
    """An own lot went back to its grower, or into a sample: whoever bears it, at cost."""
    body: LotReturned | LotSampled = told.body
    bears = _bearer(body.bearer, body.person)
    return (*pays(bears, accounts.inventory(told.subject), body.cost_fen), *_moved(told))


def _bearer(bearer: str, person: str) -> str:
    if bearer == BY_COUNTY:
        return accounts.COUNTY_CURRENT
    if bearer == BY_GROWER and person:
        return accounts.held_grower(person)
    return accounts.SPOILAGE


def post_sold_by_county(told: Told) -> Entry:
    """The county owes what is left of the gross: each grower's net, and our commission.

    Raises ValueError if gross, costs, commissions and shares do not agree.
    """
    body: LotSoldByCounty = told.body
    costs_fen = sum(cost.amount_fen for cost in body.costs)
    commissions_fen = body.station_commission_fen + body.county_commission_fen
    net_fen = body.gross_fen - costs_fen - commissions_fen
    owners = [(accounts.held_grower(a.person, accounts.COUNTY), a.amount_fen) for a in body.amounts]
    if body.ownership != CONSIGNED:
        owners.append((accounts.SALES, net_fen))
    owners.append((accounts.COMMISSION, body.station_commission_fen))
    due = (accounts.COUNTY_CURRENT, net_fen + body.station_commission_fen)
    stock = accounts.inventory(told.subject)
    return (
        *split((due,), owners),
        *pays(accounts.GOODS_COST, stock, body.cost_fen),
        *_moved(told),
    )


def post_topped_up(told: Told) -> Entry:
    """The county owes each grower what her contract promised beyond what the sale came to."""
    body: LotToppedUp = told.body
    owners = [(accounts.held_grower(a.person, accounts.COUNTY), a.amount_fen) for a in body.amounts]
    return split(((accounts.COUNTY_CURRENT, sum(fen for _, fen in owners)),), owners)


def post_county_sale_returned(told: Told) -> Entry:
    """The sale's shares go back to the county: out of what came down, else off what will come.

    Raises ValueError if more is said to have come down for a grower than goes back.
    """
    body: LotCountySaleReturned = told.body
    owed: dict[str, int] = {}
    for one in (*body.amounts, *body.top_ups):
        owed[one.person] = owed.get(one.person, 0) + one.amount_fen
    here = {one.person: one.amount_fen for one in body.came_down}
    if any(not 0 <= fen <= owed.get(person, 0) for person, fen in here.items()):
        raise ValueError("more came down than goes back")
    owners = [(accounts.held_grower(person), fen) for person, fen in here.items()]
    owners += [
        (accounts.held_grower(person, accounts.COUNTY), fen - here.get(person, 0))
        for person, fen in owed.items()
    ]
    owners += [
        (accounts.SALES, body.own_fen),
        (accounts.COMMISSION, body.station_commission_fen),
    ]
    stock = accounts.inventory(told.subject)
    return (
        *split(owners, ((accounts.COUNTY_CURRENT, sum(fen for _, fen in owners)),)),
        *pays(stock, accounts.GOODS_COST, body.cost_fen),
        *_moved(told),
    )


def post_settlement(told: Told) -> Entry:
    """Charges are ours or passed on; the rest is paid out, or set against what she owes."""
    body: SettlementMade = told.body
    here = accounts.held_grower(body.person)
    return (
        *pays(here, accounts.SERVICE, sum(cost.amount_fen for cost in body.service)),
        *pays(here, accounts.COUNTY_CURRENT, sum(cost.amount_fen for cost in body.passed_on)),
        *post_payout(told),
    )


def post_payout(told: Told) -> Entry:
    """Money out of what lies here, then an advance on what has not come down."""
    body: SettlementMade | SettlementPaid = told.body
    asked = accounts.counter(told.act)
    here = accounts.held_grower(body.person)
    there = accounts.held_grower(body.person, accounts.COUNTY)
    return (
        *pays(here, asked, body.paid_here_fen),
        *pays(there, asked, body.paid_county_fen),
        *pays(here, accounts.receivable(body.person), body.set_off_fen),
    )


POSTINGS: Mapping[type[Body], Poster] = {
    LotAccepted: post_accepted,
    LotBought: post_bought,
    LotReweighed: post_reweighed,
    LotDrawn: post_drawn,
    LotMade: post_made,
    LotSold: post_sold,
    LotTakenBack: post_taken_back,
    LotSpoiled: post_borne,
    LotReturned: post_gone,
    LotSampled: post_gone,
    LotDispatched: _moved,
    LotReceived: _moved,
    LotReceivedBecause: _moved,
    LotDifferenceDecided: post_borne,
    LotProcessed: post_processed,
    LotPacked: post_made,
    LotUnpacked: post_unpacked,
    LotProcessingUndone: post_processing_undone,
    LotToppedUp: post_topped_up,
    LotSoldByCounty: post_sold_by_county,
    LotSoldByOrder: post_sold_by_county,
    LotCountySaleReturned: post_county_sale_returned,
    SettlementMade: post_settlement,
    SettlementPaid: post_payout,
}

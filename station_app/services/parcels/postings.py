"""Parcels in the books: where the pieces are, and whose the money is that was paid for them."""

from collections.abc import Mapping

from station_app.journal.fact import Body, Told
from station_app.journal.vocabulary import Poster
from station_app.ledger import accounts
from station_app.ledger.posting import Entry, moves, pays
from station_app.services.parcels.facts import (
    BagOpened,
    BagReceived,
    EndingTakenBack,
    HandoverCorrected,
    ParcelBroughtBack,
    ParcelBroughtBackLater,
    ParcelCodCorrected,
    ParcelCompensated,
    ParcelForwarded,
    ParcelFound,
    ParcelHandedOver,
    ParcelHandedOverOnRun,
    ParcelLost,
    ParcelReleased,
    ParcelReturned,
    ParcelShelved,
    ParcelTakenOnRun,
    ShelvingTakenBack,
)
from station_app.services.parcels.load_facts import VillageLoadLeft

TO_COURIER = "courier"
# A piece from a run was on its shelf before the run; of two endings one stood against that.
_LEFT_FOR = {
    "handed_over": accounts.PIECES_VILLAGER,
    "handed_over_on_run": accounts.PIECES_VILLAGER,
    "released": accounts.PIECES_VILLAGER,
    "returned": accounts.PIECES_RETURNED,
    "forwarded": accounts.PIECES_TRANSIT,
}


def post_shelved(told: Told) -> Entry:
    """One piece comes from the courier, or out of its bag, to the shelf."""
    body: ParcelShelved = told.body
    origin = accounts.PIECES_BAG if body.bag else accounts.pieces_courier(body.courier)
    return moves(origin, accounts.PIECES_SHELF, 1)


def post_handed_over(told: Told) -> Entry:
    """One piece goes to the villager; what she paid for it is the courier's, held here."""
    body: ParcelHandedOver = told.body
    return (
        *_collected(told, body.courier, body.cod_fen, body.freight_fen),
        *moves(accounts.PIECES_SHELF, accounts.PIECES_VILLAGER, 1),
    )


def post_handed_over_on_run(told: Told) -> Entry:
    """The same at the door: the piece was on the run."""
    body: ParcelHandedOverOnRun = told.body
    return (
        *_collected(told, body.courier, body.cod_fen, body.freight_fen),
        *moves(accounts.PIECES_RUN, accounts.PIECES_VILLAGER, 1),
    )


def post_corrected(told: Told) -> Entry:
    """The lines of the hand-over, negated; the money leaves where it is paid now."""
    body: HandoverCorrected = told.body
    return (
        *_collected(told, body.courier, -body.cod_fen, -body.freight_fen),
        *moves(accounts.PIECES_VILLAGER, accounts.PIECES_SHELF, 1),
    )


def post_ending_taken_back(told: Told) -> Entry:
    """What it had collected is owed back; the piece never went where it said."""
    body: EndingTakenBack = told.body
    owed = accounts.refund_due(body.ending)
    return (
        *pays(accounts.held_cod(body.courier), owed, body.cod_fen),
        *pays(accounts.held_freight(body.courier), owed, body.freight_fen),
        *moves(_LEFT_FOR[body.left_by], accounts.PIECES_SHELF, 1),
    )


def post_shelving_taken_back(told: Told) -> Entry:
    """One piece stands here, and not two: the other never came."""
    body: ShelvingTakenBack = told.body
    origin = accounts.PIECES_BAG if body.bag else accounts.pieces_courier(body.courier)
    return moves(accounts.PIECES_SHELF, origin, 1)


def post_cod_corrected(told: Told) -> Entry:
    """What is collected more, or given back, once it was collected; before, nothing."""
    body: ParcelCodCorrected = told.body
    if not body.handover:
        return ()
    return _collected(told, body.courier, body.cod_change_fen, body.freight_change_fen)


def _collected(told: Told, courier: str, cod_fen: int, freight_fen: int) -> Entry:
    counter = accounts.counter(told.act)
    return (
        *pays(counter, accounts.held_cod(courier), cod_fen),
        *pays(counter, accounts.held_freight(courier), freight_fen),
    )


def post_returned(_told: Told) -> Entry:
    """One piece goes back to the courier."""
    return moves(accounts.PIECES_SHELF, accounts.PIECES_RETURNED, 1)


def post_lost(told: Told) -> Entry:
    """One piece is gone, and the station pays for it: to her, or to the courier."""
    return (
        *post_compensated(told),
        *moves(accounts.PIECES_SHELF, accounts.PIECES_LOST, 1),
    )


def post_compensated(told: Told) -> Entry:
    """The station owes for a piece: to her, or to the courier."""
    body: ParcelLost | ParcelCompensated = told.body
    is_couriers = body.payee == TO_COURIER
    owed = accounts.held_cod(body.courier) if is_couriers else accounts.refund_due(told.subject)
    return pays(accounts.COMPENSATION, owed, body.compensation_fen)


def post_released(_told: Told) -> Entry:
    """One piece is with the villager, though no hand-over says so; no money came in."""
    return moves(accounts.PIECES_SHELF, accounts.PIECES_VILLAGER, 1)


def post_found(_told: Told) -> Entry:
    """It is on a shelf again."""
    return moves(accounts.PIECES_LOST, accounts.PIECES_SHELF, 1)


def post_forwarded(_told: Told) -> Entry:
    """It leaves for the station that it is meant for."""
    return moves(accounts.PIECES_SHELF, accounts.PIECES_TRANSIT, 1)


def post_taken_on_run(_told: Told) -> Entry:
    """It leaves for somebody's door."""
    return moves(accounts.PIECES_SHELF, accounts.PIECES_RUN, 1)


def post_brought_back(_told: Told) -> Entry:
    """Nobody took it."""
    return moves(accounts.PIECES_RUN, accounts.PIECES_SHELF, 1)


def post_bag_received(told: Told) -> Entry:
    """So many pieces by its tag, still in the bag."""
    return moves(accounts.PIECES_TRANSIT, accounts.PIECES_BAG, told.body.pieces)


def post_bag_opened(told: Told) -> Entry:
    """What was not in it never came; what was is shelved piece by piece."""
    return moves(accounts.PIECES_BAG, accounts.PIECES_TRANSIT, told.body.missing)


def post_village_load(told: Told) -> Entry:
    """A township's sorted pieces are on the road again, out of their bags or from the courier."""
    body: VillageLoadLeft = told.body
    origins = [
        accounts.PIECES_BAG if one.bag else accounts.pieces_courier(one.courier)
        for one in body.pieces
    ]
    counted = {origin: origins.count(origin) for origin in sorted(set(origins))}
    return tuple(
        line
        for origin, count in counted.items()
        for line in moves(origin, accounts.PIECES_TRANSIT, count)
    )


POSTINGS: Mapping[type[Body], Poster] = {
    ParcelShelved: post_shelved,
    ParcelHandedOver: post_handed_over,
    ParcelReturned: post_returned,
    HandoverCorrected: post_corrected,
    EndingTakenBack: post_ending_taken_back,
    ShelvingTakenBack: post_shelving_taken_back,
    ParcelCodCorrected: post_cod_corrected,
    ParcelLost: post_lost,
    ParcelCompensated: post_compensated,
    ParcelReleased: post_released,
    ParcelFound: post_found,
    ParcelForwarded: post_forwarded,
    ParcelTakenOnRun: post_taken_on_run,
    ParcelHandedOverOnRun: post_handed_over_on_run,
    ParcelBroughtBack: post_brought_back,
    ParcelBroughtBackLater: post_brought_back,
    BagReceived: post_bag_received,
    BagOpened: post_bag_opened,
    VillageLoadLeft: post_village_load,
}

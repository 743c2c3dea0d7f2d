"""Parcels that villagers send: from the counter to the courier, and whose money it is."""

from collections.abc import Mapping

import msgspec

from station_app.journal.fact import Body, Told
from station_app.journal.projection import Cases, Columns, EntityKind
from station_app.journal.vocabulary import Poster
from station_app.ledger import accounts
from station_app.ledger.posting import Entry, moves, split
from station_app.services.sending.facts import (
    FACTS,
    SendingAccepted,
    SendingCancelled,
    SendingExamined,
    SendingHandedToCourier,
)
from station_app.services.sending.waybills import WAYBILL_STOCK

ACCEPTED = "accepted"
GONE = "gone"
CANCELLED = "cancelled"


class Sending(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A parcel on its way out. status: accepted, gone, cancelled; "" while its founder is missing.

    sender to contents: private; document, grams to days: how it was looked into, see
    `SendingExamined`; leavings, cancellings: identities of the facts that say so.
    """

    status: str = ""
    courier: str = ""
    waybill: str = ""
    person: str = ""
    sender: str = ""
    receiver: str = ""
    zone: str = ""
    charged_grams: int = 0
    courier_fen: int = 0
    fee_fen: int = 0
    slip: int = 0
    day: str = ""
    founder: str = ""
    leavings: tuple[str, ...] = ()
    cancellings: tuple[str, ...] = ()
    phone: str = ""
    tail: str = ""
    receiver_phone: str = ""
    address: str = ""
    contents: str = ""
    document: str = ""
    grams: int = 0
    frame: str = ""
    price_fen: int = 0
    is_collect: int = 0
    zone_name: str = ""
    route: str = ""
    days: int = 0
    gone_day: str = ""
    reason: str = ""


def fold_sending(state: Sending | None, told: Told) -> Sending:
    """Apply one fact; any of them may come first."""
    known = state or Sending()
    body = told.body
    if isinstance(body, SendingHandedToCourier):
        return msgspec.structs.replace(
            known,
            status=GONE,
            leavings=(*known.leavings, told.identity),
            gone_day=body.day,
        )
    if isinstance(body, SendingCancelled):
        return msgspec.structs.replace(
            known,
            status=GONE if known.leavings else CANCELLED,
            cancellings=(*known.cancellings, told.identity),
            reason=body.reason,
        )
    if isinstance(body, SendingExamined):
        return msgspec.structs.replace(
            known,
            document=body.document,
            grams=body.grams,
            frame=body.frame,
            price_fen=body.price_fen,
            is_collect=body.is_collect,
            zone_name=body.zone_name,
            route=body.route,
            days=body.days,
        )
    return _accepted(known, told, body)


def _accepted(known: Sending, told: Told, accepted: SendingAccepted) -> Sending:
    said = told.private
    return msgspec.structs.replace(
        known,
        status=known.status or ACCEPTED,
        courier=accepted.courier,
        waybill=accepted.waybill,
        person=accepted.person,
        sender=said.sender if said else "",
        receiver=said.receiver if said else "",
        phone=said.phone if said else "",
        tail=said.tail if said else "",
        receiver_phone=said.receiver_phone if said else "",
        address=said.address if said else "",
        contents=said.contents if said else "",
        zone=accepted.zone,
        charged_grams=accepted.charged_grams,
        courier_fen=accepted.courier_fen,
        fee_fen=accepted.fee_fen,
        slip=accepted.slip,
        day=accepted.day,
        founder=told.identity,
    )


def sending_cases(state: Sending) -> Cases:
    """Return in what the facts of a sending disagree."""
    found: Cases = {}
    if len(state.leavings) > 1:
        found["sending.gone_twice"] = state.leavings
    if len(state.cancellings) > 1:
        found["sending.cancelled_twice"] = state.cancellings
    if state.leavings and state.cancellings:
        found["sending.gone_and_cancelled"] = (*state.leavings, *state.cancellings)
    if not state.founder and (state.leavings or state.cancellings):
        found["sending.founder_missing"] = (*state.leavings, *state.cancellings)
    return found


SENDING = EntityKind(
    name="sending",
    is_open=lambda sending: sending.status not in (GONE, CANCELLED),
    state=Sending,
    facts=FACTS,
    fold=fold_sending,
    cases=sending_cases,
    columns=Columns(
        table="sendings",
        fields=(
            ("courier", "TEXT"),
            ("waybill", "TEXT"),
            ("person", "TEXT"),
            ("status", "TEXT"),
            ("courier_fen", "INTEGER"),
            ("fee_fen", "INTEGER"),
            ("slip", "INTEGER"),
            ("day", "TEXT"),
            ("gone_day", "TEXT"),
        ),
        row=lambda s: (
            s.courier,
            s.waybill,
            s.person,
            s.status,
            s.courier_fen,
            s.fee_fen,
            s.slip,
            s.day,
            s.gone_day,
        ),
        indexes=(("status", "courier"), ("waybill",), ("person", "day")),
    ),
)

ENTITIES = (SENDING, WAYBILL_STOCK)


def post_accepted(told: Told) -> Entry:
    """The courier's part is held, the fee is ours; the parcel stands on our shelf."""
    body: SendingAccepted = told.body
    return (
        *split(
            ((accounts.counter(told.act), body.courier_fen + body.fee_fen),),
            (
                (accounts.held_sending(body.courier), body.courier_fen),
                (accounts.FEE_SENDING, body.fee_fen),
            ),
        ),
        *moves(accounts.PIECES_VILLAGER, accounts.PIECES_SHELF, 1),
    )


def post_handed_to_courier(told: Told) -> Entry:
    """It leaves the shelf with the courier."""
    return moves(accounts.PIECES_SHELF, accounts.pieces_courier(told.body.courier), 1)


def post_cancelled(told: Told) -> Entry:
    """What the courier and we got is owed back to the sender; she takes her parcel along."""
    body: SendingCancelled = told.body
    return (
        *split(
            (
                (accounts.held_sending(body.courier), body.courier_fen),
                (accounts.FEE_SENDING, body.fee_fen),
            ),
            ((accounts.refund_due(told.subject), body.courier_fen + body.fee_fen),),
        ),
        *moves(accounts.PIECES_SHELF, accounts.PIECES_VILLAGER, 1),
    )


POSTINGS: Mapping[type[Body], Poster] = {
    SendingAccepted: post_accepted,
    SendingHandedToCourier: post_handed_to_courier,
    SendingCancelled: post_cancelled,
}

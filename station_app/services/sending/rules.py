"""Parcels that villagers send: from the counter to the courier, and whose money it is."""

from collections.abc import Mapping

import msgspec

from station_app.journal.fact import Body, Told
from station_app.journal.projection import Cases, Columns, EntityKind
from station_app.journal.vocabulary import Poster
from station_app.ledger import accounts
from station_app.ledger.posting import Entry, moves, split
from station_app.services.sending.facts import FACTS, SendingAccepted, SendingHandedToCourier

ACCEPTED = "accepted"
GONE = "gone"


class Sending(msgspec.Struct, frozen=True, kw_only=True):
    """A parcel on its way out. status: accepted, gone, or "" while its founder is missing."""

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


def fold_sending(state: Sending | None, told: Told) -> Sending:
    """Apply one fact; any of them may come first."""
    known = state or Sending()
    body = told.body
    if isinstance(body, SendingHandedToCourier):
        return msgspec.structs.replace(
            known, status=GONE, leavings=(*known.leavings, told.identity)
        )
    accepted: SendingAccepted = body
    return msgspec.structs.replace(
        known,
        status=known.status or ACCEPTED,
        courier=accepted.courier,
        waybill=accepted.waybill,
        person=accepted.person,
        sender=told.private.sender if told.private else "",
        receiver=told.private.receiver if told.private else "",
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
    if not state.founder:
        found["sending.founder_missing"] = state.leavings
    return found


SENDING = EntityKind(
    name="sending",
    is_open=lambda sending: sending.status != GONE,
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
        ),
        indexes=(("status", "courier"), ("waybill",), ("person", "day")),
    ),
)

ENTITIES = (SENDING,)


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


POSTINGS: Mapping[type[Body], Poster] = {
    SendingAccepted: post_accepted,
    SendingHandedToCourier: post_handed_to_courier,
}

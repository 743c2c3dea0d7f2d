"""What can be said about the drawer: shifts, and money that changes hands in an act."""

from typing import ClassVar

import msgspec

from station_app.journal.fact import Body, Private


class Count(msgspec.Struct, frozen=True):
    """So many notes or coins of one face: `face_fen` = 10000 for a hundred-yuan note."""

    face_fen: int
    pieces: int


class Tender(msgspec.Struct, frozen=True, kw_only=True):
    """One way in which an act was paid.

    way: `cash`, `wechat`, `alipay`, `bank` or `account` (赊账, then `person` owes it);
    amount_fen: what was handed over, change not deducted; reference: number of the payment.
    """

    way: str
    amount_fen: int
    reference: str = ""
    person: str = ""


class Position(msgspec.Struct, frozen=True):
    """How far a stream reached when a shift was closed."""

    stream: str
    seq: int
    identity: str


class Balance(msgspec.Struct, frozen=True):
    """What an account stood at."""

    account: str
    commodity: str
    amount: int


class PaymentTaken(Body, frozen=True, kw_only=True):
    """Money came in and settled this act: tenders - change + round-off = due.

    round_off_fen: what the station let go, never negative; shift: identity, "" if none was open.
    """

    KIND: ClassVar[str] = "payment.taken"
    due_fen: int
    tenders: tuple[Tender, ...]
    change_fen: int
    round_off_fen: int
    shift: str
    day: str


class PaymentGiven(Body, frozen=True, kw_only=True):
    """Money went out and settled this act: the sum of the tenders is what was due."""

    KIND: ClassVar[str] = "payment.given"
    due_fen: int
    tenders: tuple[Tender, ...]
    shift: str
    day: str


class CountRemark(Private, frozen=True, kw_only=True):
    """Why the drawer differed, in the operator's words."""

    remark: str = ""


class ShiftOpened(Body, frozen=True, kw_only=True):
    """A shift began with this money in the drawer, counted by face.

    added_fen: counted minus what the books expected; reason: where the difference comes from,
    `float` (put in or taken out), `over_short` or "" when there is none.
    as_last: 1 if the operator took last night's count over without counting again.
    """

    KIND: ClassVar[str] = "shift.opened"
    REVERSIBLE: ClassVar[bool] = False
    PRIVATE: ClassVar[type[Private] | None] = CountRemark
    counts: tuple[Count, ...]
    counted_fen: int
    added_fen: int
    reason: str
    as_last: int
    day: str


class ShiftClosed(Body, frozen=True, kw_only=True):
    """A shift ended: counted blind, compared, numbered.

    number: of the Z slip, in this device's series; difference_fen: counted minus expected;
    positions: how far every known stream reached, so that the same cut can be made for ever;
    balances: of every account that is not zero at that cut; facts: recorded in the shift by this
    device; tail: identity of the last fact before this one; fold_version: of the rules.
    booked_late: 1 for a close that was forgotten and made up for later (补结).
    """

    KIND: ClassVar[str] = "shift.closed"
    REVERSIBLE: ClassVar[bool] = False
    PRIVATE: ClassVar[type[Private] | None] = CountRemark
    number: int
    counts: tuple[Count, ...]
    counted_fen: int
    expected_fen: int
    difference_fen: int
    recounts: int
    positions: tuple[Position, ...]
    balances: tuple[Balance, ...]
    facts: int
    tail: str
    fold_version: int
    booked_late: int
    day: str


FACTS: tuple[type[Body], ...] = (PaymentTaken, PaymentGiven, ShiftOpened, ShiftClosed)

"""What can be said about the drawer: shifts, payments, vouchers, a drawer opened for no sale."""

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


class PaymentRemark(Private, frozen=True, kw_only=True):
    """Why money went out although it was not the station's own, in the operator's words."""

    remark: str = ""


class PaymentGiven(Body, frozen=True, kw_only=True):
    """Money went out and settled this act: the sum of the tenders is what was due.

    lent_fen: by how much the station then uses other people's money, 0 if it does not; the
    operator was told before. approval: who let it go all the same: `manager`, `alone` (one person
    works here) or `absent` (the manager was away), "" when nothing was lent.
    """

    KIND: ClassVar[str] = "payment.given"
    PRIVATE: ClassVar[type[Private] | None] = PaymentRemark
    due_fen: int
    tenders: tuple[Tender, ...]
    shift: str
    day: str
    lent_fen: int = 0
    approval: str = ""


class PaymentCorrected(Body, frozen=True, kw_only=True):
    """A payment was made in other ways than was written down (改正); the sum is the same.

    Its entity is the payment. direction: `in` or `out`; was, tenders: how it stood and how it
    really was, change deducted; counted: 1 when the drawer has been counted since: then the cash
    of it shows in what that count found too much or too little; slip: number on the paper.
    """

    KIND: ClassVar[str] = "payment.corrected"
    direction: str
    was: tuple[Tender, ...]
    tenders: tuple[Tender, ...]
    counted: int
    slip: int
    shift: str
    day: str


class ChangeCorrected(Body, frozen=True, kw_only=True):
    """Wrong change was given, and is put right now; the payment itself was written down rightly.

    Its entity is the payment. difference_fen: what the villager brings back, below zero what she
    gets; counted: as in `PaymentCorrected`. Before a count the books need nothing: the drawer
    comes to what they say by itself.
    """

    KIND: ClassVar[str] = "change.corrected"
    difference_fen: int
    counted: int
    slip: int
    shift: str
    day: str


class CountRemark(Private, frozen=True, kw_only=True):
    """Why the drawer differed, in the operator's words."""

    remark: str = ""


class HandOverRemark(Private, frozen=True, kw_only=True):
    """Why the drawer differed, and why only one person counted, in the operators' words."""

    remark: str = ""
    alone_reason: str = ""


class VoucherRemark(Private, frozen=True, kw_only=True):
    """What a voucher is for (and which receipt there is), and why nobody else was asked."""

    remark: str = ""
    alone_reason: str = ""


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


class ShiftHandedOver(Body, frozen=True, kw_only=True):
    """The drawer went from one operator to the next in the middle of a shift, counted together.

    The shift goes on and its money stays in the drawer. number: of the paper, in this device's
    series; taken_over_by: identity of the operator who goes on; difference_fen: counted minus
    expected; alone: 1 if only one of the two stood at the drawer (一人办理, the reason is in the
    private part); positions, tail: the cut, as in `ShiftClosed`.
    """

    KIND: ClassVar[str] = "shift.handed_over"
    REVERSIBLE: ClassVar[bool] = False
    PRIVATE: ClassVar[type[Private] | None] = HandOverRemark
    number: int
    taken_over_by: str
    counts: tuple[Count, ...]
    counted_fen: int
    expected_fen: int
    difference_fen: int
    recounts: int
    alone: int
    positions: tuple[Position, ...]
    tail: str
    day: str


class CashPutIn(Body, frozen=True, kw_only=True):
    """Money was put into one of the station's places, with a numbered voucher.

    place: where it lies now: `drawer`, `safe`, `bank`, `wechat` or `alipay`; reason: where it
    comes from: `own` (own pocket, float), `safe` or `bank`; number: of the voucher, in this
    device's series; shift: identity of the open shift.
    """

    KIND: ClassVar[str] = "cash.put_in"
    PRIVATE: ClassVar[type[Private] | None] = VoucherRemark
    number: int
    place: str
    reason: str
    amount_fen: int
    shift: str
    day: str


class CashTakenOut(Body, frozen=True, kw_only=True):
    """Money was taken out of one of the station's places, with a numbered voucher.

    place: as in `CashPutIn`; reason: where it goes: `own` (float, back into the own pocket),
    `safe`, `bank`, `petty` (a small expense, with words) or `drawings` (the owner's pay).
    confirmed_by: identity of the second person who confirmed it with a PIN, "" if nobody was
    asked; alone: 1 if a second person was asked for and nobody was there (一人办理).
    """

    KIND: ClassVar[str] = "cash.taken_out"
    PRIVATE: ClassVar[type[Private] | None] = VoucherRemark
    number: int
    place: str
    reason: str
    amount_fen: int
    confirmed_by: str
    alone: int
    shift: str
    day: str


class DrawerOpened(Body, frozen=True, kw_only=True):
    """The drawer was opened without a payment.

    reason: `change` (a note changed), `look` (counted, looked after), `stuck` or `other`, then
    with words in the private part; shift: identity of the open shift, "" if none was open.
    """

    KIND: ClassVar[str] = "drawer.opened"
    REVERSIBLE: ClassVar[bool] = False
    PRIVATE: ClassVar[type[Private] | None] = CountRemark
    reason: str
    shift: str
    day: str


class PlaceCompared(Body, frozen=True, kw_only=True):
    """What a phone or a bank book shows was held against the books.

    place: `wechat`, `alipay`, `bank` or `safe`; difference_fen: shown minus expected; booked: 1
    if the difference went to over and short, with a reason in the private part; else the books
    stay as they are and the difference is looked for, slip by slip.
    """

    KIND: ClassVar[str] = "place.compared"
    PRIVATE: ClassVar[type[Private] | None] = CountRemark
    place: str
    shown_fen: int
    expected_fen: int
    difference_fen: int
    booked: int
    shift: str
    day: str


FACTS: tuple[type[Body], ...] = (
    PaymentTaken,
    PaymentGiven,
    PaymentCorrected,
    ChangeCorrected,
    ShiftOpened,
    ShiftClosed,
    ShiftHandedOver,
    CashPutIn,
    CashTakenOut,
    DrawerOpened,
    PlaceCompared,
)

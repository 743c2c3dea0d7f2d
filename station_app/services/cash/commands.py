"""What can be asked of the drawer.

`TakePayment` and `GivePayment` are asked within the acts of other slices: the slice's own commands
say what was done and against which purse, one payment at the end says how money changed hands.
"""

import msgspec

from station_app.services.cash.facts import Count, Tender
from station_app.values.paying import Paying


class OpenShift(msgspec.Struct, frozen=True, kw_only=True):
    """Begin a shift with this money in the drawer.

    counts: pieces by face; ignored when as_last is set, which takes last night's count over.
    reason: where a difference to the books comes from: `float` (put in or taken out) or
    `over_short`; "" when there is none. remark: the operator's words, needed for over_short.
    day: the operator's answer when the clock leaves the business day in question, else "".
    """

    counts: tuple[Count, ...] = ()
    as_last: bool = False
    reason: str = ""
    remark: str = ""
    day: str = ""


class TakePayment(msgspec.Struct, frozen=True, kw_only=True):
    """Take money for what this act comes to: tenders - change + round-off = due.

    due_fen: what the other facts of the act post against its clearing; 0 asks for nothing.
    tenders: what was handed over, change not deducted. round_off_fen: what the station lets go.
    """

    due_fen: int
    tenders: tuple[Tender, ...] = ()
    round_off_fen: int = 0


class GivePayment(msgspec.Struct, frozen=True, kw_only=True):
    """Pay out what this act comes to; the tenders sum to it exactly.

    remark: why it goes out although the station then uses other people's money; needed only then.
    """

    due_fen: int
    tenders: tuple[Tender, ...] = ()
    remark: str = ""


class CorrectPayment(msgspec.Struct, frozen=True, kw_only=True):
    """Say how a payment really was made (改正). payment: its identity; tenders: net of change."""

    payment: str
    tenders: tuple[Tender, ...]


class CorrectChange(msgspec.Struct, frozen=True, kw_only=True):
    """Put wrong change right now; below zero the villager gets it, above she brings it back."""

    payment: str
    difference_fen: int


class CorrectAmount(msgspec.Struct, frozen=True, kw_only=True):
    """Say what was really due for a line of an act (改正); a payment follows in the same act.

    line: key of one that the act settled; right_fen: what it should have come to.
    """

    payment: str
    line: str
    right_fen: int


class PrintCorrection(msgspec.Struct, frozen=True, kw_only=True):
    """Print the slip of this very correction, asked last in its act. act: the ticket."""

    act: str


class CloseShift(msgspec.Struct, frozen=True, kw_only=True):
    """End the shift with this count; asked alone in its act, so that the cut is clean.

    recounts: how often the drawer was counted again after the comparison (0 or 1).
    remark: why the drawer differs; needed when it does.
    """

    counts: tuple[Count, ...]
    recounts: int = 0
    remark: str = ""


class HandOverShift(msgspec.Struct, frozen=True, kw_only=True):
    """Hand the drawer over to the next operator; the shift goes on. Asked alone in its act.

    taken_over_by: identity of the operator who goes on, whose PIN the page has seen; counts: of
    both together; remark: why the drawer differs; alone_reason: why only one person counts (then
    `taken_over_by` may not be at the counter), "" when both stand there.
    """

    taken_over_by: str
    counts: tuple[Count, ...]
    recounts: int = 0
    remark: str = ""
    alone_reason: str = ""


class PutIn(msgspec.Struct, frozen=True, kw_only=True):
    """Put money into a place. place, reason: as in the fact `CashPutIn`; remark: in words."""

    place: str
    reason: str
    amount_fen: int
    remark: str = ""


class TakeOut(msgspec.Struct, frozen=True, kw_only=True):
    """Take money out of a place. place, reason: as in the fact `CashTakenOut`.

    confirmed_by: identity of the second person whose PIN the page has seen; alone_reason: why
    nobody else is asked; both "" at first: the rule says whether one of them is needed.
    """

    place: str
    reason: str
    amount_fen: int
    remark: str = ""
    confirmed_by: str = ""
    alone_reason: str = ""


class OpenDrawer(msgspec.Struct, frozen=True, kw_only=True):
    """Open the drawer without a payment; remark: needed for the reason `other`."""

    reason: str
    remark: str = ""


class ComparePlace(msgspec.Struct, frozen=True, kw_only=True):
    """Hold what a phone or bank book shows against the books.

    remark: why it differs; with it the difference goes to over and short, without it nothing
    is booked.
    """

    place: str
    shown_fen: int
    remark: str = ""


def taking(paying: Paying) -> TakePayment:
    """Return the command that takes what a payment panel shows."""
    return TakePayment(
        due_fen=paying.due_fen, tenders=tenders_of(paying), round_off_fen=paying.round_off_fen
    )


def giving(paying: Paying, remark: str = "") -> GivePayment:
    """Return the command that pays out what a payment panel shows."""
    return GivePayment(due_fen=paying.due_fen, tenders=tenders_of(paying), remark=remark)


def tenders_of(paying: Paying) -> tuple[Tender, ...]:
    """Return what a payment panel shows as tenders."""
    return tuple(
        Tender(way=p.way, amount_fen=p.amount_fen, reference=p.reference, person=p.person)
        for p in paying.all_parts
    )

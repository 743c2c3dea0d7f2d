"""How the drawer is decided: shifts, counted at both ends, and the book of this slice.

Pure: what a decision needs comes in as `Opening`, `Closing` and `Now`. How a payment is decided
stands in `payments`, vouchers in `vouchers`, a hand-over in `handover`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import msgspec

from station_app.journal.fact import Body, Saying, Told
from station_app.journal.projection import FOLD_VERSION, Cases, Columns, EntityKind
from station_app.ledger.accounts import (
    FLOAT,
    OVER_SHORT,
    drawer,
)
from station_app.ledger.posting import Entry, pays
from station_app.services.cash.commands import CloseShift, OpenShift
from station_app.services.cash.corrections import (
    post_change_corrected,
    post_payment_corrected,
)
from station_app.services.cash.counting import (
    RECOUNTS_MAX,
    REMARK_MAX,
    counted,
    counts_refused,
    in_order,
)
from station_app.services.cash.days import DayProposal, is_next_day
from station_app.services.cash.facts import (
    Balance,
    CashPutIn,
    CashTakenOut,
    ChangeCorrected,
    Count,
    CountRemark,
    PaymentCorrected,
    PaymentGiven,
    PaymentTaken,
    PlaceCompared,
    Position,
    ShiftClosed,
    ShiftHandedOver,
    ShiftOpened,
)
from station_app.services.cash.handover import HandOver, hand_over_of, post_handed_over
from station_app.services.cash.payments import PAYMENT, post_payment_given, post_payment_taken
from station_app.services.cash.vouchers import (
    COMPARISON,
    DRAWER_OPENING,
    VOUCHER,
    post_compared,
    post_put_in,
    post_taken_out,
)
from station_app.values.day import is_day
from station_app.values.money import say_yuan
from station_app.values.now import Now
from station_app.values.refusal import Refusal

FLOAT_CHANGED = "float"
OVER_SHORT_FOUND = "over_short"


# --- States --------------------------------------------------------------------------------------


class Shift(msgspec.Struct, frozen=True, kw_only=True):
    """A shift of one drawer. `number` is 0 and `closed_at` 0 as long as it is open.

    opened_at, closed_at: `at` of the facts, for display and order only; closings: the facts that
    closed it (two of them are a case); hand_overs: within it, in their order. A shift whose opening
    is not held here has an empty day.
    """

    device: str
    day: str
    opened_by: str = ""
    opened_at: int = 0
    float_fen: int = 0
    added_fen: int = 0
    added_reason: str = ""
    added_remark: str = ""
    as_last: int = 0
    hand_overs: tuple[HandOver, ...] = ()
    closings: tuple[str, ...] = ()
    closed_by: str = ""
    closed_at: int = 0
    number: int = 0
    counts: tuple[Count, ...] = ()
    counted_fen: int = 0
    expected_fen: int = 0
    difference_fen: int = 0
    remark: str = ""
    recounts: int = 0
    booked_late: int = 0


def fold_shift(state: Shift | None, told: Told) -> Shift:
    """Open, hand over or close a shift; the last closing by order of facts is the one shown."""
    body = told.body
    if isinstance(body, ShiftOpened):
        opened = state or Shift(device=told.device, day=body.day)
        return msgspec.structs.replace(
            opened,
            device=told.device,
            day=body.day,
            opened_by=told.by,
            opened_at=told.at,
            float_fen=body.counted_fen,
            added_fen=body.added_fen,
            added_reason=body.reason,
            added_remark=told.private.remark if told.private else "",
            as_last=body.as_last,
        )
    before = state or Shift(device=told.device, day=body.day)
    if isinstance(body, ShiftHandedOver):
        return msgspec.structs.replace(before, hand_overs=(*before.hand_overs, hand_over_of(told)))
    closed: ShiftClosed = body
    return msgspec.structs.replace(
        before,
        closings=(*before.closings, told.identity),
        closed_by=told.by,
        closed_at=told.at,
        number=closed.number,
        counts=closed.counts,
        counted_fen=closed.counted_fen,
        expected_fen=closed.expected_fen,
        difference_fen=closed.difference_fen,
        remark=told.private.remark if told.private else "",
        recounts=closed.recounts,
        booked_late=closed.booked_late,
    )


def shift_cases(state: Shift) -> Cases:
    """Two closings of one shift are a case: only a restored or copied database can make them."""
    return {"cash.shift_closed_twice": state.closings} if len(state.closings) > 1 else {}


SHIFT = EntityKind(
    name="shift",
    state=Shift,
    facts=(ShiftOpened, ShiftHandedOver, ShiftClosed),
    fold=fold_shift,
    cases=shift_cases,
    is_open=lambda shift: not shift.closings,
    columns=Columns(
        table="shifts",
        fields=(
            ("device", "TEXT"),
            ("day", "TEXT"),
            ("opened_at", "INTEGER"),
            ("closed_at", "INTEGER"),
            ("number", "INTEGER"),
            ("counted_fen", "INTEGER"),
            ("difference_fen", "INTEGER"),
        ),
        row=lambda s: (
            s.device,
            s.day,
            s.opened_at,
            s.closed_at,
            s.number,
            s.counted_fen,
            s.difference_fen,
        ),
        indexes=(("device", "closed_at", "opened_at"), ("day",)),
    ),
)

ENTITIES = (SHIFT, PAYMENT, VOUCHER, DRAWER_OPENING, COMPARISON)


# --- Postings ------------------------------------------------------------------------------------


def post_shift_opened(told: Told) -> Entry:
    """Money put in or taken out since the last count, or a difference nobody can explain."""
    body: ShiftOpened = told.body
    other = FLOAT if body.reason == FLOAT_CHANGED else OVER_SHORT
    return pays(drawer(told.device), other, body.added_fen)


def post_shift_closed(told: Told) -> Entry:
    """The difference of the count: the drawer is from now on what was counted."""
    body: ShiftClosed = told.body
    return pays(drawer(told.device), OVER_SHORT, body.difference_fen)


POSTINGS: Mapping[type[Body], Callable[[Told], Entry]] = {
    PaymentTaken: post_payment_taken,
    PaymentGiven: post_payment_given,
    PaymentCorrected: post_payment_corrected,
    ChangeCorrected: post_change_corrected,
    ShiftOpened: post_shift_opened,
    ShiftClosed: post_shift_closed,
    ShiftHandedOver: post_handed_over,
    CashPutIn: post_put_in,
    CashTakenOut: post_taken_out,
    PlaceCompared: post_compared,
}


# --- Shifts --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Opening:
    """What opening a shift needs to know.

    open_shift: identity of the shift that is open on this PC, "" for none; expected_fen: what the
    books have in this drawer; last_counts: of the last close on this PC, None before the first;
    proposal: the business day, and whether the operator must be asked about it.
    """

    open_shift: str
    expected_fen: int
    last_counts: tuple[Count, ...] | None
    proposal: DayProposal


@dataclass(frozen=True, slots=True)
class Closing:
    """What closing a shift needs to know: the cut, and what the books say at it."""

    expected_fen: int
    positions: tuple[Position, ...]
    balances: tuple[Balance, ...]
    facts: int
    tail: str
    number: int


def open_shift(state: Opening, command: OpenShift, _now: Now) -> tuple[Saying, ...] | Refusal:
    """Begin a shift; a drawer that does not hold what the books say needs a reason."""
    if state.open_shift:
        return Refusal("cash.SHIFT_OPEN_ALREADY")
    if command.as_last and state.last_counts is None:
        return Refusal("cash.NEVER_COUNTED_BEFORE")
    day = command.day or state.proposal.day
    refusal = _day_refused(day, command, state.proposal)
    if refusal is not None:
        return refusal
    counts = state.last_counts if command.as_last else command.counts
    assert counts is not None
    refusal = counts_refused(counts)
    if refusal is not None:
        return refusal
    added_fen = counted(counts) - state.expected_fen
    refusal = _difference_refused(added_fen, command)
    if refusal is not None:
        return refusal
    body = ShiftOpened(
        counts=in_order(counts),
        counted_fen=counted(counts),
        added_fen=added_fen,
        reason=command.reason if added_fen else "",
        as_last=int(command.as_last),
        day=day,
    )
    return (Saying(body, private=_remark(command.remark)),)


def _day_refused(day: str, command: OpenShift, proposal: DayProposal) -> Refusal | None:
    """Refuse a day nobody chose, and one whose Z slip is printed, unless the clock insists on it.

    The clock may be right and the last shift wrong: it was opened with a clock of 2099.
    """
    if not is_day(day) or (proposal.asks and not command.day):
        return Refusal(
            "cash.DAY_IN_QUESTION",
            {"clock_day": proposal.clock_day, "last_day": proposal.last_day},
        )
    if day < proposal.last_day and day != proposal.clock_day:
        return Refusal("cash.DAY_NOT_FREE", {"last_day": proposal.last_day})
    return None


def _difference_refused(added_fen: int, command: OpenShift) -> Refusal | None:
    if added_fen == 0:
        return _remark_refused(command.remark)
    if command.reason not in (FLOAT_CHANGED, OVER_SHORT_FOUND):
        return Refusal("cash.FLOAT_DIFFERS")
    if command.reason == OVER_SHORT_FOUND and not command.remark.strip():
        return Refusal("cash.REASON_MISSING", {"difference": say_yuan(abs(added_fen))})
    return _remark_refused(command.remark)


def close_shift(state: Closing, command: CloseShift, now: Now) -> tuple[Saying, ...] | Refusal:
    """End the shift of this PC: counted blind, compared, numbered, cut."""
    if not now.shift:
        return Refusal("cash.NOTHING_TO_CLOSE")
    if not 0 <= command.recounts <= RECOUNTS_MAX:
        return Refusal("cash.COUNTED_TOO_OFTEN", {"max": RECOUNTS_MAX})
    refusal = counts_refused(command.counts) or _remark_refused(command.remark)
    if refusal is not None:
        return refusal
    difference_fen = counted(command.counts) - state.expected_fen
    if difference_fen and not command.remark.strip():
        return Refusal("cash.REASON_MISSING", {"difference": say_yuan(abs(difference_fen))})
    body = ShiftClosed(
        number=state.number,
        counts=in_order(command.counts),
        counted_fen=counted(command.counts),
        expected_fen=state.expected_fen,
        difference_fen=difference_fen,
        recounts=command.recounts,
        positions=state.positions,
        balances=state.balances,
        facts=state.facts,
        tail=state.tail,
        fold_version=FOLD_VERSION,
        booked_late=int(is_next_day(now.day, now.at)),
        day=now.day,
    )
    return (Saying(body, private=_remark(command.remark), entity=now.shift),)


def _remark_refused(remark: str) -> Refusal | None:
    if len(remark) > REMARK_MAX:
        return Refusal("cash.REMARK_TOO_LONG", {"max": REMARK_MAX})
    return None


def _remark(words: str) -> CountRemark | None:
    return CountRemark(remark=words.strip()) if words.strip() else None

"""Handing the drawer over in the middle of a shift: both count once, and the shift goes on.

Where the other one is not there (or there is no other), one person counts and says why; the fact
is marked and the county sees it (一人办理).
"""

from dataclasses import dataclass

import msgspec

from station_app.journal.fact import Saying, Told
from station_app.ledger.accounts import OVER_SHORT, drawer
from station_app.ledger.posting import Entry, pays
from station_app.services.cash.commands import HandOverShift
from station_app.services.cash.counting import (
    RECOUNTS_MAX,
    REMARK_MAX,
    counted,
    counts_refused,
    in_order,
)
from station_app.services.cash.facts import HandOverRemark, Position, ShiftHandedOver
from station_app.values.money import say_yuan
from station_app.values.now import Now
from station_app.values.refusal import Refusal
from station_app.values.staff import Coworker


class HandOver(msgspec.Struct, frozen=True, kw_only=True):
    """A hand-over within a shift, as the shift remembers it."""

    fact: str
    number: int
    by: str
    taken_over_by: str
    at: int
    counted_fen: int
    difference_fen: int
    alone: int
    remark: str = ""
    alone_reason: str = ""


def hand_over_of(told: Told) -> HandOver:
    """Return what a shift remembers of a hand-over."""
    body: ShiftHandedOver = told.body
    words: HandOverRemark = told.private or HandOverRemark()
    return HandOver(
        fact=told.identity,
        number=body.number,
        by=told.by,
        taken_over_by=body.taken_over_by,
        at=told.at,
        counted_fen=body.counted_fen,
        difference_fen=body.difference_fen,
        alone=body.alone,
        remark=words.remark,
        alone_reason=words.alone_reason,
    )


def post_handed_over(told: Told) -> Entry:
    """The difference of the count: whoever goes on begins with what was counted."""
    body: ShiftHandedOver = told.body
    return pays(drawer(told.device), OVER_SHORT, body.difference_fen)


@dataclass(frozen=True, slots=True)
class HandingOver:
    """What handing over needs to know: the books, the cut, the number, who works here."""

    expected_fen: int
    positions: tuple[Position, ...]
    tail: str
    number: int
    staff: tuple[Coworker, ...]


def hand_over(state: HandingOver, command: HandOverShift, now: Now) -> tuple[Saying, ...] | Refusal:
    """Hand the drawer to the next operator; counted by both, or by one with a reason."""
    refusal = _refused(state, command, now)
    if refusal is not None:
        return refusal
    difference_fen = counted(command.counts) - state.expected_fen
    if difference_fen and not command.remark.strip():
        return Refusal("cash.REASON_MISSING", {"difference": say_yuan(abs(difference_fen))})
    alone_reason = command.alone_reason.strip()
    body = ShiftHandedOver(
        number=state.number,
        taken_over_by=command.taken_over_by,
        counts=in_order(command.counts),
        counted_fen=counted(command.counts),
        expected_fen=state.expected_fen,
        difference_fen=difference_fen,
        recounts=command.recounts,
        alone=int(bool(alone_reason)),
        positions=state.positions,
        tail=state.tail,
        day=now.day,
    )
    words = HandOverRemark(remark=command.remark.strip(), alone_reason=alone_reason)
    has_words = bool(words.remark or words.alone_reason)
    return (Saying(body, private=words if has_words else None, entity=now.shift),)


def _refused(state: HandingOver, command: HandOverShift, now: Now) -> Refusal | None:
    if not now.shift:
        return Refusal("cash.SHIFT_FIRST")
    if all(one.identity != command.taken_over_by for one in state.staff):
        return Refusal("cash.NOBODY_TAKES_OVER")
    if command.taken_over_by == now.operator and not command.alone_reason.strip():
        return Refusal("cash.BOTH_COUNT")
    if not 0 <= command.recounts <= RECOUNTS_MAX:
        return Refusal("cash.COUNTED_TOO_OFTEN", {"max": RECOUNTS_MAX})
    if max(len(command.remark), len(command.alone_reason)) > REMARK_MAX:
        return Refusal("cash.REMARK_TOO_LONG", {"max": REMARK_MAX})
    return counts_refused(command.counts)

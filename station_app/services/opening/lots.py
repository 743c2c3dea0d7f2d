"""Produce that lay here before the books began: a fact of the lots' own slice, nothing else.

So a lot from the first day is sold, spoiled and settled like any other. What is consigned brings no
money; what the station had bought already is worth what it cost, against the opening.
"""

from dataclasses import dataclass

from station_app.journal.fact import Saying
from station_app.services.consignment.facts import (
    LotAccepted,
    LotBought,
    LotRemark,
    Share,
    Weighing,
)
from station_app.services.opening.commands import EnterLot
from station_app.services.opening.rules import (
    FINISHED,
    OPEN,
    Decision,
    Signing,
    why_not_amount,
    why_not_signed,
)
from station_app.values.now import Now
from station_app.values.refusal import Refusal

GRAM = "g"
PIECE = "piece"
UNITS = (GRAM, PIECE)
QUANTITY_MAX = 100_000_000  # a hundred tonnes: no village store holds more
PRODUCE_CHARACTERS_MAX = 30
COMMISSION_BP_MAX = 5_000  # half of the proceeds: beyond it a digit too many was typed


@dataclass(frozen=True, slots=True, kw_only=True)
class LotEntering:
    """What decides whether a lot may be written down."""

    signing: Signing
    slip: int
    status: str = OPEN
    grower_known: bool = True


def enter_lot(state: LotEntering, command: EnterLot, now: Now) -> Decision:
    """Write down a lot that is here already."""
    refusal = (
        _why_not_lot(state, command)
        or (why_not_amount(command.cost_fen) if command.is_own else None)
        or why_not_signed("lots", command.witness, state.signing, now)
    )
    if refusal is not None:
        return refusal
    weighing = Weighing(
        gross_grams=command.quantity + command.tare_grams if command.unit == GRAM else 0,
        tare_grams=command.tare_grams,
        deducted_grams=0,
        frame=command.frame,
    )
    remark = command.remark.strip()
    private = LotRemark(remark=remark, whose=(command.person,)) if remark else None
    body = _bought(state, command, weighing, now) if command.is_own else None
    return [Saying(body or _accepted(state, command, weighing, now), private=private)]


def _why_not_lot(state: LotEntering, command: EnterLot) -> Refusal | None:
    if state.status == FINISHED:
        return Refusal("opening.FINISHED_ALREADY")
    if not command.person:
        return Refusal("opening.PERSON_MISSING")
    if not state.grower_known:
        return Refusal("opening.NO_SUCH_PERSON")
    produce = command.produce.strip()
    if not produce:
        return Refusal("opening.PRODUCE_MISSING")
    if len(produce) > PRODUCE_CHARACTERS_MAX:
        return Refusal("opening.WORDS_TOO_LONG", {"most": PRODUCE_CHARACTERS_MAX})
    assert command.unit in UNITS
    assert command.unit == GRAM or not (command.frame or command.tare_grams), "pieces are counted"
    assert 0 <= command.tare_grams <= QUANTITY_MAX
    if not 0 < command.quantity <= QUANTITY_MAX:
        return Refusal("opening.QUANTITY_MISSING")
    if not 0 <= command.commission_bp <= COMMISSION_BP_MAX:
        return Refusal("opening.COMMISSION_TOO_HIGH", {"most": COMMISSION_BP_MAX // 100})
    return None


def _accepted(state: LotEntering, command: EnterLot, weighing: Weighing, now: Now) -> LotAccepted:
    share = Share(
        person=command.person,
        quantity=command.quantity,
        commission_bp=command.commission_bp,
        floor_fen=0,
        guaranteed_fen=0,
        is_net=0,
        contract="",
    )
    return LotAccepted(
        code="",
        produce=command.produce.strip(),
        grade="",
        unit=command.unit,
        quantity=command.quantity,
        weighing=weighing,
        share=share,
        harvest_day="",
        slip=state.slip,
        day=now.day,
    )


def _bought(state: LotEntering, command: EnterLot, weighing: Weighing, now: Now) -> LotBought:
    return LotBought(
        code="",
        produce=command.produce.strip(),
        grade="",
        unit=command.unit,
        quantity=command.quantity,
        weighing=weighing,
        person=command.person,
        price_fen=0,
        paid_fen=0,
        owed_fen=0,
        opening_fen=command.cost_fen,
        harvest_day="",
        slip=state.slip,
        day=now.day,
    )

"""What becomes of a lot on the shelf: spoiled, given back, sampled, sent off, divided, joined.

Whoever bears a loss is named when it is written down, never afterwards: the grower herself, the
station at a value that is agreed, or the county. Of an own lot its cost is borne. A lot that is
divided or joined keeps whose it is, to the gram.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from station_app.journal.fact import Body, Saying
from station_app.ledger.rounding import GRAM, PIECE, line_fen
from station_app.services.consignment.branding import why_marked
from station_app.services.consignment.commands import MergeLots, MoveLot, SplitLot
from station_app.services.consignment.facts import (
    LotDispatched,
    LotDrawn,
    LotMade,
    LotPart,
    LotRemark,
    LotReturned,
    LotSampled,
    LotSpoiled,
)
from station_app.services.consignment.lots import CONSIGNED, Lot
from station_app.services.consignment.rules import (
    BY_COUNTY,
    BY_GROWER,
    BY_STATION,
    amounts_for,
    cost_of,
    drawn_shares,
    merged_shares,
    why_not_merge,
)
from station_app.services.consignment.taking import PRICE_MAX, REMARK_MAX, Incoming, trace_code
from station_app.values.now import Now
from station_app.values.refusal import Refusal
from station_app.values.weight import parse_jin, say_jin

Decision = Sequence[Saying] | Refusal

SPOIL, RETURN, SAMPLE, DISPATCH, COUNT = "spoil", "return", "sample", "dispatch", "count"
HOWS = (SPOIL, RETURN, SAMPLE, DISPATCH, COUNT)
REASONS = ("rotten", "bruised", "dried", "vermin", "missing")
BEARERS = (BY_GROWER, BY_STATION, BY_COUNTY)
MERGED_MAX = 20
PACKAGES_MAX = 200
PIECE_DIGITS = 7  # more than any shelf holds


@dataclass(frozen=True, slots=True, kw_only=True)
class Moving:
    """What decides about lots. lots: by identity, those that are known; serial: for a new one."""

    lots: Mapping[str, Lot] = field(default_factory=dict)
    serial: int = 0
    rules: Mapping[str, str] = field(default_factory=dict)


def is_own(lot: Lot) -> bool:
    """Tell whether the station has bought it."""
    return lot.ownership != CONSIGNED


def unit_of(lot: Lot) -> str:
    """Return the unit of a lot; the first day of a station called grams `g`."""
    return PIECE if lot.unit == PIECE else GRAM


def said(lot: Lot, quantity: int) -> str:
    """Return a quantity of a lot for a sentence."""
    return say_jin(quantity) if unit_of(lot) == GRAM else str(quantity)


def quantity_of(lot: Lot, typed: str) -> int | None:
    """Return the quantity of a lot that somebody wrote, None where it is none."""
    if unit_of(lot) == GRAM:
        return parse_jin(typed)
    bare = typed.strip()
    return int(bare) if bare.isascii() and bare.isdigit() and len(bare) <= PIECE_DIGITS else None


def why_blocked(lot: Lot) -> Refusal:
    """Return why a lot stays where it is: it was called back, or failed a test."""
    key = "IS_RECALLED" if lot.recalled else "HAS_FAILED"
    return Refusal(f"consignment.{key}", {"why": lot.recalled or lot.failed})


def leaving(lot: Lot, command: MoveLot) -> int:
    """Return how much leaves the shelf: of a count what is missing."""
    return lot.on_shelf - command.quantity if command.how == COUNT else command.quantity


def why_not_so_much(lot: Lot, how: str, quantity: int) -> Refusal | None:
    """Return why so much cannot leave the shelf; the page says it before anybody is asked to pay.

    quantity: what leaves, of a count what is missing.
    """
    here = {"here": said(lot, lot.on_shelf)}
    if how == COUNT and quantity < 0:
        return Refusal("consignment.MORE_THAN_BOOKS", here)
    if quantity <= 0:
        return Refusal(f"consignment.{'AS_THE_BOOKS_SAY' if how == COUNT else 'NO_QUANTITY'}")
    if quantity > lot.on_shelf:
        return Refusal("consignment.MORE_THAN_HERE", here)
    return None


def asks_bearer(lot: Lot, how: str) -> bool:
    """Tell whether somebody has to bear it: a loss, or an own lot that goes."""
    return how in (SPOIL, COUNT) or (is_own(lot) and how in (RETURN, SAMPLE))


def move_lot(state: Moving, command: MoveLot, now: Now) -> Decision:
    """Write down what leaves the shelf, and who bears it."""
    lot = state.lots.get(command.lot)
    if lot is None or not lot.founder:
        return Refusal("consignment.NO_LOT")
    refusal = _why_not_move(lot, command, now.day)
    if refusal is not None:
        return refusal
    quantity = leaving(lot, command)
    cost_fen = cost_of(lot, quantity) if is_own(lot) else 0
    person = lot.seller if is_own(lot) and command.bearer == BY_GROWER else ""
    remark = command.remark.strip()
    persons = tuple(sorted({share.person for share in lot.shares} | {lot.seller} - {""}))
    private = None
    if remark or command.photos:
        private = LotRemark(remark=remark, photos=command.photos, whose=persons)
    if command.how == DISPATCH:
        sent = LotDispatched(quantity=quantity, packages=command.packages, day=now.day)
        return [Saying(sent, entity=command.lot)]
    if command.how in (SPOIL, COUNT):
        worth_fen = 0
        if not is_own(lot) and command.bearer != BY_GROWER:
            worth_fen = line_fen(quantity, command.value_fen, unit_of(lot))
        body: Body = LotSpoiled(
            quantity=quantity,
            reason=command.reason,
            bearer=command.bearer,
            amounts=amounts_for(lot, worth_fen) if worth_fen else (),
            cost_fen=cost_fen,
            person=person,
            day=now.day,
        )
        return [Saying(body, private, entity=command.lot)]
    kind = LotReturned if command.how == RETURN else LotSampled
    gone = kind(
        quantity=quantity, bearer=command.bearer, cost_fen=cost_fen, person=person, day=now.day
    )
    return [Saying(gone, entity=command.lot)]


def _why_not_move(lot: Lot, command: MoveLot, day: str) -> Refusal | None:
    assert command.how in HOWS
    why = why_not_so_much(lot, command.how, leaving(lot, command))
    if why is not None:
        return why
    if command.how == DISPATCH:
        why = why_blocked(lot) if lot.is_blocked else None
        why = why or why_marked(lot, is_unmarked=command.is_unmarked, day=day)
        if why is not None:
            return why
    if command.how in (SPOIL, COUNT) and command.reason not in REASONS:
        return Refusal("consignment.NO_REASON")
    if asks_bearer(lot, command.how) and command.bearer not in BEARERS:
        return Refusal("consignment.NO_BEARER")
    if is_own(lot) and command.bearer == BY_GROWER and not lot.seller:
        return Refusal("consignment.NO_SELLER")
    if not 0 <= command.value_fen <= PRICE_MAX:
        return Refusal("consignment.PRICE_WRONG")
    if command.how == DISPATCH and not 1 <= command.packages <= PACKAGES_MAX:
        return Refusal("consignment.NO_PACKAGES", {"most": PACKAGES_MAX})
    if len(command.remark) > REMARK_MAX:
        return Refusal("consignment.WORDS_TOO_LONG", {"most": REMARK_MAX})
    return None


def split_lot(state: Moving, command: SplitLot, now: Now) -> Decision:
    """Make a lot of a part of another one, with the same growers and terms."""
    lot = state.lots.get(command.lot)
    if lot is None or not lot.founder:
        return Refusal("consignment.NO_LOT")
    if lot.is_blocked:
        return why_blocked(lot)
    if command.quantity <= 0:
        return Refusal("consignment.NO_QUANTITY")
    if command.quantity >= lot.on_shelf:
        return Refusal("consignment.SPLITS_ALL", {"here": said(lot, lot.on_shelf)})
    return _made(state, {command.lot: command.quantity}, "split", now)


def merge_lots(state: Moving, command: MergeLots, now: Now) -> Decision:
    """Make one lot of several: alike in sort, grade, ownership and contract."""
    if not 1 < len(set(command.lots)) == len(command.lots) <= MERGED_MAX:
        return Refusal("consignment.MERGE_SEVERAL", {"most": MERGED_MAX})
    lots = [state.lots.get(one) for one in command.lots]
    if any(lot is None or not lot.founder or lot.on_shelf <= 0 for lot in lots):
        return Refusal("consignment.NO_LOT")
    blocked = next((lot for lot in lots if lot is not None and lot.is_blocked), None)
    if blocked is not None:
        return why_blocked(blocked)
    refusal = why_not_merge(lot for lot in lots if lot is not None)
    if refusal is not None:
        return refusal
    parts = {one: state.lots[one].on_shelf for one in command.lots}
    return _made(state, parts, "merge", now)


def _made(state: Moving, parts: Mapping[str, int], purpose: str, now: Now) -> Decision:
    """Draw parts of lots, and make one of them, at their cost and with their shares."""
    first = state.lots[next(iter(parts))]
    facts: list[Saying] = []
    cost_fen = 0
    for one, quantity in parts.items():
        lot = state.lots[one]
        part_fen = cost_of(lot, quantity) if is_own(lot) else 0
        cost_fen += part_fen
        drawn = LotDrawn(quantity=quantity, cost_fen=part_fen, purpose=purpose, day=now.day)
        facts.append(Saying(drawn, entity=one))
    shares = [s for one, q in parts.items() for s in drawn_shares(state.lots[one].shares, q)]
    made = LotMade(
        code=trace_code(Incoming(serial=state.serial, rules=state.rules), now),
        produce=first.produce,
        grade=first.grade,
        unit=first.unit,
        ownership=first.ownership,
        quantity=sum(parts.values()),
        parts=tuple(LotPart(lot=one, quantity=quantity) for one, quantity in parts.items()),
        shares=merged_shares(shares),
        cost_fen=cost_fen,
        day=now.day,
    )
    return [*facts, Saying(made)]

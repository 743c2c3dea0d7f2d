"""Taking produce in: what may come in, on which terms, and putting a wrong weight right.

A support contract applies by itself and only whole: what goes beyond it is a lot of its own, on
the usual terms, so that nobody has to guess which kilogram was promised what.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from stdnum import luhn

from station_app.journal.fact import Body, Saying
from station_app.ledger.rounding import BASIS_POINTS, GRAM, PIECE, line_fen
from station_app.reference.brands import BrandLicence
from station_app.reference.produce import BLOCK, WARN, Sort
from station_app.services.consignment.branding import Marking
from station_app.services.consignment.checks import (
    NO_RECORD,
    PROMISES,
    Finding,
    Looked,
    Record,
    look,
)
from station_app.services.consignment.commands import FinishIntake, Reweigh, TakeIn, Weighed
from station_app.services.consignment.facts import (
    ContractDrawn,
    LotAccepted,
    LotBought,
    LotDescribed,
    LotEarmarked,
    LotRemark,
    LotReweighed,
    LotWeighed,
    ScaleFrame,
    Share,
    Weighing,
)
from station_app.services.consignment.lots import CONSIGNED, OWN, Lot
from station_app.services.consignment.settling import Contract
from station_app.values.day import say_day
from station_app.values.now import Now
from station_app.values.refusal import Refusal
from station_app.values.weight import say_jin

Decision = Sequence[Saying] | Refusal

UNITS = (GRAM, PIECE)
QUANTITY_MAX = 10_000_000  # ten tonnes, or ten million eggs: a slipped key
PRICE_MAX = 10_000_000  # a hundred thousand yuan for a kilogram
HUB = "hub"  # where a lot is bound that is not for this counter
PACKAGES_MAX = 60  # labels of one lot; more is a roll run empty by a slipped key
INPUTS_MAX = 6
WORDS_MAX = 30
REMARK_MAX = 200
CLOCK_BEHIND_MS = 600_000  # ten minutes: two PCs of a station may differ by some
SERIALS_MAX = 99  # of a PC and a day: two digits of the trace code
_REGION_DIGITS, _STATION_DIGITS = 6, 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """What decides about a lot that comes in. contract: by the command's identity, None if unknown.

    serial: of this PC and day, from 1; region: of the trace code, "" for no trace code; record: of
    her and this sort; newest_at: of all facts that were heard (UTC ms); licence: of a common mark
    for this sort here, marked: what of its quota is used.
    """

    slip: int = 0
    serial: int = 0
    is_known: bool = True
    sort: Sort | None = None
    contract: Contract | None = None
    record: Record = NO_RECORD
    newest_at: int = 0
    licence: BrandLicence | None = None
    marked: int = 0
    rules: Mapping[str, str] = field(default_factory=dict)


def looked_at(state: Incoming, command: TakeIn, now: Now) -> Looked:
    """Return what there is to look at of a lot that comes in."""
    sort, weighed = state.sort, command.weighed
    assert sort is not None
    contract = state.contract
    is_consigned = not command.is_bought
    return Looked(
        today=now.day,
        quantity=quantity_of(sort, weighed),
        is_weighed=sort.unit == GRAM,
        harvest_day=command.harvest_day,
        keeps_days=sort.keeps_days,
        months=sort.months,
        inputs=command.inputs,
        promise=command.promise,
        needs_promise=sort.promise,
        document=sort.document,
        has_document=command.document,
        usual_floor_fen=sort.floor_of(command.grade),
        usual_fen=sort.price_of(command.grade),
        floor_fen=command.price_fen if is_consigned and contract is None else 0,
        price_fen=command.price_fen if command.is_bought and contract is None else 0,
        contract_left=contract.left if contract else None,
        contract_until=contract.until_day if contract else "",
        is_typed=sort.unit == GRAM and not weighed.frame,
        record=state.record,
        yield_of_mu=_number(state.rules.get(f"yield.{sort.code}", "")),
        is_clock_behind=state.newest_at - now.at > CLOCK_BEHIND_MS,
    )


def _number(said: str) -> int:
    return int(said) if said.isascii() and said.isdigit() else 0


def quantity_of(sort: Sort, weighed: Weighed) -> int:
    """Return grams or pieces, as the sort goes."""
    return weighed.net_grams if sort.unit == GRAM else weighed.pieces


def take_in(state: Incoming, command: TakeIn, now: Now) -> Decision:
    """Take produce in, and what it uses up of a contract."""
    refusal = _why_not(state, command)
    if refusal is not None:
        return refusal
    findings = look(looked_at(state, command, now), state.rules)
    blocked = next((one for one in findings if one.level == BLOCK), None)
    if blocked is not None:
        return Refusal(f"consignment.{blocked.name.upper()}", dict(blocked.slots))
    assert state.sort is not None
    quantity = quantity_of(state.sort, command.weighed)
    body: Body = _bought(state, command, quantity, now)
    if not command.is_bought:
        body = _accepted(state, command, quantity, now)
    remark = command.remark.strip()
    private = None
    if remark or command.photos:
        private = LotRemark(remark=remark, photos=command.photos, whose=(command.person,))
    facts = [Saying(body, private)]
    if command.contract:
        drawn = ContractDrawn(quantity=quantity, day=now.day)
        facts.append(Saying(drawn, entity=command.contract))
    return facts


@dataclass(frozen=True, slots=True, kw_only=True)
class Describing:
    """What was taken in a moment ago, in this act. lot: its identity, "" if nothing was."""

    lot: str = ""
    incoming: Incoming = field(default_factory=Incoming)


def describe(state: Describing, command: FinishIntake, now: Now) -> Decision:
    """Write down what was seen and said beside the scale, and what warned and was passed over."""
    assert state.lot, "asked after taking in, in the same act"
    findings = look(looked_at(state.incoming, command.taken, now), state.incoming.rules)
    marking = marking_of(state.incoming, command.taken)
    if command.taken.is_branded and marking is None:
        return Refusal("consignment.NO_MARK")
    refusal = marking.why_not(now.day) if marking is not None else None
    if refusal is not None:
        return refusal
    facts = [Saying(_described(command.taken, findings, now), entity=state.lot)]
    frames = _frames(command.taken.weighed)
    if frames:
        facts.append(Saying(LotWeighed(frames=frames, day=now.day), entity=state.lot))
    if command.taken.is_for_hub:
        facts.append(Saying(LotEarmarked(place=HUB, day=now.day), entity=state.lot))
    if marking is not None:
        facts += marking.said_of(state.lot, now.day)
    return facts


def marking_of(state: Incoming, command: TakeIn) -> Marking | None:
    """Return the mark that the labels are to bear, None for none."""
    if not command.is_branded or state.licence is None or state.sort is None:
        return None
    return Marking(
        licence=state.licence,
        used=state.marked,
        sort=state.sort,
        grade=command.grade,
        quantity=quantity_of(state.sort, command.weighed),
    )


def _frames(weighed: Weighed) -> tuple[ScaleFrame, ...]:
    """Return what the scale said, the basket first."""
    said = (
        ("tare", weighed.tare_grams, weighed.tare_frame, weighed.tare_at),
        ("gross", weighed.gross_grams, weighed.frame, weighed.framed_at),
    )
    return tuple(
        ScaleFrame(of=of, grams=grams, frame=frame, at=at) for of, grams, frame, at in said if frame
    )


def _described(command: TakeIn, findings: Sequence[Finding], now: Now) -> LotDescribed:
    return LotDescribed(
        inputs=command.inputs,
        promise=command.promise or PROMISES[-1],
        promise_number=command.promise_number.strip(),
        document=int(command.document),
        baskets=command.weighed.baskets,
        packages=command.packages,
        passed=tuple(one.name for one in findings if one.level == WARN),
        day=now.day,
    )


def _weighing(sort: Sort, weighed: Weighed) -> Weighing:
    is_weighed = sort.unit == GRAM
    return Weighing(
        gross_grams=weighed.gross_grams if is_weighed else 0,
        tare_grams=weighed.tare_grams if is_weighed else 0,
        deducted_grams=weighed.deducted_grams if is_weighed else 0,
        frame=weighed.frame if is_weighed else "",
    )


def _accepted(state: Incoming, command: TakeIn, quantity: int, now: Now) -> LotAccepted:
    sort, contract = state.sort, state.contract
    assert sort is not None
    share = Share(
        person=command.person,
        quantity=quantity,
        commission_bp=contract.commission_bp if contract else command.commission_bp,
        floor_fen=0 if contract else command.price_fen,
        guaranteed_fen=contract.guaranteed_fen if contract else 0,
        is_net=contract.is_net if contract else 0,
        contract=command.contract,
    )
    return LotAccepted(
        code=trace_code(state, now),
        produce=sort.code,
        grade=command.grade,
        unit=sort.unit,
        quantity=quantity,
        weighing=_weighing(sort, command.weighed),
        share=share,
        harvest_day=command.harvest_day,
        slip=state.slip,
        day=now.day,
    )


def coming_lot(state: Incoming, command: TakeIn, now: Now) -> Lot:
    """Return the lot that this would make, as far as its label says it: for the page."""
    assert state.sort is not None
    quantity = quantity_of(state.sort, command.weighed)
    share = _accepted(state, command, quantity, now).share
    return Lot(
        code=trace_code(state, now),
        produce=command.produce,
        grade=command.grade,
        unit=state.sort.unit,
        quantity=quantity,
        shares=() if command.is_bought else (share,),
        seller=command.person if command.is_bought else "",
        harvest_day=command.harvest_day,
        promise=command.promise,
        labels=command.packages,
        mark=state.licence.mark if command.is_branded and state.licence else "",
        mark_until=now.day,
    )


def price_of(state: Incoming, command: TakeIn) -> int:
    """Return at which price a purchase is paid: the contract's, if there is one."""
    return state.contract.guaranteed_fen if state.contract else command.price_fen


def _bought(state: Incoming, command: TakeIn, quantity: int, now: Now) -> LotBought:
    sort = state.sort
    assert sort is not None
    price_fen = price_of(state, command)
    cost_fen = line_fen(quantity, price_fen, sort.unit)
    return LotBought(
        code=trace_code(state, now),
        produce=sort.code,
        grade=command.grade,
        unit=sort.unit,
        quantity=quantity,
        weighing=_weighing(sort, command.weighed),
        person=command.person,
        price_fen=price_fen,
        paid_fen=command.paid_fen,
        owed_fen=cost_fen - command.paid_fen,
        opening_fen=0,
        harvest_day=command.harvest_day,
        slip=state.slip,
        day=now.day,
    )


def trace_code(state: Incoming, now: Now) -> str:
    """Return the 20 digits: region, station, day, slot and serial, check digit (Luhn).

    "" where the county has not said its region, and beyond the lots that two digits number: then
    the lot is known by its own code alone.
    """
    is_numbered = 0 < state.serial <= SERIALS_MAX and now.slot < 10
    region = state.rules.get("trace.region", "") if is_numbered else ""
    return code_of(region, now.station, now.day, now.slot * 100 + state.serial)


def code_of(region: str, station: str, day: str, number: int) -> str:
    """Return the 20 digits of the lot of a station and a day with a number of three digits."""
    place = "".join(sign for sign in station if sign.isdigit())[-_STATION_DIGITS:]
    if len(region) != _REGION_DIGITS or not region.isdigit() or len(place) != _STATION_DIGITS:
        return ""
    bare = f"{region}{place}{day[2:].replace('-', '')}{number:03}"
    return bare + str(luhn.calc_check_digit(bare))


def lot_number(code: str, identity: str) -> str:
    """Return the number of a lot as it is said and printed: 0601-261125-017."""
    if code:
        return f"{code[6:10]}-{code[10:16]}-{code[16:19]}"
    return identity[:8].upper()


# --- What is refused -----------------------------------------------------------------------------


def _why_not(state: Incoming, command: TakeIn) -> Refusal | None:
    if not command.person or not state.is_known:
        return Refusal("consignment.NO_GROWER")
    sort = state.sort
    if sort is None:
        return Refusal("consignment.NO_SORT")
    if sort.grades and command.grade not in {term.name for term in sort.grades}:
        return Refusal("consignment.NO_GRADE")
    return (
        why_not_weighed(sort, command.weighed)
        or _why_not_terms(state, command)
        or _why_not_words(command)
    )


def why_not_weighed(sort: Sort, weighed: Weighed) -> Refusal | None:
    """Return what is wrong with a weight or a number."""
    if sort.unit == PIECE:
        if weighed.gross_grams or weighed.frame:
            return Refusal("consignment.PIECES_ARE_COUNTED", {"name": sort.name})
        is_good = 0 < weighed.pieces <= QUANTITY_MAX
        return None if is_good else Refusal("consignment.NO_PIECES")
    if not 0 < weighed.gross_grams <= QUANTITY_MAX:
        return Refusal("consignment.NO_WEIGHT")
    if weighed.tare_grams < 0 or weighed.deducted_grams < 0 or weighed.pieces:
        return Refusal("consignment.NO_WEIGHT")
    if weighed.tare_grams >= weighed.gross_grams:
        gross, tare = say_jin(weighed.gross_grams), say_jin(weighed.tare_grams)
        return Refusal("consignment.TARE_ABOVE_GROSS", {"tare": tare, "gross": gross})
    if weighed.net_grams <= 0:
        return Refusal("consignment.ALL_DEDUCTED")
    return None


def _why_not_terms(state: Incoming, command: TakeIn) -> Refusal | None:
    contract, sort = state.contract, state.sort
    assert sort is not None
    if command.contract:
        if contract is None or contract.person != command.person:
            return Refusal("consignment.NO_CONTRACT")
        if contract.produce not in (sort.code, sort.name) or contract.unit != sort.unit:
            return Refusal("consignment.CONTRACT_OF_ANOTHER", {"code": contract.code})
    elif not 0 <= command.price_fen <= PRICE_MAX:
        return Refusal("consignment.PRICE_WRONG")
    if not 0 <= command.commission_bp <= BASIS_POINTS // 2:
        return Refusal("consignment.COMMISSION_WRONG")
    if command.is_bought:
        price_fen = price_of(state, command)
        cost_fen = line_fen(quantity_of(sort, command.weighed), price_fen, sort.unit)
        if not cost_fen:
            return Refusal("consignment.PRICE_WRONG")
        if not 0 <= command.paid_fen <= cost_fen:
            return Refusal("consignment.PAID_WRONG")
    return None


def _why_not_words(command: TakeIn) -> Refusal | None:
    if not 1 <= command.packages <= PACKAGES_MAX:
        return Refusal("consignment.PACKAGES_WRONG", {"most": PACKAGES_MAX})
    if len(command.inputs) > INPUTS_MAX:
        return Refusal("consignment.TOO_MANY_INPUTS", {"most": INPUTS_MAX})
    if len(command.remark) > REMARK_MAX:
        return Refusal("consignment.WORDS_TOO_LONG", {"most": REMARK_MAX})
    names = (command.promise_number, *(one.name for one in command.inputs))
    if any(len(words) > WORDS_MAX for words in names):
        return Refusal("consignment.WORDS_TOO_LONG", {"most": WORDS_MAX})
    assert command.promise in ("", *PROMISES)
    return None


# --- A wrong weight ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Reweighing:
    """What decides whether a weight may be put right. lot: None for one nobody knows."""

    slip: int = 0
    lot: Lot | None = None
    sort: Sort | None = None
    contract_left: int | None = None
    is_in_shift: bool = True


def reweighed_cost(lot: Lot, quantity: int) -> int:
    """Return by how much the cost of an own lot changes with its quantity, at the price paid."""
    if lot.ownership != OWN or lot.unit not in UNITS:
        return 0
    return line_fen(quantity, lot.price_fen, lot.unit) - line_fen(
        lot.quantity, lot.price_fen, lot.unit
    )


def reweigh(state: Reweighing, command: Reweigh, now: Now) -> Decision:
    """Put the weight of a lot right: goods, an own lot's cost, and what it used of a contract."""
    lot, sort = state.lot, state.sort
    if lot is None or sort is None or not lot.founder or lot.parts or lot.unit not in UNITS:
        return Refusal("consignment.NO_SUCH_LOT")
    refusal = why_not_weighed(sort, command.weighed)
    if refusal is not None:
        return refusal
    if not state.is_in_shift:
        return Refusal("consignment.WEIGHED_EARLIER", {"day": say_day(lot.day, now.day)})
    quantity = quantity_of(sort, command.weighed)
    more = quantity - lot.quantity
    if not more:
        return Refusal("consignment.SAME_WEIGHT")
    if lot.on_shelf + more < 0:
        gone = lot.quantity - lot.on_shelf
        words = say_jin(gone) if lot.unit == GRAM else str(gone)
        return Refusal("consignment.GONE_ALREADY", {"gone": words})
    if len(command.remark) > REMARK_MAX:
        return Refusal("consignment.WORDS_TOO_LONG", {"most": REMARK_MAX})
    contract = lot.shares[0].contract if lot.shares else ""
    if contract and state.contract_left is not None and more > state.contract_left:
        left = say_jin(max(0, state.contract_left))
        return Refusal("consignment.CONTRACT_OVER", {"left": left})
    person = lot.shares[0].person if lot.ownership == CONSIGNED else lot.seller
    remark = command.remark.strip()
    body = LotReweighed(
        person=person,
        was_quantity=lot.quantity,
        quantity=quantity,
        weighing=_weighing(sort, command.weighed),
        cost_fen=reweighed_cost(lot, quantity),
        slip=state.slip,
        day=now.day,
    )
    private = LotRemark(remark=remark, whose=(person,)) if remark else None
    facts = [Saying(body, private, entity=command.lot)]
    if contract:
        facts.append(Saying(ContractDrawn(quantity=more, day=now.day), entity=contract))
    return facts

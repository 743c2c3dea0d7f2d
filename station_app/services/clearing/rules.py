"""What may be done with money between the station, the county and the couriers.

Whoever holds the money writes its fate: until it is sent that is the station; afterwards the
station asks, and the county's fact decides. Every amount that moves a purse is fixed here, out of
what is open at that moment, and stands in the fact.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from station_app.journal.fact import Body, Private, Saying
from station_app.services.clearing import states
from station_app.services.clearing.books import CURRENT, PREPAYMENT, of_orders, sum_of, to_pay_fen
from station_app.services.clearing.commands import (
    AllotCountyMoney,
    AskRemittanceBack,
    PayCourier,
    ReceiveCountyMoney,
    ReturnCountyMoney,
    ReturnCourierPayment,
    SendRemittance,
    TakeRemittanceBack,
)
from station_app.services.clearing.facts import (
    ClearingRemark,
    CountyMoneyAllotted,
    CountyMoneyReceived,
    CountyMoneyReturned,
    CourierPaid,
    CourierPaymentReturned,
    Portion,
    RemittanceCancellationAsked,
    RemittanceProof,
    RemittanceSent,
    RemittanceTakenBack,
    Runner,
)
from station_app.services.clearing.states import CountyMoney, CourierPayment, Remittance
from station_app.services.purchasing.facts import PrepaymentPassedOn
from station_app.values.money import say_yuan
from station_app.values.now import Now
from station_app.values.refusal import Refusal

WAYS = ("carrier", "bank", "wechat")
PORTIONS_MAX = 400  # orders on one slip: with their own facts it stays below the 500 of an act
PIECES_MAX = 400  # of a courier in one payment; the identities stay below the 64 KiB of a fact
AMOUNT_MAX = 100_000_000  # a million yuan is a slipped key, as at the drawer
WORDS_MAX = 30  # a name
REMARK_MAX = 200
NUMBER_MAX = 40  # characters of a number on the county's paper

Decision = Sequence[Saying] | Refusal
Purse = tuple[str, str]


# --- Money to the county -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Remitting:
    """What sending money to the county needs to know.

    here: what each purse holds here, in fen; orders: identity of the order behind a prepayment's
    key; owed_fen: what the current account owes the county, never below zero; number: of the slip.
    """

    here: Mapping[Purse, int]
    orders: Mapping[str, str]
    owed_fen: int
    number: int


def send_remittance(state: Remitting, command: SendRemittance, now: Now) -> Decision:
    """Send money to the county, and say what it passes on."""
    refusal = (
        _why_not_way(command.way)
        or _why_not_words(command.carrier, WORDS_MAX)
        or _why_not_portions(state, command)
    )
    if refusal is not None:
        return refusal
    body = RemittanceSent(
        number=state.number,
        way=command.way,
        amount_fen=sum_of(command.portions),
        portions=command.portions,
        day=now.day,
    )
    proof = RemittanceProof(carrier=command.carrier.strip(), photo=command.photo)
    private: Private | None = proof if proof.carrier or proof.photo else None
    return [
        Saying(body, private=private),
        *_orders_moved(command.portions, state.orders, 1, slip=state.number, day=now.day),
    ]


def _why_not_way(way: str) -> Refusal | None:
    return None if way in WAYS else Refusal("clearing.WAY_UNKNOWN")


def _why_not_words(words: str, most: int) -> Refusal | None:
    return Refusal("clearing.WORDS_TOO_LONG", {"most": most}) if len(words) > most else None


def _why_not_portions(state: Remitting, command: SendRemittance) -> Refusal | None:
    portions = command.portions
    if not portions:
        return Refusal("clearing.NOTHING_CHOSEN")
    if len(portions) > PORTIONS_MAX:
        return Refusal("clearing.TOO_MANY_PORTIONS", {"most": PORTIONS_MAX})
    purses = [(portion.purse, portion.owner) for portion in portions]
    assert len(set(purses)) == len(purses), "a purse stands on the slip once"
    for portion in portions:
        refusal = _why_not_portion(state, portion, may_exceed=command.may_exceed)
        if refusal is not None:
            return refusal
    return _why_not_amount(sum_of(portions))


def _why_not_portion(state: Remitting, portion: Portion, *, may_exceed: bool) -> Refusal | None:
    if portion.amount_fen <= 0:
        return Refusal("clearing.AMOUNT_NOT_POSITIVE")
    if portion.purse == CURRENT:
        beyond_fen = portion.amount_fen - state.owed_fen
        if beyond_fen > 0 and not may_exceed:
            slots = {"owed": say_yuan(state.owed_fen), "beyond": say_yuan(beyond_fen)}
            return Refusal("clearing.MORE_THAN_OWED", slots)
        return None
    if portion.purse != PREPAYMENT or portion.owner not in state.orders:
        return Refusal("clearing.NO_SUCH_PURSE")
    held_fen = state.here.get((portion.purse, portion.owner), 0)
    if portion.amount_fen > held_fen:
        return Refusal("clearing.MORE_THAN_HELD", {"held": say_yuan(max(0, held_fen))})
    return None


def _why_not_amount(amount_fen: int) -> Refusal | None:
    if amount_fen <= 0:
        return Refusal("clearing.AMOUNT_NOT_POSITIVE")
    if amount_fen > AMOUNT_MAX:
        return Refusal("clearing.AMOUNT_TOO_BIG", {"most": say_yuan(AMOUNT_MAX)})
    return None


def _orders_moved(
    portions: Sequence[Portion], orders: Mapping[str, str], sign: int, *, slip: int, day: str
) -> list[Saying]:
    """Return the facts of the orders whose prepayments move; sign -1: they come back."""
    return [
        Saying(
            PrepaymentPassedOn(amount_fen=sign * portion.amount_fen, slip=slip, day=day),
            entity=orders[portion.owner],
        )
        for portion in of_orders(portions)
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Returning:
    """What taking a remittance back needs to know.

    there: what each purse holds at the county, in fen; orders: as above.
    """

    remittance: Remittance | None
    there: Mapping[Purse, int]
    orders: Mapping[str, str]


def ask_remittance_back(state: Returning, command: AskRemittanceBack, now: Now) -> Decision:
    """Ask the county to let a remittance go (申请取消)."""
    known = state.remittance
    if known is None or not known.sent:
        return Refusal("clearing.NO_SUCH_REMITTANCE")
    if known.status in (states.CONFIRMED, states.DIFFERS):
        return Refusal("clearing.CONFIRMED_ALREADY", {"amount": say_yuan(known.received_fen)})
    if known.status != states.ON_THE_WAY:
        return Refusal("clearing.ASKED_ALREADY")
    refusal = _why_not_words(command.remark, REMARK_MAX)
    if refusal is not None:
        return refusal
    body = RemittanceCancellationAsked(day=now.day)
    return [Saying(body, private=_remark(command.remark), entity=command.remittance)]


def _remark(words: str) -> ClearingRemark | None:
    return ClearingRemark(remark=words.strip()) if words.strip() else None


def take_remittance_back(state: Returning, command: TakeRemittanceBack, now: Now) -> Decision:
    """Take the money in again once the county has agreed; purses as far as they are open."""
    known = state.remittance
    if known is None or not known.sent:
        return Refusal("clearing.NO_SUCH_REMITTANCE")
    if known.status == states.TAKEN_BACK:
        return Refusal("clearing.TAKEN_BACK_ALREADY")
    if known.status != states.CANCELLED:
        return Refusal("clearing.NOT_CANCELLED")
    portions = _with_rest(open_of(known.portions, state.there, state.orders), known.amount_fen)
    body = RemittanceTakenBack(amount_fen=known.amount_fen, portions=portions, day=now.day)
    return [
        Saying(body, entity=command.remittance),
        *_orders_moved(portions, state.orders, -1, slip=known.number, day=now.day),
    ]


def open_of(
    portions: Sequence[Portion],
    there: Mapping[Purse, int],
    orders: Mapping[str, str],
    most_fen: int = AMOUNT_MAX,
) -> tuple[Portion, ...]:
    """Return as much of these purses as is open, `most_fen` in all; the current account's not."""
    found: list[Portion] = []
    left = dict(there)
    for portion in portions:
        key = (portion.purse, portion.owner)
        is_nobodys = portion.purse == PREPAYMENT and portion.owner not in orders
        if portion.purse == CURRENT or is_nobodys:
            continue
        amount_fen = min(portion.amount_fen, left.get(key, 0), most_fen)
        if amount_fen > 0:
            found.append(Portion(purse=portion.purse, owner=portion.owner, amount_fen=amount_fen))
            left[key] -= amount_fen
            most_fen -= amount_fen
    return tuple(found)


def _with_rest(portions: tuple[Portion, ...], amount_fen: int) -> tuple[Portion, ...]:
    rest_fen = amount_fen - sum_of(portions)
    rest = Portion(purse=CURRENT, owner="", amount_fen=rest_fen)
    return (*portions, rest) if rest_fen else portions


# --- Money from the county -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Receiving:
    """What the county's money needs: itself, and what its purses hold there and here.

    entity: of the money, "" when nothing is known of it here.
    """

    entity: str
    money: CountyMoney | None
    there: Mapping[Purse, int]
    here: Mapping[Purse, int]
    orders: Mapping[str, str]


def receive_county_money(state: Receiving, command: ReceiveCountyMoney, now: Now) -> Decision:
    """Take the county's money in; what it covers moves as far as it is still open."""
    known = state.money
    if command.money and known is None:
        return Refusal("clearing.NO_SUCH_MONEY")
    if known is not None and known.status == states.RECEIVED:
        return Refusal("clearing.RECEIVED_ALREADY", {"number": known.number})
    number = known.number if known and known.number else command.number.strip()
    if not number:
        return Refusal("clearing.NUMBER_MISSING")
    way = command.way or (known.way if known else "")
    amount_fen = command.amount_fen or (known.amount_fen if known else 0)
    refusal = _why_not_words(number, NUMBER_MAX) or _why_not_way(way) or _why_not_amount(amount_fen)
    if refusal is not None:
        return refusal
    covers = known.covers if known else ()
    allotted = open_of(covers, state.there, state.orders, amount_fen)
    body = CountyMoneyReceived(
        number=number, way=way, amount_fen=amount_fen, allotted=allotted, day=now.day
    )
    return [
        Saying(body, entity=state.entity),
        *_orders_moved(allotted, state.orders, -1, slip=0, day=now.day),
    ]


def allot_county_money(state: Receiving, command: AllotCountyMoney, now: Now) -> Decision:
    """Move the purses that money covers which was received before the county's fact came."""
    known = state.money
    if known is None or not known.announced:
        return Refusal("clearing.NO_SUCH_MONEY")
    if known.status != states.RECEIVED:
        return Refusal("clearing.NOT_RECEIVED")
    most_fen = known.received_fen - sum_of(known.allotted)
    done = {(p.purse, p.owner) for p in known.allotted}
    waiting = [p for p in known.covers if (p.purse, p.owner) not in done]
    allotted = open_of(waiting, state.there, state.orders, most_fen)
    if not allotted:
        return Refusal("clearing.NOTHING_TO_ALLOT")
    body = CountyMoneyAllotted(allotted=allotted, day=now.day)
    return [
        Saying(body, entity=command.money),
        *_orders_moved(allotted, state.orders, -1, slip=0, day=now.day),
    ]


def return_county_money(state: Receiving, command: ReturnCountyMoney, now: Now) -> Decision:
    """Give out again what was taken in by mistake; purses as far as they are still here.

    Taken in twice, on two PCs, what moved with it stands there twice: one of them goes back.
    """
    known = state.money
    if known is None or known.status != states.RECEIVED:
        return Refusal("clearing.NOT_RECEIVED")
    allotted = open_of(known.allotted, state.here, state.orders, known.received_fen)
    body = CountyMoneyReturned(amount_fen=known.received_fen, allotted=allotted, day=now.day)
    return [
        Saying(body, entity=command.money),
        *_orders_moved(allotted, state.orders, 1, slip=0, day=now.day),
    ]


# --- Couriers ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """What one fact holds for a courier that nobody has paid yet; below zero it was corrected."""

    fact: str
    cod_fen: int = 0
    freight_fen: int = 0
    sending_fen: int = 0

    @property
    def fen(self) -> int:
        """Return what it holds in all."""
        return self.cod_fen + self.freight_fen + self.sending_fen


@dataclass(frozen=True, slots=True, kw_only=True)
class Paying:
    """What paying a courier needs: its pieces that wait, and the number of the slip."""

    waiting: Mapping[str, Piece]
    is_known: bool
    number: int


def pay_courier(state: Paying, command: PayCourier, now: Now) -> Decision:
    """Pay a courier what these pieces hold for it."""
    if not state.is_known:
        return Refusal("clearing.NO_SUCH_COURIER")
    if not command.pieces and not command.fine_fen:
        return Refusal("clearing.NOTHING_TO_PAY")
    if len(command.pieces) > PIECES_MAX:
        return Refusal("clearing.TOO_MANY_PIECES", {"most": PIECES_MAX})
    if any(fact not in state.waiting for fact in command.pieces):
        return Refusal("clearing.PAID_ALREADY")
    if min(command.fee_fen, command.fine_fen) < 0:
        return Refusal("clearing.AMOUNT_NOT_POSITIVE")
    pieces = [state.waiting[fact] for fact in dict.fromkeys(command.pieces)]
    if sum(piece.fen for piece in pieces) <= 0 and not command.fine_fen:
        return Refusal("clearing.NOTHING_TO_PAY")
    body = CourierPaid(
        courier=command.courier,
        number=state.number,
        cod_fen=sum(piece.cod_fen for piece in pieces),
        freight_fen=sum(piece.freight_fen for piece in pieces),
        sending_fen=sum(piece.sending_fen for piece in pieces),
        fee_fen=command.fee_fen,
        fine_fen=command.fine_fen,
        pieces=tuple(piece.fact for piece in pieces),
        day=now.day,
    )
    refusal = _why_not_words(command.runner, WORDS_MAX) or _why_not_settled(body)
    if refusal is not None:
        return refusal
    runner = command.runner.strip()
    return [Saying(body, private=Runner(runner=runner) if runner else None)]


def _why_not_settled(body: CourierPaid) -> Refusal | None:
    """A fee is set off against what is collected; beyond that the courier is asked for money."""
    to_pay = to_pay_fen(body)
    if to_pay < 0:
        return Refusal("clearing.FEE_ABOVE_HELD", {"missing": say_yuan(-to_pay)})
    return _why_not_amount(to_pay) if to_pay > AMOUNT_MAX else None


def return_courier_payment(
    state: CourierPayment | None, command: ReturnCourierPayment, now: Now
) -> Decision:
    """Take a payment to a courier back; its pieces wait again."""
    if state is None or not state.paid:
        return Refusal("clearing.NO_SUCH_PAYMENT")
    if state.returns:
        return Refusal("clearing.RETURNED_ALREADY")
    body: Body = CourierPaymentReturned(
        courier=state.courier,
        cod_fen=state.cod_fen,
        freight_fen=state.freight_fen,
        sending_fen=state.sending_fen,
        fee_fen=state.fee_fen,
        fine_fen=state.fine_fen,
        day=now.day,
    )
    return [Saying(body, entity=command.payment)]

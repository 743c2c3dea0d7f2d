"""Putting a payment right (改正): other ways than written down, wrong change, a wrong amount.

Nothing is edited: a fact of today names the payment and moves what stands wrong. What was closed
stays closed. If the drawer has been counted since, the money that the books did not have there
was found too much or too little by that count, so it is taken from there and not from the drawer
a second time.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from station_app.journal.fact import Saying, Told
from station_app.ledger.accounts import OVER_SHORT, drawer, held
from station_app.ledger.posting import CNY, Entry, Line, pays
from station_app.services.cash.commands import CorrectAmount, CorrectChange, CorrectPayment
from station_app.services.cash.facts import ChangeCorrected, PaymentCorrected, Tender
from station_app.services.cash.payments import (
    Payment,
    Taking,
    amount_refused,
    credit_refused,
    place_of,
    tendered,
    tenders_refused,
)
from station_app.services.parcels.facts import ParcelCodCorrected
from station_app.values.money import say_yuan
from station_app.values.now import Now
from station_app.values.paying import AMOUNT_MAX, CASH, ON_ACCOUNT, Credit
from station_app.values.refusal import Refusal

COD, FREIGHT = "COD", "Freight"


@dataclass(frozen=True, slots=True, kw_only=True)
class SettledLine:
    """An amount of an act that may be put right here: what was collected for one parcel.

    An order, a bill, a sale or a grower's money has facts of its own that say what it comes to.
    parcel: identity; handover: of the fact that collected it; waybill: as on its label; purse:
    `COD` or `Freight`; fen: corrections included.
    """

    parcel: str
    handover: str
    courier: str
    waybill: str
    purse: str
    fen: int

    @property
    def key(self) -> str:
        """Return what tells it from the other lines of its act."""
        return f"{self.purse}/{self.handover}"

    @property
    def account(self) -> str:
        """Return the purse in the ledger."""
        return held(self.purse, self.courier)


@dataclass(frozen=True, slots=True)
class Correcting:
    """What putting a payment right needs to know.

    payment: None if nobody knows it; is_counted: whether the drawer was counted since;
    lines: what its act collected, by key; taking: credits of who may owe; slip: the number for the
    paper.
    """

    payment: Payment | None
    is_counted: bool = False
    lines: Mapping[str, SettledLine] = field(default_factory=dict)
    taking: Taking = field(default_factory=Taking)
    slip: int = 0


Decision = tuple[Saying, ...] | Refusal


def correct_payment(state: Correcting, command: CorrectPayment, now: Now) -> Decision:
    """Move what was paid to where it really is; the sum stays."""
    payment = state.payment
    refusal = _why_not(payment, now)
    if refusal is not None:
        return refusal
    assert payment is not None
    refusal = tenders_refused(command.tenders, now, moves_cash=False)
    if refusal is not None:
        return refusal
    was, right = _sum(payment.tenders), _sum(command.tenders)
    if was != right:
        return Refusal("cash.NOT_WHAT_WAS_PAID", {"paid": say_yuan(right), "was": say_yuan(was)})
    if sorted(map(_key, payment.tenders)) == sorted(map(_key, command.tenders)):
        return Refusal("cash.NOTHING_CHANGED")
    refusal = credit_refused(state.taking, _more_on_account(payment.tenders, command.tenders))
    if refusal is not None and payment.direction == "in":
        return refusal
    refusal = _repaid_since(state, payment, command.tenders)
    if refusal is not None:
        return refusal
    body = PaymentCorrected(
        direction=payment.direction,
        was=payment.tenders,
        tenders=command.tenders,
        counted=int(state.is_counted),
        slip=state.slip,
        shift=now.shift,
        day=now.day,
    )
    return (Saying(body, entity=command.payment),)


def correct_change(state: Correcting, command: CorrectChange, now: Now) -> Decision:
    """Write down that wrong change is put right: notes change hands now."""
    payment = state.payment
    refusal = _why_not(payment, now)
    if refusal is not None:
        return refusal
    assert payment is not None
    if not command.difference_fen:
        return Refusal("cash.NOTHING_CHANGED")
    if abs(command.difference_fen) > AMOUNT_MAX:
        return Refusal("cash.AMOUNT_TOO_BIG", {"max": say_yuan(AMOUNT_MAX)})
    if not tendered(payment.tenders, CASH) or payment.direction != "in":
        return Refusal("cash.NO_CASH_IN_IT")
    if not now.shift:
        return Refusal("cash.NO_SHIFT_OPEN")
    body = ChangeCorrected(
        difference_fen=command.difference_fen,
        counted=int(state.is_counted),
        slip=state.slip,
        shift=now.shift,
        day=now.day,
    )
    return (Saying(body, entity=command.payment),)


def correct_amount(state: Correcting, command: CorrectAmount, now: Now) -> Decision:
    """Say what was really due; a payment in the same act takes or gives the difference."""
    refusal = _why_not(state.payment, now)
    if refusal is not None:
        return refusal
    line = state.lines.get(command.line)
    if line is None:
        return Refusal("cash.NOT_CORRECTED_HERE")
    refusal = amount_refused(command.right_fen)
    if refusal is not None:
        return refusal
    change_fen = command.right_fen - line.fen
    if not change_fen:
        return Refusal("cash.NOTHING_CHANGED")
    body = ParcelCodCorrected(
        courier=line.courier,
        handover=line.handover,
        cod_change_fen=change_fen if line.purse == COD else 0,
        freight_change_fen=change_fen if line.purse == FREIGHT else 0,
        slip=state.slip,
        day=now.day,
    )
    return (Saying(body, entity=line.parcel),)


def _why_not(payment: Payment | None, now: Now) -> Refusal | None:
    if payment is None or not payment.direction:
        return Refusal("cash.NO_SUCH_PAYMENT")
    if payment.device != now.device:
        return Refusal("cash.OTHER_PC", {"device": payment.device.lstrip("D")})
    return None


def _repaid_since(state: Correcting, payment: Payment, right: Iterable[Tender]) -> Refusal | None:
    """Refuse to take more off an account than is owed on it: she has repaid it since."""
    both = (right, payment.tenders) if payment.direction == "in" else (payment.tenders, right)
    for tender in _more_on_account(*both):
        owes_fen = state.taking.credits.get(tender.person, Credit()).owes_fen
        if tender.amount_fen > max(0, owes_fen):
            return Refusal("cash.OWES_LESS", {"owes": say_yuan(max(0, owes_fen))})
    return None


def _sum(tenders: Iterable[Tender]) -> int:
    return sum(tender.amount_fen for tender in tenders)


def _key(tender: Tender) -> tuple[str, int, str, str]:
    return tender.way, tender.amount_fen, tender.reference, tender.person


def _more_on_account(was: Iterable[Tender], now: Iterable[Tender]) -> list[Tender]:
    """Return what each person is to owe beyond what she owes by this payment already."""
    sums: dict[str, int] = {}
    for sign, tenders in ((-1, was), (1, now)):
        for tender in tenders:
            if tender.way == ON_ACCOUNT:
                sums[tender.person] = sums.get(tender.person, 0) + sign * tender.amount_fen
    return [
        Tender(way=ON_ACCOUNT, amount_fen=fen, person=person)
        for person, fen in sums.items()
        if fen > 0
    ]


# --- Postings ------------------------------------------------------------------------------------


def post_payment_corrected(told: Told) -> Entry:
    """Out of the places where it never was, into those where it is."""
    body: PaymentCorrected = told.body
    sign = 1 if body.direction == "in" else -1
    sums: dict[str, int] = {}
    for factor, tenders in ((-sign, body.was), (sign, body.tenders)):
        for tender in tenders:
            is_found = tender.way == CASH and body.counted
            place = OVER_SHORT if is_found else place_of(tender, told.device)
            sums[place] = sums.get(place, 0) + factor * tender.amount_fen
    return tuple(Line(place, CNY, fen) for place, fen in sums.items() if fen)


def post_change_corrected(told: Told) -> Entry:
    """After a count the difference was found by it, and goes back there; before, nothing."""
    body: ChangeCorrected = told.body
    if not body.counted:
        return ()
    return pays(drawer(told.device), OVER_SHORT, body.difference_fen)

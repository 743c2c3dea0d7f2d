"""What is known of a remittance, of the county's money, of a courier's payment.

Each is one entity, folded from facts of the station and of the county in whatever order they
come. What both sides say stands side by side: where it does not fit, a case names both facts.
"""

from collections import Counter

import msgspec

from station_app.journal.fact import Told
from station_app.journal.projection import Cases, Columns, EntityKind
from station_app.services.clearing.books import to_pay_fen
from station_app.services.clearing.facts import (
    CountyMoneyAllotted,
    CountyMoneyReceived,
    CountyMoneyReturned,
    CountyMoneySentDown,
    CourierPaid,
    CourierPaymentReturned,
    Portion,
    RemittanceCancellationAsked,
    RemittanceCancelled,
    RemittanceConfirmed,
    RemittanceSent,
    RemittanceTakenBack,
)

# A remittance is one of these; the later word of the county wins over what was asked.
ON_THE_WAY = "on_the_way"
ASKED_BACK = "asked_back"
CANCELLED = "cancelled"
TAKEN_BACK = "taken_back"
CONFIRMED = "confirmed"
DIFFERS = "differs"

# The county's money is one of these.
COMING = "coming"
RECEIVED = "received"
RETURNED = "returned"


class Remittance(msgspec.Struct, frozen=True, kw_only=True):
    """Money sent to the county. sent: identity, "" while only others speak of it here.

    confirmations, cancellations, returns: identities of the facts that say so; received_fen: as
    the county counted last; at_sent: for order and age only.
    """

    status: str = ""
    sent: str = ""
    number: int = 0
    device: str = ""
    way: str = ""
    amount_fen: int = 0
    received_fen: int = 0
    portions: tuple[Portion, ...] = ()
    carrier: str = ""
    at_sent: int = 0
    day: str = ""
    confirmed_day: str = ""
    asked_day: str = ""
    confirmations: tuple[str, ...] = ()
    cancellations: tuple[str, ...] = ()
    returns: tuple[str, ...] = ()


def fold_remittance(state: Remittance | None, told: Told) -> Remittance:
    """Apply one fact; any of them may come first."""
    known = state or Remittance()
    replace = msgspec.structs.replace
    body = told.body
    if isinstance(body, RemittanceSent):
        known = replace(
            known,
            sent=told.identity,
            number=body.number,
            device=told.device,
            way=body.way,
            amount_fen=body.amount_fen,
            portions=body.portions,
            carrier=told.private.carrier if told.private else "",
            at_sent=told.at,
            day=body.day,
        )
    elif isinstance(body, RemittanceConfirmed):
        known = replace(
            known,
            received_fen=body.received_fen,
            confirmed_day=body.day,
            confirmations=(*known.confirmations, told.identity),
        )
    elif isinstance(body, RemittanceCancellationAsked):
        known = replace(known, asked_day=body.day)
    elif isinstance(body, RemittanceCancelled):
        known = replace(known, cancellations=(*known.cancellations, told.identity))
    else:
        assert isinstance(body, RemittanceTakenBack)
        known = replace(known, returns=(*known.returns, told.identity))
    return replace(known, status=_remittance_status(known))


def _remittance_status(known: Remittance) -> str:
    if known.returns:
        return TAKEN_BACK
    if known.confirmations:
        return CONFIRMED if known.received_fen == known.amount_fen else DIFFERS
    if known.cancellations:
        return CANCELLED
    if known.asked_day:
        return ASKED_BACK
    return ON_THE_WAY if known.sent else ""


def remittance_cases(state: Remittance) -> Cases:
    """Return where station and county do not agree about money on the way."""
    found: Cases = {}
    said = (state.sent, *state.confirmations) if state.sent else state.confirmations
    if state.confirmations and state.received_fen != state.amount_fen:
        found["clearing.remittance_differs"] = said
    if len(state.confirmations) > 1:
        found["clearing.confirmed_twice"] = state.confirmations
    if len(state.returns) > 1:
        found["clearing.taken_back_twice"] = state.returns
    if state.returns and state.confirmations:
        found["clearing.taken_back_and_confirmed"] = (*state.returns, *state.confirmations)
    return found


REMITTANCE = EntityKind(
    name="remittance",
    state=Remittance,
    facts=(
        RemittanceSent,
        RemittanceConfirmed,
        RemittanceCancellationAsked,
        RemittanceCancelled,
        RemittanceTakenBack,
    ),
    fold=fold_remittance,
    cases=remittance_cases,
    columns=Columns(
        table="remittances",
        fields=(
            ("status", "TEXT"),
            ("number", "INTEGER"),
            ("device", "TEXT"),
            ("way", "TEXT"),
            ("amount_fen", "INTEGER"),
            ("received_fen", "INTEGER"),
            ("at_sent", "INTEGER"),
            ("day", "TEXT"),
            ("confirmed_day", "TEXT"),
        ),
        row=lambda r: (
            r.status,
            r.number,
            r.device,
            r.way,
            r.amount_fen,
            r.received_fen,
            r.at_sent,
            r.day,
            r.confirmed_day,
        ),
        indexes=(("status", "at_sent"), ("day",)),
    ),
)


# --- Money from the county -----------------------------------------------------------------------


class CountyMoney(msgspec.Struct, frozen=True, kw_only=True):
    """Money that the county sends down. announced: identity of its fact, "" while not here.

    amount_fen: as the county says, as received while it has said nothing; allotted: what moved
    with it, in whatever fact; receipts, allotments, returns: identities.
    """

    status: str = ""
    announced: str = ""
    number: str = ""
    way: str = ""
    amount_fen: int = 0
    received_fen: int = 0
    covers: tuple[Portion, ...] = ()
    allotted: tuple[Portion, ...] = ()
    day: str = ""
    received_day: str = ""
    receipts: tuple[str, ...] = ()
    allotments: tuple[str, ...] = ()
    returns: tuple[str, ...] = ()


def fold_county_money(state: CountyMoney | None, told: Told) -> CountyMoney:
    """Apply one fact; any of them may come first."""
    known = state or CountyMoney()
    replace = msgspec.structs.replace
    body = told.body
    if isinstance(body, CountyMoneySentDown):
        known = replace(
            known,
            announced=told.identity,
            number=body.number,
            way=body.way,
            amount_fen=body.amount_fen,
            covers=body.covers,
            day=body.day,
        )
    elif isinstance(body, CountyMoneyReceived):
        known = replace(
            known,
            number=known.number or body.number,
            way=known.way or body.way,
            received_fen=body.amount_fen,
            amount_fen=known.amount_fen if known.announced else body.amount_fen,
            allotted=(*known.allotted, *body.allotted),
            received_day=body.day,
            receipts=(*known.receipts, told.identity),
        )
    elif isinstance(body, CountyMoneyAllotted):
        known = replace(
            known,
            allotted=(*known.allotted, *body.allotted),
            allotments=(*known.allotments, told.identity),
        )
    else:
        assert isinstance(body, CountyMoneyReturned)
        known = replace(
            known, allotted=_still_moved(known, body), returns=(*known.returns, told.identity)
        )
    return replace(known, status=_money_status(known))


def _still_moved(known: CountyMoney, body: CountyMoneyReturned) -> tuple[Portion, ...]:
    """What moved with it and is not out again: nothing, unless it was taken in twice."""
    if len(known.receipts) <= len(known.returns) + 1:
        return ()
    back = Counter((p.purse, p.owner, p.amount_fen) for p in body.allotted)
    left: list[Portion] = []
    for portion in known.allotted:
        key = (portion.purse, portion.owner, portion.amount_fen)
        if back[key] > 0:
            back[key] -= 1
        else:
            left.append(portion)
    return tuple(left)


def _money_status(known: CountyMoney) -> str:
    if len(known.receipts) > len(known.returns):
        return RECEIVED
    if known.announced:
        return COMING
    return RETURNED if known.returns else ""


def county_money_cases(state: CountyMoney) -> Cases:
    """Return where station and county do not agree about money that came down."""
    found: Cases = {}
    held = len(state.receipts) - len(state.returns)
    if held > 1:
        found["clearing.received_twice"] = state.receipts
    if held == 1 and state.announced and state.received_fen != state.amount_fen:
        found["clearing.received_differs"] = (state.announced, *state.receipts)
    if held < 0:
        found["clearing.returned_twice"] = state.returns
    return found


def money_key(told: Told) -> str:
    """Return what the county's fact and a receipt before it have in common: the paper's number."""
    body: CountyMoneySentDown | CountyMoneyReceived = told.body
    return body.number


COUNTY_MONEY = EntityKind(
    name="county_money",
    state=CountyMoney,
    facts=(CountyMoneySentDown, CountyMoneyReceived, CountyMoneyAllotted, CountyMoneyReturned),
    fold=fold_county_money,
    natural_key={CountyMoneySentDown: money_key, CountyMoneyReceived: money_key},
    cases=county_money_cases,
    columns=Columns(
        table="county_money",
        fields=(
            ("status", "TEXT"),
            ("number", "TEXT"),
            ("way", "TEXT"),
            ("amount_fen", "INTEGER"),
            ("received_fen", "INTEGER"),
            ("announced", "TEXT"),
            ("day", "TEXT"),
            ("received_day", "TEXT"),
        ),
        row=lambda m: (
            m.status,
            m.number,
            m.way,
            m.amount_fen,
            m.received_fen,
            m.announced,
            m.day,
            m.received_day,
        ),
        indexes=(("status", "day"), ("number",)),
    ),
)


# --- Couriers ------------------------------------------------------------------------------------


class CourierPayment(msgspec.Struct, frozen=True, kw_only=True):
    """What a courier was paid. paid: identity, "" while only its return is here."""

    paid: str = ""
    courier: str = ""
    number: int = 0
    device: str = ""
    cod_fen: int = 0
    freight_fen: int = 0
    sending_fen: int = 0
    fee_fen: int = 0
    fine_fen: int = 0
    to_pay_fen: int = 0
    pieces: tuple[str, ...] = ()
    runner: str = ""
    at_paid: int = 0
    day: str = ""
    returns: tuple[str, ...] = ()


def fold_courier_payment(state: CourierPayment | None, told: Told) -> CourierPayment:
    """Keep what was paid, and whether it came back."""
    known = state or CourierPayment()
    body = told.body
    if isinstance(body, CourierPaymentReturned):
        return msgspec.structs.replace(known, returns=(*known.returns, told.identity))
    assert isinstance(body, CourierPaid)
    return msgspec.structs.replace(
        known,
        paid=told.identity,
        courier=body.courier,
        number=body.number,
        device=told.device,
        cod_fen=body.cod_fen,
        freight_fen=body.freight_fen,
        sending_fen=body.sending_fen,
        fee_fen=body.fee_fen,
        fine_fen=body.fine_fen,
        to_pay_fen=to_pay_fen(body),
        pieces=body.pieces,
        runner=told.private.runner if told.private else "",
        at_paid=told.at,
        day=body.day,
    )


def courier_payment_cases(state: CourierPayment) -> Cases:
    """A payment comes back once."""
    return {"clearing.payment_returned_twice": state.returns} if len(state.returns) > 1 else {}


COURIER_PAYMENT = EntityKind(
    name="courier_payment",
    state=CourierPayment,
    facts=(CourierPaid, CourierPaymentReturned),
    fold=fold_courier_payment,
    cases=courier_payment_cases,
    columns=Columns(
        table="courier_payments",
        fields=(
            ("courier", "TEXT"),
            ("number", "INTEGER"),
            ("device", "TEXT"),
            ("to_pay_fen", "INTEGER"),
            ("at_paid", "INTEGER"),
            ("day", "TEXT"),
            ("is_returned", "INTEGER"),
        ),
        row=lambda p: (
            p.courier,
            p.number,
            p.device,
            p.to_pay_fen,
            p.at_paid,
            p.day,
            int(bool(p.returns)),
        ),
        indexes=(("courier", "at_paid"),),
    ),
)

ENTITIES = (REMITTANCE, COUNTY_MONEY, COURIER_PAYMENT)

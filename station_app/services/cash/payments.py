"""Money that changes hands in an act: how a payment is decided, kept and posted.

Money moves only here. The other slices say what is due and against which purse, and the clearing
account of the act, which the recorder wants at zero, keeps both sides honest.
"""

from collections.abc import Iterable

import msgspec

from station_app.journal.fact import Saying, Told
from station_app.journal.projection import Columns, EntityKind
from station_app.ledger.accounts import (
    ALIPAY,
    BANK,
    ROUND_OFF,
    WECHAT,
    counter,
    drawer,
    receivable,
)
from station_app.ledger.posting import CNY, Entry, Line
from station_app.services.cash.commands import GivePayment, TakePayment
from station_app.services.cash.facts import PaymentGiven, PaymentTaken, Tender
from station_app.values.money import say_yuan
from station_app.values.now import Now
from station_app.values.refusal import Refusal

AMOUNT_MAX = 100_000_000  # a million yuan in one tender is a slipped key, not a sale
ROUND_OFF_MAX = 999  # below ten yuan it is 抹零; beyond it is a discount and says so
REFERENCE_MAX = 64  # longer than any payment number in use
TENDERS_MAX = 8

CASH = "cash"
PLACE_OF_WAY = {"wechat": WECHAT, "alipay": ALIPAY, "bank": BANK}
ON_ACCOUNT = "account"
NUMBERED_WAYS = ("wechat", "alipay")  # whose payment number is on the villager's phone


class Payment(msgspec.Struct, frozen=True, kw_only=True):
    """Money that settled one act. direction: `in` or `out`; amounts net of change, never < 0."""

    direction: str
    act: str
    device: str
    shift: str
    day: str
    due_fen: int
    cash_fen: int
    wechat_fen: int
    alipay_fen: int
    bank_fen: int
    account_fen: int
    change_fen: int
    round_off_fen: int


def fold_payment(_state: Payment | None, told: Told) -> Payment:
    """Keep how an act was paid."""
    body: PaymentTaken | PaymentGiven = told.body
    is_in = isinstance(body, PaymentTaken)
    change_fen = body.change_fen if isinstance(body, PaymentTaken) else 0
    return Payment(
        direction="in" if is_in else "out",
        act=told.act,
        device=told.device,
        shift=body.shift,
        day=body.day,
        due_fen=body.due_fen,
        cash_fen=tendered(body.tenders, CASH) - change_fen,
        wechat_fen=tendered(body.tenders, "wechat"),
        alipay_fen=tendered(body.tenders, "alipay"),
        bank_fen=tendered(body.tenders, "bank"),
        account_fen=tendered(body.tenders, ON_ACCOUNT),
        change_fen=change_fen,
        round_off_fen=body.round_off_fen if isinstance(body, PaymentTaken) else 0,
    )


PAYMENT = EntityKind(
    name="payment",
    state=Payment,
    facts=(PaymentTaken, PaymentGiven),
    fold=fold_payment,
    columns=Columns(
        table="payments",
        fields=(
            ("direction", "TEXT"),
            ("act", "TEXT"),
            ("device", "TEXT"),
            ("shift", "TEXT"),
            ("day", "TEXT"),
            ("due_fen", "INTEGER"),
            ("cash_fen", "INTEGER"),
        ),
        row=lambda p: (p.direction, p.act, p.device, p.shift, p.day, p.due_fen, p.cash_fen),
        indexes=(("act",), ("shift",)),
    ),
)


def place_of(tender: Tender, device: str) -> str:
    """Return the account that a tender lies in, or the villager's account that it is put on."""
    if tender.way == ON_ACCOUNT:
        return receivable(tender.person)
    return PLACE_OF_WAY.get(tender.way) or drawer(device)


def post_payment_taken(told: Told) -> Entry:
    """Tenders into their places, change out of the drawer, round-off borne by the station."""
    body: PaymentTaken = told.body
    lines = [Line(place_of(t, told.device), CNY, t.amount_fen) for t in body.tenders]
    lines.append(Line(drawer(told.device), CNY, -body.change_fen))
    lines.append(Line(ROUND_OFF, CNY, body.round_off_fen))
    return _against_counter(told, lines)


def post_payment_given(told: Told) -> Entry:
    """Tenders out of their places."""
    body: PaymentGiven = told.body
    lines = [Line(place_of(t, told.device), CNY, -t.amount_fen) for t in body.tenders]
    return _against_counter(told, lines)


def _against_counter(told: Told, lines: Iterable[Line]) -> Entry:
    """Balance these lines against the clearing of the act, whatever they come to."""
    kept = tuple(line for line in lines if line.amount)
    cleared = sum(line.amount for line in kept)
    return (*kept, Line(counter(told.act), CNY, -cleared)) if cleared else kept


def tendered(tenders: Iterable[Tender], way: str) -> int:
    """Return how much of the tenders is of one way, in fen."""
    return sum(tender.amount_fen for tender in tenders if tender.way == way)


def change_of(command: TakePayment) -> int:
    """Return the change to give back; negative when the tenders do not reach."""
    handed_over = sum(tender.amount_fen for tender in command.tenders)
    return handed_over + command.round_off_fen - command.due_fen


def take_payment(_state: None, command: TakePayment, now: Now) -> tuple[Saying, ...] | Refusal:
    """Take money for an act. Nothing due and nothing tendered says nothing."""
    if command.due_fen == 0 and not command.tenders and command.round_off_fen == 0:
        return ()
    refusal = (
        _amount_refused(command.due_fen)
        or _tenders_refused(command.tenders, now)
        or _round_off_refused(command)
        or _change_refused(command)
    )
    if refusal is not None:
        return refusal
    body = PaymentTaken(
        due_fen=command.due_fen,
        tenders=command.tenders,
        change_fen=change_of(command),
        round_off_fen=command.round_off_fen,
        shift=now.shift,
        day=now.day,
    )
    return (Saying(body),)


def give_payment(_state: None, command: GivePayment, now: Now) -> tuple[Saying, ...] | Refusal:
    """Pay out for an act. Nothing due and nothing tendered says nothing."""
    if command.due_fen == 0 and not command.tenders:
        return ()
    refusal = _amount_refused(command.due_fen) or _tenders_refused(command.tenders, now)
    if refusal is not None:
        return refusal
    paid_fen = sum(tender.amount_fen for tender in command.tenders)
    if paid_fen != command.due_fen:
        return Refusal(
            "cash.NOT_WHAT_IS_DUE", {"paid": say_yuan(paid_fen), "due": say_yuan(command.due_fen)}
        )
    body = PaymentGiven(
        due_fen=command.due_fen, tenders=command.tenders, shift=now.shift, day=now.day
    )
    return (Saying(body),)


def _amount_refused(due_fen: int) -> Refusal | None:
    if due_fen < 0:
        return Refusal("cash.AMOUNT_NEGATIVE")
    if due_fen > AMOUNT_MAX:
        return Refusal("cash.AMOUNT_TOO_BIG", {"max": say_yuan(AMOUNT_MAX)})
    return None


def _tenders_refused(tenders: tuple[Tender, ...], now: Now) -> Refusal | None:
    if len(tenders) > TENDERS_MAX:
        return Refusal("cash.TOO_MANY_TENDERS", {"max": TENDERS_MAX})
    for tender in tenders:
        refusal = _tender_refused(tender, now)
        if refusal is not None:
            return refusal
    return None


def _tender_refused(tender: Tender, now: Now) -> Refusal | None:
    if tender.way not in (CASH, ON_ACCOUNT, *PLACE_OF_WAY):
        return Refusal("cash.WAY_UNKNOWN", {"way": tender.way})
    if tender.amount_fen <= 0:
        return Refusal("cash.AMOUNT_NOT_POSITIVE")
    if tender.amount_fen > AMOUNT_MAX:
        return Refusal("cash.AMOUNT_TOO_BIG", {"max": say_yuan(AMOUNT_MAX)})
    if tender.way == CASH and not now.shift:
        return Refusal("cash.NO_SHIFT_OPEN")
    if tender.way in NUMBERED_WAYS and not tender.reference.strip():
        return Refusal("cash.REFERENCE_MISSING", {"way": tender.way})
    if len(tender.reference) > REFERENCE_MAX:
        return Refusal("cash.REFERENCE_TOO_LONG", {"max": REFERENCE_MAX})
    if tender.way == ON_ACCOUNT and not tender.person:
        return Refusal("cash.PERSON_MISSING")
    return None


def _round_off_refused(command: TakePayment) -> Refusal | None:
    if command.round_off_fen < 0:
        return Refusal("cash.ROUND_OFF_NEGATIVE")
    most_fen = min(ROUND_OFF_MAX, command.due_fen)
    if command.round_off_fen > most_fen:
        return Refusal("cash.ROUND_OFF_TOO_BIG", {"max": say_yuan(most_fen)})
    return None


def _change_refused(command: TakePayment) -> Refusal | None:
    change_fen = change_of(command)
    if change_fen < 0:
        return Refusal("cash.TENDER_BELOW_DUE", {"missing": say_yuan(-change_fen)})
    cash_fen = tendered(command.tenders, CASH)
    if change_fen > cash_fen:
        return Refusal(
            "cash.CHANGE_ABOVE_CASH", {"change": say_yuan(change_fen), "cash": say_yuan(cash_fen)}
        )
    return None

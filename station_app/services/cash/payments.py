"""Money that changes hands in an act: how a payment is decided, kept and posted.

Money moves only here. The other slices say what is due and against which purse, and the clearing
account of the act, which the recorder wants at zero, keeps both sides honest.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

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
from station_app.ledger.balances import Books
from station_app.ledger.lending import Lending, lending
from station_app.ledger.posting import CNY, Entry, Line
from station_app.services.cash.commands import GivePayment, TakePayment
from station_app.services.cash.facts import (
    ChangeCorrected,
    PaymentCorrected,
    PaymentGiven,
    PaymentRemark,
    PaymentTaken,
    Tender,
)
from station_app.values.money import say_yuan
from station_app.values.now import Now
from station_app.values.paying import (
    AMOUNT_MAX,
    CASH,
    NUMBERED_WAYS,
    ON_ACCOUNT,
    ROUND_OFF_MAX,
    TENDERS_MAX,
    Credit,
)
from station_app.values.refusal import Refusal
from station_app.values.staff import approval

REFERENCE_MAX = 64  # longer than any payment number in use
REMARK_MAX = 200
PLACE_OF_WAY = {"wechat": WECHAT, "alipay": ALIPAY, "bank": BANK}


class Payment(msgspec.Struct, frozen=True, kw_only=True):
    """Money that settled one act. direction: `in` or `out`; amounts net of change, never < 0.

    tenders: as they are known now, change deducted, one for each way and reference; corrected:
    how often they were put right; change_put_right_fen: wrong change brought back (above zero) or
    given afterwards.
    """

    direction: str = ""
    act: str = ""
    device: str = ""
    shift: str = ""
    day: str = ""
    due_fen: int = 0
    cash_fen: int = 0
    wechat_fen: int = 0
    alipay_fen: int = 0
    bank_fen: int = 0
    account_fen: int = 0
    change_fen: int = 0
    round_off_fen: int = 0
    tenders: tuple[Tender, ...] = ()
    corrected: int = 0
    change_put_right_fen: int = 0


def fold_payment(state: Payment | None, told: Told) -> Payment:
    """Keep how an act was paid, and what was put right since; any fact may come first."""
    known, body = state or Payment(), told.body
    if isinstance(body, PaymentCorrected):
        again = msgspec.structs.replace(known, corrected=known.corrected + 1)
        return _with_tenders(again, body.tenders)
    if isinstance(body, ChangeCorrected):
        put_right_fen = known.change_put_right_fen + body.difference_fen
        return msgspec.structs.replace(known, change_put_right_fen=put_right_fen)
    return _founded(known, told)


def _founded(known: Payment, told: Told) -> Payment:
    body: PaymentTaken | PaymentGiven = told.body
    is_in = isinstance(body, PaymentTaken)
    change_fen = body.change_fen if isinstance(body, PaymentTaken) else 0
    described = msgspec.structs.replace(
        known,
        direction="in" if is_in else "out",
        act=told.act,
        device=told.device,
        shift=body.shift,
        day=body.day,
        due_fen=body.due_fen,
        change_fen=change_fen,
        round_off_fen=body.round_off_fen if isinstance(body, PaymentTaken) else 0,
    )
    return described if known.corrected else _with_tenders(described, net(body.tenders, change_fen))


def _with_tenders(known: Payment, tenders: tuple[Tender, ...]) -> Payment:
    return msgspec.structs.replace(
        known,
        tenders=tenders,
        cash_fen=tendered(tenders, CASH),
        wechat_fen=tendered(tenders, "wechat"),
        alipay_fen=tendered(tenders, "alipay"),
        bank_fen=tendered(tenders, "bank"),
        account_fen=tendered(tenders, ON_ACCOUNT),
    )


def net(tenders: Iterable[Tender], change_fen: int = 0) -> tuple[Tender, ...]:
    """Return tenders with the change taken out of the cash, cash first and in one."""
    kept = tuple(tender for tender in tenders if tender.way != CASH)
    cash_fen = tendered(tenders, CASH) - change_fen
    return (Tender(way=CASH, amount_fen=cash_fen), *kept) if cash_fen else kept


PAYMENT = EntityKind(
    name="payment",
    state=Payment,
    facts=(PaymentTaken, PaymentGiven, PaymentCorrected, ChangeCorrected),
    fold=fold_payment,
    is_open=lambda _payment: False,  # made and done; what may be corrected is of these weeks
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
    return against_counter(told, lines)


def post_payment_given(told: Told) -> Entry:
    """Tenders out of their places."""
    body: PaymentGiven = told.body
    lines = [Line(place_of(t, told.device), CNY, -t.amount_fen) for t in body.tenders]
    return against_counter(told, lines)


def against_counter(told: Told, lines: Iterable[Line]) -> Entry:
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


@dataclass(frozen=True, slots=True)
class Taking:
    """What taking money needs to know. credits: how far each person named may owe."""

    credits: Mapping[str, Credit] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Giving:
    """What paying out needs to know.

    books: as they stood before the act; said: the lines that the act has posted so far; staff:
    how many work here.
    """

    books: Books
    said: tuple[Line, ...] = ()
    staff: int = 1


def take_payment(
    state: Taking | None, command: TakePayment, now: Now
) -> tuple[Saying, ...] | Refusal:
    """Take money for an act. Nothing due and nothing tendered says nothing."""
    if command.due_fen == 0 and not command.tenders and command.round_off_fen == 0:
        return ()
    refusal = (
        amount_refused(command.due_fen)
        or tenders_refused(command.tenders, now)
        or _round_off_refused(command)
        or _change_refused(command)
        or credit_refused(state or Taking(), command.tenders)
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


def give_payment(
    state: Giving | None, command: GivePayment, now: Now
) -> tuple[Saying, ...] | Refusal:
    """Pay out for an act. Nothing due and nothing tendered says nothing.

    Money of others goes out only with a reason, and the fact says by how much and who let it go.
    """
    if command.due_fen == 0 and not command.tenders:
        return ()
    refusal = amount_refused(command.due_fen) or tenders_refused(command.tenders, now)
    if refusal is not None:
        return refusal
    paid_fen = sum(tender.amount_fen for tender in command.tenders)
    if paid_fen != command.due_fen:
        return Refusal(
            "cash.NOT_WHAT_IS_DUE", {"paid": say_yuan(paid_fen), "due": say_yuan(command.due_fen)}
        )
    if state is not None and (refusal := _owes_less(state, command.tenders)) is not None:
        return refusal
    lent = lent_by_giving(state, command.tenders, now.device)
    remark = command.remark.strip()
    if lent.asks and not remark:
        return Refusal("cash.OTHERS_MONEY", {"lent": say_yuan(lent.lent_fen)})
    if len(remark) > REMARK_MAX:
        return Refusal("cash.REMARK_TOO_LONG", {"max": REMARK_MAX})
    let_go_by = approval(state.staff if state else 1, is_manager=now.is_manager)
    body = PaymentGiven(
        due_fen=command.due_fen,
        tenders=command.tenders,
        shift=now.shift,
        day=now.day,
        lent_fen=lent.lent_fen,
        approval=let_go_by if lent.asks else "",
    )
    return (Saying(body, private=PaymentRemark(remark=remark) if lent.asks else None),)


def lent_by_giving(state: Giving | None, tenders: Iterable[Tender], device: str) -> Lending:
    """Return what of other people's money these tenders would use."""
    if state is None:
        return Lending()
    lines = [Line(place_of(tender, device), CNY, -tender.amount_fen) for tender in tenders]
    return lending(state.books, (*state.said, *lines))


def amount_refused(due_fen: int) -> Refusal | None:
    """Return what is wrong with an amount that is due."""
    if due_fen < 0:
        return Refusal("cash.AMOUNT_NEGATIVE")
    if due_fen > AMOUNT_MAX:
        return Refusal("cash.AMOUNT_TOO_BIG", {"max": say_yuan(AMOUNT_MAX)})
    return None


def _owes_less(state: Giving, tenders: tuple[Tender, ...]) -> Refusal | None:
    """Refuse to take more off an account than is owed on it; the rest is paid out in money."""
    for person in dict.fromkeys(t.person for t in tenders if t.way == ON_ACCOUNT):
        account = receivable(person)
        said_fen = sum(line.amount for line in state.said if line.account == account)
        owes_fen = max(0, state.books.amount(account) + said_fen)
        if sum(t.amount_fen for t in tenders if t.person == person) > owes_fen:
            return Refusal("cash.OWES_LESS", {"owes": say_yuan(owes_fen)})
    return None


def tenders_refused(
    tenders: tuple[Tender, ...], now: Now, *, moves_cash: bool = True
) -> Refusal | None:
    """Return what is wrong with tenders. moves_cash: notes change hands now, into a shift."""
    if len(tenders) > TENDERS_MAX:
        return Refusal("cash.TOO_MANY_TENDERS", {"max": TENDERS_MAX})
    for tender in tenders:
        refusal = _tender_refused(tender)
        if refusal is None and moves_cash and tender.way == CASH and not now.shift:
            refusal = Refusal("cash.NO_SHIFT_OPEN")
        if refusal is not None:
            return refusal
    return None


def _tender_refused(tender: Tender) -> Refusal | None:
    if tender.way not in (CASH, ON_ACCOUNT, *PLACE_OF_WAY):
        return Refusal("cash.WAY_UNKNOWN", {"way": tender.way})
    if tender.amount_fen <= 0:
        return Refusal("cash.AMOUNT_NOT_POSITIVE")
    if tender.amount_fen > AMOUNT_MAX:
        return Refusal("cash.AMOUNT_TOO_BIG", {"max": say_yuan(AMOUNT_MAX)})
    if tender.way in NUMBERED_WAYS and not tender.reference.strip():
        return Refusal("cash.REFERENCE_MISSING", {"way": tender.way})
    if len(tender.reference) > REFERENCE_MAX:
        return Refusal("cash.REFERENCE_TOO_LONG", {"max": REFERENCE_MAX})
    if tender.way == ON_ACCOUNT and not tender.person:
        return Refusal("cash.PERSON_MISSING")
    return None


def credit_refused(state: Taking, tenders: Iterable[Tender]) -> Refusal | None:
    """Return why somebody may not owe so much, None if everybody named may."""
    owed: dict[str, int] = {}
    for tender in tenders:
        if tender.way == ON_ACCOUNT:
            owed[tender.person] = owed.get(tender.person, 0) + tender.amount_fen
    for person, amount_fen in owed.items():
        credit = state.credits.get(person, Credit())
        if not credit.limit_fen:
            return Refusal("cash.NO_CREDIT_LIMIT")
        if amount_fen > credit.free_fen:
            return Refusal(
                "cash.ABOVE_CREDIT_LIMIT",
                {
                    "limit": say_yuan(credit.limit_fen),
                    "owes": say_yuan(credit.owes_fen),
                    "free": say_yuan(credit.free_fen),
                },
            )
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

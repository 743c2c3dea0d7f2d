"""Money that is owed, both ways: what villagers owe the station, and what is owed back to them.

A refund is paid once. On one PC the balance of its account sees to that; money of another PC goes
out only with the villager's slip in hand, and after that PC was heard of, or by the manager with a
reason. What two PCs paid twice all the same is no secret: the account stands in debit, the case
names both payouts, and `DebitSettled` says what became of the excess.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import msgspec

from station_app.journal.fact import Body, Saying, Told
from station_app.journal.projection import Columns, EntityKind, as_said
from station_app.ledger.accounts import COMPENSATION, counter, receivable
from station_app.ledger.balances import HELD, REFUND_DUE, is_below
from station_app.ledger.posting import Entry, pays
from station_app.services.accounts.commands import (
    PayRefund,
    RepayAccount,
    ReturnOverpaid,
    SettleDebit,
)
from station_app.services.accounts.facts import (
    AccountRemark,
    AccountRepaid,
    DebitSettled,
    HomePassedOn,
    RefundPaid,
)
from station_app.values.money import say_yuan
from station_app.values.now import Now
from station_app.values.refusal import Refusal

CONTACT_MS = 10 * 60_000  # how long a word of another PC counts (docs/SYNC.md §2)
REMARK_MAX = 200
SETTLEMENTS = ("brought_back", "owed", "borne")

Decision = tuple[Saying, ...] | Refusal


# --- States --------------------------------------------------------------------------------------


class Payout(msgspec.Struct, frozen=True, kw_only=True):
    """One payout of a refund: which fact, on which PC, how much."""

    identity: str
    act: str
    device: str
    by: str
    at: int
    day: str
    amount_fen: int
    slip: int


class Refund(msgspec.Struct, frozen=True, kw_only=True):
    """All payouts against one document, by order of facts."""

    document: str = ""
    payouts: tuple[Payout, ...] = ()


class Repayment(msgspec.Struct, frozen=True, kw_only=True):
    """What a villager paid back at one time."""

    person: str
    amount_fen: int
    slip: int
    day: str


class Debit(msgspec.Struct, frozen=True, kw_only=True):
    """What became of money that was paid twice."""

    account: str
    amount_fen: int
    how: str
    person: str
    day: str


def fold_refund(state: Refund | None, told: Told) -> Refund:
    """Keep a payout beside those that there are."""
    known, body = state or Refund(), told.body
    payout = Payout(
        identity=told.identity,
        act=told.act,
        device=told.device,
        by=told.by,
        at=told.at,
        day=body.day,
        amount_fen=body.amount_fen,
        slip=body.slip,
    )
    return Refund(document=body.document, payouts=(*known.payouts, payout))


def fold_repayment(_state: Repayment | None, told: Told) -> Repayment:
    """Keep a repayment."""
    return as_said(Repayment, told)


def fold_debit(_state: Debit | None, told: Told) -> Debit:
    """Keep a settlement."""
    return as_said(Debit, told)


REFUND = EntityKind(
    name="refund",
    state=Refund,
    facts=(RefundPaid,),
    fold=fold_refund,
    natural_key={RefundPaid: lambda told: str(told.body.document)},
    columns=Columns(
        table="refunds",
        fields=(("document", "TEXT"), ("payouts", "INTEGER"), ("paid_fen", "INTEGER")),
        row=lambda r: (r.document, len(r.payouts), sum(p.amount_fen for p in r.payouts)),
        indexes=(("document",),),
    ),
)

REPAYMENT = EntityKind(
    name="repayment",
    state=Repayment,
    facts=(AccountRepaid,),
    fold=fold_repayment,
    columns=Columns(
        table="repayments",
        fields=(("person", "TEXT"), ("amount_fen", "INTEGER"), ("day", "TEXT")),
        row=lambda r: (r.person, r.amount_fen, r.day),
        indexes=(("person", "day"),),
    ),
)

DEBIT = EntityKind(name="debit", state=Debit, facts=(DebitSettled,), fold=fold_debit)


class Home(msgspec.Struct, frozen=True, kw_only=True):
    """Which PC answers for the money of a dead one. day: since when."""

    from_device: str
    to_device: str
    day: str


def fold_home(_state: Home | None, told: Told) -> Home:
    """Take the county's last word."""
    body: HomePassedOn = told.body
    return Home(from_device=body.from_device, to_device=body.to_device, day=body.day)


HOME = EntityKind(
    name="home",
    state=Home,
    facts=(HomePassedOn,),
    fold=fold_home,
    natural_key={HomePassedOn: lambda told: str(told.body.from_device)},
    columns=Columns(
        table="homes",
        fields=(("from_device", "TEXT"), ("to_device", "TEXT")),
        row=lambda h: (h.from_device, h.to_device),
        indexes=(("from_device",),),
    ),
)

ENTITIES = (REFUND, REPAYMENT, DEBIT, HOME)


def home_now(device: str, passed_on: Mapping[str, str]) -> str:
    """Return the PC that answers for money founded on `device`; a circle ends where it closes."""
    seen = {device}
    while passed_on.get(device, device) not in seen:
        device = passed_on[device]
        seen.add(device)
    return device


# --- Postings ------------------------------------------------------------------------------------


def post_account_repaid(told: Told) -> Entry:
    """Pay -> what she owes; the other way round where she gets back what was too much."""
    body: AccountRepaid = told.body
    return pays(counter(told.act), receivable(body.person), body.amount_fen)


def post_refund_paid(told: Told) -> Entry:
    """What is owed back -> pay."""
    body: RefundPaid = told.body
    return pays(refund_account(body.document), counter(told.act), body.amount_fen)


def post_debit_settled(told: Told) -> Entry:
    """Whoever bears it -> the purse from which too much went."""
    body: DebitSettled = told.body
    bearer = COMPENSATION
    if body.how == "brought_back":
        bearer = counter(told.act)
    elif body.how == "owed":
        bearer = receivable(body.person)
    return pays(bearer, body.account, body.amount_fen)


POSTINGS: Mapping[type[Body], Callable[[Told], Entry]] = {
    AccountRepaid: post_account_repaid,
    RefundPaid: post_refund_paid,
    DebitSettled: post_debit_settled,
}


def refund_account(document: str) -> str:
    """Return the account of a refund by the 16 characters of its document."""
    return f"{REFUND_DUE}:{document}"


# --- What may be said ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Owing:
    """What a repayment needs to know: what she owes, below zero what she repaid too much.

    slip: number for the paper.
    """

    owes_fen: int
    slip: int = 0


@dataclass(frozen=True, slots=True)
class RefundStanding:
    """What paying a refund needs to know.

    due_fen: what its account holds, below zero if too much was paid; paid: payouts so far.
    home: PC that answers for it, "" if unknown; founded_on: PC of the founding fact, another one if
    the county passed its home on; heard_at: `at` of the last fact known of that PC
    (0: none); staff: how many work here; slip: number for the paper.
    """

    due_fen: int
    paid: tuple[Payout, ...] = ()
    home: str = ""
    founded_on: str = ""
    heard_at: int = 0
    staff: int = 1
    slip: int = 0


@dataclass(frozen=True, slots=True)
class Overdrawn:
    """What settling a debit needs to know. debit_fen: by how much too much was paid."""

    debit_fen: int
    knows_person: bool = True
    slip: int = 0


def repay_account(state: Owing, command: RepayAccount, now: Now) -> Decision:
    """Take what somebody owes; never more than she owes."""
    if command.amount_fen <= 0:
        return Refusal("accounts.AMOUNT_NOT_POSITIVE")
    if state.owes_fen <= 0:
        return Refusal("accounts.OWES_NOTHING")
    if command.amount_fen > state.owes_fen:
        return Refusal("accounts.MORE_THAN_OWED", {"owes": say_yuan(state.owes_fen)})
    body = AccountRepaid(
        person=command.person,
        amount_fen=command.amount_fen,
        owed_fen=state.owes_fen,
        slip=state.slip,
        day=now.day,
    )
    return (Saying(body),)


def return_overpaid(state: Owing, command: ReturnOverpaid, now: Now) -> Decision:
    """Give back what was repaid too much; never more than that."""
    if command.amount_fen <= 0:
        return Refusal("accounts.AMOUNT_NOT_POSITIVE")
    if state.owes_fen >= 0:
        return Refusal("accounts.NOTHING_OVERPAID")
    if command.amount_fen > -state.owes_fen:
        return Refusal("accounts.MORE_THAN_OVERPAID", {"over": say_yuan(-state.owes_fen)})
    body = AccountRepaid(
        person=command.person,
        amount_fen=-command.amount_fen,
        owed_fen=state.owes_fen,
        slip=state.slip,
        day=now.day,
    )
    return (Saying(body),)


def permission(state: RefundStanding, now: Now, *, slip_taken: bool, remark: str) -> str | Refusal:
    """Return why this PC may pay, or what it lacks: the slip, a word of the home, the manager."""
    if state.home == now.device:
        return "home"
    slots = {"device": state.home.lstrip("D") or "?"}
    if not slip_taken:
        return Refusal("accounts.SLIP_FIRST", slots)
    if state.home and is_fresh(state.heard_at, now.at):
        return "contact"
    if not remark.strip():
        return Refusal("accounts.HOME_NOT_HEARD", slots)
    if state.staff <= 1:
        return "alone"
    return "manager" if now.is_manager else Refusal("accounts.MANAGER_FIRST", slots)


def is_fresh(heard_at: int, at: int) -> bool:
    """Tell whether a word of another PC is young enough: its clock may differ by as much."""
    return bool(heard_at) and abs(at - heard_at) <= CONTACT_MS


def pay_refund(state: RefundStanding, command: PayRefund, now: Now) -> Decision:
    """Pay a refund out, once."""
    if not now.is_filled:
        return Refusal("accounts.NOT_FILLED")
    if command.amount_fen <= 0:
        return Refusal("accounts.AMOUNT_NOT_POSITIVE")
    if state.due_fen <= 0:
        return _nothing_due(state)
    if command.amount_fen > state.due_fen:
        return Refusal("accounts.MORE_THAN_DUE", {"due": say_yuan(state.due_fen)})
    if len(command.remark) > REMARK_MAX:
        return Refusal("accounts.REMARK_TOO_LONG", {"max": REMARK_MAX})
    allowed = permission(state, now, slip_taken=command.slip_taken, remark=command.remark)
    if isinstance(allowed, Refusal):
        return allowed
    body = RefundPaid(
        document=command.document,
        amount_fen=command.amount_fen,
        home=state.home,
        permission=allowed,
        slip_taken=int(command.slip_taken),
        slip=state.slip,
        day=now.day,
    )
    return (Saying(body, private=_remark(command.remark)),)


def _nothing_due(state: RefundStanding) -> Refusal:
    if not state.paid:
        return Refusal("accounts.NOTHING_DUE")
    last = state.paid[-1]
    return Refusal(
        "accounts.PAID_ALREADY",
        {
            "day": last.day,
            "device": last.device.lstrip("D"),
            "amount": say_yuan(sum(p.amount_fen for p in state.paid)),
        },
    )


def settle_debit(state: Overdrawn, command: SettleDebit, now: Now) -> Decision:
    """Say what becomes of money that went out once too often; only the manager says it."""
    if not now.is_manager:
        return Refusal("accounts.ONLY_A_MANAGER")
    if command.how not in SETTLEMENTS or not _is_purse(command.account):
        return Refusal("accounts.NOT_SETTLED_SO")
    if state.debit_fen <= 0:
        return Refusal("accounts.NOTHING_PAID_TWICE")
    if not 0 < command.amount_fen <= state.debit_fen:
        return Refusal("accounts.MORE_THAN_PAID_TWICE", {"most": say_yuan(state.debit_fen)})
    if command.how == "owed" and not (command.person and state.knows_person):
        return Refusal("accounts.PERSON_MISSING")
    if command.how != "brought_back" and not command.remark.strip():
        return Refusal("accounts.REASON_MISSING")
    if len(command.remark) > REMARK_MAX:
        return Refusal("accounts.REMARK_TOO_LONG", {"max": REMARK_MAX})
    body = DebitSettled(
        account=command.account,
        amount_fen=command.amount_fen,
        how=command.how,
        person=command.person if command.how == "owed" else "",
        slip=state.slip,
        day=now.day,
    )
    return (Saying(body, private=_remark(command.remark)),)


def _is_purse(account: str) -> bool:
    return is_below(account, REFUND_DUE) or is_below(account, HELD)


def _remark(words: str) -> AccountRemark | None:
    return AccountRemark(remark=words.strip()) if words.strip() else None

"""What can be said about money between the station and others: the county, and the couriers.

The station says what it sent, paid and received, and posts it. What the county says (money
confirmed, money sent down, its monthly statement) posts nothing by itself: only the station's own
act, which names it, moves a figure here.
"""

from typing import ClassVar

import msgspec

from station_app.journal.fact import Body, Private
from station_app.services.cash.facts import Position

# A line of a statement takes about 200 bytes: a part stays below the 64 KiB of a fact, and all
# parts together below the 512 KiB of an act.
PART_LINES_MAX = 240
STATEMENT_LINES_MAX = 2_000


class Portion(msgspec.Struct, frozen=True, kw_only=True):
    """A part of an amount, and whose money it is.

    purse: `Prepayment` or `Grower` as in the account's name, "" for the current account with the
    county (bills that are paid, goods that were fetched); owner: the key in the account's name
    (16 base32 characters), "" for the current account.
    A prepayment is posted by the `prepayment.passed_on` of its order, in the same act.
    """

    purse: str
    owner: str
    amount_fen: int


# --- Money to the county -------------------------------------------------------------------------


class RemittanceProof(Private, frozen=True, kw_only=True):
    """Who carries the money, and a photo of the bank's or the carrier's paper (its hash)."""

    carrier: str = ""
    photo: str = ""


class ClearingRemark(Private, frozen=True, kw_only=True):
    """Why, in the words of whoever says it."""

    remark: str = ""


class RemittanceSent(Body, frozen=True, kw_only=True):
    """Money went to the county (缴款), paid out in the same act.

    number: of the slip, in this device's series; way: `carrier` (cash in a sealed bag), `bank` or
    `wechat`; portions: what it passes on; they sum to amount_fen.
    """

    KIND: ClassVar[str] = "remittance.sent"
    PRIVATE: ClassVar[type[Private] | None] = RemittanceProof
    number: int
    way: str
    amount_fen: int
    portions: tuple[Portion, ...]
    day: str


class ConfirmationProof(Private, frozen=True, kw_only=True):
    """Why it differs, in a clerk's words, and the photos of the slip (their hashes)."""

    remark: str = ""
    photos: tuple[str, ...] = ()


class RemittanceConfirmed(Body, frozen=True, kw_only=True):
    """The county counted what came (county). Its entity is the remittance; it posts nothing."""

    KIND: ClassVar[str] = "remittance.confirmed"
    PRIVATE: ClassVar[type[Private] | None] = ConfirmationProof
    received_fen: int
    day: str


class RemittanceCancellationAsked(Body, frozen=True, kw_only=True):
    """The station asks to have a remittance back that the county knows of already (申请取消)."""

    KIND: ClassVar[str] = "remittance.cancellation_asked"
    PRIVATE: ClassVar[type[Private] | None] = ClearingRemark
    day: str


class RemittanceCancelled(Body, frozen=True, kw_only=True):
    """The county agrees: it has not got the money and waits for it no longer (county)."""

    KIND: ClassVar[str] = "remittance.cancelled"
    PRIVATE: ClassVar[type[Private] | None] = ClearingRemark
    day: str


class RemittanceTakenBack(Body, frozen=True, kw_only=True):
    """The money of a cancelled remittance is back, taken in in the same act.

    portions: purses come back as far as they are still open; the rest is the current account's.
    """

    KIND: ClassVar[str] = "remittance.taken_back"
    amount_fen: int
    portions: tuple[Portion, ...]
    day: str


# --- Money from the county -----------------------------------------------------------------------


class CountyMoneySentDown(Body, frozen=True, kw_only=True):
    """The county sent money down (county); it posts nothing until the station has it.

    number: of the county's paper that comes with it, unique at the county; way: as above; covers:
    what it is for; the portions sum to amount_fen.
    """

    KIND: ClassVar[str] = "county_money.sent_down"
    number: str
    way: str
    amount_fen: int
    covers: tuple[Portion, ...]
    day: str


class CountyMoneyReceived(Body, frozen=True, kw_only=True):
    """The county's money is here, taken in in the same act.

    Its entity is the county's fact; it founds its own when that is not here yet, and both are
    joined by `number`. allotted: purses that were still open at the county and are here now; the
    rest of the amount is the current account's.
    """

    KIND: ClassVar[str] = "county_money.received"
    number: str
    way: str
    amount_fen: int
    allotted: tuple[Portion, ...]
    day: str


class CountyMoneyAllotted(Body, frozen=True, kw_only=True):
    """What the money covers came to be known after it was received: purses move, no money does."""

    KIND: ClassVar[str] = "county_money.allotted"
    allotted: tuple[Portion, ...]
    day: str


class CountyMoneyReturned(Body, frozen=True, kw_only=True):
    """It was taken in by mistake, and is given out again in this act: everything as it was."""

    KIND: ClassVar[str] = "county_money.returned"
    amount_fen: int
    allotted: tuple[Portion, ...]
    day: str


# --- Couriers ------------------------------------------------------------------------------------


class Runner(Private, frozen=True, kw_only=True):
    """Who of the courier took the money."""

    runner: str = ""


class CourierPaid(Body, frozen=True, kw_only=True):
    """A courier got what was collected for it, paid out in the same act.

    cod_fen, freight_fen, sending_fen: what the pieces hold for it; fee_fen: the station's own,
    set off; fine_fen: what the station pays on top. To pay: cod + freight + sending - fee + fine;
    below zero the courier pays. pieces: identities of the facts that put the money there.
    """

    KIND: ClassVar[str] = "courier.paid"
    PRIVATE: ClassVar[type[Private] | None] = Runner
    courier: str
    number: int
    cod_fen: int
    freight_fen: int
    sending_fen: int
    fee_fen: int
    fine_fen: int
    pieces: tuple[str, ...]
    day: str


class CourierPaymentReturned(Body, frozen=True, kw_only=True):
    """A payment to a courier was a mistake and came back in this act: everything as it was."""

    KIND: ClassVar[str] = "courier_payment.returned"
    courier: str
    cod_fen: int
    freight_fen: int
    sending_fen: int
    fee_fen: int
    fine_fen: int
    day: str


# --- The county's monthly statement --------------------------------------------------------------


class AccountTotal(msgspec.Struct, frozen=True, kw_only=True):
    """Where an account stood before and after the lines; a debit is positive, as in the ledger."""

    account: str
    opening_fen: int
    closing_fen: int


class StatementLine(msgspec.Struct, frozen=True, kw_only=True):
    """One line: what a fact did to one account in the county's books.

    fact: identity of the station's or the county's fact; kind: "remittance.sent"; account:
    `Liabilities:County` or `Liabilities:Held:…:County`; amount_fen: a debit is positive.
    """

    fact: str
    kind: str
    account: str
    amount_fen: int


class Charge(msgspec.Struct, frozen=True, kw_only=True):
    """What the county wants to book besides: it counts only when the station accepts it.

    number: within the statement, from 1; account: one of `CHARGE_ACCOUNTS`; reason: a code;
    amount_fen: positive in the station's favour (subsidy), negative against it (charge).
    """

    number: int
    account: str
    reason: str
    amount_fen: int


class StatementIssued(Body, frozen=True, kw_only=True):
    """The county's statement of one month, its head (county); its parts follow in the same act.

    since: identity of the statement before, "" for the first; replaces: identity of a statement
    of the same month that this one stands for, else ""; positions: how far the county's books had
    every stream of this station and its own (tips as in `journal.cuts`); parts, lines, totals:
    how many there are in all.
    """

    KIND: ClassVar[str] = "statement.issued"
    PRIVATE: ClassVar[type[Private] | None] = ClearingRemark
    station: str
    month: str
    since: str
    replaces: str
    positions: tuple[Position, ...]
    parts: int
    lines: int
    totals: int
    day: str


class StatementContinued(Body, frozen=True, kw_only=True):
    """A part of a statement (county); its entity is the statement. part: from 1."""

    KIND: ClassVar[str] = "statement.continued"
    part: int
    totals: tuple[AccountTotal, ...]
    lines: tuple[StatementLine, ...]
    charges: tuple[Charge, ...]
    day: str


class AcceptedCharge(msgspec.Struct, frozen=True, kw_only=True):
    """A charge or subsidy that the station accepts, as the statement says it."""

    number: int
    account: str
    amount_fen: int


class StatementAnswered(Body, frozen=True, kw_only=True):
    """The station compared a statement line by line; its entity is the statement.

    result: `agreed`, `differs` or `refused`; reason: why refused, a code; equal, waiting,
    differences: how many lines; accepted: what is booked with this answer; declined: numbers.
    """

    KIND: ClassVar[str] = "statement.answered"
    result: str
    reason: str
    equal: int
    waiting: int
    differences: int
    accepted: tuple[AcceptedCharge, ...]
    declined: tuple[int, ...]
    day: str


class DifferenceFound(Body, frozen=True, kw_only=True):
    """One difference between a statement and this station's journal: it opens a case.

    difference: a code, see `comparison`; fact, fact_kind: what it speaks of, "" for a total;
    account, theirs_fen: as the county says; other_account, ours_fen: as it stands here.
    """

    KIND: ClassVar[str] = "difference.found"
    statement: str
    month: str
    difference: str
    fact: str
    fact_kind: str
    account: str
    theirs_fen: int
    other_account: str
    ours_fen: int
    day: str


FROM_COUNTY: tuple[type[Body], ...] = (
    RemittanceConfirmed,
    RemittanceCancelled,
    CountyMoneySentDown,
    StatementIssued,
    StatementContinued,
)
FACTS: tuple[type[Body], ...] = (
    RemittanceSent,
    RemittanceConfirmed,
    RemittanceCancellationAsked,
    RemittanceCancelled,
    RemittanceTakenBack,
    CountyMoneySentDown,
    CountyMoneyReceived,
    CountyMoneyAllotted,
    CountyMoneyReturned,
    CourierPaid,
    CourierPaymentReturned,
    StatementIssued,
    StatementContinued,
    StatementAnswered,
    DifferenceFound,
)

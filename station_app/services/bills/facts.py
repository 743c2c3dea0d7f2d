"""What can be said about a bill that the station pays in for a villager (缴费).

The money is taken with the bill, and held until the county says that the biller has it: until
then the slip says 已受理，未缴费. Every answer repeats the amounts of the station's fact that it
answers, so that it can be posted without knowing that one.
"""

from typing import ClassVar

from station_app.journal.fact import Body, Private


class BillDetails(Private, frozen=True, kw_only=True):
    """Whose bill it is: the biller's account number, and the name that goes with it."""

    account_no: str = ""
    holder: str = ""


class BillRemark(Private, frozen=True, kw_only=True):
    """Why, in somebody's words."""

    remark: str = ""


class BillTaken(Body, frozen=True, kw_only=True):
    """A villager pays a bill in at the counter; amount and fee are paid in the same act.

    biller: code; person: identity of who paid, "" for a passer-by; policy: `queue`, `station` or
    `online_only`; due_day: the day until which it must be paid, "" if nobody knows.
    """

    KIND: ClassVar[str] = "bill.taken"
    PRIVATE: ClassVar[type[Private] | None] = BillDetails
    biller: str
    person: str
    policy: str
    amount_fen: int
    fee_fen: int
    due_day: str
    slip: int
    day: str


class BillPaid(Body, frozen=True, kw_only=True):
    """The biller has the money. number: of the biller's receipt."""

    KIND: ClassVar[str] = "bill.paid"
    answers: str
    amount_fen: int
    fee_fen: int
    number: str
    day: str


class BillFailed(Body, frozen=True, kw_only=True):
    """It could not be paid: everything is owed back. reason: a code of the county's desk."""

    KIND: ClassVar[str] = "bill.failed"
    answers: str
    amount_fen: int
    fee_fen: int
    reason: str
    day: str


class BillReversed(Body, frozen=True, kw_only=True):
    """The biller sent it back after it had been paid: everything is owed back."""

    KIND: ClassVar[str] = "bill.reversed"
    answers: str
    amount_fen: int
    fee_fen: int
    reason: str
    day: str


class BillCancellationAsked(Body, frozen=True, kw_only=True):
    """The villager wants it back and it was handed to the county already (申请取消)."""

    KIND: ClassVar[str] = "bill.cancellation_asked"
    PRIVATE: ClassVar[type[Private] | None] = BillRemark
    day: str


class BillAccountShown(Body, frozen=True, kw_only=True):
    """Somebody at the county looked at the whole account number of a bill, for a reason.

    reason: `pay_in`, `villager_asks`, `file` (taken along in a list) or `other`.
    """

    KIND: ClassVar[str] = "bill_account.shown"
    REVERSIBLE: ClassVar[bool] = False
    reason: str
    day: str


FACTS: tuple[type[Body], ...] = (
    BillTaken,
    BillPaid,
    BillFailed,
    BillReversed,
    BillCancellationAsked,
    BillAccountShown,
)
FROM_COUNTY: tuple[type[Body], ...] = (BillPaid, BillFailed, BillReversed, BillAccountShown)

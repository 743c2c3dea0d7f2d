"""What can be said about money that is owed: repaid, paid back, paid out once too often."""

from typing import ClassVar

from station_app.journal.fact import Body, Private


class AccountRemark(Private, frozen=True, kw_only=True):
    """Why somebody let it go, in the operator's words."""

    remark: str = ""


class AccountRepaid(Body, frozen=True, kw_only=True):
    """A villager paid what she owed (还账), or a part of it; the money is taken in the same act.

    person: identity; owed_fen: what she owed before, as far as this PC knew; slip: number on the
    paper. Both amounts are below zero where she gets back what was repaid too much: two PCs that
    had not heard of each other took the same debt.
    """

    KIND: ClassVar[str] = "account.repaid"
    person: str
    amount_fen: int
    owed_fen: int
    slip: int
    day: str


class RefundPaid(Body, frozen=True, kw_only=True):
    """A refund was paid out against its document; the money is given in the same act.

    document: the 16 characters under which its account stands (order, bill or slip).
    home: the PC on which it was founded, "" if that is not known; permission: why this PC might
    pay: `home`, `contact` (its books were heard of minutes ago), `manager` or `alone`; slip_taken:
    1 if the villager's slip was taken in; slip: number on the paper.
    """

    KIND: ClassVar[str] = "refund.paid"
    PRIVATE: ClassVar[type[Private] | None] = AccountRemark
    document: str
    amount_fen: int
    home: str
    permission: str
    slip_taken: int
    slip: int
    day: str


class DebitSettled(Body, frozen=True, kw_only=True):
    """More was paid from a purse than was in it, and this is what becomes of the excess.

    account: the purse; how: `brought_back` (money comes in, in the same act), `owed` (`person`
    owes it from now on) or `borne` (the station bears it).
    """

    KIND: ClassVar[str] = "debit.settled"
    PRIVATE: ClassVar[type[Private] | None] = AccountRemark
    account: str
    amount_fen: int
    how: str
    person: str
    slip: int
    day: str


class HomePassedOn(Body, frozen=True, kw_only=True):
    """A PC is dead, and another one answers for the money that it was the home of.

    Said by the county. What the dead PC paid and never sent shows up as a purse in debit, if it
    is ever heard.
    """

    KIND: ClassVar[str] = "home.passed_on"
    REVERSIBLE: ClassVar[bool] = False
    from_device: str
    to_device: str
    day: str


FROM_COUNTY: tuple[type[Body], ...] = (HomePassedOn,)
FACTS: tuple[type[Body], ...] = (AccountRepaid, RefundPaid, DebitSettled, *FROM_COUNTY)

"""What can be said about the first day (开账): what was there before the books began.

Money and debts stand in one line each, against `Equity:Opening`. The parcels and the lots that
are here already are ordinary facts of their own services, so nothing later has to know where they
came from. A body never says who: a person is named by identity, words stand in the private part.
"""

from typing import ClassVar

import msgspec

from station_app.journal.fact import Body, Private


class OpeningNote(Private, frozen=True, kw_only=True):
    """Words to a line. remark: what it is for; reason: why nobody else could sign (一人办理)."""

    remark: str = ""
    reason: str = ""


class OpeningEntered(Body, frozen=True, kw_only=True):
    """One amount from before the books: in a place of money, or owed by or to somebody.

    purse: `drawer`, `safe`, `wechat`, `alipay`, `bank`; `person_owes`, `owed_person`,
    `owed_grower`, `cod`, `freight`, `courier_owes`, `owed_county`, `county_owes`.
    person: identity, courier: code, of the other side; device: whose drawer it is; "" elsewhere.
    witness: who signs besides the operator: `party` (the other side), `manager` (then
    `witness_by` is her identity as an operator) or `alone`. slip: number on the paper.
    """

    KIND: ClassVar[str] = "opening.entered"
    PRIVATE: ClassVar[type[Private] | None] = OpeningNote
    purse: str
    person: str
    courier: str
    device: str
    amount_fen: int
    witness: str
    witness_by: str
    slip: int
    day: str


class OpeningCorrected(Body, frozen=True, kw_only=True):
    """A line was wrong: it comes to `is_fen` instead of `was_fen`; 0 takes it back altogether.

    The rest repeats the line, so that it can be posted without knowing it.
    """

    KIND: ClassVar[str] = "opening.corrected"
    PRIVATE: ClassVar[type[Private] | None] = OpeningNote
    purse: str
    person: str
    courier: str
    device: str
    was_fen: int
    is_fen: int
    witness: str
    witness_by: str
    slip: int
    day: str


class OpeningStepSettled(Body, frozen=True, kw_only=True):
    """A step of the first day is over, or is to be done after all.

    step: `people`, `shelves`, `parcels`, `debts`, `lots` or `money`; outcome: `done`, `none`
    (there is nothing of it here) or `open`.
    """

    KIND: ClassVar[str] = "opening.step_settled"
    step: str
    outcome: str
    day: str


class OpeningDismissed(Body, frozen=True, kw_only=True):
    """The station goes on without the rest of the first day; today no longer speaks of it."""

    KIND: ClassVar[str] = "opening.dismissed"
    day: str


class OpeningReopened(Body, frozen=True, kw_only=True):
    """It is gone on with after all: after it was dismissed, or finished."""

    KIND: ClassVar[str] = "opening.reopened"
    day: str


class PurseSum(msgspec.Struct, frozen=True):
    """What all lines of one purse come to, and how many there are."""

    purse: str
    lines: int
    amount_fen: int


class OpeningFinished(Body, frozen=True, kw_only=True):
    """The books are open (开账完成): signed by two, with what they began with.

    people, parcels, lots: how many were here; sums: by purse, in the order of the paper.
    """

    KIND: ClassVar[str] = "opening.finished"
    PRIVATE: ClassVar[type[Private] | None] = OpeningNote
    people: int
    parcels: int
    lots: int
    sums: tuple[PurseSum, ...]
    witness: str
    witness_by: str
    slip: int
    day: str


FACTS: tuple[type[Body], ...] = (
    OpeningEntered,
    OpeningCorrected,
    OpeningStepSettled,
    OpeningDismissed,
    OpeningReopened,
    OpeningFinished,
)

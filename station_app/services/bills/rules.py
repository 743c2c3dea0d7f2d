"""Bills: what is known of them, and what they do to the books.

What was paid in is held until the county answers. Two answers that do not go together (paid and
failed) are a case, and so is money that is still held when a bill is over.
"""

from collections.abc import Mapping

import msgspec

from station_app.journal.fact import Body, Told
from station_app.journal.projection import Cases, Columns, EntityKind
from station_app.journal.vocabulary import Poster
from station_app.ledger import accounts
from station_app.ledger.posting import Entry, pays, split
from station_app.services.bills.facts import (
    FACTS,
    BillAccountShown,
    BillCancellationAsked,
    BillFailed,
    BillPaid,
    BillReversed,
    BillTaken,
)

QUEUED = "queued"
PAID = "paid"
FAILED = "failed"
REVERSED = "reversed"


class Bill(msgspec.Struct, frozen=True, kw_only=True):
    """A bill. status: queued, paid, failed, reversed; "" while its founding fact is missing.

    held_fen: what is held for it; refund_fen: what became due for repayment by answers.
    account_no, holder: private; answers, strays: identities behind the cases.
    """

    status: str = ""
    biller: str = ""
    person: str = ""
    policy: str = ""
    account_no: str = ""
    holder: str = ""
    amount_fen: int = 0
    fee_fen: int = 0
    held_fen: int = 0
    refund_fen: int = 0
    due_day: str = ""
    number: str = ""
    reason: str = ""
    is_cancellation_asked: int = 0
    slip: int = 0
    day: str = ""
    answered_day: str = ""
    founder: str = ""
    answers: tuple[str, ...] = ()
    strays: tuple[str, ...] = ()


def fold_bill(state: Bill | None, told: Told) -> Bill:
    """Apply one fact; any of them may come first."""
    known = state or Bill()
    body = told.body
    if isinstance(body, BillTaken):
        return _taken(known, told, body)
    if isinstance(body, BillAccountShown):
        return known  # it changes nothing of the bill: who looked stands in the journal
    if not known.founder:
        known = msgspec.structs.replace(known, strays=(*known.strays, told.identity))
    if isinstance(body, BillCancellationAsked):
        return msgspec.structs.replace(known, is_cancellation_asked=1)
    return _answered(known, told, body)


def _taken(known: Bill, told: Told, body: BillTaken) -> Bill:
    details = told.private
    return msgspec.structs.replace(
        known,
        status=known.status or QUEUED,
        biller=body.biller,
        person=body.person,
        policy=body.policy,
        account_no=details.account_no if details else "",
        holder=details.holder if details else "",
        amount_fen=body.amount_fen,
        fee_fen=body.fee_fen,
        held_fen=known.held_fen + body.amount_fen + body.fee_fen,
        due_day=body.due_day,
        slip=body.slip,
        day=body.day,
        founder=told.identity,
        strays=(),
    )


def _answered(known: Bill, told: Told, body: BillPaid | BillFailed | BillReversed) -> Bill:
    whole_fen = body.amount_fen + body.fee_fen
    answered = msgspec.structs.replace(
        known, answers=(*known.answers, told.identity), answered_day=body.day
    )
    if isinstance(body, BillPaid):
        return msgspec.structs.replace(
            answered, status=PAID, number=body.number, held_fen=known.held_fen - whole_fen
        )
    owed = msgspec.structs.replace(
        answered, reason=body.reason, refund_fen=known.refund_fen + whole_fen
    )
    if isinstance(body, BillFailed):
        return msgspec.structs.replace(owed, status=FAILED, held_fen=known.held_fen - whole_fen)
    return msgspec.structs.replace(owed, status=REVERSED)


def bill_cases(state: Bill) -> Cases:
    """Return in what the facts of a bill disagree."""
    found: Cases = {}
    if state.founder and state.answers and state.held_fen:
        found["bills.held_left"] = state.answers
    if state.refund_fen > state.amount_fen + state.fee_fen and state.founder:
        found["bills.owed_twice"] = state.answers
    if not state.founder and state.strays:
        found["bills.founder_missing"] = state.strays
    return found


BILL = EntityKind(
    name="bill",
    is_open=lambda bill: bill.status not in (PAID, REVERSED),
    state=Bill,
    facts=FACTS,
    fold=fold_bill,
    cases=bill_cases,
    columns=Columns(
        table="bills",
        fields=(
            ("biller", "TEXT"),
            ("person", "TEXT"),
            ("status", "TEXT"),
            ("account_no", "TEXT"),
            ("amount_fen", "INTEGER"),
            ("fee_fen", "INTEGER"),
            ("held_fen", "INTEGER"),
            ("due_day", "TEXT"),
            ("slip", "INTEGER"),
            ("day", "TEXT"),
        ),
        row=lambda b: (
            b.biller,
            b.person,
            b.status,
            b.account_no,
            b.amount_fen,
            b.fee_fen,
            b.held_fen,
            b.due_day,
            b.slip,
            b.day,
        ),
        indexes=(("status", "due_day"), ("biller", "account_no", "day"), ("person", "day")),
    ),
)

ENTITIES = (BILL,)


def post_taken(told: Told) -> Entry:
    """Amount and fee are held for the bill."""
    whole_fen = told.body.amount_fen + told.body.fee_fen
    return pays(accounts.counter(told.act), accounts.held_bill(told.subject), whole_fen)


def post_paid(told: Told) -> Entry:
    """The county has advanced the amount; the fee is ours."""
    body: BillPaid = told.body
    return split(
        ((accounts.held_bill(told.subject), body.amount_fen + body.fee_fen),),
        ((accounts.COUNTY_CURRENT, body.amount_fen), (accounts.FEE_BILL, body.fee_fen)),
    )


def post_failed(told: Told) -> Entry:
    """All of it is owed back."""
    whole_fen = told.body.amount_fen + told.body.fee_fen
    return pays(accounts.held_bill(told.subject), accounts.refund_due(told.subject), whole_fen)


def post_reversed(told: Told) -> Entry:
    """What the county had got, and our fee, are owed back."""
    body: BillReversed = told.body
    return split(
        ((accounts.COUNTY_CURRENT, body.amount_fen), (accounts.FEE_BILL, body.fee_fen)),
        ((accounts.refund_due(told.subject), body.amount_fen + body.fee_fen),),
    )


POSTINGS: Mapping[type[Body], Poster] = {
    BillTaken: post_taken,
    BillPaid: post_paid,
    BillFailed: post_failed,
    BillReversed: post_reversed,
}

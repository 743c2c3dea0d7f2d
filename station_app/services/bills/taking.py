"""Whether a bill may be taken in: by the county's rules, and no more than is promised anyway.

What was taken in is a promise until the biller has the money. So a station takes no more than the
county lets it hold unpaid, asks before the same bill of the same day goes in twice, and takes what
only works with a line only while there is one.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from station_app.journal.fact import Saying
from station_app.reference.billers import (
    DISABLED,
    ONLINE_ONLY,
    STATION,
    BillerTerms,
    normal_account,
)
from station_app.services.bills.commands import AskBillCancellation, TakeBill
from station_app.services.bills.facts import (
    BillCancellationAsked,
    BillDetails,
    BillRemark,
    BillTaken,
)
from station_app.services.bills.rules import QUEUED, Bill
from station_app.values.day import add_days
from station_app.values.money import say_yuan
from station_app.values.now import Now
from station_app.values.refusal import Refusal

ONLINE_MS = 10 * 60_000  # a quiet line asks the county every five minutes; twice that is no line
HOLDER_MAX, REMARK_MAX = 40, 200

Decision = Sequence[Saying] | Refusal


@dataclass(frozen=True, slots=True)
class Taking:
    """What taking a bill needs to know.

    terms: the biller's rules of today, None if there are none; unpaid_fen: what the station holds
    for that biller and no answer has come for; twins: the same account and amount today; is_online:
    the county was heard just now; slip: number for the paper.
    """

    terms: BillerTerms | None
    unpaid_fen: int = 0
    twins: int = 0
    is_online: bool = False
    slip: int = 0


def free_fen(terms: BillerTerms, unpaid_fen: int) -> int | None:
    """Return how much more may be taken in for a biller now; None if nothing bounds it."""
    return max(0, terms.limit_fen - unpaid_fen) if terms.limit_fen else None


def answer_day(terms: BillerTerms, day: str) -> str:
    """Return the day until which the villager hears how it went.

    What the station collects for its own village is settled at the end of the month.
    """
    if terms.policy != STATION:
        return add_days(day, terms.answer_days)
    next_month = add_days(day[:8] + "28", 4)[:8] + "01"
    return add_days(next_month, -1)


def not_offered(terms: BillerTerms | None, *, is_online: bool) -> Refusal | None:
    """Return why bills of a biller are not taken now, None if they are."""
    if terms is None:
        return Refusal("bills.BILLER_UNKNOWN")
    if terms.policy == DISABLED:
        return Refusal("bills.BILLER_OFF", {"biller": terms.name})
    if terms.policy == ONLINE_ONLY and not is_online:
        return Refusal("bills.NEEDS_LINE", {"biller": terms.name})
    return None


def account_refused(terms: BillerTerms, account_no: str) -> Refusal | None:
    """Return what is wrong with a normalised account number: its length first, then its signs."""
    if terms.fits(account_no):
        return None
    lengths = terms.lengths
    slots: dict[str, str | int] = {
        "label": terms.label,
        "lengths": said_lengths(lengths),
        "found": len(account_no),
    }
    if not account_no:
        return Refusal("bills.ACCOUNT_MISSING", slots)
    if lengths and len(account_no) < lengths[0]:
        return Refusal("bills.ACCOUNT_SHORT", {**slots, "missing": lengths[0] - len(account_no)})
    if lengths and len(account_no) > lengths[-1]:
        return Refusal("bills.ACCOUNT_LONG", {**slots, "more": len(account_no) - lengths[-1]})
    if lengths and len(account_no) not in lengths:
        return Refusal("bills.ACCOUNT_LENGTH", slots)
    return Refusal("bills.ACCOUNT_ODD", {**slots, "example": terms.example})


def said_lengths(lengths: Sequence[int]) -> str:
    """Return lengths as they are said: "10 位或 13 位", "6 到 12 位"."""
    if len(lengths) > 2 and lengths[-1] - lengths[0] == len(lengths) - 1:
        return f"{lengths[0]} 到 {lengths[-1]} 位"
    return "或 ".join(f"{length} 位" for length in lengths)


def amount_refused(terms: BillerTerms, amount_fen: int) -> Refusal | None:
    """Return what is wrong with an amount."""
    wrong = terms.amount_wrong(amount_fen)
    if not wrong:
        return None
    slots = {
        "least": say_yuan(terms.min_fen),
        "most": say_yuan(terms.max_fen),
        "choices": "、".join(say_yuan(fen) for fen in terms.quick_fen),
    }
    return Refusal(f"bills.AMOUNT_{wrong.upper()}", slots)


def take_bill(state: Taking, command: TakeBill, now: Now) -> Decision:
    """Take a bill in: held until the county says that the biller has it."""
    refusal = not_offered(state.terms, is_online=state.is_online)
    if refusal is not None or state.terms is None:
        return refusal or Refusal("bills.BILLER_UNKNOWN")
    terms = state.terms
    account_no = normal_account(command.account_no)
    refusal = account_refused(terms, account_no) or amount_refused(terms, command.amount_fen)
    if refusal is not None:
        return refusal
    free = free_fen(terms, state.unpaid_fen)
    if free is not None and command.amount_fen > free:
        return Refusal("bills.LIMIT_REACHED", {"free": say_yuan(free)})
    if state.twins and not command.is_meant:
        return Refusal("bills.SAME_TODAY", {"amount": say_yuan(command.amount_fen)})
    if len(command.holder) > HOLDER_MAX:
        return Refusal("bills.HOLDER_TOO_LONG", {"max": HOLDER_MAX})
    body = BillTaken(
        biller=terms.code,
        person=command.person,
        policy=terms.policy,
        amount_fen=command.amount_fen,
        fee_fen=terms.fee_fen,
        due_day=answer_day(terms, now.day),
        slip=state.slip,
        day=now.day,
    )
    details = BillDetails(account_no=account_no, holder=command.holder.strip())
    return (Saying(body, private=details),)


def ask_cancellation(state: Bill | None, command: AskBillCancellation, now: Now) -> Decision:
    """Ask the county to leave a bill; what becomes of it is the county's word."""
    if state is None or not state.founder:
        return Refusal("bills.BILL_UNKNOWN")
    if state.status != QUEUED:
        return Refusal("bills.ANSWERED_ALREADY")
    if state.is_cancellation_asked:
        return Refusal("bills.ASKED_ALREADY")
    if len(command.remark) > REMARK_MAX:
        return Refusal("bills.REMARK_TOO_LONG", {"max": REMARK_MAX})
    remark = BillRemark(remark=command.remark.strip()) if command.remark.strip() else None
    body = BillCancellationAsked(day=now.day)
    return (Saying(body, private=remark, entity=command.bill),)

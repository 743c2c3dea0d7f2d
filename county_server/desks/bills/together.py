"""Several bills at once: numbers written beside them, or the biller's answers pasted as a block.

Every line is judged by itself. What fits is said, the rest stays with its reason, so that nothing
has to be typed twice; a bill that somebody else has answered meanwhile is not answered again.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from county_server.county import County
from county_server.desks.bills import queue
from county_server.desks.bills.queue import Line
from county_server.desks.pen import Pen, Refused, check_mark, last_of, mark_of, writing
from station_app.journal.fact import Saying
from station_app.reference.billers import BillerTerms
from station_app.services.bills.facts import BillFailed, BillPaid
from station_app.services.bills.rules import QUEUED, Bill
from station_app.values.day import local_day
from station_app.values.money import parse_yuan

ROWS_MAX = 200
_PARTS = re.compile(r"[\s,，;；|\t]+")
_AMOUNT = re.compile(r"[¥￥]?[0-9][0-9,]*(\.[0-9]{1,2})?元?")


@dataclass(frozen=True, slots=True)
class Judged:
    """One line that was pasted. fault: end of a text key, "" for a good one; number: receipt."""

    row: int
    text: str
    fault: str = ""
    line: Line | None = None
    number: str = ""


def marks_of(lines: Iterable[Line]) -> dict[str, str]:
    """Return what a row of the list says of its bill, by its identity."""
    return {one.entity: f"{one.station}/{one.entity}/{mark_of(one.last)}" for one in lines}


def read_block(
    text: str, waiting: Sequence[Line], terms: Mapping[str, BillerTerms]
) -> list[Judged]:
    """Judge a block line by line: account number, amount and receipt number, in any order."""
    rows = [row.strip() for row in text.splitlines() if row.strip()][:ROWS_MAX]
    taken: set[str] = set()
    return [_judge(n, row, waiting, terms, taken) for n, row in enumerate(rows, 1)]


def _judge(
    row: int,
    text: str,
    waiting: Sequence[Line],
    terms: Mapping[str, BillerTerms],
    taken: set[str],
) -> Judged:
    words = [word for word in _PARTS.split(text) if word]
    of_account = [one for one in waiting if one.state.account_no in words]
    if not of_account:
        return Judged(row, text, "no_bill")
    rest = [word for word in words if word != of_account[0].state.account_no]
    amounts = [word for word in rest if _AMOUNT.fullmatch(word)]
    found = [
        (one, word)
        for one in of_account
        for word in amounts
        if parse_yuan(word.strip("¥￥元")) == one.state.amount_fen
    ]
    if not found:
        return Judged(row, text, "amount", of_account[0])
    free = [(one, word) for one, word in found if one.entity not in taken]
    if not free:
        return Judged(row, text, "twice", found[0][0])
    line, amount = free[0]
    numbers = [word for word in rest if word != amount]
    known = terms.get(line.state.biller)
    fitting = [word for word in numbers if known is None or known.fits_receipt(word)]
    if len(fitting) != 1:
        return Judged(row, text, "number", line)
    taken.add(line.entity)
    return Judged(row, text, "", line, fitting[0])


@contextmanager
def _waiting(county: County, mark: str, *, by: str, now: int) -> Iterator[tuple[Pen, str, Bill]]:
    """Open the bill of a row that still waits; raises Refused. mark: of `marks_of`."""
    station, entity, seen = (*mark.split("/"), "", "")[:3]
    with writing(county, station, by=by, now=now) as pen:
        check_mark(
            lambda: mark_of(last_of(county, pen.connection, station, queue.KIND, entity)), seen
        )
        state = queue.find_bill(county.store, pen.connection, station, entity)
        if state is None or state.status != QUEUED:
            raise Refused("bill_answered")
        yield pen, entity, state


def say_paid(county: County, mark: str, number: str, *, by: str, now: int) -> None:
    """Say that the bill of a row was paid; raises Refused."""
    day = local_day(now)
    with _waiting(county, mark, by=by, now=now) as (pen, entity, state):
        terms = queue.terms_of(county.store, pen.connection, day).get(state.biller)
        if terms is None or not terms.fits_receipt(number):
            raise Refused("bill_number", length="", found=len(number))
        body = BillPaid(
            answers=entity, amount_fen=state.amount_fen, fee_fen=state.fee_fen, number=number,
            day=day,
        )  # fmt: skip
        pen.say([Saying(body, entity=entity)])


def say_failed(county: County, mark: str, reason: str, *, by: str, now: int) -> None:
    """Say that the bill of a row could not be paid; raises Refused."""
    with _waiting(county, mark, by=by, now=now) as (pen, entity, state):
        body = BillFailed(
            answers=entity, amount_fen=state.amount_fen, fee_fen=state.fee_fen, reason=reason,
            day=local_day(now),
        )  # fmt: skip
        pen.say([Saying(body, entity=entity)])

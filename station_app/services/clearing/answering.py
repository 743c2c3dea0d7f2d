"""How a statement is answered: what the comparison found becomes facts.

An answer is given once. Charges and subsidies are booked only with it, and only those that it
accepts; each difference is a fact of its own, so that each is a case that somebody closes.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import msgspec

from station_app.journal.fact import Saying
from station_app.services.clearing import comparison
from station_app.services.clearing.books import CHARGE_ACCOUNTS
from station_app.services.clearing.commands import AnswerStatement
from station_app.services.clearing.comparison import Comparison, Row
from station_app.services.clearing.facts import (
    AcceptedCharge,
    Charge,
    DifferenceFound,
    StatementAnswered,
)
from station_app.services.clearing.statements import AGREED, DIFFERS, OPEN, REFUSED, Statement
from station_app.values.now import Now
from station_app.values.refusal import Refusal

DIFFERENCES_MAX = 300  # as facts of one act; beyond it the answer says how many there are

# Why a whole statement is refused, first things first.
ANOTHER_STATION = "another_station"
MONTH_TWICE = "month_twice"
BEFORE_MISSING = "before_missing"
CHARGE_IMPOSSIBLE = "charge_impossible"
OTHER_FACTS = "other_facts"  # it speaks of facts of ours that are not ours: a fork or a forgery
REASONS = (ANOTHER_STATION, MONTH_TWICE, BEFORE_MISSING, CHARGE_IMPOSSIBLE, OTHER_FACTS)

Decision = Sequence[Saying] | Refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class Answering:
    """A statement as it is looked at.

    reason: why the whole of it cannot be taken, "" when it can; not_here: the county had facts
    that this PC has not got yet; before_open: month of the statement before, if that waits for
    its answer; is_replaced: the county has issued another in its place; compared: None unless it
    can be compared.
    """

    statement: Statement | None
    charges: tuple[Charge, ...] = ()
    reason: str = ""
    not_here: bool = False
    before_open: str = ""
    is_replaced: bool = False
    compared: Comparison | None = None


def why_refused(
    *,
    statement: Statement,
    station: str,
    others: Sequence[tuple[str, Statement]],
    charges: Sequence[Charge],
) -> str:
    """Return why a whole statement cannot be taken, "" when it can be compared.

    others: the other statements held here, with their identities.
    """
    if statement.station != station:
        return ANOTHER_STATION
    by_identity = dict(others)
    for _, other in others:
        is_same = other.station == station and other.month == statement.month
        if is_same and other.status != REFUSED and not _is_one_line(statement, other, by_identity):
            return MONTH_TWICE
    before = by_identity.get(statement.since)
    if statement.since and (before is None or not _leads_to(before, statement)):
        return BEFORE_MISSING
    followed = [other for _, other in others if _follows(other, statement, station)]
    if followed:
        return BEFORE_MISSING
    numbers = [charge.number for charge in charges]
    if len(set(numbers)) < len(numbers):
        return CHARGE_IMPOSSIBLE
    possible = all(c.account in CHARGE_ACCOUNTS and c.amount_fen for c in charges)
    return "" if possible else CHARGE_IMPOSSIBLE


def replaced(statements: Iterable[Statement]) -> set[str]:
    """Return the identities of those in whose place another was issued that was not sent back."""
    return {one.replaces for one in statements if one.replaces and one.status != REFUSED}


def _is_one_line(statement: Statement, other: Statement, known: Mapping[str, Statement]) -> bool:
    """Tell whether one of two statements of a month was issued in the other's place.

    That may have come through others between them. One whose charges are booked already cannot be
    replaced: they would be booked twice.
    """
    if other.issued in _places_taken(statement, known):
        return not other.accepted
    return statement.issued in _places_taken(other, known) and not statement.accepted


def _places_taken(statement: Statement, known: Mapping[str, Statement]) -> set[str]:
    """Return the identities of those in whose place this one stands, one after the other."""
    found: set[str] = set()
    place = statement.replaces
    while place and place not in found:
        found.add(place)
        place = known[place].replaces if place in known else ""
    return found


def _leads_to(before: Statement, statement: Statement) -> bool:
    """Tell whether a statement may go on where this one ended: one refused was never compared."""
    return before.month < statement.month and before.status != REFUSED


def _follows(other: Statement, statement: Statement, station: str) -> bool:
    """Tell whether an earlier month follows the same statement: its lines would count twice."""
    return (
        other.station == station
        and other.month < statement.month
        and other.since == statement.since
        and other.status != REFUSED
    )


def answer_statement(state: Answering, command: AnswerStatement, now: Now) -> Decision:
    """Answer with what was found: agreed, differs line by line, or refused whole."""
    statement = state.statement
    if statement is None or not statement.issued:
        return Refusal("clearing.NO_SUCH_STATEMENT")
    if statement.status != OPEN:
        return Refusal("clearing.ANSWERED_ALREADY")
    if state.is_replaced:
        return Refusal("clearing.REPLACED")
    if state.reason:
        body = _answer(REFUSED, now, reason=state.reason)
        return [Saying(body, entity=command.statement)]
    if state.before_open:
        return Refusal("clearing.ANSWER_BEFORE_FIRST", {"month": state.before_open})
    if state.not_here or state.compared is None:
        return Refusal("clearing.NOT_ALL_HERE")
    by_number = {charge.number: charge for charge in state.charges}
    if any(number not in by_number for number in command.accepted):
        return Refusal("clearing.NO_SUCH_CHARGE")
    compared = state.compared
    found = compared.differences
    accepted = tuple(_accepted(by_number[n]) for n in sorted(set(command.accepted)))
    answer = msgspec.structs.replace(
        _answer(DIFFERS if found else AGREED, now, compared=compared),
        accepted=accepted,
        declined=tuple(sorted(set(by_number) - set(command.accepted))),
    )
    return [
        Saying(answer, entity=command.statement),
        *(_difference(row, command.statement, statement, now) for row in found[:DIFFERENCES_MAX]),
    ]


def _answer(
    result: str, now: Now, *, reason: str = "", compared: Comparison | None = None
) -> StatementAnswered:
    return StatementAnswered(
        result=result,
        reason=reason,
        equal=compared.count(comparison.EQUAL) if compared else 0,
        waiting=compared.count(comparison.WAITS) if compared else 0,
        differences=len(compared.differences) if compared else 0,
        accepted=(),
        declined=(),
        day=now.day,
    )


def _accepted(charge: Charge) -> AcceptedCharge:
    return AcceptedCharge(
        number=charge.number, account=charge.account, amount_fen=charge.amount_fen
    )


def _difference(row: Row, identity: str, statement: Statement, now: Now) -> Saying:
    return Saying(
        DifferenceFound(
            statement=identity,
            month=statement.month,
            difference=row.state,
            fact=row.fact,
            fact_kind=row.kind,
            account=row.account,
            theirs_fen=row.theirs_fen,
            other_account=row.other_account,
            ours_fen=row.ours_fen,
            day=now.day,
        )
    )

"""What is known of the county's monthly statements, and of the differences found in them.

A statement comes as a head and its parts; its lines stay in the facts, since a month is too long
for a state that is written anew with each of them. The answer is the station's.
"""

import msgspec

from station_app.journal.fact import Told
from station_app.journal.projection import Cases, Columns, EntityKind
from station_app.services.cash.facts import Position
from station_app.services.clearing.facts import (
    AcceptedCharge,
    DifferenceFound,
    StatementAnswered,
    StatementContinued,
    StatementIssued,
)

# A statement is one of these.
OPEN = "open"
AGREED = "agreed"
REFUSED = "refused"
DIFFERS = "differs"
ANSWERS = (AGREED, DIFFERS, REFUSED)


class Statement(msgspec.Struct, frozen=True, kw_only=True):
    """A month's statement and its answer. issued: identity, "" while only parts are here.

    parts: identities of the parts held here: their lines are read from the facts; a month is too
    long for a state that is written anew with each fact.
    """

    status: str = ""
    issued: str = ""
    station: str = ""
    month: str = ""
    since: str = ""
    replaces: str = ""
    positions: tuple[Position, ...] = ()
    parts_said: int = 0
    lines_said: int = 0
    totals_said: int = 0
    parts: tuple[str, ...] = ()
    issued_day: str = ""
    reason: str = ""
    equal: int = 0
    waiting: int = 0
    differences: int = 0
    accepted: tuple[AcceptedCharge, ...] = ()
    declined: tuple[int, ...] = ()
    answered_day: str = ""
    answers: tuple[str, ...] = ()


def fold_statement(state: Statement | None, told: Told) -> Statement:
    """Apply one fact; of several answers the first by order of facts is the one shown."""
    known = state or Statement()
    replace = msgspec.structs.replace
    body = told.body
    if isinstance(body, StatementIssued):
        return replace(
            known,
            status=known.status or OPEN,
            issued=told.identity,
            station=body.station,
            month=body.month,
            since=body.since,
            replaces=body.replaces,
            positions=body.positions,
            parts_said=body.parts,
            lines_said=body.lines,
            totals_said=body.totals,
            issued_day=body.day,
        )
    if isinstance(body, StatementContinued):
        return replace(known, parts=(*known.parts, told.identity))
    assert isinstance(body, StatementAnswered)
    answers = (*known.answers, told.identity)
    if known.answers:
        return replace(known, answers=answers)
    return replace(
        known,
        status=body.result,
        reason=body.reason,
        equal=body.equal,
        waiting=body.waiting,
        differences=body.differences,
        accepted=body.accepted,
        declined=body.declined,
        answered_day=body.day,
        answers=answers,
    )


def statement_cases(state: Statement) -> Cases:
    """A statement refused whole waits for the county's word; two answers are one too many."""
    found: Cases = {}
    if state.status == REFUSED:
        found["clearing.statement_refused"] = state.answers[:1]
    if len(state.answers) > 1:
        found["clearing.answered_twice"] = state.answers
    return found


STATEMENT = EntityKind(
    name="statement",
    state=Statement,
    facts=(StatementIssued, StatementContinued, StatementAnswered),
    fold=fold_statement,
    cases=statement_cases,
    columns=Columns(
        table="statements",
        fields=(
            ("status", "TEXT"),
            ("station", "TEXT"),
            ("month", "TEXT"),
            ("since", "TEXT"),
            ("replaces", "TEXT"),
            ("issued_day", "TEXT"),
            ("differences", "INTEGER"),
            ("answered_day", "TEXT"),
        ),
        row=lambda s: (
            s.status,
            s.station,
            s.month,
            s.since,
            s.replaces,
            s.issued_day,
            s.differences,
            s.answered_day,
        ),
        indexes=(("month", "issued_day"), ("status",)),
    ),
)


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """One difference between a statement and the journal here; its case is open until closed."""

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
    found: tuple[str, ...] = ()


def fold_difference(_state: Difference | None, told: Told) -> Difference:
    """Keep a difference as it was found."""
    body: DifferenceFound = told.body
    return Difference(
        statement=body.statement,
        month=body.month,
        difference=body.difference,
        fact=body.fact,
        fact_kind=body.fact_kind,
        account=body.account,
        theirs_fen=body.theirs_fen,
        other_account=body.other_account,
        ours_fen=body.ours_fen,
        day=body.day,
        found=(told.identity,),
    )


DIFFERENCE = EntityKind(
    name="difference",
    state=Difference,
    facts=(DifferenceFound,),
    fold=fold_difference,
    cases=lambda state: {"clearing.statement_differs": state.found},
    columns=Columns(
        table="differences",
        fields=(("statement", "TEXT"), ("difference", "TEXT"), ("day", "TEXT")),
        row=lambda d: (d.statement, d.difference, d.day),
        indexes=(("statement",),),
    ),
)

ENTITIES = (STATEMENT, DIFFERENCE)

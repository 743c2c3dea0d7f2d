"""The county's statement against this station's journal, line by line.

A line says what one fact did to one account; both books post the same facts by the same rules, so
an honest statement of the facts that the county had equals ours to the fen. Every line that does
not is a difference with a name. Totals are never believed: they are summed anew from the lines,
and an opening must be the closing of the statement before.

Pure: the lines here were read by `statement_records`, for exactly the facts that the statement
says the county had. What it had not yet is no difference; it waits, and is named.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from station_app.services.clearing.facts import AccountTotal, StatementLine

EQUAL = "equal"
WAITS = "waits"
# Differences, in the order in which they are shown.
AMOUNT = "amount"  # both have the line, not the amount
ACCOUNT = "account"  # both have the fact, on another account
KIND = "kind"  # the same line under another kind of fact
MISSING = "missing"  # the county had the fact, and does not list it
UNKNOWN = "unknown"  # this station knows no such fact
UNPOSTED = "unposted"  # the fact is here and did nothing to this account
DOUBLED = "doubled"  # the statement lists the line twice
BEFORE = "before"  # it stood in a statement before
EARLY = "early"  # the statement lists what it says the county had not yet
OPENING = "opening"  # does not begin where the statement before ended
CLOSING = "closing"  # is not the opening and the lines
COUNT = "count"  # says how many lines or totals there are, and has others
DIFFERENCES = (
    AMOUNT,
    ACCOUNT,
    KIND,
    MISSING,
    UNKNOWN,
    UNPOSTED,
    DOUBLED,
    BEFORE,
    EARLY,
    OPENING,
    CLOSING,
    COUNT,
)

_Key = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line as it was compared. state: `EQUAL`, `WAITS` or a difference.

    account, theirs_fen: as the statement says; other_account, ours_fen: as it stands here. Where
    only one side has the line the other's account is "" and its amount 0.
    """

    state: str
    fact: str = ""
    kind: str = ""
    account: str = ""
    theirs_fen: int = 0
    other_account: str = ""
    ours_fen: int = 0

    @property
    def shown_account(self) -> str:
        """Return the account that the line speaks of, whoever has it."""
        return self.account or self.other_account


@dataclass(frozen=True, slots=True, kw_only=True)
class Theirs:
    """What a statement says, its parts put together, and how much it says there should be."""

    lines: Sequence[StatementLine]
    totals: Sequence[AccountTotal]
    lines_said: int
    totals_said: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Ours:
    """What this journal says of the same facts.

    lines: of the facts that the county had and that no statement before covers; waiting: of those
    that it had not; before: facts that a statement before covers; known: facts held here, of
    those that the statement names; openings: where the statement before ended, by account.
    """

    lines: Sequence[StatementLine]
    waiting: Sequence[StatementLine] = ()
    before: frozenset[str] = frozenset()
    known: frozenset[str] = frozenset()
    openings: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Comparison:
    """All lines as compared: differences first, then what waits, then what is equal."""

    rows: tuple[Row, ...]

    @property
    def differences(self) -> tuple[Row, ...]:
        """Return what does not fit."""
        return tuple(row for row in self.rows if row.state in DIFFERENCES)

    def count(self, state: str) -> int:
        """Return how many lines are so."""
        return sum(row.state == state for row in self.rows)


def compare(theirs: Theirs, ours: Ours) -> Comparison:
    """Compare a statement with the journal."""
    rows = [
        *_compare_lines(theirs.lines, ours),
        *_compare_totals(theirs, ours.openings),
        *_compare_counts(theirs),
        *(_ours(WAITS, line) for line in ours.waiting),
    ]
    order = {state: place for place, state in enumerate((*DIFFERENCES, WAITS, EQUAL))}
    return Comparison(tuple(sorted(rows, key=lambda row: order[row.state])))


def _ours(state: str, line: StatementLine) -> Row:
    return Row(
        state=state,
        fact=line.fact,
        kind=line.kind,
        other_account=line.account,
        ours_fen=line.amount_fen,
    )


def _theirs(state: str, line: StatementLine) -> Row:
    return Row(
        state=state,
        fact=line.fact,
        kind=line.kind,
        account=line.account,
        theirs_fen=line.amount_fen,
    )


def _both(state: str, theirs: StatementLine, ours: StatementLine) -> Row:
    return Row(
        state=state,
        fact=theirs.fact,
        kind=theirs.kind,
        account=theirs.account,
        theirs_fen=theirs.amount_fen,
        other_account=ours.account,
        ours_fen=ours.amount_fen,
    )


def _compare_lines(lines: Sequence[StatementLine], ours: Ours) -> list[Row]:
    mine = {(line.fact, line.account): line for line in ours.lines}
    assert len(mine) == len(ours.lines), "a fact has one line for an account here"
    rows: list[Row] = []
    seen: set[_Key] = set()
    alone: dict[str, list[StatementLine]] = defaultdict(list)
    for line in lines:
        key = (line.fact, line.account)
        if key in seen:
            rows.append(_theirs(DOUBLED, line))
            continue
        seen.add(key)
        if key in mine:
            rows.append(_meet(line, mine[key]))
        else:
            alone[line.fact].append(line)
    left: dict[str, list[StatementLine]] = defaultdict(list)
    for key, own in mine.items():
        if key not in seen:
            left[own.fact].append(own)
    for fact, strangers in alone.items():
        for line in strangers:
            partner = _partner(line, left[fact])
            rows.append(
                _both(ACCOUNT, line, partner) if partner else _theirs(_why_alone(line, ours), line)
            )
    rows += [_ours(MISSING, line) for remaining in left.values() for line in remaining]
    return rows


def _meet(line: StatementLine, mine: StatementLine) -> Row:
    if line.amount_fen != mine.amount_fen:
        return _both(AMOUNT, line, mine)
    return _both(EQUAL if line.kind == mine.kind else KIND, line, mine)


def _partner(line: StatementLine, left: list[StatementLine]) -> StatementLine | None:
    """Take our line of the same fact that stands on another account, of equal amount if any."""
    if not left:
        return None
    same = [own for own in left if own.amount_fen == line.amount_fen]
    chosen = (same or left)[0]
    left.remove(chosen)
    return chosen


def _why_alone(line: StatementLine, ours: Ours) -> str:
    if line.fact in ours.before:
        return BEFORE
    if any(line.fact == waiting.fact for waiting in ours.waiting):
        return EARLY
    return UNPOSTED if line.fact in ours.known else UNKNOWN


def _compare_totals(theirs: Theirs, openings: Mapping[str, int]) -> list[Row]:
    sums: dict[str, int] = defaultdict(int)
    for line in theirs.lines:
        sums[line.account] += line.amount_fen
    rows: list[Row] = []
    said: set[str] = set()
    for total in theirs.totals:
        account = total.account
        if account in said:
            rows.append(Row(state=DOUBLED, account=account, theirs_fen=total.closing_fen))
            continue
        said.add(account)
        began_fen = openings.get(account, 0)
        if total.opening_fen != began_fen:
            rows.append(_total(OPENING, account, total.opening_fen, began_fen))
        ended_fen = total.opening_fen + sums[account]
        if total.closing_fen != ended_fen:
            rows.append(_total(CLOSING, account, total.closing_fen, ended_fen))
    for account in sorted({*sums, *openings} - said):
        if openings.get(account, 0):
            rows.append(_total(OPENING, account, 0, openings[account]))
        elif sums[account]:
            rows.append(_total(CLOSING, account, 0, sums[account]))
    return rows


def _total(state: str, account: str, theirs_fen: int, ours_fen: int) -> Row:
    return Row(
        state=state,
        account=account,
        theirs_fen=theirs_fen,
        other_account=account,
        ours_fen=ours_fen,
    )


def _compare_counts(theirs: Theirs) -> list[Row]:
    counts = (
        ("lines", theirs.lines_said, len(theirs.lines)),
        ("totals", theirs.totals_said, len(theirs.totals)),
    )
    return [Row(state=COUNT, kind=what) for what, said, came in counts if said != came]

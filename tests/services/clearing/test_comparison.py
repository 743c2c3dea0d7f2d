"""A statement against the journal: an honest one never differs, a falsified line is found.

The honest statement is made here by its own few lines, which know nothing of the comparison: it
walks the history once with a running balance, as a clerk would with a book.
"""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from station_app.services.clearing import comparison
from station_app.services.clearing.comparison import Ours, Row, Theirs, compare
from station_app.services.clearing.facts import AccountTotal, StatementLine

ACCOUNTS = (
    "Liabilities:County",
    "Liabilities:Held:Prepayment:AAAABBBBCCCCDDDD:County",
    "Liabilities:Held:Grower:EEEEFFFFGGGGHHHH:County",
)
KINDS = ("remittance.sent", "bill.paid", "lot.sold_by_county", "act.reversed")


def line(fact: str, account: str = ACCOUNTS[0], fen: int = 100, kind: str = KINDS[0]):
    return StatementLine(fact=fact * 64, kind=kind, account=account, amount_fen=fen)


@st.composite
def histories(draw):
    """Return lines of facts in the order of recording: a fact touches each account once."""
    count = draw(st.integers(1, 12))
    lines = []
    for number in range(count):
        accounts = draw(st.lists(st.sampled_from(ACCOUNTS), min_size=1, unique=True))
        kind = draw(st.sampled_from(KINDS))
        lines += [
            StatementLine(
                fact=f"{number:064x}",
                kind=kind,
                account=account,
                amount_fen=draw(st.integers(-50_000, 50_000).filter(bool)),
            )
            for account in accounts
        ]
    return lines


def clerk(history, began, ended):
    """Return the statement of a period as a clerk writes it: with a running balance."""
    books: dict[str, int] = {}
    opening: dict[str, int] = {}
    lines = []
    for place, entry in enumerate(history[:ended]):
        if place == began:
            opening = dict(books)
        books[entry.account] = books.get(entry.account, 0) + entry.amount_fen
        if place >= began:
            lines.append(entry)
    if began == ended:
        opening = dict(books)
    totals = [
        AccountTotal(account=account, opening_fen=opening.get(account, 0), closing_fen=fen)
        for account, fen in sorted(books.items())
    ]
    return Theirs(
        lines=lines, totals=totals, lines_said=len(lines), totals_said=len(totals)
    ), opening


def journal(history, began, ended, openings):
    return Ours(
        lines=history[began:ended],
        waiting=history[ended:],
        before=frozenset(entry.fact for entry in history[:began]),
        known=frozenset(entry.fact for entry in history),
        openings=openings,
    )


def cut_at_facts(history, data):
    """Return two places between facts, the earlier first: a fact is in a period as a whole."""
    places = (
        [0]
        + [
            place
            for place in range(1, len(history))
            if history[place].fact != history[place - 1].fact
        ]
        + [len(history)]
    )
    began = data.draw(st.sampled_from(places))
    ended = data.draw(st.sampled_from([place for place in places if place >= began]))
    return began, ended


@given(histories(), st.data())
def test_an_honest_statement_never_differs(history, data):
    began, ended = cut_at_facts(history, data)
    theirs, openings = clerk(history, began, ended)
    found = compare(theirs, journal(history, began, ended, openings))
    assert found.differences == ()
    assert found.count(comparison.EQUAL) == ended - began
    assert found.count(comparison.WAITS) == len(history) - ended


FALSIFICATIONS = {
    "one fen more": comparison.AMOUNT,
    "one fen less": comparison.AMOUNT,
    "another account": comparison.ACCOUNT,
    "left out": comparison.MISSING,
    "invented": comparison.UNKNOWN,
    "doubled": comparison.DOUBLED,
    "another kind": comparison.KIND,
    "from before": comparison.BEFORE,
    "too early": comparison.EARLY,
}


def falsified(lines, place, how, history, began, ended):
    """Return the lines with one of them falsified, and the fact that must be named."""
    chosen = lines[place]
    replace = msgspec.structs.replace
    rest = [*lines[:place], *lines[place + 1 :]]
    if how == "one fen more":
        return [*rest, replace(chosen, amount_fen=chosen.amount_fen + 1)], chosen.fact
    if how == "one fen less":
        return [*rest, replace(chosen, amount_fen=chosen.amount_fen - 1)], chosen.fact
    if how == "another account":
        touched = {entry.account for entry in lines if entry.fact == chosen.fact}
        free = [account for account in (*ACCOUNTS, "Income:Sales") if account not in touched]
        return [*rest, replace(chosen, account=free[0])], chosen.fact
    if how == "left out":
        return rest, chosen.fact
    if how == "doubled":
        return [*lines, chosen], chosen.fact
    if how == "another kind":
        return [*rest, replace(chosen, kind="parcel.shelved")], chosen.fact
    if how == "invented":
        stranger = replace(chosen, fact="f" * 64)
    else:
        stranger = history[0] if how == "from before" else history[-1]
    return [*lines, stranger], stranger.fact


@given(histories(), st.data(), st.sampled_from(sorted(FALSIFICATIONS)), st.booleans())
def test_any_falsified_line_is_found_and_named(history, data, how, covers_up):
    """Whether the totals were left as they were, or made to fit the falsified lines."""
    began, ended = cut_at_facts(history, data)
    if how == "from before" and began == 0:
        return
    if how == "too early" and ended == len(history):
        return
    theirs, openings = clerk(history, began, ended)
    if not theirs.lines:
        return
    place = data.draw(st.integers(0, len(theirs.lines) - 1))
    lines, fact = falsified(theirs.lines, place, how, history, began, ended)
    totals = list(theirs.totals)
    if covers_up:
        sums: dict[str, int] = dict(openings)
        for entry in lines:
            sums[entry.account] = sums.get(entry.account, 0) + entry.amount_fen
        totals = [
            AccountTotal(account=account, opening_fen=openings.get(account, 0), closing_fen=fen)
            for account, fen in sums.items()
        ]
    said = Theirs(lines=lines, totals=totals, lines_said=len(lines), totals_said=len(totals))
    found = compare(said, journal(history, began, ended, openings))
    assert (FALSIFICATIONS[how], fact) in {(row.state, row.fact) for row in found.differences}
    by_lines = [row for row in found.differences if row.fact]
    assert {row.fact for row in by_lines} == {fact}
    moves = how != "another kind"
    by_totals = [row for row in found.differences if row.state == comparison.CLOSING]
    assert bool(by_totals) == (moves and not covers_up)


@pytest.mark.long
@given(histories(), st.data(), st.sampled_from(("opening_fen", "closing_fen")))
def test_any_falsified_total_is_found(history, data, field):
    began, ended = cut_at_facts(history, data)
    theirs, openings = clerk(history, began, ended)
    if not theirs.totals:
        return
    place = data.draw(st.integers(0, len(theirs.totals) - 1))
    was = theirs.totals[place]
    wrong = msgspec.structs.replace(was, **{field: getattr(was, field) + 1})
    totals = [*theirs.totals[:place], wrong, *theirs.totals[place + 1 :]]
    said = Theirs(
        lines=theirs.lines,
        totals=totals,
        lines_said=theirs.lines_said,
        totals_said=theirs.totals_said,
    )
    found = compare(said, journal(history, began, ended, openings)).differences
    assert {row.account for row in found} == {was.account}


# --- Cases that need a name ----------------------------------------------------------------------


def states(found):
    return [(row.state, row.theirs_fen, row.ours_fen) for row in found.rows]


def alone(*lines, totals=()):
    return Theirs(lines=lines, totals=totals, lines_said=len(lines), totals_said=len(totals))


def total(closing, opening=0, account=ACCOUNTS[0]):
    return AccountTotal(account=account, opening_fen=opening, closing_fen=closing)


def test_a_fact_that_did_nothing_to_the_account_is_told_from_an_unknown_one():
    ours = Ours(lines=(), known=frozenset({"a" * 64}))
    said = alone(line("a"), line("b"), totals=(total(200),))
    assert [row.state for row in compare(said, ours).differences] == [
        comparison.UNKNOWN,
        comparison.UNPOSTED,
    ]


def test_two_accounts_of_one_fact_swapped_are_two_wrong_amounts():
    mine = (line("a", ACCOUNTS[0], 5), line("a", ACCOUNTS[1], -7))
    theirs = (line("a", ACCOUNTS[0], -7), line("a", ACCOUNTS[1], 5))
    totals = (total(-7), total(5, account=ACCOUNTS[1]))
    found = compare(alone(*theirs, totals=totals), Ours(lines=mine))
    assert states(found) == [(comparison.AMOUNT, -7, 5), (comparison.AMOUNT, 5, -7)]


def test_a_line_on_another_account_is_one_difference_with_both_sides():
    found = compare(
        alone(line("a", ACCOUNTS[1], 5), totals=(total(5, account=ACCOUNTS[1]),)),
        Ours(lines=(line("a", ACCOUNTS[0], 5),)),
    )
    (row,) = found.differences
    assert (row.state, row.account, row.other_account) == (
        comparison.ACCOUNT,
        ACCOUNTS[1],
        ACCOUNTS[0],
    )


def test_totals_that_are_left_out_are_found():
    ours = Ours(lines=(line("a"),), openings={ACCOUNTS[1]: 700})
    found = compare(alone(line("a")), ours)
    assert {(row.state, row.account) for row in found.differences} == {
        (comparison.CLOSING, ACCOUNTS[0]),
        (comparison.OPENING, ACCOUNTS[1]),
    }


def test_a_total_twice_and_counts_that_lie_are_found():
    said = Theirs(lines=(line("a"),), totals=(total(100), total(100)), lines_said=2, totals_said=1)
    found = compare(said, Ours(lines=(line("a"),)))
    assert [(row.state, row.kind) for row in found.differences] == [
        (comparison.DOUBLED, ""),
        (comparison.COUNT, "lines"),
        (comparison.COUNT, "totals"),
    ]


def test_differences_stand_first_and_what_waits_before_what_is_equal():
    ours = Ours(lines=(line("a"), line("b")), waiting=(line("c"),))
    said = alone(line("a"), line("b", fen=101), totals=(total(201),))
    assert [row.state for row in compare(said, ours).rows] == [
        comparison.AMOUNT,
        comparison.WAITS,
        comparison.EQUAL,
    ]
    assert compare(said, ours).rows[0] == Row(
        state=comparison.AMOUNT,
        fact="b" * 64,
        kind=KINDS[0],
        account=ACCOUNTS[0],
        theirs_fen=101,
        other_account=ACCOUNTS[0],
        ours_fen=100,
    )

"""The county's statement against the journal of a real station, and what the answer does.

The honest statement is written by `bookkeeper`, which reads nothing but what each fact posts and
knows neither the queries nor the comparison of the slice.
"""

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from station_app.journal.log import FactLog
from station_app.journal.verify import verify
from station_app.ledger.balances import books
from station_app.services.clearing import answering, comparison, records, statement_records
from station_app.services.clearing.commands import AnswerStatement
from station_app.services.clearing.facts import AccountTotal, Charge, StatementLine
from station_app.shell.desk import Done
from station_app.vocabulary import VOCABULARY
from tests.services.clearing.office import STATION, TEXTS, Office, current, prepayment


@pytest.fixture
def office():
    made = Office().open()
    yield made
    assert verify(made.connection, VOCABULARY).is_sound


# --- The independent bookkeeper ------------------------------------------------------------------


def is_countys(account):
    parts = account.split(":")
    return account == "Liabilities:County" or (parts[1] == "Held" and parts[-1] == "County")


def bookkeeper(office, *, seen=frozenset()):
    """Return lines and totals for all facts held here that `seen` does not name."""
    log = FactLog(office.connection)
    opening: dict[str, int] = {}
    closing: dict[str, int] = {}
    lines = []
    for head in log.heads():
        for fact in log.all_of(head.stream):
            sums: dict[str, int] = {}
            for line in VOCABULARY.post(VOCABULARY.read(fact)):
                if is_countys(line.account):
                    sums[line.account] = sums.get(line.account, 0) + line.amount
            for account, fen in sums.items():
                closing[account] = closing.get(account, 0) + fen
                if fact.identity in seen:
                    opening[account] = opening.get(account, 0) + fen
                elif fen:
                    lines.append(
                        StatementLine(
                            fact=fact.identity, kind=fact.kind, account=account, amount_fen=fen
                        )
                    )
    totals = [
        AccountTotal(account=name, opening_fen=opening.get(name, 0), closing_fen=fen)
        for name, fen in sorted(closing.items())
    ]
    return lines, totals


def all_facts(office):
    log = FactLog(office.connection)
    return frozenset(f.identity for head in log.heads() for f in log.all_of(head.stream))


def issue(office, month="2026-11", *, change=lambda lines: lines, **words):
    """Issue an honest statement of everything so far, or one changed by `change`."""
    lines, totals = bookkeeper(office, seen=words.pop("seen", frozenset()))
    positions = words.pop("positions", office.pen.positions())
    return office.pen.state_month(month, change(list(lines)), totals, positions=positions, **words)


def business(office):
    """Do a bit of everything that the county hears of."""
    order = office.order(10_000)
    bill = office.bill(12_650)
    office.pen.paid(bill, 12_650)
    done = office.remit(prepayment(order, 10_000), current(12_650))
    office.pen.confirm(done.told[0].identity, 22_650)
    office.pen.sold(18_000)


def state_of(office, statement):
    found = statement_records.statement(office.connection, statement)
    assert found is not None
    return found


def look(office, statement):
    return statement_records.look_at(office.connection, statement, STATION)


def answer(office, statement, *accepted):
    return office.do(AnswerStatement(statement=statement, accepted=accepted))


# --- Honest statements ---------------------------------------------------------------------------


def test_an_honest_statement_is_agreed(office):
    business(office)
    statement = issue(office)
    found = look(office, statement).compared
    assert found.differences == ()
    assert found.count(comparison.EQUAL) == 6
    answered = answer(office, statement).told
    assert [fact.kind for fact in answered] == ["statement.answered"]
    state = state_of(office, statement)
    assert (state.status, state.equal, state.differences) == ("agreed", 6, 0)
    assert office.cases() == set()


def test_the_second_month_goes_on_where_the_first_ended(office):
    business(office)
    first = issue(office)
    answer(office, first)
    seen = all_facts(office)
    # The head of the first statement itself came after its positions; it posts nothing.
    office.pen.sold(2_000)
    office.remit(current(700), may_exceed=True)
    second = issue(office, "2026-12", since=first, seen=seen)
    found = look(office, second).compared
    assert found.differences == ()
    assert found.count(comparison.EQUAL) == 3
    assert answer(office, second).told[0].body.result == "agreed"


def test_what_the_county_had_not_yet_waits_and_is_no_difference(office):
    business(office)
    positions = office.pen.positions()
    lines, totals = bookkeeper(office)
    late = office.remit(current(700), may_exceed=True).told[0].identity
    statement = office.pen.state_month("2026-11", lines, totals, positions=positions)
    found = look(office, statement).compared
    assert found.differences == ()
    assert [row.fact for row in found.rows if row.state == comparison.WAITS] == [late]
    assert answer(office, statement).told[0].body.waiting == 1


def test_an_undone_act_stands_in_both_books_and_agrees(office):
    business(office)
    office.undo(office.remit(current(700), may_exceed=True))
    office.restart()
    office.remit(current(300), may_exceed=True)
    statement = issue(office)
    assert look(office, statement).compared.differences == ()


def test_a_statement_longer_than_a_fact_comes_in_parts(office):
    for _ in range(250):
        office.pen.sold(100)
    statement = issue(office)
    state = state_of(office, statement)
    assert len(state.parts) == 3
    assert look(office, statement).compared.differences == ()


HISTORIES = st.lists(
    st.tuples(st.sampled_from(("order", "bill", "remit", "sold", "undo", "restart")),
              st.integers(1, 300)),
    min_size=1,
    max_size=8,
)  # fmt: skip


def live(history):
    """Live through a history; return the office and how it stood after each step."""
    office = Office().open()
    steps = []
    for what, yuan in history:
        fen = yuan * 100
        if what == "order":
            office.remit(prepayment(office.order(fen), fen))
        elif what == "bill":
            office.pen.paid(office.bill(fen), fen)
        elif what == "remit":
            office.remit(current(fen), may_exceed=True)
        elif what == "sold":
            office.pen.sold(fen)
        elif what == "undo":
            office.undo(office.remit(current(fen), may_exceed=True))
        else:
            office.restart()
        steps.append((office.pen.positions(), bookkeeper(office)))
    return office, steps


QUIET = settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.too_slow])


@QUIET
@given(HISTORIES, st.data())
def test_an_honest_statement_of_any_history_never_differs(history, data):
    office, steps = live(history)
    positions, (lines, totals) = data.draw(st.sampled_from(steps))
    statement = office.pen.state_month("2026-11", lines, totals, positions=positions)
    found = look(office, statement).compared
    assert found.differences == ()
    assert found.count(comparison.EQUAL) == len(lines)


@QUIET
@given(HISTORIES, st.data())
def test_a_falsified_line_of_any_history_is_found_and_opens_its_case(history, data):
    office, steps = live(history)
    positions, (lines, totals) = steps[-1]
    if not lines:
        return
    place = data.draw(st.integers(0, len(lines) - 1))
    how = data.draw(st.sampled_from(("more", "less", "out", "twice", "account", "invented")))
    wrong = falsify(list(lines), place, how)
    statement = office.pen.state_month("2026-11", wrong, totals, positions=positions)
    done = answer(office, statement)
    assert done.told[0].body.result == "differs"
    named = {fact.body.fact for fact in done.told[1:]} - {""}
    assert named == ({lines[place].fact} if how != "invented" else {"f" * 64})
    assert office.cases() == {"clearing.statement_differs"}


def falsify(lines, place, how):
    replace = msgspec.structs.replace
    chosen = lines[place]
    if how == "more":
        lines[place] = replace(chosen, amount_fen=chosen.amount_fen + 1)
    elif how == "less":
        lines[place] = replace(chosen, amount_fen=chosen.amount_fen - 1)
    elif how == "account":
        lines[place] = replace(chosen, account="Liabilities:Held:Bill:AAAABBBBCCCCDDDD:County")
    elif how == "out":
        del lines[place]
    elif how == "twice":
        lines.append(chosen)
    else:
        lines.append(replace(chosen, fact="f" * 64))
    return lines


# --- What is booked with the answer --------------------------------------------------------------

CHARGES = (
    Charge(number=1, account="Income:Subsidy", reason="operation", amount_fen=20_000),
    Charge(number=2, account="Expenses:Charges", reason="materials", amount_fen=-1_500),
)


def test_a_charge_counts_only_when_the_station_accepts_it(office):
    business(office)
    before = books(office.connection)
    statement = issue(office, charges=CHARGES)
    assert books(office.connection) == before
    body = answer(office, statement, 1).told[0].body
    assert [charge.number for charge in body.accepted] == [1]
    assert body.declined == (2,)
    assert office.balance("Income:Subsidy") == -20_000
    assert office.balance("Expenses:Charges") == 0
    assert office.balance("Liabilities:County") - before.amount("Liabilities:County") == 20_000


def test_an_accepted_charge_is_a_line_of_the_next_statement(office):
    business(office)
    first = issue(office, charges=CHARGES)
    seen = all_facts(office)
    answer(office, first, 1, 2)
    second = issue(office, "2026-12", since=first, seen=seen)
    found = look(office, second).compared
    assert found.differences == ()
    assert [row.kind for row in found.rows] == ["statement.answered"]
    assert found.rows[0].ours_fen == 18_500


def test_an_answer_that_was_undone_may_be_given_again(office):
    business(office)
    statement = issue(office, charges=CHARGES)
    before = books(office.connection)
    assert isinstance(office.undo(answer(office, statement, 1)), Done)
    assert books(office.connection) == before
    assert state_of(office, statement).status == "open"
    answer(office, statement, 2)


def test_an_answer_is_given_once(office):
    business(office)
    statement = issue(office)
    answer(office, statement)
    assert office.no(AnswerStatement(statement=statement)) == "clearing.ANSWERED_ALREADY"
    assert office.no(AnswerStatement(statement="ff" * 32)) == "clearing.NO_SUCH_STATEMENT"


def test_a_charge_that_is_not_there_cannot_be_accepted(office):
    business(office)
    statement = issue(office, charges=CHARGES)
    command = AnswerStatement(statement=statement, accepted=(3,))
    assert office.no(command) == "clearing.NO_SUCH_CHARGE"


def test_two_pcs_that_answer_apart_are_a_case(office):
    business(office)
    statement = issue(office)
    other = Office("D2").open()
    other.hears(office)
    answer(office, statement)
    answer(other, statement)
    office.hears(other)
    assert office.cases() == {"clearing.answered_twice"}


@pytest.mark.long
def test_more_differences_than_an_act_can_hold_are_counted_all_the_same(office):
    for _ in range(320):
        office.pen.sold(100)
    statement = issue(office, change=lambda lines: [])
    done = answer(office, statement)
    assert done.told[0].body.differences == 640 + 2
    assert len(done.told) == 1 + answering.DIFFERENCES_MAX


# --- Whole statements that are not taken ---------------------------------------------------------


def refused(office, statement):
    body = answer(office, statement).told[0].body
    assert body.result == "refused"
    assert TEXTS.has(f"clearing.whole.{body.reason}")
    return body.reason


def test_a_statement_of_another_station_is_sent_back_whole(office):
    business(office)
    assert refused(office, issue(office, station="NX0602")) == answering.ANOTHER_STATION
    assert office.cases() == {"clearing.statement_refused"}


def test_a_month_comes_once_unless_one_stands_for_the_other(office):
    business(office)
    first = issue(office)
    assert refused(office, issue(office)) == answering.MONTH_TWICE
    better = issue(office, replaces=first)
    assert records.waiting(office.connection)["statements"] == 1
    assert office.no(AnswerStatement(statement=first)) == "clearing.REPLACED"
    assert answer(office, better).told[0].body.result == "agreed"
    assert records.waiting(office.connection)["statements"] == 0


def test_a_month_that_was_issued_three_times_is_answered_by_the_last(office):
    """The third was sent back whole: it replaced the second, and the first stood there still."""
    business(office)
    first = issue(office)
    second = issue(office, replaces=first)
    third = issue(office, replaces=second)
    assert office.no(AnswerStatement(statement=second)) == "clearing.REPLACED"
    assert answer(office, third).told[0].body.result == "agreed"


def test_one_is_answered_after_all_when_what_should_replace_it_was_sent_back(office):
    business(office)
    first = issue(office)
    assert refused(office, issue(office, replaces=first, since="ff" * 32))
    assert records.waiting(office.connection)["statements"] == 1
    assert answer(office, first).told[0].body.result == "agreed"


def test_a_statement_may_be_replaced(office):
    business(office)
    first = issue(office, change=lambda lines: lines[1:])
    answer(office, first)
    better = issue(office, replaces=first)
    assert answer(office, better).told[0].body.result == "agreed"


def test_one_whose_charges_are_booked_is_not_replaced(office):
    business(office)
    first = issue(office, charges=CHARGES)
    answer(office, first, 1)
    assert refused(office, issue(office, replaces=first)) == answering.MONTH_TWICE


def test_a_statement_goes_on_from_one_that_is_here(office):
    business(office)
    assert refused(office, issue(office, since="ff" * 32)) == answering.BEFORE_MISSING


def test_a_statement_that_skips_the_one_before_counts_lines_twice_and_is_sent_back(office):
    business(office)
    answer(office, issue(office))
    assert refused(office, issue(office, "2026-12")) == answering.BEFORE_MISSING


def test_the_statement_before_is_answered_first(office):
    business(office)
    first = issue(office)
    second = issue(office, "2026-12", since=first, seen=all_facts(office))
    command = AnswerStatement(statement=second)
    assert office.no(command) == "clearing.ANSWER_BEFORE_FIRST"
    answer(office, first)
    answer(office, second)


@pytest.mark.parametrize(
    "charge",
    [
        Charge(number=1, account="Assets:Drawer:D1", reason="x", amount_fen=-5),
        Charge(number=1, account="Income:Subsidy", reason="x", amount_fen=0),
    ],
)
def test_a_charge_that_cannot_be_booked_sends_the_whole_back(office, charge):
    statement = issue(office, charges=(charge,))
    assert refused(office, statement) == answering.CHARGE_IMPOSSIBLE


def test_positions_of_other_facts_send_the_whole_back(office):
    business(office)
    positions = [
        msgspec.structs.replace(position, identity="ff" * 32) for position in office.pen.positions()
    ]
    assert refused(office, issue(office, positions=tuple(positions))) == answering.OTHER_FACTS


def test_facts_that_this_pc_has_not_got_yet_are_waited_for(office):
    business(office)
    other = Office("D2").open()
    other.hears(office)
    other.remit(current(500), may_exceed=True)
    lines, totals = bookkeeper(other)
    positions = tuple(position for position in other.pen.positions())
    statement = office.pen.state_month("2026-11", lines, totals, positions=positions)
    assert look(office, statement).not_here
    assert office.no(AnswerStatement(statement=statement)) == "clearing.NOT_ALL_HERE"
    office.hears(other)
    assert look(office, statement).compared.differences == ()


def test_a_statement_of_which_a_part_is_missing_is_waited_for(office):
    business(office)
    statement = issue(office, parts_said=2)
    assert office.no(AnswerStatement(statement=statement)) == "clearing.NOT_ALL_HERE"

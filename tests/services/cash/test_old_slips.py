"""Slips of shifts that are closed: found again, printed again, opened down to their facts."""

from station_app.services.cash import records
from station_app.values.codes import SLIP, identity_payload, make_code
from tests.services.cash.hands import visible_words
from tests.services.cash.test_shifts import a_day
from tests.services.cash.till import TEXTS, words_of

EXPECTED = 58_600  # of `a_day`, in the drawer


def test_an_old_slip_is_printed_again(at_the_day):
    till = a_day()
    shift = till.close(EXPECTED)
    printed = till.papers_printed()[-1]
    till.open(EXPECTED)
    till.close(EXPECTED)
    counter, hand = at_the_day(till)
    hand.press("Ctrl+L")
    assert counter.page.key == "cash.closed"
    hand.press("Down")
    assert counter.page.table.current() == shift
    hand.press("Ctrl+P")
    ((slip, act),) = counter.world.printed
    assert slip == printed
    assert act == records.act_of_closing(till.connection, shift)


def test_a_figure_of_an_old_slip_opens_down_to_its_facts(at_the_day):
    till = a_day()
    till.close(EXPECTED)
    slip = words_of(till.papers_printed()[-1])
    till.open(EXPECTED)
    till.settle("ZTO", 5_000)
    counter, hand = at_the_day(till)
    hand.press("Ctrl+L")
    hand.press("F11")
    assert counter.page.key == "cash.figure"
    labels = [row.cells[0].words.strip() for row in counter.page.figures.rows_model.rows]
    cash_in = next(place for place, label in enumerate(labels) if label.startswith("收现金"))
    assert any(labels[cash_in] in line for line in slip)
    for _ in range(cash_in):
        hand.press("Down")
    hand.press("Enter")
    lines = counter.page._lines.values()
    figure = counter.page._figures[counter.page._subject["figure"]]
    assert sum(line.amount * figure.sign for line in lines) == figure.amount
    assert 5_000 not in [line.amount for line in lines]  # it came after the slip


def test_the_code_on_a_slip_opens_it(at_the_day):
    till = a_day()
    shift = till.close(EXPECTED)
    till.open(EXPECTED)
    till.close(EXPECTED)
    counter, hand = at_the_day(till)
    hand.burst(make_code(SLIP, identity_payload(shift)))
    hand.settle()
    assert counter.page.key == "cash.closed"
    assert counter.page.table.current() == shift


def test_without_a_closed_shift_the_list_says_so(at_the_day):
    counter, hand = at_the_day()
    hand.press("Ctrl+L")
    assert TEXTS.say("cash.closed.none") in visible_words(counter.window)

"""Half-typed work on the four views of clearing, over a power cut, by keys."""

import pytest

from station_app.services.clearing import records, states
from station_app.services.clearing.statement_records import statements
from station_app.shell.drafts import DraftsInMemory
from tests.services.clearing.busy import busy
from tests.services.clearing.office import Office, current, prepayment

RESUMED = "刚才断电了。对账写到一半，钱没记，接着写"
GONE = "断电前写的对账不用了：这笔已经办了或变了，照现在的看"


@pytest.fixture
def again(at_the_page):
    """Cut the power at a page, and start again on the same office with what was kept."""

    def cut(counter, meanwhile=lambda: None):
        counter.page.keep_draft()
        key = counter.page.key
        kept = counter.window._around.drafts.find(key)
        drafts = DraftsInMemory()
        if kept is not None:
            drafts.keep(key, kept)
        counter.window.close()
        meanwhile()
        after, hand = at_the_page(counter.office, drafts=drafts)
        after.window.resume_drafts()
        hand.settle()
        return after, hand, drafts

    return cut


def into(hand, field, text):
    field.line.setFocus()
    hand.press("Ctrl+A")
    hand.type(text)


def test_a_remittance(at_the_page, again):
    office = Office().open()
    first = office.order(10_000)
    office.order(5_000)
    office.pen.paid(office.bill(12_650), 12_650)
    counter, hand = at_the_page(office)
    assert counter.page.draft() is None
    hand.press("Down")
    hand.press("Down")
    hand.press("Del")
    into(hand, counter.view.current, "100")
    into(hand, counter.view.carrier, "任例福")
    left_out = counter.view.ticked()
    counter, hand, drafts = again(counter)
    assert RESUMED in counter.words()
    assert counter.view.NAME == "remit"
    assert counter.view.ticked() == left_out
    assert counter.view.carrier.text() == "任例福"
    assert records.remittances(office.connection) == ()
    hand.press("Enter")
    ((_, state),) = records.remittances(office.connection)
    assert (state.amount_fen, state.carrier) == (20_000, "任例福")
    assert state.portions == (current(10_000), prepayment(first, 10_000))
    assert drafts.pages() == []


def test_why_a_remittance_is_asked_back(at_the_page, again):
    office = Office().open()
    order = office.order(10_000)
    office.remit(prepayment(order, 10_000))
    counter, hand = at_the_page(office)
    into(hand, counter.view.remark, "车坏了")
    counter, hand, drafts = again(counter)
    assert counter.view.remark.text() == "车坏了"
    hand.press("F11")
    ((_, state),) = records.remittances(office.connection)
    assert state.status == states.ASKED_BACK
    assert drafts.pages() == []


@pytest.mark.long
def test_the_countys_money_before_its_word(at_the_page, again):
    office = Office().open()
    counter, hand = at_the_page(office)
    hand.press("2")
    hand.press("Down")
    hand.press("Down")
    hand.press("Down")
    into(hand, counter.view.number, "XH-9")
    into(hand, counter.view.amount, "50")
    counter, hand, drafts = again(counter)
    assert RESUMED in counter.words()
    assert counter.view.NAME == "down"
    assert counter.view.table.current() == "early"
    hand.press("Enter")
    ((_, money),) = records.moneys(office.connection)
    assert (money.number, money.received_fen) == ("XH-9", 5_000)
    assert drafts.pages() == []


@pytest.mark.long
def test_a_courier(at_the_page, again):
    office = busy()
    counter, hand = at_the_page(office)
    hand.press("3")
    hand.press("Down")
    into(hand, counter.view.fee, "9")
    into(hand, counter.view.runner, "王示明")
    counter, hand, drafts = again(counter)
    assert RESUMED in counter.words()
    assert counter.view.table.current() == "courier:ZTO"
    hand.press("Enter")
    ((_, paid), *_) = records.payments(office.connection, "ZTO")
    assert (paid.to_pay_fen, paid.fee_fen, paid.runner) == (65_000, 900, "王示明")
    assert drafts.pages() == []


@pytest.mark.long
def test_the_charges_of_a_statement(at_the_page, again):
    office = busy()
    counter, hand = at_the_page(office)
    hand.press("4")
    hand.press("5")
    counter, hand, drafts = again(counter)
    assert RESUMED in counter.words()
    assert counter.view.NAME == "statements"
    assert counter.view.ticked() == ["1"]
    hand.press("Enter")
    (state,) = [s for _, s in statements(office.connection) if s.month == "2026-11"]
    assert [charge.number for charge in state.accepted] == [1]
    assert drafts.pages() == []


def test_what_was_settled_meanwhile_is_given_up(at_the_page, again):
    office = Office().open()
    order = office.order(10_000)
    counter, hand = at_the_page(office)
    into(hand, counter.view.carrier, "任例福")
    counter, hand, drafts = again(counter, lambda: office.remit(prepayment(order, 10_000)))
    assert GONE in counter.words()
    assert counter.view.carrier.text() == ""
    assert drafts.pages() == []
    hand.press("Enter")
    assert len(records.remittances(office.connection)) == 1


def test_what_is_typed_back_is_no_draft(at_the_page):
    office = busy()
    counter, hand = at_the_page(office)
    hand.press("3")
    hand.press("Down")
    into(hand, counter.view.fee, "9")
    assert counter.page.draft() is not None
    hand.press("Backspace")
    assert counter.page.draft() is None


def test_money_that_was_taken_in_just_before_the_cut_is_not_taken_in_again(at_the_page):
    office = Office().open()
    counter, hand = at_the_page(office)
    hand.press("2")
    for _ in range(3):
        hand.press("Down")
    into(hand, counter.view.number, "XH-9")
    into(hand, counter.view.amount, "50")
    drafts = DraftsInMemory()
    drafts.keep(counter.page.key, counter.page.draft())
    hand.press("Enter")
    counter.window.close()
    counter, hand = at_the_page(office, drafts=drafts)
    counter.window.resume_drafts()
    hand.settle()
    assert GONE in counter.words()
    assert drafts.pages() == []
    hand.press("Enter")
    assert len(records.moneys(office.connection)) == 1

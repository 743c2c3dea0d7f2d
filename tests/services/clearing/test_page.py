"""The page of clearing, worked at the counter: keys alone, mouse alone, in a low window too."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics

from station_app.services.clearing import records, states
from station_app.services.clearing.statement_records import statements
from station_app.shell.widgets.cells import spoken
from station_app.shell.widgets.keys import KeyButton
from station_app.shell.widgets.words import Words
from station_app.values.codes import SLIP, identity_payload, make_code
from tests.long_shelf import WINDOWS
from tests.services.clearing.busy import busy
from tests.services.clearing.office import Office, current, prepayment
from tests.services.clearing.test_statements import business, issue

SIZES = [(1366, 768), (1366, 690)]
SHOTS = ""


def remittance(office):
    ((identity, state), *_) = records.remittances(office.connection)
    return identity, state


# --- Money to the county -------------------------------------------------------------------------


def test_everything_due_goes_with_two_keys(at_the_page):
    office = Office().open()
    office.order(10_000)
    office.pen.paid(office.bill(12_650), 12_650)
    counter, hand = at_the_page(office)
    assert "缴 ¥226.50，打缴款单" in counter.words()
    hand.press("Enter")
    _, state = remittance(office)
    assert (state.amount_fen, state.way) == (22_650, "carrier")
    assert records.county(office.connection).prepayments_fen == 0
    assert counter.sounds.played == ["money"]
    assert office.balance("Liabilities:County") == 10_000


def test_one_order_is_left_out_and_the_amount_is_typed(at_the_page):
    office = Office().open()
    office.order(10_000)
    second = office.order(5_000)
    office.pen.paid(office.bill(12_650), 12_650)
    counter, hand = at_the_page(office)
    hand.press("Down")
    hand.press("Del")
    counter.view.current.line.setFocus()
    hand.press("Ctrl+A")
    hand.type("100")
    counter.view.carrier.line.setFocus()
    hand.type("任例福")
    assert "缴 ¥150.00，打缴款单" in counter.words()
    hand.press("Enter")
    _, state = remittance(office)
    assert [p.amount_fen for p in state.portions] == [10_000, 5_000]
    assert state.portions[1] == prepayment(second, 5_000)
    assert state.carrier == "任例福"


@pytest.mark.parametrize("view", ["remit", "down", "couriers"])
def test_esc_empties_a_form_before_it_leaves(at_the_page, view):
    office = Office().open()
    office.order(10_000)
    office.pen.paid(office.bill(12_650), 12_650)
    office.hand_over("YTO", 5_000)
    counter, hand = at_the_page(office)
    counter.page.show_view(view)
    plain = counter.view.written()
    typed = next(iter(counter.view.typed_fields().values()))
    typed.line.setFocus()
    hand.press("Ctrl+A")
    hand.type("77")
    hand.press("Esc")
    assert counter.view.written() == plain
    assert counter.window.deck.current is counter.page
    assert counter.page.draft() is None
    assert not counter.page.on_escape()  # the next Esc is the window's: it leaves


def test_more_than_is_owed_is_asked_about_beside_the_field_and_goes_at_the_second_press(
    at_the_page,
):
    office = Office().open()
    office.pen.paid(office.bill(1_000), 1_000)
    counter, hand = at_the_page(office)
    counter.view.current.line.setFocus()
    hand.press("Ctrl+A")
    hand.type("20")
    hand.press("Enter")
    assert records.remittances(office.connection) == ()
    assert "多缴 ¥10.00" in counter.view.current.fault
    assert "就缴 ¥20.00，多缴的记着" in counter.words()
    hand.press("Enter")
    assert remittance(office)[1].amount_fen == 2_000


def test_what_is_being_typed_stays_when_a_fact_of_another_pc_arrives(at_the_page):
    """While she typed 6 the amount became 10 again, because an order had come in elsewhere."""
    office = Office().open()
    office.pen.paid(office.bill(1_000), 1_000)
    counter, hand = at_the_page(office)
    counter.view.current.line.setFocus()
    hand.press("Ctrl+A")
    hand.type("6")
    office.order(3_000)
    counter.page.refresh(())
    assert counter.view.current.fen() == 600
    assert "缴 ¥36.00，打缴款单" in counter.words()


def test_an_amount_that_nobody_touched_follows_what_is_owed(at_the_page):
    office = Office().open()
    office.pen.paid(office.bill(1_000), 1_000)
    counter, _hand = at_the_page(office)
    office.pen.paid(office.bill(500), 500)
    counter.page.refresh(())
    assert counter.view.current.fen() == 1_500


def test_what_would_be_other_peoples_money_is_said_before_and_wants_a_reason(at_the_page):
    office = Office().open(1_000)
    office.hand_over("ZTO", 5_000)
    counter, hand = at_the_page(office)
    counter.view.current.line.setFocus()
    hand.type("40")
    assert counter.view.lending.isVisible()
    assert any("快递的钱" in words for words in counter.words())
    counter.view.lending.field.line.setFocus()
    hand.type("县里催")
    hand.press("Enter")
    hand.press("Enter")
    assert remittance(office)[1].amount_fen == 4_000


def test_a_transfer_by_wechat_wants_its_number(at_the_page):
    office = Office().open()
    office.pen.paid(office.bill(1_000), 1_000)
    counter, hand = at_the_page(office)
    hand.press("7")
    hand.press("Enter")
    assert records.remittances(office.connection) == ()
    hand.type("4200001")
    hand.press("Enter")
    assert remittance(office)[1].way == "wechat"
    assert office.balance("Assets:WeChat") == -1_000
    assert "缴了 ¥10.00，单子留着对账" in counter.words()
    assert counter.view.NAME == "remit"


def test_a_remittance_is_asked_back_and_taken_in_by_keys(at_the_page):
    office = Office().open()
    order = office.order(10_000)
    identity = office.remit(prepayment(order, 10_000)).told[0].identity
    counter, hand = at_the_page(office)
    hand.press("F11")
    assert remittance(office)[1].status == states.ASKED_BACK
    office.pen.cancel(identity)
    counter.page.refresh(())
    hand.settle()
    assert "收回 ¥100.00" in counter.words()
    hand.press("Enter")
    assert remittance(office)[1].status == states.TAKEN_BACK
    assert records.county(office.connection).prepayments_fen == 10_000


def test_the_code_on_the_slip_opens_the_remittance(at_the_page):
    office = Office().open()
    office.remit(current(100), may_exceed=True)
    identity = office.remit(current(200), may_exceed=True).told[0].identity
    office.remit(current(300), may_exceed=True)
    counter, hand = at_the_page(office)
    hand.press("3")
    hand.at += 1_000
    hand.burst(make_code(SLIP, identity_payload(identity)))
    hand.settle()
    assert counter.view.NAME == "remit"
    assert counter.view.table.current() == f"sent:{identity}"


# --- The other views -----------------------------------------------------------------------------


def test_the_countys_money_is_taken_in_by_keys(at_the_page):
    office = busy()
    counter, hand = at_the_page(office)
    hand.press("2")
    for _ in range(2):
        hand.press("Down")
    hand.press("Enter")
    assert [m.status for _, m in records.moneys(office.connection)] == [states.RECEIVED]
    assert "收了县里的钱 ¥180.00" in counter.words()


def test_money_before_the_countys_word_by_keys(at_the_page):
    office = Office().open()
    counter, hand = at_the_page(office)
    hand.press("2")
    for _ in range(3):
        hand.press("Down")
    counter.view.number.line.setFocus()
    hand.type("XH-9")
    counter.view.amount.line.setFocus()
    hand.type("50")
    hand.press("Enter")
    ((_, money),) = records.moneys(office.connection)
    assert (money.number, money.received_fen) == ("XH-9", 5_000)


def test_money_taken_in_by_mistake_goes_out_by_keys(at_the_page):
    office = busy()
    _counter, hand = at_the_page(office)
    hand.press("2")
    for _ in range(2):
        hand.press("Down")
    hand.press("Enter")
    hand.press("F11")
    hand.press("Enter")
    assert [m.status for _, m in records.moneys(office.connection)] == [states.COMING]


def test_a_courier_is_paid_by_keys_with_the_fee_set_off(at_the_page):
    office = busy()
    counter, hand = at_the_page(office)
    hand.press("3")
    hand.press("Down")
    counter.view.fee.line.setFocus()
    hand.type("9")
    counter.view.runner.line.setFocus()
    hand.type("王示明")
    hand.press("Enter")
    ((_, paid), *_) = records.payments(office.connection, "ZTO")
    assert (paid.to_pay_fen, paid.fee_fen, paid.runner) == (65_000, 900, "王示明")
    assert len(paid.pieces) == 7


def test_a_fee_that_nobody_can_read_was_taken_as_none(at_the_page):
    office = busy()
    counter, hand = at_the_page(office)
    hand.press("3")
    hand.press("Down")
    counter.view.fee.line.setFocus()
    hand.type("9.0.0")
    counter.view.runner.line.setFocus()
    hand.type("王示明")
    hand.press("Enter")
    assert not records.payments(office.connection, "ZTO")
    assert counter.view.fee.line.hasFocus()
    hand.type("9")
    hand.press("Enter")
    ((_, paid), *_) = records.payments(office.connection, "ZTO")
    assert paid.fee_fen == 900


def test_the_pieces_of_a_courier_stand_beside_it(at_the_page):
    counter, hand = at_the_page(busy())
    hand.press("3")
    hand.press("Down")
    rows = counter.listed(counter.view.pieces)
    assert len(rows) == 7
    assert rows[0][1] == "¥86.00"


def test_a_payment_to_a_courier_comes_back_by_keys(at_the_page):
    office = busy()
    counter, hand = at_the_page(office)
    hand.press("3")
    for _ in range(2):
        hand.press("Down")
    hand.press("F11")
    ((_, paid),) = records.payments(office.connection, "JTSD")
    assert paid.returns
    assert counter.listed(counter.view.table)[0][1] == "4 件"


def test_a_statement_is_answered_by_keys(at_the_page):
    office = busy()
    counter, hand = at_the_page(office)
    hand.press("4")
    rows = counter.listed(counter.view.lines)
    assert [row[0] for row in rows[:2]] == ["金额不同", "单上没有"]
    hand.press("5")
    hand.press("Enter")
    (state,) = [s for _, s in statements(office.connection) if s.month == "2026-11"]
    assert (state.status, state.differences) == ("differs", 4)
    assert [charge.number for charge in state.accepted] == [1]
    assert state.declined == (2,)
    assert office.balance("Income:Subsidy") == -20_000
    assert "回复过了：有对不上的，已开待核对" in counter.words()


def test_a_whole_statement_is_sent_back_with_its_sentence(at_the_page):
    office = Office().open()
    issue(office, station="NX0602")
    counter, hand = at_the_page(office)
    hand.press("4")
    assert "这份对账单是别的站的，整份退回" in counter.words()
    hand.press("Enter")
    ((_, state),) = statements(office.connection)
    assert (state.status, state.reason) == ("refused", "another_station")


def test_the_statement_that_stands_is_on_top_and_the_one_it_replaced_says_so(at_the_page):
    office = Office().open()
    business(office)
    first = [issue(office)]
    for _ in range(4):  # identities are drawn: no order of them may help
        first.append(issue(office, replaces=first[-1]))
    counter, hand = at_the_page(office)
    hand.press("4")
    rows = counter.listed(counter.view.table)
    assert counter.view.table.current() == first[-1]
    assert "还没回复" in str(rows[0])
    assert ["换了新的" in str(row) for row in rows] == [False, True, True, True, True]
    assert "回复" in _primary(counter).text()
    hand.press("Down")
    assert counter.view.table.current() in first[:-1]
    assert not [action for action in counter.view.possible() if action.kind == "primary"]


# --- What every view keeps -----------------------------------------------------------------------


def test_every_figure_opens_its_facts_and_they_add_up(at_the_page):
    office = busy()
    counter, hand = at_the_page(office)
    for view, places in (("1", 4), ("3", 2)):
        hand.press(view)
        for _ in range(places):
            rows = counter.listed(counter.view.table)
            at = counter.view.table.currentIndex().row()
            shown = counter.view.table.rows_model.rows[at]
            amount = [c for c in (spoken_amount(cell) for cell in shown.cells) if c]
            hand.press("F10")
            assert counter.view.shows_facts
            assert counter.view.facts._sum.text() == amount[0]
            assert counter.listed(counter.view.facts.table)
            hand.press("Esc")
            hand.press("Down")
            assert rows


def spoken_amount(cell):
    words = spoken(cell)
    return words if words.startswith("¥") else ""


def test_by_mouse_alone(at_the_page, qtbot):
    office = busy()
    counter, hand = at_the_page(office)

    def click(widget):
        qtbot.mouseClick(widget, Qt.MouseButton.LeftButton)
        hand.settle()

    before = len(records.remittances(office.connection))
    click(_primary(counter))
    assert len(records.remittances(office.connection)) == before + 1
    click(counter.page.choice.buttons[2])
    click(_primary(counter))
    assert len(records.payments(office.connection, "JTSD")) == 2
    click(counter.page.choice.buttons[3])
    click(_primary(counter))
    assert {state.status for _, state in statements(office.connection)} == {"agreed", "differs"}


def _primary(counter) -> KeyButton:
    buttons = [b for b in counter.window.findChildren(KeyButton) if b.isVisible()]
    (found,) = [b for b in buttons if b.key == "Enter"]
    return found


@pytest.mark.parametrize("size", WINDOWS)
@pytest.mark.parametrize("view", ["1", "2", "3", "4"])
def test_nothing_is_cut_and_one_enter_cap_at_most(at_the_page, size, view):
    counter, hand = at_the_page(busy(), size)
    hand.press(view)
    for number in range(6):
        hand.settle()
        window = counter.window
        if SHOTS:
            window.grab().save(str(Path(SHOTS) / f"clearing_{view}_{number}_{size[1]}.png"))
        assert window.minimumSizeHint().width() <= size[0]
        caps = [b for b in window.findChildren(KeyButton) if b.isVisible() and b.key == "Enter"]
        assert len(caps) <= 1
        for label in window.findChildren(Words):
            if label.isVisible() and not label.wordWrap() and label.text():
                wide = QFontMetrics(label.font()).horizontalAdvance(label.text())
                assert wide <= label.width() + 1 or label.is_elided, label.text()
        assert counter.page.width() <= size[0]
        hand.press("Down")


def test_names_are_blanked_when_somebody_looks_over(at_the_page):
    office = Office().open()
    office.remit(current(100), may_exceed=True, carrier="任例福")
    counter, hand = at_the_page(office)
    assert "任例福" in counter.words()
    hand.press("Ctrl+B")
    assert "任例福" not in counter.words()


def test_a_slip_opens_its_payment_however_many_came_after_it(at_the_page):
    """The page lists the latest eight of a courier; the slip in hand may be older."""
    office = Office().open()
    papers = []
    for fen in range(1_000, 10_000, 1_000):
        office.hand_over("ZTO", fen)
        office.pay("ZTO")
        papers.append(identity_payload(records.payments(office.connection, "ZTO")[0][0]))
    counter, hand = at_the_page(office)
    hand.burst(make_code(SLIP, papers[0]))
    hand.settle()
    assert counter.view.NAME == "couriers"
    assert "¥10.00" in counter.words()
    assert "¥90.00" not in counter.words()


def test_an_old_remittance_is_opened_by_its_slip(at_the_page):
    office = Office().open()
    sent = []
    for fen in range(100, 100 + records.LISTED_MAX + 1):
        done = office.remit(current(fen), may_exceed=True)
        sent.append(done.told[0].identity)
        office.pen.confirm(sent[-1], fen)
    counter, hand = at_the_page(office)
    hand.burst(make_code(SLIP, identity_payload(sent[0])))
    hand.settle()
    assert "¥1.00" in counter.words()

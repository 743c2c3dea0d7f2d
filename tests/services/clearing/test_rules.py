"""What clearing allows, what it posts, and in which order it says no."""

import pytest

from station_app.journal.fact import Saying
from station_app.journal.verify import verify
from station_app.ledger.accounts import COUNTY, held, part
from station_app.ledger.balances import books
from station_app.services.cash.commands import GivePayment, TakePayment
from station_app.services.clearing import records, states
from station_app.services.clearing.commands import (
    AllotCountyMoney,
    AskRemittanceBack,
    PayCourier,
    ReceiveCountyMoney,
    ReturnCountyMoney,
    ReturnCourierPayment,
    SendRemittance,
    TakeRemittanceBack,
)
from station_app.services.clearing.facts import Portion
from station_app.services.consignment.facts import SettlementPaid
from station_app.services.purchasing.facts import OrderPickedUp
from station_app.shell.desk import Done
from station_app.vocabulary import VOCABULARY
from tests.services.clearing.office import (
    DAY,
    GROWER,
    Office,
    Say,
    cash_of,
    current,
    prepayment,
)

CURRENT_ACCOUNT = "Liabilities:County"


@pytest.fixture
def office():
    made = Office().open()
    yield made
    assert verify(made.connection, VOCABULARY).is_sound


def known(state):
    """Return a state that must be there."""
    assert state is not None
    return state


def status(office, remittance):
    return known(records.remittance(office.connection, remittance)).status


def held_at(office, order, where="Here"):
    return -office.balance(held("Prepayment", part(order), where))


# --- Money to the county -------------------------------------------------------------------------


def test_prepayments_and_the_current_account_go_on_one_slip(office):
    first, second = office.order(10_000), office.order(5_000)
    office.pen.paid(office.bill(12_650), 12_650)
    stands = records.county(office.connection)
    assert (stands.prepayments_fen, stands.owed_fen, stands.bills_fen) == (15_000, 12_650, 0)
    own = books(office.connection).own_fen
    done = office.remit(prepayment(first, 10_000), current(12_650), carrier="任例福")
    stands = records.county(office.connection)
    assert (stands.prepayments_fen, stands.owed_fen) == (5_000, 0)
    assert (held_at(office, first), held_at(office, first, COUNTY)) == (0, 10_000)
    assert held_at(office, second) == 5_000
    assert books(office.connection).own_fen == own
    sent = known(records.remittance(office.connection, done.told[0].identity))
    assert (sent.status, sent.amount_fen, sent.carrier) == (states.ON_THE_WAY, 22_650, "任例福")


def test_the_order_knows_that_its_money_is_at_the_county(office):
    order = office.order(10_000)
    office.remit(prepayment(order, 4_000))
    row = office.connection.execute(
        "SELECT held_here_fen, held_county_fen FROM orders WHERE entity = ?", (order,)
    ).fetchone()
    assert tuple(row) == (6_000, 4_000)


def test_a_bill_that_is_not_paid_yet_is_not_owed(office):
    office.bill(12_650)
    stands = records.county(office.connection)
    assert (stands.owed_fen, stands.bills_fen) == (0, 12_750)


@pytest.mark.parametrize(
    ("command", "reason"),
    [
        ({"way": "pigeon", "portions": (current(1),)}, "clearing.WAY_UNKNOWN"),
        (
            {"way": "bank", "portions": (current(1),), "carrier": "x" * 31},
            "clearing.WORDS_TOO_LONG",
        ),
        ({"way": "bank", "portions": ()}, "clearing.NOTHING_CHOSEN"),
        ({"way": "bank", "portions": (current(0),)}, "clearing.AMOUNT_NOT_POSITIVE"),
        ({"way": "bank", "portions": (current(1),)}, "clearing.MORE_THAN_OWED"),
        (
            {"way": "bank", "portions": (current(200_000_000),), "may_exceed": True},
            "clearing.AMOUNT_TOO_BIG",
        ),
        (
            {"way": "bank", "portions": (Portion(purse="COD", owner="ZTO", amount_fen=1),)},
            "clearing.NO_SUCH_PURSE",
        ),
        ({"way": "bank", "portions": (prepayment("cd" * 32, 1),)}, "clearing.NO_SUCH_PURSE"),
    ],
)
def test_what_cannot_be_remitted_says_why(office, command, reason):
    office.hand_over("ZTO", 500)
    assert office.no(SendRemittance(**command)) == reason


def test_no_more_than_an_order_holds(office):
    order = office.order(10_000)
    too_much = SendRemittance(way="bank", portions=(prepayment(order, 10_001),))
    assert office.no(too_much) == "clearing.MORE_THAN_HELD"
    office.remit(prepayment(order, 10_000))
    again = SendRemittance(way="bank", portions=(prepayment(order, 1),))
    assert office.no(again) == "clearing.MORE_THAN_HELD"


def test_more_than_is_owed_goes_when_it_is_meant_and_stands_with_the_county(office):
    done = office.remit(current(2_000), may_exceed=True)
    stands = records.county(office.connection)
    assert (stands.owed_fen, stands.coming_fen) == (0, 2_000)
    assert done.told[0].body.number == 1


def test_a_slip_that_was_refused_takes_no_number(office):
    office.no(SendRemittance(way="bank", portions=(current(1),)))
    assert office.remit(current(100), may_exceed=True).told[0].body.number == 1


def test_undo_puts_everything_back(office):
    order = office.order(10_000)
    before = books(office.connection)
    assert isinstance(office.undo(office.remit(prepayment(order, 10_000))), Done)
    assert books(office.connection) == before
    assert records.remittances(office.connection) == ()


def test_an_order_fetched_after_its_money_went_leaves_the_county_owing_what_it_cost_less(office):
    """Story 1 of the ledger: 100 prepaid and passed on, it costs 90; ten are the villager's."""
    order = office.order(10_000)
    office.remit(prepayment(order, 10_000))
    fetched = OrderPickedUp(
        balance_fen=0,
        goods_fen=9_000,
        fee_fen=0,
        from_here_fen=0,
        from_county_fen=10_000,
        taken_by="self",
        check="known",
        slip=1,
        day=DAY,
    )
    office.do(Say(Saying(fetched, entity=order)))
    assert records.county(office.connection).coming_fen == 1_000
    assert held_at(office, order, COUNTY) == 0


# --- The county's answer -------------------------------------------------------------------------


def test_a_confirmed_remittance_is_done(office):
    done = office.remit(current(2_000), may_exceed=True)
    office.pen.confirm(done.told[0].identity, 2_000)
    assert status(office, done.told[0].identity) == states.CONFIRMED
    assert office.cases() == set()


def test_a_difference_opens_a_case_and_posts_nothing(office):
    done = office.remit(current(2_000), may_exceed=True)
    before = books(office.connection)
    office.pen.confirm(done.told[0].identity, 1_950)
    assert status(office, done.told[0].identity) == states.DIFFERS
    assert office.cases() == {"clearing.remittance_differs"}
    assert books(office.connection) == before


def test_two_confirmations_are_a_case(office):
    done = office.remit(current(2_000), may_exceed=True)
    office.pen.confirm(done.told[0].identity, 2_000)
    office.pen.confirm(done.told[0].identity, 2_000)
    assert office.cases() == {"clearing.confirmed_twice"}


def test_a_confirmation_that_comes_first_waits_for_its_remittance(office):
    other = Office("D2").open()
    done = other.remit(current(2_000), may_exceed=True)
    office.pen.confirm(done.told[0].identity, 2_000)
    office.hears(other)
    assert status(office, done.told[0].identity) == states.CONFIRMED
    assert office.cases() == set()


def test_a_remittance_comes_back_by_asking(office):
    order = office.order(10_000)
    identity = (
        office.remit(prepayment(order, 10_000), current(500), may_exceed=True).told[0].identity
    )
    take = (TakeRemittanceBack(remittance=identity),)
    money = TakePayment(due_fen=10_500, tenders=(cash_of(10_500),))
    assert office.no(*take, money) == "clearing.NOT_CANCELLED"
    office.do(AskRemittanceBack(remittance=identity, remark="多装了一包"))
    assert status(office, identity) == states.ASKED_BACK
    assert office.no(AskRemittanceBack(remittance=identity)) == "clearing.ASKED_ALREADY"
    office.pen.cancel(identity)
    assert status(office, identity) == states.CANCELLED
    office.do(*take, money)
    assert status(office, identity) == states.TAKEN_BACK
    assert (held_at(office, order), held_at(office, order, COUNTY)) == (10_000, 0)
    assert office.balance(CURRENT_ACCOUNT) == 0
    assert office.no(*take, money) == "clearing.TAKEN_BACK_ALREADY"


def test_what_the_county_has_is_not_asked_back(office):
    identity = office.remit(current(500), may_exceed=True).told[0].identity
    office.pen.confirm(identity, 500)
    assert office.no(AskRemittanceBack(remittance=identity)) == "clearing.CONFIRMED_ALREADY"
    assert office.no(AskRemittanceBack(remittance="ff" * 32)) == "clearing.NO_SUCH_REMITTANCE"
    assert office.no(TakeRemittanceBack(remittance="ff" * 32)) == "clearing.NO_SUCH_REMITTANCE"


# --- Money from the county -----------------------------------------------------------------------


def grower(fen):
    return Portion(purse="Grower", owner=part(GROWER), amount_fen=fen)


def take_in(fen):
    return TakePayment(due_fen=fen, tenders=(cash_of(fen),))


def growers_money(office, where="Here"):
    return -office.balance(held("Grower", part(GROWER), where))


def test_growers_money_comes_down(office):
    office.pen.sold(18_000)
    stands = records.county(office.connection)
    assert (stands.growers_fen, stands.owed_fen, stands.coming_fen) == (18_000, 0, 0)
    money = office.pen.send_down("C-17", 18_000, grower(18_000))
    own = books(office.connection).own_fen
    office.do(ReceiveCountyMoney(money=money), take_in(18_000))
    assert (growers_money(office), growers_money(office, COUNTY)) == (18_000, 0)
    assert office.balance(CURRENT_ACCOUNT) == 0
    assert books(office.connection).own_fen == own
    assert (
        office.no(ReceiveCountyMoney(money=money), take_in(18_000)) == "clearing.RECEIVED_ALREADY"
    )


def test_a_purse_moves_only_as_far_as_it_is_open(office):
    """5,000 were paid to the grower as an advance: only the rest is hers when the money comes."""
    office.pen.sold(18_000)
    advance = SettlementPaid(
        person=GROWER, paid_here_fen=0, paid_county_fen=5_000, set_off_fen=0, slip=1, day=DAY
    )
    office.do(
        Say(Saying(advance, entity="5a" * 32)),
        GivePayment(due_fen=5_000, tenders=(cash_of(5_000),), remark="急用"),
    )
    money = office.pen.send_down("C-17", 18_000, grower(18_000))
    done = office.do(ReceiveCountyMoney(money=money), take_in(18_000))
    assert done.told[0].body.allotted == (grower(13_000),)
    assert (growers_money(office), growers_money(office, COUNTY)) == (13_000, 0)
    assert books(office.connection).overdrawn == ()


def test_money_may_come_before_the_countys_word(office):
    office.pen.sold(18_000)
    take = ReceiveCountyMoney(number="C-17", way="carrier", amount_fen=18_000)
    office.do(take, take_in(18_000))
    assert growers_money(office) == 0
    money = office.pen.send_down("C-17", 18_000, grower(18_000))
    assert office.no(take, take_in(18_000)) == "clearing.RECEIVED_ALREADY"
    office.do(AllotCountyMoney(money=money))
    assert (growers_money(office), growers_money(office, COUNTY)) == (18_000, 0)
    assert office.no(AllotCountyMoney(money=money)) == "clearing.NOTHING_TO_ALLOT"
    assert office.cases() == set()


def test_less_than_the_county_says_is_taken_in_as_it_is(office):
    office.pen.sold(18_000)
    money = office.pen.send_down("C-17", 18_000, grower(18_000))
    office.do(ReceiveCountyMoney(money=money, amount_fen=17_000), take_in(17_000))
    assert growers_money(office) == 17_000
    assert office.cases() == {"clearing.received_differs"}


def test_two_pcs_that_take_the_same_money_are_a_case(office):
    other = Office("D2").open()
    take = ReceiveCountyMoney(number="C-17", way="carrier", amount_fen=500)
    office.do(take, take_in(500))
    other.do(take, take_in(500))
    office.hears(other)
    assert office.cases() == {"clearing.received_twice"}


def test_money_that_two_pcs_took_in_goes_out_once_and_the_purses_with_it(office):
    """One of the two was returned: both growers' portions went back to the county with it."""
    office.pen.sold(18_000)
    money = office.pen.send_down("C-17", 18_000, grower(18_000))
    other = Office("D2").open()
    other.hears(office)
    for one in (office, other):
        one.do(ReceiveCountyMoney(money=money), take_in(18_000))
    office.hears(other)
    assert office.cases() == {"clearing.received_twice"}
    give = GivePayment(due_fen=18_000, tenders=(cash_of(18_000),), remark="数错了")
    office.do(ReturnCountyMoney(money=money), give)
    assert (growers_money(office), growers_money(office, COUNTY)) == (18_000, 0)
    assert office.cases() == set()
    state = known(records.county_money(office.connection, money))
    assert (state.status, sum(p.amount_fen for p in state.allotted)) == (states.RECEIVED, 18_000)


def test_money_taken_in_by_mistake_goes_out_again(office):
    office.pen.sold(18_000)
    money = office.pen.send_down("C-17", 18_000, grower(18_000))
    office.do(ReceiveCountyMoney(money=money), take_in(18_000))
    before = books(office.connection)
    give = GivePayment(due_fen=18_000, tenders=(cash_of(18_000),), remark="数错了")
    office.do(ReturnCountyMoney(money=money), give)
    assert (growers_money(office), growers_money(office, COUNTY)) == (0, 18_000)
    assert known(records.county_money(office.connection, money)).status == states.COMING
    assert office.no(ReturnCountyMoney(money=money), give) == "clearing.NOT_RECEIVED"
    office.do(ReceiveCountyMoney(money=money), take_in(18_000))
    assert books(office.connection) == before


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ({"money": "ff" * 32}, "clearing.NO_SUCH_MONEY"),
        ({"way": "carrier", "amount_fen": 5}, "clearing.NUMBER_MISSING"),
        ({"number": "x" * 41, "way": "carrier", "amount_fen": 5}, "clearing.WORDS_TOO_LONG"),
        ({"number": "C-1", "amount_fen": 5}, "clearing.WAY_UNKNOWN"),
        ({"number": "C-1", "way": "bank"}, "clearing.AMOUNT_NOT_POSITIVE"),
    ],
)
def test_what_cannot_be_taken_in_says_why(office, words, reason):
    assert office.no(ReceiveCountyMoney(**words)) == reason


# --- Couriers ------------------------------------------------------------------------------------


def test_a_courier_gets_what_its_pieces_hold_less_the_fee(office):
    facts = [office.hand_over("ZTO", 28_600, 1_200), office.hand_over("ZTO", 0, 800)]
    office.hand_over("JTSD", 5_000)
    assert records.couriers_held(office.connection) == {"JTSD": 5_000, "ZTO": 30_600}
    done = office.pay("ZTO", fee_fen=600, runner="王示明")
    body = done.told[0].body
    assert (body.cod_fen, body.freight_fen, body.fee_fen) == (28_600, 2_000, 600)
    assert body.pieces == tuple(facts)
    assert done.told[1].body.due_fen == 30_000
    assert records.couriers_held(office.connection) == {"JTSD": 5_000}
    assert office.balance("Income:Fee:Parcel") == -600
    assert records.waiting_pieces(office.connection, "ZTO") == ()


def test_a_fine_is_paid_on_top(office):
    office.hand_over("ZTO", 1_000)
    done = office.pay("ZTO", fine_fen=500)
    assert done.told[1].body.due_fen == 1_500
    assert office.balance("Expenses:Compensation") == 500


def test_pieces_that_came_meanwhile_wait_for_the_next_time(office):
    first = office.hand_over("ZTO", 1_000)
    second = office.hand_over("ZTO", 2_000)
    pay = PayCourier(courier="ZTO", pieces=(first,))
    office.do(pay, GivePayment(due_fen=1_000, tenders=(cash_of(1_000),)))
    assert [p.fact for p in records.waiting_pieces(office.connection, "ZTO")] == [second]
    assert office.no(pay) == "clearing.PAID_ALREADY"


def test_a_hand_over_that_was_undone_is_nobodys_piece(office):
    office.hand_over("ZTO", 1_000)
    rows = office.connection.execute("SELECT act FROM facts WHERE kind = 'parcel.handed_over'")
    office.desk.settle_undo(rows.fetchone()[0], ticket=office.ticket())
    assert records.waiting_pieces(office.connection, "ZTO") == ()


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ({"courier": "XX", "pieces": ()}, "clearing.NO_SUCH_COURIER"),
        ({"courier": "ZTO", "pieces": ()}, "clearing.NOTHING_TO_PAY"),
        ({"courier": "ZTO", "pieces": ("f" * 64,)}, "clearing.PAID_ALREADY"),
        ({"courier": "ZTO", "fee_fen": -1}, "clearing.AMOUNT_NOT_POSITIVE"),
        ({"courier": "ZTO", "fee_fen": 1_001}, "clearing.FEE_ABOVE_HELD"),
        ({"courier": "ZTO", "runner": "x" * 31}, "clearing.WORDS_TOO_LONG"),
        ({"courier": "ZTO", "pieces": ("f" * 64,) * 401}, "clearing.TOO_MANY_PIECES"),
    ],
)
def test_what_a_courier_cannot_be_paid_says_why(office, words, reason):
    piece = office.hand_over("ZTO", 1_000)
    assert office.no(PayCourier(**({"pieces": (piece,)} | words))) == reason


def test_a_payment_to_a_courier_comes_back_and_its_pieces_wait_again(office):
    piece = office.hand_over("ZTO", 1_000)
    before = books(office.connection)
    payment = office.pay("ZTO", fee_fen=100, fine_fen=50).told[0].identity
    back = ReturnCourierPayment(payment=payment)
    office.do(back, take_in(950))
    assert books(office.connection) == before
    assert [p.fact for p in records.waiting_pieces(office.connection, "ZTO")] == [piece]
    assert office.no(back, take_in(950)) == "clearing.RETURNED_ALREADY"
    assert office.no(ReturnCourierPayment(payment="ff" * 32)) == "clearing.NO_SUCH_PAYMENT"


def test_what_waits_for_a_courier_is_what_its_purse_holds(office):
    """Whatever happens to pieces and payments, the list adds up to the purse."""
    for fen in (1_000, 2_000, 3_000):
        office.hand_over("ZTO", fen, 100)
    payment = office.pay("ZTO").told[0].identity
    office.hand_over("ZTO", 4_000)
    office.do(ReturnCourierPayment(payment=payment), take_in(6_300))
    waiting = sum(p.fen for p in records.waiting_pieces(office.connection, "ZTO"))
    assert waiting == records.couriers_held(office.connection)["ZTO"] == 10_300

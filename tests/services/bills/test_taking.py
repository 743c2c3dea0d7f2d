"""Whether a bill may be taken in, what the books say of it, and what becomes of it."""

import re

import msgspec
import pytest

from station_app.ledger.accounts import COUNTY_CURRENT, FEE_BILL, drawer, held_bill, refund_due
from station_app.reference.billers import BillerTerms
from station_app.services.bills import records, taking
from station_app.services.bills.commands import AskBillCancellation, TakeBill
from station_app.services.bills.papers import PaperMaker
from station_app.services.bills.telling import of_person
from station_app.services.cash.commands import GivePayment
from station_app.services.people import records as people
from station_app.services.people.commands import ErasePerson
from station_app.shell.desk import Done
from station_app.values.refusal import Refusal
from tests.services.bills.desk import (
    ACCOUNT,
    ELEC,
    GAS,
    OFF,
    PHONE,
    RURAL,
    SCHOOL,
    demo_billers,
    refused,
)

MINUTE_MS = 60_000


def words(bills, outcome):
    """What the operator reads."""
    assert isinstance(outcome, Refusal)
    said = bills.pc.premises.texts.say(outcome.text_key, **outcome.slots)
    assert "{" not in said
    return said


def test_a_bill_that_is_taken_is_held_and_paid_by_the_county(bills):
    bill = bills.taken(10_000)
    pc = bills.pc
    assert pc.balance(held_bill(bill)) == -10_000
    assert pc.balance(drawer("D1")) == 40_000
    (row,) = records.not_over(bills.connection, bills.today)
    assert (row.stands, row.state.due_day, row.state.policy) == ("queued", "2026-11-26", "queue")
    bills.paid(bill)
    assert pc.balance(held_bill(bill)) == 0
    assert pc.balance(COUNTY_CURRENT) == -10_000
    (row,) = records.not_over(bills.connection, bills.today)
    assert (row.stands, row.has_receipt) == ("paid", False)


def test_the_fee_is_paid_with_it_and_becomes_the_stations_with_the_receipt(bills):
    bills.publish(SCHOOL, fee_fen=100)
    bill = bills.taken(12_650, fee_fen=100, biller=SCHOOL, account="S000017")
    assert bills.pc.balance(held_bill(bill)) == -12_750
    assert bills.pc.balance(FEE_BILL) == 0
    bills.paid(bill, 12_650, 100)
    assert bills.pc.balance(FEE_BILL) == -100


def test_what_failed_is_owed_back_and_paid_once(bills):
    bill = bills.taken(12_650)
    bills.failed(bill, 12_650)
    (row,) = records.not_over(bills.connection, bills.today)
    assert (row.stands, row.due_fen) == ("failed", 12_650)
    assert isinstance(bills.pc.pay_back(row.refund, 12_650), Done)
    assert bills.pc.balance(refund_due(bill)) == 0
    assert refused(bills.pc.pay_back(row.refund, 12_650)) == "PAID_ALREADY"
    (row,) = records.not_over(bills.connection, bills.today)
    assert row.due_fen == 0


def test_what_the_biller_sent_back_after_it_was_paid_is_owed_back_with_the_fee(bills):
    bills.publish(SCHOOL, fee_fen=100)
    bill = bills.taken(5_000, fee_fen=100, biller=SCHOOL, account="S000017")
    bills.paid(bill, 5_000, 100)
    bills.sent_back(bill, 5_000, 100)
    pc = bills.pc
    assert (pc.balance(COUNTY_CURRENT), pc.balance(FEE_BILL)) == (0, 0)
    assert pc.balance(refund_due(bill)) == -5_100


@pytest.mark.parametrize(
    ("more", "reason", "said"),
    [
        ({"biller": "NOBODY"}, "BILLER_UNKNOWN", "先选交哪一家的"),
        ({"biller": OFF, "account": "0017"}, "BILLER_OFF", "县里没开通代收"),
        ({"biller": GAS, "account": "0000000000017"}, "NEEDS_LINE", "要联网才能收"),
        ({"account": ""}, "ACCOUNT_MISSING", "还没输户号"),
        ({"account": "000000017"}, "ACCOUNT_SHORT", "户号少 1 位，要 10 位或 13 位"),
        ({"account": "00000000170"}, "ACCOUNT_LENGTH", "户号现在 11 位，要 10 位或 13 位"),
        ({"account": "00000000000017"}, "ACCOUNT_LONG", "户号多 1 位，要 10 位或 13 位"),
        ({"account": "000000001A"}, "ACCOUNT_ODD", "户号样子不对"),
        ({"fen": 900}, "AMOUNT_LOW", "最少交 ¥10.00"),
        ({"fen": 600_000}, "AMOUNT_HIGH", "最多交 ¥5,000.00"),
        ({"biller": PHONE, "account": "15400001001", "fen": 1_500}, "AMOUNT_CHOICE", "只能交"),
        ({"fen": 100_001}, "LIMIT_REACHED", "今天代收额满了，还能收 ¥1,000.00"),
    ],
)
def test_what_may_not_be_taken_is_said_in_one_sentence(bills, more, reason, said):
    fen = more.pop("fen", 10_000)
    outcome = bills.take(fen, **more)
    assert refused(outcome) == reason
    assert said in words(bills, outcome)
    assert bills.pc.balance(drawer("D1")) == 30_000
    assert records.not_over(bills.connection, bills.today) == ()


def test_full_width_digits_spaces_and_dashes_are_the_same_account(bills):
    bill = bills.taken(account="００００－００００　１７")
    state = records.bill_state(bills.connection, bill)
    assert state is not None
    assert state.account_no == ACCOUNT


def test_the_same_bill_of_today_is_asked_about_and_another_one_is_not(bills):
    bills.taken(10_000)
    outcome = bills.take(10_000)
    assert refused(outcome) == "SAME_TODAY"
    assert "¥100.00" in words(bills, outcome)
    bills.taken(20_000)
    bills.taken(10_000, is_meant=True)


def test_a_bill_that_failed_is_no_twin(bills):
    bills.failed(bills.taken(10_000))
    bills.taken(10_000)


def test_no_more_is_promised_than_the_county_lets_a_station_hold(bills):
    bill = bills.taken(60_000)
    outcome = bills.take(50_000, account="0000000018")
    assert "还能收 ¥400.00" in words(bills, outcome)
    bills.taken(40_000, account="0000000018")
    assert refused(bills.take(1_000, account="0000000019")) == "LIMIT_REACHED"
    bills.paid(bill, 60_000)
    bills.taken(50_000, account="0000000019")


def test_what_needs_a_line_is_taken_while_the_county_is_heard(bills):
    gas = {"biller": GAS, "account": "0000000000017"}
    bills.heard(ago_ms=11 * MINUTE_MS)
    assert refused(bills.take(5_000, **gas)) == "NEEDS_LINE"
    bills.heard("no_line")
    assert refused(bills.take(5_000, **gas)) == "NEEDS_LINE"
    bills.heard()
    bills.taken(5_000, **gas)


def test_what_a_village_collects_itself_is_answered_at_the_end_of_the_month():
    terms = demo_billers()[RURAL]
    rules = msgspec.convert({**msgspec.structs.asdict(terms), "from_day": ""}, BillerTerms)
    days = {"2026-11-23": "2026-11-30", "2026-12-31": "2026-12-31", "2028-02-01": "2028-02-29"}
    assert {day: taking.answer_day(rules, day) for day in days} == days


def test_after_it_was_offered_it_is_asked_back_once_and_the_county_decides(bills):
    bill = bills.taken()
    ask = AskBillCancellation(bill=bill, remark="交重了")
    bills.offer(bill)
    (row,) = records.not_over(bills.connection, bills.today)
    assert row.stands == "sent"
    undone = bills.pc.premises.desk.settle_undo(row.act, ticket="UNDOUNDOUNDOUNDO")
    assert isinstance(undone, Refusal)
    assert undone.reason == "journal.OFFERED_ALREADY"
    bills.pc.do(ask)
    (row,) = records.not_over(bills.connection, bills.today)
    assert row.stands == "asked"
    assert refused(bills.pc.ask(ask)) == "ASKED_ALREADY"
    bills.failed(bill, reason="cancelled")
    assert refused(bills.pc.ask(ask)) == "ANSWERED_ALREADY"
    assert refused(bills.pc.ask(AskBillCancellation(bill="0" * 64))) == "BILL_UNKNOWN"


def test_before_it_was_offered_it_is_undone_and_nothing_is_held(bills):
    bill = bills.taken()
    (row,) = records.not_over(bills.connection, bills.today)
    done = bills.pc.premises.desk.settle_undo(row.act, ticket="UNDOUNDOUNDOUNDO")
    assert isinstance(done, Done)
    assert bills.pc.balance(held_bill(bill)) == 0
    assert bills.pc.balance(drawer("D1")) == 30_000
    assert records.not_over(bills.connection, bills.today) == ()
    bills.taken()  # no twin of what was undone


def test_the_slip_says_that_nothing_is_paid_and_bears_only_the_tail(bills):
    bills.taken(10_000, person=bills.pc.person())
    slip = bills.pc.papers()[-1]
    for said in ("已受理，未缴费", "这不是缴费凭证。", "居民电费", "户号 …0017", "100.00",
                 "最晚 11月26日 18:00 给您准信", "站号 NX0601",
        "缴不成凭本条全额退，只退一次。"):  # fmt: skip
        assert said in slip, said
    assert ACCOUNT not in slip
    assert "VR" in slip, "a code that finds the bill again"


def test_the_receipt_says_that_it_is_paid_and_with_which_number(bills):
    bill = bills.taken()
    maker = PaperMaker(people, bills.pc.premises.texts)
    assert maker.receipt(bills.connection, bill) is None
    bills.paid(bill, number="2026112309000001")
    made = maker.receipt(bills.connection, bill)
    assert made is not None
    paper, act = made
    slip = str(paper.document)
    assert "已缴成" in slip
    assert "2026112309000001" in slip
    row = records.bill_row(bills.connection, bill)
    assert row is not None
    assert act != row.act


def test_the_board_names_every_biller_that_is_on_and_what_it_costs(bills):
    bills.publish(SCHOOL, fee_fen=150)
    maker = PaperMaker(people, bills.pc.premises.texts)
    board = str(maker.board(bills.connection, bills.pc.premises.desk.now()))
    named = [b.name for b in demo_billers().values() if b.policy != "disabled"]
    assert [name for name in named if name not in board] == []
    assert demo_billers()[OFF].name not in board
    assert "1.50" in board
    assert len(re.findall("联网时才收", board)) == sum(
        1 for b in demo_billers().values() if b.policy == "online_only"
    )


def test_bills_are_found_by_the_end_of_the_account_and_by_whose_they_are(bills):
    person = bills.pc.person()
    bills.taken(person=person)
    known = people.person(bills.connection, person)
    assert known is not None
    for typed in ("0017", ACCOUNT, known.name):
        found = records.find(bills.connection, typed, people)
        assert [row.state.account_no for row in found] == [ACCOUNT], typed
    (hit,) = of_person(bills.connection, (person,), bills.pc.premises.texts)
    assert (hit.subject["bill"], hit.title) == (found[0].bill, "居民电费(示例) …0017")
    for typed in ("017", "0018", ""):
        assert records.find(bills.connection, typed, people) == (), typed


def test_who_is_erased_takes_her_account_numbers_along_and_the_amounts_stay(bills):
    person = bills.pc.person()
    bill, other = bills.taken(person=person), bills.taken(account="0000000018")
    facts = records.facts_about(bills.connection, (person,))
    assert facts == (bill,)
    bills.pc.do(ErasePerson(person=person, facts=facts))
    state = records.bill_state(bills.connection, bill)
    assert state is not None
    assert (state.account_no, state.holder, state.amount_fen) == ("", "", 10_000)
    assert bills.pc.balance(held_bill(bill)) == -10_000
    kept = records.bill_state(bills.connection, other)
    assert kept is not None
    assert kept.account_no == "0000000018"
    assert records.find(bills.connection, "0017", people) == ()
    papers = [str(p) for p in bills.pc.papers() if "0017" in str(p)]
    assert papers == [], "also not in the queue of the printer"


def test_late_ones_stand_above_what_waits_and_below_what_is_owed_back(bills):
    late = bills.taken(1_000)
    failed = bills.taken(2_000)
    bills.failed(failed, 2_000)
    new = bills.taken(3_000)
    paid = bills.taken(4_000)
    bills.paid(paid, 4_000)
    rows = records.not_over(bills.connection, bills.today)
    assert [row.bill for row in rows] == [failed, new, late, paid]
    rows = records.not_over(bills.connection, "2026-11-27")
    assert {row.bill for row in rows if row.is_late("2026-11-27")} == {late, new}
    assert paid not in {row.bill for row in rows}, "over for long"
    sums = records.sums_of(rows)
    assert (sums.unpaid_fen, sums.refund_fen, sums.paid) == (4_000, 2_000, 0)


def test_money_and_bill_are_one_act_or_none(bills):
    outcome = bills.pc.ask(TakeBill(biller=ELEC, account_no=ACCOUNT, amount_fen=10_000))
    assert not isinstance(outcome, Done), "nobody promises a payment without taking the money"
    outcome = bills.pc.ask(
        TakeBill(biller=ELEC, account_no=ACCOUNT, amount_fen=10_000), GivePayment(due_fen=0)
    )
    assert not isinstance(outcome, Done)
    assert records.not_over(bills.connection, bills.today) == ()

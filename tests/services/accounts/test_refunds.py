"""Refunds are paid once; whose PC pays; what two offline PCs paid twice is found and settled."""

from typing import Any

import pytest

from station_app.journal.series import printed_number
from station_app.ledger.accounts import drawer, receivable
from station_app.services.accounts import records
from station_app.services.accounts.commands import SettleDebit
from station_app.services.accounts.papers import PaperMaker
from station_app.services.accounts.rules import refund_account
from station_app.services.cash.commands import TakePayment
from station_app.services.cash.facts import Tender
from station_app.services.people import records as people
from tests.services.accounts.pcs import MINUTE_MS, accepted, refused


def both_know(one, two, fen=2_000):
    """PC 1 owes 20.00 back; PC 2 has heard of it; both have a shift."""
    one.open_shift()
    two.open_shift()
    key = one.owe_back(fen)
    two.hears(one)
    one.hears(two)
    return key


def test_at_home_it_is_paid_once(one):
    one.open_shift()
    key = one.owe_back(2_000)
    (due,) = records.refunds_due(one.connection)
    assert (due.document, due.due_fen, due.home, due.kind) == (key, 2_000, "D1", "parcel.shelved")
    assert due.person == one.person()
    accepted(one.pay_back(key, 2_000))
    assert one.balance(refund_account(key)) == 0
    assert one.balance(drawer("D1")) == 28_000
    assert records.refunds_due(one.connection) == ()
    assert "退款凭条" in one.papers()[-1]
    assert "领款人签字" in one.papers()[-1]
    assert "站号 NX0601" in one.papers()[-1], "whom to turn to"
    assert "校验 " in one.papers()[-1]
    assert "王*" in one.papers()[-1] or "*" in one.papers()[-1]
    before = len(one.papers())
    refusal = one.pay_back(key, 2_000)
    assert refused(refusal) == "PAID_ALREADY"
    words = one.premises.texts.say(refusal.text_key, **refusal.slots)
    assert "退过了" in words
    assert "¥20.00" in words
    assert len(one.papers()) == before
    assert one.balance(drawer("D1")) == 28_000


def test_it_is_called_by_the_number_on_the_paper_and_not_by_a_key_that_stands_nowhere(one):
    one.open_shift()
    taken = one.owe_back_a_bill(6_270, slip=17)
    (due,) = records.refunds_due(one.connection)
    number = printed_number(17, one.premises.session.author.stream)
    assert due.number == number
    papers = PaperMaker(people, one.premises.texts)
    assert papers.title(due) == f"缴费 NO.{number}"
    accepted(one.pay_back(taken, 6_270))
    assert f"NO.{number}" in one.papers()[-1]
    assert taken[-4:] not in one.papers()[-1]


def test_without_a_paper_it_is_called_by_what_it_comes_from(one):
    one.open_shift()
    key = one.owe_back(2_000)
    (due,) = records.refunds_due(one.connection)
    title = PaperMaker(people, one.premises.texts).title(due)
    assert title
    assert "NO." not in title
    assert key[-4:] not in title


def test_a_part_first_then_the_rest_and_no_more(one):
    one.open_shift()
    key = one.owe_back(2_000)
    assert refused(one.pay_back(key, 2_001)) == "MORE_THAN_DUE"
    assert refused(one.pay_back(key, 0)) == "AMOUNT_NOT_POSITIVE"
    accepted(one.pay_back(key, 500))
    accepted(one.pay_back(key, 1_500))
    assert refused(one.pay_back(key, 1)) == "PAID_ALREADY"
    assert len(records.refund_state(one.connection, key).payouts) == 2


def test_also_after_a_restart(one):
    one.open_shift()
    key = one.owe_back(2_000)
    accepted(one.pay_back(key, 2_000))
    one.restart()
    assert refused(one.pay_back(key, 2_000)) == "PAID_ALREADY"


def test_an_undone_payout_may_be_paid_again(one):
    one.open_shift()
    key = one.owe_back(2_000)
    done = accepted(one.pay_back(key, 2_000))
    undone = one.premises.desk.settle_undo(done.act, ticket="UNDOUNDOUNDOUNDO")
    accepted(undone)
    assert one.balance(refund_account(key)) == -2_000
    accepted(one.pay_back(key, 2_000))


def test_nothing_due_is_no_refund(one):
    one.open_shift()
    assert refused(one.pay_back("A" * 16, 100)) == "NOTHING_DUE"


# --- Another PC ----------------------------------------------------------------------------------


def test_elsewhere_the_slip_comes_first_then_a_word_of_the_home(one, two):
    key = both_know(one, two)
    two.clock.at_ms = one.clock.at_ms + 9 * MINUTE_MS
    assert refused(two.pay_back(key, 2_000)) == "SLIP_FIRST"
    done = accepted(two.pay_back(key, 2_000, slip_taken=True))
    body = next(told.body for told in done.told if told.kind == "refund.paid")
    assert (body.home, body.permission, body.slip_taken) == ("D1", "contact", 1)
    assert "原凭条已收回" in two.papers()[-1]


def test_a_word_that_is_old_is_none(one, two):
    key = both_know(one, two)
    two.hire("李示芳", "赵小喜")
    two.clock.at_ms = one.clock.at_ms + 11 * MINUTE_MS
    assert refused(two.pay_back(key, 2_000, slip_taken=True)) == "HOME_NOT_HEARD"
    two.is_operator()
    why = {"slip_taken": True, "remark": "一号机坏了"}
    assert refused(two.pay_back(key, 2_000, **why)) == "MANAGER_FIRST"
    two.premises.signed_in.come("", is_manager=True)
    assert refused(two.pay_back(key, 2_000, remark="一号机坏了")) == "SLIP_FIRST"
    done = accepted(two.pay_back(key, 2_000, **why))
    fact = next(told for told in done.told if told.kind == "refund.paid")
    assert fact.body.permission == "manager"
    assert fact.private.remark == "一号机坏了"


def test_a_word_from_the_future_is_none(one, two):
    key = both_know(one, two)
    two.clock.at_ms = one.clock.at_ms - 11 * MINUTE_MS
    assert refused(two.pay_back(key, 2_000, slip_taken=True)) == "HOME_NOT_HEARD"


def test_a_station_of_one_person_pays_with_her_reason(one, two):
    key = both_know(one, two)
    two.hire("李示芳")
    two.clock.at_ms = one.clock.at_ms + 60 * MINUTE_MS
    done = accepted(two.pay_back(key, 2_000, slip_taken=True, remark="一号机没电"))
    body = next(told.body for told in done.told if told.kind == "refund.paid")
    assert body.permission == "alone"


# --- Paid twice ----------------------------------------------------------------------------------


@pytest.fixture
def paid_twice(one, two):
    """Both PCs have paid the same refund while neither heard of the other."""
    key = both_know(one, two)
    two.clock.at_ms = one.clock.at_ms + MINUTE_MS
    accepted(one.pay_back(key, 2_000))
    accepted(two.pay_back(key, 2_000, slip_taken=True))
    assert one.twice() == two.twice() == ()
    one.hears(two)
    two.hears(one)
    return key


@pytest.mark.parametrize("who", ["one", "two"])
def test_both_payouts_stand_and_the_purse_is_in_debit(request, paid_twice, who):
    pc = request.getfixturevalue(who)
    assert pc.balance("Assets:Drawer") == 60_000 - 4_000
    (twice,) = pc.twice()
    assert twice.account == refund_account(paid_twice)
    assert twice.debit_fen == 2_000
    assert len(twice.members) == 2
    devices = {p.device for p in records.refund_state(pc.connection, paid_twice).payouts}
    assert devices == {"D1", "D2"}
    assert refused(pc.pay_back(paid_twice, 2_000, slip_taken=True)) == "PAID_ALREADY"


SETTLED = [
    ("brought_back", "", 58_000, 0, 0),
    ("owed", "记到名下", 56_000, 2_000, 0),
    ("borne", "站里赔", 56_000, 0, 2_000),
]


@pytest.mark.parametrize(("how", "remark", "drawers", "owes", "borne"), SETTLED)
def test_the_excess_is_settled_in_three_ways(one, paid_twice, how, remark, drawers, owes, borne):
    account = refund_account(paid_twice)
    compensated = one.balance("Expenses:Compensation")
    command = SettleDebit(
        account=account, how=how, amount_fen=2_000, person=one.person(), remark=remark
    )
    tender = Tender(way="cash", amount_fen=2_000)
    payment = [TakePayment(due_fen=2_000, tenders=(tender,))] if how == "brought_back" else []
    one.do(command, *payment)
    assert one.twice() == ()
    assert one.balance(account) == 0
    assert one.balance("Assets:Drawer") == drawers
    assert one.balance(receivable(one.person())) == owes
    assert one.balance("Expenses:Compensation") - compensated == borne


NOT_SETTLED = [
    ("NOTHING_PAID_TWICE", {"account": "Liabilities:RefundDue:" + "A" * 16}),
    ("NOT_SETTLED_SO", {"account": "Assets:Safe"}),
    ("NOT_SETTLED_SO", {"how": "forgotten"}),
    ("MORE_THAN_PAID_TWICE", {"amount_fen": 2_001}),
    ("MORE_THAN_PAID_TWICE", {"amount_fen": 0}),
    ("PERSON_MISSING", {"how": "owed", "person": ""}),
    ("PERSON_MISSING", {"how": "owed", "person": "ab" * 32}),
    ("REASON_MISSING", {"remark": " "}),
    ("REMARK_TOO_LONG", {"remark": "长" * 201}),
]


@pytest.mark.parametrize(("reason", "changed"), NOT_SETTLED)
def test_how_it_is_not_settled(one, paid_twice, reason, changed):
    wanted: Any = {"account": refund_account(paid_twice), "how": "borne", "amount_fen": 2_000}
    wanted |= {"remark": "站里赔"} | changed
    assert one.no(SettleDebit(**wanted)).reason == f"accounts.{reason}"


def test_only_the_manager_settles(one, paid_twice):
    one.is_operator()
    account = refund_account(paid_twice)
    command = SettleDebit(account=account, how="borne", amount_fen=2_000, remark="站里赔")
    assert one.no(command).reason == "accounts.ONLY_A_MANAGER"


# --- Other people's money ------------------------------------------------------------------------


@pytest.mark.parametrize("float_fen", [10_000, 30_000])
def test_what_is_hers_is_paid_out_without_a_question(one, float_fen):
    """Own money may be short: paying her makes it no shorter."""
    one.open_shift(float_fen)
    key = one.owe_back(15_000)
    done = accepted(one.pay_back(key, 10_000, lent_because="不用写"))
    given = next(told for told in done.told if told.kind == "payment.given")
    assert (given.body.lent_fen, given.body.approval, given.private) == (0, "", None)


def test_a_slip_finds_its_refund(one):
    one.open_shift()
    key = one.owe_back(2_000)
    row = records.refund_row(one.connection, key, 2_000)
    assert records.documents_of_slip(one.connection, row.act) == (key,)
    done = accepted(one.pay_back(key, 2_000))
    assert records.documents_of_slip(one.connection, done.act) == (key,)
    assert records.documents_of_slip(one.connection, "NOSUCHACTNOSUCHA") == ()

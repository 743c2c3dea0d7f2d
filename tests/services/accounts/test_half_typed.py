"""Half-typed work on the pages of money that is owed, over a power cut, by keys."""

# ruff: noqa: F811 - the fixtures of that name
import pytest

from station_app.ledger.accounts import drawer, receivable
from station_app.ledger.balances import balance
from station_app.services.accounts.commands import PayRefund, RepayAccount
from station_app.services.accounts.rules import refund_account
from station_app.services.cash.commands import GivePayment, TakePayment
from station_app.services.cash.facts import Tender
from station_app.shell.desk import Done
from tests.overview.conftest import dressed, furnished, station  # noqa: F401 - fixtures
from tests.overview.seen import primary
from tests.services.accounts.desk_page import lost, on_account, sold
from tests.services.accounts.test_case_page import pay
from tests.services.accounts.test_pages import FLOAT, begin


@pytest.fixture
def at_work(station):
    station.sign_in()
    station.open_shift()
    return station


def power_cut(station, meanwhile=lambda: None):
    """End the program without a word, start it again on the same premises, sign in."""
    who = station.premises.signed_in.operator
    station.page.keep_draft()
    kept = {key: station.drafts.find(key) for key in station.drafts.pages()}
    station.restart()
    for key, draft in kept.items():
        station.drafts.keep(key, draft)
    station.sign_in(who)
    meanwhile()
    station.show_unlocked()
    station.hand.settle()


def fen(station, account):
    return balance(station.connection, account)


def test_a_repayment_half_typed(at_work):
    person = on_account(at_work, 0, 12_000)
    on_account(at_work, 1, 5_000)
    begin(at_work, "accounts.debts")
    at_work.page.list.choose(person)
    at_work.press("Enter")
    at_work.type("50")
    at_work.page.money.cash.setFocus()
    at_work.type("100")
    power_cut(at_work)
    assert at_work.page.key == "accounts.debts"
    assert "刚才断电了。还账写到一半，钱没记，接着写" in at_work.toasts()
    assert at_work.page.debtor.person == person
    assert at_work.page.money.paying.change_fen == 5_000
    assert primary(at_work)[:2] == ("收 ¥50.00，还账", True)
    assert fen(at_work, receivable(person)) == 12_000
    at_work.press("Enter")
    assert fen(at_work, receivable(person)) == 7_000
    assert fen(at_work, drawer("D1")) == FLOAT + 5_000
    assert at_work.drafts.pages() == []


def test_a_repayment_that_was_made_meanwhile_is_given_up(at_work):
    person = on_account(at_work, 0, 12_000)
    begin(at_work, "accounts.debts")
    at_work.press("Enter")
    at_work.type("50")

    def paid_elsewhere():
        tenders = (Tender(way="cash", amount_fen=12_000),)
        repaid = RepayAccount(person=person, amount_fen=12_000)
        assert isinstance(at_work.do(repaid, TakePayment(due_fen=12_000, tenders=tenders)), Done)

    power_cut(at_work, paid_elsewhere)
    assert any("断电前写的还账不用了" in toast for toast in at_work.toasts())
    assert at_work.page.mode == "list"
    assert at_work.drafts.pages() == []
    at_work.press("Enter")
    assert fen(at_work, drawer("D1")) == FLOAT + 12_000


def test_leaving_the_person_alone_leaves_no_draft(at_work):
    on_account(at_work, 0, 12_000)
    begin(at_work, "accounts.debts")
    at_work.press("Enter")
    at_work.type("50")
    at_work.page.keep_draft()
    assert at_work.drafts.pages() == ["accounts.debts"]
    at_work.press("Esc")
    assert at_work.drafts.pages() == []


def test_a_refund_half_typed(at_work):
    key = lost(at_work, 0, 3_000)
    lost(at_work, 1, 4_500)
    begin(at_work, "accounts.refunds")
    at_work.page.list.choose(key)
    at_work.press("Enter")
    at_work.page.out.amount.setFocus()
    at_work.press("Ctrl+A")
    at_work.type("20")
    at_work.page.setFocus()
    at_work.press("2")
    at_work.type("4200")
    power_cut(at_work)
    assert at_work.page.key == "accounts.refunds"
    assert at_work.page.document == key
    assert "刚才断电了。退款写到一半，钱没记，接着写" in at_work.toasts()
    assert at_work.page.out.money.paying.reference == "4200"
    assert primary(at_work)[:2] == ("付 ¥20.00，退款", True)
    at_work.press("Enter")
    assert fen(at_work, refund_account(key)) == -1_000
    assert fen(at_work, "Assets:WeChat") == -2_000
    assert at_work.drafts.pages() == []


def test_a_refund_that_was_paid_meanwhile_is_given_up(at_work):
    key = lost(at_work, 0, 3_000)
    begin(at_work, "accounts.refunds")
    at_work.press("Enter")

    def paid_elsewhere():
        given = GivePayment(due_fen=3_000, tenders=(Tender(way="cash", amount_fen=3_000),))
        assert isinstance(at_work.do(PayRefund(document=key, amount_fen=3_000), given), Done)

    power_cut(at_work, paid_elsewhere)
    assert any("断电前写的退款不用了" in toast for toast in at_work.toasts())
    assert at_work.page.mode == "list"
    at_work.press("Enter")
    assert fen(at_work, drawer("D1")) == FLOAT - 3_000
    assert at_work.drafts.pages() == []


def test_how_a_double_payout_is_settled(at_work):
    key = lost(at_work, 0, 3_000)
    pay(at_work, key, 3_000)
    pay(at_work, key, 3_000)
    begin(at_work, "accounts.refunds")
    at_work.press("Enter", "3")
    at_work.page.settling.reason.setFocus()
    at_work.compose("乡亲不在家了")
    power_cut(at_work)
    assert at_work.page.mode == "settle"
    assert at_work.page.settling.reason.text() == "乡亲不在家了"
    assert fen(at_work, refund_account(key)) == 3_000
    at_work.press("Enter")
    assert fen(at_work, refund_account(key)) == 0
    assert at_work.drafts.pages() == []


def test_another_way_of_paying(at_work):
    done = sold(at_work, 0, 2_000, Tender(way="cash", amount_fen=2_000))
    begin(at_work, "cash.right")
    at_work.window.open_page("cash.right", {"act": done.act})
    assert at_work.page.draft() is None
    at_work.press("5")
    at_work.type("42")
    power_cut(at_work)
    assert at_work.page.key == "cash.right"
    assert "刚才断电了。改正写到一半，接着写" in at_work.toasts()
    assert at_work.page.ways.paying.way == "wechat"
    assert primary(at_work)[1] is True
    at_work.press("Enter")
    assert fen(at_work, "Assets:WeChat") == 2_000
    assert fen(at_work, drawer("D1")) == FLOAT
    assert at_work.drafts.pages() == []


def test_a_correction_that_was_made_is_not_made_again(at_work):
    done = sold(at_work, 0, 2_000, Tender(way="cash", amount_fen=5_000))
    begin(at_work, "cash.right")
    at_work.window.open_page("cash.right", {"act": done.act})
    at_work.press("3")
    at_work.type("10")
    draft = at_work.page.draft()
    at_work.press("Enter")
    assert at_work.page.key != "cash.right"
    at_work.drafts.keep("cash.right", draft)
    at_work.window.resume_drafts()
    at_work.hand.settle()
    assert any("断电前写的改正不用了" in toast for toast in at_work.toasts())
    assert at_work.drafts.pages() == []
    assert primary(at_work)[1] is False


def test_a_correction_that_is_left_leaves_no_draft(at_work):
    done = sold(at_work, 0, 2_000, Tender(way="cash", amount_fen=2_000))
    begin(at_work, "cash.right")
    at_work.window.open_page("cash.right", {"act": done.act})
    at_work.press("5", "Esc", "Esc")
    at_work.page.keep_draft()
    assert at_work.page.key != "cash.right"
    assert at_work.drafts.pages() == []

"""The pages of money that is owed, by keys: who owes, refunds that are due, payments put right."""

# ruff: noqa: F811 - the fixtures of that name
import pytest

from station_app.journal.fact import Saying
from station_app.ledger.accounts import drawer, held_cod, receivable
from station_app.ledger.balances import balance
from station_app.services.accounts.facts import HomePassedOn
from station_app.services.accounts.rules import refund_account
from station_app.services.cash.facts import Tender
from station_app.shell.widgets.keys import KeyButton
from station_app.values.codes import SLIP, make_code
from tests.long_shelf import HEIGHTS
from tests.overview.conftest import dressed, furnished, station  # noqa: F401 - fixtures
from tests.overview.seen import caps, check_fit, primary, shoot, words
from tests.services.accounts.desk_page import lost, on_account, say, sold
from tests.services.parcels.test_signing import Photos, draw

FLOAT = 40_000  # what the shift of these tests begins with


@pytest.fixture
def at_work(station):
    station.sign_in()
    station.open_shift()
    return station


def begin(station, page, height=768):
    station.show_unlocked((1366, height))
    station.window.open_page(page)
    station.hand.settle()


def rows(station):
    return str(station.page.list.rows_model.rows)


def fen(station, account):
    return balance(station.connection, account)


# --- Who owes ------------------------------------------------------------------------------------


@pytest.mark.parametrize("height", HEIGHTS)
def test_a_part_is_repaid_by_keys(at_work, height):
    person = on_account(at_work, 0, 12_000)
    on_account(at_work, 1, 5_000)
    begin(at_work, "accounts.debts", height)
    assert "2 位乡亲欠站里" in words(at_work)
    assert "一共 ¥170.00" in words(at_work)
    check_fit(at_work)
    shoot(at_work, f"debts_{height}")
    at_work.page.list.choose(person)
    at_work.press("Enter")
    assert "一共欠 ¥120.00" in words(at_work)
    assert caps(at_work) == ["收 ¥120.00，还账"]
    at_work.type("50")
    assert "还完还欠 ¥70.00" in words(at_work)
    at_work.page.money.cash.setFocus()
    at_work.type("100")
    assert "¥50.00" in words(at_work)
    check_fit(at_work)
    shoot(at_work, f"debts_pay_{height}")
    at_work.press("Enter")
    assert "还了 ¥50.00" in words(at_work)
    assert fen(at_work, receivable(person)) == 7_000
    shoot(at_work, f"debts_done_{height}")
    check_fit(at_work)
    at_work.press("Enter")
    assert "一共 ¥120.00" in words(at_work)
    papers = at_work.connection.execute(
        "SELECT document FROM print_jobs WHERE role = 'receipt' ORDER BY job"
    ).fetchall()
    assert "还账凭条" in papers[-1][0]
    assert "￥70.00" in papers[-1][0]


def test_after_a_repayment_is_undone_the_page_says_no_more_that_it_was_repaid(at_work):
    person = on_account(at_work, 0, 12_000)
    begin(at_work, "accounts.debts")
    at_work.press("Enter", "Enter")
    assert "还了 ¥120.00" in words(at_work)
    at_work.press("Ctrl+Z", "Enter")
    assert fen(at_work, receivable(person)) == 12_000
    assert "还了 ¥120.00" not in words(at_work)
    assert "1 位乡亲欠站里" in words(at_work)


def test_what_she_owes_opens_down_to_its_facts(at_work):
    person = on_account(at_work, 0, 12_000)
    begin(at_work, "accounts.debts")
    at_work.press("F11")
    at_work.hand.settle()
    assert at_work.page.key == "cash.figure"
    assert "¥120.00" in words(at_work)
    (line,) = at_work.page._lines.values()
    assert (line.account, line.amount) == (receivable(person), 12_000)
    at_work.press("Esc")
    assert at_work.page.key == "accounts.debts"


def test_more_than_she_owes_is_not_taken(at_work):
    on_account(at_work, 0, 12_000)
    begin(at_work, "accounts.debts")
    at_work.press("Enter")
    at_work.type("121")
    assert "多了 ¥1.00，只收欠的" in words(at_work)
    assert primary(at_work)[1:] == (False, "比欠的多")
    at_work.press("Enter")
    assert fen(at_work, receivable(at_work.person(0))) == 12_000


def test_the_oldest_debt_stands_first_and_a_paid_one_is_gone(at_work):
    first = on_account(at_work, 3, 1_000)
    second = on_account(at_work, 2, 2_000)
    begin(at_work, "accounts.debts")
    assert at_work.page.list.rows_model.rows[0].subject in (first, second)
    at_work.page.list.choose(first)
    at_work.press("Enter", "Enter", "Enter")
    assert [row.subject for row in at_work.page.list.rows_model.rows] == [second]
    at_work.press("Enter", "Enter", "Enter")
    assert "没有乡亲欠站里的钱" in words(at_work)


# --- Refunds -------------------------------------------------------------------------------------


def test_what_another_pc_must_answer_for_is_paid_by_keys_once_its_slip_was_taken_in(at_work):
    """Both buttons showed F10, and the pen got it: no key took the slip in."""
    at_work.photos = Photos(at_work.connection)
    key = lost(at_work, 0, 3_000)
    day = at_work.desk.now().day
    say(at_work, Saying(HomePassedOn(from_device="D1", to_device="D2", day=day)))
    begin(at_work, "accounts.refunds")
    at_work.page.list.choose(key)
    at_work.press("Enter")
    assert primary(at_work)[1:] == (False, "先收回凭条")
    at_work.press("Ctrl+E")
    at_work.page.out.reason.line.setFocus()
    at_work.compose("二号机没电")
    check_fit(at_work)
    at_work.press("Enter")
    assert fen(at_work, refund_account(key)) == 0


def test_what_goes_back_by_bank_is_not_put_into_her_hand(at_work):
    key = lost(at_work, 0, 3_000)
    begin(at_work, "accounts.refunds")
    at_work.page.list.choose(key)
    at_work.press("Enter", "4", "Enter")
    assert "用银行卡把钱转给乡亲" in words(at_work)


def test_whoever_gets_a_refund_signs_for_it_on_the_screen(at_work):
    at_work.photos = Photos(at_work.connection)
    key = lost(at_work, 0, 3_000)
    begin(at_work, "accounts.refunds")
    at_work.page.list.choose(key)
    at_work.press("Enter", "F10")
    assert "请 王示兰 签名" in words(at_work)
    draw(at_work.page.signing.pad)
    check_fit(at_work)
    at_work.press("Enter", "Enter")
    assert fen(at_work, refund_account(key)) == 0
    rows = at_work.connection.execute(
        "SELECT f.identity FROM facts f WHERE f.kind = 'refund.paid'"
    ).fetchall()
    assert len(at_work.photos.named_by(rows[0][0])) == 1


@pytest.mark.parametrize("height", HEIGHTS)
def test_a_refund_is_paid_and_its_paper_is_asked_for(at_work, height):
    key = lost(at_work, 0, 3_000)
    lost(at_work, 1, 4_500)
    begin(at_work, "accounts.refunds", height)
    assert "2 笔该退给乡亲" in words(at_work)
    check_fit(at_work)
    shoot(at_work, f"refunds_{height}")
    at_work.page.list.choose(key)
    at_work.press("Enter")
    assert "这笔是本机办的" in words(at_work)
    assert caps(at_work) == ["付 ¥30.00，退款"]
    check_fit(at_work)
    shoot(at_work, f"refunds_pay_{height}")
    at_work.press("Enter")
    assert fen(at_work, refund_account(key)) == 0
    assert "退款凭条出来了吗" in words(at_work)
    assert caps(at_work) == ["出来了"]
    check_fit(at_work)
    shoot(at_work, f"refunds_done_{height}")
    at_work.press("Ctrl+P")
    assert len(at_work.again) == 1
    at_work.press("Enter")
    assert "1 笔该退给乡亲" in words(at_work)


def test_after_a_payout_is_undone_the_page_says_no_more_that_it_was_paid(at_work):
    key = lost(at_work, 0, 3_000)
    begin(at_work, "accounts.refunds")
    at_work.press("Enter", "Enter")
    assert "退了 ¥30.00" in words(at_work)
    at_work.press("Ctrl+Z", "Enter")
    assert fen(at_work, refund_account(key)) == -3_000
    assert "退了 ¥30.00" not in words(at_work)
    assert "1 笔该退给乡亲" in words(at_work)


def test_what_is_owed_back_opens_down_to_its_facts(at_work):
    key = lost(at_work, 0, 3_000)
    begin(at_work, "accounts.refunds")
    at_work.press("F11")
    at_work.hand.settle()
    assert at_work.page.key == "cash.figure"
    assert [line.account for line in at_work.page._lines.values()] == [refund_account(key)]


def test_a_scanned_slip_opens_its_refund_and_says_when_it_was_paid(at_work):
    done = sold(at_work, 0, 2_000, Tender(way="cash", amount_fen=2_000))
    parcel = next(t for t in done.told if t.kind == "parcel.handed_over").entity
    key = _owed_back(at_work, parcel)
    code = make_code(SLIP, done.act)
    begin(at_work, "accounts.refunds")
    at_work.scan(code)
    _choose_refund(at_work)
    assert at_work.page.document == key
    at_work.press("Enter", "Enter")
    assert fen(at_work, refund_account(key)) == 0
    at_work.clock.at_ms += 10_000
    at_work.hand.at += 10_000
    at_work.scan(code)
    _choose_refund(at_work)
    assert any("退过了" in toast for toast in at_work.toasts())
    assert fen(at_work, refund_account(key)) == 0


def _owed_back(station, parcel):
    from station_app.journal.fact import Saying
    from station_app.ledger.accounts import part
    from station_app.services.parcels.facts import ParcelLost

    body = ParcelLost(
        courier="ZTO", compensation_fen=500, payee="receiver", day=station.desk.now().day
    )
    say(station, Saying(body, entity=parcel))
    return part(parcel)


def _choose_refund(station):
    """A slip is good for two things, its hand-over and its refund: the sheet asks which."""
    for button in station.window.findChildren(KeyButton):
        if button.isVisible() and button.text() == "退这张单的钱":
            station.click(button)
            return


def test_what_is_hers_is_paid_though_own_money_is_short(at_work):
    sold(at_work, 0, 20_000, Tender(way="wechat", amount_fen=20_000, reference="42"))
    key = lost(at_work, 1, 50_000)
    begin(at_work, "accounts.refunds")
    at_work.page.list.choose(key)
    at_work.press("Enter")
    assert "垫用" not in words(at_work)
    check_fit(at_work)
    assert primary(at_work)[1] is True
    assert "钱箱里的现金不够付" in words(at_work)


# --- Put right -----------------------------------------------------------------------------------


@pytest.mark.parametrize("height", HEIGHTS)
def test_wechat_was_cash_after_all_in_four_keys_from_today(at_work, height):
    done = sold(at_work, 0, 2_000, Tender(way="wechat", amount_fen=2_000, reference="42"))
    at_work.show_unlocked((1366, height))
    at_work.window.open_page("overview.today")
    at_work.hand.settle()
    at_work.page.acts.choose(done.act)
    at_work.page.acts.setFocus()
    at_work.press("Enter", "Ctrl+E")
    assert "微信 ¥20.00" in words(at_work)
    shoot(at_work, f"right_{height}")
    check_fit(at_work)
    at_work.press("4", "Enter")
    assert fen(at_work, "Assets:WeChat") == 0
    assert fen(at_work, drawer("D1")) == FLOAT + 2_000
    papers = at_work.connection.execute(
        "SELECT document FROM print_jobs WHERE role = 'receipt' ORDER BY job"
    ).fetchall()
    assert "改正凭条" in papers[-1][0]


def test_a_wrong_amount_is_put_right_from_its_entry_by_three_keys_and_the_number(at_work):
    done = sold(at_work, 0, 26_800, Tender(way="cash", amount_fen=26_800))
    begin(at_work, "overview.acts")
    at_work.page.list.choose(done.act)
    before = acts(at_work)
    at_work.press("Ctrl+E", "2")
    at_work.type("286")
    at_work.press("Enter")
    assert fen(at_work, held_cod("ZTO")) == -28_600
    assert acts(at_work) == before + 1


def acts(station):
    """How many acts this PC has recorded."""
    return station.connection.execute("SELECT count(*) FROM tickets").fetchone()[0]


def test_cod_was_286_and_not_268(at_work):
    done = sold(at_work, 0, 26_800, Tender(way="cash", amount_fen=26_800))
    begin(at_work, "cash.right")
    at_work.window.open_page("cash.right", {"act": done.act})
    at_work.press("2")
    at_work.type("286")
    assert primary(at_work)[0] == "补收 ¥18.00，改正"
    check_fit(at_work)
    shoot(at_work, "right_amount_768")
    at_work.press("Enter")
    assert fen(at_work, held_cod("ZTO")) == -28_600
    assert fen(at_work, drawer("D1")) == FLOAT + 28_600


def test_too_little_change_was_given(at_work):
    done = sold(at_work, 0, 2_000, Tender(way="cash", amount_fen=5_000))
    begin(at_work, "cash.right")
    at_work.window.open_page("cash.right", {"act": done.act})
    at_work.press("3")
    at_work.type("10")
    shoot(at_work, "right_change_768")
    assert primary(at_work)[0] == "退还 ¥10.00，改正"
    at_work.press("Enter")
    assert fen(at_work, drawer("D1")) == FLOAT + 2_000


@pytest.mark.parametrize(("digit", "typed", "primary_words"), [
    ("2", "286", "补收 ¥18.00，改正"),
    ("3", "10", "退还 ¥10.00，改正"),
])  # fmt: skip
def test_a_correction_half_typed_outlives_a_power_cut(at_work, digit, typed, primary_words):
    done = sold(at_work, 0, 26_800, Tender(way="cash", amount_fen=26_800))
    begin(at_work, "cash.right")
    at_work.window.open_page("cash.right", {"act": done.act})
    at_work.press(digit)
    at_work.type(typed)
    draft = at_work.page.draft()
    at_work.page.open_with({"act": done.act})
    assert at_work.page.draft() is None
    assert at_work.page.resume(draft) == "刚才断电了。改正写到一半，接着写"
    assert primary(at_work)[0] == primary_words

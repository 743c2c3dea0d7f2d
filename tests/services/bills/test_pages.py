"""Bills at the counter, by keys and scans."""

import msgspec
import pytest

from station_app.ledger.accounts import drawer, held_bill, refund_due
from station_app.ledger.balances import balance
from station_app.printing.paint import TypeCase
from station_app.printing.press import Press
from station_app.printing.profiles import load_profiles
from station_app.resources_dir import resources
from station_app.services.bills.rules import Bill
from station_app.values.codes import SLIP, make_code
from tests.long_shelf import HEIGHTS
from tests.overview.seen import caps, check_fit, primary, shoot, words

FLOAT = 40_000  # what the shift of these tests begins with


@pytest.fixture(scope="module")
def press(dressed):
    return Press(TypeCase(resources() / "fonts"))


def begin(counter, height=768, press=None):
    station = counter.pc
    if press is not None:
        paper = load_profiles((resources() / "printers.toml").read_text("utf-8"))["receipt_58"]
        station.preview = lambda document: press.raster(document, paper)
    station.show_unlocked((1366, height))
    station.press("F7")
    station.hand.settle()
    return station


def fen(station, account):
    return balance(station.connection, account)


@pytest.mark.parametrize("height", HEIGHTS)
def test_a_bill_is_taken_in_from_the_keyboard_alone(counter, height, press):
    station = begin(counter, height, press)
    assert "今天还没人交费" in words(station)
    check_fit(station)
    station.press("Alt+1")
    station.type("0000 0000 1")
    assert "户号少 1 位，要 10 位或 13 位" in words(station)
    shoot(station, f"bills_short_{height}")
    station.type("7")
    assert "户号对得上：10 位，末尾 0017" in words(station)
    station.press("Alt+7")
    assert primary(station)[0] == "收 ¥100.00"
    check_fit(station)
    shoot(station, f"bills_form_{height}")
    station.press("Enter")
    assert primary(station)[0] == "收 ¥100.00，打预收条"
    check_fit(station)
    station.type("200")
    shoot(station, f"bills_pay_{height}")
    view = station.page.customer_view()
    assert (view.total_fen, view.given_fen, view.change_fen) == (10_000, 20_000, 10_000)
    assert "0017" not in str(view)
    station.press("Enter")
    assert station.page.customer_view().is_done
    shoot(station, f"bills_done_{height}")
    assert "收了 ¥100.00" in words(station)
    check_fit(station)
    station.press("Enter")
    assert "排队" in str(station.page.bills.list.rows_model.rows)
    check_fit(station)
    shoot(station, f"bills_list_{height}")


def row_words(station):
    """What the current row says of its bill."""
    row = station.page.bills.current()
    assert row is not None
    shown = next(r for r in station.page.bills.list.rows_model.rows if r.subject == row.bill)
    return str(shown.cells)


def test_the_slip_finds_its_bill_again_wherever_it_is_scanned(counter):
    bill = counter.taken(10_000)
    counter.taken(20_000)
    act = counter.connection.execute(
        "SELECT act FROM facts WHERE identity = ?", (bill,)
    ).fetchone()[0]
    station = begin(counter)
    station.press("F6")
    station.scan(make_code(SLIP, act))
    assert station.page.bills.current().bill == bill
    assert "排队" in row_words(station)


def test_a_failed_bill_is_red_on_today_and_paid_back_once_against_its_slip(counter):
    bill = counter.taken(12_650)
    counter.failed(bill, 12_650)
    station = begin(counter)
    assert "没缴成" in row_words(station)
    assert "户号停用，凭条退钱" in row_words(station)
    check_fit(station)
    shoot(station, "bills_failed")
    station.press("Ctrl+R")
    station.press("F10")
    station.press("Enter")
    assert fen(station, refund_due(bill)) == 0
    assert fen(station, drawer("D1")) == FLOAT
    station.press("Enter", "F7")
    station.hand.settle()
    assert "退过了" in row_words(station)
    assert "Ctrl+R" not in [a.key for a in station.page.action_bar()]


def test_the_same_bill_today_is_asked_about_before_any_money(counter):
    counter.taken(10_000)
    station = begin(counter)
    station.press("Alt+1")
    station.type("0000000017")
    station.press("Alt+7", "Enter")
    assert "这户今天交过 ¥100.00，还交吗" in words(station)
    check_fit(station)
    assert caps(station) == ["是另一笔，接着收"]
    station.press("Esc")
    assert station.page.mode == "form"
    station.press("Enter", "Enter")
    assert station.page.mode == "pay"
    station.press("Enter")
    assert fen(station, drawer("D1")) == FLOAT + 20_000


def test_who_paid_here_before_finds_her_account_in_the_field(counter):
    person = counter.pc.person(0)
    counter.taken(10_000, person=person)
    station = begin(counter)
    station.press("Alt+1", "Ctrl+E")
    station.type("154000060")
    station.press("Enter")
    assert station.page.person.identity == person
    assert station.page.form.account_no == "0000000017"
    assert "上次11月23日交 ¥100.00" in words(station)


def test_a_biller_that_is_no_tile_is_found_by_initials(counter):
    station = begin(counter)
    station.press("F10")
    check_fit(station)
    station.type("xx")
    station.press("Enter")
    assert station.page.form.terms.code == "SCHOOL"
    assert "学号，4 到 20 位" in words(station)


def test_what_needs_a_line_says_so_and_takes_nothing(counter):
    station = begin(counter)
    assert [b.reason for b in station.page.form.billers.buttons] == ["", "", "", "", "要联网"]
    station.press("Alt+5")
    assert station.page.form.terms is None
    counter.heard()
    station.page.refresh(())
    station.press("Alt+5")
    assert "户号/表号" in words(station)


def test_after_a_bill_is_undone_the_page_says_no_more_that_it_was_taken(counter):
    station = begin(counter)
    station.press("Alt+1")
    station.type("0000000017")
    station.press("Alt+7", "Enter", "Enter")
    assert "收了 ¥100.00" in words(station)
    station.press("Ctrl+Z", "Enter")
    assert fen(station, drawer("D1")) == FLOAT
    assert station.page.mode == "form"


def test_what_was_offered_is_asked_back_and_not_undone(counter):
    bill = counter.taken(10_000)
    station = begin(counter)
    assert [a.label for a in station.page.action_bar()].count("撤这一笔") == 1
    counter.offer(bill)
    station.page.refresh(())
    assert "已发县里" in row_words(station)
    station.hand.settle()
    station.press("Ctrl+D")
    assert "只能申请取消" in words(station)
    check_fit(station)
    station.press("Enter")
    assert "等县里答复" in row_words(station)
    assert fen(station, held_bill(bill)) == -10_000


def test_a_paid_bill_gives_its_receipt_and_remembers_that_it_came_out(counter):
    bill = counter.taken(10_000)
    counter.paid(bill)
    station = begin(counter)
    assert "回执没打 2026112309000001" in row_words(station)
    station.press("Ctrl+P")
    printed = station.connection.execute(
        "SELECT document, copy_number FROM print_jobs ORDER BY job DESC LIMIT 1"
    ).fetchone()
    assert "已缴成" in printed[0]
    assert printed[1] == 0, "the first one is no copy"
    assert "回执已打" in row_words(station)
    station.press("F11")
    board, act = station.again[-1]
    assert act == ""
    assert "代收缴费公示" in str(board)


def test_after_a_power_cut_the_bill_goes_on_where_it_stood(counter):
    station = begin(counter)
    station.press("Alt+1")
    station.type("0000000017")
    station.press("Alt+7", "Enter")
    station.type("200")
    station.page.keep_draft()
    draft = station.page.draft()
    station.page.begin()
    assert station.page.draft() is None
    assert "还没收钱" in station.page.resume(draft)
    assert station.page.mode == "pay"
    assert station.page.money.paying.change_fen == 10_000


def test_today_says_what_is_late_and_what_is_owed_back(counter):
    counter.taken(10_000)
    failed = counter.taken(5_000)
    counter.failed(failed, 5_000)
    counter.pc.clock.at_ms += 4 * 24 * 3_600_000
    station = counter.pc
    station.show_unlocked((1366, 768))
    station.hand.settle()
    assert "1 笔过了期限没准信" in words(station)
    assert "应退款 1 笔 " in words(station), "what is owed back has a tile of its own"


def test_when_nothing_may_be_held_any_more_the_button_says_so(counter):
    counter.taken(95_000)
    station = begin(counter)
    station.press("Alt+1")
    station.type("0000000018")
    station.press("Alt+7")
    assert primary(station)[1:] == (False, "今天代收额满了，还能收 ¥50.00")


def test_names_are_blanked_when_somebody_looks_over(counter):
    person = counter.pc.person(0)
    counter.taken(10_000, person=person)
    station = begin(counter)
    name = counter.connection.execute("SELECT name FROM persons WHERE entity = ?", (person,))
    (full,) = name.fetchone()
    assert full in row_words(station)
    station.press("Ctrl+B")
    assert full not in row_words(station)


@pytest.mark.parametrize("height", HEIGHTS)
def test_a_day_of_bills_shows_every_state_beside_the_form(counter, height, press):
    person = counter.pc.person(0)
    paid = counter.taken(
        2_500, biller="TV", account="0000000000000017", person=counter.pc.person(1)
    )
    counter.paid(paid, 2_500, number="88231001")
    sent = counter.taken(3_000, biller="MOB_CM", account="15400001009")
    counter.offer(sent)
    counter.taken(4_260, biller="WATER", account="00000035", person=counter.pc.person(2))
    failed = counter.taken(5_000, account="0000000023", person=person)
    counter.failed(failed, 5_000)
    station = begin(counter, height, press)
    station.press("Alt+1")
    station.type("0000000017")
    station.press("Alt+7")
    station.hand.settle()
    states = [str(row.cells[0]) for row in station.page.bills.list.rows_model.rows]
    assert [next(w for w in ("没缴成", "排队", "已发县里", "缴成") if w in s) for s in states] == [
        "没缴成", "排队", "已发县里", "缴成",
    ]  # fmt: skip
    assert "收了没缴出 ¥72.60" in words(station)
    assert "要退 1 笔 ¥50.00" in words(station)
    assert "缴成 1 笔" in words(station)
    check_fit(station)
    shoot(station, f"bills_{height}")


def offered(station):
    """Who can be chosen for the bill."""
    return str([row.cells for row in station.page.choosing.list.rows_model.rows])


def test_a_passer_by_is_named_on_her_slip_and_nowhere_else(counter):
    """Who is in no register may still say for whom it is; the name is blanked like any other."""
    station = begin(counter)
    station.press("Alt+1", "Ctrl+E")
    station.type("赵路人")
    assert "赵路人（路过的）" in offered(station)
    shoot(station, "bills_passer_768")
    check_fit(station)
    station.press("Enter")
    station.type("0000000017")
    station.press("Alt+7", "Enter", "Enter")
    (data,) = counter.connection.execute("SELECT data FROM states WHERE kind = 'bill'").fetchone()
    state = msgspec.json.decode(data, type=Bill)
    assert (state.person, state.holder, state.amount_fen) == ("", "赵路人", 10_000)
    assert counter.connection.execute(
        "SELECT count(*) FROM persons WHERE name LIKE '%路人%'"
    ).fetchone() == (0,)
    (slip,) = counter.connection.execute(
        "SELECT document FROM print_jobs WHERE role = 'receipt' ORDER BY job DESC LIMIT 1"
    ).fetchone()
    assert "赵*人" in slip, "who passes by is masked on paper like all"
    station.press("Enter")
    assert "赵路人" in row_words(station)
    station.press("Ctrl+B")
    assert "赵路人" not in row_words(station)
    station.press("Ctrl+E")
    station.type("139")
    assert "139" not in offered(station), "a number is no name"

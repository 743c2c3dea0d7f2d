"""The drawer's page, the hand-over and the figures, worked at the counter by keys."""

import pytest

from station_app.ledger.balances import balance
from station_app.services.cash import records
from station_app.services.cash.commands import CloseShift
from station_app.services.cash.pages.day_page import Step
from station_app.services.cash.pages.drawer_page import Mode
from station_app.services.cash.pages.edges import Sending, Unsent
from station_app.shell.drafts import DraftsInMemory
from station_app.shell.offers import HeldWork
from tests.long_shelf import WINDOWS
from tests.services.cash.hands import SIZES, button, check_place, type_count, visible_words
from tests.services.cash.test_figures import busy_day
from tests.services.cash.test_shifts import DAY_MS, a_day
from tests.services.cash.till import STAFF, Till, count

EXPECTED = 58_600  # of `a_day`, in the drawer
OTHER = STAFF[1]


@pytest.fixture
def at_the_drawer(at_the_day):
    """The drawer's page is open."""

    def make(till=None, size=SIZES[0], drafts=None):
        counter, hand = at_the_day(till, size, drafts)
        hand.press("Ctrl+2")
        assert counter.page.key == "cash.drawer"
        return counter, hand

    return make


def mode(counter) -> Mode:
    found: Mode = counter.page.mode
    return found


def said(counter) -> str:
    return " ".join(visible_words(counter.window))


def vouchers(till) -> list[tuple]:
    return till.connection.execute(
        "SELECT direction, reason, amount_fen, alone FROM vouchers ORDER BY number"
    ).fetchall()


# --- Putting in and taking out -------------------------------------------------------------------


def test_putting_money_in_by_keys(at_the_drawer):
    counter, hand = at_the_drawer()
    hand.press("1")
    assert mode(counter) is Mode.VOUCHER
    hand.press("4")
    hand.type("５０．５")
    assert "存入 ¥50.50" in said(counter)
    hand.press("Enter")
    assert vouchers(counter.till) == [("in", "own", 5_050, 0)]
    assert mode(counter) is Mode.MENU
    assert "存入 ¥50.50，单子在打" in said(counter)


def test_taking_money_out_by_keys(at_the_drawer):
    counter, hand = at_the_drawer()
    hand.press("2")
    hand.press("8")
    hand.type("12.30")
    primary = counter.window.action_bar.primary_button
    assert (primary.isEnabled(), primary.reason) == (False, "写上买了什么、有没有小票")
    hand.press("Tab")
    hand.compose("胶带，有小票")
    hand.press("+")
    assert vouchers(counter.till) == [("out", "petty", 1_230, 0)]


@pytest.mark.parametrize(("typed", "fault"), [("a", "只能填数字"), ("-", "只能填数字")])
def test_what_is_no_amount_is_refused_in_words(at_the_drawer, typed, fault):
    counter, hand = at_the_drawer()
    hand.press("1")
    hand.press("4")
    hand.type("12")
    hand.type(typed)
    assert counter.page.voucher.amount.text() == "12"
    assert fault in counter.page.voucher.amount.fault


def test_taking_out_nothing_was_offered_as_a_button(at_the_drawer):
    counter, hand = at_the_drawer()
    hand.press("2")
    hand.press("8")
    hand.type("0")
    primary = counter.window.action_bar.primary_button
    assert (primary.isEnabled(), primary.reason) == (False, "每样钱都要大于零")
    assert "取出 ¥0.00" not in said(counter)


def test_more_than_there_is_says_only_that_it_is_not_enough(at_the_drawer):
    counter, hand = at_the_drawer()
    hand.press("2")
    hand.press("9")
    hand.type("586.10")
    hand.press("Enter")
    assert counter.page.voucher.amount.fault == "钱箱里不够这么多"
    assert counter.page.voucher.amount.text() == "586.10"
    assert "586.00" not in said(counter)


def test_over_the_limit_the_other_one_types_her_pin(at_the_drawer):
    till = a_day()
    till.settle("ZTO", 500_000)
    counter, hand = at_the_drawer(till)
    hand.press("2")
    hand.press("7")  # to the bank
    hand.type("2000")
    hand.press("Enter")
    assert mode(counter) is Mode.SECOND
    assert "取出 ¥2,000.00，要另一个人看着" in said(counter)
    assert vouchers(till) == []
    hand.type("111111")
    assert "密码不对，还能试 4 次" in said(counter)
    hand.type("840515")
    assert vouchers(till) == [("out", "bank", 200_000, 0)]
    assert balance(till.connection, "Assets:Bank") == 200_000


def test_nobody_else_there_a_reason_will_do(at_the_drawer):
    till = a_day()
    till.settle("ZTO", 500_000)
    counter, hand = at_the_drawer(till)
    counter.world.staff = STAFF[:1]
    hand.press("2")
    hand.press("7")
    hand.type("2000")
    hand.press("Enter")
    assert "站里只有一个人" in said(counter)
    hand.press("F10")
    assert vouchers(till) == []
    assert counter.page.second.reason.fault == "写一句为什么一个人办"
    hand.compose("站里就我一个")
    hand.press("F10")
    assert vouchers(till) == [("out", "bank", 200_000, 1)]


def test_whose_money_it_would_be_is_said_first(at_the_drawer):
    counter, hand = at_the_drawer()
    hand.press("2")
    hand.press("9")
    hand.type("350")  # own money is 300
    hand.press("Enter")
    assert "取出 ¥350.00，自己的钱不够" in said(counter)
    assert "垫的是快递的钱" in said(counter)
    hand.press("Esc")
    assert mode(counter) is Mode.VOUCHER
    assert counter.page.voucher.amount.fen() == 35_000


def test_a_voucher_half_written_outlives_a_power_cut(at_the_drawer):
    drafts = DraftsInMemory()
    counter, hand = at_the_drawer(drafts=drafts)
    hand.press("2")
    hand.press("8")
    hand.type("12")
    counter.page.keep_draft()
    again, _hand = at_the_drawer(counter.till, drafts=drafts)
    page = again.window.deck.page("cash.drawer")
    assert page.resume(drafts.find("cash.drawer")) == "刚才断电了。存取单写到一半，接着写"
    assert (page.voucher.way, page.voucher.amount.fen()) == ("take_out", 1_200)
    assert page.voucher.reasons.value() == "petty"


# --- Opening, comparing, the list ----------------------------------------------------------------


def test_opening_the_drawer_by_keys(at_the_drawer):
    counter, hand = at_the_drawer()
    hand.press("3")
    hand.press("1")
    hand.press("Enter")
    assert counter.till.connection.execute("SELECT reason FROM drawer_openings").fetchall() == [
        ("change",)
    ]
    assert "开钱箱·换零钱" in _rows(counter)


def _rows(counter) -> list[str]:
    return [row.cells[2].words for row in counter.page.list.rows_model.rows]


def test_a_balance_is_compared_slip_by_slip(at_the_drawer):
    counter, hand = at_the_drawer()
    hand.press("4")
    hand.press("1")
    hand.type("69")
    hand.press("Enter")
    assert "少 ¥1.00" in said(counter)
    (slip,) = counter.page.comparing.slips.rows_model.rows
    assert [cell.words for cell in slip.cells[1:]] == ["42001", "¥70.00"]
    hand.compose("手续费")
    assert "记长短款" in said(counter)
    hand.press("Enter")
    assert balance(counter.till.connection, "Expenses:OverShort") == 100


def test_the_list_names_what_happened_and_no_sum(at_the_drawer):
    counter, _hand = at_the_drawer()
    words = said(counter)
    for secret in ("586.00", "账上", "应有"):
        assert secret not in words
    assert len(_rows(counter)) == 4  # opened, two paid in cash, one paid back
    assert counter.page.list.owns_enter


def test_without_a_shift_only_the_drawer_opens(at_the_drawer):
    till = a_day()
    till.close(EXPECTED)
    counter, hand = at_the_drawer(till)
    assert "还没开班，钱箱没动过" in said(counter)
    hand.press("1")
    assert mode(counter) is Mode.MENU
    hand.press("3")
    assert mode(counter) is Mode.OPENING


@pytest.mark.parametrize("size", WINDOWS)
def test_every_form_fits(at_the_drawer, size):
    till = busy_day(2)
    till.settle("ZTO", 900_000)
    counter, hand = at_the_drawer(till, size)
    check_place(counter.window)
    for what in "1234":
        hand.press(what)
        check_place(counter.window)
        hand.press("Esc")
    hand.press("2")
    hand.press("5")
    hand.type("99999999")
    hand.press("Enter")
    assert counter.page.voucher.amount.fault
    check_place(counter.window)
    hand.press("Ctrl+A")
    hand.type("2000")
    hand.press("Enter")
    assert mode(counter) is Mode.SECOND
    hand.type("000000")
    check_place(counter.window)


# --- Figures -------------------------------------------------------------------------------------


def test_a_figure_opens_down_to_its_facts(at_the_drawer):
    counter, hand = at_the_drawer()
    hand.press("F11")
    assert counter.page.key == "cash.figure"
    labels = [row.cells[0].words.strip() for row in counter.page.figures.rows_model.rows]
    assert labels[:2] == ["不是自己的钱", "代收货款 JTSD"]
    assert "账上应有" not in labels
    hand.press("Down")
    hand.press("Enter")
    assert "代收货款 JTSD" in said(counter)
    lines = counter.page.lines.rows_model.rows
    total = sum(line.amount for line in counter.page._lines.values())
    assert lines
    assert total == balance(counter.till.connection, "Liabilities:Held:COD:JTSD")
    hand.press("Esc")
    assert counter.page.first_focus() is counter.page.figures
    hand.press("Esc")
    assert counter.page.key == "cash.drawer"


def test_after_the_count_every_line_of_the_comparison_opens(at_the_day):
    counter, hand = at_the_day()
    type_count(hand, EXPECTED)
    hand.press("Enter")
    page = counter.page
    for name in ("opening", "cash_in", "cash_out", "expected"):
        page.closing.compare.opened.emit(name)
        assert counter.page.key == "cash.figure"
        shown = page.closing.compare.lines[name].amount.text()
        assert counter.page._amount.text() == shown.replace("− ", "−")
        hand.press("Esc")
        hand.press("Esc")
        assert counter.page is page
    assert counter.step() is Step.COMPARING


# --- Handing over --------------------------------------------------------------------------------


def _hand_overs(till, shift):
    state = records.shift_state(till.connection, shift)
    return state.hand_overs if state else ()


def test_handing_over_by_keys(at_the_day):
    counter, hand = at_the_day()
    till = counter.till
    shift = till.shift
    hand.press("Ctrl+H")
    assert "两个人一起数钱箱里的钱" in said(counter)
    type_count(hand, EXPECTED - 300)
    hand.press("Enter")
    assert not counter.page.closing.paper.isVisible()  # no Z slip: the shift goes on
    hand.compose("找零多给")
    hand.press("Enter")
    assert counter.step() is Step.HANDING
    hand.type("270301")  # the one who gives
    hand.type("840515")  # the one who takes
    assert till.shift == shift
    (over,) = _hand_overs(till, shift)
    assert (over.by, over.taken_over_by, over.difference_fen, over.alone) == (
        STAFF[0].identity,
        OTHER.identity,
        -300,
        0,
    )
    assert till.operator == OTHER.identity
    assert "交班了，第 1 号，少 ¥3.00。现在当班的是王小兰" in said(counter)


def test_a_wrong_pin_hands_nothing_over_and_esc_goes_back(at_the_day):
    counter, hand = at_the_day()
    hand.press("Ctrl+H")
    type_count(hand, EXPECTED)
    hand.press("Enter")
    hand.press("Enter")
    hand.type("270301")
    hand.type("270301")
    assert _hand_overs(counter.till, counter.till.shift) == ()
    hand.press("Esc")
    assert counter.step() is Step.COMPARING
    hand.press("Ctrl+H")
    assert "日结，打单，关钱箱" in said(counter)


def test_a_station_of_one_hands_over_with_a_reason(at_the_day):
    counter, hand = at_the_day()
    counter.world.staff = STAFF[:1]
    hand.press("Ctrl+H")
    type_count(hand, EXPECTED)
    hand.press("Enter")
    hand.press("Enter")
    hand.type("270301")
    hand.compose("站里就我一个")
    hand.press("F10")
    (over,) = _hand_overs(counter.till, counter.till.shift)
    assert (over.alone, over.alone_reason) == (1, "站里就我一个")


# --- Before the count, after the close -----------------------------------------------------------


def test_unfinished_work_is_listed_carried_over_or_given_up(at_the_day):
    drafts = DraftsInMemory()
    drafts.keep("cash.drawer", {"voucher": {"way": "put_in", "amount": "5"}})
    counter, hand = at_the_day(drafts=drafts)
    counter.world.pages = {"cash.drawer": "钱箱"}
    cancel = CloseShift(counts=count(EXPECTED))  # any command: it is performed as it stands
    counter.world.held = (HeldWork("挂单 3 样（王桂兰）", "cash.closed", {}, cancel),)
    counter.page.activated()
    hand.settle()
    assert "还有 2 样没办完" in said(counter)
    words = [row.cells[1].words for row in counter.page.before.list.rows_model.rows]
    assert words == ["挂单 3 样（王桂兰）", "钱箱：写到一半"]
    hand.press("F10")
    assert counter.page.key == "cash.closed"
    hand.press("Esc")
    counter.page.before.list.acted.emit("0", "cancel")
    assert counter.till.shift == ""
    assert drafts.find("cash.drawer") is not None  # carried over


def test_a_forgotten_shift_is_named_and_nothing_is_barred(at_the_day):
    till = a_day()
    till.at += DAY_MS
    counter, hand = at_the_day(till)
    assert "11月25日 的班还没结" in said(counter)
    till.settle("ZTO", 1_000)
    type_count(hand, EXPECTED + 1_000)
    hand.press("Enter")
    hand.press("Enter")
    hand.press("Enter")
    assert counter.step() is Step.DONE


def test_a_night_shift_is_not_forgotten(at_the_day):
    till = Till()
    till.open()
    till.at += 16 * 3_600_000 + 1_800_000  # half past midnight
    counter, _hand = at_the_day(till)
    assert "的班还没结" not in said(counter)


def test_how_sending_goes_is_shown_until_the_county_has_everything(at_the_day):
    counter, hand = at_the_day()
    world = counter.world
    type_count(hand, EXPECTED)
    for _ in range(3):
        hand.press("Enter")
    assert counter.step() is Step.DONE
    assert world.sent == ["now"]
    assert "存在本机，47 笔待传，来网自动传" in said(counter)
    world.sending = Sending(is_busy=True, sent=20, to_send=47)
    for tell in world.listeners:
        tell()
    assert "正在传，20 / 47 笔" in said(counter)
    world.sending = Sending(held="县里已有到第 47 笔", receipt="回执 7f3a 91c2，18:12")
    world.unsent = Unsent(0, 0, is_offline=False)
    for tell in world.listeners:
        tell()
    assert "县里已有到第 47 笔" in said(counter)
    assert "回执 7f3a 91c2，18:12" in said(counter)


def test_the_way_to_the_balances_is_in_the_close_and_back(at_the_day):
    counter, hand = at_the_day()
    type_count(hand, EXPECTED)
    hand.press("Enter")
    hand.press("F10")
    assert (counter.page.key, counter.page.mode) == ("cash.drawer", Mode.COMPARING)
    hand.press("Ctrl+1")
    assert counter.step() is Step.COMPARING
    assert counter.page.count.total_fen == EXPECTED
    assert button(counter.window, "对余额").isEnabled()

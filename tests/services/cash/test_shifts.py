"""Shifts from end to end: opened, worked in, counted, closed, printed, and printed again."""

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from station_app.journal.rebuild import rebuild
from station_app.journal.series import printed_number
from station_app.journal.verify import verify
from station_app.ledger.accounts import drawer
from station_app.ledger.balances import balance, books
from station_app.ledger.posting import CNY, PCS
from station_app.printing.document import DrawerKick, Receipt
from station_app.services.cash import records
from station_app.services.cash.commands import CloseShift, GivePayment, OpenShift, TakePayment
from station_app.services.cash.counting import counted
from station_app.services.cash.facts import ShiftClosed, Tender
from station_app.services.cash.rules import Shift
from station_app.services.cash.sheet_records import (
    sheet_if_closed,
    sheet_now,
    sheet_of_closed,
)
from tests.services.cash.till import (
    BOOK,
    HOUR_MS,
    GoodSettled,
    GoodShelved,
    Say,
    Till,
    cash_of,
    count,
    words_of,
)

DAY_MS = 24 * HOUR_MS


def expected(till: Till) -> int:
    return balance(till.connection, drawer(till.device))


def closed_body(till: Till, shift: str) -> ShiftClosed:
    state = records.shift_state(till.connection, shift)
    assert state is not None
    row = till.connection.execute(
        "SELECT body FROM facts WHERE identity = ?", (state.closings[-1],)
    ).fetchone()
    return msgspec.json.decode(row[0], type=ShiftClosed)


def a_day() -> Till:
    till = Till()
    till.open(30_000)
    for _ in range(3):
        till.do(Say(GoodShelved(courier="JTSD")))
    till.settle("JTSD", 28_600)
    till.settle("ZTO", 5_000, cash_of(10_000))
    till.settle("ZTO", 7_000, Tender(way="wechat", amount_fen=7_000, reference="42001"))
    till.give("ZTO", 5_000)
    return till


# --- The drawer ----------------------------------------------------------------------------------


def test_a_day_of_money():
    till = a_day()
    assert expected(till) == 30_000 + 28_600
    now = books(till.connection)
    assert (now.not_mine_fen, now.own_fen, now.money_fen) == (35_600, 30_000, 65_600)
    shift = till.close(58_600)
    state = records.shift_state(till.connection, shift)
    assert state is not None
    assert (state.number, state.difference_fen, state.expected_fen) == (1, 0, 58_600)
    assert till.shift == ""


def test_cash_waits_for_a_shift_and_the_rest_does_not():
    till = Till()
    settled = Say(GoodSettled(courier="ZTO", due_fen=500))
    assert till.no(settled, TakePayment(due_fen=500, tenders=(cash_of(500),))).reason == (
        "cash.NO_SHIFT_OPEN"
    )
    wechat = Tender(way="wechat", amount_fen=500, reference="4")
    till.do(settled, TakePayment(due_fen=500, tenders=(wechat,)))
    till.do(Say(GoodShelved(courier="ZTO")))
    till.open()
    till.settle("ZTO", 500)


def test_the_drawer_opens_for_cash_only():
    till = Till()
    till.open()
    till.settle("ZTO", 500)
    till.settle("ZTO", 500, Tender(way="wechat", amount_fen=500, reference="4"))
    till.give("ZTO", 500)
    kicks = [paper for paper in till.papers_printed() if isinstance(paper, DrawerKick)]
    assert len(kicks) == 3


def test_one_shift_at_a_time():
    till = Till()
    till.open()
    assert till.no(OpenShift(as_last=True)).reason == "cash.SHIFT_OPEN_ALREADY"
    other = Till("D2")
    other.hears(till)
    other.open(10_000)
    assert expected(other) == 10_000
    assert books(other.connection).money_fen == 40_000


def test_a_shift_lasts_over_restarts():
    till = a_day()
    shift = till.shift
    till.restart()
    assert till.shift == shift
    till.settle("ZTO", 1_000)
    till.close(59_600)
    assert closed_body(till, shift).facts == 14
    assert till.connection.execute("SELECT count(*) FROM streams").fetchone()[0] == 2


def test_as_last_night():
    till = a_day()
    shift = till.close(58_600)
    state = records.shift_state(till.connection, shift)
    assert state is not None
    till.at += DAY_MS
    till.do(OpenShift(as_last=True))
    assert expected(till) == 58_600
    opened = records.shift_state(till.connection, till.shift)
    assert opened is not None
    assert (opened.float_fen, opened.as_last, opened.day) == (58_600, 1, "2026-11-26")
    assert counted(state.counts) == 58_600


def test_money_put_in_over_night_is_own_money():
    till = a_day()
    till.close(58_600)
    assert till.no(OpenShift(counts=count(60_000))).reason == "cash.FLOAT_DIFFERS"
    till.open(60_000)
    assert balance(till.connection, "Equity:Float") == -31_400
    assert books(till.connection).own_fen == 31_400


def test_a_float_that_nobody_can_explain_is_over_or_short():
    till = a_day()
    till.close(58_600)
    till.open(58_000, reason="over_short", remark="少了 6 元")
    assert books(till.connection).over_short_fen == -600


def test_a_short_drawer():
    till = a_day()
    short = CloseShift(counts=count(57_400))
    assert till.no(short).slots == {"difference": "¥12.00"}
    shift = till.close(57_400, remark="找零多给", recounts=1)
    assert expected(till) == 57_400
    assert books(till.connection).own_fen == 28_800
    state = records.shift_state(till.connection, shift)
    assert state is not None
    assert (state.remark, state.recounts, state.difference_fen) == ("找零多给", 1, -1_200)


def test_numbers_have_no_gaps():
    till = Till()
    numbers = []
    for _ in range(4):
        till.open(30_000)
        till.no(CloseShift(counts=()))
        till.no(CloseShift(counts=count(30_000), recounts=7))
        numbers.append(closed_body(till, till.close(30_000)).number)
        till.restart()
    assert numbers == [1, 2, 3, 4]
    other = Till("D2")
    other.open()
    assert closed_body(other, other.close(30_000)).number == 1


def test_nothing_of_a_closed_shift_is_undone():
    till = Till()
    till.open()
    act = till.settle("ZTO", 500).act
    till.close(30_500)
    outcome = till.desk.settle_undo(act, ticket=till.ticket())
    assert outcome.reason == "journal.SHIFT_CLOSED"  # type: ignore[union-attr]


def test_undoing_a_payment_gives_the_money_back():
    till = a_day()
    before = expected(till)
    act = till.settle("ZTO", 700, round_off=50).act
    assert expected(till) == before + 650
    till.desk.settle_undo(act, ticket=till.ticket())
    assert expected(till) == before
    assert balance(till.connection, "Expenses:RoundOff") == 0
    assert verify(till.connection, BOOK).is_sound


def test_a_shift_that_was_forgotten():
    till = a_day()
    till.at += DAY_MS
    assert till.circumstances(till.connection).day == "2026-11-25"
    body = closed_body(till, till.close(58_600))
    assert (body.booked_late, body.day) == (1, "2026-11-25")
    till.do(OpenShift(as_last=True))
    assert till.circumstances(till.connection).day == "2026-11-26"


def test_two_closings_of_one_shift_are_a_case():
    """A copy of the disk closed the shift too; both PCs were D1 when it was made."""
    till, copy = Till(), Till()
    shift = till.open()
    copy.hears(till)
    copy.connection.execute(
        "INSERT INTO local VALUES ('last_identity', ?)", (till.facts()[-1].identity,)
    )
    copy.restart()
    till.close(30_000)
    copy.close(29_000, remark="短了")
    till.hears(copy)
    row = till.connection.execute("SELECT kind, entity FROM cases").fetchone()
    assert row == ("cash.shift_closed_twice", shift)


# --- The cut -------------------------------------------------------------------------------------


def test_closing_keeps_every_account_of_money_and_pieces():
    till = a_day()
    kept = {
        (b.account, b.commodity): b.amount for b in closed_body(till, till.close(58_600)).balances
    }
    assert kept == {
        ("Assets:Drawer:D1", CNY): 58_600,
        ("Assets:WeChat", CNY): 7_000,
        ("Equity:Float", CNY): -30_000,
        ("Liabilities:Held:COD:JTSD:Here", CNY): -28_600,
        ("Liabilities:Held:COD:ZTO:Here", CNY): -7_000,
        ("Equity:Pieces:Courier:JTSD", PCS): -3,
        ("Equity:Pieces:Shelf", PCS): 1,
        ("Equity:Pieces:Villager", PCS): 2,
    }


def test_a_long_life_does_not_make_closings_longer():
    till = Till()
    till.open()
    for _ in range(40):
        till.settle("ZTO", 500)
        till.restart()
    body = closed_body(till, till.close(50_000))
    assert len(body.positions) == 1
    assert body.facts == 81


def test_a_station_with_very_many_accounts_still_closes():
    till = Till()
    till.open()
    for number in range(records.BALANCES_MAX):
        till.connection.execute(
            "INSERT INTO balances VALUES (?, 'CNY', -100)",
            (f"Liabilities:Held:Prepayment:{number:016d}".replace("0", "A") + ":Here",),
        )
    kept = {b.account: b.amount for b in closed_body(till, till.close(30_000)).balances}
    assert len(kept) < 20
    assert kept["Assets:Drawer:D1"] == 30_000


# --- Paper ---------------------------------------------------------------------------------------


def z_of(till: Till, shift: str) -> Receipt:
    document = till.papers.z(till.connection, shift, "NX0601")
    assert document is not None
    return document


def test_the_z_slip_line_by_line():
    till = a_day()
    shift = till.close(57_400, remark="找零多给")
    lines = words_of(z_of(till, shift))
    assert lines[0] == "NX0601"
    assert lines[1] == "站号 NX0601"
    assert lines[2] == f"日结单 第 {printed_number(1, till.session.author.stream)} 号"
    assert lines[3] == "2026年11月25日 08:09 李示芳"
    assert lines[4:22] == [
        "不是自己的钱 ￥356.00",
        "代收货款 JTSD ￥286.00",
        "代收货款 ZTO ￥70.00",
        "自己的钱 ￥288.00",
        "备用金 ￥300.00",
        "站里收入 ￥0.00",
        "短款 −￥12.00",
        "钱在哪儿 ￥644.00",
        "1 号电脑钱箱 ￥574.00",
        "微信 ￥70.00",
        "支付宝 ￥0.00",
        "银行 ￥0.00",
        "开班备用金 ￥300.00",
        "收现金 2 笔 ￥336.00",
        "付现金 1 笔 −￥50.00",
        "账上应有 ￥586.00",
        "实点现金 ￥574.00",
        "短 ¥12.00  原因 找零多给",
    ]
    tail = closed_body(till, shift).tail
    assert lines[22:] == [
        "入库 / 交出 3 / 2 件",
        "退回快递 0 件",
        "撤销 / 改正 0 / 0 笔",
        "今天办了 7 笔",
        "流水号 1–12",
        f"校验 {tail[:4]} {tail[4:8]} {tail[8:12]}",
        "交班： 接班：",
        lines[-2],
        "断号无效  补打会写「补打」",
    ]
    assert lines[-2].startswith("VR")


@pytest.mark.parametrize("restarts", [0, 1])
def test_the_preview_is_the_print(restarts):
    till = a_day()
    for _ in range(restarts):
        till.restart()
    state = records.shift_state(till.connection, till.shift)
    assert state is not None
    at = till.at + 60_000
    will_be = msgspec.structs.replace(
        state,
        number=records.next_z_number(till.connection, "D1"),
        counts=count(57_400),
        counted_fen=57_400,
        expected_fen=58_600,
        difference_fen=-1_200,
        remark="找零多给",
        closed_at=at,
        closed_by=till.operator,
    )
    live = till.session.author.stream
    sheet = sheet_if_closed(till.connection, will_be, till.shift, live)
    preview = till.papers.z_of(till.connection, sheet, "NX0601")
    shift = till.close(57_400, remark="找零多给")
    assert till.papers_printed()[-1] == preview
    assert z_of(till, shift) == preview


def test_a_reprint_is_the_same_for_ever():
    till, other = a_day(), Till("D2")
    other.hears(till)
    other.open(10_000)
    other.settle("JTSD", 900)
    till.hears(other)
    other.settle("JTSD", 1_100)
    shift = till.close(58_600)
    printed = till.papers_printed()[-1]
    assert "2 号电脑的账看到 08:02" in words_of(printed)
    assert "2 号电脑钱箱 ￥109.00" in words_of(printed)
    till.hears(other)
    assert z_of(till, shift) == printed
    for _ in range(3):
        till.at += 14 * HOUR_MS
        till.restart()
        till.do(OpenShift(as_last=True))
        till.settle("ZTO", 300)
        till.close(expected(till))
    assert z_of(till, shift) == printed
    rebuild(till.connection, BOOK)
    assert z_of(till, shift) == printed
    other.hears(till)
    assert z_of(other, shift) == printed


def test_what_was_missing_behind_a_chain_stays_outside():
    """The second PC's earlier start arrives only after our close."""
    till, other = a_day(), Till("D2")
    other.open(10_000)
    other.restart()
    other.settle("JTSD", 900)
    live = other.session.author.stream
    first = [fact for fact in other.facts() if fact.stream != live]
    second = [fact for fact in other.facts() if fact.stream == live]
    till.session.recorder.take(second)
    shift = till.close(58_600)
    printed = z_of(till, shift)
    assert "2 号电脑钱箱 ￥9.00" in words_of(printed)
    till.session.recorder.take(first)
    assert balance(till.connection, drawer("D2")) == 10_900
    assert z_of(till, shift) == printed


def test_an_x_slip_gives_nothing_away():
    till = a_day()
    document = till.papers.x(till.connection, till.circumstances(till.connection))
    lines = words_of(document)
    assert "班中报表" in lines
    assert "不是自己的钱 ￥356.00" in lines
    for amount in ("586.00", "300.00", "336.00", "656.00"):
        assert not any(amount in line for line in lines)
    till.close(58_600)
    assert till.papers.x(till.connection, till.circumstances(till.connection)) is None


def test_x_and_z_come_from_one_query():
    till = a_day()
    reading = sheet_now(till.connection, till.shift, at=till.at, by=till.operator)
    closed = sheet_of_closed(till.connection, till.close(58_600))
    assert reading is not None
    assert closed is not None
    assert reading.books == closed.books
    assert reading.movements == closed.movements
    assert (reading.first, reading.last, reading.tail) == (closed.first, closed.last, closed.tail)


# --- Any day at all ------------------------------------------------------------------------------

DEED = st.tuples(
    st.sampled_from(["settle", "settle", "wechat", "give", "undo", "restart", "shelve", "close"]),
    st.integers(1, 40),
)


@settings(max_examples=40)
@given(st.lists(DEED, min_size=1, max_size=14))
def test_expected_is_the_float_and_what_came_and_went(deeds):
    till = Till()
    till.open(30_000)
    acts: list[str] = []
    for deed, tens in deeds:
        fen = tens * 10
        if deed == "settle":
            acts.append(till.settle("ZTO", fen, cash_of(fen + 500)).act)
        elif deed == "wechat":
            tender = Tender(way="wechat", amount_fen=fen, reference="4")
            acts.append(till.settle("JTSD", fen, tender).act)
        elif deed == "give":
            acts.append(till.give("ZTO", fen).act)
        elif deed == "undo" and acts:
            till.desk.settle_undo(acts.pop(), ticket=till.ticket())
        elif deed == "restart":
            till.restart()
            acts.clear()
        elif deed == "shelve":
            till.do(Say(GoodShelved(courier="ZTO")))
        elif deed == "close":
            till.close(expected(till))
            till.do(OpenShift(as_last=True))
            acts.clear()
    sheet = sheet_now(till.connection, till.shift, at=till.at, by="")
    assert sheet is not None
    moved = sheet.movements
    assert sheet.state.float_fen + moved.cash_in_fen - moved.cash_out_fen == expected(till)
    assert sheet.books == books(till.connection)
    report = verify(till.connection, BOOK)
    assert list(report.findings) == []
    assert report.books == books(till.connection)


def test_a_payment_alone_does_not_clear():
    till = Till()
    till.open()
    refusal = till.no(GivePayment(due_fen=500, tenders=(cash_of(500),)))
    assert refusal.reason == "journal.DOES_NOT_CLEAR"


@pytest.mark.parametrize("name", ["closed_at", "number", "counted_fen"])
def test_the_read_table_copies_the_state(name):
    till = a_day()
    shift = till.close(58_600)
    state = records.shift_state(till.connection, shift)
    assert isinstance(state, Shift)
    row = till.connection.execute(f"SELECT {name} FROM shifts WHERE entity = ?", (shift,))
    assert row.fetchone()[0] == getattr(state, name)
    assert records.closed_shifts(till.connection)[0].identity == shift

"""Money put in, taken out and compared, the drawer opened for no sale: what is allowed."""

import dataclasses
from typing import Any

import pytest

from station_app.ledger.balances import Books, Standing, balance, books
from station_app.ledger.lending import Lending
from station_app.ledger.posting import CNY
from station_app.printing.document import DrawerKick, Receipt
from station_app.services.cash.commands import ComparePlace, OpenDrawer, PutIn, TakeOut
from station_app.services.cash.facts import CashTakenOut
from station_app.services.cash.sheet_records import sheet_of_closed
from station_app.services.cash.vouchers import (
    OUT_LIMIT_FEN,
    WORDS_MAX,
    Moving,
    compare_place,
    lent_by_taking,
    open_drawer,
    put_in,
    take_out,
)
from station_app.shell.desk import Done
from station_app.values.now import Now
from station_app.values.paying import AMOUNT_MAX
from station_app.values.refusal import Refusal
from tests.services.cash.till import MORNING_MS, STAFF, TEXTS, Till, words_of

MANAGER, OTHER = STAFF[0].identity, STAFF[1].identity
NOW = Now(
    at=MORNING_MS,
    day="2026-11-25",
    operator=MANAGER,
    device="D1",
    station="NX0601",
    shift="5f" * 32,
)
CLOSED = dataclasses.replace(NOW, shift="")
OPERATOR = dataclasses.replace(NOW, operator=OTHER, is_manager=False)
RICH = Books((Standing("Assets:Safe", CNY, 10**9),))
# 500 in the drawer, 450 of it held for a courier: own money is 50.
POOR = Books(
    (
        Standing("Assets:Drawer:D1", CNY, 50_000),
        Standing("Equity:Float", CNY, -5_000),
        Standing("Liabilities:Held:COD:ZTO:Here", CNY, -45_000),
    )
)


def moving(held: int | None = 10**8, money: Books = RICH) -> Moving:
    return Moving(number=7, held_fen=held, books=money, staff=STAFF)


def out(fen: int = 5_000, reason: str = "own", **more: Any) -> TakeOut:
    given: dict[str, Any] = {"place": "drawer", "reason": reason, "amount_fen": fen}
    return TakeOut(**(given | more))


def into(fen: int = 5_000, reason: str = "own", **more: Any) -> PutIn:
    given: dict[str, Any] = {"place": "drawer", "reason": reason, "amount_fen": fen}
    return PutIn(**(given | more))


def why(decision: object) -> str:
    assert isinstance(decision, Refusal), decision
    words = TEXTS.say(decision.text_key, **decision.slots)
    assert "{" not in words
    return decision.reason.removeprefix("cash.")


# In the order in which they are said: each breaks this rule and those below it.
LONG = "字" * (WORDS_MAX + 1)
TAKING = [
    ("PLACE_UNKNOWN", out(-1, place="sock"), CLOSED, 0),
    ("PLACE_UNKNOWN", out(-1, "gift"), CLOSED, 0),
    ("PLACE_TO_ITSELF", out(-1, "safe", place="safe"), CLOSED, 0),
    ("AMOUNT_NOT_POSITIVE", out(-1), CLOSED, 0),
    ("AMOUNT_NOT_POSITIVE", out(0), CLOSED, 0),
    ("AMOUNT_TOO_BIG", out(AMOUNT_MAX + 1), CLOSED, 0),
    ("SHIFT_FIRST", out(5_000, remark=LONG), CLOSED, 0),
    ("REMARK_TOO_LONG", out(5_000, remark=LONG), NOW, 0),
    ("DRAWER_HOLDS_LESS", out(5_000, "petty"), NOW, 4_999),
    ("PLACE_HOLDS_LESS", out(5_000, "petty", place="safe"), NOW, 4_999),
    ("PETTY_WORDS_MISSING", out(OUT_LIMIT_FEN + 1, "petty", remark=" "), NOW, 10**8),
    ("SECOND_NOT_FIT", out(OUT_LIMIT_FEN + 1, confirmed_by=MANAGER), NOW, 10**8),
    ("SECOND_NOT_FIT", out(OUT_LIMIT_FEN + 1, confirmed_by="ff" * 32), NOW, 10**8),
    ("SECOND_NOT_FIT", out(OUT_LIMIT_FEN + 1, confirmed_by=OTHER), OPERATOR, 10**8),
    ("REMARK_TOO_LONG", out(OUT_LIMIT_FEN + 1, alone_reason=LONG), NOW, 10**8),
    ("SECOND_NEEDED", out(OUT_LIMIT_FEN + 1, alone_reason="  "), NOW, 10**8),
]


@pytest.mark.parametrize(("reason", "command", "now", "held"), TAKING)
def test_refused_takings(reason, command, now, held):
    assert why(take_out(moving(held), command, now)) == reason


PUTTING = [
    ("PLACE_UNKNOWN", into(-1, "petty"), CLOSED, 0),
    ("PLACE_TO_ITSELF", into(-1, "bank", place="bank"), CLOSED, 0),
    ("AMOUNT_NOT_POSITIVE", into(0), CLOSED, 0),
    ("SHIFT_FIRST", into(), CLOSED, 0),
    ("PLACE_HOLDS_LESS", into(5_000, "safe"), NOW, 4_999),
]


@pytest.mark.parametrize(("reason", "command", "now", "held"), PUTTING)
def test_refused_puttings(reason, command, now, held):
    assert why(put_in(moving(held), command, now)) == reason


@pytest.mark.parametrize(
    ("command", "now", "confirmed_by", "alone"),
    [
        (out(OUT_LIMIT_FEN), NOW, "", 0),
        (out(OUT_LIMIT_FEN + 1, confirmed_by=OTHER), NOW, OTHER, 0),
        (out(OUT_LIMIT_FEN + 1, confirmed_by=MANAGER), OPERATOR, MANAGER, 0),
        (out(OUT_LIMIT_FEN + 1, alone_reason="站长在县里"), OPERATOR, "", 1),
        (out(5_000, alone_reason="没用上"), NOW, "", 0),
    ],
)
def test_a_second_person_or_a_reason(command, now, confirmed_by, alone):
    decision = take_out(moving(), command, now)
    assert not isinstance(decision, Refusal)
    saying: Any = decision[0]
    assert isinstance(saying.body, CashTakenOut)
    assert (saying.body.confirmed_by, saying.body.alone) == (confirmed_by, alone)
    kept = saying.private.alone_reason if saying.private else ""
    assert kept == ("站长在县里" if alone else "")


def test_other_peoples_money_is_named_before_it_is_used():
    assert lent_by_taking(POOR, out(5_000, "drawings"), "D1") == Lending()
    assert lent_by_taking(POOR, out(5_001, "drawings"), "D1") == Lending(1, (("Courier", 1),))
    assert lent_by_taking(POOR, out(5_001, "safe"), "D1") == Lending()  # it stays with the station
    assert why(take_out(moving(50_000, POOR), out(5_001, "drawings"), NOW)) == "USES_OTHERS_MONEY"
    allowed = take_out(moving(50_000, POOR), out(5_001, "drawings", confirmed_by=OTHER), NOW)
    assert not isinstance(allowed, Refusal)


def test_no_refusal_says_what_the_drawer_holds():
    till = Till()
    till.open(34_560)
    refusal = till.no(out(34_570, "drawings"))
    assert refusal == Refusal("cash.DRAWER_HOLDS_LESS")
    assert "345" not in TEXTS.say(refusal.text_key)


# --- The books -----------------------------------------------------------------------------------


ROWS = [
    (into(700), {"Assets:Drawer:D1": 700, "Equity:Float": -700}),
    (into(700, "safe"), {"Assets:Drawer:D1": 700, "Assets:Safe": -700}),
    (into(700, "bank", place="safe"), {"Assets:Safe": 700, "Assets:Bank": -700}),
    (out(700), {"Assets:Drawer:D1": -700, "Equity:Float": 700}),
    (out(700, "safe"), {"Assets:Drawer:D1": -700, "Assets:Safe": 700}),
    (out(700, "bank", place="safe"), {"Assets:Safe": -700, "Assets:Bank": 700}),
    (out(700, "bank", place="wechat"), {"Assets:WeChat": -700, "Assets:Bank": 700}),
    (out(700, "petty", remark="胶带"), {"Assets:Drawer:D1": -700, "Expenses:Petty": 700}),
    (out(700, "drawings"), {"Assets:Drawer:D1": -700, "Equity:Drawings": 700}),
]


@pytest.mark.parametrize(("command", "moved"), ROWS)
def test_money_moves_where_the_reason_says(command, moved):
    till = Till()
    till.open(30_000)
    for place in ("safe", "bank", "wechat"):
        till.do(into(2_000, place=place))
    before = {name: balance(till.connection, name) for name in moved}
    done = till.do(command)
    after = {name: balance(till.connection, name) for name in moved}
    assert {name: after[name] - before[name] for name in moved} == moved
    till.at += 1
    undone = till.desk.settle_undo(done.act, ticket=till.ticket())
    assert isinstance(undone, Done)
    assert {name: balance(till.connection, name) for name in moved} == before


def test_vouchers_are_numbered_without_gaps_and_printed():
    till = Till()
    till.open(30_000)
    till.do(into(700))
    till.no(out(99_000))
    done = till.do(out(700, "petty", remark="胶带两卷，有小票"))
    kick, slip = till.papers_printed()[-2:]
    assert isinstance(kick, DrawerKick)
    assert isinstance(slip, Receipt)
    words = words_of(slip)
    assert any(line.startswith("取出单 NO.2-") for line in words)
    assert "从 钱箱" in words
    assert "到 小额开支" in words
    assert "事由 胶带两卷，有小票" in words
    assert "取出 ￥7.00" in words
    assert "一人办理" not in words
    assert "经手： 复核：" in words
    assert done.jobs


def test_a_voucher_of_one_says_so():
    till = Till()
    till.open(300_000)
    till.do(out(OUT_LIMIT_FEN + 10, "bank", alone_reason="站长在县里开会"))
    words = words_of(till.papers_printed()[-1])
    assert "一人办理" in words
    assert "原因 站长在县里开会" in words
    till.do(out(OUT_LIMIT_FEN + 10, "bank", confirmed_by=OTHER))
    assert "复核 王小兰" in words_of(till.papers_printed()[-1])
    shift = till.close(300_000 - 2 * OUT_LIMIT_FEN - 20)
    sheet = sheet_of_closed(till.connection, shift)
    assert sheet is not None
    assert (sheet.movements.alone, sheet.movements.taken_out) == (1, 2)
    assert "一人办理 1 笔" in words_of(till.papers_printed()[-1])


def test_only_what_touches_the_drawer_opens_it():
    till = Till()
    till.open(30_000)
    kicks = len([p for p in till.papers_printed() if isinstance(p, DrawerKick)])
    till.do(into(700, place="safe"))
    till.do(ComparePlace(place="wechat", shown_fen=0))
    assert len([p for p in till.papers_printed() if isinstance(p, DrawerKick)]) == kicks
    till.do(OpenDrawer(reason="change"))
    assert isinstance(till.papers_printed()[-1], DrawerKick)


def test_a_drawer_opened_for_no_sale_is_a_fact_and_stands_on_the_slip():
    till = Till()
    till.do(OpenDrawer(reason="stuck"))  # also before the shift
    till.open(30_000)
    for reason, remark in (("change", ""), ("other", "找钥匙")):
        till.do(OpenDrawer(reason=reason, remark=remark))
    assert till.no(OpenDrawer(reason="other")).reason == "cash.DRAWER_WHY"
    assert why(open_drawer(None, OpenDrawer(reason="fun"), NOW)) == "PLACE_UNKNOWN"
    till.close(30_000)
    assert "开钱箱没收钱 2 次" in words_of(till.papers_printed()[-1])


# --- Balances of phone and bank ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("shown", "remark", "difference", "booked"),
    [(7_000, "", 0, 0), (6_900, "", -100, 0), (6_900, "手续费", -100, 1), (7_000, "多写的", 0, 0)],
)
def test_what_the_phone_shows(shown, remark, difference, booked):
    command = ComparePlace(place="wechat", shown_fen=shown, remark=remark)
    decision = compare_place(7_000, command, NOW)
    assert not isinstance(decision, Refusal)
    body: Any = decision[0].body
    assert (body.difference_fen, body.booked) == (difference, booked)


@pytest.mark.parametrize(
    ("reason", "command", "now"),
    [
        ("PLACE_UNKNOWN", ComparePlace(place="drawer", shown_fen=-1), CLOSED),
        ("SHOWN_NEGATIVE", ComparePlace(place="bank", shown_fen=-1), CLOSED),
        ("SHIFT_FIRST", ComparePlace(place="bank", shown_fen=1), CLOSED),
        ("REMARK_TOO_LONG", ComparePlace(place="bank", shown_fen=1, remark=LONG), NOW),
    ],
)
def test_refused_comparisons(reason, command, now):
    assert why(compare_place(0, command, now)) == reason


def test_a_difference_goes_to_over_and_short_only_with_a_reason():
    till = Till()
    till.open(30_000)
    till.do(into(5_000, place="bank"))
    till.do(ComparePlace(place="bank", shown_fen=4_900))
    assert books(till.connection).over_short_fen == 0
    assert balance(till.connection, "Assets:Bank") == 5_000
    till.do(ComparePlace(place="bank", shown_fen=4_900, remark="银行收的手续费"))
    assert books(till.connection).over_short_fen == -100
    assert balance(till.connection, "Assets:Bank") == 4_900
    shift = till.shift
    till.close(30_000)
    words = words_of(till.papers_printed()[-1])
    assert "银行 手机上 ￥49.00" in words
    assert "短 ¥1.00，记了长短款 银行收的手续费" in words
    sheet = sheet_of_closed(till.connection, shift)
    assert sheet is not None
    assert len(sheet.compared) == 1

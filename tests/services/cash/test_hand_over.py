"""The drawer changes hands in the middle of a shift: counted by both, or by one with a reason."""

import dataclasses
from typing import Any

import pytest

from station_app.journal.series import printed_number
from station_app.ledger.balances import books
from station_app.services.cash import records
from station_app.services.cash.commands import CloseShift, HandOverShift
from station_app.services.cash.counting import REMARK_MAX
from station_app.services.cash.facts import Count, Position
from station_app.services.cash.handover import HandingOver, hand_over
from station_app.services.cash.sheet_records import sheet_of_closed
from station_app.values.now import Now
from station_app.values.refusal import Refusal
from tests.services.cash.till import MORNING_MS, STAFF, TEXTS, Till, cash_of, count, words_of

GIVER, TAKER = STAFF[0].identity, STAFF[1].identity
NOW = Now(
    at=MORNING_MS, day="2026-11-25", operator=GIVER, device="D1", station="NX0601", shift="5f" * 32
)
STATE = HandingOver(
    expected_fen=30_000,
    positions=(Position("NX0601/D1/0011", 7, "aa" * 32),),
    tail="aa" * 32,
    number=3,
    staff=STAFF,
)


def asked(**more) -> HandOverShift:
    return HandOverShift(**({"taken_over_by": TAKER, "counts": count(30_000)} | more))


REFUSED = [
    ("SHIFT_FIRST", {"taken_over_by": ""}, dataclasses.replace(NOW, shift="")),
    ("NOBODY_TAKES_OVER", {"taken_over_by": "ff" * 32, "recounts": 9}, NOW),
    ("BOTH_COUNT", {"taken_over_by": GIVER, "recounts": 9}, NOW),
    ("COUNTED_TOO_OFTEN", {"recounts": 2, "remark": "字" * 999}, NOW),
    ("REMARK_TOO_LONG", {"remark": "字" * (REMARK_MAX + 1)}, NOW),
    ("REMARK_TOO_LONG", {"alone_reason": "字" * (REMARK_MAX + 1)}, NOW),
    ("FACE_UNKNOWN", {"counts": (Count(300, 1),)}, NOW),
    ("REASON_MISSING", {"counts": count(29_900)}, NOW),
]


@pytest.mark.parametrize(("reason", "more", "now"), REFUSED)
def test_refused_hand_overs(reason, more, now):
    decision = hand_over(STATE, asked(**more), now)
    assert isinstance(decision, Refusal)
    assert decision.reason == f"cash.{reason}"
    assert "{" not in TEXTS.say(decision.text_key, **decision.slots)


@pytest.mark.parametrize(
    ("more", "alone"),
    [({}, 0), ({"taken_over_by": GIVER, "alone_reason": "站里就我一个"}, 1)],
)
def test_one_alone_is_marked(more, alone):
    decision = hand_over(STATE, asked(**more), NOW)
    assert not isinstance(decision, Refusal)
    body: Any = decision[0].body
    assert body.alone == alone
    assert decision[0].entity == NOW.shift


def test_the_shift_goes_on_with_what_was_counted():
    till = Till()
    till.open(30_000)
    till.settle("ZTO", 28_600)
    shift = till.shift
    till.do(HandOverShift(taken_over_by=TAKER, counts=count(58_300), remark="找零多给了三块"))
    assert till.shift == shift
    assert books(till.connection).expected_fen("D1") == 58_300
    words = words_of(till.papers_printed()[-1])
    assert "交班 李示芳" in words
    assert "接班 王小兰" in words
    assert "短 ¥3.00" in words
    assert "交班： 接班：" in words
    assert "站里不是自己的钱 ￥286.00" in words
    till.operator = TAKER
    till.settle("ZTO", 1_000)
    till.close(59_300)
    state = records.shift_state(till.connection, shift)
    assert state is not None
    assert state.difference_fen == 0
    assert [(h.by, h.taken_over_by, h.difference_fen) for h in state.hand_overs] == [
        (GIVER, TAKER, -300)
    ]
    z = words_of(till.papers_printed()[-1])
    assert "交班长短款 1 次 −￥3.00" in z
    assert "账上应有 ￥593.00" in z
    assert "短款 −￥3.00" in z


def test_a_hand_over_is_not_undone_and_its_paper_comes_out_the_same_later():
    till = Till()
    till.open(30_000)
    done = till.do(HandOverShift(taken_over_by=TAKER, counts=count(30_000)))
    first = till.papers_printed()[-1]
    undone = till.desk.settle_undo(done.act, ticket=till.ticket())
    assert isinstance(undone, Refusal)
    till.settle("ZTO", 9_900)
    till.close(39_900)
    fact = records.slip_fact_of_act(till.connection, done.act)
    assert fact is not None
    assert till.papers.hand_over(till.connection, fact.identity, "NX0601") == first


def test_hand_overs_have_numbers_of_their_own():
    till = Till()
    till.open(30_000)
    for _ in range(2):
        till.do(HandOverShift(taken_over_by=TAKER, counts=count(30_000)))
    till.close(30_000)
    till.open(30_000)
    till.do(HandOverShift(taken_over_by=TAKER, counts=count(30_000)))
    assert any(line.startswith("交班单 NO.3-") for line in words_of(till.papers_printed()[-1]))


# --- The edges of a shift ------------------------------------------------------------------------


def test_the_night_belongs_to_the_day_in_which_the_shift_began():
    till = Till(at=MORNING_MS + 15 * 3_600_000 + 1_800_000)  # 23:30
    till.open(30_000)
    till.at += 3_600_000  # 00:30
    done = till.settle("ZTO", 5_000)
    assert done.told[-1].body.day == "2026-11-25"
    shift = till.close(35_000)
    state = records.shift_state(till.connection, shift)
    assert state is not None
    assert (state.day, state.booked_late) == ("2026-11-25", 0)
    slip = words_of(till.papers_printed()[-1])
    assert not any("次日补结" in line for line in slip)
    assert any(line.startswith("2026年11月25日 次日 00:33") for line in slip)


@pytest.mark.parametrize("days", [1, 2])
def test_a_forgotten_close_is_booked_to_its_own_day(days):
    till = Till()
    till.open(30_000)
    till.at += days * 86_400_000
    till.settle("ZTO", 5_000)  # nothing waits for the close
    shift = till.close(35_000)
    state = records.shift_state(till.connection, shift)
    assert state is not None
    assert (state.day, state.booked_late) == ("2026-11-25", 1)
    assert any("次日补结" in line for line in words_of(till.papers_printed()[-1]))
    till.open(35_000)
    opened = records.shift_state(till.connection, till.shift)
    assert opened is not None
    assert opened.day == f"2026-11-{25 + days}"


def test_closing_twice_is_answered_with_a_sentence():
    till = Till()
    till.open(30_000)
    till.close(30_000)
    assert till.no(CloseShift(counts=count(30_000))).reason == "cash.NOTHING_TO_CLOSE"


def test_numbers_of_the_slip_have_no_gaps_after_days_of_nothing_and_of_refunds_only():
    till = Till()
    till.open(30_000)
    till.close(30_000)  # nothing sold
    till.open(30_000)
    till.settle("ZTO", 1_000)
    till.give("ZTO", 900)
    till.close(30_100)
    till.open(30_100)
    till.give("ZTO", 100)  # refunds only
    till.close(30_000)
    shifts = records.closed_shifts(till.connection)
    mark = printed_number(1, till.desk.session.author.stream).partition("-")[2]
    assert [shift.number for shift in shifts] == [f"{n}-{mark}" for n in (3, 2, 1)]
    oldest = shifts[-1].identity
    asked = records.closed_shifts(till.connection, limit=1, also=oldest)
    assert [shift.identity for shift in asked] == [shifts[0].identity, oldest]


def test_a_late_fact_of_the_other_pc_changes_no_closed_shift_and_no_copy():
    one, two = Till("D1"), Till("D2", at=MORNING_MS + 1)
    one.open(30_000)
    two.hears(one)
    two.open(10_000)
    two.settle("ZTO", 7_000)
    one.hears(two)
    one.do(HandOverShift(taken_over_by=TAKER, counts=count(30_000)))
    shift = one.close(30_000)
    before = sheet_of_closed(one.connection, shift)
    first = one.papers.z(one.connection, shift, "NX0601")
    two.settle("JTSD", 50_000, cash_of(50_000))
    two.give("ZTO", 6_000)
    one.hears(two)
    assert sheet_of_closed(one.connection, shift) == before
    assert one.papers.z(one.connection, shift, "NX0601") == first
    assert books(one.connection).not_mine_fen == 51_000

"""What the drawer allows, and in which order it says no."""

import dataclasses
from collections.abc import Sequence
from typing import Any

import pytest

from station_app.journal.fact import Saying
from station_app.services.cash.commands import CloseShift, GivePayment, OpenShift, TakePayment
from station_app.services.cash.counting import PIECES_MAX, REMARK_MAX, counted
from station_app.services.cash.days import DayProposal, propose_day
from station_app.services.cash.facts import (
    Count,
    PaymentGiven,
    PaymentTaken,
    Position,
    ShiftClosed,
    ShiftOpened,
    Tender,
)
from station_app.services.cash.payments import Taking, give_payment, take_payment
from station_app.services.cash.rules import Closing, Opening, close_shift, open_shift
from station_app.values.now import Now
from station_app.values.paying import AMOUNT_MAX, Credit
from station_app.values.refusal import Refusal
from tests.services.cash.till import BUILD_MS, MORNING_MS, TEXTS

DAY = "2026-11-25"
NOW = Now(at=MORNING_MS, day=DAY, operator="op", device="D1", station="NX0601", shift="5f" * 32)
CLOSED = dataclasses.replace(NOW, shift="")
OK = DayProposal(DAY, "", DAY, "2026-11-24")


def cash(fen: int) -> Tender:
    return Tender(way="cash", amount_fen=fen)


def wechat(fen: int, reference: str = "4200001") -> Tender:
    return Tender(way="wechat", amount_fen=fen, reference=reference)


def said(decision: Sequence[Saying] | Refusal) -> Any:
    """Return the one fact that was decided on."""
    assert not isinstance(decision, Refusal), decision
    (saying,) = decision
    return saying


def reason(decision: object) -> str:
    assert isinstance(decision, Refusal), decision
    words = TEXTS.say(decision.text_key, **decision.slots)
    assert "{" not in words
    return decision.reason.removeprefix("cash.")


# --- Taking money --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("due", "tenders", "round_off", "change"),
    [
        (12_550, (cash(12_550),), 0, 0),
        (12_550, (cash(20_000),), 0, 7_450),
        (12_550, (cash(12_500),), 50, 0),
        (12_550, (wechat(12_550),), 0, 0),
        (12_550, (wechat(12_000), cash(1_000)), 0, 450),
        (12_550, (Tender(way="account", amount_fen=12_550, person="ab" * 32),), 0, 0),
        (12_550, (Tender(way="bank", amount_fen=12_550),), 0, 0),
        (50, (), 50, 0),
    ],
)
def test_taking_money(due, tenders, round_off, change):
    command = TakePayment(due_fen=due, tenders=tenders, round_off_fen=round_off)
    known = Taking({"ab" * 32: Credit(limit_fen=20_000)})
    saying = said(take_payment(known, command, NOW))
    assert saying.body == PaymentTaken(
        due_fen=due,
        tenders=tenders,
        change_fen=change,
        round_off_fen=round_off,
        shift=NOW.shift,
        day=DAY,
    )
    assert saying.entity == ""
    assert saying.private is None


def test_nothing_due_and_nothing_paid_says_nothing():
    assert take_payment(None, TakePayment(due_fen=0), CLOSED) == ()
    assert give_payment(None, GivePayment(due_fen=0), CLOSED) == ()


def test_money_that_is_not_cash_needs_no_open_shift():
    command = TakePayment(due_fen=5, tenders=(wechat(5),))
    assert said(take_payment(None, command, CLOSED)).body.shift == ""


# In the order in which they are said: each command breaks this rule and those below it.
TAKING = [
    ("AMOUNT_NEGATIVE", -1, (), -1),
    ("AMOUNT_TOO_BIG", AMOUNT_MAX + 1, (), -1),
    ("TOO_MANY_TENDERS", 500, (cash(-1),) * 9, -1),
    ("WAY_UNKNOWN", 500, (Tender(way="gold", amount_fen=-1),), -1),
    ("AMOUNT_NOT_POSITIVE", 500, (wechat(0, ""),), -1),
    ("AMOUNT_TOO_BIG", 500, (wechat(AMOUNT_MAX + 1, ""),), -1),
    ("REFERENCE_MISSING", 500, (wechat(700, " "),), -1),
    ("REFERENCE_MISSING", 500, (Tender(way="alipay", amount_fen=700),), -1),
    ("REFERENCE_TOO_LONG", 500, (wechat(700, "9" * 65),), -1),
    ("PERSON_MISSING", 500, (Tender(way="account", amount_fen=700),), -1),
    ("ROUND_OFF_NEGATIVE", 500, (cash(100),), -1),
    ("ROUND_OFF_TOO_BIG", 500, (cash(100),), 501),
    ("ROUND_OFF_TOO_BIG", 5_000, (cash(100),), 1_000),
    ("TENDER_BELOW_DUE", 500, (cash(499),), 0),
    ("TENDER_BELOW_DUE", 500, (), 0),
    ("CHANGE_ABOVE_CASH", 500, (wechat(501),), 0),
    ("CHANGE_ABOVE_CASH", 500, (wechat(500), cash(100)), 101),
]


@pytest.mark.parametrize(("why", "due", "tenders", "round_off"), TAKING)
def test_refused_money(why, due, tenders, round_off):
    command = TakePayment(due_fen=due, tenders=tenders, round_off_fen=round_off)
    assert reason(take_payment(None, command, NOW)) == why


def test_cash_needs_an_open_shift():
    for decision in (
        take_payment(None, TakePayment(due_fen=5, tenders=(cash(5),)), CLOSED),
        give_payment(None, GivePayment(due_fen=5, tenders=(cash(5),)), CLOSED),
    ):
        assert reason(decision) == "NO_SHIFT_OPEN"


def test_what_is_missing_is_said_in_fen():
    decision = take_payment(None, TakePayment(due_fen=500, tenders=(cash(499),)), NOW)
    assert isinstance(decision, Refusal)
    assert decision.slots == {"missing": "¥0.01"}


def test_paying_out():
    tenders = (cash(300), Tender(way="bank", amount_fen=200))
    command = GivePayment(due_fen=500, tenders=tenders)
    assert said(give_payment(None, command, NOW)).body == PaymentGiven(
        due_fen=500, tenders=tenders, shift=NOW.shift, day=DAY
    )


@pytest.mark.parametrize("paid", [499, 501])
def test_paying_out_is_exact(paid):
    command = GivePayment(due_fen=500, tenders=(cash(paid),))
    assert reason(give_payment(None, command, NOW)) == "NOT_WHAT_IS_DUE"


# --- Opening a shift -----------------------------------------------------------------------------

FLOAT = (Count(100, 50), Count(10_000, 2), Count(50, 0))


def opening(**changes: object) -> Opening:
    state = Opening(open_shift="", expected_fen=0, last_counts=None, proposal=OK)
    return dataclasses.replace(state, **changes)  # type: ignore[arg-type]


def test_the_first_float_is_counted_by_face():
    saying = said(open_shift(opening(), OpenShift(counts=FLOAT, reason="float"), CLOSED))
    assert saying.body == ShiftOpened(
        counts=(Count(10_000, 2), Count(100, 50)),
        counted_fen=25_000,
        added_fen=25_000,
        reason="float",
        as_last=0,
        day=DAY,
    )


def test_as_last_night_takes_one_key():
    state = opening(expected_fen=25_000, last_counts=FLOAT)
    body = said(open_shift(state, OpenShift(as_last=True), CLOSED)).body
    assert (body.as_last, body.added_fen, body.reason, body.counted_fen) == (1, 0, "", 25_000)


def test_a_reason_without_a_difference_is_dropped():
    state = opening(expected_fen=25_000)
    body = said(open_shift(state, OpenShift(counts=FLOAT, reason="float"), CLOSED)).body
    assert (body.added_fen, body.reason) == (0, "")


def test_a_difference_nobody_can_explain_is_over_or_short():
    state = opening(expected_fen=25_100)
    command = OpenShift(counts=FLOAT, reason="over_short", remark=" 昨晚少数一张 ")
    saying = said(open_shift(state, command, CLOSED))
    assert (saying.body.added_fen, saying.body.reason) == (-100, "over_short")
    assert saying.private.remark == "昨晚少数一张"


JUMPED = DayProposal("2027-03-01", "jumps", "2027-03-01", DAY)
BACK = DayProposal(DAY, "goes_back", "2026-11-20", DAY)


@pytest.mark.parametrize(
    ("why", "state", "command"),
    [
        ("SHIFT_OPEN_ALREADY", opening(open_shift="x"), OpenShift(as_last=True)),
        ("NEVER_COUNTED_BEFORE", opening(), OpenShift(as_last=True)),
        ("DAY_IN_QUESTION", opening(proposal=JUMPED), OpenShift(counts=(Count(3, 1),))),
        ("DAY_IN_QUESTION", opening(proposal=BACK), OpenShift(counts=(Count(3, 1),))),
        ("DAY_IN_QUESTION", opening(), OpenShift(counts=(Count(3, 1),), day="2026-13-01")),
        ("DAY_NOT_FREE", opening(proposal=BACK), OpenShift(day="2026-11-21")),
        ("FACE_UNKNOWN", opening(), OpenShift(counts=(Count(300, 1),))),
        ("FACE_UNKNOWN", opening(), OpenShift(counts=(Count(100, 1), Count(100, 2)))),
        ("PIECES_OUT_OF_RANGE", opening(), OpenShift(counts=(Count(100, PIECES_MAX + 1),))),
        ("PIECES_OUT_OF_RANGE", opening(), OpenShift(counts=(Count(100, -1),))),
        ("FLOAT_DIFFERS", opening(), OpenShift(counts=FLOAT)),
        ("FLOAT_DIFFERS", opening(), OpenShift(counts=FLOAT, reason="weather")),
        ("REASON_MISSING", opening(), OpenShift(counts=FLOAT, reason="over_short", remark=" ")),
        (
            "REMARK_TOO_LONG",
            opening(),
            OpenShift(counts=FLOAT, reason="float", remark="长" * (REMARK_MAX + 1)),
        ),
    ],
)
def test_refused_openings(why, state, command):
    assert reason(open_shift(state, command, CLOSED)) == why


@pytest.mark.parametrize(
    ("proposal", "answer"),
    [
        (JUMPED, "2027-03-01"),
        (JUMPED, "2026-11-26"),
        (BACK, DAY),
        (BACK, "2026-11-20"),
        (OK, ""),
        (OK, DAY),
    ],
)
def test_the_operator_decides_which_day_it_is(proposal, answer):
    command = OpenShift(counts=FLOAT, reason="float", day=answer)
    body = said(open_shift(opening(proposal=proposal), command, CLOSED)).body
    assert body.day == (answer or DAY)


# --- Closing a shift -----------------------------------------------------------------------------

CUT = Closing(
    expected_fen=25_000,
    positions=(Position("NX0601/D1/00", 7, "aa" * 32),),
    balances=(),
    facts=6,
    tail="aa" * 32,
    number=128,
)


def test_closing_keeps_the_cut():
    saying = said(close_shift(CUT, CloseShift(counts=FLOAT), NOW))
    body: ShiftClosed = saying.body
    assert saying.entity == NOW.shift
    assert saying.private is None
    assert (body.number, body.facts, body.tail) == (128, 6, "aa" * 32)
    assert body.positions == CUT.positions
    assert (body.counted_fen, body.expected_fen, body.difference_fen) == (25_000, 25_000, 0)
    assert (body.booked_late, body.day) == (0, DAY)


def test_a_difference_is_booked_with_its_reason():
    command = CloseShift(counts=(Count(10_000, 2),), recounts=1, remark="09:36 找零多给")
    saying = said(close_shift(CUT, command, NOW))
    assert saying.body.difference_fen == -5_000
    assert saying.private.remark == "09:36 找零多给"


def test_a_close_on_another_day_is_booked_late():
    tomorrow = dataclasses.replace(NOW, at=NOW.at + 86_400_000)
    assert said(close_shift(CUT, CloseShift(counts=FLOAT), tomorrow)).body.booked_late == 1


@pytest.mark.parametrize(
    ("why", "command", "now"),
    [
        ("NOTHING_TO_CLOSE", CloseShift(counts=(), recounts=9), CLOSED),
        ("COUNTED_TOO_OFTEN", CloseShift(counts=(Count(3, 1),), recounts=2), NOW),
        ("COUNTED_TOO_OFTEN", CloseShift(counts=(Count(3, 1),), recounts=-1), NOW),
        ("FACE_UNKNOWN", CloseShift(counts=(Count(3, 1),), remark="长" * 201), NOW),
        ("REMARK_TOO_LONG", CloseShift(counts=(), remark="长" * 201), NOW),
        ("REASON_MISSING", CloseShift(counts=()), NOW),
        ("REASON_MISSING", CloseShift(counts=(), remark="  "), NOW),
    ],
)
def test_refused_closings(why, command, now):
    assert reason(close_shift(CUT, command, now)) == why


def test_counting():
    assert counted(FLOAT) == 25_000
    assert counted(()) == 0


# --- Days ----------------------------------------------------------------------------------------

DAY_MS = 86_400_000


@pytest.mark.parametrize(
    ("clock", "last", "proposed", "asks"),
    [
        (MORNING_MS, "", "2026-11-25", ""),
        (MORNING_MS, "2026-11-25", "2026-11-25", ""),
        (MORNING_MS, "2026-11-24", "2026-11-25", ""),
        (MORNING_MS, "2026-11-18", "2026-11-25", ""),
        (MORNING_MS, "2026-11-17", "2026-11-25", "jumps"),
        (MORNING_MS, "2026-11-26", "2026-11-26", "goes_back"),
        (MORNING_MS, "2099-01-01", "2099-01-01", "goes_back"),
        (BUILD_MS - 1, "2026-11-25", "2026-11-25", "impossible"),
        (BUILD_MS - 1, "", "2025-11-25", "impossible"),
        (4_102_444_800_000, "2026-11-25", "2026-11-25", "impossible"),
        (MORNING_MS + 16 * 3_600_000 - 1, "", "2026-11-25", ""),
        (MORNING_MS + 16 * 3_600_000, "", "2026-11-26", ""),
    ],
)
def test_the_business_day_is_proposed(clock, last, proposed, asks):
    proposal = propose_day(clock, BUILD_MS, last)
    assert (proposal.day, proposal.asks) == (proposed, asks)
    assert proposal.day >= last


def test_a_refusal_is_always_a_sentence():
    decision = take_payment(None, TakePayment(due_fen=500, tenders=(cash(499),)), NOW)
    assert isinstance(decision, Refusal)
    assert TEXTS.say(decision.text_key, **decision.slots) == "还差 ¥0.01"

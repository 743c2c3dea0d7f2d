"""Closing a case: only what was seen, and only with a reason."""

import pytest

from station_app.journal.kinds import CaseClosed, CaseRemark
from station_app.overview.commands import CloseCase
from station_app.overview.rules import REMARK_MAX, close_case
from station_app.values.now import Now
from station_app.values.refusal import Refusal

NOW = Now(at=1, day="2026-11-25", operator="o", device="D1", station="NX0601")
A, B, C = "a" * 64, "b" * 64, "c" * 64


def command(**changed):
    asked = {
        "case": "parcels.handed_over_twice",
        "entity": "e" * 64,
        "members": (A, B),
        "verdict": "explained",
        "remark": "2 号电脑点错人",
    }
    return CloseCase(**{**asked, **changed})


def test_a_closing_names_the_facts_it_saw_and_keeps_the_words_private():
    decision = close_case((A, B), command(remark="  2 号电脑\n点错人 "), NOW)
    assert not isinstance(decision, Refusal)
    (saying,) = decision
    assert saying.entity == "e" * 64
    assert saying.body == CaseClosed(
        case="parcels.handed_over_twice", members=(A, B), verdict="explained", day="2026-11-25"
    )
    assert saying.private == CaseRemark(remark="2 号电脑 点错人")


def test_the_order_of_the_facts_says_nothing():
    assert not isinstance(close_case((B, A), command(members=(A, B)), NOW), Refusal)


@pytest.mark.parametrize(
    ("members", "changed", "reason"),
    [
        (None, {"remark": ""}, "overview.CASE_NOT_OPEN"),
        ((A, B, C), {"remark": ""}, "overview.CASE_CHANGED"),
        ((A,), {}, "overview.CASE_CHANGED"),
        ((A, B), {"remark": " \n "}, "overview.REMARK_NEEDED"),
        ((A, B), {"remark": "好"}, "overview.REMARK_NEEDED"),
        ((A, B), {"remark": "字" * (REMARK_MAX + 1)}, "overview.REMARK_TOO_LONG"),
    ],
)
def test_why_a_case_stays_open(members, changed, reason):
    refusal = close_case(members, command(**changed), NOW)
    assert isinstance(refusal, Refusal)
    assert refusal.reason == reason

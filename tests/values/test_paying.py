"""How an amount is settled, as the panel shows it: what is still to be done, what is too much."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from station_app.services.cash.commands import taking
from station_app.services.cash.payments import Taking, take_payment
from station_app.values.now import Now
from station_app.values.paying import CASH, WECHAT, Paying, laid_aside, notes_of, rounded_off
from station_app.values.refusal import Refusal

NOW = Now(at=1, day="2026-11-25", operator="x", device="D1", station="NX0601", shift="s")


def aside(due_fen: int, paid_fen: int) -> Paying:
    """Return an amount of which a part was laid aside by WeChat; the rest is to come in cash."""
    paying = Paying(due_fen=due_fen, way=WECHAT, typed_fen=paid_fen, reference="4200001")
    return laid_aside(paying)


@pytest.mark.parametrize("paying", [aside(1_050, 1_030), aside(1_050, 1_049)])
def test_what_is_let_go_after_a_part_was_paid_may_not_be_more_than_the_rest(paying: Paying) -> None:
    """The button was on; pressed, it said that the change is more than the cash."""
    assert (paying.way, paying.missing(has_shift=True)) == (CASH, "")
    off = rounded_off(paying)
    assert off.rest_fen < 0
    assert isinstance(take_payment(Taking(), taking(off), NOW), Refusal)
    assert off.missing(has_shift=True) == "parts"


def test_what_lies_on_the_counter_may_become_less_than_was_paid_for_it() -> None:
    paying = aside(1_000, 900)
    less = Paying(due_fen=500, parts=paying.parts, way=paying.way)
    assert less.missing(has_shift=True) == "parts"


def test_change_is_said_in_the_notes_that_are_given() -> None:
    assert notes_of(3_200) == ((2_000, 1), (1_000, 1), (100, 2))
    assert notes_of(40) == ((10, 4),)
    assert notes_of(0) == notes_of(3_205) == (), "nothing, or what no coin is"


@given(st.integers(0, 100_000).map(lambda jiao: jiao * 10))
def test_the_notes_of_change_come_to_it(fen: int) -> None:
    notes = notes_of(fen)
    assert sum(face * pieces for face, pieces in notes) == fen
    assert [face for face, _ in notes] == sorted({face for face, _ in notes}, reverse=True)

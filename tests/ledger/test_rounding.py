"""Fractions of a fen: half-up, largest remainder, and nothing lost on the way back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from station_app.ledger.rounding import basis_points, half_up, line_fen
from station_app.ledger.shares import shared, taken_back


@pytest.mark.parametrize(
    ("numerator", "denominator", "rounded"),
    [(0, 7, 0), (1, 2, 1), (49, 100, 0), (50, 100, 1), (149, 100, 1), (150, 100, 2), (7, 1, 7)],
)
def test_a_half_goes_up(numerator, denominator, rounded):
    assert half_up(numerator, denominator) == rounded


@pytest.mark.parametrize(("numerator", "denominator"), [(-1, 2), (1, 0), (1, -2)])
def test_nothing_below_zero_is_rounded(numerator, denominator):
    with pytest.raises(ValueError, match="/"):
        half_up(numerator, denominator)


@pytest.mark.parametrize(
    ("amount_fen", "rate_bp", "part_fen"),
    [(3_237, 800, 259), (6_500, 500, 325), (10, 500, 1), (9, 500, 0), (1_250, 10_000, 1_250)],
)
def test_basis_points(amount_fen, rate_bp, part_fen):
    assert basis_points(amount_fen, rate_bp) == part_fen


@pytest.mark.parametrize(
    ("quantity", "price_fen", "unit", "amount_fen"),
    [
        (10_000, 650, "gram", 6_500),
        (19_860, 900, "gram", 17_874),
        (1_250, 333, "gram", 416),
        (1_500, 333, "gram", 500),
        (1, 499, "gram", 0),
        (1, 500, "gram", 1),
        (12, 80, "piece", 960),
    ],
)
def test_a_line_is_quantity_by_price(quantity, price_fen, unit, amount_fen):
    assert line_fen(quantity, price_fen, unit) == amount_fen


def test_a_unit_that_nobody_knows_has_no_price():
    with pytest.raises(ValueError, match="jin"):
        line_fen(1, 1, "jin")


@pytest.mark.parametrize(
    ("total", "weights", "parts"),
    [
        (3_330, {"p": 6_000, "q": 4_000}, {"p": 1_998, "q": 1_332}),
        (100, {"p": 1, "q": 1, "r": 1}, {"p": 34, "q": 33, "r": 33}),
        (2, {"p": 1, "q": 1, "r": 1}, {"p": 1, "q": 1, "r": 0}),
        (10, {"p": 5, "q": 1}, {"p": 8, "q": 2}),
        (5, {"q": 3, "p": 0}, {"p": 0, "q": 5}),
        (0, {"p": 0}, {"p": 0}),
        (0, {}, {}),
    ],
)
def test_the_largest_remainder_goes_first(total, weights, parts):
    assert shared(total, weights.items()) == parts
    assert list(shared(total, reversed(weights.items()))) == sorted(parts)


@pytest.mark.parametrize(("total", "weights"), [(1, {}), (1, {"p": 0}), (-1, {"p": 1})])
def test_nothing_is_shared_among_nobody(total, weights):
    with pytest.raises(ValueError, match="among"):
        shared(total, weights.items())


def test_a_weight_below_zero_is_no_weight():
    with pytest.raises(ValueError, match="weight"):
        shared(1, [("p", -1)])


WEIGHTS = st.dictionaries(st.sampled_from("pqrstu"), st.integers(1, 50_000), min_size=1)


@given(st.integers(0, 10**8), WEIGHTS)
def test_no_fen_is_lost_or_made_by_sharing(total, weights):
    parts = shared(total, weights.items())
    whole = sum(weights.values())
    assert sum(parts.values()) == total
    assert all(abs(parts[k] * whole - total * weights[k]) < whole for k in weights)


@given(st.integers(0, 10**7), st.lists(st.integers(1, 5_000), min_size=1, max_size=8))
def test_parts_that_come_back_sum_to_the_whole(total, quantities):
    whole = sum(quantities)
    quantity, amount = 0, 0
    for came in quantities:
        part = taken_back(total, came, whole, before=(quantity, amount))
        assert 0 <= part <= total - amount
        quantity, amount = quantity + came, amount + part
    assert amount == total


def test_whoever_brings_the_last_gets_what_is_left():
    assert taken_back(100, 1, 3, before=(0, 0)) == 33
    assert taken_back(100, 1, 3, before=(2, 66)) == 34
    assert taken_back(3, 1, 6, before=(4, 3)) == 0

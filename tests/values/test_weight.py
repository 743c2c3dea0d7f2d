"""Typed weights become grams, in kilograms, 斤 and 两."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from station_app.values.weight import (
    JIN,
    WEIGHT_GRAMS_MAX,
    jin_plain,
    kg_plain,
    parse_jin,
    parse_kg,
    parse_weight,
    say_jin,
    say_kg,
)


@pytest.mark.parametrize(
    ("typed", "grams"),
    [
        ("1.25", 1250),
        ("1.25kg", 1250),
        ("1.25 KG", 1250),
        ("１．２５公斤", 1250),
        ("2.5斤", 1250),
        ("2斤3两", 1150),
        ("1公斤2斤3两4克", 2154),
        ("500克", 500),
        ("500g", 500),
        ("3两", 150),
        ("0", 0),
        (".5", 500),
        ("0.002斤", 1),
    ],
)
def test_a_weight_is_read(typed: str, grams: int) -> None:
    assert parse_kg(typed) == grams


@pytest.mark.parametrize(
    "typed",
    [
        "",
        ".",
        "-1",
        "1.2345",
        "0.001斤",
        "0.5克",
        "3两2斤",
        "2斤2斤",
        "2斤3",
        "斤",
        "1,250",
        "1磅",
        "1000001",
        "1 2",
        "九斤",
        "1..2",
        "2斤-1两",
    ],
)
def test_what_is_no_weight_is_not_guessed_at(typed: str) -> None:
    assert parse_kg(typed) is None


def test_a_bare_number_takes_the_unit_of_the_field() -> None:
    assert parse_jin("2.5") == 1250
    assert parse_kg("2.5") == 2500
    assert parse_jin("2.5kg") == 2500


@pytest.mark.parametrize(
    ("grams", "kg", "jin"),
    [
        (1250, "1.250", "2.5"),
        (1000, "1.000", "2"),
        (1, "0.001", "0.002"),
        (0, "0.000", "0"),
        (-5, "−0.005", "−0.01"),
        (1_234_567, "1,234.567", "2,469.134"),
        (5_000, "5.000", "10"),
    ],
)
def test_a_weight_is_said(grams: int, kg: str, jin: str) -> None:
    assert (kg_plain(grams), jin_plain(grams)) == (kg, jin)
    assert (say_kg(grams), say_jin(grams)) == (f"{kg} kg", f"{jin} 斤")


@given(st.integers(0, WEIGHT_GRAMS_MAX))
def test_no_gram_is_lost_between_screen_and_field(grams: int) -> None:
    assert parse_kg(kg_plain(grams).replace(",", "")) == grams
    assert parse_weight(jin_plain(grams).replace(",", ""), JIN) == grams


@given(st.text(alphabet="0123456789.斤两克公 kg－１"))
def test_whatever_is_typed_the_answer_is_a_weight_or_none(typed: str) -> None:
    grams = parse_kg(typed)
    assert grams is None or (type(grams) is int and 0 <= grams <= WEIGHT_GRAMS_MAX)

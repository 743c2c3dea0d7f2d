"""Typed amounts become fen, fen become text, and back again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from station_app.values.money import YUAN_FEN_MAX, parse_yuan, say_yuan, yuan_plain


@pytest.mark.parametrize(
    ("typed", "fen"),
    [
        ("12", 1200),
        ("12.5", 1250),
        ("12.05", 1205),
        (".5", 50),
        ("5.", 500),
        ("0", 0),
        ("007", 700),
        (" 3.20 ", 320),
        ("1,234.50", 123450),
        ("¥12", 1200),
        ("￥ 12.3", 1230),
        ("１２．５０", 1250),
        ("12。5", 1250),
        ("1，234", 123400),
        ("100000000", YUAN_FEN_MAX),
        ("100,000,000.00", YUAN_FEN_MAX),
    ],
)
def test_an_amount_is_read(typed: str, fen: int) -> None:
    assert parse_yuan(typed) == fen


@pytest.mark.parametrize(
    "typed",
    [
        "",
        " ",
        ".",
        "¥",
        "-1",
        "−1",
        "+1",
        "1.234",
        "1e3",
        "12元",
        "一",
        "1.2.3",
        "12,34",
        "1 2",
        "100000000.01",
        "9999999999",
        "5²",
        "½",
        "٣",
        "NaN",
        "0x10",
        "1_000",
        ",100",
        "1,2345",
    ],
)
def test_what_is_no_amount_is_not_guessed_at(typed: str) -> None:
    assert parse_yuan(typed) is None


@pytest.mark.parametrize(
    ("fen", "said", "plain"),
    [
        (123450, "¥1,234.50", "1234.50"),
        (0, "¥0.00", "0.00"),
        (5, "¥0.05", "0.05"),
        (-5, "−¥0.05", "-0.05"),
        (-123450, "−¥1,234.50", "-1234.50"),
    ],
)
def test_an_amount_is_said(fen: int, said: str, plain: str) -> None:
    assert say_yuan(fen) == said
    assert yuan_plain(fen) == plain


@given(st.integers(0, YUAN_FEN_MAX))
def test_what_is_shown_is_read_back_to_the_fen(fen: int) -> None:
    assert parse_yuan(say_yuan(fen)) == fen
    assert parse_yuan(yuan_plain(fen)) == fen


@given(st.text())
def test_whatever_is_typed_the_answer_is_an_amount_or_none(typed: str) -> None:
    fen = parse_yuan(typed)
    assert fen is None or (type(fen) is int and 0 <= fen <= YUAN_FEN_MAX)

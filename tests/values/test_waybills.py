"""Whose parcel a number is: the county's table, ambiguous numbers, pieces, postal items."""

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from station_app.values.codes import BadCheck, CourierPattern, Waybill, recognise
from station_app.values.waybills import fits, has_postal_check, is_usable, read_waybill
from tests.values.couriers import COURIERS, ROWS


@pytest.mark.parametrize("row", ROWS, ids=[row["courier_code"] for row in ROWS])
def test_every_example_of_the_table_is_its_courier_s_alone(row: dict[str, str]) -> None:
    number = row["example_waybill"]
    assert recognise(number.lower(), COURIERS) == Waybill(
        (row["courier_code"],), number, number, must_confirm=row["operator_must_confirm"] == "1"
    )


@pytest.mark.parametrize(
    ("text", "candidates", "must_confirm"),
    [
        ("430000000000017", ("STO", "YUNDA"), True),
        ("43000000000001", ("STO",), False),
        ("SF1000000000017", ("SF",), False),
        ("SF100000000001", ("SF",), False),
        ("7300 0000 0000 17", ("ZTO",), False),
        ("PA12345678901", ("POSTB",), False),
        ("RR123456785CN", ("POSTB",), False),
        ("VP123456785CN", ("POSTB",), False),  # an insured letter, not a label of ours
        ("RR123456785US", ("OTHER",), True),
        ("ABC-000017", ("OTHER",), True),
        ("72000000000017", ("OTHER",), True),
    ],
)
def test_a_number_is_read(text: str, candidates: tuple[str, ...], must_confirm: bool) -> None:
    seen = recognise(text, COURIERS)
    assert isinstance(seen, Waybill)
    assert (seen.candidates, seen.must_confirm) == (candidates, must_confirm)


@pytest.mark.parametrize("piece", ["-1-1-", "-1-2-", "-2-2-", "-1-1", "-10-12-"])
def test_a_piece_of_a_shipment_is_kept_raw_and_stripped_for_matching(piece: str) -> None:
    raw = f"JDVA00000000017{piece}"
    assert recognise(raw, COURIERS) == Waybill(("JD",), "JDVA00000000017", raw, must_confirm=False)


@given(st.integers(0, 10**8 - 1), st.sampled_from(["RR", "EA", "CP", "LX"]))
def test_of_ten_last_digits_one_makes_a_postal_item(serial: int, service: str) -> None:
    texts = [f"{service}{serial:08}{digit}CN" for digit in range(10)]
    right = [text for text in texts if has_postal_check(text)]
    assert len(right) == 1
    for text in texts:
        seen = recognise(text, COURIERS)
        assert isinstance(seen, Waybill if text in right else BadCheck)


def test_known_postal_items() -> None:
    assert has_postal_check("RA473124829CN") == (_weighed("47312482") == 9)
    assert has_postal_check("EE876543216CN")
    assert not has_postal_check("EE876543215CN")
    assert not has_postal_check("no item")


def _weighed(serial: str) -> int:
    """The check digit by the words of the standard, worked out apart from the program."""
    rest = 11 - sum(int(d) * w for d, w in zip(serial, (8, 6, 4, 2, 3, 5, 9, 7), strict=True)) % 11
    return 0 if rest == 10 else 5 if rest == 11 else rest


@given(st.integers(0, 10**8 - 1))
def test_the_postal_check_is_that_of_the_standard(serial: int) -> None:
    assert has_postal_check(f"RR{serial:08}{_weighed(f'{serial:08}')}CN")


def test_what_a_choice_is_remembered_for() -> None:
    read = [read_waybill(n, COURIERS) for n in ("430000000000017", "SF1000000000017", "ABC-000017")]
    assert [w.prefix_and_length for w in read if w] == ["43/15", "SF/15", "ABC/10"]


@pytest.mark.parametrize(
    "pattern",
    [
        "(A+)+$",
        r"(\d+)*X",
        r"(\d{0,60}){0,60}X",
        r"\d{0,60}" * 8 + "X",
        "A?" * 30 + "A" * 30,
        "(A|A)" * 30 + "B",
        r"\w+",
        ".*",
        r"\d*",
        "(",
        "[Z-A]",
        r"(?P<x>A)\1",
        "A{99}" * 60,
        "a",
    ],
)
def test_a_pattern_that_could_run_long_is_not_used(pattern: str) -> None:
    courier = CourierPattern("X", "某快递", "X", pattern, 1, must_confirm=False)
    began = time.monotonic()
    assert not is_usable(pattern)
    assert not fits(courier, "A" * 64)
    assert time.monotonic() - began < 1


def test_every_pattern_of_the_table_is_usable() -> None:
    for courier in COURIERS:
        assert is_usable(courier.pattern)


@given(st.from_regex(re.compile(r"[A-Z0-9\\d?|(){},+-]{0,40}", re.ASCII), fullmatch=True))
def test_a_usable_pattern_always_answers(pattern: str) -> None:
    courier = CourierPattern("X", "某快递", "X", pattern, 1, must_confirm=False)
    assert fits(courier, "A1" * 32) in (True, False)

"""The demo data are what their README says: invented, whole, and with their traps in place."""

import csv
import re
from collections import Counter
from pathlib import Path

import pytest
from stdnum import ean

DEMO = Path(__file__).resolve().parents[1] / "resources" / "demo"
ASSIGNED_MOBILE = re.compile(r"1(3\d|5[0-35-9]|66|7[0-8]|8\d|9[0-35-9])\d{8}")


def table(name: str) -> list[dict[str, str]]:
    """One file as rows."""
    with (DEMO / f"{name}.csv").open(encoding="utf-8", newline="") as opened:
        return list(csv.DictReader(opened))


def couriers_that_fit(waybill: str) -> list[str]:
    """Codes of the couriers, the catch-all aside, whose pattern fits."""
    named = [row for row in table("couriers") if row["courier_code"] != "OTHER"]
    return [row["courier_code"] for row in named if re.search(row["waybill_regex"], waybill)]


def test_every_level_of_the_county_is_there_and_has_its_parent() -> None:
    stations = table("stations")
    codes = {row["station_code"] for row in stations}
    assert Counter(row["level"] for row in stations) == {
        "village": 289,
        "township": 15,
        "county": 1,
        "hub": 1,
    }
    assert len(codes) == len(stations)
    assert {row["parent_code"] for row in stations if row["parent_code"]} <= codes
    villages = [row["village_code"] for row in stations if row["level"] == "village"]
    assert len(set(villages)) == 289


def test_barcodes_are_valid_unique_and_nobodys() -> None:
    barcodes = [row["barcode"] for row in table("products")]
    assert all(ean.is_valid(barcode) and barcode.startswith("952") for barcode in barcodes)
    assert len(set(barcodes)) == len(barcodes) == 135


def test_every_grade_has_its_price() -> None:
    for row in table("produce"):
        assert len(row["grades"].split("|")) == len(row["grade_price_pct"].split("|"))


def test_examples_fit_their_own_patterns() -> None:
    for row in table("couriers"):
        assert re.search(row["waybill_regex"], row["example_waybill"]), row["courier_code"]
    for row in table("billers"):
        assert re.fullmatch(row["account_regex"], row["example_account"]), row["biller_code"]


def test_examples_are_recognised_but_the_prefix_43_fits_two_couriers() -> None:
    for row in table("couriers"):
        if row["courier_code"] != "OTHER":
            assert couriers_that_fit(row["example_waybill"]) == [row["courier_code"]]
    assert couriers_that_fit("430000000000017") == ["STO", "YUNDA"]


def test_no_phone_can_be_anybodys() -> None:
    phones = [row["phone_demo"] for row in table("people")]
    assert len(phones) == 200
    assert all(phone.startswith("154") and len(phone) == 11 for phone in phones)
    assert not any(ASSIGNED_MOBILE.fullmatch(phone) for phone in phones)


@pytest.mark.parametrize(("tail", "phones"), [("1888", 2), ("2345", 1)])
def test_two_people_share_a_phone_tail_and_two_a_phone(tail: str, phones: int) -> None:
    found = [row["phone_demo"] for row in table("people") if row["phone_demo"].endswith(tail)]
    assert len(found) == 2
    assert len(set(found)) == phones


def test_some_people_share_a_name() -> None:
    names = Counter(row["name"] for row in table("people"))
    assert max(names.values()) > 1

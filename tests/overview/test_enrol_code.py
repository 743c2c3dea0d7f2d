"""The enrolment code before the network: whole, right, and where to look if not."""

import pytest

from station_app.overview.enrol_code import (
    EnrolmentPaper,
    Suspect,
    clean_address,
    is_right,
    judge_code,
    read_paper,
)
from station_app.values.codes import ENROLMENT, make_code

CODE = make_code(ENROLMENT, "N7K4PX2M3HQSNWYCARBUTDGE5VOJFZ6L")
COUNT = len(CODE)


def swapped(place, sign):
    return CODE[: place - 1] + sign + CODE[place:]


def test_a_right_code_is_right_however_it_is_written():
    assert judge_code(CODE, COUNT).state == "right"
    grouped = " ".join(CODE[n : n + 4] for n in range(0, COUNT, 4)).lower()
    assert judge_code(grouped, COUNT).state == "right"
    assert is_right(CODE)


def test_while_typing_it_says_how_many_are_missing():
    assert judge_code("", COUNT).missing == COUNT
    assert judge_code(CODE[:-3], COUNT) == judge_code(CODE[:-3] + "--", COUNT)
    assert judge_code(CODE[:-3], COUNT).missing == 3


@pytest.mark.parametrize(("meant", "sign"), [("S", "5"), ("2", "Z"), ("U", "V"), ("N", "M")])
def test_a_sign_that_looks_like_another_is_told_with_its_place(meant, sign):
    place = CODE.index(meant, 2) + 1
    verdict = judge_code(swapped(place, sign), COUNT)
    assert verdict.state == "wrong"
    assert Suspect(place, sign, meant) in verdict.suspects


@pytest.mark.parametrize(("sign", "guess"), [("8", "B"), ("0", "O"), ("1", "I")])
def test_a_sign_that_no_code_has_is_certain(sign, guess):
    verdict = judge_code(swapped(9, sign), COUNT)
    assert verdict.suspects == (Suspect(9, sign, guess),)


def test_two_signs_in_the_wrong_order_are_found():
    code = make_code(ENROLMENT, "ACEFHJKPRTWXY347ACEFHJKPRTWXY347")
    turned = code[:6] + code[7] + code[6] + code[8:]
    assert Suspect(7, "JH", "HJ") in judge_code(turned, len(code)).suspects


def test_every_single_slip_is_noticed():
    for place in range(1, COUNT + 1):
        for sign in "AB37":
            if CODE[place - 1] != sign:
                state = "foreign" if place <= len(ENROLMENT) else "wrong"
                assert judge_code(swapped(place, sign), COUNT).state == state


def test_another_code_of_ours_is_no_enrolment_code():
    assert judge_code(make_code("VP", "A" * 16), 19).state == "foreign"
    assert judge_code("N7", COUNT).state == "foreign"
    assert judge_code("V", COUNT).state == "short"


def test_a_sign_that_no_code_has_is_told_while_typing():
    verdict = judge_code("VEN8", COUNT)
    assert (verdict.state, verdict.suspects) == ("short", (Suspect(4, "8", "B"),))


@pytest.mark.parametrize(
    ("scanned", "paper"),
    [
        (CODE, EnrolmentPaper(CODE)),
        (
            f"https://xian.example:8443/v1#{CODE}",
            EnrolmentPaper(CODE, "https://xian.example:8443/v1"),
        ),
        (f"https://xian.example?code={CODE.lower()}", EnrolmentPaper(CODE, "https://xian.example")),
        ("73000000000017", None),
        ("VPAAAAAAAAAAAAAAAA7", None),
        ("", None),
        ("x" * 10_000, None),
    ],
)
def test_the_countys_paper_is_read(scanned, paper):
    assert read_paper(scanned) == paper


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("xian.example", "https://xian.example"),
        (" https://xian.example/ ", "https://xian.example"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
        ("http://[::1]:8080", "http://[::1]:8080"),
        ("https://xian.example/cunzhan", "https://xian.example/cunzhan"),
        ("ｘｉａｎ.example", "https://xian.example"),
        ("", None),
        ("https://", None),
        ("xian example", None),
        ("https://xian.example:99999", None),
        ("javascript:alert(1)", None),
        ("https://xian.example/\x00", None),
        ("a" * 10_000, None),
    ],
)
def test_an_address_is_an_address(typed, address):
    assert clean_address(typed) == address

"""Own codes: grammar, check character, what is told of a misread one; what a typed text is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.iso7064 import mod_37_36

from station_app.values.codes import (
    BAG,
    ENROLMENT,
    LOT,
    OPERATOR,
    PARCEL,
    SHELF,
    SLIP,
    BadCheck,
    Barcode,
    OwnCode,
    Phone,
    PhoneTail,
    PinyinLetters,
    Recognised,
    ShelfCode,
    TraceCode,
    Unreadable,
    Waybill,
    identity_payload,
    identity_prefix,
    make_code,
    recognise,
)
from tests.values.couriers import COURIERS

BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
IDENTITIES = st.binary(min_size=32, max_size=32).map(bytes.hex)
KINDS = st.sampled_from([PARCEL, LOT, SLIP, OPERATOR, BAG])
IDENTITY = "ab" * 32
LABEL = make_code(PARCEL, identity_payload(IDENTITY))


@given(KINDS, IDENTITIES)
def test_a_code_made_here_is_recognised_and_no_courier_claims_it(kind: str, identity: str) -> None:
    payload = identity_payload(identity)
    code = make_code(kind, payload)
    assert len(code) == 19
    for written in (code, code.lower(), f" {code}\r", "-".join((code[:7], code[7:13], code[13:]))):
        assert recognise(written, COURIERS) == OwnCode(kind, payload)
    assert identity.startswith(identity_prefix(payload))


@given(st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", min_size=1, max_size=8))
def test_every_shelf_code_is_recognised(payload: str) -> None:
    assert recognise(make_code(SHELF, payload), COURIERS) == OwnCode(SHELF, payload)


@given(st.text(BASE32, min_size=16, max_size=60))
def test_every_enrolment_code_is_recognised(payload: str) -> None:
    assert recognise(make_code(ENROLMENT, payload), COURIERS) == OwnCode(ENROLMENT, payload)


def test_a_payload_that_does_not_suit_the_kind_is_a_bug() -> None:
    for kind, payload in [(PARCEL, "B208"), (SHELF, "b-2"), (ENROLMENT, "AB"), (SLIP, "0" * 16)]:
        with pytest.raises(AssertionError):
            make_code(kind, payload)


@given(KINDS, IDENTITIES, st.integers(0, 18), st.sampled_from(BASE32 + "0189"))
def test_one_wrong_character_is_never_taken_for_a_code_or_a_parcel(
    kind: str, identity: str, place: int, sign: str
) -> None:
    code = make_code(kind, identity_payload(identity))
    misread = code[:place] + sign + code[place + 1 :]
    seen = recognise(misread, COURIERS)
    if misread == code:
        assert isinstance(seen, OwnCode)
    elif place > 1:
        assert isinstance(seen, BadCheck)
        assert seen.meant in ("", code) or recognise(seen.meant, COURIERS) != seen
    else:
        assert not isinstance(seen, OwnCode)


@given(KINDS, IDENTITIES, st.integers(2, 17))
def test_two_swapped_characters_are_noticed(kind: str, identity: str, place: int) -> None:
    code = make_code(kind, identity_payload(identity))
    swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    assert isinstance(recognise(swapped, COURIERS), OwnCode) == (swapped == code)


def test_a_sign_that_cannot_stand_there_is_pointed_at() -> None:
    code = make_code(SLIP, "ABCDOFGHIJKLMNB2")
    assert recognise(code.replace("O", "0"), COURIERS) == BadCheck(
        SLIP, code.replace("O", "0"), wrong=6, meant=code
    )
    mistyped = code[:-2].replace("B", "8") + code[-2:]
    seen = recognise(mistyped, COURIERS)
    assert isinstance(seen, BadCheck)
    assert seen.wrong == 3
    assert seen.meant == code
    # With every sign possible, nobody can say which one is wrong.
    other = code[:-1] + ("A" if code[-1] != "A" else "B")
    assert recognise(other, COURIERS) == BadCheck(SLIP, other)


@pytest.mark.parametrize("text", [LABEL[:-1], LABEL + "7", LABEL[:10], "VP1", "VB12"])
def test_a_cut_off_or_doubled_code_is_a_bad_one(text: str) -> None:
    seen = recognise(text, COURIERS)
    assert isinstance(seen, BadCheck)
    assert seen.kind == text[:2]


TYPED: list[tuple[str, Recognised]] = [
    ("1888", PhoneTail("1888")),
    ("１８８８", PhoneTail("1888")),
    ("41001", PhoneTail("41001")),
    ("15412341001", Phone("15412341001")),
    ("154 1234 1001", Phone("15412341001")),
    ("b208", ShelfCode("B208")),
    ("B-2-08", ShelfCode("B-2-08")),
    ("24-4-3882", ShelfCode("24-4-3882")),
    ("Q7-32", ShelfCode("Q7-32")),
    ("zs", PinyinLetters("zs")),
    ("zhang san", PinyinLetters("zhangsan")),
    ("VO", PinyinLetters("vo")),
    ("41132506012605230172", TraceCode("41132506012605230172")),
    ("https://example.org/t/41132506012605230172", TraceCode("41132506012605230172")),
    ("2010001012504", Barcode("2010001012504")),
    ("96385074", Barcode("96385074")),
    ("", Unreadable("EMPTY")),
    (" \r\n\t　", Unreadable("EMPTY")),
    ("王小明", Unreadable("CHINESE")),
    ("SF10顺丰", Unreadable("CHINESE")),
    ("Привет", Unreadable("OTHER_SCRIPT")),
    ("12345\x1d678", Unreadable("CONTROL")),
    ("SF10000\u200b00000017", Unreadable("CONTROL")),
    ("SF\x0010", Unreadable("CONTROL")),
    ("1" * 65, Unreadable("TOO_LONG")),
    ("ﷺ" * 300, Unreadable("TOO_LONG")),
    ("9" * 10**6, Unreadable("TOO_LONG")),
    ("7", Unreadable("UNKNOWN")),
    ("A_B", Unreadable("UNKNOWN")),
    ("-", Unreadable("UNKNOWN")),
    ("http://example.org/other", Unreadable("UNKNOWN")),
    (
        "41132506012605230173",
        Waybill(("OTHER",), "41132506012605230173", "41132506012605230173", must_confirm=True),
    ),
]


@pytest.mark.parametrize(("text", "expected"), TYPED)
def test_a_typed_text_is_told_apart(text: str, expected: Recognised) -> None:
    assert recognise(text, COURIERS) == expected


def test_a_number_that_may_be_goods_or_a_parcel_says_both() -> None:
    seen = recognise("9520000000011", COURIERS)
    assert isinstance(seen, Barcode)
    assert seen.waybill is not None
    assert seen.waybill.candidates == ("POSTB",)


@given(st.text(max_size=80))
def test_whatever_is_scanned_there_is_an_answer(text: str) -> None:
    assert isinstance(recognise(text, COURIERS), Recognised)


@given(st.text("VPLROSBE0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-", max_size=40))
def test_what_is_taken_for_ours_has_the_right_check_character(text: str) -> None:
    seen = recognise(text, COURIERS)
    if isinstance(seen, OwnCode):
        assert mod_37_36.is_valid(text.replace("-", ""))
    if isinstance(seen, Waybill):
        bare = text.replace("-", "")
        is_ours = bare[:2] in (PARCEL, LOT, SLIP, OPERATOR, SHELF, BAG, ENROLMENT)
        assert not is_ours or (len(text) == 13 and text.endswith("CN"))

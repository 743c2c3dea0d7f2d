"""Rows: what each cell means, what is wrong with it, and what is asked about it."""

import pytest

from station_app.services.opening.columns import DEBTS, PARCELS, PEOPLE, find_layout
from station_app.services.opening.judging import (
    ANOTHER,
    ASK,
    BAD,
    DOUBLE,
    GOOD,
    LEFT,
    SKIP,
    WITHOUT_ID,
    Judge,
    Judged,
    Known,
)
from station_app.services.opening.rows import SheetRow, digits_of, read_rows
from station_app.services.opening.sheet_work import numbers, ranges
from station_app.services.opening.sheets import Grid
from station_app.services.people.rules import Person, why_not

HEADINGS = {
    PEOPLE: ("姓名", "手机", "组", "身份证号"),
    DEBTS: ("类别", "姓名", "手机", "快递公司", "金额"),
    PARCELS: ("运单号", "收件人", "手机", "代收货款", "到站日期", "货架", "快递公司"),
}


def rows(kind: str, *cells: tuple[str, ...]) -> tuple[SheetRow, ...]:
    grid = Grid(tuple(enumerate((HEADINGS[kind], *cells), start=1)))
    return read_rows(grid, find_layout(grid, kind), kind)


def fault(kind: str, *cells: str) -> str:
    (row,) = rows(kind, cells)
    return row.fault.reason.removeprefix("opening.") if row.fault else ""


@pytest.mark.parametrize(
    ("typed", "digits"),
    [
        ("138 0000 1234", "13800001234"),
        ("+86-138-0000-1234", "13800001234"),
        ("8613800001234", "13800001234"),
        ("１３８００００１２３４", "13800001234"),
        ("1.3800001234E+10", "13800001234"),
        ("1.38E+10", None),
        ("0377-66001234", "037766001234"),
        ("", ""),
    ],
)
def test_a_phone_is_its_digits(typed, digits):
    assert digits_of(typed) == digits


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        (("王示兰", "15400006000", "1组", ""), ""),
        (("", "15400006000"), "ROW_NAME_MISSING"),
        (("王" * 31,), "ROW_NAME_TOO_LONG"),
        (("15400006000", "王示兰"), "ROW_NAME_IS_NUMBER"),
        (("王示兰", "1.38E+10"), "PHONE_ROUNDED"),
        (("王示兰", "没有"), "PHONE_UNREADABLE"),
        (("王示兰", "=A1"), "CELL_IS_FORMULA"),
        (("=王示兰",), "CELL_IS_FORMULA"),
        (("王示兰", "", "", "1.10101199003077E+17"), "ID_ROUNDED"),
    ],
)
def test_people(cells, reason):
    assert fault(PEOPLE, *cells) == reason


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        (("农户货款", "王示兰", "", "", "100"), ""),
        (("农户货款", "王示兰", "", "", "１００元"), ""),
        (("农户货款", "王示兰", "", "", ""), "ROW_AMOUNT_MISSING"),
        (("农户货款", "王示兰", "", "", "0"), "ROW_AMOUNT_ZERO"),
        (("农户货款", "王示兰", "", "", "-100"), "ROW_AMOUNT_NEGATIVE"),
        (("农户货款", "王示兰", "", "", "(100)"), "ROW_AMOUNT_NEGATIVE"),
        (("农户货款", "王示兰", "", "", "一百"), "ROW_AMOUNT_UNREADABLE"),
        (("农户货款", "王示兰", "", "", "12a"), "ROW_AMOUNT_UNREADABLE"),
        (("农户货款", "王示兰", "", "", "=SUM(A1:A9)"), "CELL_IS_FORMULA"),
        (("", "王示兰", "", "", "1"), "ROW_KIND_MISSING"),
        (("喝酒", "王示兰", "", "", "1"), "ROW_KIND_UNKNOWN"),
        (("赊账", "", "", "", "1"), "ROW_NAME_MISSING"),
        (("代收货款", "", "", "", "1"), "ROW_COURIER_MISSING"),
        (("欠县里", "", "", "", "1"), ""),
    ],
)
def test_debts(cells, reason):
    assert fault(DEBTS, *cells) == reason


@pytest.mark.parametrize(
    ("words", "purse"),
    [
        ("快递欠站里", "courier_owes"),
        ("县里欠站里", "county_owes"),
        ("代收货款", "cod"),
        ("到付运费", "freight"),
        ("欠县里", "owed_county"),
        ("该付农户货款", "owed_grower"),
        ("站里欠乡亲", "owed_person"),
        ("乡亲欠站里", "person_owes"),
        ("赊账", "person_owes"),
    ],
)
def test_the_kind_of_a_debt_is_read_from_its_words(words, purse):
    assert rows(DEBTS, (words, "王示兰", "", "ZTO", "1"))[0].purse == purse


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        (("73000000000017", "", "1001"), ""),
        (("", "", "1001"), "ROW_WAYBILL_MISSING"),
        (("7.31234567890123E+17", "", "1001"), "WAYBILL_ROUNDED"),
        (("73000000000017",), "ROW_RECEIVER_MISSING"),
        (("73000000000017", "", "1001", "x"), "ROW_AMOUNT_UNREADABLE"),
        (("73000000000017", "", "1001", "", "前天"), "ROW_DAY_UNREADABLE"),
    ],
)
def test_parcels(cells, reason):
    assert fault(PARCELS, *cells) == reason


def test_a_parcel_keeps_day_place_and_money():
    (row,) = rows(PARCELS, ("73000000000017", "王示兰", "1001", "12.5", "2026/11/3", "B架-2"))
    assert (row.day, row.shelf, row.layer, row.cod_fen) == ("2026-11-03", "B", 2, 1250)


@pytest.mark.parametrize(
    ("kind", "cells"),
    [
        (PEOPLE, [("王示兰", "15400006000", "1组"), ("王示兰", "15400006000", "2组")]),
        (
            PEOPLE,
            [("王示兰", "", "", "11010119900307771X"), ("王兰", "", "", "11010119900307771X")],
        ),
        (PARCELS, [("73000000000017", "", "1001"), ("73000000000017", "", "1002")]),
        (DEBTS, [("赊账", "王示兰", "", "", "5"), ("赊账", "王示兰", "", "", "5")]),
    ],
)
def test_what_stands_twice_is_named_with_the_first_row(kind, cells):
    first, second = rows(kind, *cells)
    assert first.fault is None
    assert second.fault is not None
    assert (second.fault.reason, second.fault.slots) == ("opening.TWICE_IN_SHEET", {"row": 2})


# --- Beside what is known ------------------------------------------------------------------------

LAN, LAN_TOO, MEI = "1" * 64, "2" * 64, "3" * 64
KNOWN = Known(
    everybody={
        LAN: Person(name="王示兰", phone="15400006000", hamlet="1组"),
        LAN_TOO: Person(name="王示兰", phone="15400007000", hamlet="2组"),
        MEI: Person(name="赵示梅", id_number="11010119900307803X"),
    },
    couriers={"ZTO": ("中通快递", "中通"), "YTO": ("圆通速递", "圆通")},
    twins=frozenset({("cod", "ZTO")}),
    on_hand=frozenset({"73000000000099"}),
    why_not_person=why_not,
)


def judged(kind: str, *cells: str, decision: str = "") -> Judged:
    (row,) = rows(kind, cells)
    return Judge(KNOWN).judge(row, kind, decision)


@pytest.mark.parametrize(
    ("kind", "cells", "decision", "state"),
    [
        (PEOPLE, ("李示", "15400001111"), "", GOOD),
        (PEOPLE, ("王示兰", "15400006000"), "", DOUBLE),
        (PEOPLE, ("王示兰", "6000"), "", DOUBLE),
        (PEOPLE, ("王示兰", "15400009999"), "", GOOD),
        (PEOPLE, ("王示兰", "", "3组"), "", GOOD),
        (PEOPLE, ("王示兰", "", ""), "", DOUBLE),
        (PEOPLE, ("王示兰", "15400006000"), ANOTHER, GOOD),
        (PEOPLE, ("王示兰", "15400006000"), SKIP, LEFT),
        (PEOPLE, ("赵梅", "", "", "11010119900307803X"), "", DOUBLE),
        (PEOPLE, ("李示", "", "", "110101199003077777"), "", BAD),
        (PEOPLE, ("李示", "", "", "110101199003077777"), WITHOUT_ID, GOOD),
        (DEBTS, ("赊账", "王示兰", "6000", "", "5"), "", GOOD),
        (DEBTS, ("赊账", "王示兰", "", "", "5"), "", ASK),
        (DEBTS, ("赊账", "王示兰", "", "", "5"), f"person:{LAN}", GOOD),
        (DEBTS, ("赊账", "没这人", "", "", "5"), "", ASK),
        (DEBTS, ("代收货款", "", "", "中通", "5"), "", DOUBLE),
        (DEBTS, ("代收货款", "", "", "中通", "5"), ANOTHER, GOOD),
        (DEBTS, ("代收货款", "", "", "圆通", "5"), "", GOOD),
        (DEBTS, ("代收货款", "", "", "飞毛腿", "5"), "", BAD),
        (PARCELS, ("73000000000099", "", "6000"), "", DOUBLE),
        (PARCELS, ("73000000000017", "", "6000"), "", GOOD),
        (PARCELS, ("73000000000017", "", "6000", "", "", "", "飞毛腿"), "", BAD),
    ],
)
def test_the_verdict_on_a_row(kind, cells, decision, state):
    assert judged(kind, *cells, decision=decision).state == state


def test_of_several_people_nobody_is_chosen():
    asked = judged(DEBTS, "赊账", "王示兰", "", "", "5")
    assert asked.person == ""
    assert [one.identity for one in asked.candidates] == [LAN, LAN_TOO]
    assert judged(DEBTS, "赊账", "王示兰", "7000", "", "5").person == LAN_TOO


def test_a_parcel_goes_to_a_known_person_only_when_she_is_meant():
    assert judged(PARCELS, "73000000000017", "王示兰", "6000").person == LAN
    assert judged(PARCELS, "73000000000017", "", "15400007000").person == LAN_TOO
    assert judged(PARCELS, "73000000000017", "", "6000").person == ""


def test_ten_thousand_numbers_fit_into_a_draft():
    taken = {*range(2, 10_002), 20_000}
    assert ranges(taken) == "2-10001,20000"
    assert set(numbers(ranges(taken))) == taken

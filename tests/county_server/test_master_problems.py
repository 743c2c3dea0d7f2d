"""Bringing in master data that is wrong: every bad place is named, and nothing is planned."""

import shutil
import tomllib
from pathlib import Path
from typing import Any

import pytest

from county_server.master import COURIERS, PEOPLE, STATIONS, Known, Problems, plan
from station_app.resources_dir import load_texts, resources
from tests.county_server.master_folders import (
    COUNTY,
    COURIER,
    COURIER_HEAD,
    DAY,
    DEMO,
    GOOD,
    PEOPLE_HEAD,
    PERSON,
    STATION_HEAD,
    TOWNSHIP,
    VILLAGE,
    folder_with,
    planned,
    replaced,
)


def village(column: int, cell: str) -> dict[str, Any]:
    return {"stations": [STATION_HEAD, COUNTY, TOWNSHIP, replaced(VILLAGE, column, cell)]}


def courier(column: int, cell: str) -> dict[str, Any]:
    return {"couriers": [COURIER_HEAD, replaced(COURIER, column, cell)]}


def person(column: int, cell: str) -> dict[str, Any]:
    return {"people": [PEOPLE_HEAD, replaced(PERSON, column, cell)]}


def stations(*lines: str) -> dict[str, Any]:
    return {"stations": [STATION_HEAD, *lines]}


DAYS = f"{COURIER_HEAD},remind_days,call_days,return_days"
BAD_ROWS: list[tuple[dict[str, Any], tuple[str, int, str, str]]] = [
    (village(0, "nx0601"), (STATIONS, 4, "station_code", "WRONG_FORM")),
    (village(0, ""), (STATIONS, 4, "station_code", "WRONG_FORM")),
    (village(0, "NX0600"), (STATIONS, 4, "station_code", "CODE_TWICE")),
    (village(1, "hamlet"), (STATIONS, 4, "level", "NOT_ONE_OF")),
    (village(2, "NX0999"), (STATIONS, 4, "parent_code", "NO_SUCH_PARENT")),
    (village(2, ""), (STATIONS, 4, "parent_code", "NO_SUCH_PARENT")),
    (village(2, "NX0601"), (STATIONS, 4, "parent_code", "PARENT_TOO_LOW")),
    (village(3, ""), (STATIONS, 4, "township_name", "MISSING")),
    (village(4, ""), (STATIONS, 4, "village_name", "MISSING")),
    (village(5, ""), (STATIONS, 4, "station_name", "MISSING")),
    (village(5, "村" * 41), (STATIONS, 4, "station_name", "TOO_LONG")),
    (village(5, "=HYPERLINK(1)"), (STATIONS, 4, "station_name", "FORMULA")),
    (village(5, "@村站"), (STATIONS, 4, "station_name", "FORMULA")),
    (village(5, "柳\u200b荫洼"), (STATIONS, 4, "station_name", "HIDDEN_SIGN")),
    (village(5, "柳\x07荫洼"), (STATIONS, 4, "station_name", "HIDDEN_SIGN")),
    (village(5, '"柳荫\n洼"'), (STATIONS, 4, "station_name", "HIDDEN_SIGN")),
    (village(5, "柳\ufffd洼"), (STATIONS, 4, "station_name", "HIDDEN_SIGN")),
    (village(6, "-1"), (STATIONS, 4, "shelf_count", "NOT_A_NUMBER")),
    (village(6, "六"), (STATIONS, 4, "shelf_count", "NOT_A_NUMBER")),
    (village(6, "６"), (STATIONS, 4, "shelf_count", "NOT_A_NUMBER")),
    (village(6, "703"), (STATIONS, 4, "shelf_count", "NOT_A_NUMBER")),
    (village(7, "open"), (STATIONS, 4, "status", "NOT_ONE_OF")),
    (village(7, "active,"), (STATIONS, 4, "", "CELL_COUNT")),
    (stations(COUNTY, TOWNSHIP, VILLAGE[:30]), (STATIONS, 4, "", "CELL_COUNT")),
    (village(5, '"柳荫洼村站'), (STATIONS, 4, "", "BROKEN_QUOTES")),
    (village(5, '"柳荫洼"村站'), (STATIONS, 4, "", "BROKEN_QUOTES")),
    (
        stations(replaced(COUNTY, 2, "NX0600"), TOWNSHIP, VILLAGE),
        (STATIONS, 2, "parent_code", "COUNTY_HAS_PARENT"),
    ),
    (
        stations(COUNTY, replaced(COUNTY, 0, "NX0009"), TOWNSHIP, VILLAGE),
        (STATIONS, 3, "level", "SECOND_COUNTY"),
    ),
    ({"stations": []}, (STATIONS, 0, "", "EMPTY_FILE")),
    ({"stations": [STATION_HEAD]}, (STATIONS, 0, "", "NO_ROWS")),
    (
        {"stations": [STATION_HEAD.replace("parent_code", "parent"), COUNTY]},
        (STATIONS, 1, "", "COLUMN_MISSING"),
    ),
    ({"stations": [STATION_HEAD + ",level", COUNTY]}, (STATIONS, 1, "", "COLUMN_TWICE")),
    ({"stations": [STATION_HEAD.replace(",", ";"), COUNTY]}, (STATIONS, 1, "", "WRONG_SEPARATOR")),
    (courier(0, "中通"), (COURIERS, 2, "courier_code", "WRONG_FORM")),
    (courier(1, ""), (COURIERS, 2, "name", "MISSING")),
    (courier(2, "ZT"), (COURIERS, 2, "initial", "WRONG_FORM")),
    (courier(3, ""), (COURIERS, 2, "waybill_regex", "MISSING")),
    (courier(3, r"^7[3-68\d{12}$"), (COURIERS, 2, "waybill_regex", "PATTERN_BROKEN")),
    (courier(3, r"^(\d+)+$"), (COURIERS, 2, "waybill_regex", "PATTERN_TOO_FREE")),
    (courier(3, r"^\d+\d+\d+\d+\d+$"), (COURIERS, 2, "waybill_regex", "PATTERN_TOO_FREE")),
    (courier(3, r"^7.*$"), (COURIERS, 2, "waybill_regex", "PATTERN_TOO_FREE")),
    (courier(3, r"^99\d{12}$"), (COURIERS, 2, "waybill_regex", "PATTERN_MISSES_EXAMPLE")),
    (courier(4, "7.3E+13"), (COURIERS, 2, "waybill_regex", "PATTERN_MISSES_EXAMPLE")),
    (courier(5, "first"), (COURIERS, 2, "match_priority", "NOT_A_NUMBER")),
    (courier(6, "2"), (COURIERS, 2, "operator_must_confirm", "NOT_A_NUMBER")),
    (
        {"couriers": [DAYS, COURIER + ",5,3,7"]},
        (COURIERS, 2, "return_days", "DAYS_OUT_OF_ORDER"),
    ),
    (
        {"couriers": [COURIER_HEAD, COURIER, COURIER]},
        (COURIERS, 3, "courier_code", "CODE_TWICE"),
    ),
    (person(0, "v 1"), (PEOPLE, 2, "person_code", "WRONG_FORM")),
    (person(1, ""), (PEOPLE, 2, "name", "MISSING")),
    (person(1, "曾" * 31), (PEOPLE, 2, "name", "TOO_LONG")),
    (person(1, "+曾示兰"), (PEOPLE, 2, "name", "FORMULA")),
    (person(2, "Zeng1"), (PEOPLE, 2, "pinyin", "WRONG_FORM")),
    (person(3, "Z S"), (PEOPLE, 2, "pinyin_initials", "WRONG_FORM")),
    (person(4, "1.54E+10"), (PEOPLE, 2, "phone", "PHONE_LOOKS_WRONG")),
    (person(4, "1540000100"), (PEOPLE, 2, "phone", "PHONE_LOOKS_WRONG")),
    (person(4, "１５４００００１００６"), (PEOPLE, 2, "phone", "PHONE_LOOKS_WRONG")),
    (person(5, "NX0999"), (PEOPLE, 2, "station_code", "NO_SUCH_STATION")),
    (person(9, "yes"), (PEOPLE, 2, "consent_privacy", "NOT_ONE_OF")),
    (person(10, "2"), (PEOPLE, 2, "consent_leave_at_station", "NOT_ONE_OF")),
    ({"people": [PEOPLE_HEAD, PERSON, PERSON]}, (PEOPLE, 3, "person_code", "CODE_TWICE")),
]


def found_in(folder: Path) -> tuple[Any, ...]:
    made = plan(folder, Known(), day=DAY)
    assert isinstance(made, Problems)
    return made.found


@pytest.mark.parametrize(
    ("sheets", "wanted"), BAD_ROWS, ids=lambda v: v[3] if isinstance(v, tuple) else ""
)
def test_a_bad_row_is_named_alone_and_nothing_is_planned(
    tmp_path: Path, sheets: dict[str, Any], wanted: tuple[str, int, str, str]
) -> None:
    (problem,) = found_in(folder_with(tmp_path, **sheets))
    assert (problem.file, problem.line, problem.column, problem.reason) == wanted
    assert problem.detail.isprintable() or "\\" in repr(problem.detail)
    assert wanted[0] in problem.say(load_texts())


@pytest.mark.parametrize(
    ("content", "line", "guess"),
    [
        ("\n".join(GOOD[STATIONS]).encode("gbk"), 2, "GBK"),
        ("\n".join(GOOD[STATIONS]).encode("utf-16"), 1, "UTF-16"),
        (b"\xff\x80\xff" + STATION_HEAD.encode(), 1, "?"),
    ],
)
def test_another_encoding_is_named(tmp_path: Path, content: bytes, line: int, guess: str) -> None:
    (folder_with(tmp_path) / STATIONS).write_bytes(content)
    (problem,) = found_in(tmp_path)
    assert (problem.line, problem.reason, problem.slots) == (line, "NOT_UTF_8", {"guess": guess})


def test_a_sheet_of_a_room_that_is_to_come_is_judged_for_being_readable(tmp_path: Path) -> None:
    folder_with(tmp_path)
    shutil.copy(DEMO / "terms.csv", tmp_path)
    (tmp_path / "notes.csv").write_text("key,words\na,=1+1\n-,b\n", "utf-8")
    assert planned(tmp_path).rows["notes.csv"] == 2
    (tmp_path / "lessons.csv").write_text("key,name\nP1,苹果,红\n", "utf-8")
    (problem,) = found_in(tmp_path)
    assert (problem.file, problem.line, problem.reason) == ("lessons.csv", 2, "CELL_COUNT")


def test_goods_with_a_wrong_barcode_price_or_word_are_named(tmp_path: Path) -> None:
    folder_with(tmp_path)
    head = "sku,barcode,name,unit,price_fen,sale_policy\n"
    rows = "P0001,9524113000013,米,袋,32.90,maybe\nP0002,,面,袋,4680,ok\n"
    (tmp_path / "products.csv").write_text(head + rows, "utf-8")
    found = [(p.line, p.column, p.reason) for p in found_in(tmp_path)]
    assert found == [
        (2, "barcode", "WRONG_FORM"),
        (2, "price_fen", "IN_YUAN"),
        (2, "sale_policy", "NOT_ONE_OF"),
    ]


def test_a_folder_that_is_not_there_and_one_without_sheets_are_named(tmp_path: Path) -> None:
    (problem,) = found_in(tmp_path / "none")
    assert problem.reason == "NO_FOLDER"
    (tmp_path / "prices.csv").write_text("a\n1\n", "utf-8")
    (problem,) = found_in(tmp_path)
    assert problem.reason == "NO_SHEETS"


def test_a_sheet_that_cannot_be_opened_or_is_no_register_is_named(tmp_path: Path) -> None:
    folder_with(tmp_path)
    with (tmp_path / "billers.csv").open("wb") as big:
        big.truncate(17 * 1024 * 1024)
    (problem,) = found_in(tmp_path)
    assert (problem.file, problem.reason) == ("billers.csv", "FILE_TOO_BIG")


def test_all_that_is_wrong_is_found_in_one_go(tmp_path: Path) -> None:
    folder_with(
        tmp_path,
        stations=[STATION_HEAD, COUNTY, replaced(TOWNSHIP, 7, "?"), replaced(VILLAGE, 6, "x")],
        couriers=[COURIER_HEAD, replaced(COURIER, 3, ".*")],
        people=[PEOPLE_HEAD, replaced(PERSON, 1, ""), replaced(PERSON, 4, "1")],
    )
    places = [(p.file, p.line, p.column) for p in found_in(tmp_path)]
    assert places == [
        (COURIERS, 2, "waybill_regex"),
        (PEOPLE, 2, "name"),
        (PEOPLE, 3, "person_code"),
        (STATIONS, 3, "status"),
        (STATIONS, 4, "shelf_count"),
    ]


def test_a_stations_sheet_that_is_wrong_does_not_blame_the_people(tmp_path: Path) -> None:
    folder_with(tmp_path, stations=[STATION_HEAD, COUNTY, TOWNSHIP, VILLAGE + ",x"])
    assert [problem.file for problem in found_in(tmp_path)] == [STATIONS]


def test_a_problem_is_one_chinese_sentence_with_its_place(tmp_path: Path) -> None:
    (problem,) = found_in(folder_with(tmp_path, **village(2, "NX0999")))
    assert problem.say(load_texts()) == (
        "stations.csv 第 4 行「parent_code」：没有「NX0999」这个上级站"
    )


def test_every_problem_has_its_words_and_no_phone_gets_into_them(tmp_path: Path) -> None:
    source = "".join(
        (Path(__file__).parents[2] / "county_server" / name).read_text("utf-8")
        for name in (
            "sheets.py",
            "station_sheets.py",
            "people_sheet.py",
            "contract_sheet.py",
            "master.py",
            "desks/bags/advice.py",
        )
    )
    words = tomllib.loads((resources() / "texts/zh_CN/county.toml").read_text("utf-8"))["problem"]
    assert {reason for reason in words if f'"{reason}"' not in source} == set()
    (problem,) = found_in(folder_with(tmp_path, **person(4, "154000010067")))
    assert "154000010067" not in problem.detail + problem.say(load_texts())

"""Sheets as people have them: whatever program wrote them, the same rows, or a sentence."""

import datetime as dt
import io
import zipfile
from pathlib import Path

import pytest
from openpyxl import Workbook

from station_app.services.opening.columns import DEBTS, PARCELS, PEOPLE, find_layout
from station_app.services.opening.sheets import ROWS_MAX, Grid, read_sheet
from station_app.values.refusal import Refusal
from tests.services.opening.books import saved, text, xlsx

FILES = Path(__file__).parent / "files"
ROWS = (("姓名", "手机"), ("王示兰", "15400006000"), ("赵示", ""))
CELLS = [(1, ("姓名", "手机")), (2, ("王示兰", "15400006000")), (3, ("赵示",))]


def cells(data: bytes) -> list[tuple[int, tuple[str, ...]]]:
    grid = read_sheet(data)
    assert isinstance(grid, Grid), grid
    return list(grid.rows)


@pytest.mark.parametrize(
    "data",
    [
        xlsx(ROWS),
        text(ROWS),
        text(ROWS, "utf-8-sig"),
        text(ROWS, "gb18030"),
        text(ROWS, "utf-16"),
        text(ROWS, "gb18030", "\t"),
        text(ROWS, "utf-8", ";"),
        text(ROWS, "utf-8", "，"),
    ],
    ids=["xlsx", "utf8", "bom", "gb18030", "utf16", "tab", "semicolon", "full-width comma"],
)
def test_the_same_rows_whatever_the_program(data):
    assert cells(data) == CELLS


def test_a_workbook_that_libreoffice_has_written():
    """Made by `soffice --headless --convert-to xlsx` (LibreOffice 7.4) from a text file."""
    assert cells((FILES / "libreoffice.xlsx").read_bytes()) == CELLS


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (13800001234, "13800001234"),
        (1.38e10, "13800000000"),
        ("13800001234", "13800001234"),
        (120.5, "120.5"),
        (0.1 + 0.2, "0.3"),
        (-3, "-3"),
        (7.31234567890123e17, "7.31234567890123E+17"),
        (dt.datetime.fromisoformat("2026-11-20T08:00"), "2026-11-20"),
        (dt.date(2026, 11, 20), "2026-11-20"),
        ("=1+2", "=1+2"),
        (True, "是"),
        ("  王　示兰\n", "王 示兰"),
        ("a\u200bb", "a b"),
    ],
)
def test_a_cell_says_what_it_shows(value, shown):
    assert cells(xlsx((("x",), (value,))))[1] == (2, (shown,))


def _docx() -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        archive.writestr("word/document.xml", "<x/>")
    return written.getvalue()


def _bomb() -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<x/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * (201 * 1024 * 1024))
    return written.getvalue()


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "SHEET_EMPTY"),
        (b"\xef\xbb\xbf\r\n\r\n", "SHEET_EMPTY"),
        (b",,,\n,,\n", "SHEET_EMPTY"),
        (xlsx((("",),)), "SHEET_EMPTY"),
        (b"\xd0\xcf\x11\xe0rest", "SHEET_OLD_OR_LOCKED"),
        (b"%PDF-1.7", "NOT_A_SHEET"),
        (_docx(), "NOT_A_SHEET"),
        (xlsx(ROWS)[:2000], "SHEET_DAMAGED"),
        (b"PK\x03\x04 cut off", "SHEET_DAMAGED"),
        (b"\x81\x30 \xff\xff\xff\x00\x01", "ENCODING_UNKNOWN"),
        (bytes(range(256)), "ENCODING_UNKNOWN"),
        (b"x" * (20 * 1024 * 1024 + 1), "SHEET_TOO_BIG"),
        (None, "SHEET_TOO_BIG"),  # a bomb, made where it goes off
        (b"a\n" * (ROWS_MAX + 1), "SHEET_TOO_LONG"),
    ],
    # Named by hand: a workbook is not the same bytes twice, and each worker makes its own.
    ids=(
        "nothing,a mark and blank lines,commas only,an empty workbook,an old workbook,a pdf,"
        "a letter,half a workbook,half an archive,no known letters,every byte,twenty megabytes,"
        "a bomb,too many lines"
    ).split(","),
)
def test_what_cannot_be_read_gets_its_sentence(data, reason):
    read = read_sheet(_bomb() if data is None else data)
    assert read == Refusal(f"opening.{reason}", getattr(read, "slots", {}))


def test_ten_thousand_rows_are_read():
    rows = [("姓名", "手机"), *((f"王{n}", 15400000000 + n) for n in range(10_000))]
    assert len(cells(xlsx(rows))) == 10_001


def test_a_hidden_sheet_and_an_empty_one_are_passed_over():
    book = Workbook()
    book.active.title = "hidden"
    book.active.append(["secret"])
    book.active.sheet_state = "hidden"
    book.create_sheet("empty")
    book.create_sheet("list").append(["姓名"])
    assert cells(saved(book)) == [(1, ("姓名",))]


# --- Headings ------------------------------------------------------------------------------------


def layout(kind: str, *rows: tuple[str, ...]):
    return find_layout(Grid(tuple(enumerate(rows, start=1))), kind)


@pytest.mark.parametrize(
    ("kind", "rows", "columns", "skip"),
    [
        (PEOPLE, [("姓名", "手机")], {"name": 0, "phone": 1}, 1),
        (PEOPLE, [("序号", "联系电话", "户主姓名")], {"phone": 1, "name": 2}, 1),
        (PEOPLE, [("柳荫洼村名单",), ("姓 名：", "身份证号码*")], {"name": 0, "id_number": 1}, 2),
        (
            PEOPLE,
            [("姓名", "联系方式", ""), ("", "手机", "座机"), ("王示", "1", "2")],
            {"name": 0, "phone": 1},
            1,
        ),
        (PEOPLE, [("基本情况", ""), ("姓名", "村民小组")], {"name": 0, "hamlet": 1}, 2),
        (
            DEBTS,
            [("金额（元）", "对方姓名", "往来类别", "快递公司")],
            {"amount": 0, "name": 1, "kind": 2, "courier": 3},
            1,
        ),
        (
            PARCELS,
            [("快递公司", "快递单号", "收件人", "收件人电话", "代收货款")],
            {"courier": 0, "waybill": 1, "name": 2, "phone": 3, "cod": 4},
            1,
        ),
        (PEOPLE, [("王示兰", "15400006000")], {}, 0),
    ],
)
def test_columns_are_known_by_their_words_in_any_order(kind, rows, columns, skip):
    found = layout(kind, *rows)
    assert (dict(found.columns), found.skip) == (columns, skip)


def test_what_is_missing_is_named():
    assert layout(DEBTS, ("姓名", "金额")).missing(DEBTS) == ("kind",)
    assert layout(PARCELS, ("单号",)).missing(PARCELS) == ("phone",)

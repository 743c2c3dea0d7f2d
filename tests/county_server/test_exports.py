"""What leaves the county as files: compared with the books of the station that sent it."""

import csv
import io
import json
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from openpyxl import load_workbook

from county_server.exports import files
from county_server.exports.files import Entry
from tests.county_server.finance_story import Office, Till, open_office, open_till
from tests.sync.stand import DAY, STATION

BAD_TEXTS = (
    "=1+1", "+1", "-1", "@SUM(A1)", "＝1+1", "＋1", "－1", "＠SUM(A1)", "\t=1", "\r=1", " =1",
    "=HYPERLINK(\"http://evil\")", "=cmd|' /C calc'!A0", "\u200b=1", "＝cmd|' /C calc'!A0",
)  # fmt: skip


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    made = open_office(tmp_path_factory.mktemp("exports"))
    yield made
    made.county.close()


@pytest.fixture(scope="module")
def till(office: Office, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Till]:
    opened = open_till(office, tmp_path_factory.mktemp("till") / "d1")
    opened.pay_in(100_01, purse="Grower")
    opened.pay_in(30_00, day="2026-11-24")
    opened.pc.shelve(3)
    opened.send()
    yield opened
    opened.pc.close()


def url(name: str) -> str:
    return f"/exports/{STATION}/{name}"


def test_the_facts_of_a_day_are_the_stations_own_without_who(office: Office, till: Till) -> None:
    got = office["F01"].get(url(f"facts.jsonl?day={DAY}"))
    assert got.headers["content-type"].startswith("application/x-ndjson")
    facts = [json.loads(line) for line in got.text.splitlines()]
    own = {
        f.identity: f
        for f in till.pc.facts()
        if f.stream.startswith(STATION) and json.loads(f.body).get("day") == DAY
    }
    there = {fact["identity"]: fact for fact in facts}
    assert own.keys() <= there.keys()
    assert {f["stream"].split("/")[0] for f in facts} <= {STATION, "county.1"}
    for identity, fact in own.items():
        assert there[identity]["body"] == json.loads(fact.body)
        assert there[identity]["digest"] == fact.digest
    for secret in ("赵示样", "曾示兰", "1006"):
        assert secret not in got.text
    posted = [line for fact in facts for line in fact["postings"]]
    assert sum(line["amount"] for line in posted if line["commodity"] == "CNY") == 0
    county = [p["amount"] for p in posted if p["account"] == "Liabilities:County"]
    assert county == [100_01]


def test_the_ledger_as_csv_is_the_stations_books_to_the_fen(office: Office, till: Till) -> None:
    text = office["F01"].get(url("ledger.csv")).content.decode("utf-8-sig")
    head, *rows = csv.reader(io.StringIO(text))
    assert head[0] == "营业日"
    sums: dict[tuple[str, str], int] = {}
    for row in rows:
        fen = round(float(row[7]) * 100) if row[6] == "CNY" else int(row[7])
        sums[row[5], row[6]] = sums.get((row[5], row[6]), 0) + fen
    own = till.pc.reader.execute(
        "SELECT account, commodity, sum(amount) FROM postings GROUP BY 1, 2"
    )
    assert sums == {(row[0], row[1]): row[2] for row in own.fetchall()}
    some = office["F01"].get(url("ledger.csv?first=2026-11-24&last=2026-11-24")).text
    assert {row[0] for row in list(csv.reader(io.StringIO(some)))[1:]} == {"2026-11-24"}


def test_the_ledger_as_a_workbook_has_numbers_and_text(office: Office, till: Till) -> None:
    content = office["F01"].get(url("ledger.xlsx")).content
    (sheet,) = load_workbook(io.BytesIO(content)).worksheets
    rows = list(sheet.iter_rows(min_row=2, values_only=True))
    assert (100.01, "CNY") in {(row[7], row[6]) for row in rows}
    assert len(rows) == till.pc.reader.execute("SELECT count(*) FROM postings").fetchone()[0]


def test_the_ledger_for_beancount_is_accepted(office: Office, till: Till, tmp_path: Path) -> None:
    file = tmp_path / "ledger.beancount"
    file.write_text(office["U01"].get(url("ledger.beancount")).text, "utf-8")
    line = [str(Path(sys.executable).parent / "bean-check"), "--no-cache", str(file)]
    done = subprocess.run(line, capture_output=True, encoding="utf-8", check=False, timeout=120)
    assert (done.returncode, done.stderr) == (0, "")
    wrong = file.read_text("utf-8").replace(
        "  Liabilities:County  100.01", "  Liabilities:County  100.02"
    )
    file.write_text(wrong, "utf-8")
    done = subprocess.run(line, capture_output=True, encoding="utf-8", check=False, timeout=120)
    assert done.returncode


@pytest.mark.long
def test_no_cell_is_a_formula_for_a_real_spreadsheet(tmp_path: Path) -> None:
    """LibreOffice opens both files and saves them as its own: no cell has a formula."""
    rows = [Entry(DAY, text, n, "A", text, text, "CNY", n) for n, text in enumerate(BAD_TEXTS)]
    heads = list(BAD_TEXTS[:8])
    (tmp_path / "a.xlsx").write_bytes(files.as_xlsx(rows, heads, "NX0601"))
    (tmp_path / "b.csv").write_text(files.as_csv(rows, heads), "utf-8")
    office = shutil.which("soffice")
    assert office, "LibreOffice is needed for this test"
    profile = (tmp_path / "profile").as_uri()
    for name in ("a.xlsx", "b.csv"):
        subprocess.run(
            [office, f"-env:UserInstallation={profile}", "--headless", "--convert-to", "ods",
             "--outdir", str(tmp_path), str(tmp_path / name)],
            check=True, capture_output=True, timeout=240,
        )  # fmt: skip
        with zipfile.ZipFile(tmp_path / f"{name[0]}.ods") as book:
            content = book.read("content.xml").decode()
        assert "table:formula" not in content
        assert content.count("1+1") >= 2


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ("facts.jsonl?day=yesterday", 400),
        ("ledger.csv?first=2026-02-30", 400),
    ],
)
def test_a_day_that_is_none_is_refused(office: Office, asked: str, status: int) -> None:
    office["F01"].get(url(asked), status)
    office["F01"].get(f"/exports/NX9999/{asked.partition('?')[0]}", 404)


def test_files_are_for_finance_and_the_auditor(office: Office) -> None:
    for code, status in (("F01", 200), ("U01", 200), ("C01", 403), ("T01", 403)):
        office[code].get(url("ledger.csv"), status)
    audit = office["U01"].page("/audit")
    assert "F01 导出" in audit
    assert "NX0601 ledger.csv" in audit
    assert url("ledger.xlsx") in office["U01"].page(f"/exports?station={STATION}&day={DAY}")

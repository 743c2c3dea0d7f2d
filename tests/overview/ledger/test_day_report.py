"""The day report on A4: text that can be copied, the slip's own figures, the same for ever."""

import subprocess
from dataclasses import replace

import pytest
from pypdf import PdfReader

from station_app.overview.ledger.day_report import day_report
from station_app.overview.ledger.report_paper import document_of, pages_of, write_report
from station_app.overview.ledger.report_view import names_of_shift
from station_app.services.cash.figures import all_figures
from station_app.services.cash.sheet_records import sheet_of_closed
from station_app.values.money import say_yuan
from tests.conftest import ROOT
from tests.overview.ledger.worked import close, must, two_days

PICTURES = ROOT / "build" / "pictures" / "ledger"


def report_of(station, shift):
    texts = station.texts
    names = names_of_shift(station.connection, shift, texts)
    report = day_report(station.connection, shift, names, texts)
    assert report is not None
    return report


def pdf_of(station, shift, path):
    write_report(report_of(station, shift), station.texts, path)
    return PdfReader(path)


def words_of(reader):
    """The text as it is copied, without the gaps: a font may hold one glyph for several signs."""
    return bare("".join(page.extract_text() for page in reader.pages))


def bare(words):
    return "".join(words.split()).replace("\u2012", "\u2013")


@pytest.fixture
def shift(station):
    return two_days(station, short_fen=1_200)


def test_it_says_what_the_slip_says_and_more(station, shift, tmp_path):
    reader = pdf_of(station, shift, tmp_path / "x.pdf")
    said = words_of(reader)
    sheet = sheet_of_closed(station.connection, shift)
    assert sheet is not None
    names = names_of_shift(station.connection, shift, station.texts)
    for figure in all_figures(sheet, names, station.texts):
        assert bare(figure.label) in said, figure.label
        if figure.is_money:
            assert say_yuan(figure.amount) in said, figure.label
    for words in (
        "柳荫洼村电商服务站",
        "日报 第",
        "短 ¥12.00",
        "找零多给",
        "¥100.00",
        "交班",
        "接班",
    ):
        assert bare(words) in said, words
    assert f"共{len(reader.pages)}页" in said
    assert "校验" in said
    assert sheet.tail[:4] in said


def test_acts_by_kind_add_up_to_what_the_places_gained(station, shift):
    acts = report_of(station, shift).below[0]
    rows = {row[0]: row[1:] for row in acts.rows}
    assert rows["包裹上架"][0] == "7"
    assert rows["合计"][1:] == ("¥259.00", "¥0.00")


def test_it_is_the_same_for_ever(station, shift, tmp_path):
    before = words_of(pdf_of(station, shift, tmp_path / "a.pdf"))
    station.hand_over(9, cod_fen=7_700)
    close(station, 40_000 + 2_500 + 7_700)
    must(station.shelve(10))
    assert words_of(pdf_of(station, shift, tmp_path / "b.pdf")) == before


def test_an_open_shift_has_no_report(station):
    two_days(station)
    texts, shift = station.texts, station.desk.now().shift
    names = names_of_shift(station.connection, shift, texts)
    assert day_report(station.connection, shift, names, texts) is None


def test_names_however_long_stay_on_the_paper_and_break_nothing_else(station, shift):
    """Of a PC, a courier, a station: with gaps or without, in the narrow columns and the wide."""
    report = report_of(station, shift)
    assert pages_of(document_of(report)) == 1, "a day has room on one page"
    for name in ("DESKTOP-" * 12, "COUNTER" * 14, "便民服务点第二营业厅" * 8):
        columns = [
            [
                replace(block, rows=((name, *block.rows[0][1:]), *block.rows[1:], (name,) * 2))
                for block in column
                if len(block.rows[0]) == 2
            ]
            for column in (report.left, report.right, report.below)
        ]
        left, right, below = (tuple(column) for column in columns)
        long = replace(
            report, station=name, meta=(name,), left=left, right=right,
            below=(*below, replace(report.below[0], rows=((name, *report.below[0].rows[-1][1:]),))),
        )  # fmt: skip
        laid_out = document_of(long)
        assert laid_out.size().width() <= laid_out.pageSize().width(), name
        cells = {c.strip() for block in (*left, *right) for row in block.rows for c in row}
        assert cells - {name} <= lines_of(laid_out), name


def lines_of(laid_out):
    """The words of each line, as they were broken."""
    found, block = set(), laid_out.firstBlock()
    while block.isValid():
        layout, words = block.layout(), block.text()
        for number in range(layout.lineCount()):
            line = layout.lineAt(number)
            found.add(words[line.textStart() : line.textStart() + line.textLength()].strip())
        block = block.next()
    return found


def test_what_was_typed_never_becomes_markup(station, tmp_path):
    shift = two_days(station, short_fen=1_200)
    report = report_of(station, shift)
    drawer = report.right[1]
    rows = tuple(("<b>x</b> & <i>", cell[1]) for cell in drawer.rows)
    object.__setattr__(drawer, "rows", rows)
    write_report(report, station.texts, tmp_path / "x.pdf")
    assert "<b>x</b>&<i>" in words_of(PdfReader(tmp_path / "x.pdf"))


def test_it_uses_the_type_that_comes_with_the_program(station, shift, tmp_path):
    reader = pdf_of(station, shift, tmp_path / "x.pdf")
    fonts = {
        str(font.get_object()["/BaseFont"])
        for page in reader.pages
        for font in page["/Resources"]["/Font"].values()
    }
    assert fonts
    assert all("StationSans" in name for name in fonts), fonts
    box = reader.pages[0].mediabox
    assert (round(box.width), round(box.height)) == (595, 842)


def test_it_can_be_drawn(station, shift, tmp_path):
    pdf_of(station, shift, tmp_path / "x.pdf")
    run = ["pdftoppm", "-r", "80", "-png", str(tmp_path / "x.pdf"), str(tmp_path / "page")]
    subprocess.run(run, check=True, capture_output=True)
    pages = sorted(tmp_path.glob("page*.png"))
    assert pages
    PICTURES.mkdir(parents=True, exist_ok=True)
    for number, page in enumerate(pages, 1):
        (PICTURES / f"day_report_{number}.png").write_bytes(page.read_bytes())

"""A list as a file: A4 with the day report's layout, or a workbook with the books' cells."""

import tempfile
from pathlib import Path

import xlsxwriter

from station_app.overview.ledger.day_report import Block, DayReport
from station_app.overview.ledger.report_paper import write_report
from station_app.overview.ledger.workbook import OPTIONS, close_book, write_cell
from station_app.printing.list_file import PDF, ListFile
from station_app.shell.files import places_here, put_file
from station_app.shell.list_files import ListFiles
from station_app.values.cells import cell_text
from station_app.values.texts import Texts

SHEET_NAME_MAX = 31  # characters that a sheet's name may have
COLUMN_WIDTH = 20


class ListWriter:
    """Writes lists into folders."""

    def __init__(self, texts: Texts) -> None:
        """Number pages in the words of `texts`."""
        self._texts = texts

    def write(self, said: ListFile, what: str, folder: Path) -> str:
        """Write a list whole, or not at all; return the file's name. Raises NotWritten."""
        if what == PDF:
            report = _report(said)
            target = put_file(
                folder, f"{said.name}.pdf", lambda path: write_report(report, self._texts, path)
            )
            return target.name
        return put_file(folder, f"{said.name}.xlsx", lambda path: _write_book(said, path)).name


def list_files(texts: Texts) -> ListFiles:
    """Return what writes lists here."""
    return ListFiles(lambda: places_here(texts), ListWriter(texts).write)


def _report(said: ListFile) -> DayReport:
    blocks = tuple(
        Block(
            one.title,
            tuple(tuple(str(cell) for cell in row) for row in one.rows),
            one.heads,
            widths=_widths(len(one.heads)),
        )
        for one in said.sections
    )
    return DayReport(
        name=said.name,
        station=said.station,
        heading=said.heading,
        meta=said.meta,
        left=(),
        right=(),
        below=blocks,
        signatures=said.signatures,
        foot=said.foot,
    )


def _widths(count: int) -> tuple[int, ...]:
    return tuple(100 // count for _ in range(count))


def _write_book(said: ListFile, path: Path) -> None:
    """Write one sheet: the head, then each table under its title."""
    with tempfile.TemporaryDirectory() as folder:
        book = xlsxwriter.Workbook(str(path), OPTIONS | {"tmpdir": folder})
        bold, money = book.add_format({"bold": True}), book.add_format({"num_format": "0.00"})
        sheet = book.add_worksheet(said.heading[:SHEET_NAME_MAX])
        sheet.set_column(0, 6, COLUMN_WIDTH)
        head = (f"{said.station} {said.heading}", *said.meta)
        for line, words in enumerate(head):
            sheet.write_string(line, 0, cell_text(words), bold)
        line = len(head) + 1
        for section in said.sections:
            sheet.write_string(line, 0, cell_text(section.title), bold)
            for column, words in enumerate(section.heads):
                sheet.write_string(line + 1, column, cell_text(words), bold)
            line += 2
            for row in section.rows:
                for column, value in enumerate(row):
                    write_cell(sheet, (line, column), value, money)
                line += 1
            line += 1
        sheet.write_string(line, 0, cell_text("  ".join(said.signatures)))
        close_book(book)

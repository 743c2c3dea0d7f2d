"""A table as a workbook of text cells, for whoever goes on with it in a spreadsheet.

What stands in a cell comes from counters and begins with anything. Every cell is written as a
string, so no spreadsheet ever runs one, and no number loses its zeros in front.
"""

import io
from collections.abc import Iterable, Sequence

import xlsxwriter

from station_app.values.cells import cell_text

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_A4 = 9  # as spreadsheets number it
_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_WIDTHS = (8, 40)  # of a column, in characters: a Chinese one is two of them


def _width(words: str) -> int:
    """Return how wide a column must be for these words, within bounds."""
    least, most = _WIDTHS
    return min(max(sum(1 + (ord(sign) > 0x2E7F) for sign in words) + 2, least), most)


def text_workbook(title: str, heads: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """Return the workbook. heads: above the columns."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, _OPTIONS)
    sheet = book.add_worksheet(title)
    bold, text = book.add_format({"bold": True}), book.add_format({"num_format": "@"})
    widths = [_width(head) for head in heads]
    for column, head in enumerate(heads):
        sheet.write_string(0, column, cell_text(head), bold)
    for number, cells in enumerate(rows, 1):
        for column, cell in enumerate(cells):
            sheet.write_string(number, column, cell_text(cell), text)
            widths[column] = max(widths[column], _width(cell))
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width, text)
    sheet.freeze_panes(1, 0)
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.fit_to_pages(1, 0)  # as wide as a sheet, as many of them as it takes
    sheet.repeat_rows(0)
    book.close()
    return out.getvalue()

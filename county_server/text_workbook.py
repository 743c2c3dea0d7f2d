"""A table as a workbook of text cells, for whoever goes on with it in a spreadsheet.

What stands in a cell comes from counters and begins with anything. Every cell is written as a
string, so no spreadsheet ever runs one, and no number loses its zeros in front.
"""

import io
from collections.abc import Iterable, Sequence

import xlsxwriter

from station_app.values.cells import cell_text

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_WIDTH = 20  # of a column, in characters


def text_workbook(title: str, heads: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """Return the workbook. heads: above the columns."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, _OPTIONS)
    sheet = book.add_worksheet(title)
    bold, text = book.add_format({"bold": True}), book.add_format({"num_format": "@"})
    for column, head in enumerate(heads):
        sheet.write_string(0, column, cell_text(head), bold)
    for number, cells in enumerate(rows, 1):
        for column, cell in enumerate(cells):
            sheet.write_string(number, column, cell_text(cell), text)
    sheet.set_column(0, len(heads) - 1, _WIDTH, text)
    sheet.freeze_panes(1, 0)
    book.close()
    return out.getvalue()

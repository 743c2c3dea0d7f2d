"""The list of account numbers for whoever pays them in: a workbook of text cells.

Account numbers come from a counter and begin with anything. Every cell is written as a string, so
no spreadsheet ever runs one, and none loses its zeros in front.
"""

import io
from collections.abc import Iterable, Sequence

import xlsxwriter

from county_server.desks.bills.queue import Line
from station_app.values.cells import cell_text
from station_app.values.money import yuan_plain

COLUMNS = ("number", "station", "biller", "account", "amount", "taken", "due")


def workbook(lines: Iterable[Line], heads: Sequence[str], names: dict[str, str]) -> bytes:
    """Return the workbook. heads: above `COLUMNS`; names: of the billers, by code."""
    out = io.BytesIO()
    options = {
        "in_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
        "strings_to_numbers": False,
    }  # fmt: skip
    book = xlsxwriter.Workbook(out, options)
    sheet = book.add_worksheet("bills")
    bold, text = book.add_format({"bold": True}), book.add_format({"num_format": "@"})
    for column, head in enumerate(heads):
        sheet.write_string(0, column, cell_text(head), bold)
    for row, line in enumerate(lines, 1):
        state = line.state
        cells = (
            line.entity[:16], line.station, names.get(state.biller, state.biller),
            state.account_no, yuan_plain(state.amount_fen), state.day, state.due_day,
        )  # fmt: skip
        for column, cell in enumerate(cells):
            sheet.write_string(row, column, cell_text(cell), text)
    sheet.set_column(0, len(COLUMNS) - 1, 20, text)
    sheet.freeze_panes(1, 0)
    book.close()
    return out.getvalue()

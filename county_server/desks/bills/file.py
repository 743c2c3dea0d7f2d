"""The list of account numbers for whoever pays them in, as a workbook."""

from collections.abc import Iterable, Sequence

from county_server.desks.bills.queue import Line
from county_server.text_workbook import text_workbook
from station_app.values.money import yuan_plain

COLUMNS = ("number", "station", "biller", "account", "amount", "taken", "due")


def workbook(lines: Iterable[Line], heads: Sequence[str], names: dict[str, str]) -> bytes:
    """Return the workbook. heads: above `COLUMNS`; names: of the billers, by code."""
    rows = (
        (
            line.entity[:16], line.station, names.get(line.state.biller, line.state.biller),
            line.state.account_no, yuan_plain(line.state.amount_fen), line.state.day,
            line.state.due_day,
        )
        for line in lines
    )  # fmt: skip
    return text_workbook("bills", heads, rows)

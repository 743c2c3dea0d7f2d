"""The buying list as a workbook: for each order what is to be bought, for which station."""

from collections.abc import Iterator, Mapping, Sequence

from county_server.dashboard.rows import Place
from county_server.desks.orders.queue import Line, Wanted
from county_server.text_workbook import text_workbook
from station_app.values.money import yuan_plain

COLUMNS = (
    "goods", "spec", "code", "platform", "station", "slip", "pieces", "ceiling", "link", "remark",
)  # fmt: skip


def workbook(wanted: Sequence[Wanted], heads: Sequence[str], places: Mapping[str, Place]) -> bytes:
    """Return the workbook, without what nobody may buy. heads: above `COLUMNS`."""
    return text_workbook("orders", heads, _rows(wanted, places))


def _rows(wanted: Sequence[Wanted], places: Mapping[str, Place]) -> Iterator[Sequence[str]]:
    for row in wanted:
        for line in {} if row.why_not else {one.entity: one for one in row.lines}.values():
            pieces, each_fen = _share(row, line)
            place = places.get(line.station)
            yield (
                row.name, row.spec, row.code, row.platform, place.name if place else line.station,
                str(line.state.slip), str(pieces), yuan_plain(each_fen), line.words.link,
                line.words.remark,
            )  # fmt: skip


def _share(row: Wanted, line: Line) -> tuple[int, int]:
    """Return how many pieces of a row an order wants, and the lowest ceiling for one of them."""
    if not row.code:
        return row.pieces, row.ceiling_fen  # nobody else wants the same
    parts = [one for one in line.state.lines if one.product == row.code and one.pieces]
    ceilings = (one.ceiling_fen // one.pieces for one in parts)
    return sum(one.pieces for one in parts), min(ceilings)

"""Where files are fetched: the facts of a day, the ledger in three forms, for one station."""

from collections.abc import Callable

from sqlalchemy import Connection
from starlette.responses import Response

from county_server.desks.desk import Desk, places_by_code
from county_server.exports import files
from county_server.staff import roles
from county_server.staff.accounts import StaffBook
from county_server.text_workbook import XLSX
from county_server.web.frame import NOT_KEPT, Ask, Endpoint
from station_app.values.day import is_day, local_day

TAKEN_MAX = 80  # what the log says of a file


class Exports:
    """The page of exports, and the files."""

    def __init__(self, desk: Desk) -> None:
        """Hand out the files of one county."""
        self._desk = desk

    def endpoints(self) -> list[Endpoint]:
        """Return the page and the files."""
        below, page, look = "/exports/{station}", roles.EXPORTS, roles.LOOK
        return [
            Endpoint("GET", "/exports", page, look, self.listing),
            Endpoint("GET", f"{below}/facts.jsonl", page, look, self.facts),
            Endpoint("GET", f"{below}/ledger.csv", page, look, self.as_csv),
            Endpoint("GET", f"{below}/ledger.xlsx", page, look, self.as_xlsx),
            Endpoint("GET", f"{below}/ledger.beancount", page, look, self.as_beancount),
        ]

    def listing(self, ask: Ask) -> Response:
        """Show what can be fetched."""
        with self._desk.frame.read() as connection:
            stations = [p for p in places_by_code(connection).values() if p.level == "village"]
        chosen = ask.query.get("station", "")
        day = ask.query.get("day", "")
        return self._desk.page(
            "exports.html",
            ask,
            stations=stations,
            station=chosen if any(p.code == chosen for p in stations) else "",
            day=day if is_day(day) else local_day(ask.now),
        )

    def facts(self, ask: Ask) -> Response:
        """Send the facts of a day as JSON lines; without a day, all of them."""
        day = ask.query.get("day", "")
        if day and not is_day(day):
            return Response("day: YYYY-MM-DD\n", 400, headers=NOT_KEPT)
        store, station = self._desk.county.store, ask.path["station"]

        def lines(connection: Connection) -> bytes:
            return b"".join(files.fact_lines(store, connection, station, day))

        return self._send(ask, lines, "application/x-ndjson", "facts.jsonl")

    def as_csv(self, ask: Ask) -> Response:
        """Send the ledger as CSV."""
        return self._ledger(
            ask, lambda rows, title: files.as_csv(rows, self._heads()).encode(), "text/csv", "csv"
        )

    def as_xlsx(self, ask: Ask) -> Response:
        """Send the ledger as a workbook."""
        return self._ledger(
            ask, lambda rows, title: files.as_xlsx(rows, self._heads(), title), XLSX, "xlsx"
        )

    def as_beancount(self, ask: Ask) -> Response:
        """Send the whole ledger for Beancount."""
        return self._ledger(
            ask, lambda rows, title: files.as_beancount(rows, title).encode(), "text/plain",
            "beancount",
        )  # fmt: skip

    def _heads(self) -> list[str]:
        return [self._desk.frame.texts.say(f"county.export.{name}") for name in files.COLUMNS]

    def _ledger(
        self, ask: Ask, make: Callable[[list[files.Entry], str], bytes], sort: str, ending: str
    ) -> Response:
        store, station = self._desk.county.store, ask.path["station"]
        days = [ask.query.get(name, "") for name in ("first", "last")]
        if any(day and not is_day(day) for day in days):
            return Response("first, last: YYYY-MM-DD\n", 400, headers=NOT_KEPT)

        def content(connection: Connection) -> bytes:
            return make(files.entries(store, connection, station, *days), station)

        return self._send(ask, content, sort, f"ledger.{ending}")

    def _send(
        self, ask: Ask, make: Callable[[Connection], bytes], sort: str, name: str
    ) -> Response:
        with self._desk.frame.read() as connection:
            if ask.path["station"] not in places_by_code(connection):
                return Response(status_code=404, headers=NOT_KEPT)
            content = make(connection)
        taken = f"{ask.path['station']} {name} {' '.join(ask.query.values())}".strip()[:TAKEN_MAX]
        with self._desk.county.store.write() as connection:
            book = StaffBook(self._desk.county.store, connection)
            book.exported(ask.member.code, ask.now, taken)
        told = f'attachment; filename="{ask.path["station"]}-{name}"'
        headers = NOT_KEPT | {"Content-Disposition": told}
        return Response(content, media_type=sort, headers=headers)

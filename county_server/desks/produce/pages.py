"""The county's page of produce: what a year brought, and what is between stations and hub.

No grower is named: whose a lot is, and what she was paid, her own station knows.
"""

from starlette.responses import Response

from county_server.desks.desk import Desk
from county_server.desks.produce import totals
from county_server.staff import roles
from county_server.web.frame import Ask, Endpoint
from station_app.values.day import local_day

YEARS = 3  # this one and those before


class Produce:
    """The page."""

    def __init__(self, desk: Desk) -> None:
        """Show the produce of one county."""
        self._desk = desk

    def endpoints(self) -> list[Endpoint]:
        """Return the page."""
        return [Endpoint("GET", "/produce", roles.PRODUCE, roles.LOOK, self.listing)]

    def listing(self, ask: Ask) -> Response:
        """Show a year by sort, and what stations have sent that is not settled between them."""
        this = int(local_day(ask.now)[:4])
        years = [str(this - back) for back in range(YEARS)]
        asked = ask.query.get("year", "")
        year = asked if asked in years else years[0]
        with self._desk.frame.read() as connection:
            shown = totals.shown_of(totals.read_year(connection, year))
            sent = totals.read_sent(connection)
            names = totals.read_names(connection)
        return self._desk.page(
            "produce.html", ask, shown=shown, sent=sent, sorts=names, year=year, years=years,
            least=totals.LEAST,
        )  # fmt: skip

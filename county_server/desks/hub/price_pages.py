"""The page of prices: what a sort of produce fetched, by grade and day, beside what is published.

Whoever sells online, or says what a grower may expect, looks here first.
"""

from starlette.responses import Response

from county_server.desks.desk import Desk
from county_server.desks.hub import prices
from county_server.desks.produce.totals import read_names
from county_server.staff import roles
from county_server.web.frame import Ask, Endpoint
from station_app.values.day import add_days, local_day

SPANS = {"month": 31, "quarter": 92, "year": 366}  # in days, today with them
BY_MONTH = ("year",)
LINES_MAX = 200


class Prices:
    """The page."""

    def __init__(self, desk: Desk) -> None:
        """Compare for one county."""
        self._desk = desk

    def endpoints(self) -> list[Endpoint]:
        """Return the page."""
        return [Endpoint("GET", "/hub/prices", roles.HUB, roles.LOOK, self.listing)]

    def listing(self, ask: Ask) -> Response:
        """Show the prices of one sort over a span of days."""
        store = self._desk.county.store
        span = ask.query.get("span", "")
        span = span if span in SPANS else next(iter(SPANS))
        since = add_days(local_day(ask.now), 1 - SPANS[span])
        with self._desk.frame.read() as connection:
            sorts = prices.read_sorts(store, connection, since)
            produce = ask.query.get("produce", "")
            produce = produce if produce in sorts else next(iter(sorts), "")
            listed = prices.read_listed(store, connection, produce, local_day(ask.now))
            deals = prices.read_deals(store, connection, produce, since) if produce else []
            names = read_names(connection)
        lines = prices.lines_of(deals, listed, by_month=span in BY_MONTH)
        return self._desk.page(
            "hub_prices.html", ask, lines=lines[:LINES_MAX], beyond=max(0, len(lines) - LINES_MAX),
            kinds=sorts, produce=produce, unit=sorts.get(produce, ""), sorts=names, span=span,
            spans=tuple(SPANS), places_of=prices.PLACES, is_by_month=span in BY_MONTH,
        )  # fmt: skip

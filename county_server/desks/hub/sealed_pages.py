"""The page of sealed samples: by number, report or lot."""

from starlette.responses import Response

from county_server.desks.desk import Desk
from county_server.desks.hub import sealed
from county_server.desks.produce.totals import read_names
from county_server.staff import roles
from county_server.web.frame import Ask, Endpoint
from station_app.values.codes import TraceCode, recognise
from station_app.values.day import days_between, local_day

SHOWN_MAX = 200
FIND_MAX = 120


class Samples:
    """The page."""

    def __init__(self, desk: Desk) -> None:
        """List for one county."""
        self._desk = desk

    def endpoints(self) -> list[Endpoint]:
        """Return the page."""
        return [Endpoint("GET", "/hub/samples", roles.HUB, roles.LOOK, self.listing)]

    def listing(self, ask: Ask) -> Response:
        """Show the samples, or those that are looked for."""
        find = ask.query.get("find", "").strip()[:FIND_MAX]
        with self._desk.frame.read() as connection:
            every = sealed.read_samples(self._desk.county.store, connection)
            names = read_names(connection)
        code = recognise(find, ())
        wanted = code.digits if isinstance(code, TraceCode) else find
        found = [one for one in every if wanted.casefold() in one.words.casefold()]
        today = local_day(ask.now)
        return self._desk.page(
            "hub_samples.html", ask, found=found[:SHOWN_MAX], count=len(every), find=find,
            sorts=names, beyond=max(0, len(found) - SHOWN_MAX),
            age=lambda day: max(0, days_between(day, today)),
        )  # fmt: skip

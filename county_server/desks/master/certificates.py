"""Certificates that growers have shown at their stations, by the day on which each ends.

They are the stations' own facts: whoever looks here knows which to ask for before a lot comes in
without one. Names are masked as everywhere at the county.
"""

from dataclasses import dataclass

from sqlalchemy import Connection, select
from starlette.responses import Response

from county_server.desks.desk import Desk
from county_server.desks.master.drafts import sheets_for
from county_server.schema import EVERYWHERE
from county_server.staff import roles
from county_server.store import Store
from county_server.web.frame import Ask, Endpoint
from station_app.ledger.accounts import part
from station_app.values.day import days_between, local_day

URL = "/master/certificates"
SOON_DAYS = 30  # within which a grower is reminded
SHOWN_MAX = 300
OVER, SOON, HOLDS, ENDLESS = "over", "soon", "holds", "endless"
STATES = (OVER, SOON, HOLDS, ENDLESS)


@dataclass(frozen=True, slots=True)
class Shown:
    """A certificate. person: key in an account's name; produce: name, "" for all of hers."""

    station: str
    person: str
    sort: str
    number: str
    produce: str
    until_day: str
    state: str


def read_certificates(store: Store, connection: Connection, today: str) -> list[Shown]:
    """Return every certificate, the one that ends first at the top; those without end last."""
    c, goods = store.tables.read["certificate"].c, store.tables.read["produce"].c
    sorts = connection.execute(select(goods.code, goods.name).where(goods.station == EVERYWHERE))
    named: dict[str, str] = {row[0]: row[1] for row in sorts}
    rows = connection.execute(
        select(c.station, c.person, c.sort, c.number, c.produce, c.until_day).where(c.number != "")
    )
    found = [
        Shown(
            station, part(person) if person else "", sort, number,
            named.get(produce, produce), until_day, state_of(until_day, today),
        )
        for station, person, sort, number, produce, until_day in rows
    ]  # fmt: skip
    return sorted(found, key=lambda one: (one.until_day or "9", one.station, one.number))


def state_of(until_day: str, today: str) -> str:
    """Return whether a certificate that ends on a day holds today; "" ends never."""
    if not until_day:
        return ENDLESS
    left = days_between(today, until_day)
    return OVER if left < 0 else SOON if left <= SOON_DAYS else HOLDS


class Certificates:
    """The page of certificates."""

    def __init__(self, desk: Desk) -> None:
        """Show those of one county."""
        self._desk = desk

    def endpoints(self) -> list[Endpoint]:
        """Return the page."""
        return [Endpoint("GET", URL, roles.MASTER, roles.LOOK, self.page)]

    def page(self, ask: Ask) -> Response:
        """Show the certificates, all or of one state."""
        today, state = local_day(ask.now), ask.query.get("state", "")
        with self._desk.frame.read() as connection:
            every = read_certificates(self._desk.county.store, connection, today)
            counts = {name: sum(one.state == name for one in every) for name in STATES}
            shown = [one for one in every if state not in STATES or one.state == state]
            people = {
                (station, key): name
                for station in {one.station for one in shown[:SHOWN_MAX]}
                for key, name in self._desk.names(
                    connection, station,
                    [one.person for one in shown if one.station == station and one.person],
                ).items()
            }  # fmt: skip
        return self._desk.page(
            "certificates.html", ask, shown=shown[:SHOWN_MAX], total=len(every), counts=counts,
            beyond=max(0, len(shown) - SHOWN_MAX), state=state if state in STATES else "",
            people=people, sheets=sheets_for(ask.member), today=today,
        )  # fmt: skip

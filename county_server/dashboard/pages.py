"""The overview: which stations there are, how they stand, what wants somebody.

What a page shows is what its URL asks for. All reading is done on a connection of its own; nothing
here writes to the database. A township assistant sees the stations of her own subtree only.
"""

from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection
from starlette.responses import Response

from county_server.dashboard import listing, rows
from county_server.dashboard.figures import read_county, read_parents, read_station
from county_server.dashboard.rows import Contact, County
from county_server.dashboard.todo import what_to_do
from county_server.dashboard.words import Words
from county_server.staff import roles
from county_server.web.frame import Ask, Endpoint, Frame

TODO_SHOWN = 5  # beside the townships; the rest is one click away
DAYS_SHOWN = 7

Contacts = Callable[[Connection], list[Contact]]


class Overview:
    """The pages that only look. contacts: what the intake knows of every PC."""

    def __init__(self, frame: Frame, contacts: Contacts) -> None:
        """Show one county in a frame."""
        self._frame = frame
        self._contacts = contacts

    def endpoints(self) -> list[Endpoint]:
        """Return the pages of this desk."""
        return [
            Endpoint("GET", "/", roles.OVERVIEW, roles.LOOK, self.dashboard),
            Endpoint("GET", "/todo", roles.OVERVIEW, roles.LOOK, self.todo),
            Endpoint("GET", "/stations/{code}", roles.OVERVIEW, roles.LOOK, self.station),
        ]

    def dashboard(self, ask: Ask) -> Response:
        """Show the whole county."""
        asked = listing.asked_by(ask.query)
        county = self._county(ask)
        entries = what_to_do(county)
        return self._page(
            "dashboard.html",
            ask,
            county=county,
            asked=asked,
            entries=entries[:TODO_SHOWN],
            entry_count=len(entries),
            listing=listing.list_stations(county, asked),
            orders=tuple(listing.ORDERS),
            bar=_bar(county),
        )

    def todo(self, ask: Ask) -> Response:
        """Show everything that wants somebody."""
        county = self._county(ask)
        return self._page("todo.html", ask, county=county, entries=what_to_do(county))

    def station(self, ask: Ask) -> Response:
        """Show one station."""
        code = ask.path["code"]
        with self._frame.read() as connection:
            seen = stations_seen(connection, ask, roles.OVERVIEW)
            contacts = self._contacts(connection)
            found = None
            if seen is None or code in seen:
                found = read_station(connection, contacts, code=code, now=ask.now, days=DAYS_SHOWN)
        if found is None:
            return self._page("nothing.html", ask, status=404, code=code)
        return self._page("station.html", ask, page=found, row=found.row)

    def _county(self, ask: Ask) -> County:
        with self._frame.read() as connection:
            seen = stations_seen(connection, ask, roles.OVERVIEW)
            return read_county(connection, self._contacts(connection), ask.now, only=seen)

    def _page(self, template: str, ask: Ask, *, status: int = 200, **slots: Any) -> Response:
        words = Words(self._frame.texts, ask.now)
        asked = slots.setdefault("asked", listing.Asked())
        slots.setdefault("question", asked.question)
        return self._frame.member_page(template, ask, words, status, shapes=rows, **slots)


def stations_seen(connection: Connection, ask: Ask, page: str) -> frozenset[str] | None:
    """Return which stations somebody may see on a page; None for all."""
    if not ask.member.is_confined(page):
        return None
    return roles.subtree(read_parents(connection), ask.member.area)


def _bar(county: County) -> list[tuple[str, int, int]]:
    """Return the pieces of the connection bar: state, where it begins and how wide, in 1000ths."""
    whole, begin, pieces = max(len(county.rows), 1), 0, []
    for state in (rows.ONLINE, rows.QUIET, rows.SILENT, rows.ACT, rows.NEVER):
        end = begin + county.count(state)
        if end > begin:
            pieces.append((state, begin * 1000 // whole, (end - begin) * 1000 // whole))
        begin = end
    return pieces

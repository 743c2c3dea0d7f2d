"""The hub's desk of what comes back: returned parcels and empty bags, counted and signed for.

What agrees is received with one button. A difference is shown first; the second press receives it
all the same, and it becomes a case of station and county. Nothing is written before.
"""

from sqlalchemy import Connection
from starlette.responses import Response

from county_server.desks.bags import returning
from county_server.desks.bags.returning import Arrival, Count
from county_server.desks.desk import Desk, go, status_of
from county_server.desks.pen import Refused, check_mark, mark_of, writing
from county_server.desks.waybills.stocks import couriers_of
from county_server.staff import roles
from county_server.web.frame import Ask, Endpoint
from station_app.journal.fact import Saying
from station_app.services.parcels.load_facts import LoadDriver
from station_app.services.parcels.loading import NAME_MAX
from station_app.values.day import local_day
from station_app.values.masks import mask_name

QUEUE_MAX = 60
ITEMS_MAX = 450  # of one list with what was too many: more would not fit into one fact


class Returns:
    """The page of the vans that come back, and its act."""

    def __init__(self, desk: Desk) -> None:
        """Receive for one county."""
        self._desk = desk

    def endpoints(self) -> list[Endpoint]:
        """Return the pages and the act."""
        page, look, do = roles.BAGS, roles.LOOK, roles.DO
        return [
            Endpoint("GET", "/bags/in", page, look, self.listing),
            Endpoint("GET", "/bags/in/{station}/{entity}", page, look, self.listing),
            Endpoint("POST", "/bags/in/{station}/{entity}", page, do, self.receive),
        ]

    def listing(
        self, ask: Ask, trouble: str = "", status: int = 200, counted: Count | None = None
    ) -> Response:
        """Show what is on its way, and one list to be counted or as it was counted."""
        store, today = self._desk.county.store, local_day(ask.now)
        with self._desk.frame.read() as connection:
            arrivals = returning.read_arrivals(store, connection, today)
            couriers = couriers_of(connection, local_day(ask.now))
        station, entity = ask.path.get("station", ""), ask.path.get("entity", "")
        scan = ask.query.get("scan", "").strip()
        chosen = returning.find_arrival(arrivals, station, entity)
        if scan:
            chosen = returning.scanned_arrival(arrivals, scan)
            if chosen is None:
                trouble = self._desk.trouble(ask, Refused("van_unknown", text=scan[:40]))
        waiting = [one for one in arrivals if not one.is_here]
        if chosen is None and not scan and not entity:
            chosen = waiting[0] if waiting else None
        if (scan or entity) and chosen is None and status == 200:
            status = 404
        typed = {name: ask.form.get(name) for name in ("scans", "giver")}
        return self._desk.page(
            "bags_in.html", ask, status, trouble=trouble, chosen=chosen, scan=scan,
            waiting=waiting[:QUEUE_MAX], beyond=max(0, len(waiting) - QUEUE_MAX),
            returns=len(waiting),
            arrived=[one for one in arrivals if one.is_here][:QUEUE_MAX],
            called={one.code: one.name for one in couriers}, counted=counted, typed=typed,
            ticked=frozenset(ask.form.ticked("got")), most=NAME_MAX,
            mark=_mark(chosen) if chosen else "", sure=_sure(counted) if counted else "",
            driver=mask_name(chosen.state.other) if chosen else "",
        )  # fmt: skip

    def receive(self, ask: Ask) -> Response:
        """Say what came of a list; a difference is looked at once before it is said."""
        station, entity, form = ask.path["station"], ask.path["entity"], ask.form
        counted: Count | None = None
        try:
            with writing(self._desk.county, station, by=ask.member.code, now=ask.now) as pen:
                today = local_day(ask.now)
                arrival, counted = self._count(pen.connection, ask, today)
                check_mark(lambda: _mark(arrival), form.get("mark"))
                giver = form.get("giver")
                if counted.faults:
                    raise Refused("van_faults", count=len(counted.faults))
                if not giver or len(giver) > NAME_MAX:
                    raise Refused("van_giver", most=NAME_MAX)
                if len(counted.items) > ITEMS_MAX:
                    raise Refused("bag_full", most=ITEMS_MAX)
                is_sure = not counted.difference or form.get("sure") == _sure(counted)
                if is_sure:
                    said = counted.said(today)
                    pen.say([Saying(said, LoadDriver(name=giver), entity=entity)])
        except Refused as refused:
            trouble = self._desk.trouble(ask, refused)
            return self.listing(ask, trouble, status_of(refused), counted)
        if not is_sure:
            return self.listing(ask, counted=counted)
        return go(f"/bags/in/{station}/{entity}", "bag_unloaded")

    def _count(self, connection: Connection, ask: Ask, today: str) -> tuple[Arrival, Count]:
        """Return the list that is received, and how it was counted; raises Refused."""
        store = self._desk.county.store
        arrivals = returning.read_arrivals(store, connection, today)
        found = returning.find_arrival(arrivals, ask.path["station"], ask.path["entity"])
        if found is None or found.is_here:
            raise Refused("van_here")
        return found, returning.count(
            found.items,
            scans=ask.form.get("scans"),
            ticked=ask.form.ticked("got"),
            couriers=couriers_of(connection, local_day(ask.now)),
            tags=returning.known_tags(store, connection, today),
        )


def _mark(arrival: Arrival) -> str:
    return mark_of(arrival.entity, arrival.state.came_day, *arrival.state.unloadings)


def _sure(counted: Count) -> str:
    return mark_of(*counted.difference)

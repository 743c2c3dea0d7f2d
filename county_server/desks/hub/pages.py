"""The hub's desk of produce: receive a list, weigh its lots, grade them anew; then who bears.

Who weighs does not decide who bears a difference: that is the finance desk's, on the same page. A
list that is received, or a lot that is decided, is so once: the second form finds that out.
"""

from typing import Any

from starlette.responses import Response

from county_server.desks.desk import Desk, go, status_of
from county_server.desks.hub import arrivals, weighing
from county_server.desks.hub.arrivals import Differing, Load
from county_server.desks.pen import Refused, check_mark, mark_of, writing
from county_server.desks.produce.totals import read_names
from county_server.staff import roles
from county_server.web.frame import Ask, Endpoint
from station_app.journal.fact import Saying
from station_app.values.day import local_day

LOADS_MAX, DIFFERING_MAX = 60, 60  # on one page; a county of three hundred stations has fewer a day


class Hub:
    """The pages and acts of the desk."""

    def __init__(self, desk: Desk) -> None:
        """Receive for one county."""
        self._desk = desk

    def endpoints(self) -> list[Endpoint]:
        """Return the page and its two acts."""
        look, do = roles.LOOK, roles.DO
        return [
            Endpoint("GET", "/hub", roles.HUB, look, self.listing),
            Endpoint("POST", "/hub/{station}/{act}", roles.HUB, do, self.receive),
            Endpoint("POST", "/hub/{station}/{lot}/bearer", roles.BEARERS, do, self.decide),
        ]

    def listing(
        self, ask: Ask, trouble: str = "", status: int = 200, typed: dict[str, str] | None = None
    ) -> Response:
        """Show what is on its way, one list of it to be weighed, and what differs."""
        store = self._desk.county.store
        with self._desk.frame.read() as connection:
            loads = arrivals.read_loads(store, connection)
            differing = arrivals.read_differing(store, connection)
            grades = arrivals.grades_by_sort(store, connection, local_day(ask.now))
            sorts = read_names(connection)
        station = ask.path.get("station") or ask.query.get("station", "")
        act = ask.path.get("act") or ask.query.get("act", "")
        scan = ask.query.get("scan", "").strip()
        chosen = arrivals.find_load(loads, station, act)
        if scan:
            chosen = arrivals.scanned_load(loads, scan)
            if chosen is None:
                trouble = self._desk.trouble(ask, Refused("hub_unknown", text=scan[:40]))
                status = 404
        if chosen is None and loads and not scan and not act:
            chosen = loads[0]
        return self._desk.page(
            "hub.html", ask, status, trouble=trouble, loads=loads[:LOADS_MAX],
            beyond=max(0, len(loads) - LOADS_MAX), chosen=chosen,
            differing=differing[:DIFFERING_MAX], grades=grades, sorts=sorts,
            typed=typed or {}, scan=scan,
            mark=mark_of(*chosen.facts) if chosen else "", allowed=weighing.is_allowed,
            allowed_of=weighing.allowed_of, reasons=weighing.REASONS,
            marks={one.lot: _mark(one) for one in differing}, bearers=weighing.BEARERS,
        )  # fmt: skip

    # --- Acts ------------------------------------------------------------------------------------

    def receive(self, ask: Ask) -> Response:
        """Say what came of a list; what was left empty stays on the road."""
        station, act, store = ask.path["station"], ask.path["act"], self._desk.county.store
        try:
            with writing(self._desk.county, station, by=ask.member.code, now=ask.now) as pen:
                loads = arrivals.read_loads(store, pen.connection)
                load = arrivals.find_load(loads, station, act)
                if load is None:
                    raise Refused("hub_received")
                check_mark(lambda: mark_of(*load.facts), ask.form.get("mark"))
                sayings = _sayings(load, ask)
                if not sayings:
                    raise Refused("hub_nothing")
                pen.say(sayings)
        except Refused as refused:
            typed = {name: value for name, value in ask.form.fields.items() if name != "token"}
            return self.listing(ask, self._desk.trouble(ask, refused), status_of(refused), typed)
        return go("/hub", "hub_received")

    def decide(self, ask: Ask) -> Response:
        """Say who bears what is missing of a lot, or that the scales disagreed."""
        station, lot, store = ask.path["station"], ask.path["lot"], self._desk.county.store
        form, day = ask.form, local_day(ask.now)
        try:
            with writing(self._desk.county, station, by=ask.member.code, now=ask.now) as pen:
                found = arrivals.read_differing(store, pen.connection)
                one = next((x for x in found if (x.station, x.lot) == (station, lot)), None)
                if one is None:
                    raise Refused("stale")
                check_mark(lambda: _mark(one), form.get("mark"))
                said = weighing.decided(one, form.get("bearer"), form.get("price"), day)
                pen.say([Saying(said, entity=lot)])
        except Refused as refused:
            typed = {"bearer": form.get("bearer"), "price": form.get("price"), "lot": lot}
            return self.listing(ask, self._desk.trouble(ask, refused), status_of(refused), typed)
        return go("/hub", "hub_decided")


def _mark(one: Differing) -> str:
    return mark_of(one.lot, one.received, one.state.difference)


def _sayings(load: Load, ask: Ask) -> list[Saying]:
    form, found = ask.form, list[Saying]()
    fields: dict[str, Any] = form.fields
    for number, line in enumerate(load.lines):
        got = str(fields.get(f"got_{number}", "")).strip()
        if not got:
            continue
        grade = str(fields.get(f"grade_{number}", "")).strip()
        is_sure = bool(fields.get(f"sure_{number}"))
        reason = str(fields.get(f"reason_{number}", ""))
        came = weighing.weighed(line, got, grade, is_sure=is_sure, reason=reason)
        found.append(Saying(weighing.received(came, local_day(ask.now)), entity=line.lot))
    return found

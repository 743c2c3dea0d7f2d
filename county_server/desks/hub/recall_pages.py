"""The desk of recalls: two people call lots back, or let them go; whoever has not answered is rung.

A recall names lots by their numbers or by scans, as many as a bad spray needs, of any stations; all
that was made of them goes with them. All of it is said in one transaction, or nothing is.
"""

from collections.abc import Callable, Sequence

from starlette.responses import Response

from county_server.desks.desk import TOGETHER, Desk, go, status_of
from county_server.desks.hub import recalls
from county_server.desks.hub.whereabouts import read_whereabouts
from county_server.desks.pen import Refused
from county_server.desks.produce.totals import read_names
from county_server.scribe import Scribe
from county_server.staff import roles
from county_server.web.frame import Ask, Endpoint
from county_server.web.second import second_person
from station_app.journal.fact import Body, Saying
from station_app.services.consignment.lots import Lot
from station_app.services.quality.facts import LotRecalled, LotReleased
from station_app.values.day import local_day

SHOWN_MAX = 300
TYPED = ("lots", "reason", "second")


class Recalls:
    """The page and its two acts."""

    def __init__(self, desk: Desk) -> None:
        """Call back for one county."""
        self._desk = desk

    def endpoints(self) -> list[Endpoint]:
        """Return the page and its acts."""
        page, do = roles.RECALLS, roles.DO
        return [
            Endpoint("GET", "/hub/recalls", page, roles.LOOK, self.listing),
            Endpoint("POST", "/hub/recalls", page, do, self.call_back),
            Endpoint("POST", "/hub/recalls/release", page, do, self.release),
        ]

    def listing(
        self, ask: Ask, trouble: str = "", status: int = 200, typed: dict[str, str] | None = None
    ) -> Response:
        """Show what is stopped, where it is, who has not answered, and the two forms."""
        store = self._desk.county.store
        with self._desk.frame.read() as connection:
            heard = self._desk.reach(connection, ask.now).last
            found = recalls.read_recalled(store, connection, heard)
            sorts = read_names(connection)
            wanted = (ask.query.get("station", ""), ask.query.get("lot", ""))
            chosen = next((one for one in found if (one.station, one.lot) == wanted), None)
            chosen = chosen or next(iter(found), None)
            where = read_whereabouts(store, connection, chosen) if chosen else None
        return self._desk.page(
            "recalls.html", ask, status, trouble=trouble, found=found[:SHOWN_MAX], sorts=sorts,
            open_count=sum(1 for one in found if one.standing != recalls.ANSWERED),
            typed=typed or {}, most=recalls.LOTS_MAX, where=where,
        )  # fmt: skip

    # --- Acts ------------------------------------------------------------------------------------

    def call_back(self, ask: Ask) -> Response:
        """Call lots back; those that are called back already are left as they are."""

        def wanted(found: Sequence[tuple[str, str, Lot]]) -> list[tuple[str, str, Lot]]:
            fresh = [one for one in found if not one[2].recalled]
            if not fresh:
                raise Refused("recall_already")
            return fresh

        return self._say(ask, wanted, "recalled", LotRecalled)

    def release(self, ask: Ask) -> Response:
        """Let lots go that were called back, or that failed a test."""

        def wanted(found: Sequence[tuple[str, str, Lot]]) -> list[tuple[str, str, Lot]]:
            stopped = [one for one in found if one[2].is_blocked]
            if not stopped:
                raise Refused("recall_not_stopped")
            return stopped

        return self._say(ask, wanted, "released", LotReleased)

    def _say(
        self,
        ask: Ask,
        wanted: Callable[[Sequence[tuple[str, str, Lot]]], list[tuple[str, str, Lot]]],
        done: str,
        kind: type[Body],
    ) -> Response:
        form, county = ask.form, self._desk.county
        reason, day = form.get("reason").strip(), local_day(ask.now)
        try:
            if not 0 < len(reason) <= recalls.REASON_MAX:
                raise Refused("recall_reason", most=recalls.REASON_MAX)
            with self._desk.frame.read() as connection:  # a bad line costs nobody a password
                wanted(recalls.named_lots(county.store, connection, form.fields.get("lots", "")))
            second = second_person(self._desk.frame, ask, roles.RECALLS)
            by = f"{ask.member.code}{TOGETHER}{second.code}"
            with county.store.write() as connection:
                lots = form.fields.get("lots", "")
                named = wanted(recalls.named_lots(county.store, connection, lots))
                scribe = Scribe(county.store, connection, county.keys, county.chance)
                for station in sorted({one[0] for one in named}):
                    body = kind(reason=reason, day=day)
                    sayings = [Saying(body, entity=lot) for at, lot, _ in named if at == station]
                    scribe.say(station, sayings, by=by, at=ask.now)
                scribe.seal()
        except Refused as refused:
            typed = {name: form.fields.get(name, "") for name in TYPED} | {"act": done}
            return self.listing(ask, self._desk.trouble(ask, refused), status_of(refused), typed)
        return go("/hub/recalls", done)

"""The county's PCs: cut a lost one off; take in, or leave out, what waits beyond a cut.

Both take two people, since both decide which money counts: whoever is signed in, and another
account that confirms at the same form. The fact names them both.
"""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Connection, select
from starlette.responses import Response

from county_server.cut_off import is_cut_off
from county_server.desks.desk import TOGETHER, Desk, go, status_of
from county_server.desks.pen import Pen, Refused, check_mark, mark_of, writing
from county_server.key_change import KeyStanding, asking, standing
from county_server.letting_in import Call, answer
from county_server.revoking import (
    REASONS,
    NotDecided,
    Waiting,
    WaitingAct,
    cuts,
    line_key,
    line_of,
    revocation,
    settlement,
    waiting,
    waiting_acts,
)
from county_server.staff import roles
from county_server.web.frame import Ask, Endpoint
from county_server.web.second import second_person
from station_app.journal.fact import Saying
from station_app.values.day import local_day

ACCEPT, REFUSE = "accept", "refuse"
SHOWN_MAX = 200


@dataclass(frozen=True, slots=True)
class Computer:
    """A PC of a station. enrolled_at: UTC ms; knows_key: it has named the county's newest key."""

    device: str
    slot: int
    enrolled_at: int
    is_cut_off: bool
    knows_key: bool


class Devices:
    """The pages of PCs and of what waits."""

    def __init__(self, desk: Desk) -> None:
        """Work for one county."""
        self._desk = desk

    def endpoints(self) -> list[Endpoint]:
        """Return the pages and the acts."""
        of, one = "/devices/of/{station}", "/devices/waiting/{station}/{line}"
        return [
            Endpoint("GET", "/devices", roles.DEVICES, roles.LOOK, self.page),
            Endpoint("GET", of, roles.DEVICES, roles.LOOK, self.page),
            Endpoint("POST", of, roles.DEVICES, roles.DO, self.revoke),
            Endpoint("POST", f"{of}/answer", roles.DEVICES, roles.DO, self.answer),
            Endpoint("POST", f"{of}/renew", roles.DEVICES, roles.DO, self.renew),
            Endpoint("GET", one, roles.DEVICES, roles.LOOK, self.page),
            Endpoint("POST", one, roles.DEVICES, roles.DO, self.decide),
        ]

    def page(self, ask: Ask, trouble: str = "", status: int = 200, answer: str = "") -> Response:
        """Show what waits, which PCs are cut off, and a line or the PCs of a station.

        answer: eight digits to read out by phone, "" for none.
        """
        store = self._desk.county.store
        station = ask.path.get("station", "") or ask.query.get("station", "").strip().upper()
        line = line_of(ask.path.get("line", ""))
        keys = standing(self._desk.county)
        with self._desk.frame.read() as connection:
            found = waiting(store, connection)
            chosen = next((w for w in found if (w.station, w.line) == (station, line)), None)
            acts = waiting_acts(store, connection, chosen) if chosen else []
            computers = self._computers(connection, station, keys) if station and not line else []
            off = cuts(store, connection, None)
        return self._desk.page(
            "devices.html",
            ask,
            404 if line and chosen is None and status == 200 else status,
            waits=sorted(found, key=lambda w: (w.is_refused, w.station, w.line))[:SHOWN_MAX],
            count=sum(1 for w in found if not w.is_refused),
            chosen=chosen,
            mark=_mark(chosen, acts) if chosen else "",
            acts=acts,
            cuts=off[:SHOWN_MAX],
            keys=keys,
            of_station=station if not line else "",
            computers=computers,
            reasons=REASONS,
            line_key=line_key,
            trouble=trouble,
            answer=answer,
            typed={name: ask.form.get(name) for name in _TYPED},
            wanted=bool(line),
        )

    def revoke(self, ask: Ask) -> Response:
        """Cut a PC off at what the county holds of it now."""
        station, form = ask.path["station"], ask.form

        def say(pen: Pen) -> list[Saying]:
            return revocation(
                pen.county.store,
                pen.connection,
                station,
                form.get("device"),
                reason=form.get("reason"),
                remark=form.get("remark"),
                day=local_day(ask.now),
            )

        return self._do(ask, station, say, f"/devices/of/{station}", "revoked")

    def answer(self, ask: Ask) -> Response:
        """Answer an operator who is locked out, by phone: shown once, and a fact."""
        station, form, county = ask.path["station"], ask.form, self._desk.county
        try:
            with writing(county, station, by=ask.member.code, now=ask.now) as pen:
                call = Call(station, form.get("device"), form.get("challenge"))
                digits, saying = answer(county, pen.connection, call, local_day(ask.now))
                pen.say([saying])
        except NotDecided as problem:
            refused = Refused(problem.reason)
            return self.page(ask, self._desk.trouble(ask, refused), status_of(refused))
        return self.page(ask, answer=f"{digits[:4]} {digits[4:]}")

    def renew(self, ask: Ask) -> Response:
        """Ask a PC to renew its key as soon as it hears of it."""
        station, device, county = ask.path["station"], ask.form.get("device"), self._desk.county
        try:
            with writing(county, station, by=ask.member.code, now=ask.now) as pen:
                day = local_day(ask.now)
                pen.say([asking(county, pen.connection, station, device, day=day)])
        except NotDecided as problem:
            refused = Refused(problem.reason)
            return self.page(ask, self._desk.trouble(ask, refused), status_of(refused))
        return go(f"/devices/of/{station}", "key_asked")

    def decide(self, ask: Ask) -> Response:
        """Take a line in up to an act, or leave it out."""
        station, line, form = ask.path["station"], line_of(ask.path["line"]), ask.form
        store = self._desk.county.store

        def mark_now(connection: Connection) -> str:
            found = [w for w in waiting(store, connection, station) if w.line == line]
            return _mark(found[0], waiting_acts(store, connection, found[0])) if found else ""

        def say(pen: Pen) -> list[Saying]:
            check_mark(lambda: mark_now(pen.connection), form.get("mark"))
            verdict = form.get("verdict")
            if verdict not in (ACCEPT, REFUSE):
                raise Refused("verdict")
            upto = form.get("upto")
            return settlement(
                store,
                pen.connection,
                station,
                line,
                upto=int(upto) if upto.isascii() and upto.isdigit() else 0,
                is_accepted=verdict == ACCEPT,
                remark=form.get("remark"),
                day=local_day(ask.now),
            )

        done = "branch_accepted" if form.get("verdict") == ACCEPT else "branch_refused"
        return self._do(ask, station, say, "/devices", done)

    def _do(
        self, ask: Ask, station: str, say: Callable[[Pen], list[Saying]], url: str, done: str
    ) -> Response:
        """Let a second person confirm, then say it; the page comes back with what is wrong."""
        try:
            second = second_person(self._desk.frame, ask, roles.DEVICES)
            by = f"{ask.member.code}{TOGETHER}{second.code}"
            with writing(self._desk.county, station, by=by, now=ask.now) as pen:
                pen.say(say(pen))
        except NotDecided as problem:
            refused = Refused(problem.reason)
            return self.page(ask, self._desk.trouble(ask, refused), status_of(refused))
        except Refused as refused:
            return self.page(ask, self._desk.trouble(ask, refused), status_of(refused))
        return go(url, done)

    def _computers(
        self, connection: Connection, station: str, known: KeyStanding
    ) -> list[Computer]:
        store = self._desk.county.store
        keys = store.tables.keys.c
        rows = connection.execute(
            select(keys.device, keys.slot, keys.enrolled_at)
            .where(keys.station == station)
            .order_by(keys.device)
        ).all()
        return [
            Computer(
                *row,
                is_cut_off=is_cut_off(store, connection, station, row[0]),
                knows_key=f"{station}/{row[0]}" not in known.unaware,
            )
            for row in rows
        ]


_TYPED = ("device", "challenge", "reason", "remark", "verdict", "upto", "second")


def _mark(one: Waiting, acts: list[WaitingAct]) -> str:
    return mark_of(one.line, one.first, one.hash, len(acts))

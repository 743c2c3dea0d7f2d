"""The desk of the hub's parcels: a sheet announced, a bag filled by scan, what came of each bag.

A bag is one act on the stream of its station: the tag, the seal and every piece, as the station
will count them. The paper that goes along is the same list.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import segno
from sqlalchemy import Connection
from starlette.responses import Response

from county_server.desks.bags import advice, listing, returning
from county_server.desks.bags.advice import announced, is_for, read_advice, sayings_of
from county_server.desks.bags.listing import Line
from county_server.desks.bags.posts import Post, reached, read_posts
from county_server.desks.bags.reading import Scanned, judge, without_faults
from county_server.desks.desk import Desk, go, status_of
from county_server.desks.pen import Refused, check_mark, mark_of, writing
from county_server.desks.waybills.stocks import couriers_of
from county_server.scribe import Scribe
from county_server.sheets import Problem
from county_server.staff import roles
from county_server.web.frame import Ask, Endpoint
from station_app.journal.fact import Saying
from station_app.services.parcels.facts import BagAnnounced, ListedPiece
from station_app.services.parcels.manifests import CODE_CHARACTERS_MAX, PIECES_MAX
from station_app.values.codes import (
    BAG,
    IDENTITY_BYTES,
    Unreadable,
    identity_payload,
    make_code,
    normalised,
)
from station_app.values.day import local_day

SHEET_BYTES_MAX = 1024 * 1024
SHOWN_MAX = 100
SEAL_MAX = 20
QR_SCALE = 4
TYPED = ("to", "code", "seal", "courier", "pieces")


@dataclass(frozen=True, slots=True)
class Answer:
    """With what a page comes back. typed: in the form; faults: its lines; problems: a sheet's.

    put: how many parcels were announced, −1 for none; pasted: rows that were not.
    """

    trouble: str = ""
    status: int = 200
    typed: dict[str, str] = field(default_factory=dict)
    faults: Sequence[Scanned] = ()
    problems: Sequence[Problem] = ()
    put: int = -1
    pasted: str = ""


NOTHING = Answer()


class Bags:
    """The pages and acts of the desk."""

    def __init__(self, desk: Desk) -> None:
        """Send the parcels of one county."""
        self._desk = desk

    def endpoints(self) -> list[Endpoint]:
        """Return the pages and acts."""
        page, look, do = roles.BAGS, roles.LOOK, roles.DO
        return [
            Endpoint("GET", "/bags", page, look, self.listing),
            Endpoint("POST", "/bags", page, do, self.announce),
            Endpoint("POST", "/bags/advice", page, do, self.advise, SHEET_BYTES_MAX),
            Endpoint("GET", "/bags/{station}/{entity}", page, look, self.one),
        ]

    def listing(self, ask: Ask, said: Answer = NOTHING) -> Response:
        """Show what is on its way, what waits for a bag, and the two forms."""
        store, today = self._desk.county.store, local_day(ask.now)
        with self._desk.frame.read() as connection:
            posts = read_posts(store, connection)
            lines = listing.read_lines(store, connection, today)
            known = listing.known_parcels(store, connection, lines, today)
            couriers = couriers_of(connection, local_day(ask.now))
            vans = returning.read_arrivals(store, connection, today)
        waits = listing.waiting_of(known, posts)
        first = ask.query.get("to", "") or (waits[0].station if waits else "")
        texts = self._desk.frame.texts
        put = ask.query.get("put", "")
        return self._desk.page(
            "bags.html", ask, said.status, trouble=said.trouble, lines=lines[:SHOWN_MAX],
            beyond=max(0, len(lines) - SHOWN_MAX), waits=waits, couriers=couriers, posts=posts,
            called={one.code: one.name for one in couriers}, faults=said.faults,
            problems=[one.say(texts) for one in said.problems][:SHOWN_MAX],
            columns=list(advice.column_names(texts).values()), most=PIECES_MAX,
            typed=said.typed or {"to": first}, mark=_mark(lines),
            returns=sum(not one.is_here for one in vans),
            short=sum(1 for one in lines if one.missing or one.extra),
            put=int(put) if put.isdigit() else said.put, pasted=said.pasted,
        )  # fmt: skip

    def one(self, ask: Ask) -> Response:
        """Show the list of a bag, as it is printed and goes along."""
        store = self._desk.county.store
        station, entity = ask.path["station"], ask.path["entity"]
        with self._desk.frame.read() as connection:
            lines = listing.read_lines(store, connection, local_day(ask.now))
            couriers = couriers_of(connection, local_day(ask.now))
        found = next((x for x in lines if (x.station, x.entity) == (station, entity)), None)
        tag = segno.make(found.state.code, error="m", micro=False) if found else None
        return self._desk.page(
            "bag_list.html", ask, 200 if found else 404, line=found,
            called={one.code: one.name for one in couriers},
            tag=tag.svg_inline(scale=QR_SCALE, border=2) if tag else "",
        )  # fmt: skip

    # --- Acts ------------------------------------------------------------------------------------

    def announce(self, ask: Ask) -> Response:
        """Announce a bag to its station, when every line of it is good."""
        form, store = ask.form, self._desk.county.store
        typed = {name: form.fields.get(name, "").strip() for name in TYPED}
        judged: list[Scanned] = []
        if form.get("act") == "drop":
            return self._drop(ask, typed)
        if form.get("act") == "tag":
            return self.listing(ask, Answer(typed={**typed, "code": self._tag()}))
        try:
            with writing(self._desk.county, typed["to"], by=ask.member.code, now=ask.now) as pen:
                today = local_day(ask.now)
                posts = read_posts(store, pen.connection)
                if typed["to"] not in posts:
                    raise Refused("bag_no_station")
                lines = listing.read_lines(store, pen.connection, today)
                judged = self._judge(pen.connection, typed, posts, lines, today)
                check_mark(lambda: _mark(lines), form.get("mark"))
                body = self._bag(typed, judged, lines, today)
                (fact,) = pen.say([Saying(body)])
        except Refused as refused:
            faults = [one for one in judged if one.fault]
            return self._refuse(ask, refused, typed=typed, faults=faults)
        return go(f"/bags/{typed['to']}/{fact.identity}", "bag_announced")

    def _drop(self, ask: Ask, typed: dict[str, str]) -> Response:
        """Take the lines with a fault off the list: their pieces were taken out of the bag."""
        store, today = self._desk.county.store, local_day(ask.now)
        with self._desk.frame.read() as connection:
            posts = read_posts(store, connection)
            lines = listing.read_lines(store, connection, today)
            judged = self._judge(connection, typed, posts, lines, today)
        return self.listing(ask, Answer(typed={**typed, "pieces": without_faults(judged)}))

    def _judge(
        self,
        connection: Connection,
        typed: dict[str, str],
        posts: dict[str, Post],
        lines: list[Line],
        today: str,
    ) -> list[Scanned]:
        store = self._desk.county.store
        return judge(
            typed["pieces"],
            couriers=couriers_of(connection, today),
            chosen=typed["courier"],
            known=listing.known_parcels(store, connection, lines, today),
            goes_to=reached(posts, typed["to"]),
        )

    def _bag(
        self, typed: dict[str, str], judged: list[Scanned], lines: list[Line], today: str
    ) -> BagAnnounced:
        """Return the bag that the form describes; raises Refused."""
        code = normalised(typed["code"])
        if isinstance(code, Unreadable) or len(code) > CODE_CHARACTERS_MAX:
            raise Refused("bag_tag")
        if any(one.state.code == code and one.step == listing.COMING for one in lines):
            raise Refused("bag_tag_used", code=code)
        if len(typed["seal"]) > SEAL_MAX:
            raise Refused("bag_seal", most=SEAL_MAX)
        if not judged:
            raise Refused("bag_empty")
        if any(one.fault for one in judged):
            raise Refused("bag_faults", count=sum(1 for one in judged if one.fault))
        if len(judged) > PIECES_MAX:
            raise Refused("bag_full", most=PIECES_MAX)
        return BagAnnounced(
            code=code,
            manifest=listing.number_of(lines, typed["to"], today),
            station=typed["to"],
            seal=typed["seal"],
            pieces=tuple(
                ListedPiece(courier=one.courier, waybill=one.waybill, state="seen")
                for one in judged
            ),
            day=today,
        )

    def _tag(self) -> str:
        """Return the code of a tag that nobody else has."""
        drawn = self._desk.county.chance.draw(IDENTITY_BYTES)
        return make_code(BAG, identity_payload(drawn.hex()))

    def advise(self, ask: Ask) -> Response:
        """Announce a sheet's parcels, when no row of it is bad; of pasted rows the good ones."""
        texts = self._desk.frame.texts
        pasted = "" if ask.form.file else ask.form.fields.get("rows", "").strip()
        if not ask.form.file and not pasted:
            return self._refuse(ask, Refused("bag_no_rows"))
        pasted = advice.with_header(pasted, texts) if pasted else ""
        content = ask.form.file or pasted.encode()
        try:
            count, problems = self._announce_all(ask, content, is_partly=bool(pasted))
        except Refused as refused:
            return self._refuse(ask, refused, pasted=pasted)
        if problems and not pasted:
            refusal = Refused("master_faults", count=len(problems))
            return self._refuse(ask, refusal, problems=problems)
        if problems:
            rest = advice.left_over(pasted, problems) or pasted
            return self.listing(ask, Answer(problems=problems, put=count, pasted=rest))
        return go(f"/bags?put={count}")

    def _announce_all(
        self, ask: Ask, content: bytes, *, is_partly: bool
    ) -> tuple[int, list[Problem]]:
        """Say what a sheet announces; return of how many parcels, and what is wrong with it."""
        county, today = self._desk.county, local_day(ask.now)
        texts = self._desk.frame.texts
        with county.store.write() as connection:
            posts = read_posts(county.store, connection)
            couriers = couriers_of(connection, local_day(ask.now))
            rows, problems = read_advice(content, couriers, posts, today, texts)
            before = announced(county.store, connection, (body.waybill for body, _ in rows))
            said = {} if problems and not is_partly else sayings_of(rows, before, posts)
            scribe = Scribe(county.store, connection, county.keys, county.chance)
            for station in sorted(said):
                scribe.say(station, said[station], by=ask.member.code, at=ask.now)
            scribe.seal()
        count = sum(is_for(one, to) for to, whole in said.items() for one in whole)
        return count, problems

    def _refuse(self, ask: Ask, refused: Refused, **slots: Any) -> Response:
        trouble = self._desk.trouble(ask, refused)
        return self.listing(ask, Answer(trouble, status_of(refused), **slots))


def _mark(lines: list[Line]) -> str:
    """Return a mark of all bags: the same form sent twice sends no second bag."""
    return mark_of(*(one.entity for one in lines))

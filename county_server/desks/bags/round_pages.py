"""The hub's desk of what couriers bring: scanned against the announcements, signed for, listed.

What agrees is received with one button. A difference is shown first; the second press receives it
all the same. Nothing is written before.
"""

from dataclasses import dataclass, field

from sqlalchemy import Connection
from starlette.responses import Response

from county_server.desks.bags import listing, returning, rounds
from county_server.desks.bags.returning import Count, Item
from county_server.desks.bags.rounds import Round
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

SHOWN_MAX = 60
TYPED = ("courier", "giver", "scans")


@dataclass(frozen=True, slots=True)
class Answer:
    """With what the page comes back. counted: how it was counted, None before."""

    trouble: str = ""
    status: int = 200
    typed: dict[str, str] = field(default_factory=dict)
    counted: Count | None = None


NOTHING = Answer()


class Rounds:
    """The page of the couriers' rounds, and its act."""

    def __init__(self, desk: Desk) -> None:
        """Receive for one county."""
        self._desk = desk

    def endpoints(self) -> list[Endpoint]:
        """Return the pages and the act."""
        page, look, do = roles.BAGS, roles.LOOK, roles.DO
        return [
            Endpoint("GET", "/bags/rounds", page, look, self.listing),
            Endpoint("GET", "/bags/rounds/{entity}", page, look, self.one),
            Endpoint("POST", "/bags/rounds", page, do, self.receive),
        ]

    def listing(self, ask: Ask, said: Answer = NOTHING) -> Response:
        """Show what is expected of whom, the form of one round, and what came lately."""
        store, today = self._desk.county.store, local_day(ask.now)
        with self._desk.frame.read() as connection:
            hub = rounds.hub_of(store, connection)
            came = rounds.read_rounds(store, connection, hub, today)
            waits = self._expected(connection, came, today)
            couriers = couriers_of(connection, today)
            vans = returning.read_arrivals(store, connection, today)
        typed = said.typed or {**dict.fromkeys(TYPED, ""), "courier": ask.query.get("courier", "")}
        chosen = typed["courier"] or next(iter(_fullest(waits)), "")
        return self._desk.page(
            "rounds.html", ask, said.status, trouble=said.trouble, hub=hub, couriers=couriers,
            called={one.code: one.name for one in couriers}, chosen=chosen, typed=typed,
            waits=[(code, len(waits[code])) for code in _fullest(waits)],
            listed=waits.get(chosen, ()), counted=said.counted, came=came[:SHOWN_MAX],
            beyond=max(0, len(came) - SHOWN_MAX), most=NAME_MAX,
            mark=_mark(came), returns=sum(not one.is_here for one in vans),
            sure=_sure(chosen, said.counted) if said.counted else "",
        )  # fmt: skip

    def one(self, ask: Ask) -> Response:
        """Show the list of a round, as it is printed and signed."""
        store, today = self._desk.county.store, local_day(ask.now)
        with self._desk.frame.read() as connection:
            hub = rounds.hub_of(store, connection)
            came = rounds.read_rounds(store, connection, hub, today)
            couriers = couriers_of(connection, today)
        found = next((one for one in came if one.entity == ask.path["entity"]), None)
        return self._desk.page(
            "round_list.html", ask, 200 if found else 404, round=found,
            called={one.code: one.name for one in couriers},
            giver=mask_name(found.state.other) if found else "",
        )  # fmt: skip

    def receive(self, ask: Ask) -> Response:
        """Say what came with a courier; a difference is looked at once before it is said."""
        form, store = ask.form, self._desk.county.store
        typed = {name: form.fields.get(name, "").strip() for name in TYPED}
        counted: Count | None = None
        with self._desk.frame.read() as connection:
            hub = rounds.hub_of(store, connection)
        try:
            if not hub:
                raise Refused("round_no_hub")
            with writing(self._desk.county, hub, by=ask.member.code, now=ask.now) as pen:
                today = local_day(ask.now)
                came = rounds.read_rounds(store, pen.connection, hub, today)
                listed = self._expected(pen.connection, came, today).get(typed["courier"], ())
                couriers = couriers_of(pen.connection, today)
                if typed["courier"] not in {one.code for one in couriers}:
                    raise Refused("round_courier")
                counted = rounds.count_round(
                    listed, courier=typed["courier"], scans=typed["scans"], couriers=couriers
                )
                check_mark(lambda: _mark(came), form.get("mark"))
                _check(counted, typed["giver"])
                sure = _sure(typed["courier"], counted)
                if counted.difference and form.get("sure") != sure:
                    return self.listing(ask, Answer(typed=typed, counted=counted))
                number = rounds.next_number(store, pen.connection, hub)
                body = rounds.said(counted, courier=typed["courier"], number=number, day=today)
                (fact,) = pen.say([Saying(body, LoadDriver(name=typed["giver"]))])
        except Refused as refused:
            trouble = self._desk.trouble(ask, refused)
            return self.listing(ask, Answer(trouble, status_of(refused), typed, counted))
        return go(f"/bags/rounds/{fact.identity}", "round_counted")

    def _expected(
        self, connection: Connection, came: list[Round], today: str
    ) -> dict[str, tuple[Item, ...]]:
        store = self._desk.county.store
        lines = listing.read_lines(store, connection, today)
        known = listing.known_parcels(store, connection, lines, today)
        return rounds.expected(known, came)


def _check(counted: Count, giver: str) -> None:
    """Raise Refused for what cannot be received as it stands."""
    if counted.faults:
        raise Refused("van_faults", count=len(counted.faults))
    if not any(one.state != "missing" for one in counted.items):
        raise Refused("round_empty")
    if len(counted.items) > rounds.PIECES_MAX:
        raise Refused("bag_full", most=rounds.PIECES_MAX)
    if not giver or len(giver) > NAME_MAX:
        raise Refused("round_giver", most=NAME_MAX)


def _fullest(waits: dict[str, tuple[Item, ...]]) -> list[str]:
    return sorted(waits, key=lambda code: (-len(waits[code]), code))


def _mark(came: list[Round]) -> str:
    """Return the mark of a page: a round more, and what is still to come is another list."""
    return mark_of(*(one.entity for one in came[:1]))


def _sure(courier: str, counted: Count) -> str:
    return mark_of(courier, *counted.difference)

"""Money that goes down to a station, with what it covers.

What the county still holds for a station stands in the county's own books: the purses that were
passed on, and what the current account owes it. Money that is on its way down already is taken
off, so that nothing is sent twice.
"""

from dataclasses import dataclass

import msgspec
from sqlalchemy import Connection, func, select
from starlette.responses import Response

from county_server import put_back
from county_server.accounts import balances
from county_server.desks.desk import Desk, go, places_by_code, status_of
from county_server.desks.pen import Refused, check_mark, mark_of, writing
from county_server.staff import roles
from county_server.web.frame import Ask, Endpoint
from station_app.journal.fact import Saying
from station_app.ledger.accounts import COUNTY, COUNTY_CURRENT
from station_app.ledger.posting import CNY
from station_app.services.clearing.facts import CountyMoneySentDown, Portion
from station_app.services.clearing.states import COMING, CountyMoney
from station_app.values.day import local_day
from station_app.values.money import parse_yuan, yuan_plain

PREPAYMENT = "Prepayment"
WAYS = ("carrier", "bank", "wechat")
PORTIONS_MAX = 100
SHOWN_MAX = 100
KIND = "county_money"


@dataclass(frozen=True, slots=True)
class Sent:
    """Money that went down, as the list shows it."""

    station: str
    entity: str
    state: CountyMoney


@dataclass(frozen=True, slots=True)
class Open:
    """What a station can still be sent: a portion with what is left of it, and its field."""

    portion: Portion

    @property
    def field(self) -> str:
        """Return the name of its field in the form."""
        return f"{self.portion.purse}|{self.portion.owner}"


class Sendings:
    """The tab of money that goes down."""

    def __init__(self, desk: Desk) -> None:
        """Show and send money of one county."""
        self._desk = desk

    def endpoints(self) -> list[Endpoint]:
        """Return the page and the act."""
        page = roles.SENDINGS
        return [
            Endpoint("GET", "/finance/sendings", page, roles.LOOK, self.listing),
            Endpoint("GET", "/finance/sendings/{station}", page, roles.LOOK, self.listing),
            Endpoint("POST", "/finance/sendings/{station}", page, roles.DO, self.send),
            Endpoint("POST", "/finance/released/{station}", page, roles.DO, self.release),
        ]

    def listing(
        self, ask: Ask, trouble: str = "", status: int = 200, typed: dict[str, str] | None = None
    ) -> Response:
        """Show what was sent, for which stations something is open, and the form of one."""
        station = ask.path.get("station", "")
        with self._desk.frame.read() as connection:
            sent = read_sent(self._desk, connection)
            waiting = {
                code: sum(one.portion.amount_fen for one in found)
                for code in _stations(self._desk, connection)
                if (found := open_for(self._desk, connection, code))
            }
            found = open_for(self._desk, connection, station) if station else []
            known = station in places_by_code(connection)
            mark = self._mark(connection, station)
            owners = [one.portion.owner for one in found]
            names = self._desk.names(connection, station, owners)
            codes = [*waiting, *sorted(places_by_code(connection).keys() - waiting.keys())]
            stops = self._stops(connection, [station] if station else codes)
        if station and not known:
            status = 404
        return self._desk.page(
            "sendings.html",
            ask,
            status,
            sent=sent[:SHOWN_MAX],
            waiting=waiting,
            station=station if known else "",
            open=found,
            ways=WAYS,
            names=names,
            mark=mark,
            stops=stops,
            trouble=trouble,
            typed=typed or _proposed(found),
        )

    def _stops(
        self, connection: Connection, stations: list[str]
    ) -> dict[str, list[put_back.Lacking]]:
        county = self._desk.county
        return put_back.stopped_stations(county.store, connection, county.keys.epoch, stations)

    def release(self, ask: Ask) -> Response:
        """Let the county pay again for a station of which it lacks words of its own."""
        station, county = ask.path["station"], self._desk.county
        try:
            with writing(county, station, by=ask.member.code, now=ask.now) as pen:
                said = put_back.release(
                    county.store,
                    pen.connection,
                    county.keys.epoch,
                    station,
                    remark=ask.form.get("remark"),
                    day=local_day(ask.now),
                )
                pen.say(said)
        except put_back.NothingStopped as problem:
            refused = Refused(problem.reason)
            return self.listing(ask, self._desk.trouble(ask, refused), status_of(refused))
        return go(f"/finance/sendings/{station}", "payments_released")

    def _mark(self, connection: Connection, station: str) -> str:
        found = open_for(self._desk, connection, station) if station else []
        return mark_of(*((one.field, one.portion.amount_fen) for one in found))

    def send(self, ask: Ask) -> Response:
        """Send money down."""
        station, form = ask.path["station"], ask.form
        try:
            with writing(self._desk.county, station, by=ask.member.code, now=ask.now) as pen:
                if station not in places_by_code(pen.connection):
                    raise Refused("no_station")
                check_mark(lambda: self._mark(pen.connection, station), form.get("mark"))
                covers = _covers(open_for(self._desk, pen.connection, station), form.fields)
                if form.get("way") not in WAYS:
                    raise Refused("way")
                body = CountyMoneySentDown(
                    number=next_number(self._desk, pen.connection, station),
                    way=form.get("way"),
                    amount_fen=sum(portion.amount_fen for portion in covers),
                    covers=covers,
                    day=local_day(ask.now),
                )
                pen.say([Saying(body)])
        except Refused as refused:
            trouble = self._desk.trouble(ask, refused)
            return self.listing(ask, trouble, status_of(refused), dict(form.fields))
        return go(f"/finance/sendings/{station}", "sent_down")


def _proposed(found: list[Open]) -> dict[str, str]:
    """Return what the form begins with: all, but the prepayments that goods are bought with."""
    return {
        one.field: yuan_plain(one.portion.amount_fen)
        for one in found
        if one.portion.purse != PREPAYMENT
    }


def _covers(found: list[Open], fields: dict[str, str]) -> tuple[Portion, ...]:
    """Return the ticked portions with what was typed; raises Refused."""
    covers = []
    for one in found:
        typed = fields.get(one.field, "").strip()
        amount = parse_yuan(typed) if typed else 0
        if amount is None:
            raise Refused("amount")
        if amount > one.portion.amount_fen:
            raise Refused("more_than_open")
        if amount:
            covers.append(msgspec.structs.replace(one.portion, amount_fen=amount))
    if not covers:
        raise Refused("nothing_to_send")
    if len(covers) > PORTIONS_MAX:
        raise Refused("portions_many", most=PORTIONS_MAX)
    return tuple(covers)


def next_number(desk: Desk, connection: Connection, station: str) -> str:
    """Return the number of the paper that goes with the money: "NX0601-003", never twice.

    Counted under the lock of the station's stream; the station's code keeps stations apart.
    """
    facts = desk.county.store.tables.facts
    said = connection.execute(
        select(func.count()).where(
            facts.c.station == station, facts.c.kind == CountyMoneySentDown.KIND
        )
    ).scalar_one()
    return f"{station}-{said + 1:03}"


def open_for(desk: Desk, connection: Connection, station: str) -> list[Open]:
    """Return what the county holds for a station and has not sent yet, by purse."""
    owed: dict[tuple[str, str], int] = {}
    for (account, commodity), amount in balances(desk.county.store, connection, station).items():
        parts = account.split(":")
        if commodity != CNY:
            continue
        if account == COUNTY_CURRENT and amount > 0:
            owed["", ""] = amount
        elif parts[:2] == ["Liabilities", "Held"] and parts[-1] == COUNTY and amount < 0:
            owed[parts[2], parts[3]] = -amount
    # The current account owes the purses too (LEDGER §2): what it owes beyond them is its own.
    purses = sum(amount for key, amount in owed.items() if key != ("", ""))
    owed["", ""] = max(owed.get(("", ""), 0) - purses, 0)
    for coming in coming_to(desk, connection, station):
        for portion in coming.covers:
            key = portion.purse, portion.owner
            owed[key] = owed.get(key, 0) - portion.amount_fen
    return [
        Open(Portion(purse=purse, owner=owner, amount_fen=amount))
        for (purse, owner), amount in sorted(owed.items())
        if amount > 0
    ]


def coming_to(desk: Desk, connection: Connection, station: str) -> list[CountyMoney]:
    """Return the money that is on its way down to a station."""
    return [
        one.state
        for one in read_sent(desk, connection, station)
        if one.state.status == COMING and one.state.announced
    ]


def read_sent(desk: Desk, connection: Connection, station: str = "") -> list[Sent]:
    """Return the money that went down, the latest first. station: "" for all."""
    states = desk.county.store.tables.states
    query = select(states.c.station, states.c.entity, states.c.data).where(states.c.kind == KIND)
    if station:
        query = query.where(states.c.station == station)
    found = [
        Sent(row[0], row[1], msgspec.json.decode(bytes(row[2]), type=CountyMoney))
        for row in connection.execute(query)
    ]
    return sorted(found, key=lambda one: (one.state.day, one.state.number), reverse=True)


def _stations(desk: Desk, connection: Connection) -> list[str]:
    """Return the stations for which the county holds anything."""
    table = desk.county.store.tables.balances
    rows = connection.execute(
        select(table.c.station)
        .where(table.c.commodity == CNY, table.c.amount != 0)
        .where((table.c.account == COUNTY_CURRENT) | table.c.account.like(f"%:{COUNTY}"))
        .distinct()
        .order_by(table.c.station)
    )
    return [row[0] for row in rows]

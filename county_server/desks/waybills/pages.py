"""The desk of waybill numbers: which PCs run low, and a block given to one of them.

A block is the county's word on the station's stream: it lies at the counter before it is needed, so
that parcels are sent without a line. Given once, its numbers belong to that PC for ever.
"""

from sqlalchemy import Connection, select
from starlette.responses import Response

from county_server.cut_off import is_cut_off
from county_server.desks.desk import Desk, go, places_by_code, status_of
from county_server.desks.pen import Refused, check_mark, mark_of, writing
from county_server.desks.waybills import stocks
from county_server.staff import roles
from county_server.web.frame import Ask, Endpoint
from station_app.journal.fact import Saying
from station_app.services.sending.facts import WaybillsGranted
from station_app.values.day import local_day

SHOWN_MAX = 300
TYPED = ("device", "courier", "prefix", "first", "count")


class Waybills:
    """The page and the act of the desk."""

    def __init__(self, desk: Desk) -> None:
        """Give numbers to the stations of one county."""
        self._desk = desk

    def endpoints(self) -> list[Endpoint]:
        """Return the page and the act."""
        page, look, do = roles.WAYBILLS, roles.LOOK, roles.DO
        return [
            Endpoint("GET", "/waybills", page, look, self.listing),
            Endpoint("GET", "/waybills/{station}/{device}", page, look, self.listing),
            Endpoint("POST", "/waybills/{station}/{device}", page, do, self.grant),
        ]

    def listing(
        self, ask: Ask, trouble: str = "", status: int = 200, typed: dict[str, str] | None = None
    ) -> Response:
        """Show what every PC has left, and the form of one."""
        store = self._desk.county.store
        station, device = ask.path.get("station", ""), ask.path.get("device", "")
        with self._desk.frame.read() as connection:
            found = stocks.read_stocks(store, connection)
            known_couriers = stocks.couriers_of(connection, local_day(ask.now))
            couriers = stocks.that_send(store, connection, known_couriers)
            devices = self._devices(connection)
            mark = self._mark(connection)
        known = (station, device) in devices
        if station and not known:
            status = 404
        courier = ask.query.get("courier", "") or (typed or {}).get("courier", "")
        return self._desk.page(
            "waybills.html", ask, status, found=found[:SHOWN_MAX], couriers=couriers,
            called={one.code: one.name for one in couriers}, devices=devices, station=station,
            device=device, is_known=known, mark=mark, trouble=trouble,
            typed=typed or _proposed(found, station, device, courier),
            wanted=sum(one.is_wanted for one in found),
        )  # fmt: skip

    def _devices(self, connection: Connection) -> list[tuple[str, str]]:
        """Return the PCs that may get numbers: one that was cut off uses none of them."""
        keys = self._desk.county.store.tables.keys.c
        rows = connection.execute(
            select(keys.station, keys.device).distinct().order_by(keys.station, keys.device)
        )
        store = self._desk.county.store
        return [
            (row[0], row[1]) for row in rows if not is_cut_off(store, connection, row[0], row[1])
        ]

    def _mark(self, connection: Connection) -> str:
        """Return a mark of all that was given: two clerks never give the same numbers."""
        found = stocks.read_stocks(self._desk.county.store, connection)
        return mark_of(*(block.identity for one in found for block in one.state.blocks))

    def grant(self, ask: Ask) -> Response:
        """Give a block to a PC."""
        station, device, form = ask.path["station"], ask.path["device"], ask.form
        store = self._desk.county.store
        try:
            with writing(self._desk.county, station, by=ask.member.code, now=ask.now) as pen:
                if station not in places_by_code(pen.connection):
                    raise Refused("no_station")
                if (station, device) not in self._devices(pen.connection):
                    raise Refused("no_station")
                check_mark(lambda: self._mark(pen.connection), form.get("mark"))
                said = _read(ask, device)
                courier = next(
                    (one for one in stocks.couriers_of(pen.connection, local_day(ask.now))
                     if one.code == said.courier),
                    None,
                )  # fmt: skip
                wrong = stocks.wrong_block(said, courier, stocks.read_stocks(store, pen.connection))
                if wrong:
                    raise Refused(wrong)
                pen.say([Saying(said)])
        except Refused as refused:
            typed = {name: form.get(name) for name in TYPED}
            return self.listing(ask, self._desk.trouble(ask, refused), status_of(refused), typed)
        return go("/waybills", "waybills_granted")


def _read(ask: Ask, device: str) -> WaybillsGranted:
    """Return the block that the form names; raises Refused."""
    first, count = ask.form.get("first").strip(), ask.form.get("count").strip()
    prefix = ask.form.get("prefix").strip().upper()
    are_numbers = all(text.isascii() and text.isdigit() for text in (first, count))
    if not are_numbers or not (prefix == "" or (prefix.isascii() and prefix.isalnum())):
        raise Refused("waybill_block")
    return WaybillsGranted(
        device=device,
        courier=ask.form.get("courier"),
        prefix=prefix,
        first=int(first),
        count=int(count),
        width=len(first),
        day=local_day(ask.now),
    )


def _proposed(found: list[stocks.Stock], station: str, device: str, courier: str) -> dict[str, str]:
    """Return what the form begins with: the numbers that follow the last ones of this courier."""
    mine = [one for one in found if one.station == station and one.state.device == device]
    one = next((s for s in mine if courier in ("", s.state.courier) and s.state.blocks), None)
    count = str(stocks.COUNT_USUAL)
    if one is None:
        asked = next((s for s in mine if courier in ("", s.state.courier)), None)
        return {"courier": asked.state.courier if asked else courier, "count": count}
    block = one.state.blocks[-1]
    first = stocks.next_first(found, one.state.courier, block.prefix)
    return {
        "courier": one.state.courier,
        "prefix": block.prefix,
        "first": f"{first:0{block.width}}",
        "count": count,
    }

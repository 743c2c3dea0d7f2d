"""The desk of processing (加工改装): lots of a station go in, packs with new labels come out.

What goes together lies together: the desk shows the lots of one station and sort. The sums are
counted first (算一下), and what was said is found again under the packs, with their labels.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import segno
from sqlalchemy import Connection, and_, func, select
from starlette.responses import Response

from county_server.desks.desk import Desk, go, status_of
from county_server.desks.hub import arrivals, packing, selling, unpacking
from county_server.desks.hub.arrivals import Stock
from county_server.desks.hub.packing import Work
from county_server.desks.hub.station_lots import StationLot, states_of
from county_server.desks.pen import Refused, check_mark, mark_of, writing
from county_server.desks.produce.totals import read_names
from county_server.published import rule_on
from county_server.staff import roles
from county_server.store import Store
from county_server.web.frame import Ask, Endpoint
from station_app.services.consignment.facts import LotPacked
from station_app.services.consignment.lots import LOT
from station_app.services.consignment.taking import code_of
from station_app.values.day import local_day

SHOWN_MAX, GROUPS_MAX = 100, 60
LABELS_MAX = 300  # on one page: a pallet
FIRST_NUMBER, LAST_NUMBER = 801, 999  # of a station and day: no PC has the slots 8 and 9
QR_SCALE = 3


@dataclass(frozen=True, slots=True)
class Group:
    """What lies at the hub of one station and sort."""

    station: str
    produce: str
    stocks: tuple[Stock, ...]

    @property
    def mark(self) -> str:
        """Return a mark of what lies there: the same work sent twice is done once."""
        return mark_of(*((one.lot, one.state.at_hub) for one in self.stocks))


@dataclass(frozen=True, slots=True)
class Sticker:
    """One package's label. package: which of how many; each: how much, 0 where they differ."""

    lot: StationLot
    package: int
    packages: int
    each: int
    address: str
    code: str


class Packing:
    """The page, its act, and the labels."""

    def __init__(self, desk: Desk) -> None:
        """Pack for one county."""
        self._desk = desk

    def endpoints(self) -> list[Endpoint]:
        """Return the page and its act, and the labels."""
        look, do = roles.LOOK, roles.DO
        return [
            Endpoint("GET", "/hub/packing", roles.HUB, look, self.listing),
            Endpoint("POST", "/hub/packing", roles.HUB, do, self.work),
            Endpoint("POST", "/hub/packing/undo", roles.HUB, do, self.undo),
            Endpoint("GET", "/hub/labels/{station}/{lots}", roles.HUB, look, self.labels),
        ]

    def listing(
        self,
        ask: Ask,
        trouble: str = "",
        status: int = 200,
        typed: Mapping[str, str] | None = None,
        counted: Work | None = None,
    ) -> Response:
        """Show what lies at the hub by station and sort, and the form for one of them."""
        store, typed = self._desk.county.store, typed or {}
        with self._desk.frame.read() as connection:
            groups = _groups(arrivals.read_stock(store, connection))
            grades = arrivals.grades_by_sort(store, connection, local_day(ask.now))
            sorts = read_names(connection)
            station = typed.get("station", "") or ask.query.get("station", "")
            pack = typed.get("made", "") or ask.query.get("made", "")
            done = unpacking.read_done(store, connection, station, pack)
        produce = typed.get("produce", "") or ask.query.get("produce", "")
        chosen = next((g for g in groups if (g.station, g.produce) == (station, produce)), None)
        if chosen is None and groups and not station:
            chosen = groups[0]
        return self._desk.page(
            "packing.html", ask, status, trouble=trouble, groups=groups[:GROUPS_MAX],
            beyond=max(0, len(groups) - GROUPS_MAX), chosen=chosen, sorts=sorts, grades=grades,
            typed=typed, counted=counted, steps=packing.STEPS, lines=range(packing.PACKS),
            made=done, mark=chosen.mark if chosen else "",
        )  # fmt: skip

    # --- Acts ------------------------------------------------------------------------------------

    def work(self, ask: Ask) -> Response:
        """Count what was typed, or say it: inputs drawn and packs made, in one act."""
        form, store = ask.form, self._desk.county.store
        typed = {name: str(value) for name, value in form.fields.items() if name != "token"}
        station, produce = typed.get("station", ""), typed.get("produce", "")
        is_count, day = typed.get("act") != "do", local_day(ask.now)
        try:
            with writing(self._desk.county, station, by=ask.member.code, now=ask.now) as pen:
                stocks = arrivals.read_stock(store, pen.connection)
                groups = _groups(stocks)
                group = next((g for g in groups if (g.station, g.produce) == (station, produce)),
                             None)  # fmt: skip
                if group is None:
                    raise Refused("stale")
                work = packing.read_work(
                    selling.read_uses(group.stocks, typed, "packing_no_input"), typed
                )
                if not is_count:
                    check_mark(lambda: group.mark, typed.get("mark", ""))
                    codes = _codes(store, pen.connection, station, day, len(work.packs))
                    said = pen.say(packing.sayings_of(work, codes, day))
        except Refused as refused:
            trouble = self._desk.trouble(ask, refused)
            return self.listing(ask, trouble, status_of(refused), typed)
        if is_count:
            return self.listing(ask, typed=typed, counted=work)
        made = next(fact.identity for fact in said if fact.kind == LotPacked.KIND)
        return go(f"/hub/packing?station={station}&produce={produce}&made={made}", "hub_packed")

    def undo(self, ask: Ask) -> Response:
        """Take a work back, as long as all of it lies there."""
        form, store = ask.form, self._desk.county.store
        station, pack, produce = (form.get(name) for name in ("station", "made", "produce"))
        try:
            with writing(self._desk.county, station, by=ask.member.code, now=ask.now) as pen:
                done = unpacking.read_done(store, pen.connection, station, pack)
                if done.packs and not done.why_not:
                    check_mark(lambda: done.mark, form.get("mark"))
                pen.say(unpacking.undoing(done, local_day(ask.now)))
        except Refused as refused:
            typed = {"station": station, "produce": produce, "made": pack}
            return self.listing(ask, self._desk.trouble(ask, refused), status_of(refused), typed)
        return go(f"/hub/packing?station={station}&produce={produce}", "hub_unpacked")

    # --- Labels ----------------------------------------------------------------------------------

    def labels(self, ask: Ask) -> Response:
        """Show the labels of some lots, as they are printed: one for each package."""
        store = self._desk.county.store
        with self._desk.frame.read() as connection:
            found = _lots(store, connection, ask.path["station"], ask.path["lots"])
            sorts = read_names(connection)
            address = rule_on(store, connection, "trace.address", local_day(ask.now)).rstrip("/")
        valid = [lot for lot in found if not lot.state.unpacked]
        stickers = [one for lot in valid for one in _stickers(lot, address)][:LABELS_MAX]
        return self._desk.page(
            "packing_labels.html", ask, 200 if stickers else 404, stickers=stickers, sorts=sorts,
        )  # fmt: skip


def _groups(stocks: list[Stock]) -> list[Group]:
    """Return the stocks by station and sort, the oldest lot's first."""
    found: dict[tuple[str, str], list[Stock]] = {}
    for one in stocks:
        found.setdefault((one.station, one.state.produce), []).append(one)
    return [Group(*key, tuple(lots[:SHOWN_MAX])) for key, lots in found.items()]


def _lots(store: Store, connection: Connection, station: str, lots: str) -> list[StationLot]:
    """Return lots of a station by their identities, in the order in which they are named."""
    names = [name for name in lots.split(",")[: packing.PACKS] if name]
    if not names:
        return []
    table = store.tables.read[LOT.name].c
    wanted = and_(table.station == station, table.entity.in_(names))
    found = {lot: StationLot(at, lot, state) for at, lot, state in
             states_of(store, connection, wanted)}  # fmt: skip
    return [found[name] for name in names if name in found]


def _codes(store: Store, connection: Connection, station: str, day: str, count: int) -> list[str]:
    """Return trace codes for new lots of a station and day; "" where the county has no region."""
    region = rule_on(store, connection, "trace.region", day)
    table = store.tables.read[LOT.name].c
    like = code_of(region, station, day, FIRST_NUMBER)[:16]
    taken = connection.execute(
        select(func.max(func.substr(table.code, 17, 3))).where(
            table.station == station, table.code.like(f"{like}8%") | table.code.like(f"{like}9%")
        )
    ).scalar() if like else ""  # fmt: skip
    first = int(taken) + 1 if taken else FIRST_NUMBER
    numbers = range(first, first + count)
    return [code_of(region, station, day, n) if n <= LAST_NUMBER else "" for n in numbers]


def _stickers(one: StationLot, address: str) -> list[Sticker]:
    state, packages = one.state, max(1, one.state.packages)
    text = f"{address}/t/{state.code}" if address and state.code else state.code or one.number
    code = segno.make(text, error="m", micro=False).svg_inline(scale=QR_SCALE, border=2)
    each = 0 if state.quantity % packages else state.quantity // packages
    return [Sticker(one, n, packages, each, text, code) for n in range(1, packages + 1)]

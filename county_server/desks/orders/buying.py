"""Buying for many at once: by platform before its cut-off, row by row, orders taken over together.

A row of the buying list is one purchase at the platform for several villagers. Its price is judged
order by order, since each has a ceiling of its own: what fits is said, the rest stays and is told.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from sqlalchemy import Connection, select
from starlette.responses import Response

from county_server.desks.desk import Desk, go, places_by_code, status_of
from county_server.desks.orders import answers, file, queue
from county_server.desks.orders.queue import Goods, Line, Wanted
from county_server.desks.pen import Refused, check_mark, mark_of, writing
from county_server.goods_sheets import CUTOFF, PLATFORM_MAX
from county_server.published import platforms
from county_server.schema import EVERYWHERE
from county_server.scribe import EVERYBODY, Scribe
from county_server.staff import roles
from county_server.staff.accounts import StaffBook
from county_server.store import Store
from county_server.text_workbook import XLSX
from county_server.web.frame import NOT_KEPT, Ask, Endpoint
from station_app.journal.fact import Saying
from station_app.reference.facts import DatedPlatformPublished, PlatformPublished
from station_app.services.purchasing.rules import PLACED
from station_app.values.cells import cell_text
from station_app.values.day import is_day, local_day, local_time
from station_app.values.money import parse_yuan

ROWS_MAX = 200
FIND = ""  # the platform of what nobody has found yet


@dataclass(frozen=True, slots=True)
class Group:
    """What waits at one platform.

    cutoff: "11:00", "" for none; left: minutes until then, below 0 when it is past.
    """

    platform: str
    orders: int
    cutoff: str
    left: int | None


def cutoffs(store: Store, connection: Connection, day: str) -> dict[str, str]:
    """Return until when each platform is bought at on a day."""
    return {name: one.on(day) for name, one in platforms(store, connection).items()}


def platforms_of(line: Line, goods: dict[str, Goods]) -> set[str]:
    """Return at which platforms an order is bought; FIND for what nobody has found yet."""
    known = (goods.get(one.product) for one in line.state.lines if one.pieces)
    return {one.platform if one else FIND for one in known}


def groups(
    lines: Sequence[Line], goods: dict[str, Goods], until: dict[str, str], now: int
) -> list[Group]:
    """Return the platforms with what waits there, the nearest cut-off first."""
    counts: dict[str, int] = {}
    for line in lines:
        for platform in platforms_of(line, goods):
            counts[platform] = counts.get(platform, 0) + 1
    found = [
        Group(name, count, until.get(name, ""), _minutes(until.get(name, ""), now))
        for name, count in counts.items()
    ]
    return sorted(found, key=lambda one: (one.cutoff or "99", not one.platform, one.platform))


def _minutes(cutoff: str, now: int) -> int | None:
    if not cutoff:
        return None
    return _of_day(cutoff) - _of_day(local_time(now))


def _of_day(time: str) -> int:
    hours, minutes = time.split(":")[:2]
    return int(hours) * 60 + int(minutes)


def _list_of(
    store: Store, connection: Connection, platform: str
) -> tuple[list[Wanted], dict[str, Goods]]:
    """Return what is to be bought at a platform, and the goods of all that waits."""
    lines = [x for x in queue.read_orders(store, connection) if x.tab == queue.WAITING]
    codes = {one.product for line in lines for one in line.state.lines if one.product}
    goods = queue.goods_of(store, connection, codes)
    rows = queue.buying_list(lines, goods)
    return [row for row in rows if row.platform == platform], goods


def _former(ask: Ask, until: dict[str, str]) -> dict[str, str]:
    """Return what sets a cut-off back to what it was; {} where nothing was set just now."""
    name, was = ask.query.get("name", ""), ask.query.get("was", "")
    is_other = name in until and until[name] != was and CUTOFF.fullmatch(was) is not None
    return {"name": name, "cutoff": was} if is_other and ask.query.get("done") else {}


class Buying:
    """The acts on many orders, the list on paper, and the cut-offs."""

    def __init__(self, desk: Desk) -> None:
        """Buy for one county."""
        self._desk = desk

    def endpoints(self) -> list[Endpoint]:
        """Return the pages and acts."""
        page, look, do = roles.ORDERS, roles.LOOK, roles.DO
        return [
            Endpoint("GET", "/orders/list", page, look, self.paper),
            Endpoint("POST", "/orders/list/file", page, do, self.take_list),
            Endpoint("GET", "/orders/cutoffs", page, look, self.times),
            Endpoint("POST", "/orders/cutoffs", page, do, self.set_time),
            Endpoint("POST", "/orders/together", page, do, self.together),
        ]

    def paper(self, ask: Ask) -> Response:
        """Show the buying list of one platform for paper: goods, and what each station gets."""
        platform = ask.query.get("platform", "")
        with self._desk.frame.read() as connection:
            wanted, goods = _list_of(self._desk.county.store, connection, platform)
            until = cutoffs(self._desk.county.store, connection, local_day(ask.now))
        return self._desk.page(
            "orders_list.html", ask, wanted=wanted, platform=platform, today=local_day(ask.now),
            cutoff=until.get(platform, ""), pieces=sum(row.pieces for row in wanted), goods=goods,
            item_name=queue.item_name,
        )  # fmt: skip

    def take_list(self, ask: Ask) -> Response:
        """Send the buying list of one platform as a workbook, and note who took it."""
        county, platform = self._desk.county, ask.form.get("platform")
        with self._desk.frame.read() as connection:
            wanted, _ = _list_of(county.store, connection, platform)
            places = places_by_code(connection)
        with county.store.write() as connection:
            taken = cell_text(f"orders {platform} {len(wanted)}")
            StaffBook(county.store, connection).exported(ask.member.code, ask.now, taken)
        say = self._desk.words(ask.now).say
        heads = [say(f"order_file.{name}") for name in file.COLUMNS]
        headers = NOT_KEPT | {"Content-Disposition": 'attachment; filename="orders.xlsx"'}
        return Response(file.workbook(wanted, heads, places), media_type=XLSX, headers=headers)

    def times(self, ask: Ask, trouble: str = "", status: int = 200) -> Response:
        """Show until when each platform is bought at."""
        store, today = self._desk.county.store, local_day(ask.now)
        with self._desk.frame.read() as connection:
            known = platforms(store, connection)
            until = {name: one.on(today) for name, one in known.items()}
            plans = {name: one.planned(today) for name, one in known.items()}
            table = store.tables.read["product"]
            rows = connection.execute(
                select(table.c.platform).where(table.c.station == EVERYWHERE).distinct()
            )
            names = sorted({str(row[0]) for row in rows if row[0]} | set(until))
        typed = (
            {name: ask.form.get(name) for name in ("name", "cutoff", "from_day")} if trouble else {}
        )
        return self._desk.page(
            "orders_cutoffs.html", ask, status, until=until, platforms=names, tab="cutoffs",
            tabs=queue.TABS, trouble=trouble, typed=typed, undo=_former(ask, until), plans=plans,
        )  # fmt: skip

    def set_time(self, ask: Ask) -> Response:
        """Say until when a platform is bought at; all stations hear of it."""
        name, cutoff, from_day = (ask.form.get(one) for one in ("name", "cutoff", "from_day"))
        today = local_day(ask.now)
        try:
            if not name or len(name) > PLATFORM_MAX:
                raise Refused("order_platform")
            if not CUTOFF.fullmatch(cutoff):
                raise Refused("order_cutoff", found=cutoff)
            if from_day and not is_day(from_day):
                raise Refused("order_cutoff_day", found=from_day)
        except Refused as refused:
            return self.times(ask, self._desk.trouble(ask, refused), status_of(refused))
        county = self._desk.county
        said = {"name": name, "cutoff": cutoff, "day": today}
        body = (
            DatedPlatformPublished(**said, from_day=from_day)
            if from_day
            else PlatformPublished(**said)
        )
        with county.store.write() as connection:
            was = cutoffs(county.store, connection, today).get(name, "")
            scribe = Scribe(county.store, connection, county.keys, county.chance)
            scribe.say(EVERYBODY, [Saying(body)], by=ask.member.code, at=ask.now)
            scribe.seal()
        return go("/orders/cutoffs?" + urlencode({"name": name, "was": was}), "order_cutoff")

    def together(self, ask: Ask) -> Response:
        """Take ticked orders over, also those that were sought.

        ticked: "station/entity/mark" each. One that somebody else has answered meanwhile stays as
        it is; the others are said.
        """
        said, kept = 0, 0
        for text in ask.form.ticked("order")[:ROWS_MAX]:
            try:
                _say(self._desk, ask, text, None)
                said += 1
            except Refused:
                kept += 1
        find, platform = ask.form.get("find"), ask.form.get("platform")
        where = {"find": find} if find else {"platform": platform} if platform else {}
        back = "/orders?" + urlencode({**where, "said": said, "kept": kept})
        return go(back, "order_together" if said and not kept else "")


@dataclass(frozen=True, slots=True)
class Bought:
    """What came of a ticked row. fault: end of a text key, "" when all of it was bought."""

    key: str
    price: str
    number: str
    fault: str
    said: int = 0


def key_of(row: Wanted) -> str:
    """Return what names a row of the buying list in its form."""
    return row.code or row.lines[0].entity


def buy_rows(desk: Desk, ask: Ask) -> list[Bought]:
    """Buy the ticked rows, each for everybody who wants nothing else; judge each by itself.

    A row whose price or number is no good is left with what was typed. An order that somebody else
    has answered meanwhile, or whose ceiling is too low, stays as it is; the others are said.
    """
    found = []
    for key in ask.form.ticked("row")[:ROWS_MAX]:
        price, number = ask.form.get(f"price_{key}"), ask.form.get(f"number_{key}")
        fen = parse_yuan(price)
        if fen is None or not fen or not number:
            found.append(Bought(key, price, number, "typed"))
            continue
        said, faults = 0, set[str]()
        for text in ask.form.ticked(f"order_{key}")[:ROWS_MAX]:
            try:
                _say(desk, ask, text, int(fen), number)
                said += 1
            except Refused as refused:
                faults.add(refused.reason)
        fault = next((name for reason, name in FAULTS.items() if reason in faults), "")
        found.append(Bought(key, price, number, fault or ("other" if faults else ""), said))
    return found


FAULTS = {"order_too_dear": "dear", "order_blocked": "blocked", "stale": "stale"}


def _say(desk: Desk, ask: Ask, mark: str, price_fen: int | None, number: str = "") -> None:
    """Take one order over, or buy it at the price of a piece; raises Refused."""
    county, (station, entity, seen) = desk.county, (*mark.split("/"), "", "")[:3]
    with writing(county, station, by=ask.member.code, now=ask.now) as pen:
        check_mark(lambda: mark_of(queue.last_word(county, pen.connection, station, entity)), seen)
        state = queue.find_order(county.store, pen.connection, station, entity)
        if state is None:
            raise Refused("no_order")
        codes = [line.product for line in state.lines if line.product]
        if queue.why_blocked(state, queue.goods_of(county.store, pen.connection, codes)):
            raise Refused("order_blocked", why="")
        day = local_day(ask.now)
        if price_fen is None:
            said = answers.accept(state, {}, entity, day)
        elif len(state.lines) != 1:
            raise Refused("order_amount")
        else:
            fen = price_fen * state.lines[0].pieces
            typed = {"price": f"{fen // 100}.{fen % 100:02}", "number": number}
            typed["platform"] = ask.form.get("platform") or ask.form.get("where")
            said = answers.buy(state, typed, entity, day)
        pen.say([Saying(body, entity=entity) for body in said])


def marks_of(lines: Sequence[Line]) -> dict[str, str]:
    """Return what a tick of each order says, by its identity."""
    return {line.entity: f"{line.station}/{line.entity}/{mark_of(line.last)}" for line in lines}


def may_be_taken_over(line: Line) -> bool:
    """Tell whether nobody has taken an order over yet."""
    return line.state.status == PLACED

"""The figures of the county's pages: asked of the read tables, and of nothing else.

Tables are named here, not imported: the pages stand on what every fold of the shared vocabulary
leaves behind (`Columns`, with the station before it, and which facts were folded), whichever
program filled the tables. All questions name their stations, so that each is a few steps into an
index that begins with it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Any

import msgspec
from sqlalchemy import (
    ColumnClause,
    ColumnElement,
    Connection,
    Select,
    and_,
    case,
    column,
    false,
    func,
    or_,
    select,
    table,
)

from county_server.dashboard.rows import (
    Contact,
    County,
    Day,
    DoneAlone,
    Drawer,
    OnHand,
    Operator,
    Parcels,
    Place,
    Row,
    StationPage,
)
from station_app.journal.series import printed_number
from station_app.reference.couriers import COURIER, Courier, CourierRules, rules_on
from station_app.values.day import add_days, local_day

ON_HAND, HANDED_OVER, RETURNED = "on_hand", "handed_over", "returned"
CLOSED = "closed"
ALONE_SHOWN = 20  # the latest: whoever reviews them looks every week

_stations = table(
    "stations",
    *map(column, ("code", "name", "level", "parent", "township", "village", "status")),
)
_couriers = table("couriers", *map(column, ("code", "name")))
_courier = msgspec.json.Decoder(Courier).decode
_states = table("states", *map(column, ("kind", "data")))
_parcels = table(
    "parcels",
    *map(
        column, ("station", "courier", "status", "day_in", "closed_day", "cod_fen", "freight_fen")
    ),
)
_shifts = table(
    "shifts",
    *map(
        column,
        (
            "station", "entity", "device", "day", "opened_at", "closed_at", "number",
            "difference_fen",
        ),
    ),
)  # fmt: skip
_vouchers = table(
    "vouchers",
    *map(column, ("station", "entity", "device", "day", "number", "reason", "amount_fen", "alone")),
)
# Which facts were folded into an entity: the start in which one was said marks its paper's number.
_folds = table("folds", *map(column, ("station", "root", "at", "identity", "stream")))
_operators = table("operators", *map(column, ("station", "name", "role", "has_left")))


def read_county(
    connection: Connection,
    contacts: Iterable[Contact],
    now: int,
    *,
    only: frozenset[str] | None = None,
) -> County:
    """Read the whole county at one moment, or `only` these stations of it.

    It shows every village station that is not closed, and whichever other place has ever spoken.
    """
    by_station = _contacts_by_station(contacts)
    places = {place.code: place for place in read_places(connection)}
    shown = [
        place
        for place in places.values()
        if (place.level == "village" and place.status != CLOSED) or place.code in by_station
    ]
    shown += [Place(code, code) for code in by_station if code not in places]
    shown = [place for place in shown if only is None or place.code in only]
    codes = sorted(place.code for place in shown)
    today = local_day(now)
    parcels = read_parcels(connection, codes, today)
    drawers = read_drawers(connection, codes, add_days(today, -1), add_days(today, -1))
    rows = [
        Row(
            place,
            now,
            by_station.get(place.code, ()),
            parcels.get(place.code, Parcels()),
            tuple(drawers.get(place.code, ())),
        )
        for place in sorted(shown, key=lambda place: place.code)
    ]
    return County(now, _name_of_county(places.values()), tuple(rows))


def _name_of_county(places: Iterable[Place]) -> str:
    return next((place.name for place in places if place.level == "county"), "")


def _contacts_by_station(contacts: Iterable[Contact]) -> dict[str, tuple[Contact, ...]]:
    ordered = sorted(contacts, key=lambda c: (c.station, -c.last_heard_at, c.device))
    return {code: tuple(group) for code, group in groupby(ordered, key=lambda c: c.station)}


def read_places(connection: Connection) -> list[Place]:
    """Return every place that the county has described, by code."""
    c = _stations.c
    query = select(c.code, c.name, c.level, c.township, c.village, c.status).order_by(c.code)
    return [Place(*row) for row in connection.execute(query)]


def read_parents(connection: Connection) -> dict[str, str]:
    """Return for each place the one above it, "" for the county."""
    c = _stations.c
    return {row[0]: row[1] for row in connection.execute(select(c.code, c.parent))}


# --- Parcels -------------------------------------------------------------------------------------


def courier_names(connection: Connection) -> dict[str, str]:
    """Return what couriers are called, by code."""
    c = _couriers.c
    return {str(code): str(name) for code, name in connection.execute(select(c.code, c.name))}


def read_couriers(connection: Connection, day: str) -> list[CourierRules]:
    """Return what holds of each courier on a day, in the order in which they are asked."""
    c = _states.c
    rows = connection.execute(select(c.data).where(c.kind == COURIER.name))
    found = [rules_on(_courier(bytes(data)), day) for (data,) in rows]
    return sorted(found, key=lambda one: (one.priority, one.code))


def _aged(days_by_courier: Mapping[str, int], today: str) -> ColumnElement[int]:
    """Return the count of parcels that have been here for their courier's days."""
    c = _parcels.c
    ordered = sorted(days_by_courier, key=lambda code: (days_by_courier[code], code))
    ages = [
        and_(c.courier.in_(list(codes)), c.day_in <= add_days(today, -days))
        for days, codes in groupby(ordered, key=lambda code: days_by_courier[code])
        if days
    ]
    return func.sum(case((or_(false(), *ages), 1), else_=0))


def _waits(connection: Connection, today: str) -> tuple[ColumnElement[int], ColumnElement[int]]:
    couriers = read_couriers(connection, today)
    return (
        _aged({courier.code: courier.remind_days for courier in couriers}, today),
        _aged({courier.code: courier.return_days for courier in couriers}, today),
    )


def read_parcels(connection: Connection, codes: Sequence[str], today: str) -> dict[str, Parcels]:
    """Return the parcels of these stations; those without any are left out."""
    c = _parcels.c
    here = c.station.in_(list(codes))
    came = _counts(connection, c.station, here, c.day_in == today)
    ways = {
        status: _counts(connection, c.station, here, c.closed_day == today, c.status == status)
        for status in (HANDED_OVER, RETURNED)
    }
    overdue, to_return = _waits(connection, today)
    standing = (
        select(c.station, func.count(), overdue, to_return)
        .where(here, c.status == ON_HAND)
        .group_by(c.station)
    )
    on_hand = {row[0]: (row[1], int(row[2]), int(row[3])) for row in connection.execute(standing)}
    return {
        code: Parcels(
            came.get(code, 0),
            ways[HANDED_OVER].get(code, 0),
            ways[RETURNED].get(code, 0),
            *on_hand.get(code, (0, 0, 0)),
        )
        for code in {*came, *ways[HANDED_OVER], *ways[RETURNED], *on_hand}
    }


def _counts(
    connection: Connection, by: ColumnClause[Any], *where: ColumnElement[bool]
) -> dict[str, int]:
    """Return how many parcels there are for each value of a column."""
    query = select(by, func.count()).where(*where).group_by(by)
    return {str(row[0]): int(row[1]) for row in connection.execute(query)}


def read_on_hand(connection: Connection, code: str, today: str) -> list[OnHand]:
    """Return what stands at a station, the courier with most parcels first."""
    c = _parcels.c
    names = courier_names(connection)
    overdue, to_return = _waits(connection, today)
    due = func.sum(c.cod_fen + c.freight_fen)
    query = (
        select(c.courier, func.count(), overdue, to_return, due)
        .where(c.station == code, c.status == ON_HAND)
        .group_by(c.courier)
    )
    found = [
        OnHand(code, names.get(code, code), count, int(late), int(back), int(due_fen))
        for code, count, late, back, due_fen in connection.execute(query)
    ]
    return sorted(found, key=lambda one: (-one.count, one.courier))


# --- Shifts and days -----------------------------------------------------------------------------


def read_drawers(
    connection: Connection, codes: Sequence[str], first: str, last: str
) -> dict[str, list[Drawer]]:
    """Return the shifts of these business days by station, in the order of opening."""
    c = _shifts.c
    query = (
        _drawers()
        .where(c.station.in_(list(codes)), c.day.between(first, last))
        .order_by(c.station, c.opened_at, c.device)
    )
    found: dict[str, list[Drawer]] = {}
    for station, *drawer in connection.execute(query):
        found.setdefault(station, []).append(_drawer(drawer))
    return found


def _drawers() -> Select[Any]:
    """Ask for shifts: the station, what is in a `Drawer`, and the stream that closed it."""
    c, f = _shifts.c, _folds.c
    its_close = and_(f.station == c.station, f.root == c.entity, f.at == c.closed_at)
    stream = select(func.max(f.stream)).where(its_close).scalar_subquery()
    return select(
        c.station, c.device, c.day, c.opened_at, c.closed_at, c.number, c.difference_fen, stream
    )


def _drawer(shift: Sequence[Any]) -> Drawer:
    *its, stream = shift
    drawer = Drawer(*its)
    if not (drawer.number and stream):
        return drawer
    return replace(drawer, slip=printed_number(drawer.number, stream))


def read_station(
    connection: Connection, contacts: Iterable[Contact], *, code: str, now: int, days: int
) -> StationPage | None:
    """Read one station with its last so many days; None if nobody has ever heard of it."""
    its = _contacts_by_station(c for c in contacts if c.station == code).get(code, ())
    places = read_places(connection)
    place = next((place for place in places if place.code == code), None)
    if place is None and not its:
        return None
    today = local_day(now)
    drawers = read_drawers(connection, [code], add_days(today, -days), "9999").get(code, [])
    row = Row(
        place or Place(code, code),
        now,
        its,
        read_parcels(connection, [code], today).get(code, Parcels()),
        tuple(drawer for drawer in drawers if drawer.day == add_days(today, -1)),
    )
    return StationPage(
        row,
        _name_of_county(places),
        tuple(_days(connection, row, drawers, days)),
        tuple(_open_drawers(connection, code)),
        tuple(read_on_hand(connection, code, today)),
        tuple(_operators_of(connection, code)),
        tuple(_done_alone(connection, code)),
    )


def _days(connection: Connection, row: Row, drawers: Sequence[Drawer], count: int) -> Iterable[Day]:
    """Yield the last days, today first."""
    c, code, today = _parcels.c, row.place.code, local_day(row.now)
    first = add_days(today, 1 - count)
    came, left = (
        _counts(connection, day, c.station == code, day.between(first, today))
        for day in (c.day_in, c.closed_day)
    )
    for back in range(count):
        day = add_days(today, -back)
        heard = row.heard_on(day)
        yield Day(
            day,
            came.get(day, 0) if heard or day in came else None,
            left.get(day, 0) if heard or day in left else None,
            tuple(drawer for drawer in drawers if drawer.day == day),
            # A whole day has been heard of only if somebody spoke after its end.
            is_heard=row.heard_on(add_days(day, 1)) or (day == today and row.is_online),
        )


def _open_drawers(connection: Connection, code: str) -> Iterable[Drawer]:
    c = _shifts.c
    query = _drawers().where(c.station == code, c.closed_at == 0).order_by(c.opened_at, c.device)
    for _, *found in connection.execute(query):
        yield _drawer(found)


def _done_alone(connection: Connection, code: str) -> Iterable[DoneAlone]:
    c, f = _vouchers.c, _folds.c
    founding = and_(f.station == c.station, f.root == c.entity, f.identity == c.entity)
    stream = select(func.max(f.stream)).where(founding).scalar_subquery()
    query = (
        select(c.device, c.day, c.number, c.reason, c.amount_fen, stream)
        .where(c.station == code, c.alone == 1)
        .order_by(c.day.desc(), c.device, c.number.desc())
        .limit(ALONE_SHOWN)
    )
    for device, day, number, reason, amount_fen, its in connection.execute(query):
        printed = printed_number(number, its) if its else str(number)
        yield DoneAlone(device, day, printed, reason, amount_fen)


def _operators_of(connection: Connection, code: str) -> Iterable[Operator]:
    c = _operators.c
    query = (
        select(c.name, c.role)
        .where(c.station == code, c.has_left == 0)
        .order_by(c.role, c.name)  # `manager` comes before `operator`
    )
    for found in connection.execute(query):
        yield Operator(*found)

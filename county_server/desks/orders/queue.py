"""Orders as the desk looks at them: what is to be bought, what waits, what is on its way.

Everything is read from the folded orders of all stations; the desk keeps nothing beside them. The
buying list puts the same goods of several stations into one row; what the catalogue does not have
is a row of its own.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import msgspec
from sqlalchemy import Connection, func, select

from county_server.county import County
from county_server.dashboard.rows import Place
from county_server.desks.orders.completions import Asked, read_completions, wanting, words_now
from county_server.desks.pen import last_of
from county_server.schema import EVERYWHERE
from county_server.store import Store
from station_app.services.purchasing.facts import (
    OrderCancellationAsked,
    OrderLine,
    OrderRemark,
    OrderWords,
)
from station_app.services.purchasing.rules import (
    ACCEPTED,
    BOUGHT,
    CANCELLED,
    PICKED_UP,
    PLACED,
    SHIPPED,
    Order,
)

KIND = "order"
WAITING, ASKED, NUMBERS, WAY, BACK, OVER = "waiting", "asked", "numbers", "way", "back", "over"
OWN = "own"  # what villagers ordered on their own accounts: counted only
TABS = (WAITING, ASKED, NUMBERS, WAY, BACK, OVER)
OK = "ok"
_order = msgspec.json.Decoder(Order).decode
_words = msgspec.json.Decoder(OrderWords).decode
_remark = msgspec.json.Decoder(OrderRemark).decode


@dataclass(frozen=True, slots=True)
class Goods:
    """Goods of the catalogue as the desk names them. why_not: why nobody may order them."""

    name: str
    spec: str
    platform: str
    why_not: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """An order of one station. words: what it says; at: when it was placed, UTC ms.

    last: the last facts about it, by which a page knows whether it was overtaken; asked: what the
    station was to complete of it, in turn.
    """

    station: str
    entity: str
    state: Order
    words: OrderWords
    at: int
    last: str = ""
    asked: tuple[Asked, ...] = ()

    @property
    def wanting(self) -> Asked | None:
        """Return what the station is still to complete."""
        return wanting(self.state, self.asked)

    @property
    def tab(self) -> str:
        """Return where it belongs: what is asked of the county goes before everything else."""
        state = self.state
        if state.status in (PICKED_UP, CANCELLED):
            return BACK if has_open_return(state) else OVER
        if state.is_cancellation_asked:
            return BACK
        if state.quote_fen or (state.swap.offer and not state.swap.answer):
            return ASKED
        if self.wanting is not None:
            return ASKED
        return {PLACED: WAITING, ACCEPTED: WAITING, BOUGHT: NUMBERS, SHIPPED: WAY}[state.status]

    @property
    def ceiling_fen(self) -> int:
        """Return above which price of the whole order the villager is asked."""
        return max(self.state.goods_fen, sum(line.ceiling_fen for line in self.state.lines))


@dataclass(slots=True)
class Wanted:
    """A row of the buying list: the same goods, whoever ordered them.

    code: in the catalogue, "" for what is none of it; ceiling_fen: the lowest that somebody set
    for one piece.
    """

    code: str
    name: str
    spec: str
    platform: str
    why_not: str = ""
    pieces: int = 0
    ceiling_fen: int = 0
    lines: list[Line] = field(default_factory=list)

    @property
    def alone(self) -> list[Line]:
        """Return the orders that want nothing else: they are bought with the row."""
        return [line for line in self.lines if len(line.state.lines) == 1]

    @property
    def stations(self) -> int:
        """Return how many stations want it."""
        return len({line.station for line in self.lines})


def pieces_alone(row: Wanted) -> int:
    """Return how many pieces are bought with the row itself."""
    return sum(line.state.lines[0].pieces for line in row.alone)


def has_open_return(state: Order) -> bool:
    """Tell whether goods came back and the county has not said what becomes of it."""
    return bool(state.open_backs)


def read_orders(store: Store, connection: Connection, since: str = "") -> list[Line]:
    """Return the orders of every station, the oldest first.

    since: the day from which those that are over count, "" for none of them.
    """
    table, states, facts = store.tables.read[KIND], store.tables.states, store.tables.facts
    privates = store.tables.privates
    over = table.c.status.in_((PICKED_UP, CANCELLED))
    wanted = ~over | (table.c.closed_day >= since) if since else ~over
    rows = connection.execute(
        select(
            states.c.station,
            states.c.entity,
            states.c.data,
            facts.c.at,
            privates.c.part,
            states.c.identity,
        )
        .join(
            table,
            (table.c.station == states.c.station) & (table.c.entity == states.c.entity),
        )
        .join(
            facts,
            (facts.c.station == states.c.station) & (facts.c.identity == states.c.entity),
        )
        .outerjoin(
            privates,
            (privates.c.station == states.c.station) & (privates.c.identity == states.c.entity),
        )
        .where(states.c.kind == KIND, wanted)
    )
    asked = read_completions(store, connection, since=since)
    found = [_line(*row, asked.get((row[0], row[1]), ())) for row in rows]
    kept = (line for line in found if line.state.founder)
    return sorted(kept, key=lambda line: (line.at, line.entity))


def _line(  # noqa: PLR0913 - the columns of the row
    station: str,
    entity: str,
    data: bytes,
    at: int,
    part: bytes | None,
    last: str,
    asked: Sequence[Asked],
) -> Line:
    words = words_now(_words(bytes(part)) if part else OrderWords(), asked)
    state = _order(bytes(data))
    return Line(station, entity, state, words, at, _last(last, asked), tuple(asked))


def _last(last: str, asked: Sequence[Asked]) -> str:
    """Return by what a page is known to be overtaken: the last word on order and question."""
    return f"{last} {asked[-1].last}" if asked else last


def last_word(county: County, connection: Connection, station: str, entity: str) -> str:
    """Return the last facts about an order, as `Line.last` has them."""
    asked = read_completions(county.store, connection, (station, entity))
    last = last_of(county, connection, station, KIND, entity)
    return _last(last, asked.get((station, entity), ()))


def find_order(store: Store, connection: Connection, station: str, entity: str) -> Order | None:
    """Return one order; None if it is not here, or only answers to it are."""
    states = store.tables.states
    row = connection.execute(
        select(states.c.data).where(
            states.c.station == station, states.c.kind == KIND, states.c.entity == entity
        )
    ).one_or_none()
    state = _order(bytes(row[0])) if row else None
    return state if state is not None and state.founder else None


def asked_by(store: Store, connection: Connection, station: str, entity: str, kind: str) -> str:
    """Return the last fact of a station that asked something about an order."""
    facts = store.tables.facts
    row = connection.execute(
        select(facts.c.identity)
        .where(facts.c.station == station, facts.c.entity == entity, facts.c.kind == kind)
        .order_by(facts.c.at.desc(), facts.c.identity.desc())
        .limit(1)
    ).first()
    return str(row[0]) if row else entity


def wish_of(store: Store, connection: Connection, line: Line) -> str:
    """Return what the villager wants instead, in words, where she asked to call an order off."""
    if not line.state.is_cancellation_asked:
        return ""
    asked = asked_by(store, connection, line.station, line.entity, OrderCancellationAsked.KIND)
    privates = store.tables.privates.c
    part = connection.execute(
        select(privates.part).where(privates.station == line.station, privates.identity == asked)
    ).scalar()
    return _remark(bytes(part)).remark if part else ""


def goods_of(store: Store, connection: Connection, codes: Iterable[str]) -> dict[str, Goods]:
    """Return the goods of the catalogue with these codes."""
    table = store.tables.read["product"]
    rows = connection.execute(
        select(
            table.c.code, table.c.name, table.c.spec, table.c.platform, table.c.policy,
            table.c.remark,
        ).where(table.c.station == EVERYWHERE, table.c.code.in_(sorted(set(codes))))
    )  # fmt: skip
    return {
        code: Goods(name, spec, platform, "" if policy == OK else remark or policy)
        for code, name, spec, platform, policy, remark in rows
    }


def item_name(line: Line, number: int, goods: Mapping[str, Goods]) -> str:
    """Return what a line of an order is, as it was said at the counter.

    Where other goods came in its place the words are of the former ones; then the catalogue says.
    """
    said = line.words.items[number] if number < len(line.words.items) else ""
    known = goods.get(line.state.lines[number].product)
    if known is not None and known.name not in said:
        return known.name
    return said or "—"


def buying_list(lines: Sequence[Line], goods: Mapping[str, Goods]) -> list[Wanted]:
    """Return what is to be bought, goods by goods, platform by platform."""
    found: dict[str, Wanted] = {}
    for line in lines:
        for number, part in enumerate(line.state.lines):
            if not part.pieces:
                continue
            key = part.product or f"{line.entity}/{number}"
            if key not in found:
                known = goods.get(part.product)
                found[key] = Wanted(
                    code=part.product,
                    name=known.name if known else item_name(line, number, goods),
                    spec=known.spec if known else "",
                    platform=known.platform if known else "",
                    why_not=known.why_not if known else "",
                )
            _add(found[key], line, part)
    return sorted(found.values(), key=lambda row: (row.platform or "~", row.name))


def _add(row: Wanted, line: Line, part: OrderLine) -> None:
    each_fen = part.ceiling_fen // max(1, part.pieces)
    row.pieces += part.pieces
    row.ceiling_fen = min(row.ceiling_fen or each_fen, each_fen)
    row.lines.append(line)


def why_blocked(state: Order, goods: Mapping[str, Goods]) -> str:
    """Return why an order may not be bought, "" if it may: checked here again."""
    reasons = (goods[one.product].why_not for one in state.lines if one.product in goods)
    return next((reason for reason in reasons if reason), "")


def is_found(
    line: Line, typed: str, goods: Mapping[str, Goods], places: Mapping[str, Place]
) -> bool:
    """Tell whether an order is one that was sought: by number, waybill, slip, station or goods."""
    state, place = line.state, places.get(line.station)
    names = [item_name(line, number, goods) for number in range(len(state.lines))]
    told = (state.number, state.waybill, line.station, place.name if place else "", *names)
    return typed == str(state.slip) or any(typed.upper() in one.upper() for one in told if one)


@dataclass(frozen=True, slots=True)
class OwnSum:
    """What villagers of one station ordered on their own accounts in a month."""

    station: str
    platform: str
    count: int
    fen: int


def own_orders(store: Store, connection: Connection, month: str) -> list[OwnSum]:
    """Return the orders of villagers' own accounts in a month, by station and platform."""
    table = store.tables.read["own_order"]
    rows = connection.execute(
        select(table.c.station, table.c.platform, func.count(), func.sum(table.c.amount_fen))
        .where(table.c.day.between(f"{month}-00", f"{month}-99"), table.c.person != "")
        .group_by(table.c.station, table.c.platform)
        .order_by(table.c.station, table.c.platform)
    )
    return [OwnSum(str(s), str(p), int(n), int(fen or 0)) for s, p, n, fen in rows]

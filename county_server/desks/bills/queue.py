"""Bills as the desk looks at them: what waits, what is over, what looks like the same one twice.

Everything is read from the folded bills of all stations; the desk keeps nothing beside them.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import msgspec
from sqlalchemy import Connection, select

from county_server.schema import EVERYWHERE
from county_server.store import Store
from station_app.ledger.accounts import REFUNDS_DUE, refund_due
from station_app.ledger.posting import CNY
from station_app.reference.billers import Biller, BillerTerms
from station_app.services.bills.rules import FAILED, PAID, QUEUED, REVERSED, Bill
from station_app.values.day import days_between
from station_app.values.masks import mask_account

WAITING, OVER, SENT_BACK, DAILY = "waiting", "over", "back", "day"
STATUSES = {WAITING: (QUEUED,), OVER: (PAID,), SENT_BACK: (FAILED, REVERSED)}
KIND = "bill"
_bill = msgspec.json.Decoder(Bill).decode
_biller = msgspec.json.Decoder(Biller).decode


@dataclass(frozen=True, slots=True)
class Line:
    """A bill of one station. account: masked; is_twin: the same is there once more.

    last: identity of the last fact about it, by which a page knows whether it was overtaken.
    is_owed: its money has not been given back yet.
    """

    station: str
    entity: str
    state: Bill
    at: int
    account: str
    is_twin: bool = False
    last: str = ""
    is_owed: bool = False

    def is_due(self, today: str) -> bool:
        """Tell whether the villager was promised an answer by today or before."""
        return bool(self.state.due_day) and self.state.due_day <= today

    @property
    def whole_fen(self) -> int:
        """Return what the villager paid in."""
        return self.state.amount_fen + self.state.fee_fen


@dataclass(frozen=True, slots=True)
class DaySum:
    """What came of the bills of one biller on one day."""

    biller: str
    taken: int = 0
    taken_fen: int = 0
    paid: int = 0
    paid_fen: int = 0
    back: int = 0
    back_fen: int = 0


def read_bills(
    store: Store, connection: Connection, statuses: Iterable[str], since: str = ""
) -> list[Line]:
    """Return the bills of every station that stand so, the nearest deadline first.

    since: the day from which they were taken in, "" for all.
    """
    table, states, facts = store.tables.read[KIND], store.tables.states, store.tables.facts
    rows = connection.execute(
        select(states.c.station, states.c.entity, states.c.data, facts.c.at, states.c.identity)
        .join(
            table,
            (table.c.station == states.c.station) & (table.c.entity == states.c.entity),
        )
        .join(
            facts,
            (facts.c.station == states.c.station) & (facts.c.identity == states.c.entity),
        )
        .where(states.c.kind == KIND, table.c.status.in_(list(statuses)), table.c.day >= since)
    )
    found = [_line(row[0], row[1], _bill(bytes(row[2])), row[3], str(row[4])) for row in rows]
    return sorted(found, key=lambda line: (line.state.due_day or "9", line.at, line.entity))


def _line(station: str, entity: str, state: Bill, at: int, last: str) -> Line:
    return Line(station, entity, state, at, mask_account(state.account_no), last=last)


def marked(waiting: Sequence[Line], over: Iterable[Line] = ()) -> list[Line]:
    """Return what waits, with a mark on each that is there more than once.

    The same account and amount at the same biller, taken in within two days of each other, also
    where another station took it, or where one of them is paid already.
    """
    every = [*waiting, *over]
    keys = Counter(map(_same, every))
    found = []
    for line in waiting:
        others = [one for one in every if _same(one) == _same(line) and one.entity != line.entity]
        is_twin = keys[_same(line)] > 1 and any(_is_near(line, one) for one in others)
        found.append(replace(line, is_twin=is_twin))
    return found


def sent_back(store: Store, connection: Connection, since: str) -> list[Line]:
    """Return what was not paid, what is still owed back first.

    since: the day from which they were taken in; older ones only while they are owed.
    """
    b = store.tables.balances.c
    rows = connection.execute(
        select(b.station, b.account).where(
            b.commodity == CNY, b.amount < 0, b.account.like(f"{REFUNDS_DUE}%")
        )
    )
    owed = {(str(station), str(account)) for station, account in rows}
    found = [
        replace(line, is_owed=(line.station, refund_due(line.entity)) in owed)
        for line in read_bills(store, connection, STATUSES[SENT_BACK])
    ]
    kept = [line for line in found if line.is_owed or line.state.day >= since]
    kept.sort(key=lambda line: line.state.answered_day, reverse=True)
    return sorted(kept, key=lambda line: not line.is_owed)


def _same(line: Line) -> tuple[str, str, int]:
    return line.state.biller, line.state.account_no, line.state.amount_fen


def _is_near(one: Line, other: Line) -> bool:
    return bool(one.state.account_no) and abs(days_between(one.state.day, other.state.day)) <= 1


def find_bill(store: Store, connection: Connection, station: str, entity: str) -> Bill | None:
    """Return one bill; None if it is not here, or only answers to it are."""
    states = store.tables.states
    row = connection.execute(
        select(states.c.data).where(
            states.c.station == station, states.c.kind == KIND, states.c.entity == entity
        )
    ).one_or_none()
    state = _bill(bytes(row[0])) if row else None
    return state if state is not None and state.founder else None


def terms_of(store: Store, connection: Connection, day: str) -> dict[str, BillerTerms]:
    """Return the rules of every biller on a day, by code; before its first day, its first."""
    states = store.tables.states
    rows = connection.execute(
        select(states.c.data).where(states.c.station == EVERYWHERE, states.c.kind == "biller")
    )
    known = [_biller(bytes(row[0])) for row in rows]
    named = [one.on(day) or one.versions[0] for one in known]
    return {terms.code: terms for terms in sorted(named, key=lambda t: (t.place, t.code))}


def day_sums(lines: Iterable[Line], day: str) -> list[DaySum]:
    """Return what was taken in, paid and given back on a day, biller by biller."""
    sums: dict[str, DaySum] = {}
    for line in lines:
        state = line.state
        before = sums.get(state.biller, DaySum(state.biller))
        sums[state.biller] = DaySum(
            state.biller,
            before.taken + (state.day == day),
            before.taken_fen + (line.whole_fen if state.day == day else 0),
            before.paid + _answered(state, day, (PAID,)),
            before.paid_fen + _answered(state, day, (PAID,)) * state.amount_fen,
            before.back + _answered(state, day, (FAILED, REVERSED)),
            before.back_fen + _answered(state, day, (FAILED, REVERSED)) * line.whole_fen,
        )
    kept = [one for one in sums.values() if one.taken or one.paid or one.back]
    return sorted(kept, key=lambda one: one.biller)


def _answered(state: Bill, day: str, statuses: Sequence[str]) -> int:
    return int(state.answered_day == day and state.status in statuses)


@dataclass(frozen=True, slots=True)
class Float:
    """What one station has promised at one biller, of what it may hold there unpaid."""

    station: str
    biller: str
    promised_fen: int
    limit_fen: int

    @property
    def share(self) -> int:
        """Return how much of the limit is used, in percent, 100 at most."""
        return min(100, self.promised_fen * 100 // max(1, self.limit_fen))


def fullest(
    waiting: Iterable[Line], terms: Mapping[str, BillerTerms], biller: str = ""
) -> Float | None:
    """Return the station that has promised most of its limit, at a biller or at all of them."""
    promised: Counter[tuple[str, str]] = Counter()
    for line in waiting:
        if biller in ("", line.state.biller):
            promised[line.station, line.state.biller] += line.state.amount_fen
    found = [
        Float(station, code, fen, terms[code].limit_fen)
        for (station, code), fen in promised.items()
        if code in terms and terms[code].limit_fen
    ]
    return max(found, key=lambda one: (one.share, one.promised_fen, one.station), default=None)


@dataclass(frozen=True, slots=True)
class TodayCounts:
    """What came of the bills today: paid, not paid, and late by now."""

    paid: int
    back: int
    late: int


def today_counts(
    waiting: Iterable[Line], over: Iterable[Line], back: Iterable[Line], today: str
) -> TodayCounts:
    """Return how the day stands."""
    return TodayCounts(
        paid=sum(line.state.answered_day == today for line in over),
        back=sum(line.state.answered_day == today for line in back),
        late=sum(bool(line.state.due_day) and line.state.due_day < today for line in waiting),
    )


def counts(lines: Iterable[Line]) -> Mapping[str, int]:
    """Return how many wait for each biller."""
    return Counter(line.state.biller for line in lines)


def waits(waiting: Sequence[Line], back: Iterable[Line]) -> Mapping[str, int]:
    """Return how many wait behind each tab that somebody has to look into."""
    return {WAITING: len(waiting), SENT_BACK: sum(line.is_owed for line in back)}

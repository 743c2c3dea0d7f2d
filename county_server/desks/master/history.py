"""What was published when: the versions of a sheet, who has which, and the prices of one good.

Read from the county's own words; nothing is kept beside them. A version is all that was published
of a sheet in one act. A station that was heard after that moment has it: whatever is new goes
down with each answer.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import msgspec
from sqlalchemy import Connection, func, select

from county_server.schema import EVERYWHERE
from county_server.store import Store
from station_app.reference.facts import ProductPublished
from station_app.values.day import days_between

VERSIONS_SHOWN = 6
WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 380, 170, 56, 12, 22, 28  # of the chart, in dots
LABELS_MAX = 6  # more prices than these stand in the table only


class _Priced(msgspec.Struct):
    """What the history of a price needs of a publication, of whichever version."""

    code: str
    price_fen: int
    day: str
    from_day: str = ""


_priced = msgspec.json.Decoder(_Priced).decode


@dataclass(frozen=True, slots=True)
class Version:
    """One publication of a sheet. rows: how many changed; stations: whose newest it is."""

    number: int
    at: int
    by: str
    rows: int
    stations: int = 0


def versions(
    store: Store, connection: Connection, kind: str, last: Mapping[str, int]
) -> list[Version]:
    """Return the versions of a sheet, the newest first. last: when each station was heard last."""
    facts = store.tables.facts.c
    rows = connection.execute(
        select(func.max(facts.at), facts.by_, func.count())
        .where(facts.station == EVERYWHERE, facts.kind == kind)
        .group_by(facts.act, facts.by_)
        .order_by(func.max(facts.at), facts.by_)
    ).all()
    heard = [at for at in last.values() if at]
    found = []
    for number, (at, by, count) in enumerate(rows, 1):
        until = rows[number][0] if number < len(rows) else None
        has_it = sum(1 for one in heard if one >= at and (until is None or one < until))
        found.append(Version(number, int(at), str(by), int(count), has_it))
    return found[::-1]


@dataclass(frozen=True, slots=True)
class Step:
    """A price and the day since which it holds."""

    day: str
    fen: int


def price_steps(
    store: Store, connection: Connection, code: str, kind: str = ProductPublished.KIND
) -> list[Step]:
    """Return the prices of one good by the day from which each holds, the oldest first.

    kind: of what is published; a sort of produce has a code and a price, too.
    """
    facts = store.tables.facts.c
    rows = connection.execute(
        select(facts.body)
        .where(facts.station == EVERYWHERE, facts.kind == kind)
        .order_by(facts.at, facts.identity)
    )
    steps: list[Step] = []
    mark = f'"code":"{code}"'.encode()
    for (body,) in rows:
        if mark not in bytes(body):  # twenty thousand others are not unpacked
            continue
        said = _priced(bytes(body))
        if said.code != code:
            continue
        since = max(said.from_day, said.day)
        steps = [one for one in steps if one.day < since]
        if not steps or steps[-1].fen != said.price_fen:
            steps.append(Step(since, said.price_fen))
    return steps


@dataclass(frozen=True, slots=True)
class Chart:
    """A line of steps in dots: what held and holds is solid, what is to come is dashed.

    marks: (x, y, price in fen) where a price begins; days: (x, day); today: x of today.
    """

    solid: str
    dashed: str
    marks: tuple[tuple[int, int, int], ...]
    days: tuple[tuple[int, str], ...]
    today: int


def chart_of(steps: Sequence[Step], today: str) -> Chart | None:
    """Return the chart of a price that changed at least once; one price is no line."""
    if len(steps) < 2:
        return None
    first = steps[0].day
    span = max(1, days_between(first, max(today, steps[-1].day)))
    least, most = min(s.fen for s in steps), max(s.fen for s in steps)
    room = WIDTH - LEFT - RIGHT - 30  # the last step has a length, too

    def across(day: str) -> int:
        return LEFT + room * days_between(first, day) // span

    def down(fen: int) -> int:
        return TOP + (HEIGHT - TOP - BOTTOM) * (most - fen) // max(1, most - least)

    now, edge = across(max(today, steps[0].day)), WIDTH - RIGHT
    solid, dashed = [], []
    for step, after in zip(steps, [*steps[1:], None], strict=True):
        begin, stop = across(step.day), across(after.day) if after else edge
        y = down(step.fen)
        if step.day <= today:
            solid.append(f"{begin},{y} {min(stop, max(now, begin))},{y}")
        if stop > now:
            dashed.append(f"{max(begin, now)},{y} {stop},{y}")
    shown = steps[-LABELS_MAX:]
    return Chart(
        " ".join(solid),
        " ".join(dashed),
        tuple((across(s.day), down(s.fen), s.fen) for s in shown),
        tuple((across(s.day), s.day) for s in (shown[0], shown[-1])),
        now,
    )

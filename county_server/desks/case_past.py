"""What was said about a case before: who closed it, what the county asked, what was answered.

A closing settles exactly the facts that it saw; of a case that is open again all of it is shown.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import msgspec
from sqlalchemy import Connection, select

from county_server.desks.inquiries import Asked
from county_server.journal import fact_columns
from county_server.schema import EVERYWHERE
from county_server.store import Store
from station_app.journal.fact import device_of, is_from_county
from station_app.journal.kinds import CaseClosed, CaseRemark
from station_app.sync.segment import COUNTY

CLOSED_MAX = 100


@dataclass(frozen=True, slots=True)
class Closing:
    """A case that somebody decided. side: the stream of the fact that holds, "" for none.

    by_county: the county decided it, and not somebody at the station.
    """

    station: str
    kind: str
    at: int
    by: str
    by_county: bool
    verdict: str
    side: str
    remark: str

    @property
    def device(self) -> str:
        """Return the PC whose side holds, "" for none."""
        return device_of(self.side) if self.side else ""


@dataclass(frozen=True, slots=True)
class Past:
    """What was said about a case before: a closing, a question or an answer. device: "D1"."""

    at: int
    by: str
    words: str
    device: str = ""
    closing: Closing | None = None
    is_answer: bool = False


def past_of(closings: Sequence[Closing], inquiries: Sequence[Asked]) -> tuple[Past, ...]:
    """Return all that was said about a case, in order."""
    found = [Past(one.at, one.by, one.remark, closing=one) for one in closings]
    for asked in inquiries:
        found.append(Past(asked.at, asked.inquiry.asked_by, asked.inquiry.words))
        found += [
            Past(one.at, one.by, one.words, device_of(one.stream), is_answer=True)
            for one in asked.answers
        ]
    return tuple(sorted(found, key=lambda one: one.at))


def closings_of(
    store: Store, connection: Connection, station: str, kind: str, entity: str
) -> tuple[Closing, ...]:
    """Return who has closed this very case before: it is open again all the same."""
    tables = store.tables
    rows = connection.execute(
        select(*fact_columns(tables.facts))
        .join(
            tables.folds,
            (tables.folds.c.station == tables.facts.c.station)
            & (tables.folds.c.identity == tables.facts.c.identity),
        )
        .where(
            tables.facts.c.station == station,
            tables.folds.c.root == entity,
            tables.facts.c.kind == CaseClosed.KIND,
        )
        .order_by(tables.facts.c.at)
    ).all()
    found = (_closing(store, connection, station, row) for row in rows)
    return tuple(one for one in found if one.kind == kind)


def closed_by_county(
    store: Store, connection: Connection, stations: Iterable[str] | None
) -> tuple[Closing, ...]:
    """Return what the county has decided, the latest first. stations: None for all."""
    facts = store.tables.facts
    query = select(facts.c.station, *fact_columns(facts)).where(
        facts.c.station != EVERYWHERE,
        facts.c.stream >= f"{COUNTY}.",
        facts.c.stream < f"{COUNTY}/",
        facts.c.kind == CaseClosed.KIND,
    )
    if stations is not None:
        query = query.where(facts.c.station.in_(sorted(stations)))
    rows = connection.execute(query.order_by(facts.c.at.desc()).limit(CLOSED_MAX)).all()
    return tuple(_closing(store, connection, row[0], row[1:]) for row in rows)


def _closing(store: Store, connection: Connection, station: str, row: Sequence[object]) -> Closing:
    tables = store.tables
    stream, _, _, at, _, _, _, by, *_, identity, body, _ = row
    said = msgspec.json.decode(bytes(body), type=CaseClosed)  # type: ignore[call-overload]
    part = connection.execute(
        select(tables.privates.c.part).where(
            tables.privates.c.station == station, tables.privates.c.identity == identity
        )
    ).scalar_one_or_none()
    remark = msgspec.json.decode(bytes(part), type=CaseRemark).remark if part else ""
    side = connection.execute(
        select(tables.facts.c.stream).where(
            tables.facts.c.station == station, tables.facts.c.identity == said.verdict
        )
    ).scalar_one_or_none()
    by_county = is_from_county(str(stream))
    return Closing(
        station, said.case, int(str(at)), str(by), by_county, said.verdict, side or "", remark
    )

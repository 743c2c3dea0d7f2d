"""What the county asked its stations about cases, and what came back.

A case that was asked about waits for the station, and comes back to the desk with the answer, or
after three days without one.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import msgspec
from sqlalchemy import Connection, and_, func, select

from county_server.store import Store
from station_app.journal.fact import Saying
from station_app.services.inquiries.facts import InquiryMade, InquiryWords
from station_app.services.inquiries.rules import INQUIRY, WORDS_MAX, Answer, Inquiry
from station_app.values.day import DAY_MS

ASK = "ask"  # instead of a verdict
REMIND_DAYS = 3

Key = tuple[str, str, str]
"""Of a case: station, kind, entity."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One inquiry about a case."""

    identity: str
    inquiry: Inquiry

    @property
    def at(self) -> int:
        """Return when it was asked, UTC ms."""
        return self.inquiry.asked_at

    @property
    def answers(self) -> tuple[Answer, ...]:
        """Return what was answered, in order."""
        return self.inquiry.answers

    def waits(self, now: int) -> bool:
        """Tell whether the station may still answer before the desk is reminded."""
        return not self.answers and now - self.at < REMIND_DAYS * DAY_MS


def read_inquiries(
    store: Store, connection: Connection, station: str = ""
) -> Mapping[Key, tuple[Asked, ...]]:
    """Return the inquiries about open cases, by case and in order. station: "" for all."""
    tables = store.tables
    states, roots, cases, read = (
        tables.states.c, tables.roots, tables.cases.c, tables.read[INQUIRY.name],
    )  # fmt: skip
    asked = read.c
    about = func.coalesce(roots.c.root, asked.about)
    query = (
        select(cases.station, cases.kind, cases.entity, asked.entity, states.data)
        .select_from(read)
        .outerjoin(roots, and_(roots.c.station == asked.station, roots.c.identity == asked.about))
        .where(
            and_(cases.station == asked.station, cases.kind == asked.matter),
            cases.entity == about,
            and_(states.station == asked.station, states.entity == asked.entity),
            states.kind == INQUIRY.name,
        )
        .order_by(asked.asked_at, asked.entity)
    )
    if station:
        query = query.where(asked.station == station)
    found: dict[Key, tuple[Asked, ...]] = {}
    for of_station, kind, entity, identity, data in connection.execute(query):
        inquiry = msgspec.json.decode(bytes(data), type=Inquiry)
        if inquiry.is_heard:
            key = (of_station, kind, entity)
            found[key] = (*found.get(key, ()), Asked(identity, inquiry))
    return found


def made(case: str, about: str, words: str, day: str) -> Saying:
    """Return what asks the station about a case."""
    said = InquiryWords(words=words[:WORDS_MAX])
    return Saying(InquiryMade(case=case, about=about, day=day), said)

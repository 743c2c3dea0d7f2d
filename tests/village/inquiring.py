"""What the county asks about cases in the village, and the answers of whoever stands there.

It asks and is answered in turn and not by lot: it spends no luck of anybody's.
"""

from sqlalchemy import select

from county_server.county import County
from station_app.journal.fact import Body, Saying
from station_app.services.inquiries.commands import AnswerInquiry
from station_app.services.inquiries.facts import FACTS, InquiryMade, InquiryWords
from tests.village.pc import Pc

OF_INQUIRIES = frozenset(body.KIND for body in FACTS)
"""Kinds that are said here, and never drawn from samples."""
ASKED_EVERY, ANSWERED_EVERY = 3, 4  # times that the county says something, and acts of operators
DAY = "2026-11-26"
NO_CASE = ("parcels.closed_twice", "5e" * 32)  # one that no station has, or not any more


class Inquiring:
    """Asks and answers."""

    def __init__(self) -> None:
        """Begin."""
        self._said = self._acts = 0

    def questions(self, county: County, station: str) -> list[Saying]:
        """Return what the county asks its station now."""
        self._said += 1
        if self._said % ASKED_EVERY != 1:
            return []
        cases = county.store.tables.cases.c
        query = select(cases.kind, cases.entity).where(cases.station == station)
        with county.store.read() as connection:
            rows = connection.execute(query.order_by(cases.kind, cases.entity)).all()
        case, about = rows[self._said % len(rows)] if rows else NO_CASE
        body: Body = InquiryMade(case=case, about=about, day=DAY)
        return [Saying(body, InquiryWords(words="谁拿走的"))]

    def act(self, pc: Pc) -> None:
        """Answer what nobody has answered yet, or what is here no more."""
        self._acts += 1
        if self._acts % ANSWERED_EVERY != 1:
            return
        row = pc.connection.execute(
            "SELECT entity FROM inquiries ORDER BY answers, asked_at, entity LIMIT 1"
        ).fetchone()
        if row:
            pc.perform(AnswerInquiry(inquiry=str(row[0]), words="他儿子拿的"))

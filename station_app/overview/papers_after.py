"""Which papers of a PC nobody has the records of: from which number on, series by series.

A PC that is lost, or not heard for long, has handed out slips of which nothing is known here. Their
numbers go up without gaps, so the last one that is held tells which papers to look for.
"""

from dataclasses import dataclass

from station_app.journal.log import Connection, FactLog
from station_app.journal.series import printed_number
from station_app.overview.fact_words import body_of

STREAMS_MAX = 12  # starts that are looked through, the latest first: a week of power cuts
FACTS_MAX = 400  # of each of them: a market day
NUMBERS = ("slip", "number")  # fields that hold a number of this PC's papers
_SERIES_OF_KIND = {
    "shift.closed": "z",
    "shift.handed_over": "hand_over",
    "cash.put_in": "voucher",
    "cash.taken_out": "voucher",
    "remittance.sent": "remittance",
    "courier.paid": "other",
}


@dataclass(frozen=True, slots=True)
class LastPaper:
    """The last paper of one sort that is known of a PC. number: as printed; at: UTC ms."""

    kind: str
    series: str
    number: str
    at: int


def last_papers(connection: Connection, station: str, device: str) -> list[LastPaper]:
    """Return the last known paper of each sort that a PC has given out, by kind of fact."""
    place = f"{station}/{device}/"
    streams = connection.execute(
        "SELECT s.stream, s.length FROM streams s "
        "JOIN facts f ON f.stream = s.stream AND f.seq = s.length "
        "WHERE s.stream >= ? AND s.stream < ? ORDER BY f.at DESC, s.stream LIMIT ?",
        (place, f"{place}~", STREAMS_MAX),
    ).fetchall()
    found: dict[str, LastPaper] = {}
    highest: dict[str, int] = {}
    for stream, length in streams:
        for fact in FactLog(connection).run(stream, max(1, length - FACTS_MAX + 1), length):
            number = _number(fact.body)
            if number > highest.get(fact.kind, 0):
                highest[fact.kind] = number
                series = _SERIES_OF_KIND.get(fact.kind, "slip")
                printed = printed_number(number, stream)
                found[fact.kind] = LastPaper(fact.kind, series, printed, fact.at)
    return [found[kind] for kind in sorted(found)]


def _number(body: bytes) -> int:
    tree = body_of(body)
    return next((n for name in NUMBERS if isinstance(n := tree.get(name), int)), 0)

"""Cases that were closed: these days, this month, and before one was opened again.

A closing settles exactly the facts that it saw. When one comes or goes the case is open again, and
what was said the first time is shown beside it, so that nobody asks the villager the same twice.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from station_app.journal.fact import device_of, is_from_county
from station_app.journal.kinds import CaseClosed, CaseRemark
from station_app.journal.log import Connection
from station_app.overview.case_list import title_of
from station_app.values.day import DAY_MS, local_midnight
from station_app.values.texts import Texts

CLOSED_SHOWN_MAX = 3
MONTH_CHARACTERS = 7  # of a day: "2026-11"
# Written out and not bound: only so does the index of closings serve (`journal.closings`).
_CLOSINGS = (
    "FROM facts f LEFT JOIN privates p ON p.identity = f.identity "
    "WHERE f.kind = 'case.closed' AND f.at >= ? "
    "AND NOT EXISTS (SELECT 1 FROM kept_back k WHERE k.stream = f.stream AND f.seq > k.reach) "
    "AND NOT EXISTS (SELECT 1 FROM reversals r WHERE r.stream = f.stream AND r.act = f.act) "
)
_ROOT = "coalesce((SELECT root FROM roots WHERE identity = f.entity), f.entity)"


@dataclass(frozen=True, slots=True)
class ClosedCase:
    """A case that somebody closed. remark: her words, "" once erased; at: UTC ms.

    verdict: in words; by_county: the county closed it, and not the station.
    """

    title: str
    remark: str
    at: int
    verdict: str = ""
    by_county: bool = False


@dataclass(frozen=True, slots=True)
class Month:
    """What was closed in a month. longest_days: from the last fact of a case to its closing."""

    closed: int = 0
    longest_days: int = 0


def closed_lately(connection: Connection, texts: Texts, since: int) -> tuple[ClosedCase, ...]:
    """Return the cases closed since a moment that stay closed, the latest first, a few."""
    rows = connection.execute(
        f"SELECT f.at, f.stream, f.body, p.part {_CLOSINGS}"  # noqa: S608 - our own words
        f"AND NOT EXISTS (SELECT 1 FROM cases c WHERE c.entity = {_ROOT}) "
        "ORDER BY f.at DESC, f.identity LIMIT ?",
        (since, CLOSED_SHOWN_MAX),
    ).fetchall()
    return tuple(_closed(connection, texts, row) for row in rows)


def closed_before(
    connection: Connection, texts: Texts, case: str, entity: str
) -> ClosedCase | None:
    """Return the last closing of a case that is open again, None if it never was closed."""
    rows = connection.execute(
        "SELECT f.at, f.stream, f.body, p.part FROM folds o JOIN facts f ON f.identity = o.identity"
        " LEFT JOIN privates p ON p.identity = f.identity WHERE o.root = ? "
        "AND f.kind = 'case.closed' "
        "AND NOT EXISTS (SELECT 1 FROM kept_back k WHERE k.stream = f.stream AND f.seq > k.reach) "
        "AND NOT EXISTS (SELECT 1 FROM reversals r WHERE r.stream = f.stream AND r.act = f.act) "
        "ORDER BY f.at DESC, f.identity",
        (entity,),
    ).fetchall()
    for row in rows:
        if msgspec.json.decode(row[2], type=CaseClosed).case == case:
            return _closed(connection, texts, row)
    return None


def closed_in(connection: Connection, day: str) -> Month:
    """Return what was closed in the month of a day, by the business day of each closing."""
    month = day[:MONTH_CHARACTERS]
    since = local_midnight(f"{month}-01") - DAY_MS  # a wrong clock moves `at`, never the day
    rows = connection.execute(
        f"SELECT f.at, f.body {_CLOSINGS}",
        (since,),
    ).fetchall()
    spans = []
    for at, raw in rows:
        body = msgspec.json.decode(raw, type=CaseClosed)
        if body.day.startswith(month):
            spans.append(max(0, at - _latest(connection, body.members, at)))
    return Month(len(spans), max(spans, default=0) // DAY_MS)


def _latest(connection: Connection, members: Sequence[str], otherwise: int) -> int:
    row = connection.execute(
        "SELECT max(at) FROM facts WHERE identity IN (SELECT value FROM json_each(?))",
        (json.dumps(list(members)),),
    ).fetchone()
    return int(row[0]) if row[0] is not None else otherwise


def _closed(
    connection: Connection, texts: Texts, row: tuple[int, str, bytes, bytes | None]
) -> ClosedCase:
    at, stream, raw, part = row
    body = msgspec.json.decode(raw, type=CaseClosed)
    remark = msgspec.json.decode(bytes(part), type=CaseRemark).remark if part else ""
    by_county = is_from_county(stream)
    return ClosedCase(
        title_of(body.case, texts),
        remark,
        at,
        verdict_words(connection, texts, body.verdict),
        by_county,
    )


def verdict_words(connection: Connection, texts: Texts, verdict: str) -> str:
    """Return how it was decided: 按 1 号电脑, 几条都是真的."""
    row = connection.execute("SELECT stream FROM facts WHERE identity = ?", (verdict,)).fetchone()
    if row is None:
        return texts.say_known(f"overview.value.{verdict}", "overview.cases.unnamed_verdict")
    if is_from_county(row[0]):
        return texts.say("overview.cases.by_county")
    number = device_of(row[0]).lstrip("D")
    return texts.say("overview.cases.by_side", device=number)

"""Which facts bear which business day: an index by which the books of ten years are leafed through.

A stream is mostly one day after the other, so a *run* (facts `first` to `last` of a stream, all of
one day) is one row for many facts: some rows a day, whatever the day held. The index holds no
amount and sums nothing up. It is a writer of the recorder, and can be made anew from the facts.

A fact that names no day, or none of the calendar, bears the local date of its own time.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import msgspec

from station_app.journal.fact import Fact
from station_app.journal.log import Connection
from station_app.journal.migrations import Migration
from station_app.journal.recorder import Batch
from station_app.values.day import is_day, local_day

_FILL = """
INSERT INTO day_runs(stream, first, last, day)
SELECT stream, min(seq), max(seq), day FROM (
    SELECT stream, seq, day, row_number() OVER (PARTITION BY stream ORDER BY seq)
        - row_number() OVER (PARTITION BY stream, day ORDER BY seq) AS part
    FROM (
        SELECT stream, seq, CASE
            WHEN said GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]' AND date(said) = said
            THEN said ELSE date((at + 28800000) / 1000, 'unixepoch') END AS day
        FROM (
            SELECT stream, seq, at, CASE WHEN json_valid(text)
                THEN json_extract(text, '$.day') END AS said
            FROM (SELECT stream, seq, at, CAST(body AS TEXT) AS text FROM facts)
        )
    )
) GROUP BY stream, day, part
"""
MIGRATION = Migration(
    "overview.day_runs",
    (
        "CREATE TABLE day_runs (stream TEXT NOT NULL, first INTEGER NOT NULL, "
        "last INTEGER NOT NULL, day TEXT NOT NULL, PRIMARY KEY (stream, first)) WITHOUT ROWID",
        "CREATE INDEX day_runs_by_day ON day_runs (day)",
        # What an account's months come to is summed up from this index alone.
        "DROP INDEX postings_by_account",
        "CREATE INDEX postings_by_account ON postings (account, commodity, stream, seq, amount)",
        _FILL,
    ),
)


class _Dated(msgspec.Struct):
    day: str = ""


@dataclass(frozen=True, slots=True)
class DayRun:
    """The facts `first` to `last` of a stream, both included: all bear `day`."""

    day: str
    stream: str
    first: int
    last: int


def keep_days(connection: Connection, batch: Batch) -> None:
    """Enter the days of what an act or a parcel of the line has added; a writer.

    A parcel may bring what lies before facts that are held, or between them, and what was set aside
    is told of once more when it follows.
    """
    for fact in batch.facts:
        _keep_day(connection, fact.stream, fact.seq, day_of(fact))


def _keep_day(connection: Connection, stream: str, seq: int, day: str) -> None:
    before = _run_beside(connection, stream, seq, is_before=True)
    if before is not None and before.last >= seq:
        if before.day == day:
            return
        _part(connection, before, seq)
        before = _run_beside(connection, stream, seq, is_before=True)
    after = _run_beside(connection, stream, seq, is_before=False)
    first = last = seq
    if before is not None and before.day == day:
        first = before.first
    if after is not None and after.day == day:
        last = after.last
        _drop(connection, after)
    _put(connection, DayRun(day, stream, first, last))


def _part(connection: Connection, run: DayRun, seq: int) -> None:
    """Part a run where a fact lay that was not held: it bears a day of its own."""
    _drop(connection, run)
    if run.first < seq:
        _put(connection, DayRun(run.day, run.stream, run.first, seq - 1))
    if seq < run.last:
        _put(connection, DayRun(run.day, run.stream, seq + 1, run.last))


def _drop(connection: Connection, run: DayRun) -> None:
    connection.execute(
        "DELETE FROM day_runs WHERE stream = ? AND first = ?", (run.stream, run.first)
    )


def _put(connection: Connection, run: DayRun) -> None:
    connection.execute(
        "INSERT INTO day_runs(stream, first, last, day) VALUES (?, ?, ?, ?) "
        "ON CONFLICT(stream, first) DO UPDATE SET last = excluded.last",
        (run.stream, run.first, run.last, run.day),
    )


def rebuild_days(connection: Connection) -> None:
    """Make the index anew from the facts."""
    connection.execute("DELETE FROM day_runs")
    connection.execute(_FILL)


def day_of(fact: Fact) -> str:
    """Return the business day that a fact bears."""
    try:
        day = msgspec.json.decode(fact.body, type=_Dated).day
    except msgspec.MsgspecError:  # another's program may have said anything
        day = ""
    return day if is_day(day) else local_day(fact.at)


def _run_beside(connection: Connection, stream: str, seq: int, *, is_before: bool) -> DayRun | None:
    """Return the run that holds a fact or is the last before it; else the first one after it."""
    found = "SELECT day, stream, first, last FROM day_runs WHERE stream = ? AND "
    where = "first <= ? ORDER BY first DESC" if is_before else "first > ? ORDER BY first"
    row = connection.execute(f"{found}{where} LIMIT 1", (stream, seq)).fetchone()
    return DayRun(*row) if row else None


# --- Asking --------------------------------------------------------------------------------------


def runs_of_day(connection: Connection, day: str) -> tuple[DayRun, ...]:
    """Return the runs of one day."""
    rows = connection.execute(
        "SELECT day, stream, first, last FROM day_runs WHERE day = ? ORDER BY stream, first",
        (day,),
    )
    return tuple(DayRun(*row) for row in rows)


def runs_back(connection: Connection, *, before: str, since: str = "") -> Iterator[DayRun]:
    """Yield runs from the latest day before `before` back to the day `since`, lazily."""
    rows = connection.execute(
        "SELECT day, stream, first, last FROM day_runs WHERE day < ? AND day >= ? "
        "ORDER BY day DESC",
        (before, since),
    )
    for row in rows:
        yield DayRun(*row)


def day_at(connection: Connection, stream: str, seq: int) -> str:
    """Return the day that the fact at this place bears, "" if it is not held."""
    row = connection.execute(
        "SELECT day FROM day_runs WHERE stream = ? AND first <= ? ORDER BY first DESC LIMIT 1",
        (stream, seq),
    ).fetchone()
    return str(row[0]) if row else ""


def day_beside(connection: Connection, day: str, step: int) -> str:
    """Return the next day with facts after (1) or before (-1) a day, "" if there is none."""
    sql = (
        "SELECT min(day) FROM day_runs WHERE day > ?"
        if step > 0
        else "SELECT max(day) FROM day_runs WHERE day < ?"
    )
    row = connection.execute(sql, (day,)).fetchone()
    return str(row[0]) if row and row[0] else ""


def first_day(connection: Connection) -> str:
    """Return the first day of all, "" without facts."""
    row = connection.execute("SELECT min(day) FROM day_runs").fetchone()
    return str(row[0]) if row and row[0] else ""


def last_day(connection: Connection) -> str:
    """Return the last day of all, "" without facts."""
    row = connection.execute("SELECT max(day) FROM day_runs").fetchone()
    return str(row[0]) if row and row[0] else ""


def clipped(run: DayRun, reach: dict[str, int] | None) -> DayRun | None:
    """Return what of a run lies within a cut; None if nothing does. reach None: all of it."""
    if reach is None:
        return run
    last = min(run.last, reach.get(run.stream, 0))
    return DayRun(run.day, run.stream, run.first, last) if last >= run.first else None


def clipped_all(runs: Sequence[DayRun], reach: dict[str, int] | None) -> tuple[DayRun, ...]:
    """Return what of these runs lies within a cut."""
    return tuple(kept for run in runs if (kept := clipped(run, reach)) is not None)

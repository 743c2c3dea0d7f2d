"""What the statistics add up, read in three walks over the table of parcels."""

from station_app.journal.log import Connection
from station_app.reference import records as reference
from station_app.services.parcels.statistics import HOURS, Kept, Span, Statistics, summed
from station_app.services.parcels.visits import HANDED_OVER, ON_HAND, RETURNED
from station_app.values.day import BEIJING_MS

HOUR_MS = 3_600_000


def statistics(connection: Connection, span: Span) -> Statistics:
    """Return what was done in a span of days."""
    rows = connection.execute(
        "SELECT courier, status, day_in, closed_day, count(*) FROM parcels "
        "WHERE status = ?3 OR day_in BETWEEN ?1 AND ?2 "
        "OR (status IN (?4, ?5) AND closed_day BETWEEN ?1 AND ?2) "
        "GROUP BY courier, status, day_in, closed_day",
        (span.first, span.last, ON_HAND, HANDED_OVER, RETURNED),
    ).fetchall()
    came = connection.execute(
        "SELECT (at_in + ?3) / ?4 % 24, count(*) FROM parcels "
        "WHERE day_in BETWEEN ?1 AND ?2 GROUP BY 1",
        (span.first, span.last, BEIJING_MS, HOUR_MS),
    ).fetchall()
    handed = connection.execute(
        "SELECT (f.at + ?3) / ?4 % 24, count(*) FROM parcels p "
        "JOIN facts f ON f.identity = p.closed_by "
        "WHERE p.status = ?5 AND p.closed_day BETWEEN ?1 AND ?2 GROUP BY 1",
        (span.first, span.last, BEIJING_MS, HOUR_MS, HANDED_OVER),
    ).fetchall()
    remind = {row.code: row.remind_days for row in reference.courier_rules(connection, span.last)}
    return summed(
        span, (Kept(*row) for row in rows if row[2]), remind, (_by_hour(came), _by_hour(handed))
    )


def _by_hour(rows: list[tuple[int, int]]) -> list[int]:
    found = dict(rows)
    return [found.get(hour, 0) for hour in range(HOURS)]

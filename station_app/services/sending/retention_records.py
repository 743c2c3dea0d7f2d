"""Which parcels left long ago that villagers sent: who sent them to whom, and on what paper."""

from station_app.journal.log import Connection


def sent_long_ago(connection: Connection, *, before: str, most: int) -> tuple[str, ...]:
    """Return private facts of sent parcels that left, or were taken back, before a day."""
    rows = connection.execute(
        "SELECT v.identity FROM privates v JOIN folds d ON d.identity = v.identity "
        "JOIN sendings s ON s.entity = d.root WHERE s.gone_day != '' AND s.gone_day < ? "
        "ORDER BY s.gone_day, v.identity LIMIT ?",
        (before, most),
    ).fetchall()
    return tuple(str(identity) for (identity,) in rows)

"""What one act of the hub says to its stations: to every one, in one transaction, or to none."""

from collections.abc import Sequence

from sqlalchemy import Connection

from county_server.county import County
from county_server.scribe import Scribe
from station_app.journal.fact import Saying


def tell_stations(
    county: County,
    connection: Connection,
    told: Sequence[tuple[str, Saying]],
    *,
    by: str,
    at: int,
) -> None:
    """Say to each station what is its own of (station, saying), in this transaction."""
    scribe = Scribe(county.store, connection, county.keys, county.chance)
    for station in sorted({station for station, _ in told}):
        scribe.say(station, [saying for whose, saying in told if whose == station], by=by, at=at)
    scribe.seal()

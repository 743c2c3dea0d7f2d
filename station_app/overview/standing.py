"""Whether an act counts: what lies beyond a decision of the county does not, nor what waits.

A page that shows what was done must say so: the fact stands there, signed and whole, and moves no
figure. What waits came to a new PC before all that it goes on from (`journal.islands`).
"""

from station_app.journal.log import Connection

COUNTS, BEYOND, WAITS = "", "beyond", "waits"

_REACH = "SELECT reach FROM kept_back WHERE stream = ?"
_WAITING = "SELECT seq FROM set_aside WHERE stream = ? AND seq BETWEEN ? AND ?"


def standings_in(connection: Connection, stream: str, first: int, last: int) -> dict[int, str]:
    """Return of those facts of a run that do not count why they do not: `beyond` or `waits`."""
    found = {row[0]: WAITS for row in connection.execute(_WAITING, (stream, first, last))}
    row = connection.execute(_REACH, (stream,)).fetchone()
    if row is not None and row[0] < last:
        found |= dict.fromkeys(range(max(first, row[0] + 1), last + 1), BEYOND)
    return found

"""Numbers printed on paper: series per device, without gaps, going on over starts.

A number is taken inside the act's transaction, so a refusal or a crash gives it back. On paper it
carries a short mark of the epoch in which it was given: after a restored backup the series may
give a number again, and still no two papers bear the same one.
"""

import base64

from station_app.journal.fact import said_as
from station_app.ledger.balances import Connection

MARK_CHARACTERS = 2  # 1,024 marks: enough to tell two starts apart to the eye


def take_number(connection: Connection, series: str) -> int:
    """Return the next number of a series, from 1, and keep that it is taken."""
    row = connection.execute(
        "INSERT INTO series(name, next) VALUES (?, 2) "
        "ON CONFLICT(name) DO UPDATE SET next = next + 1 RETURNING next - 1",
        (series,),
    ).fetchone()
    number: int = row[0]
    return number


def coming_number(connection: Connection, series: str) -> int:
    """Return which number would come next, without taking it."""
    row = connection.execute("SELECT next FROM series WHERE name = ?", (series,)).fetchone()
    return int(row[0]) if row else 1


def printed_number(number: int, stream: str) -> str:
    """Return a number as it stands on paper: "128-K7", the mark telling the epoch."""
    epoch = bytes.fromhex(said_as(stream).rsplit("/", 1)[1])
    mark = base64.b32encode(epoch).decode("ascii")[:MARK_CHARACTERS]
    return f"{number}-{mark}"

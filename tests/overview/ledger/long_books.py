"""Books of many days on two PCs, written straight into the tables: for counting what is read.

Each day has one start on each PC and some acts; each act takes money for a courier and moves a
piece. The amounts are such that every sum can be worked out by hand.
"""

import json
from typing import Any

from sqlcipher3 import dbapi2

from station_app.journal import migrations
from station_app.journal.states import table_statements
from station_app.overview.ledger import day_index
from station_app.values.day import add_days, local_midnight
from station_app.vocabulary import VOCABULARY

FIRST = "2016-01-01"
DRAWER, COD = "Assets:Drawer:D1", "Liabilities:Held:COD:ZTO:Here"
SHELF, COURIER = "Equity:Pieces:Shelf", "Equity:Pieces:Courier:ZTO"
ROWS_OF_AN_ACT = 4


def empty() -> Any:
    connection = dbapi2.connect(":memory:", isolation_level=None)
    steps = (
        *migrations.JOURNAL,
        migrations.Migration("t", table_statements(VOCABULARY.entities)),
        day_index.MIGRATION,
    )
    migrations.migrate(connection, steps)
    return connection


def long_books(days: int, acts: int = 5) -> Any:
    """Return a connection with `days` days of `acts` acts on each of two PCs."""
    connection = empty()
    facts, postings = [], []
    for number in range(days):
        day = str(add_days(FIRST, number))
        at = local_midnight(day) + 9 * 3_600_000
        for device in (1, 2):
            stream = f"NX0601/D{device}/{number:08x}"
            for n in range(acts):
                seq = n + 1
                identity = f"{number:08x}{device}{n:02x}".ljust(64, "0")
                body = json.dumps({"day": day}).encode()
                facts.append((
                    stream, seq, f"A{number}-{device}-{n}", at + n * 60_000 + device,
                    "payment.taken", 1, "", "", "", "", identity, body, "",
                ))  # fmt: skip
                postings += [
                    (stream, seq, 0, f"Assets:Drawer:D{device}", "CNY", 100),
                    (stream, seq, 1, COD, "CNY", -100),
                    (stream, seq, 2, SHELF, "PCS", 1),
                    (stream, seq, 3, COURIER, "PCS", -1),
                ]
    connection.execute("BEGIN")
    connection.executemany(f"INSERT INTO facts VALUES ({','.join('?' * 13)})", facts)
    connection.executemany("INSERT INTO postings VALUES (?,?,?,?,?,?)", postings)
    connection.execute(
        "INSERT INTO balances SELECT account, commodity, sum(amount) FROM postings GROUP BY 1, 2"
    )
    day_index.rebuild_days(connection)
    connection.execute("COMMIT")
    return connection


class Steps:
    """Counts, in hundreds, the steps that the database takes: the same on every machine."""

    def __init__(self, connection: Any) -> None:
        self.connection = connection
        self.hundreds = 0

    def __enter__(self) -> "Steps":
        self.hundreds = 0
        self.connection.set_progress_handler(self._count, 100)
        return self

    def __exit__(self, *_: object) -> None:
        self.connection.set_progress_handler(None, 100)

    def _count(self) -> int:
        self.hundreds += 1
        return 0

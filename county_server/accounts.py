"""The books at the county: the postings of every fact, and what they sum to.

The postings come from the same rules as at the station; here they only get the station's name.
The clearing of an act at the counter is posted but keeps no balance: it is zero when the act is
complete, and there would be one for every act for ever.
"""

from collections import defaultdict
from typing import Any

from sqlalchemy import Connection, select

from county_server.bulk import add_rows, put_rows
from county_server.store import Store
from station_app.ledger.posting import Entry

CLEARING = "Equity:Counter:"


class CountyBooks:
    """Gathers the postings of one push for one station. End with `flush`."""

    def __init__(self, store: Store, connection: Connection, station: str) -> None:
        """Post what is kept under `station`."""
        self._store = store
        self._connection = connection
        self._station = station
        self._rows: list[tuple[Any, ...]] = []  # as the table's columns stand
        self._aside: list[tuple[Any, ...]] = []
        self._sums: dict[tuple[str, str], int] = defaultdict(int)

    def post(self, stream: str, seq: int, entry: Entry, *, is_aside: bool = False) -> None:
        """Add the lines of one fact, or set them aside: what lies beyond a cut does not count."""
        rows = self._aside if is_aside else self._rows
        for number, line in enumerate(entry):
            said = (line.account, line.commodity, line.amount)
            rows.append((self._station, stream, seq, number, *said))
            if not is_aside and not line.account.startswith(CLEARING):
                self._sums[line.account, line.commodity] += line.amount

    def flush(self) -> None:
        """Write what has gathered."""
        add_rows(self._connection, self._store.tables.postings, self._rows)
        add_rows(self._connection, self._store.tables.postings_aside, self._aside)
        sums = [
            {"station": self._station, "account": key[0], "commodity": key[1], "amount": amount}
            for key, amount in sorted(self._sums.items())
        ]
        if sums:
            upsert = self._store.upsert(self._store.tables.balances, adds=("amount",))
            put_rows(self._connection, upsert, sums)
        self._rows, self._aside, self._sums = [], [], defaultdict(int)


def balances(store: Store, connection: Connection, station: str) -> dict[tuple[str, str], int]:
    """Return what every account of a station stands at, by account and commodity."""
    table = store.tables.balances
    rows = connection.execute(
        select(table.c.account, table.c.commodity, table.c.amount).where(
            table.c.station == station, table.c.amount != 0
        )
    )
    return {(row[0], row[1]): row[2] for row in rows}

"""How many facts each PC may hand in now: a day's facts at once, then a pace.

What is left stands in the database, so that it is the same whichever process of the server a PC
comes to. It is read before a request is looked at and spent in the transaction that keeps the
facts, under the lock of the station.
"""

from dataclasses import dataclass

from sqlalchemy import Connection

from county_server.asking import ask_one
from county_server.bulk import put_rows
from county_server.store import Store


@dataclass(frozen=True, slots=True)
class Buckets:
    """capacity: facts at once; per_second: how quickly they may come after that."""

    capacity: int = 20_000  # a week offline at a busy station is 2,100; a new PC's history more
    per_second: int = 2_000

    def wait_ms(self, store: Store, connection: Connection, device: str, now_ms: int) -> int:
        """Return how long a PC ("NX0601/D1") must wait until it may hand in something, or 0."""
        left = self._left(store, connection, device, now_ms)
        return 0 if left > 0 else (1 - left) * 1000 // self.per_second + 1

    def spend(
        self, store: Store, connection: Connection, device: str, facts: int, *, now_ms: int
    ) -> None:
        """Count facts that are handed in, in the transaction that keeps them."""
        left = self._left(store, connection, device, now_ms) - facts
        station, _, name = device.rpartition("/")
        row = {"station": station, "device": name, "facts": left, "at": now_ms}
        put_rows(connection, store.upsert(store.tables.buckets), [row])

    def _left(self, store: Store, connection: Connection, device: str, now_ms: int) -> int:
        station, _, name = device.rpartition("/")
        row = ask_one(connection, store.questions.bucket, {"at": station, "named": name})
        left, at = (row[0], row[1]) if row else (self.capacity, now_ms)
        gained = max(0, now_ms - at) * self.per_second // 1000
        return min(self.capacity, left + gained)

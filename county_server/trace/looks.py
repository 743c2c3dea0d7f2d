"""How often the page of a code was looked at, and since when: a hint that a label was copied.

Nobody is told apart and nothing of who looks is kept. Looks are counted in this process and written
down together, at most once a minute, so that a fair costs a handful of writes; what a stop loses of
them is a minute's worth. What stands between a buyer and this process may answer for it, so the
number is what it is: a hint.
"""

import threading
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, and_, select
from sqlalchemy.exc import OperationalError

from county_server.store import Store

WRITTEN_MS = 60_000


@dataclass(frozen=True, slots=True)
class Seen:
    """How often a page was looked at, this time with it, and when first (UTC ms)."""

    count: int
    first_at: int


class Looks:
    """Counts for one county."""

    def __init__(self, store: Store) -> None:
        """Count from what is written down already."""
        self._store = store
        self._lock = threading.Lock()
        self._waiting: dict[tuple[str, str], Seen] = {}
        self._written_at = 0

    def note(self, station: str, code: str, now: int) -> None:
        """Count one look."""
        with self._lock:
            before = self._waiting.get((station, code), Seen(0, now))
            self._waiting[station, code] = Seen(before.count + 1, before.first_at)

    def seen(self, connection: Connection, station: str, code: str) -> Seen:
        """Return what is known of a code."""
        c = self._store.tables.trace_looks.c
        row = connection.execute(
            select(c.count, c.first_at).where(and_(c.station == station, c.code == code))
        ).first()
        with self._lock:
            waits = self._waiting.get((station, code), Seen(0, 0))
        if row is None:
            return waits
        return Seen(int(row[0]) + waits.count, int(row[1]))

    def write_down(self, now: int) -> None:
        """Write down what was counted, where a minute has passed since the last time."""
        with self._lock:
            if not self._waiting or 0 <= now - self._written_at < WRITTEN_MS:
                return
            waiting, self._waiting, self._written_at = self._waiting, {}, now
        try:
            self._write(waiting)
        except OperationalError:  # somebody writes at length: a hint can wait a minute more
            with self._lock:
                for key, one in waiting.items():
                    since = self._waiting.get(key, Seen(0, one.first_at))
                    self._waiting[key] = Seen(one.count + since.count, one.first_at)

    def _write(self, waiting: Mapping[tuple[str, str], Seen]) -> None:
        rows = [
            {"station": station, "code": code, "count": one.count, "first_at": one.first_at}
            for (station, code), one in sorted(waiting.items())
        ]
        looks = self._store.tables.trace_looks
        with self._store.write(behind=True) as connection:
            adding = self._store.upsert(looks, adds=("count",), lowers=("first_at",))
            connection.execute(adding, rows)

"""`herd.sqlite`, `herd.postgresql`: all stations of a county send their day at the same moment.

289 stations × 300 facts of the pinned mixed day, packed and signed beforehand, one push each, sent
within 100 ms by a process of its own over real HTTP to the real server. Ours: facts per second from
the first byte to the last receipt. Every hash, chain and signature is verified before the commit,
and a receipt follows the commit; folds and postings follow behind (`folds_s` says how long after).
The floor writes the same rows, and nothing else, into an equal database as quickly as its driver
takes them. `gate` is what must be reached on two cores with nothing else to do.

Three more PCs have used up their bucket before: they are told to come again (429) and come when
they were told; their waiting is not part of the figure.

Afterwards every stream is compared with what was sent: `lost` and `doubled` are counted, not hoped.
"""

import json
import os
import pickle
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from county_server.behind import Behind
from county_server.bulk import add_rows
from county_server.county import County, database_url
from county_server.journal import CountyJournal, fact_row
from county_server.schema import home_of
from county_server.store import Store
from county_server.verify import verify_county
from station_app.journal.fact import Fact
from station_app.vocabulary import VOCABULARY
from tests.awaited import until
from tests.bench.crowd import (
    FACTS,
    STATIONS,
    Push,
    crowd,
    enrolled,
    founded,
    lived_day,
    opened,
    packed_push,
    said_by,
)
from tests.bench.report import Measured, percentile, tell
from tests.postgres import cluster

GATE_FACTS_PER_S = 12_000
GATE_P99_S = 5.0
CAUGHT_UP_SECONDS = 600
NOISY = 3
NOISY_S = 60  # for so long they have to wait from when they are enrolled
WORKERS = 3  # beside PostgreSQL, which needs the cores, too
ROOT = Path(__file__).resolve().parents[2]
PAGE = os.sysconf("SC_PAGE_SIZE") if hasattr(os, "sysconf") else 4096


@dataclass
class Served:
    """A real server as a process of its own; `peak_mb` is the most that all of it held at once."""

    data: Path
    url: str
    workers: int
    peak_mb: float = 0.0
    _end: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> "Served":
        words = ["--data", str(self.data), "--database", self.url, "--json", "serve"]
        words += ["--port", "0", "--workers", str(self.workers)]
        self.process = subprocess.Popen(
            [sys.executable, "-m", "county_server", *words],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # a log line per request
        )
        assert self.process.stdout is not None
        self.address = str(json.loads(self.process.stdout.readline())["url"])
        self._watch = threading.Thread(target=self._look, daemon=True)
        self._watch.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._end.set()
        self._watch.join()
        self.process.terminate()
        self.process.wait(60)

    def _look(self) -> None:
        while not self._end.wait(0.05):
            pids = (self.process.pid, *_children(self.process.pid))
            self.peak_mb = max(self.peak_mb, sum(map(_resident, pids)) / 1e6)

    def spent(self) -> float:
        """Return the seconds of processor time that the server has used so far."""
        return sum(_cpu(pid) for pid in (self.process.pid, *_children(self.process.pid)))


def _children(pid: int) -> list[int]:
    try:
        return [int(p) for p in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def _resident(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * PAGE
    except OSError:
        return 0


def _cpu(pid: int) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def measure(name: str, folder: Path, day: Sequence[Fact], stations: int = STATIONS) -> Measured:
    """Measure one store ("sqlite" or "postgresql") with so many stations."""
    with ExitStack() as stack:
        servers = stack.enter_context(cluster()) if name == "postgresql" else None
        url = servers.new_database() if servers else ""
        floor_url = servers.new_database() if servers else f"sqlite:///{folder / 'floor.db'}"
        data = folder / "county"
        county, codes = founded(data, url, stations)
        pushes = crowd(county, codes, day)
        noisy = _noisy(county, codes[:NOISY], day)
        county.close()
        with Served(data, url, WORKERS if servers else 1) as served:
            before = served.spent()
            seen = _sent(served.address, folder, [push.body for push in pushes])
            cpu_s = served.spent() - before
            told = _sent(served.address, folder, [push.body for push in noisy])
            last = max(s["ended"] for s in seen)
            behind_s = _caught_up(database_url(data, url), last)
            county = opened(data, url)
            lost, doubled = _compared(county, [*pushes, *noisy])
            sound = not verify_county(county).findings if stations <= 40 else True
            county.close()
        floor = _floor(floor_url, pushes, day)
    elapsed = max(s["ended"] for s in seen) - min(s["began"] for s in seen)
    times = [s["ended"] - s["began"] for s in seen]
    facts = sum(push.facts for push in pushes)
    return Measured(
        name=f"herd.{name}",
        ours=facts / elapsed,
        limit=facts / floor,
        unit="facts/s",
        runs=1,
        is_rate=True,
        sizes={
            "stations": len(pushes),
            "facts": facts,
            "bytes": sum(len(push.body) for push in pushes),
            "workers": WORKERS if name == "postgresql" else 1,
        },
        notes={
            "gate": GATE_FACTS_PER_S,
            "seconds": round(elapsed, 2),
            "p50_s": round(percentile(times, 50), 2),
            "p99_s": round(percentile(times, 99), 2),
            "gate_p99_s": GATE_P99_S,
            "lost": lost,
            "doubled": doubled,
            "unanswered": sum(not s["has_receipt"] for s in (*seen, *told)),
            "sound": int(sound),
            "told_429": sum(s["statuses"].count(429) for s in told),
            "came_again": sum(s["statuses"][-1] == 200 and len(s["statuses"]) > 1 for s in told),
            "told_503": sum(s["statuses"].count(503) for s in seen),
            "server_cpu_s": round(cpu_s, 2),
            "rss_mb": round(served.peak_mb),
            "folds_s": round(behind_s, 1),
            "load": round(os.getloadavg()[0], 1),
        },
    )


def _noisy(county: County, stations: Sequence[str], day: Sequence[Fact]) -> list[Push]:
    """Enrol a second PC in each station, one that has handed in more than its bucket holds."""
    made = []
    for number, station in enumerate(stations, STATIONS + 1):
        place, signer = enrolled(county, station, 5000 + number)
        made.append(packed_push(county, county.press, place, signer, day[:FACTS], number))
        with county.store.write() as connection:
            spent = county.buckets.capacity + NOISY_S * county.buckets.per_second
            now = time.time_ns() // 1_000_000
            county.buckets.spend(county.store, connection, place, spent, now_ms=now)
    return made


def _sent(address: str, folder: Path, bodies: list[bytes]) -> list[dict[str, Any]]:
    file = folder / "requests"
    file.write_bytes(pickle.dumps(bodies))
    line = [sys.executable, "-m", "tests.bench.herd_load", address, str(file)]
    done = subprocess.run(line, cwd=ROOT, capture_output=True, check=True, encoding="utf-8")
    return list(json.loads(done.stdout))


def _compared(county: County, pushes: Sequence[Push]) -> tuple[int, int]:
    """Return how many facts are lacking, and how many are there that nobody sent."""
    lost = doubled = 0
    table = county.store.tables.facts
    with county.store.read(behind=True) as connection:
        journal = CountyJournal(county.store, connection)
        for push in pushes:
            end = journal.head(push.stream)
            here = connection.execute(
                select(func.count(), func.count(table.c.identity.distinct())).where(
                    table.c.station == home_of(push.stream), table.c.stream == push.stream
                )
            ).one()
            is_whole = (end.to, end.identity) == (push.facts, push.last)
            lost += max(0, push.facts - here[1]) if is_whole else push.facts
            doubled += here[0] - here[1] + max(0, here[0] - push.facts)
    return lost, doubled


def _is_caught_up(store: Store) -> bool:
    with store.read(behind=True) as connection:
        return not Behind(store, connection).stations()


def _caught_up(url: str, since: float) -> float:
    """Return how long after the last receipt the server had folded everything, by itself."""
    store = Store(url, VOCABULARY)
    try:
        until(lambda: _is_caught_up(store), CAUGHT_UP_SECONDS, "what was folded behind")
        return time.monotonic() - since
    finally:
        store.close()


def _floor(url: str, pushes: Sequence[Push], day: Sequence[Fact]) -> float:
    """Return the seconds in which the same rows go into an empty database."""
    store = Store(url, VOCABULARY)
    store.make()
    sets = []
    for push in pushes:
        facts = said_by(day, push.stream)
        rows = [tuple(fact_row(fact, push.station).values()) for fact in facts]
        parts = [(push.station, f.identity, f.private) for f in facts if f.private is not None]
        sets.append((rows, parts))
    began = time.monotonic()
    with store.write(behind=True) as connection:
        for rows, parts in sets:
            add_rows(connection, store.tables.facts, rows)
            add_rows(connection, store.tables.privates, parts)
    took = time.monotonic() - began
    store.close()
    return took


def main() -> None:
    """Measure both stores and print."""
    with tempfile.TemporaryDirectory(prefix="bench-herd-") as place:
        day = lived_day(Path(place) / "day")
        for name in ("sqlite", "postgresql"):
            folder = Path(place) / name
            folder.mkdir()
            tell(measure(name, folder, day))

"""What the server counts for whoever watches it: numbers, reasons and codes, and never a person.

In the words of Prometheus, on a port of its own that only this machine reaches unless somebody says
otherwise: how many requests a county gets is nobody's business outside, and a scrape must not
stand in the queue of the stations. Labels come from short lists that are written here or in the
code that refuses; no address, path, name or text of a request ever becomes one.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy import Engine, event, func, select

from county_server.store import Store

SYNC, BLOB, ENROL, HEALTH, PAGE = "sync", "blob", "enrol", "health", "page"
CALLS = (SYNC, BLOB, ENROL, HEALTH, PAGE)
SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
REASONS_MAX = 64  # different reasons that become labels; what comes beyond is "other"
_BEGAN = "metrics_began"


class Metrics:
    """All counters of one process. seconds: a clock that only goes forward, for durations."""

    def __init__(self, seconds: Callable[[], float]) -> None:
        """Begin at zero, in a registry of its own."""
        self.seconds = seconds
        self.registry = CollectorRegistry()
        self._reasons: set[str] = set()
        self.requests = self._counter("requests", "Requests answered.", ("call", "status"))
        self.refused = self._counter("refused", "Requests refused, by reason.", ("call", "reason"))
        self.frames = self._counter("frames_refused", "Frames not taken, by reason.", ("reason",))
        self.facts = self._counter("facts", "Facts taken and committed.", ())
        self.branched = self._counter("branched", "Pushes with another version of a fact.", ())
        self.photos = self._counter("photos", "Words on photos, by state.", ("call", "state"))
        self.photo_bytes = self._counter("photo_bytes", "Bytes of photos taken.", ())
        self.inside = Gauge(
            "county_inside", "Requests at work or waiting now.", registry=self.registry
        )
        self.took = Histogram(
            "county_request_seconds", "From head to answer.", ("call",),
            buckets=SECONDS, registry=self.registry,
        )  # fmt: skip
        self.database = Histogram(
            "county_database_seconds", "From BEGIN to COMMIT or ROLLBACK.", ("what",),
            buckets=SECONDS, registry=self.registry,
        )  # fmt: skip
        ProcessCollector(registry=self.registry)

    def _counter(self, name: str, words: str, labels: tuple[str, ...]) -> Counter:
        return Counter(f"county_{name}", words, labels, registry=self.registry)

    def reason(self, reason: str) -> str:
        """Return a reason as a label: one that is a word of the code, and not too many of them."""
        is_word = reason.isascii() and reason.replace("_", "").isalpha() and len(reason) < 40
        if is_word and (reason in self._reasons or len(self._reasons) < REASONS_MAX):
            self._reasons.add(reason)
            return reason
        return "other"

    def watch_database(self, engine: Engine) -> None:
        """Time every transaction of an engine."""

        def began(connection: Any) -> None:
            connection.info[_BEGAN] = self.seconds()

        def ended(what: str) -> Callable[[Any], None]:
            series = self.database.labels(what)

            def observe(connection: Any) -> None:
                since = connection.info.pop(_BEGAN, None)
                if since is not None:
                    series.observe(self.seconds() - since)

            return observe

        event.listen(engine, "begin", began)
        event.listen(engine, "commit", ended("commit"))
        event.listen(engine, "rollback", ended("rollback"))

    def watch_store(self, store: Store) -> None:
        """Look at a database at each scrape."""
        self.registry.register(_Standing(store))


class _Standing(Collector):
    """How the database stands, asked when somebody looks."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def describe(self) -> Iterable[Any]:
        """Say nothing beforehand: the database is asked only by a scrape."""
        return ()

    def collect(self) -> Iterator[Any]:
        """Ask; every sum is one statement over an index."""
        tables = self._store.tables
        waiting, streams = tables.unfolded.c, tables.streams.c
        behind = select(func.coalesce(func.sum(streams.length - waiting.first + 1), 0)).where(
            streams.station == waiting.station, streams.stream == waiting.stream
        )
        newest = select(func.coalesce(func.max(tables.contacts.c.at), 0))
        backlog = select(func.coalesce(func.sum(tables.contacts.c.waiting), 0))
        numbers = (
            ("county_unfolded_facts", "Facts kept and not folded yet (cursor lag).", behind),
            ("county_quarantined", "Facts set aside.", _count(tables.quarantine)),
            ("county_cases", "Open cases.", _count(tables.cases)),
            ("county_photos_held", "Photos held.", _count(tables.blobs)),
            ("county_photo_parts", "Pieces of photos on the way.", _count(tables.blob_parts)),
            ("county_devices", "PCs that were heard.", _count(tables.contacts)),
            ("county_backlog_facts", "Facts that PCs said they still hold.", backlog),
            ("county_last_contact_ms", "When the last PC was heard, UTC ms.", newest),
        )
        with self._store.read(behind=True) as connection:
            for name, words, query in numbers:
                family = GaugeMetricFamily(name, words)
                family.add_metric((), float(connection.execute(query).scalar_one()))
                yield family


def _count(table: Any) -> Any:
    return select(func.count()).select_from(table)

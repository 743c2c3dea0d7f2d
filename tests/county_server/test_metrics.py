"""What the server counts for Prometheus: numbers by reason and code, and nothing of anybody."""

import asyncio
import itertools
from pathlib import Path
from typing import Any

import httpx
import pytest
from prometheus_client import generate_latest
from prometheus_client.parser import text_string_to_metric_families

from county_server.app import make_app
from county_server.county import County
from county_server.metrics import REASONS_MAX, Metrics
from county_server.watching import Watching, call_of
from station_app.sync.messages import CONTENT_TYPE
from tests.sync.slips import remit
from tests.sync.stand import Pc, Reply, SetClock, converse, enrolled_pc, new_county

CANARY = "王示兰"


class Watched:
    """A county behind its counters, without sockets."""

    def __init__(self, county: County) -> None:
        ticks = itertools.count()
        self.metrics = Metrics(lambda: next(ticks) / 1000)
        self.metrics.watch_database(county.store.engine)
        self.metrics.watch_store(county.store)
        app = Watching(make_app(county, (), self.metrics), self.metrics)
        self._transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)

    def ask(self, method: str, path: str, **more: Any) -> httpx.Response:
        async def asked() -> httpx.Response:
            async with httpx.AsyncClient(
                transport=self._transport, base_url="http://county"
            ) as client:
                return await client.request(method, path, **more)

        return asyncio.run(asked())

    def text(self) -> str:
        return generate_latest(self.metrics.registry).decode()

    def value(self, name: str, **labels: str) -> float:
        for family in text_string_to_metric_families(self.text()):
            for sample in family.samples:
                if sample.name == name and sample.labels == labels:
                    return sample.value
        return 0.0

    def carry(self, request: Any) -> Reply:
        answer = self.ask(
            request.method, request.path, headers=request.headers, content=request.body
        )
        headers = {name.lower(): value for name, value in answer.headers.items()}
        return answer.status_code, headers, answer.content, True


@pytest.fixture
def watched(tmp_path: Path) -> Any:
    clock = SetClock()
    county = new_county(tmp_path / "county", clock)
    pc = enrolled_pc(county, tmp_path / "pc", clock)
    seen = Watched(county)
    yield seen, pc, county
    pc.close()
    county.close()


def test_requests_facts_and_photos_are_counted(watched: tuple[Watched, Pc, County]) -> None:
    seen, pc, _ = watched
    pc.shelve(7)
    remit(pc)
    converse(pc, seen.carry)
    assert seen.value("county_facts_total") == 9
    assert seen.value("county_requests_total", call="sync", status="200") >= 1
    assert seen.value("county_photos_total", call="put", state="whole") == 1
    assert seen.value("county_photo_bytes_total") == 128_003
    assert seen.value("county_photos_held") == 1
    assert seen.value("county_devices") == 1
    assert seen.value("county_backlog_facts") == 0
    assert seen.value("county_request_seconds_count", call="blob") >= 1
    assert seen.value("county_database_seconds_count", what="commit") > 0
    assert seen.value("county_unfolded_facts") == 0
    assert seen.value("county_inside") == 0
    assert seen.value("process_resident_memory_bytes") > 1_000_000


def test_refusals_are_counted_by_reason(watched: tuple[Watched, Pc, County]) -> None:
    seen, pc, county = watched
    headers = {"content-type": CONTENT_TYPE}
    seen.ask("POST", "/v1/sync", content=b"VO" + bytes(90), headers=headers)
    seen.ask("POST", "/v1/sync", content=b"garbage", headers=headers)
    seen.ask("POST", "/v1/sync", content=b"{}", headers={"content-type": "text/html"})
    seen.ask("PUT", f"/v1/blobs/{'ab' * 32}", content=b"x", headers=headers)
    assert seen.value("county_refused_total", call="sync", reason="malformed") >= 2
    assert seen.value("county_refused_total", call="blob", reason="malformed") == 1
    pc.shelve(1)
    with county.store.write() as connection:
        county.buckets.spend(county.store, connection, pc.place, 90_000, now_ms=pc.clock.at)
    converse(pc, seen.carry)
    assert seen.value("county_refused_total", call="sync", reason="busy") == 1
    assert seen.value("county_requests_total", call="sync", status="429") == 1


def test_no_label_is_made_by_who_asks(watched: tuple[Watched, Pc, County]) -> None:
    seen, _, _ = watched
    for path in (f"/v1/blobs/{CANARY}", f"/stations/{CANARY}", f"/{CANARY}?q={CANARY}"):
        seen.ask("GET", path, headers={"authorization": "VillageStation 15400006000"})
    seen.ask("KANARY", "/")
    assert seen.metrics.reason(CANARY) == "other"
    assert seen.metrics.reason("15400006000") == "other"
    for number in range(2 * REASONS_MAX):
        seen.metrics.reason("r" + "abcdefghij"[number % 10] * (1 + number // 10))
    assert seen.metrics.reason("a_new_one") == "other", "labels do not grow without end"
    text = seen.text()
    assert "KANARY" not in text
    assert CANARY not in text
    assert "15400006000" not in text


@pytest.mark.parametrize(
    ("path", "call"),
    [
        ("/v1/sync", "sync"), ("/v1/blobs/ab", "blob"), ("/v1/enrol", "enrol"),
        ("/v1/health", "health"), ("/", "page"), ("/v1/sync/", "page"),
    ],
    ids=["sync", "blob", "enrol", "health", "page", "beside"],
)  # fmt: skip
def test_what_a_path_is_called(path: str, call: str) -> None:
    assert call_of(path) == call


def test_a_request_that_fails_inside_is_counted_as_500(tmp_path: Path) -> None:
    clock = SetClock()
    county = new_county(tmp_path / "county", clock)
    seen = Watched(county)
    with county.store.write() as connection:
        connection.exec_driver_sql("DROP TABLE keys")
    answer = seen.ask(
        "POST", "/v1/sync", content=b"VO" + bytes(90), headers={"content-type": CONTENT_TYPE}
    )
    county.close()
    assert isinstance(answer, httpx.Response)
    assert answer.status_code in (400, 500)

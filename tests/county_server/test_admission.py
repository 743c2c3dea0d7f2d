"""Many at the door at once: each gets the answer to what it sent, and a commit is shared."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest
from sqlalchemy import event

from county_server import admission
from county_server.app import make_app
from county_server.county import County
from county_server.verify import verify_county
from station_app.journal.fact import Fact
from station_app.sync.messages import CONTENT_TYPE, SYNC_PATH, open_request
from tests.county_server.test_intake import Hand, facts
from tests.postgres import ON_BOTH_STORES, Cluster
from tests.sync.stand import Pc, SetClock, enrolled_pc, new_county


@pytest.fixture
def county(tmp_path: Path, store_in: Cluster | None) -> Iterator[County]:
    county = new_county(tmp_path / "county", SetClock(), cluster=store_in)
    yield county
    county.close()


@pytest.fixture
def pc(county: County, tmp_path: Path) -> Iterator[Pc]:
    pc = enrolled_pc(county, tmp_path / "d1", SetClock())
    yield pc
    pc.close()


def streams(count: int) -> list[tuple[Fact, ...]]:
    return [facts(3, stream=f"NX0601/D1/{number:016x}") for number in range(1, count + 1)]


def bodies(county: County, pc: Pc, count: int) -> list[bytes]:
    hand = Hand(county, pc)
    return [
        open_request(hand.opening(epoch=said[0].stream[-16:], counter=1), hand.signer)
        + hand.frame(hand.segment(said))
        for said in streams(count)
    ]


async def arriving(body: bytes) -> AsyncIterator[bytes]:
    """A body in two pieces: between them the server turns to others, as on a real line."""
    yield body[:200]
    await asyncio.sleep(0)
    yield body[200:]


def sent_at_once(county: County, sent: list[bytes]) -> list[httpx.Response]:
    async def run() -> list[httpx.Response]:
        transport = httpx.ASGITransport(make_app(county))
        async with httpx.AsyncClient(transport=transport, base_url="http://county") as line:
            headers = {"content-type": CONTENT_TYPE}
            calls = [line.post(SYNC_PATH, content=arriving(b), headers=headers) for b in sent]
            return await asyncio.gather(*calls)

    return asyncio.run(run())


def commits(county: County) -> list[int]:
    counted: list[int] = []
    event.listen(county.store.engine, "commit", lambda _connection: counted.append(1))
    return counted


@ON_BOTH_STORES
def test_everybody_is_answered_and_nothing_is_lost(county: County, pc: Pc) -> None:
    replies = sent_at_once(county, bodies(county, pc, 24))
    assert [reply.status_code for reply in replies] == [200] * 24
    report = verify_county(county)
    assert not report.findings
    assert sum(report.lengths[said[0].stream] for said in streams(24)) == 72


def test_who_is_refused_leaves_the_others_alone(county: County, pc: Pc) -> None:
    """In the middle of a group stands a request that somebody plays again."""
    sent = bodies(county, pc, 9)
    assert sent_at_once(county, sent[4:5])[0].status_code == 200
    replies = sent_at_once(county, sent)
    assert [reply.status_code for reply in replies] == [200] * 4 + [409] + [200] * 4
    report = verify_county(county)
    assert not report.findings
    assert all(report.lengths[said[0].stream] == 3 for said in streams(9))


def test_those_who_wait_together_share_a_commit(county: County, pc: Pc) -> None:
    sent = bodies(county, pc, 16)
    counted = commits(county)
    sent_at_once(county, sent)
    written = len(counted) - 2 * len(sent)  # each reads twice: who it is, and its answer
    assert written < len(sent) / 2


def test_a_commit_that_fails_gives_nobody_a_receipt(
    county: County, pc: Pc, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = bodies(county, pc, 6)

    def fails(_connection: object) -> None:
        raise OSError("the disk is full")

    event.listen(county.store.engine, "commit", fails)
    with pytest.raises(OSError, match="full"):
        sent_at_once(county, sent)
    event.remove(county.store.engine, "commit", fails)
    assert not any(s in verify_county(county).lengths for s in (f[0].stream for f in streams(6)))


def test_who_comes_when_all_is_full_is_told_when_to_come_again(
    county: County, pc: Pc, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(admission, "REQUESTS_MAX", 5)
    replies = sent_at_once(county, bodies(county, pc, 12))
    turned_away = [reply for reply in replies if reply.status_code == 503]
    assert len(turned_away) == 7
    for reply in turned_away:
        assert 5 <= int(reply.headers["retry-after"]) <= 20
    again = sent_at_once(county, bodies(county, pc, 3))  # the door is not shut for good
    assert {reply.status_code for reply in again} <= {200, 409}


def test_bytes_that_wait_are_bounded(
    county: County, pc: Pc, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = bodies(county, pc, 12)
    monkeypatch.setattr(admission, "WAITING_BYTES_MAX", 4 * len(sent[0]))
    codes = sorted(reply.status_code for reply in sent_at_once(county, sent))
    assert set(codes) == {200, 503}
    assert codes.count(200) >= 3

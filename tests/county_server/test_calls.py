"""The calls over HTTP, in one process: whatever is sent, the answer is never a failure of ours."""

from collections.abc import Iterator

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.applications import Starlette

from county_server.app import ENROLMENTS_PER_MINUTE, make_app
from county_server.county import County
from station_app.sync.exchange import Request
from station_app.sync.messages import (
    CONTENT_TYPE,
    ENROL_PATH,
    HEALTH_PATH,
    PROBLEM_TYPE,
    SYNC_PATH,
    Problem,
)
from tests.county_server.by_hand import Heard, call
from tests.sync.stand import (
    Pc,
    SetClock,
    converse,
    direct,
    enrolled_pc,
    folded_here,
    folded_there,
    new_county,
)

OURS = {"content-type": CONTENT_TYPE}


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Iterator[County]:
    county = new_county(tmp_path_factory.mktemp("county"), SetClock())
    yield county
    county.close()


@pytest.fixture(scope="module")
def pc(county: County, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pc]:
    pc = enrolled_pc(county, tmp_path_factory.mktemp("d1"), SetClock())
    pc.shelve(60)
    yield pc
    pc.close()


@pytest.fixture(scope="module")
def app(county: County) -> Starlette:
    return make_app(county)


def body_of(pc: Pc) -> bytes:
    pc.exchange.hurry()
    request = pc.exchange.next_request(pc.clock.at)
    assert isinstance(request, Request)
    pc.exchange.on_failure("no_line", pc.clock.at)
    return request.body


def reason(heard: Heard) -> str:
    assert heard.headers["content-type"] == PROBLEM_TYPE
    return msgspec.json.decode(heard.content, type=Problem).reason


def test_health_tells_what_can_be_read_and_nothing_of_anybody(
    app: Starlette, county: County
) -> None:
    heard = call(app, "GET", HEALTH_PATH)
    said = msgspec.json.decode(heard.content)
    assert heard.status == 200
    assert said["county"] == county.id
    assert "parcel.shelved 1" in said["kinds"]
    assert set(said) == {
        "county",
        "county_epoch",
        "time",
        "fold_version",
        "kinds",
        "dictionaries",
    }


@pytest.mark.parametrize("path", [SYNC_PATH, ENROL_PATH])
def test_other_methods_and_other_types_are_refused(app: Starlette, path: str) -> None:
    assert call(app, "GET", path).status == 405
    assert call(app, "PUT", path).status == 405
    assert call(app, "POST", path, b"{}").status == 415
    assert call(app, "POST", path, b"{}", {"content-type": "application/json"}).status == 415
    packed = OURS | {"content-encoding": "gzip"}
    assert call(app, "POST", path, b"VO", packed).status == 415


@pytest.mark.parametrize("path", [SYNC_PATH, ENROL_PATH])
def test_a_length_over_the_limit_is_refused_by_the_head(app: Starlette, path: str) -> None:
    heard = call(app, "POST", path, bytes(3_000_000), OURS)
    assert (heard.status, reason(heard)) == (413, "too_big")


@pytest.mark.parametrize("path", [SYNC_PATH, ENROL_PATH])
def test_a_length_that_is_not_said_is_counted(app: Starlette, path: str) -> None:
    heard = call(app, "POST", path, (b"VO" + bytes(100_000) for _ in range(40)), OURS)
    assert heard.status in (400, 401, 413)


@given(noise=st.binary(max_size=600), path=st.sampled_from([SYNC_PATH, ENROL_PATH]))
def test_noise_is_answered_with_a_reason(app: Starlette, noise: bytes, path: str) -> None:
    for start in (b"", b"VO", b"VF"):
        heard = call(app, "POST", path, start + noise, OURS)
        assert heard.status in (400, 401, 413, 429)
        assert reason(heard)


@given(flips=st.lists(st.integers(0, 10**6), min_size=1, max_size=4), cut=st.integers(0, 10**6))
def test_a_spoilt_request_is_never_half_applied(
    app: Starlette, county: County, pc: Pc, flips: list[int], cut: int
) -> None:
    """Bits flipped and the end cut off: whole acts of whole frames are taken, or nothing."""
    body = bytearray(body_of(pc))
    if cut % 2:
        del body[len(body) - cut % len(body) :]
    for flip in flips:
        if body:
            body[flip // 8 % len(body)] ^= 1 << flip % 8
    heard = call(app, "POST", SYNC_PATH, bytes(body), OURS)
    assert heard.status in (200, 400, 401, 409, 413)
    held = "stream LIKE 'NX0601/D1/%'"
    with county.store.read() as connection:
        ask = connection.exec_driver_sql
        kept = ask(f"SELECT count(*) FROM facts WHERE {held}").scalar_one()
        length = ask(f"SELECT coalesce(sum(length), 0) FROM streams WHERE {held}").scalar_one()
        folded = ask(f"SELECT count(*) FROM folds WHERE {held}").scalar_one()
    assert kept == length == folded


def test_after_all_that_it_converges(county: County, pc: Pc) -> None:
    pc.restart()
    converse(pc, direct(county))
    assert folded_here(pc) == folded_there(county, "NX0601")


def test_a_caller_who_hangs_up_leaves_what_came_whole(
    app: Starlette, county: County, pc: Pc
) -> None:
    """What was sent before the line broke is kept, and the rest comes with the next call."""
    pc.shelve(200)
    body = body_of(pc)
    before = pc.port.head(pc.port.live).to
    call(app, "POST", SYNC_PATH, (body[: len(body) * 2 // 3], b""), OURS)
    with county.store.read() as connection:
        kept = connection.exec_driver_sql(
            "SELECT length FROM streams WHERE stream = ?", (pc.port.live,)
        ).scalar_one()
    assert 0 < kept < before
    converse(pc, direct(county))
    assert pc.unconfirmed() == 0


def test_guessing_codes_is_slow(county: County) -> None:
    app = make_app(county)
    answers = [call(app, "POST", ENROL_PATH, b"VO", OURS) for _ in range(ENROLMENTS_PER_MINUTE + 1)]
    assert {heard.status for heard in answers[:-1]} == {400}
    assert answers[-1].status == 429
    assert answers[-1].headers["retry-after"] == "60"

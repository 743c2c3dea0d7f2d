"""What answers in the county's place: nothing but a receipt that verifies moves the mark."""

import gzip
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from county_server.county import County
from county_server.intake import Push
from station_app.sync import causes
from station_app.sync.exchange import Request
from station_app.sync.messages import CONTENT_TYPE
from station_app.sync.progress import HELD_UP, OFFLINE
from tests.sync.stand import (
    Carry,
    Pc,
    Reply,
    SetClock,
    converse,
    direct,
    enrolled_pc,
    folded_here,
    folded_there,
    new_county,
    once,
    post,
)

OURS = {"content-type": CONTENT_TYPE}
HTML = {"content-type": "text/html; charset=utf-8"}
PORTAL = "<html><title>免费上网</title>请先登录</html>".encode()


@pytest.fixture
def pc(county: County, tmp_path: Path, clock: SetClock) -> Iterator[Pc]:
    pc = enrolled_pc(county, tmp_path / "d1", clock)
    converse(pc, direct(county))
    pc.shelve(5)
    yield pc
    pc.close()


def count(county: County) -> int:
    with county.store.read() as connection:
        rows = connection.exec_driver_sql(
            "SELECT count(*) FROM facts WHERE kind = 'parcel.shelved'"
        )
        found: int = rows.scalar_one()
    return found


# --- Instead of an answer ------------------------------------------------------------------------

INSTEAD: list[tuple[Reply | str, str]] = [
    ((200, HTML, PORTAL, True), causes.CAPTIVE_PORTAL),
    ((200, {}, b"", True), causes.CAPTIVE_PORTAL),
    ((204, {}, b"", True), causes.CAPTIVE_PORTAL),
    ((302, {"location": "http://portal.example/"}, b"", True), causes.CAPTIVE_PORTAL),
    ((307, {"location": "http://portal.example/"} | OURS, b"", True), causes.CAPTIVE_PORTAL),
    ((511, HTML, PORTAL, True), causes.CAPTIVE_PORTAL),
    ((502, HTML, b"Bad gateway", True), causes.PROXY_ERROR),
    ((504, HTML, b"", True), causes.PROXY_ERROR),
    ((407, HTML, b"", True), causes.PROXY_ERROR),
    ((500, HTML, b"", True), causes.COUNTY_TROUBLE),
    ((429, HTML, b"", True), causes.BUSY),
    ((503, {"retry-after": "5"}, b"", True), causes.BUSY),
    ((413, HTML, b"", True), causes.TOO_BIG),
    ((404, HTML, b"Not found", True), causes.WRONG_ADDRESS),
    ((200, OURS, b"", True), causes.CUT_OFF),
    ((200, OURS, b"VO", False), causes.CUT_OFF),
    ((200, OURS, PORTAL, True), causes.GARBLED),
    ((200, OURS, b"VO" + bytes(200), True), causes.WRONG_KEY),
    ((200, OURS, b"VO\xff\xff\xff\xff" + bytes(200), True), causes.GARBLED),
    ((409, OURS, b"VF" * 500, True), causes.GARBLED),
    (causes.NO_LINE, causes.NO_LINE),
    (causes.NO_ANSWER, causes.NO_ANSWER),
    (causes.WRONG_CLOCK, causes.WRONG_CLOCK),
]


@pytest.mark.parametrize(("reply", "cause"), INSTEAD)
def test_something_else_answers_and_nothing_is_believed(
    pc: Pc, county: County, reply: Reply | str, cause: str
) -> None:
    marks, facts = pc.marks(), len(pc.facts())
    outcome = once(pc, lambda _request: reply)
    assert (outcome.what, outcome.cause, outcome.facts_up) == ("not_sent", cause, 0)
    assert pc.marks() == marks
    assert len(pc.facts()) == facts
    assert pc.exchange.status().line == (HELD_UP if cause in causes.HOLD_UP else OFFLINE)
    converse(pc, direct(county))
    assert pc.unconfirmed() == 0
    assert count(county) == 5


# --- A true answer, spoilt -----------------------------------------------------------------------

Spoil = Callable[[Reply], Reply]


def with_status(status: int) -> Spoil:
    return lambda reply: (status, *reply[1:])


def with_headers(**headers: str) -> Spoil:
    changed = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda reply: (reply[0], reply[1] | changed, *reply[2:])


def zipped(reply: Reply) -> Reply:
    return (reply[0], reply[1] | {"content-encoding": "gzip"}, gzip.compress(reply[2]), True)


def bomb(reply: Reply) -> Reply:
    return (200, reply[1] | {"content-encoding": "gzip"}, gzip.compress(bytes(50_000_000)), True)


def flipped(place: int) -> Spoil:
    def spoil(reply: Reply) -> Reply:
        body = bytearray(reply[2])
        body[place] ^= 1
        return (reply[0], reply[1], bytes(body), True)

    return spoil


SPOILT: list[tuple[Spoil, str]] = [
    (with_status(201), causes.CAPTIVE_PORTAL),
    (with_status(302), causes.CAPTIVE_PORTAL),
    (with_status(500), causes.COUNTY_TROUBLE),
    (with_headers(content_type="text/html"), causes.CAPTIVE_PORTAL),
    (with_headers(content_type=CONTENT_TYPE + "2"), causes.CAPTIVE_PORTAL),
    (zipped, causes.GARBLED),
    (bomb, causes.GARBLED),
    (flipped(0), causes.GARBLED),
    (flipped(20), causes.WRONG_KEY),
    (flipped(100), causes.WRONG_KEY),
]


@pytest.mark.parametrize(("spoil", "cause"), SPOILT)
def test_a_spoilt_answer_moves_no_mark(pc: Pc, county: County, spoil: Spoil, cause: str) -> None:
    marks = pc.marks()
    outcome = once(pc, lambda request: spoil(post(county, request.body)))
    assert (outcome.what, outcome.cause) == ("not_sent", cause)
    assert pc.marks() == marks
    assert count(county) == 5  # it was committed all the same
    converse(pc, direct(county))
    assert pc.unconfirmed() == 0
    assert count(county) == 5


def test_an_answer_of_another_county_moves_no_mark(
    pc: Pc, county: County, tmp_path: Path, clock: SetClock
) -> None:
    rogue = new_county(tmp_path / "rogue", clock, seed=666)
    twin = enrolled_pc(rogue, tmp_path / "twin", clock, seed=667)
    marks = pc.marks()

    def lured(request: Request) -> Reply:
        twin.exchange.hurry()
        other = twin.exchange.next_request(clock.at)
        assert isinstance(other, Request)
        reply = post(rogue, other.body)
        twin.exchange.on_failure("no_line", clock.at)
        return reply

    outcome = once(pc, lured)
    assert (outcome.what, outcome.cause) == ("not_sent", causes.WRONG_KEY)
    assert pc.marks() == marks
    twin.close()
    rogue.close()


def test_an_old_answer_moves_no_mark(pc: Pc, county: County) -> None:
    kept: list[Reply] = []

    def keeping(request: Request) -> Reply:
        kept.append(post(county, request.body))
        return kept[0]

    once(pc, keeping)
    pc.shelve(3)
    marks = pc.marks()
    outcome = once(pc, keeping)
    assert (outcome.what, outcome.cause) == ("not_sent", causes.REPLAYED)
    assert pc.marks() == marks
    converse(pc, direct(county))
    assert pc.unconfirmed() == 0


def test_the_answer_to_a_sibling_moves_no_mark(
    pc: Pc, county: County, tmp_path: Path, clock: SetClock
) -> None:
    sibling = enrolled_pc(county, tmp_path / "d2", clock, seed=200)
    sibling.exchange.hurry()
    request = sibling.exchange.next_request(clock.at)
    assert isinstance(request, Request)
    reply = post(county, request.body)
    marks = pc.marks()
    assert once(pc, lambda _request: reply).cause == causes.REPLAYED
    assert pc.marks() == marks
    sibling.exchange.on_failure("no_line", clock.at)
    sibling.close()


# --- Broken off ----------------------------------------------------------------------------------


def test_an_answer_may_break_off_anywhere(
    pc: Pc, county: County, tmp_path: Path, clock: SetClock
) -> None:
    """Whole frames are kept, half ones are not; in the end all is there once."""
    for _ in range(4):
        pc.shelve(40)
        converse(pc, direct(county))
    sibling = enrolled_pc(county, tmp_path / "d2", clock, seed=200)
    before = 0
    for length in range(0, 60_000, 977):
        outcome = once(sibling, cutting_at(county, length))
        held = len(sibling.facts())
        assert held == before + outcome.facts_down
        assert outcome.cause in ("", causes.CUT_OFF)
        before = held
        if outcome.what == "sent" and not outcome.again:
            break
    converse(sibling, direct(county))
    assert folded_here(sibling) == folded_there(county, "NX0601")
    sibling.close()


def cutting_at(county: County, length: int) -> Carry:
    return lambda request: cut(post(county, request.body), length)


def cut(reply: Reply, length: int) -> Reply:
    return (reply[0], reply[1], reply[2][:length], length >= len(reply[2]))


def test_an_answer_that_breaks_off_before_the_receipt_says_nothing(pc: Pc, county: County) -> None:
    marks = pc.marks()
    whole: list[Reply] = []

    def cutting(request: Request) -> Reply:
        whole.append(post(county, request.body))
        return cut(whole[0], 300)

    outcome = once(pc, cutting)
    assert (outcome.cause, outcome.facts_up) == (causes.CUT_OFF, 0)
    assert pc.marks() == marks


def test_a_request_may_break_off_anywhere(pc: Pc, county: County, clock: SetClock) -> None:
    """The county keeps the whole frames of a body that breaks off, and no part of an act."""
    pc.shelve(400)
    for length in range(0, 40_000, 1733):
        pc.exchange.hurry()
        request = pc.exchange.next_request(clock.at)
        assert isinstance(request, Request)
        push = Push(county)
        push.feed(request.body[:length])
        push.break_off()
        pc.exchange.on_failure("cut_off", clock.at)
    assert 0 < count(county) <= 405
    converse(pc, direct(county))
    assert count(county) == 405
    assert folded_here(pc) == folded_there(county, "NX0601")


def test_an_answer_lost_after_the_commit_counts_nothing_twice(pc: Pc, county: County) -> None:
    def lost(request: Request) -> str:
        post(county, request.body)
        return causes.CUT_OFF

    for _ in range(3):
        once(pc, lost)
    assert pc.unconfirmed() == 5
    outcome = once(pc, direct(county))
    assert (outcome.what, outcome.facts_up) == ("sent", 5)
    assert count(county) == 5


# --- Waiting -------------------------------------------------------------------------------------


def test_the_county_may_ask_for_patience(pc: Pc, clock: SetClock) -> None:
    once(pc, lambda _request: (503, {"retry-after": "120"}, b"", True))
    step = pc.exchange.next_request(clock.at)
    assert not isinstance(step, Request)
    assert step.until == clock.at + 120_000
    pc.exchange.hurry()
    assert isinstance(pc.exchange.next_request(clock.at), Request)
    pc.exchange.on_failure("no_line", clock.at)


@pytest.mark.parametrize("text", ["Wed, 25 Nov 2026 03:10:00 GMT", "-5", "1e9", "９", ""])
def test_what_is_no_number_of_seconds_is_not_waited_for(pc: Pc, clock: SetClock, text: str) -> None:
    once(pc, lambda _request: (503, {"retry-after": text}, b"", True))
    assert pc.exchange.status().next_try_at <= clock.at + 1_000


def test_too_big_is_tried_again_smaller(pc: Pc, county: County, clock: SetClock) -> None:
    pc.shelve(600)
    sizes: list[int] = []

    def small(request: Request) -> Reply:
        sizes.append(len(request.body))
        if len(request.body) > 9_000:
            return 413, HTML, b"", True
        return post(county, request.body)

    for _ in range(60):
        if not pc.unconfirmed():
            break
        once(pc, small)
    assert pc.unconfirmed() == 0
    assert sizes[0] > 9_000 >= sizes[-1]

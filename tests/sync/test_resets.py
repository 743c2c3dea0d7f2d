"""A line that breaks in the middle: what came whole is neither sent nor fetched a second time."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from county_server.county import County
from county_server.intake import Push
from station_app.journal.fact import Saying
from station_app.security.signing import Signer
from station_app.services.parcels.facts import Receiver
from station_app.sync import causes
from station_app.sync.exchange import Request
from station_app.sync.messages import BodyReader
from tests.sync.stand import (
    Dice,
    Pc,
    Reply,
    SetClock,
    converse,
    direct,
    enrolled_pc,
    once,
    post,
    shelved,
)

PARCELS = 120


@pytest.fixture
def pc(county: County, tmp_path: Path, clock: SetClock) -> Iterator[Pc]:
    pc = enrolled_pc(county, tmp_path / "d1", clock)
    sibling = enrolled_pc(county, tmp_path / "d2", clock, seed=200)
    for one in (pc, sibling):
        converse(one, direct(county))
    sibling.close()
    dice = Dice(3)
    for number in range(0, PARCELS, 20):
        pc.say(*(_parcel(n, dice) for n in range(number, number + 20)))
    yield pc
    pc.close()


def _parcel(number: int, dice: Dice) -> Saying:
    name = "".join(chr(0x4E00 + int.from_bytes(dice.draw(2), "big") % 20_000) for _ in range(96))
    return Saying(shelved(f"75{number:012}", 1 + number % 90).body, Receiver(name=name, tail=""))


def frames(body: bytes) -> list[bytes]:
    return list(BodyReader().feed(body))


class Watched:
    """A line that breaks once, in the request or in the answer, and remembers what it carried."""

    def __init__(self, county: County, *, in_answer: bool) -> None:
        self.county = county
        self.in_answer = in_answer
        self.is_broken = False
        self.up: list[bytes] = []
        self.down: list[bytes] = []

    def __call__(self, request: Request) -> Reply | str:
        sent = frames(request.body)
        if len(sent) > 2 and not self.in_answer and not self.is_broken:
            self.is_broken = True
            half = len(request.body) - len(sent[-1]) - len(sent[-2]) // 2
            self.up += frames(request.body[:half])
            push = Push(self.county)
            push.feed(request.body[:half])
            push.break_off()
            return causes.CUT_OFF
        self.up += sent
        status, headers, body, is_whole = post(self.county, request.body)
        came = frames(body)
        if len(came) > 2 and self.in_answer and not self.is_broken:
            self.is_broken = True
            body, is_whole = body[: len(body) - len(came[-1]) // 2], False
        self.down += frames(body)
        return status, headers, body, is_whole


def test_after_a_long_request_broke_off_the_next_one_asks_what_arrived(
    pc: Pc, county: County
) -> None:
    line = Watched(county, in_answer=False)
    for _ in range(20):
        if once(pc, line).what == "sent" and not pc.unconfirmed():
            break
    assert line.is_broken
    assert pc.unconfirmed() == 0
    assert len(line.up) == len(set(line.up))


def test_what_came_down_before_a_break_is_neither_sent_back_nor_fetched_again(
    pc: Pc, county: County, tmp_path: Path, clock: SetClock
) -> None:
    converse(pc, direct(county))
    sibling = Pc(tmp_path / "d2", "NX0601/D2", clock, Dice(300), _signer(), pc.county)
    line = Watched(county, in_answer=True)
    for _ in range(20):
        if not once(sibling, line).again and line.is_broken and sibling.facts() == pc.facts():
            break
    assert line.is_broken
    assert {f.identity for f in sibling.facts()} >= {f.identity for f in pc.facts()}
    assert line.up == []
    assert len(line.down) == len(set(line.down))
    sibling.close()


def _signer() -> Signer:
    return Signer(Dice(200).draw(32))

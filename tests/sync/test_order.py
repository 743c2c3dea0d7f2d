"""In which order things leave when much waits: what was done just now, with the news, then bulk."""

from county_server.county import County
from station_app.sync.exchange import Request
from station_app.sync.frame import unpack
from station_app.sync.messages import BodyReader
from station_app.sync.segment import KnownKey, Segment
from tests.sync.stand import Pc, Reply, converse, direct, once


def segments_of(pc: Pc, request: Request) -> list[Segment]:
    reader = BodyReader()
    frames = list(reader.feed(request.body))
    mine = KnownKey(pc.place, pc.signer.public_key, lambda *_signed: True)
    found: list[Segment] = []
    for frame in frames:
        unpacked = unpack(
            frame, lambda _name: mine, pc.press, county=pc.county.id, places=pc.port.places
        )
        assert isinstance(unpacked, tuple), unpacked
        found += unpacked
    return found


def test_what_was_done_just_now_leaves_before_all_that_waits_and_brings_the_news(
    county: County, pc: Pc, sibling: Pc
) -> None:
    for one in (pc, sibling):
        converse(one, direct(county))
    pc.shelve(150)  # a day without a line
    pc.restart()
    (now,) = pc.shelve(1)
    sibling.shelve(1)
    converse(sibling, direct(county))
    sent: list[Request] = []

    def carry(request: Request) -> Reply | str:
        sent.append(request)
        return direct(county)(request)

    pc.exchange._pace.limit(1)  # a thin line: 4 KiB at a time
    first = once(pc, carry)
    assert segments_of(pc, sent[0])[0].facts[0].identity == now.identity
    assert first.facts_down >= 1, "news come with the same round trip, before the bulk has gone"
    assert first.again
    assert pc.unconfirmed() > 50
    assert len(sent[0].body) < 24 * 1024

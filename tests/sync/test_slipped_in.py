"""After a renewal of the county's key: nothing of the old one slips in behind a receipt."""

from pathlib import Path

from county_server.county import County
from station_app.security.signing import Signer
from station_app.sync.exchange import Request
from station_app.sync.frame import pack, unpack
from station_app.sync.messages import BodyReader
from tests.sync.stand import Carry, Reply, SetClock, answered, converse, direct, once
from tests.sync.test_cut_off import say_secret
from tests.sync.test_key_change import pc_of, renew_county_key


def test_a_frame_that_the_old_key_signed_is_not_slipped_in_behind_a_good_receipt(
    county: County, tmp_path: Path, clock: SetClock
) -> None:
    """Once with the old key in it, and once as if a key had signed it that nobody knows."""
    pc = pc_of(county, tmp_path / "pc", clock)
    old = county.keys.signer
    renew_county_key(county)
    converse(pc, direct(county))
    say_secret(county)
    before = {fact.identity for fact in pc.facts()}

    def slipped_in(signer: Signer) -> Carry:
        def carry(request: Request) -> Reply | str:
            status, headers, body, is_whole = answered(county, request)
            frames = list(BodyReader().feed(body))
            kept = body[: len(body) - sum(map(len, frames))]
            return status, headers, kept + b"".join(map(packed_anew, frames)), is_whole

        def packed_anew(frame: bytes) -> bytes:
            held = pc.port.places
            segments = unpack(frame, pc.key_of, pc.press, county=county.id, places=held)
            assert isinstance(segments, tuple), segments
            return pack(segments, signer, pc.press, level=3)

        return carry

    for signer in (old, Signer(bytes(32))):
        assert once(pc, slipped_in(signer)).cause == "garbled"
        assert {fact.identity for fact in pc.facts()} == before
    assert once(pc, slipped_in(county.keys.signer)).facts_down > 0
    pc.close()

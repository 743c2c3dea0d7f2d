"""Photos on a stick: behind the facts that name them, as many as there is room for."""

from pathlib import Path

import pytest

from county_server.bundles import NoBundle
from county_server.county import County
from station_app.journal import blobs
from station_app.journal.blob import BLOB_BYTES_MAX, GONE, WHOLE, blob_name
from station_app.security.sealed_file import TO_COUNTY
from station_app.sync import courier as couriers
from station_app.sync.courier import Written
from station_app.sync.messages import BodyReader, seal_photo
from tests.sync import mail
from tests.sync.slips import SLIP, at_county, bytes_at_county, erase, remit, state
from tests.sync.stand import Pc, SetClock, answered, converse, direct, enrolled_pc


@pytest.fixture
def pc(pc: Pc, county: County) -> Pc:
    """The PC has heard the county once."""
    converse(pc, direct(county))
    return pc


def test_a_photo_goes_with_its_fact_and_comes_back_acknowledged(pc: Pc, county: County) -> None:
    remit(pc)
    bundle = mail.bundle(pc)
    read, answer = mail.read(county, bundle)
    assert read.facts == 2
    assert bytes_at_county(county) == SLIP
    assert state(pc) == "", "nobody has said so here yet"
    mail.take(pc, answer)
    assert state(pc) == WHOLE
    assert len(mail.bundle(pc)) < len(SLIP), "what is acknowledged goes no second time"


def test_the_same_stick_twice_and_late_changes_nothing(pc: Pc, county: County) -> None:
    fact = remit(pc)
    bundle = mail.bundle(pc)
    mail.read(county, bundle)
    _, answer = mail.read(county, bundle)
    erase(pc, fact)
    converse(pc, direct(county))
    assert at_county(county) == GONE
    mail.read(county, bundle)
    assert bytes_at_county(county) is None, "a stick from before the erasure brings nothing back"
    mail.take(pc, answer)
    assert blobs.get(pc.reader, blob_name(SLIP)) is None


def test_who_carries_an_erased_photo_is_told_that_it_is_gone(
    tmp_path: Path, pc: Pc, county: County, clock: SetClock
) -> None:
    fact = remit(pc)
    converse(pc, lambda r: "no_answer" if r.method == "PUT" else answered(county, r))
    sibling = enrolled_pc(county, tmp_path / "sibling", clock, seed=101)
    converse(sibling, direct(county))
    erase(sibling, fact)
    converse(sibling, direct(county))
    mail.take(pc, mail.read(county, mail.bundle(pc))[1])
    assert blobs.get(pc.reader, blob_name(SLIP)) is None, "the answer brought the erasure"
    assert bytes_at_county(county) is None
    sibling.close()


def test_what_does_not_fit_goes_later_and_facts_go_first(
    pc: Pc, county: County, monkeypatch: pytest.MonkeyPatch
) -> None:
    contents = [SLIP + bytes([n]) for n in range(4)]
    for number, content in enumerate(contents):
        remit(pc, content, number + 1)
    monkeypatch.setattr(couriers, "BUNDLE_BYTES_MAX", 300_000)
    written = Written()
    key = pc.county.key.public_key  # type: ignore[attr-defined]
    pieces = list(mail.courier(pc).bundle(pc.clock.at, written))
    assert (written.facts, written.photos, written.has_more) == (8, 2, True)
    mail.take(pc, mail.read(county, mail.sealed(key, TO_COUNTY, pieces))[1])
    assert [at_county(county, content) for content in contents] == [WHOLE, WHOLE, "part", "part"]
    mail.carry(pc, county)
    assert [at_county(county, content) for content in contents] == [WHOLE] * 4


def test_a_bundle_cut_off_in_a_photo_changes_nothing(pc: Pc, county: County) -> None:
    remit(pc)
    bundle = mail.bundle(pc)
    with pytest.raises(NoBundle):
        mail.read(county, bundle[: len(bundle) - 5_000])
    assert bytes_at_county(county) is None


@pytest.mark.parametrize("step", [1, 7, 1 << 20], ids=["one", "seven", "all"])
def test_photos_are_read_in_pieces_of_any_size(pc: Pc, step: int) -> None:
    pieces = b"".join(mail.courier(pc).bundle(pc.clock.at, Written()))
    body = pieces + seal_photo(b"first") + seal_photo(b"second")
    reader = BodyReader(has_photos=True)
    for start in range(0, len(body), step):
        assert list(reader.feed(body[start : start + step])) == []
    assert reader.photos == [b"first", b"second"]
    assert reader.is_between_frames


def test_a_photo_on_the_line_or_a_too_long_one_is_no_body_of_ours(pc: Pc) -> None:
    pieces = b"".join(mail.courier(pc).bundle(pc.clock.at, Written()))
    line = BodyReader()
    list(line.feed(pieces + seal_photo(b"photo")))
    assert line.trouble == "malformed"
    stick = BodyReader(1 << 30, has_photos=True)
    list(stick.feed(pieces + seal_photo(bytes(BLOB_BYTES_MAX + 1))))
    assert stick.trouble == "too_big"
    assert stick.photos == []

"""A PC that was cut off is another PC now: what it was told as the former one stands."""

from pathlib import Path

from msgspec.structs import replace

from county_server.county import County
from county_server.journal import CountyJournal
from station_app.enrol_anew import become, new_key
from station_app.journal.store import transaction
from station_app.journal.verify import verify
from station_app.known_keys import KnownKeys
from station_app.own_key import OwnKey
from station_app.premises import enrolment_of
from station_app.security.signing import SEED_BYTES
from station_app.sync.causes import UNKNOWN_DEVICE
from station_app.sync.exchange import NOT_SENT
from station_app.vocabulary import VOCABULARY
from tests.sync.stand import (
    STATION,
    Dice,
    SetClock,
    converse,
    direct,
    enrolled_pc,
    new_county,
    once,
    reopened_county,
)
from tests.sync.test_clone_after_restore import put_back
from tests.sync.test_exchange import copied
from tests.sync.test_key_change import pc_of, renew_county_key
from tests.village.keys import Keyring


def test_what_the_countys_former_key_signed_is_doubted_by_no_doctor(
    county: County, tmp_path: Path, clock: SetClock
) -> None:
    """No word of the county has said yet that there was one (village seed 9200012)."""
    pc = pc_of(county, tmp_path / "pc", clock)
    first = county.keys.signer.key_id
    renew_county_key(county)
    before = pc.known_keys().here
    now = replace(before, device="D2", county_key=county.keys.signer.public_key.hex())
    with transaction(pc.session.connection):
        own = OwnKey(Keyring.of(bytes(32)), pc.chance, pc.session.connection, before)
        assert become(pc.session.connection, own, now) == ""
    here = enrolment_of(pc.reader)
    assert here is not None
    keys = KnownKeys(pc.reader, here)
    report = verify(pc.reader, VOCABULARY, keys.is_signed)
    assert [one for one in report.findings if one.stream.startswith("county.")] == []
    assert keys(first) is None, "nothing new is taken by it"
    pc.close()


def test_an_old_image_of_it_speaks_as_the_pc_that_it_was_and_hears_that_it_is_cut_off(
    county: County, tmp_path: Path, clock: SetClock
) -> None:
    """Its key was another PC's by now, and the county took it for a stranger (seed 9200609)."""
    pc = pc_of(county, tmp_path / "pc", clock)
    keyring, before = Keyring.of(Dice(100).draw(SEED_BYTES)), pc.known_keys().here
    key = new_key(pc.reader, keyring, pc.chance)
    now = replace(before, device="D2", public_key=key.public_key.hex())
    with transaction(pc.session.connection):
        former = OwnKey(keyring, pc.chance, pc.session.connection, before)
        assert former.public_key == pc.signer.public_key
        assert become(pc.session.connection, former, now) == ""
    for _ in range(2):
        assert OwnKey(keyring, pc.chance, pc.reader, now).public_key == key.public_key
        image = OwnKey(keyring, pc.chance, pc.reader, before)
        assert image.public_key == pc.signer.public_key
    pc.close()


def test_an_image_whose_key_is_gone_is_told_to_ask_for_a_new_code(
    county: County, tmp_path: Path, clock: SetClock
) -> None:
    """It spoke with the key of the PC that it is now; it was called trouble at the county."""
    pc = pc_of(county, tmp_path / "pc", clock)
    another = pc_of(county, tmp_path / "another", clock, seed=200)
    pc.signer = another.signer
    pc.restart()
    outcome = once(pc, direct(county))
    assert (outcome.what, outcome.cause) == (NOT_SENT, UNKNOWN_DEVICE)
    pc.close()
    another.close()


def test_it_gets_the_words_it_missed_before_the_facts_of_a_pc_that_only_they_name(
    tmp_path: Path, clock: SetClock
) -> None:
    """Cut off it had heard the new epoch and not the end of the one before, where the other PC was
    enrolled: nothing of that PC was believed, for ever (seed 20041)."""
    county = new_county(tmp_path / "county", clock)
    pc = enrolled_pc(county, tmp_path / "d1", clock)
    converse(pc, direct(county))
    image = copied(pc, tmp_path / "image", clock, 998)
    other = enrolled_pc(county, tmp_path / "d2", clock, seed=200)
    other.shelve(2)
    converse(other, direct(county))
    county.store.close()
    before = (tmp_path / "county" / "county.db").read_bytes()
    county = reopened_county(tmp_path / "county", clock)
    lost = enrolled_pc(county, tmp_path / "d3", clock, seed=300)
    county.close()
    county = put_back(tmp_path, before, clock)
    assert county.keys.epoch.number == 2
    with county.store.read() as connection:
        words = CountyJournal(county.store, connection).run(f"county.2/{STATION}", 1, 1)
    image.session.write(lambda recorder: recorder.take(words))
    converse(image, direct(county))
    assert {fact.identity for fact in other.facts()} <= {fact.identity for fact in image.facts()}
    for one in (pc, image, other, lost):
        one.close()
    county.close()

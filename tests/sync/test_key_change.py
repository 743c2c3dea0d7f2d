"""Keys that are renewed: the county's, followed from any distance, and those of PCs."""

import shutil
from dataclasses import dataclass, field
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import text

from county_server import keys
from county_server.county import County
from county_server.enrol import enrol, make_enrolment_code
from county_server.key_change import NotRenewed, announce, standing, take_up
from county_server.revoking import waiting
from county_server.verify import verify_county
from station_app.journal.fact import Saying
from station_app.journal.kinds import DeviceKeyOffered
from station_app.journal.upgrading import read_what_became_readable
from station_app.journal.verify import verify as verify_journal
from station_app.known_keys import KnownKeys
from station_app.own_key import OwnKey, keep_standing
from station_app.premises import Enrolment
from station_app.reference.facts import CountyKeyAnnounced, CountyKeyTakenUp
from station_app.security.key_store import DEVICE_SEED
from station_app.security.signing import DEVICE_KEY, Signer, fingerprint, verify
from station_app.sync import enrolment
from station_app.sync.enrolment import offer_message
from station_app.sync.messages import CONTENT_TYPE, EnrolAnswer
from station_app.vocabulary import VOCABULARY
from tests.postgres import ON_BOTH_STORES
from tests.sync import stand
from tests.sync.stand import (
    DAY,
    STATION,
    Dice,
    Pc,
    SetClock,
    converse,
    direct,
    enrolled_pc,
    folded_here,
    folded_there,
    once,
    reopened_county,
)
from tests.sync.test_mixed_versions import set_aside, without

OF_KEYS = (DeviceKeyOffered.KIND, CountyKeyAnnounced.KIND, CountyKeyTakenUp.KIND)


def pc_of(county: County, folder: Path, clock: SetClock, seed: int = 100) -> Pc:
    pc = enrolled_pc(county, folder, clock, seed=seed)
    pc.shelve(2)
    assert converse(pc, direct(county))[-1].what == "sent"
    return pc


def renew_county_key(county: County) -> None:
    announce(county)
    take_up(county)


def is_whole(pc: Pc, county: County) -> bool:
    """The journal holds with every head under the key of its time, and both ends fold the same."""
    report = verify_journal(pc.reader, VOCABULARY, pc.known_keys().is_signed)
    assert report.is_sound, report.findings
    assert verify_county(county).findings == ()
    return folded_here(pc)[:2] == folded_there(county, STATION)[:2] and pc.unconfirmed() == 0


# --- The county's key ----------------------------------------------------------------------------


@ON_BOTH_STORES
def test_a_pc_that_slept_through_two_changes_follows_the_chain_in_one_contact(
    county: County, tmp_path: Path, clock: SetClock
) -> None:
    pc = pc_of(county, tmp_path / "pc", clock)
    first = county.keys.signer.key_id
    renew_county_key(county)
    renew_county_key(county)
    assert county.keys.signer.key_id != first
    assert standing(county).unaware == (pc.place,)
    pc.shelve(3)
    assert converse(pc, direct(county))[-1].what == "sent"
    assert pc.known_keys().newest() == county.keys.signer.key_id
    pc.shelve(1)
    assert once(pc, direct(county)).what == "sent"
    assert standing(county).unaware == ()
    assert is_whole(pc, county)
    pc.close()


def test_who_has_heard_of_the_new_key_believes_nothing_that_the_old_one_signs_now(
    county: County, tmp_path: Path, clock: SetClock
) -> None:
    pc = pc_of(county, tmp_path / "pc", clock)
    shutil.copytree(tmp_path / "county", tmp_path / "thief")
    renew_county_key(county)
    converse(pc, direct(county))
    thief = reopened_county(tmp_path / "thief", clock)  # has the first seed and an old database
    pc.shelve(1)
    outcome = once(pc, direct(thief))
    assert (outcome.what, outcome.cause) == ("not_sent", "wrong_key")
    assert pc.unconfirmed() == 1
    thief.close()
    assert converse(pc, direct(county))[-1].what == "sent"
    pc.close()


@pytest.mark.parametrize("cut_after", [1, 2, 3, 4])
def test_a_power_cut_at_any_step_of_the_change_leaves_a_county_that_is_believed(
    county: County,
    tmp_path: Path,
    clock: SetClock,
    monkeypatch: pytest.MonkeyPatch,
    cut_after: int,
) -> None:
    """The steps that reach a disk: seed, list, facts, list again. The rest is said at the start."""
    pc = pc_of(county, tmp_path / "pc", clock)

    class PowerCut(Exception):
        pass

    done = [0]
    replace = keys.replace_file

    def cut(path: Path, content: bytes) -> None:
        done[0] += 1
        if done[0] > cut_after:
            raise PowerCut
        replace(path, content)

    monkeypatch.setattr(keys, "replace_file", cut)
    with pytest.raises(PowerCut):
        renew_county_key(county)
    monkeypatch.undo()
    county.close()
    again = reopened_county(tmp_path / "county", clock)
    pc.shelve(1)
    assert converse(pc, direct(again))[-1].what == "sent"
    if standing(again).in_use == 1:
        renew_county_key(again)
    assert standing(again).in_use == 2
    converse(pc, direct(again))
    pc.shelve(1)
    converse(pc, direct(again))
    assert is_whole(pc, again)
    again.close()
    pc.close()


def test_a_code_that_was_made_before_the_change_still_enrols(
    county: County, tmp_path: Path, clock: SetClock
) -> None:
    code = make_enrolment_code(county, STATION)
    renew_county_key(county)
    parts = enrolment.read_payload(code.code[2:-1])
    assert parts is not None
    signer = Signer(bytes([9]) * 32)
    asked = enrolment.ask(parts, signer.public_key, signer, Dice(3))
    answer = enrolment.read_answer(
        asked,
        200,
        {"content-type": CONTENT_TYPE},
        enrol(county, asked.body),
        verify=verify,
        fingerprint=fingerprint,
    )
    assert isinstance(answer, EnrolAnswer), answer
    pc = pc_of(county, tmp_path / "pc", clock, seed=300)  # by a code of after the change
    assert is_whole(pc, county)
    pc.close()


def test_a_database_that_is_put_back_after_the_change_hears_of_the_keys_again(
    county: County, tmp_path: Path, clock: SetClock
) -> None:
    pc = pc_of(county, tmp_path / "pc", clock)
    saved = (tmp_path / "county" / "county.db", tmp_path / "saved.db")
    with county.store.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    shutil.copy(*saved)
    renew_county_key(county)
    converse(pc, direct(county))
    county.close()
    for leftover in ("county.db-wal", "county.db-shm"):
        (tmp_path / "county" / leftover).unlink(missing_ok=True)
    shutil.copy(*reversed(saved))
    again = reopened_county(tmp_path / "county", clock)
    assert again.keys.epoch.number == 2
    with again.store.read() as connection:
        said = connection.execute(
            text("SELECT kind FROM facts WHERE kind LIKE 'county_key.%' ORDER BY kind")
        ).scalars()
        assert list(said) == ["county_key.announced"] * 2 + ["county_key.taken_up"]
    late = pc_of(again, tmp_path / "late", clock, seed=400)
    for one in (pc, late, pc):
        converse(one, direct(again))
    assert is_whole(pc, again)
    again.close()
    pc.close()
    late.close()


def test_a_pc_let_in_again_names_the_key_that_it_was_let_in_with(
    county: County, tmp_path: Path, clock: SetClock
) -> None:
    """It has heard the county as another PC; a put-back county answered with the first key."""
    pc = pc_of(county, tmp_path / "pc", clock)
    converse(pc, direct(county))
    before = pc.known_keys().here
    renew_county_key(county)
    here = msgspec.structs.replace(
        before,
        county_key=county.keys.signer.public_key.hex(),
        former_county_keys=(before.county_key,),
    )
    assert KnownKeys(pc.reader, here).newest() == county.keys.signer.key_id
    pc.close()


def test_a_pc_enrolled_under_the_new_key_gets_in_although_the_database_was_put_back(
    county: County, tmp_path: Path, clock: SetClock
) -> None:
    """Found by a village's seed: answered with the first key for ever, it believed nobody."""
    with county.store.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    shutil.copy(tmp_path / "county" / "county.db", tmp_path / "saved.db")
    renew_county_key(county)
    pc = enrolled_pc(county, tmp_path / "pc", clock)  # it has not spoken yet
    county.close()
    for leftover in ("county.db-wal", "county.db-shm"):
        (tmp_path / "county" / leftover).unlink(missing_ok=True)
    shutil.copy(tmp_path / "saved.db", tmp_path / "county" / "county.db")
    again = reopened_county(tmp_path / "county", clock)
    assert converse(pc, direct(again))[-1].what == "sent"
    assert is_whole(pc, again)
    again.close()
    pc.close()


def test_nothing_is_taken_up_that_was_not_announced(county: County) -> None:
    with pytest.raises(NotRenewed):
        take_up(county)
    assert announce(county) == announce(county) == 2


# --- A PC's key ----------------------------------------------------------------------------------


@dataclass
class Pocket:
    """A place for secrets, in memory."""

    kept: dict[str, bytes] = field(default_factory=dict)

    def get(self, name: str) -> bytes | None:
        return self.kept.get(name)

    def put(self, name: str, secret: bytes) -> None:
        self.kept[name] = secret


def with_pocket(pc: Pc, seed: int = 100) -> OwnKey:
    """Let a PC sign as the program does; its first seed is what its chance drew first."""
    own = OwnKey(Pocket({DEVICE_SEED: Dice(seed).draw(32)}), Dice(9), pc.reader, here_of(pc))
    assert own.public_key == pc.signer.public_key
    pc.signer = own
    reopen(pc, own)
    return own


def here_of(pc: Pc) -> Enrolment:
    return pc.known_keys().here


def offer(pc: Pc, own: OwnKey) -> None:
    new = own.next_key()
    message = offer_message(pc.place, own.public_key, new.public_key)
    proof = new.sign(DEVICE_KEY, message).hex()
    device = pc.place.partition("/")[2]
    body = DeviceKeyOffered(device=device, public_key=new.public_key.hex(), proof=proof, day=DAY)
    pc.say(Saying(body))


def reopen(pc: Pc, own: OwnKey) -> None:
    pc.restart()
    own.connection = pc.reader


@ON_BOTH_STORES
def test_a_pc_renews_its_key_and_its_sibling_believes_both(
    county: County, tmp_path: Path, clock: SetClock
) -> None:
    pc = pc_of(county, tmp_path / "pc", clock)
    sibling = pc_of(county, tmp_path / "sibling", clock, seed=200)
    own = with_pocket(pc)
    before = own.key_id
    pc.shelve(1)
    offer(pc, own)
    pc.shelve(1)
    converse(pc, direct(county))
    assert own.settle()
    assert own.key_id != before
    reopen(pc, own)
    pc.shelve(2)
    for one in (pc, sibling, pc):
        converse(one, direct(county))
    assert {f.identity for f in sibling.facts()} == {f.identity for f in pc.facts()}
    keys = {row[0] for row in sibling.reader.execute("SELECT key_id FROM heads").fetchall()}
    assert {before, own.key_id} <= keys
    assert is_whole(pc, county)
    assert is_whole(sibling, county)
    pc.close()
    sibling.close()


def test_a_copy_of_the_pc_with_the_old_key_may_hand_in_and_reads_no_name(
    county: County, tmp_path: Path, clock: SetClock
) -> None:
    pc = pc_of(county, tmp_path / "pc", clock)
    pc.close()
    shutil.copytree(pc.folder, tmp_path / "copy")
    pc.open()
    copy = Pc(tmp_path / "copy", pc.place, clock, Dice(77), pc.signer, pc.county, acts=500)
    own = with_pocket(pc)
    offer(pc, own)
    converse(pc, direct(county))
    assert own.settle()
    reopen(pc, own)
    pc.shelve(2)
    converse(pc, direct(county))
    money = folded_there(county, STATION)[-1]
    names = len(copy.reader.execute("SELECT 1 FROM privates").fetchall())
    copy.shelve(3)
    assert converse(copy, direct(county))[-1].what == "sent"
    assert copy.unconfirmed() == 0  # it is kept
    assert folded_there(county, STATION)[-1] == money  # and counts nowhere
    assert len(copy.reader.execute("SELECT 1 FROM privates").fetchall()) == names + 3
    pocket = Pocket({DEVICE_SEED: Dice(100).draw(32)})
    own_copy = OwnKey(pocket, Dice(8), copy.reader, here_of(copy))
    said = once(copy, direct(county)).renewed
    assert said == own.public_key.hex()
    assert not own_copy.settle(said)
    keep_standing(own_copy, said, copy.session.write)
    assert own_copy.standing() == "renewed_elsewhere"
    converse(pc, direct(county))
    assert folded_here(pc)[:2] == folded_there(county, STATION)[:2]
    states = [row[0] for row in pc.reader.execute("SELECT kind FROM states").fetchall()]
    assert states.count("parcel") == 4
    copy.close()
    pc.close()


@ON_BOTH_STORES
def test_what_a_late_stick_brings_under_the_old_key_counts_once_the_pc_goes_on_from_it(
    county: County, tmp_path: Path, clock: SetClock
) -> None:
    """The request left with the old key, and arrived after the county had taken the new one."""
    pc = pc_of(county, tmp_path / "pc", clock)
    own = with_pocket(pc)
    offer(pc, own)
    assert once(pc, direct(county)).what == "sent"
    pc.shelve(2)  # still signs with the old key: it has not read the county's word yet
    with_old = OwnKey(Pocket({DEVICE_SEED: Dice(100).draw(32)}), Dice(9), pc.reader, here_of(pc))
    pc.signer = with_old.signer
    reopen(pc, with_old)  # an old start whose requests come late
    assert once(pc, direct(county)).what == "sent"
    with county.store.read() as connection:
        assert [one.facts for one in waiting(county.store, connection)] == [2]
    pc.signer, own.connection = own, pc.reader
    assert own.settle()
    reopen(pc, own)
    pc.shelve(1)
    converse(pc, direct(county))
    with county.store.read() as connection:
        assert waiting(county.store, connection) == []
    converse(pc, direct(county))
    assert is_whole(pc, county)
    pc.close()


@pytest.mark.parametrize("cut_at", [1, 2, 3])
def test_a_power_cut_at_any_step_of_its_own_renewal_leaves_a_pc_that_goes_on(
    county: County, tmp_path: Path, clock: SetClock, cut_at: int
) -> None:
    """The steps that reach the keyring: the next seed, the former one, the one that signs."""

    class PowerCut(Exception):
        pass

    class Cut(Pocket):
        puts = 0

        def put(self, name: str, secret: bytes) -> None:
            self.puts += 1
            if self.puts == cut_at:
                raise PowerCut
            super().put(name, secret)

    pc = pc_of(county, tmp_path / "pc", clock)
    pocket = Cut({DEVICE_SEED: Dice(100).draw(32)})
    own = OwnKey(pocket, Dice(9), pc.reader, here_of(pc))
    first = own.key_id
    pc.signer = own
    reopen(pc, own)

    def renew() -> None:
        offer(pc, own)
        converse(pc, direct(county))
        own.settle()

    with pytest.raises(PowerCut):
        renew()
    own = OwnKey(pocket, Dice(10), pc.reader, here_of(pc))  # the next start
    pc.signer = own
    reopen(pc, own)
    pc.shelve(1)
    if own.key_id == first:
        offer(pc, own)
        converse(pc, direct(county))
        assert own.settle()
        reopen(pc, own)
    assert own.key_id != first
    assert county_keys_of(county) == [("D1", own.key_id)]
    pc.shelve(1)
    for _ in range(2):
        assert converse(pc, direct(county))[-1].what == "sent"
    assert is_whole(pc, county)
    pc.close()


def test_an_older_program_that_knows_no_change_of_keys_works_on_beside_a_newer_one(
    county: County, tmp_path: Path, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    older = pc_of(county, tmp_path / "older", clock)
    newer = pc_of(county, tmp_path / "newer", clock, seed=200)
    own = with_pocket(newer, 200)
    newest = KnownKeys.newest
    with monkeypatch.context() as patch:
        patch.setattr(stand, "VOCABULARY", without(*OF_KEYS))
        older.restart()
    with monkeypatch.context() as patch:  # nor does it say which key it believes
        patch.setattr(KnownKeys, "newest", lambda k: "" if k.here.device == "D1" else newest(k))
        older.talk()
        renew_county_key(county)
        offer(newer, own)
        converse(newer, direct(county))
        assert own.settle()
        reopen(newer, own)
        for pc in (newer, older, newer, older):
            pc.shelve(1)
            assert converse(pc, direct(county))[-1].what == "sent", pc.place
        converse(newer, direct(county))
        assert set_aside(older) == 4  # announced twice, taken up, offered
        assert older.unconfirmed() == newer.unconfirmed() == 0
        assert {f.identity for f in older.facts()} == {f.identity for f in newer.facts()}
        assert standing(county).unaware == (older.place,)
    older.restart()  # the upgrade
    read_what_became_readable(older.session.connection, VOCABULARY)
    older.talk()
    older.shelve(1)
    for pc in (older, newer, older):
        assert converse(pc, direct(county))[-1].what == "sent"
    assert standing(county).unaware == ()
    assert is_whole(older, county)
    assert is_whole(newer, county)
    older.close()
    newer.close()


def test_a_key_of_another_or_without_proof_is_not_registered(
    county: County, tmp_path: Path, clock: SetClock
) -> None:
    pc = pc_of(county, tmp_path / "pc", clock)
    sibling = pc_of(county, tmp_path / "sibling", clock, seed=200)
    before = county_keys_of(county)
    for public in (sibling.signer.public_key, Signer(bytes([5]) * 32).public_key):
        body = DeviceKeyOffered(device="D1", public_key=public.hex(), proof="00" * 64, day=DAY)
        pc.say(Saying(body))
    converse(pc, direct(county))
    assert county_keys_of(county) == before
    pc.close()
    sibling.close()


def county_keys_of(county: County) -> list[tuple[str, str]]:
    with county.store.read() as connection:
        rows = connection.execute(text("SELECT device, key_id FROM keys ORDER BY device"))
        return [(row[0], row[1]) for row in rows]

"""From one PC of a station to the other by stick, with no county: real folders, real files."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from county_server.__main__ import main as county_main
from station_app.__main__ import main as station_main
from station_app.journal import blobs
from station_app.journal.blob import WHOLE, blob_name
from station_app.journal.fact import Saying
from station_app.journal.islands import floor_of
from station_app.journal.kinds import PrivateErased
from station_app.journal.log import FactLog
from station_app.journal.recorder import Recorder, new_ticket
from station_app.journal.verify import verify
from station_app.premises import Premises, SystemChance, SystemClock, open_premises
from station_app.security.database_key import database_key
from station_app.security.key_store import PlainFileStore
from station_app.services.cash.facts import PaymentGiven, Tender
from station_app.services.clearing.facts import Portion, RemittanceProof, RemittanceSent
from station_app.stick_enrol import enrol_by_stick
from station_app.stick_mail import OTHER_STATION, Stick
from station_app.sync import courier as couriers
from station_app.sync.courier import Written
from station_app.vocabulary import VOCABULARY
from tests.sync.slips import SLIP
from tests.sync.stand import DAY, shelved, small_sheets


@dataclass
class Desk:
    """A PC: its data folder and what works in it."""

    data: Path
    keys: PlainFileStore
    premises: Premises
    said: int = 0

    def stick(self) -> Stick:
        premises = self.premises
        return Stick(
            premises,
            self.keys,
            connection=premises.session.connection,
            write=premises.session.write,
            reopen=self.reopen,
        )

    def reopen(self) -> None:
        self.premises.session.reopen()

    def shelve(self, count: int) -> None:
        def work(recorder: Recorder) -> None:
            act = recorder.open_act(new_ticket(SystemChance()), by="", at=SystemClock().now_ms())
            place = self.premises.enrolment.device[1:]
            act.say(shelved(f"7{3 + int(place)}{self.said:012}", 1 + self.said % 90))
            act.close()

        for _ in range(count):
            self.said += 1
            self.premises.session.write(work)

    def held(self) -> set[str]:
        log = FactLog(self.premises.session.connection)
        return {fact.identity for head in log.heads() for fact in log.all_of(head.stream)}


@pytest.fixture
def desks(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[list[Desk]]:
    """Two PCs of one station, enrolled by stick; each has heard of the other."""
    county = ["--data", str(tmp_path / "county")]
    assert county_main([*county, "init"]) == 0
    assert county_main([*county, "import-master", str(small_sheets(tmp_path / "sheets"))]) == 0
    made = []
    for name in ("a", "b"):
        capsys.readouterr()
        assert county_main([*county, "enrol-code", "NX0601"]) == 0
        code = capsys.readouterr().out.strip().splitlines()[-1]
        folder, stick = tmp_path / name, tmp_path / f"stick-{name}"
        stick.mkdir()
        keys = PlainFileStore.create(tmp_path / f"keys-{name}")
        enrol_by_stick(folder, keys, [stick], "", code)
        (request,) = stick.glob("*.enrol")
        assert county_main([*county, "enrol-stick", str(request)]) == 0
        enrol_by_stick(folder, keys, [stick], "", "")
        key = database_key(keys, SystemChance(), database_exists=True)
        premises = open_premises(folder, key, clock=SystemClock(), chance=SystemChance())
        made.append(Desk(folder, keys, premises))
    first = made[0]
    bundle, answer = tmp_path / "x.bundle", tmp_path / "x.answer"
    assert first.stick().write_to(bundle).is_done
    words = [*county, "bundle", "read", str(bundle), "--answer", str(answer)]
    assert county_main(words) == 0
    assert first.stick().take_from(answer).is_done
    yield made
    for desk in made:
        desk.premises.close()


def carry(source: Desk, target: Desk, stick: Path) -> int:
    """Out of one, into the other, by the stick; return how many facts were taken."""
    stick.mkdir(exist_ok=True)
    mail = source.stick().write([stick])
    assert mail.is_done, mail
    taken = target.stick().take([stick])
    assert taken.is_done, taken
    return taken.down


def test_two_pcs_without_a_county_come_to_hold_the_same(desks: list[Desk], tmp_path: Path) -> None:
    one, two = desks
    one.shelve(3)
    two.shelve(2)
    stick = tmp_path / "stick"
    assert carry(one, two, stick) == 3
    assert carry(two, one, stick) >= 2
    assert carry(one, two, stick) == 0
    assert one.held() == two.held()
    for desk in desks:
        assert verify(desk.premises.session.connection, VOCABULARY).is_sound
        assert floor_of(desk.premises.session.connection).is_whole
    waiting = [desk.stick().courier.port.backlog().facts for desk in desks]
    assert min(waiting) >= 5, "the county has confirmed nothing of it"


def test_the_same_stick_twice_is_harmless_and_nobody_else_opens_it(
    desks: list[Desk], tmp_path: Path
) -> None:
    one, two = desks
    one.shelve(2)
    stick = tmp_path / "stick"
    carry(one, two, stick)
    assert two.stick().take([stick]).down == 0
    (file,) = stick.glob("*.sibling")
    moved = one.stick().take_from(file)
    assert moved.what == OTHER_STATION
    assert b"\xe6\x9b\xbe\xe7\xa4\xba\xe5\x85\xb0" not in file.read_bytes()


def test_a_stick_that_was_changed_on_the_way_brings_nothing(
    desks: list[Desk], tmp_path: Path
) -> None:
    one, two = desks
    one.shelve(2)
    stick = tmp_path / "stick"
    stick.mkdir()
    assert one.stick().write([stick]).is_done
    (file,) = stick.glob("*.sibling")
    content = bytearray(file.read_bytes())
    content[-40] ^= 1
    file.write_bytes(bytes(content))
    before = two.held()
    assert not two.stick().take_from(file).is_done
    assert two.held() == before


def test_a_journal_that_was_put_back_gets_its_own_facts_from_the_sibling(
    desks: list[Desk], tmp_path: Path
) -> None:
    one, two = desks
    database = one.data / "station.db"
    one.premises.close()
    kept = database.read_bytes()
    key = database_key(one.keys, SystemChance(), database_exists=True)
    one.premises = open_premises(one.data, key, clock=SystemClock(), chance=SystemChance())
    one.shelve(3)
    carry(one, two, tmp_path / "stick")
    lost = one.held()
    one.premises.close()
    for tail in ("-wal", "-shm"):
        database.with_name(database.name + tail).unlink(missing_ok=True)
    database.write_bytes(kept)
    one.premises = open_premises(one.data, key, clock=SystemClock(), chance=SystemChance())
    assert not one.held() >= lost
    carry(one, two, tmp_path / "stick")  # so that the sibling hears how little is left
    carry(two, one, tmp_path / "stick")
    assert one.held() >= lost


# --- Photos --------------------------------------------------------------------------------------


def remit(desk: Desk, content: bytes, number: int) -> str:
    """Send money with a photo of its slip; return the fact that names it."""
    name = blob_name(content)
    body = RemittanceSent(
        number=number,
        way="bank",
        amount_fen=100,
        portions=(Portion(purse="", owner="", amount_fen=100),),
        day=DAY,
    )
    paid = PaymentGiven(
        due_fen=100, tenders=(Tender(way="bank", amount_fen=100),), shift="", day=DAY
    )

    def work(recorder: Recorder) -> str:
        blobs.put(recorder.connection, content, at=SystemClock().now_ms())
        act = recorder.open_act(new_ticket(SystemChance()), by="", at=SystemClock().now_ms())
        told = act.say(Saying(body, RemittanceProof(photo=name)), Saying(paid))
        act.close()
        return told[0].identity

    return desk.premises.session.write(work)


def erase(desk: Desk, fact: str) -> None:
    def work(recorder: Recorder) -> None:
        act = recorder.open_act(new_ticket(SystemChance()), by="", at=SystemClock().now_ms())
        act.say(Saying(PrivateErased(persons=(), facts=(fact,), day=DAY)))
        act.close()

    desk.premises.session.write(work)


def photo(desk: Desk, content: bytes) -> bytes | None:
    return blobs.get(desk.premises.session.connection, blob_name(content))


def test_a_photo_goes_along_and_only_once(desks: list[Desk], tmp_path: Path) -> None:
    one, two = desks
    stick = tmp_path / "stick"
    stick.mkdir()
    remit(one, SLIP, 1)
    assert one.stick().write([stick]).is_done
    taken = two.stick().take([stick])
    assert (taken.down, taken.photos) == (2, 1)
    words = taken.in_words(two.premises.texts)
    assert words == f"另一台电脑的账收好了，收了 {taken.down} 条，照片 1 张"
    assert photo(two, SLIP) == SLIP
    assert two.stick().take([stick]).photos == 0, "the same stick twice"
    carry(two, one, stick)  # it says that it holds the photo
    remit(one, SLIP + b"2", 2)
    written = Written()
    list(one.stick().sibling.bundle("NX0601/D2", SystemClock().now_ms(), written))
    assert written.photos == 1, "what it has said that it holds is left out"
    carry(one, two, stick)
    assert photo(two, SLIP + b"2") == SLIP + b"2"
    for desk in desks:
        report = verify(desk.premises.session.connection, VOCABULARY)
        assert (report.is_sound, report.photos.here) == (True, 2)


def test_what_does_not_fit_goes_on_where_it_ended(
    desks: list[Desk], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two = desks
    stick = tmp_path / "stick"
    stick.mkdir()
    contents = [SLIP + bytes([n]) for n in range(4)]
    for number, content in enumerate(contents):
        remit(one, content, number + 1)
    monkeypatch.setattr(couriers, "BUNDLE_BYTES_MAX", 300_000)
    counts = []
    for _ in range(2):
        assert one.stick().write([stick]).is_done
        counts.append(two.stick().take([stick]).photos)
        carry(two, one, stick)
    assert counts == [2, 2]
    assert [photo(two, content) for content in contents] == contents


def test_what_was_erased_comes_back_by_no_stick(desks: list[Desk], tmp_path: Path) -> None:
    one, two = desks
    old, new = tmp_path / "old", tmp_path / "new"
    for folder in (old, new):
        folder.mkdir()
    fact = remit(one, SLIP, 1)
    assert one.stick().write([old]).is_done
    erase(one, fact)
    assert photo(one, SLIP) is None
    carry(one, two, new)
    assert two.stick().take([old]).photos == 0
    assert photo(two, SLIP) is None
    assert verify(two.premises.session.connection, VOCABULARY).is_sound


def test_a_page_that_waits_for_a_photo_gets_it_from_the_sibling(
    desks: list[Desk], tmp_path: Path
) -> None:
    one, two = desks
    stick = tmp_path / "stick"
    remit(one, SLIP, 1)
    carry(one, two, stick)
    name = blob_name(SLIP)
    epoch = one.stick().courier.port.county_epoch()
    here, there = one.premises.session, two.premises.session
    here.write(lambda r: blobs.mark(r.connection, name, epoch, state=WHOLE, held=0))
    there.write(lambda r: r.connection.execute("DELETE FROM blobs") and None)
    there.write(lambda r: blobs.want(r.connection, name, at=1))
    assert photo(two, SLIP) is None
    carry(two, one, stick)
    carry(one, two, stick)
    assert photo(two, SLIP) == SLIP, "although the county has it: no line, no county"


# --- Verify --------------------------------------------------------------------------------------


def touched(desk: Desk, sql: str, *values: object) -> list[str]:
    """Touch a row behind the program's back; return what verify says, and put it back."""
    connection = desk.premises.session.connection
    connection.execute("BEGIN IMMEDIATE")
    connection.execute(sql, values)
    report = verify(connection, VOCABULARY)
    connection.execute("ROLLBACK")
    return [finding.reason for finding in report.findings]


def test_verify_finds_photos_that_were_changed_lost_or_left(
    desks: list[Desk], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one, _ = desks
    fact = remit(one, SLIP, 1)
    name = blob_name(SLIP)
    assert verify(one.premises.session.connection, VOCABULARY).is_sound
    assert touched(one, "UPDATE blobs SET content = ?", SLIP[:-1] + b"x") == ["PHOTO_ALTERED"]
    assert touched(one, "DELETE FROM blobs") == ["PHOTO_MISSING"]
    assert touched(one, "DELETE FROM blob_names") == ["PHOTO_NAME"]
    erase(one, fact)
    put = "INSERT INTO blobs(hash, size, at, content) VALUES (?, ?, 1, ?)"
    assert touched(one, put, name, len(SLIP), SLIP) == [], "a form that is half filled"
    one.premises.session.write(
        lambda r: (
            r.connection.execute("INSERT INTO blob_marks VALUES (?, 1, 'part', 0)", (name,))
            and None
        )
    )
    assert touched(one, put, name, len(SLIP), SLIP) == ["PHOTO_KEPT"]
    one.premises.close()
    capsys.readouterr()
    words = ["--data", str(one.data), "--key-file", str(tmp_path / "keys-a"), "--json", "verify"]
    status = station_main(words)
    said = json.loads(capsys.readouterr().out)
    assert (status, said["photos"]) == (0, {"here": 0, "elsewhere": 0, "loose": 0})
    key = database_key(one.keys, SystemChance(), database_exists=True)
    one.premises = open_premises(one.data, key, clock=SystemClock(), chance=SystemChance())

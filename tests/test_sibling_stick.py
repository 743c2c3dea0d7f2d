"""From one PC of a station to the other by stick, with no county: real folders, real files."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from county_server.__main__ import main as county_main
from station_app.journal.islands import floor_of
from station_app.journal.log import FactLog
from station_app.journal.recorder import Recorder, new_ticket
from station_app.journal.verify import verify
from station_app.premises import Premises, SystemChance, SystemClock, open_premises
from station_app.security.database_key import database_key
from station_app.security.key_store import PlainFileStore
from station_app.stick_enrol import enrol_by_stick
from station_app.stick_mail import OTHER_STATION, Stick
from station_app.vocabulary import VOCABULARY
from tests.sync.stand import shelved, small_sheets


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

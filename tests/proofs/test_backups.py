"""Backups: taken while the counter works, read by nobody else, put back without losing anything."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from station_app import backups
from station_app.backups import BackupUnread, FolderTaken, Source, is_due
from station_app.journal import erasures, high_water
from station_app.journal.recorder import new_ticket
from station_app.journal.store import check_whole
from station_app.journal.troubles import DiskFailed
from station_app.journal.verify import verify
from station_app.premises import DATABASE, RESTORED_FILE, Premises, open_premises
from station_app.security.key_store import DATABASE as DATABASE_KEY
from station_app.security.key_store import HIGH_WATER, PlainFileStore
from station_app.services.people.commands import ErasePerson, RegisterOperator
from station_app.shell.desk import Done
from station_app.values.day import local_midnight
from station_app.vocabulary import VOCABULARY
from tests.proofs.kit import DAY, KEY, MORNING_MS, SeededChance, SetClock, furnish

ROOT = Path(__file__).resolve().parents[2]
HOUR, DAY_MS = 3_600_000, 86_400_000
NAMES = ("王示兰", "15400006000")


def opened(folder: Path, seed: int = 1, *, mark: high_water.Mark | None = None) -> Premises:
    here = open_premises(folder, KEY, clock=SetClock(), chance=SeededChance(seed), second_mark=mark)
    here.signed_in.come("", is_manager=True)
    return here


def hire(here: Premises, name: str) -> None:
    command = RegisterOperator(name=name, role="manager")
    assert isinstance(here.desk.settle(command, ticket=new_ticket(here.chance)), Done)


def person(here: Premises) -> str:
    row = here.session.connection.execute(
        "SELECT entity FROM persons WHERE name = ?", (NAMES[0],)
    ).fetchone()
    return str(row[0])


def erase(here: Premises) -> None:
    command = ErasePerson(person=person(here))
    assert isinstance(here.desk.settle(command, ticket=new_ticket(here.chance)), Done)
    here.keep_erasures(here.session.connection)


def source(here: Premises) -> Source:
    return Source(here.folder, KEY, here.enrolment)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    furnish(tmp_path / "data")
    return tmp_path / "data"


def identities(here: Premises) -> list[object]:
    return here.session.connection.execute(
        "SELECT identity FROM facts ORDER BY stream, seq"
    ).fetchall()


# --- Taking --------------------------------------------------------------------------------------


def test_a_backup_is_one_moment_whole_while_the_counter_works(data: Path, tmp_path: Path) -> None:
    here = opened(data)
    hire(here, "李示芳")
    before = identities(here)
    out = tmp_path / "stick" / "one.backup"
    header = backups.take(source(here), out, at=MORNING_MS)
    hire(here, "曾示兰")  # the program goes on
    assert (header.station, header.device, header.facts) == ("NX0601", "D1", len(before))
    assert [f.name for f in out.parent.iterdir()] == ["one.backup"]
    if os.name == "posix":
        assert out.stat().st_mode & 0o777 == 0o600
    here.close()
    backups.put_back(out, tmp_path / "new")
    assert check_whole(tmp_path / "new" / DATABASE, KEY) == ()
    again = opened(tmp_path / "new", 2)
    assert identities(again) == before
    assert verify(again.session.connection, VOCABULARY).is_sound
    again.close()


def test_no_name_stands_in_its_bytes(data: Path, tmp_path: Path) -> None:
    here = opened(data)
    hire(here, "窦示蕙")
    out = tmp_path / "one.backup"
    backups.take(source(here), out, at=MORNING_MS)
    here.close()
    content = out.read_bytes()
    assert len(content) > 100_000
    for name in (*NAMES, "窦示蕙", "柳荫洼村"):
        for spelling in (name.encode(), name.encode("utf-16-le"), json.dumps(name)[1:-1].encode()):
            assert spelling not in content
    assert KEY not in content
    assert KEY.hex().encode() not in content


def test_a_byte_that_is_wrong_is_noticed_and_nothing_is_put_there(
    data: Path, tmp_path: Path
) -> None:
    here = opened(data)
    out = tmp_path / "one.backup"
    backups.take(source(here), out, at=MORNING_MS)
    here.close()
    content = out.read_bytes()
    damaged = [
        content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :]
        for at in (0, 30, 5_000, len(content) - 1)
    ]
    for broken in (*damaged, content[:-1], content + b"x", b"", backups.MAGIC):
        out.write_bytes(broken)
        with pytest.raises(BackupUnread):
            backups.put_back(out, tmp_path / "new")
        assert not (tmp_path / "new" / DATABASE).exists()


def test_a_journal_that_is_there_is_never_replaced(data: Path, tmp_path: Path) -> None:
    here = opened(data)
    out = tmp_path / "one.backup"
    backups.take(source(here), out, at=MORNING_MS)
    here.close()
    before = (data / DATABASE).read_bytes()
    with pytest.raises(FolderTaken):
        backups.put_back(out, data)
    assert (data / DATABASE).read_bytes() == before


# --- By night ------------------------------------------------------------------------------------

MIDNIGHT = local_midnight(DAY)


@pytest.mark.parametrize(
    ("now", "last", "due"),
    [
        (MIDNIGHT + 8 * HOUR, 0, True),  # never yet
        (MIDNIGHT + 8 * HOUR, MIDNIGHT - 3 * HOUR, False),  # last night at nine
        (MIDNIGHT + 21 * HOUR - 1, MIDNIGHT - 2 * HOUR, False),
        (MIDNIGHT + 21 * HOUR, MIDNIGHT - 2 * HOUR, True),
        (MIDNIGHT + 22 * HOUR, MIDNIGHT + 21 * HOUR, False),
        (MIDNIGHT + 22 * HOUR, MIDNIGHT + 20 * HOUR, True),  # somebody made one at eight
        (MIDNIGHT + 9 * HOUR, MIDNIGHT - 16 * HOUR, True),  # the PC was off last night
    ],
)
def test_when_the_nightly_backup_is_due(now: int, last: int, due: bool) -> None:
    assert is_due(now, last) is due


def test_a_week_of_nights_is_kept_and_a_stick_that_has_our_folder_gets_one(
    data: Path, tmp_path: Path
) -> None:
    stick, other = tmp_path / "stick", tmp_path / "other"
    (stick / backups.STICK_FOLDER).mkdir(parents=True)
    other.mkdir()
    foreign = data / backups.FOLDER / "NX0602-D1-2020-01-01-2100.backup"
    foreign.parent.mkdir()
    foreign.write_bytes(b"of another PC")
    here = opened(data)
    for night in range(9):
        at = MORNING_MS + night * DAY_MS
        backups.take_nightly(source(here), at=at, sticks=(stick, other))
    kept = sorted(f.name for f in (data / backups.FOLDER).glob("NX0601*"))
    assert len(kept) == backups.KEPT
    assert kept[0].startswith("NX0601-D1-2026-11-25")
    assert foreign.exists()
    assert len(list((stick / backups.STICK_FOLDER).glob("*.backup"))) == backups.KEPT
    assert list(other.iterdir()) == []
    newest = backups.newest(data)
    assert newest is not None
    assert newest.at == MORNING_MS + 8 * DAY_MS
    here.close()


# --- Put back ------------------------------------------------------------------------------------


def test_it_begins_a_new_epoch_and_the_mark_says_what_is_missing(
    data: Path, tmp_path: Path
) -> None:
    here = opened(data)
    hire(here, "李示芳")
    out = tmp_path / "one.backup"
    backups.take(source(here), out, at=MORNING_MS)
    stream = here.session.author.stream
    hire(here, "曾示兰")
    here.close()
    mark = high_water.read(data)
    assert isinstance(mark, high_water.Mark)
    keys = PlainFileStore.create(tmp_path / "keys")
    keys.put(HIGH_WATER, high_water.to_bytes(mark))
    backups.put_back(out, tmp_path / "new")
    kept = keys.get(HIGH_WATER)
    assert kept is not None
    again = opened(tmp_path / "new", 2, mark=high_water.from_bytes(kept))
    assert again.session.author.stream != stream
    assert again.put_back is not None
    assert again.put_back.missing == 1
    assert (tmp_path / "new" / RESTORED_FILE).exists()
    assert again.is_restored
    again.heard_county()
    assert not (tmp_path / "new" / RESTORED_FILE).exists()
    again.close()


def test_a_clock_that_fell_back_ten_years_takes_no_backup_of_tonight_away(data: Path) -> None:
    """The battery of the clock is dead: tonight's backup bears the oldest name of all."""
    here = opened(data)
    for night in range(backups.KEPT):
        backups.take_nightly(source(here), at=MORNING_MS + night * DAY_MS)
    back = local_midnight("2010-01-01") + 21 * HOUR
    hire(here, "李示芳")
    made = backups.take_nightly(source(here), at=back)
    kept = {header.at: header.facts for header in backups.headers(data)}
    assert len(kept) == backups.KEPT
    assert kept[back] == made.facts
    assert max(kept) == MORNING_MS + (backups.KEPT - 1) * DAY_MS, "the newest of before stay, too"
    newest = backups.newest(data, by=back + HOUR)
    assert newest is not None
    assert newest.at == back
    assert not is_due(back + HOUR, newest.at), "once a night, whatever the clock says"
    here.close()


def test_an_old_backup_that_cannot_be_removed_stops_no_night(data: Path) -> None:
    """Something else bears its name, or another program holds it."""
    here = opened(data)
    for day in range(1, 10):
        (data / backups.FOLDER / f"NX0601-D1-2020-01-{day:02}-2100.backup").mkdir(parents=True)
    made = backups.take_nightly(source(here), at=MORNING_MS)
    newest = backups.newest(data)
    assert newest == made
    here.close()


def test_what_was_erased_since_is_erased_before_it_opens_for_work(
    data: Path, tmp_path: Path
) -> None:
    here = opened(data)
    out = data / backups.FOLDER / "one.backup"
    backups.take(source(here), out, at=MORNING_MS)
    erase(here)
    here.close()
    # Another PC: the stick holds the backup and, beside it, the list of the next night's.
    here = opened(data, 2)
    backups.take(source(here), data / backups.FOLDER / "two.backup", at=MORNING_MS + DAY_MS)
    here.close()
    backups.put_back(data / backups.FOLDER / "two.backup", tmp_path / "later")
    (tmp_path / "later" / erasures.LIST_FILE).unlink()
    later = opened(tmp_path / "later", 5)
    assert NAMES[0].encode() not in b"".join(
        bytes(row[0]) for row in later.session.connection.execute("SELECT part FROM privates")
    ), "a backup that was made after the erasure never held her"
    later.close()
    backups.put_back(out, tmp_path / "new")
    again = opened(tmp_path / "new", 3)
    connection = again.session.connection
    assert (
        connection.execute("SELECT 1 FROM persons WHERE name = ?", (NAMES[0],)).fetchone() is None
    )
    found = connection.execute(
        "SELECT count(*) FROM privates WHERE instr(part, ?)", (NAMES[0].encode(),)
    )
    assert found.fetchone() == (0,)
    assert verify(connection, VOCABULARY).is_sound
    count = len(identities(again))
    again.close()
    again = opened(tmp_path / "new", 4)
    assert len(identities(again)) == count, "an erasure that is obeyed is not said again"
    again.close()


def test_a_list_of_erasures_that_cannot_be_read_is_not_taken_for_an_empty_one(
    data: Path, tmp_path: Path
) -> None:
    """The stick had a bad spot there: the restored PC showed villagers who had been erased."""
    here = opened(data)
    out = tmp_path / "stick" / "one.backup"
    out.parent.mkdir()
    backups.take(source(here), out, at=MORNING_MS)
    here.close()
    (out.parent / erasures.LIST_FILE).unlink(missing_ok=True)
    (out.parent / erasures.LIST_FILE).mkdir()
    with pytest.raises(DiskFailed):
        backups.put_back(out, tmp_path / "new")
    (out.parent / erasures.LIST_FILE).rmdir()
    backups.put_back(out, tmp_path / "new")
    (tmp_path / "new" / erasures.LIST_FILE).mkdir()
    with pytest.raises(DiskFailed):
        opened(tmp_path / "new", 2)
    (tmp_path / "new" / erasures.LIST_FILE).rmdir()
    opened(tmp_path / "new", 2).close()


def test_the_list_of_erasures_holds_identities_and_nothing_else(data: Path) -> None:
    here = opened(data)
    whose = person(here)
    erase(here)
    here.close()
    assert (data / erasures.LIST_FILE).read_text() == f"{whose}\n"
    (data / erasures.LIST_FILE).write_text(f"{whose}\n王示兰\n../x\n{'0' * 63}\n", "utf-8")
    assert erasures.read_list(data) == {whose}


def station(*words: object, folder: Path, status: int = 0) -> str:
    ran = subprocess.run(
        [
            sys.executable,
            "-m",
            "station_app",
            "--data",
            str(folder),
            "--key-file",
            str(folder.parent / "keys"),
            *map(str, words),
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert ran.returncode == status, ran.stderr
    return ran.stdout + ran.stderr


def test_the_commands_back_up_beside_the_running_program_and_restore(
    data: Path, tmp_path: Path
) -> None:
    PlainFileStore.create(tmp_path / "keys").put(DATABASE_KEY, KEY)
    here = opened(data)
    out = tmp_path / "a.backup"
    assert f"备份好了：{out}" in station("backup", out, folder=data)
    here.close()
    assert json.loads(station("restore", out, "--json", folder=tmp_path / "new"))["device"] == "D1"
    assert (tmp_path / "new" / RESTORED_FILE).exists()
    assert "账本完好" in station("verify", folder=tmp_path / "new")
    refused = station("restore", out, folder=tmp_path / "new", status=2)
    assert "这里已经有账本了" in refused

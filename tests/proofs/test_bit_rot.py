"""A byte that has changed anywhere in a real journal or in its backup is found, and said so."""

import random
import sys
from collections import Counter
from pathlib import Path

import pytest

from station_app import backups
from station_app.journal.recorder import new_ticket
from station_app.journal.store import check_whole
from station_app.journal.troubles import StoreTrouble
from station_app.resources_dir import load_texts
from station_app.services.parcels.commands import ShelveParcel
from tests.proofs.kit import KEY, database, furnish, open_furnished

FLIPS = 120  # of each: with those of tests/journal/test_store_damage.py five hundred


@pytest.fixture(scope="module")
def journal(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("rot") / "data"
    furnish(folder)
    here = open_furnished(folder, seed=1)
    for number in range(12):
        command = ShelveParcel(courier="ZTO", waybill=f"73{number:012}", tail="6001")
        here.desk.settle(command, ticket=new_ticket(here.chance))
    here.close()
    return folder


@pytest.fixture(scope="module")
def backup(journal: Path) -> Path:
    path = journal.with_name("backup")
    backups.take(backups.source_of(journal, KEY), path, at=1)
    return path


def flipped(path: Path, copy: Path, dice: random.Random) -> int:
    """Copy a file with one byte changed; return its place."""
    content = bytearray(path.read_bytes())
    place = dice.randrange(len(content))
    content[place] ^= dice.randrange(1, 256)
    copy.write_bytes(content)
    return place


def test_a_changed_byte_of_a_journal_is_found(journal: Path, tmp_path: Path) -> None:
    dice, copy = random.Random(3), tmp_path / "copy.db"
    assert check_whole(database(journal), KEY) == ()
    for _ in range(FLIPS):
        place = flipped(database(journal), copy, dice)
        try:
            found = check_whole(copy, KEY)
        except StoreTrouble as trouble:
            found = (load_texts().say(trouble.text_key, **trouble.slots),)
        assert found, f"byte {place}"


def test_a_changed_byte_of_a_backup_is_found_and_nothing_is_put_back(
    backup: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    dice, said = random.Random(4), Counter[str]()
    for number in range(FLIPS):
        copy = tmp_path / "copy"
        place = flipped(backup, copy, dice)
        target = tmp_path / f"data{number}"
        try:
            backups.put_back(copy, target)
        except StoreTrouble as trouble:
            said[load_texts().say(trouble.text_key, **trouble.slots)] += 1
        else:
            raise AssertionError(f"byte {place} of the backup was believed")
        assert not database(target).exists()
    with capsys.disabled():
        sys.stdout.write(f"\n  changed bytes of a backup: {dict(said)}\n")
    assert sum(said.values()) == FLIPS
    backups.put_back(backup, tmp_path / "sound")
    assert check_whole(database(tmp_path / "sound"), KEY) == ()


def test_a_changed_byte_of_what_a_backup_says_of_itself_is_found(
    backup: Path, tmp_path: Path
) -> None:
    """Another station's name or another count was shown for it, and nobody noticed."""
    content = backup.read_bytes()
    header = content.index(b"}\n") + 2
    copy = tmp_path / "copy"
    for place in range(header + 65):
        copy.write_bytes(content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :])
        with pytest.raises(backups.BackupUnread):
            backups.read_header(copy)


def test_a_backup_of_the_former_form_is_still_put_back(backup: Path, tmp_path: Path) -> None:
    content = backup.read_bytes()
    line = content[len(backups.MAGIC) : content.index(b"}\n") + 2]
    former = tmp_path / "former"
    former.write_bytes(backups.FORMER_MAGIC + line + content[len(backups.MAGIC) + len(line) + 65 :])
    backups.put_back(former, tmp_path / "data")
    assert check_whole(database(tmp_path / "data"), KEY) == ()

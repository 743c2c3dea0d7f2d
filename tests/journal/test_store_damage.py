"""Bytes that are not what was written: found, named, and not written over."""

import random
import shutil
from pathlib import Path
from typing import Any

import pytest
from sqlcipher3 import dbapi2

from station_app.journal.store import (
    DamagedDatabase,
    StoreTrouble,
    WrongKey,
    check_whole,
    open_reader,
    open_writer,
    transaction,
)
from station_app.journal.troubles import trouble_of

KEY = bytes(range(32))
PAGE = 4096
ROWS = 1500


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A closed database of some eighty pages, with an index."""
    path = tmp_path_factory.mktemp("sound") / "journal.db"
    connection = open_writer(path, KEY)
    connection.execute("CREATE TABLE facts (seq INTEGER PRIMARY KEY, body TEXT UNIQUE)")
    for start in range(0, ROWS, 500):
        with transaction(connection):
            connection.executemany(
                "INSERT INTO facts VALUES (?, ?)", [(n, body(n)) for n in range(start, start + 500)]
            )
    connection.close()
    assert path.stat().st_size > 60 * PAGE
    return path


def body(number: int) -> str:
    return f"fact {number} " + "x" * 80


def flipped(sound: Path, folder: Path, place: int, mask: int) -> Path:
    """Return a copy of the database with some bits of one byte turned."""
    path = folder / "flipped.db"
    content = bytearray(sound.read_bytes())
    content[place] ^= mask
    path.write_bytes(content)
    for beside in (path.with_name("flipped.db-wal"), path.with_name("flipped.db-shm")):
        beside.unlink(missing_ok=True)
    return path


def read_back(path: Path) -> list[Any]:
    """Read every row, or raise the trouble of opening or reading."""
    reader = open_reader(path, KEY)
    try:
        rows: list[Any] = reader.execute("SELECT seq, body FROM facts ORDER BY seq").fetchall()
    except dbapi2.Error as error:
        trouble = trouble_of(error)
        assert trouble is not None
        raise trouble from error
    finally:
        reader.close()
    return rows


def test_a_flipped_bit_on_any_page_is_found_and_named(sound: Path, tmp_path: Path) -> None:
    draw = random.Random(20261125)
    pages = sound.stat().st_size // PAGE
    for page in range(pages):
        place = page * PAGE + draw.randrange(PAGE)
        path = flipped(sound, tmp_path, place, 1 << draw.randrange(8))
        before = path.read_bytes()
        if place < 16:
            with pytest.raises(WrongKey):
                check_whole(path, KEY)
            continue
        found = check_whole(path, KEY)
        assert any(f"page {page + 1}" in line for line in found), (place, found)
        assert path.read_bytes() == before


def test_a_flipped_bit_is_never_read_as_a_fact(sound: Path, tmp_path: Path) -> None:
    draw = random.Random(1)
    whole = [(n, body(n)) for n in range(ROWS)]
    assert read_back(sound) == whole
    answers = {"trouble": 0, "whole": 0}
    for _ in range(150):
        place = draw.randrange(sound.stat().st_size)
        path = flipped(sound, tmp_path, place, draw.randrange(1, 256))
        try:
            rows = read_back(path)
        except StoreTrouble:
            answers["trouble"] += 1
        else:
            assert rows == whole  # the flip lies in the index, which this question does not read
            answers["whole"] += 1
    assert answers["trouble"] > 60


@pytest.mark.parametrize("page", [1, 2, 3, 10, 40])
def test_the_start_finds_damage_and_writes_nothing(sound: Path, tmp_path: Path, page: int) -> None:
    path = flipped(sound, tmp_path, (page - 1) * PAGE + 100, 0x10)
    before = path.read_bytes()
    with pytest.raises(DamagedDatabase) as caught:
        open_writer(path, KEY)
    assert caught.value.where
    assert caught.value.slots == {"where": caught.value.where}
    assert caught.value.text_key == "security.trouble.DAMAGED"
    assert path.read_bytes() == before


def test_a_damaged_first_page_is_told_from_a_wrong_key(sound: Path, tmp_path: Path) -> None:
    path = flipped(sound, tmp_path, 2000, 1)
    with pytest.raises(DamagedDatabase, match="page 1"):
        open_writer(path, KEY)
    with pytest.raises(WrongKey):
        open_writer(path, bytes(32))


def test_a_file_cut_short_is_found(sound: Path, tmp_path: Path) -> None:
    for size in (PAGE * 30, PAGE * 30 + 77, PAGE):
        path = flipped(sound, tmp_path, 100, 0)
        with path.open("r+b") as file:
            file.truncate(size)
        try:
            found = check_whole(path, KEY)
        except StoreTrouble as trouble:
            found = (str(trouble),)
        assert found, size


def test_two_pages_that_changed_places_are_found(sound: Path, tmp_path: Path) -> None:
    path = flipped(sound, tmp_path, 0, 0)
    content = path.read_bytes()
    third, ninth = content[2 * PAGE : 3 * PAGE], content[8 * PAGE : 9 * PAGE]
    swapped = content[: 2 * PAGE] + ninth + content[3 * PAGE : 8 * PAGE] + third
    path.write_bytes(swapped + content[9 * PAGE :])
    found = " ".join(check_whole(path, KEY))
    assert "page 3" in found
    assert "page 9" in found


def test_a_flip_in_the_log_never_shows_a_torn_act(tmp_path: Path) -> None:
    """The log proves each commit; behind a damaged one nothing is believed, before it all is."""
    path = tmp_path / "journal.db"
    writer = open_writer(path, KEY)
    writer.execute("CREATE TABLE facts (seq INTEGER PRIMARY KEY, body TEXT)")
    writer.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    acts = 12
    for act in range(acts):
        with transaction(writer):
            writer.executemany(
                "INSERT INTO facts VALUES (?, ?)", [(act * 50 + n, body(n)) for n in range(50)]
            )
    log_size = path.with_name("journal.db-wal").stat().st_size
    draw = random.Random(7)
    counts = set()
    for _ in range(60):
        copy = tmp_path / "copy.db"
        for suffix in ("-wal", "-shm"):
            copy.with_name(f"copy.db{suffix}").unlink(missing_ok=True)
        shutil.copy(path, copy)
        log = bytearray(path.with_name("journal.db-wal").read_bytes())
        log[draw.randrange(log_size)] ^= draw.randrange(1, 256)
        copy.with_name("copy.db-wal").write_bytes(log)
        reader = open_writer(copy, KEY)
        rows = [row[0] for row in reader.execute("SELECT seq FROM facts ORDER BY seq").fetchall()]
        reader.close()
        assert rows == list(range(len(rows)))
        assert len(rows) % 50 == 0
        counts.add(len(rows) // 50)
    writer.close()
    assert len(counts) > 5  # flips early and late were really tried

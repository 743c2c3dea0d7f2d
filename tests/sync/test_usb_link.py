"""The stick as a file system: full, pulled out, read-only, full of things that are none of ours."""

import os
import resource
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

import pytest

from station_app.security.sealed_file import FROM_COUNTY, read_cover, write_sealed
from station_app.security.signing import Signer
from station_app.sync.usb_link import (
    ANSWER_SUFFIX,
    FILES_LOOKED_AT_MAX,
    FULL,
    GONE,
    StickTrouble,
    beside,
    find,
    open_file,
)

KEY = Signer(bytes(range(32)))
TEN_MB = 10_000_000


def half(path: Path, stop: Callable[[], object]) -> None:
    """Write the beginning of a file; then `stop` happens."""
    with beside(path) as file:
        file.write(b"half")
        stop()


def crash() -> None:
    raise ZeroDivisionError


def put(path: Path, size: int = 1_000) -> None:
    with beside(path) as file:
        write_sealed(file, KEY.public_key, FROM_COUNTY, [os.urandom(size)])


def look(file: BinaryIO) -> tuple[int, str]:
    cover = read_cover(file)
    return cover.use, cover.key_id


@pytest.fixture
def little_room() -> Iterator[None]:
    """No file may grow beyond 1 MB: what a full stick does, with another number."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_file_is_there_whole_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "a.answer"
    with pytest.raises(ZeroDivisionError):
        half(path, crash)
    assert list(tmp_path.iterdir()) == []
    put(path)
    old = path.read_bytes()
    with pytest.raises(ZeroDivisionError):
        half(path, crash)
    assert path.read_bytes() == old
    assert list(tmp_path.iterdir()) == [path]


def test_a_full_stick_keeps_the_old_bundle(tmp_path: Path, little_room: None) -> None:
    path = tmp_path / "a.answer"
    put(path)
    old = path.read_bytes()
    with pytest.raises(StickTrouble) as trouble:
        put(path, TEN_MB)
    assert trouble.value.reason == FULL
    assert path.read_bytes() == old
    assert list(tmp_path.iterdir()) == [path]


def test_a_stick_that_is_full_at_the_first_byte_is_called_full(tmp_path: Path) -> None:
    """A small bundle waits to be written until its file is closed: it was called a mishap."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, before[1]))
    try:
        with pytest.raises(StickTrouble) as trouble:
            put(tmp_path / "a.answer")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert trouble.value.reason == FULL
    assert list(tmp_path.iterdir()) == []


def test_a_link_in_the_place_of_the_half_file_is_not_written_through(tmp_path: Path) -> None:
    (tmp_path / "precious").write_bytes(b"precious")
    (tmp_path / "a.answer.part").symlink_to(tmp_path / "precious")
    put(tmp_path / "a.answer")
    assert (tmp_path / "precious").read_bytes() == b"precious"
    assert not (tmp_path / "a.answer").is_symlink()


def test_a_stick_that_is_pulled_in_the_middle(tmp_path: Path) -> None:
    stick, away = tmp_path / "stick", tmp_path / "away"
    stick.mkdir()
    with pytest.raises(StickTrouble) as trouble:
        half(stick / "a.answer", lambda: stick.rename(away))
    assert trouble.value.reason == GONE
    assert not (away / "a.answer").exists()
    with pytest.raises(StickTrouble) as trouble:
        put(stick / "a.answer")
    assert trouble.value.reason == GONE


def test_what_a_power_cut_left_is_in_nobodys_way(tmp_path: Path) -> None:
    (tmp_path / "a.answer.part").write_bytes(b"half")
    put(tmp_path / "a.answer")
    assert [path.name for path in tmp_path.iterdir()] == ["a.answer"]


def test_only_plain_files_that_are_sealed_are_found_and_the_newest_first(tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    for place, name in enumerate(("village-station-x.answer", "renamed.ANSWER", "../over.answer")):
        put(stick / name)
        os.utime(stick / name, (place, place))
    (stick / "link.answer").symlink_to(tmp_path / "over.answer")
    (stick / "zero.answer").symlink_to("/dev/zero")
    os.mkfifo(stick / "pipe.answer")
    (stick / "folder.answer").mkdir()
    (stick / "photo.answer").write_bytes(os.urandom(500))
    (stick / "empty.answer").write_bytes(b"")
    put(stick / "other.bundle")
    found = find([stick, tmp_path / "nowhere"], ANSWER_SUFFIX, look)
    assert [one.path.name for one in found] == ["renamed.ANSWER", "village-station-x.answer"]
    assert {(one.use, one.key_id) for one in found} == {(FROM_COUNTY, KEY.key_id)}
    for name in ("link.answer", "pipe.answer", "folder.answer", "nothing.answer"):
        with pytest.raises(StickTrouble):
            open_file(stick / name)


def test_a_stick_with_thousands_of_files_is_looked_at_for_a_moment_only(tmp_path: Path) -> None:
    for number in range(FILES_LOOKED_AT_MAX + 50):
        (tmp_path / f"{number:05}.answer").write_bytes(b"VSU1")
    put(tmp_path / "00000.answer")
    assert [one.path.name for one in find([tmp_path], ANSWER_SUFFIX, look)] == ["00000.answer"]

"""Sheets on disk and on sticks: found, read whole, or told about in a sentence."""

import os
from pathlib import Path

import pytest

from station_app.devices.sheet_files import FILE_BYTES_MAX, FOUND_MAX, SheetFiles
from station_app.values.refusal import Refusal


@pytest.fixture
def home(tmp_path: Path) -> Path:
    for name in ("Downloads", "Desktop"):
        (tmp_path / name).mkdir()
    return tmp_path


def put(path: Path, age: int, data: bytes = b"x") -> None:
    path.write_bytes(data)
    os.utime(path, (1_795_000_000 - age, 1_795_000_000 - age))


def test_the_newest_stand_first_and_nine_are_enough(home: Path) -> None:
    for number in range(12):
        put(home / "Downloads" / f"{number:02}.xlsx", age=number)
    put(home / "Desktop" / "newest.CSV", age=-1)
    names = [file.name for file in SheetFiles(home, list).newest()]
    assert names == ["newest.CSV", *(f"{number:02}.xlsx" for number in range(FOUND_MAX - 1))]


def test_only_sheets_are_listed_and_nothing_that_is_open_or_hidden(home: Path) -> None:
    for name in ("a.pdf", "~$open.xlsx", ".hidden.csv", "b.exe"):
        put(home / "Downloads" / name, age=0)
    (home / "Downloads" / "folder.xlsx").mkdir()
    assert SheetFiles(home, list).newest() == ()


@pytest.mark.timeout(20)
def test_a_pipe_that_is_called_like_a_sheet_is_not_waited_for(home: Path) -> None:
    pipe = home / "Downloads" / "人员.xlsx"
    os.mkfifo(pipe)
    found = SheetFiles(home, list).read(str(pipe))
    assert isinstance(found, Refusal)
    assert found.reason == "opening.FILE_UNREADABLE"


def test_a_stick_is_looked_into_one_folder_deep(home: Path, tmp_path: Path) -> None:
    stick = tmp_path / "STICK"
    (stick / "lists" / "deep").mkdir(parents=True)
    put(stick / "a.xlsx", age=0)
    put(stick / "lists" / "b.xlsx", age=1)
    put(stick / "lists" / "deep" / "c.xlsx", age=2)
    found = SheetFiles(home, lambda: [stick]).newest()
    assert [(file.name, file.place) for file in found] == [("a.xlsx", "STICK"), ("b.xlsx", "lists")]


def test_a_stick_that_was_pulled_out_is_no_trouble(home: Path, tmp_path: Path) -> None:
    assert SheetFiles(home, lambda: [tmp_path / "gone"]).newest() == ()


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("gone.csv", "FILE_GONE"),
        ("Downloads", "FILE_IS_FOLDER"),
        ("Downloads/big.csv", "SHEET_TOO_BIG"),
        ("Downloads/under.csv/a.csv", "FILE_GONE"),
        ("/proc/self/mem", "FILE_UNREADABLE"),  # raises what a pulled stick raises: EIO
        ("a\0b.csv", "FILE_UNREADABLE"),
    ],
)
def test_what_cannot_be_read_is_told(home: Path, path: str, reason: str) -> None:
    (home / "Downloads" / "under.csv").write_bytes(b"x")
    with (home / "Downloads" / "big.csv").open("wb") as file:
        file.truncate(FILE_BYTES_MAX + 1)
    outcome = SheetFiles(home, list).read(str(home / path))
    assert isinstance(outcome, Refusal)
    assert outcome.reason == f"opening.{reason}"


def test_a_file_is_read_whole(home: Path) -> None:
    put(home / "Downloads" / "a.csv", age=0, data=b"abc")
    assert SheetFiles(home, list).read(str(home / "Downloads" / "a.csv")) == b"abc"


def test_nothing_is_ever_overwritten(home: Path) -> None:
    files = SheetFiles(home, list)
    assert files.write("a.xlsx", b"1") == str(home / "Desktop" / "a.xlsx")
    assert files.write("a.xlsx", b"2") == str(home / "Desktop" / "a-2.xlsx")
    assert (home / "Desktop" / "a.xlsx").read_bytes() == b"1"


def test_a_full_or_closed_disk_is_told(home: Path) -> None:
    files = SheetFiles(home / "nowhere", list)
    assert isinstance(files.write("a.xlsx", b"1"), Refusal)

"""docs/OPERATIONS.md, played: the backup, the restore drill, and the files beside the page."""

import re
import shlex
import shutil
from pathlib import Path

import httpx
import pytest

from county_server.__main__ import _parser
from county_server.blobs import CountyBlobs
from county_server.county import open_county
from station_app.journal.blob import blob_name
from station_app.sync.dictionary import Press
from station_app.vocabulary import VOCABULARY
from tests.county_server.serving import Server, command, enrolled_over, new_data, over, said
from tests.sync.slips import SLIP, remit
from tests.sync.stand import STATION, Dice, SetClock, converse

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "OPERATIONS.md").read_text("utf-8")


def put_back(data: Path, backup: Path) -> None:
    """What the page says, word for word."""
    for rest in ("county.db-wal", "county.db-shm"):
        (data / rest).unlink(missing_ok=True)
    shutil.copyfile(backup, data / "county.db")


def test_the_restore_drill(tmp_path: Path) -> None:
    """Back up while it runs; lose the disk; put back; start: a new epoch, and stations heal it."""
    data = new_data(tmp_path)
    backup = tmp_path / "kept" / "county-monday.db"
    server = Server(data)
    first = enrolled_over(server, data, tmp_path / "first", seed=1)
    first.shelve(20)
    converse(first, over(server))
    made = said(data, "backup", backup)
    assert made["bytes"] == backup.stat().st_size > 0
    second = enrolled_over(server, data, tmp_path / "second", seed=2)  # the county's own word
    for pc in (first, second):
        pc.shelve(15)
        converse(pc, over(server))
    remit(first)
    converse(first, over(server))
    before = said(data, "verify")
    assert server.stop() == 0

    put_back(data, backup)
    assert said(data, "verify")["facts"] < before["facts"], "the drill loses something"
    again = Server(data)
    epoch = httpx.get(f"{again.url}/v1/health").json()["county_epoch"]
    assert epoch == 2, "a county that lacks what it gave out begins a new epoch"
    for _ in range(2):
        for pc in (first, second):
            pc.clock.at += 3_600_000
            converse(pc, over(again))
    assert [pc.unconfirmed() for pc in (first, second)] == [0, 0]
    assert again.stop() == 0
    after = said(data, "verify")
    assert after["findings"] == []
    assert before["lengths"].items() <= after["lengths"].items(), "nothing that was there is lost"
    county = open_county(data, VOCABULARY, Press(), clock=SetClock(), chance=Dice(3))
    with county.store.read() as connection:
        assert CountyBlobs(county.store, connection, STATION).get(blob_name(SLIP)) == SLIP
    county.close()
    for pc in (first, second):
        pc.close()


def test_a_backup_is_whole_or_not_there(tmp_path: Path) -> None:
    data = new_data(tmp_path)
    command(data, "backup", data / "county.db", status=2)
    command(data, "backup", data, status=2)
    assert not list(tmp_path.rglob("*.new"))
    kept = tmp_path / "kept.db"
    kept.write_text("an older one")
    command(data, "backup", kept)
    assert kept.read_bytes().startswith(b"SQLite format 3\0")
    assert kept.stat().st_mode & 0o077 == 0


def test_every_command_on_the_page_is_one() -> None:
    """Each `python -m county_server …` line of the page is understood by the program."""
    page = re.sub(r"\\\n\s*", "", PAGE)  # a long line goes on in the next
    lines = re.findall(r"python -m county_server (.+?)(?:`|\n|$)", page)
    asked = [line.split("#")[0].strip() for line in lines if line.startswith("--data")]
    assert len(asked) >= 15
    for line in asked:
        try:
            _parser().parse_args(shlex.split(line))
        except SystemExit:
            pytest.fail(f"the program does not understand: {line}")


def test_the_unit_starts_what_the_page_says() -> None:
    unit = (ROOT / "installer" / "county_server.service").read_text("utf-8")
    (line,) = re.findall(r"^ExecStart=\S+ -m county_server (.+)$", unit, re.MULTILINE)
    options = _parser().parse_args(line.split())
    assert options.command == "serve"
    (seconds,) = re.findall(r"^TimeoutStopSec=(\d+)$", unit, re.MULTILINE)
    assert int(seconds) > options.grace

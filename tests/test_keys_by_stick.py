"""Keys that change where there is no line: the county's and a PC's, by the commands of the page."""

import json
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from station_app import chores
from station_app.__main__ import main as station_main
from station_app.line import ENROLLED
from station_app.security.key_store import PlainFileStore
from station_app.stick_enrol import ASKED, enrol_by_stick
from tests.test_enrol_anew import carry, shelve
from tests.test_stick_mail import at_county, county, new_code, stick

__all__ = ["county", "stick"]

WAYBILLS = ("73000000000017", "73000000000024", "73000000000031")


@dataclass(frozen=True, slots=True)
class Place:
    """A PC without a line, and the county's folder."""

    data: Path
    key_file: Path
    county: Path
    stick: Path

    @property
    def words(self) -> list[str]:
        return ["--data", str(self.data), "--key-file", str(self.key_file)]

    def shelve(self, waybill: str) -> None:
        with chores.opened(self.data, self.key_file, PlainFileStore(self.key_file)) as premises:
            shelve(premises, waybill)

    def carry(self) -> None:
        carry(self.words, self.county, self.stick)

    def is_sound(self) -> bool:
        report, _ = chores.verify(self.data, self.key_file)
        assert report.is_sound, report.findings
        return at_county(self.county, "verify") == 0

    def arrived(self) -> int:
        """How many parcels the county knows of."""
        with sqlite3.connect(self.county / "county.db") as connection:
            (count,) = connection.execute("SELECT count(*) FROM parcels").fetchone()
        return int(count)

    def registered(self) -> list[str]:
        with sqlite3.connect(self.county / "county.db") as connection:
            return [row[0] for row in connection.execute("SELECT key_id FROM keys ORDER BY 1")]


Heard = Callable[..., dict[str, Any]]


@pytest.fixture
def heard(county: Path, capsys: pytest.CaptureFixture[str]) -> Heard:
    """Say what the county answers to `county-key status`."""

    def status() -> dict[str, Any]:
        capsys.readouterr()
        assert at_county(county, "county-key", "status", "--json") == 0
        shown: dict[str, Any] = json.loads(capsys.readouterr().out)
        return shown

    return status


@pytest.fixture
def pc(county: Path, stick: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Place:
    place = Place(tmp_path / "data", tmp_path / "keys", county, stick)
    keys = PlainFileStore.create(place.key_file)
    assert enrol_by_stick(place.data, keys, [stick], "", new_code(county, capsys)).state == ASKED
    (request,) = stick.glob("*.enrol")
    assert at_county(county, "enrol-stick", request) == 0
    assert enrol_by_stick(place.data, keys, [stick], "", "").state == ENROLLED
    for old in stick.iterdir():
        old.unlink()
    return place


def test_a_station_that_only_knows_sticks_follows_the_countys_new_key(
    pc: Place, heard: Heard
) -> None:
    pc.shelve(WAYBILLS[0])
    late = pc.stick / "late.bundle"
    assert station_main([*pc.words, "bundle", "write", str(late)]) == 0
    for act in ("announce", "take-up"):
        assert at_county(pc.county, "county-key", act) == 0
    assert heard()["unaware"] == ["NX0601/D1"]
    # It was sealed to the first key; its answer bears the key that this PC believes.
    answer = pc.stick / "late.answer"
    assert at_county(pc.county, "bundle", "read", late, "--answer", answer) == 0
    assert station_main([*pc.words, "bundle", "read", str(answer)]) == 0
    pc.shelve(WAYBILLS[1])
    pc.carry()
    assert heard() == {**heard(), "in_use": 2, "newest": 2, "unaware": []}
    pc.shelve(WAYBILLS[2])
    pc.carry()
    assert pc.arrived() == 3
    assert pc.is_sound()


def test_a_pc_renews_its_own_key_by_stick_and_a_bundle_of_before_still_counts(pc: Place) -> None:
    (first,) = pc.registered()
    assert station_main([*pc.words, "renew-key"]) == 0
    pc.shelve(WAYBILLS[0])
    late = pc.stick / "late.bundle"
    assert station_main([*pc.words, "bundle", "write", str(late)]) == 0
    pc.carry()
    (second,) = pc.registered()
    assert second != first
    # Taken twice: what the old key signed is held, and its answer opens with the old key.
    answer = pc.stick / "late.answer"
    assert at_county(pc.county, "bundle", "read", late, "--answer", answer) == 0
    assert station_main([*pc.words, "bundle", "read", str(answer)]) == 0
    pc.shelve(WAYBILLS[1])
    pc.carry()
    assert pc.arrived() == 2
    assert pc.is_sound()


def test_a_late_pc_of_a_county_that_lost_its_seed_is_enrolled_anew_and_nothing_is_lost(
    pc: Place, heard: Heard, capsys: pytest.CaptureFixture[str]
) -> None:
    pc.shelve(WAYBILLS[0])
    pc.carry()
    assert at_county(pc.county, "county-key", "announce") == 0  # this PC never hears of it
    for seed in (pc.county / "keys").glob("*.seed"):
        seed.unlink()
    assert at_county(pc.county, "county-key", "replace") == 0
    pc.shelve(WAYBILLS[1])
    bundle = pc.stick / "x.bundle"
    assert station_main([*pc.words, "bundle", "write", str(bundle)]) == 0
    capsys.readouterr()
    assert at_county(pc.county, "bundle", "read", bundle) == 2  # sealed to the key that is lost
    assert "another county" in capsys.readouterr().err
    for old in pc.stick.iterdir():
        old.unlink()

    command = [*pc.words, "enrol", "--anew", "--stick", str(pc.stick), "--code"]
    code = new_code(pc.county, capsys)
    assert station_main([*command, code]) == 0
    (request,) = pc.stick.glob("*.enrol")
    assert at_county(pc.county, "enrol-stick", request) == 0
    assert station_main([*command, code]) == 0
    pc.shelve(WAYBILLS[2])
    for _ in range(2):
        pc.carry()
    assert pc.arrived() == 3
    assert pc.is_sound()
    assert "NX0601/D2" not in heard()["unaware"]

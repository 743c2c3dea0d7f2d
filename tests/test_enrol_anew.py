"""A PC that was cut off is enrolled anew: another name, another key, the same journal."""

import json
import sqlite3
from pathlib import Path

import pytest

from station_app import chores
from station_app.__main__ import main as station_main
from station_app.journal.recorder import new_ticket
from station_app.line import ENROLLED
from station_app.premises import Premises
from station_app.security.key_store import PlainFileStore
from station_app.services.cash.commands import OpenShift
from station_app.services.parcels.commands import ShelveParcel
from station_app.shell.desk import Done
from station_app.stick_enrol import ASKED, ByStick, enrol_by_stick
from station_app.sync.bare import bare_here
from tests.test_stick_mail import at_county, county, new_code, stick

__all__ = ["county", "stick"]


def shelve(premises: Premises, waybill: str) -> None:
    done = premises.desk.settle(
        ShelveParcel(courier="ZTO", waybill=waybill, tail="6001"),
        ticket=new_ticket(premises.chance),
    )
    assert isinstance(done, Done), done


def carry(data: list[str], county: Path, stick: Path) -> None:
    """A bundle to the county and its answer back."""
    bundle, answer = stick / "x.bundle", stick / "x.answer"
    assert station_main([*data, "bundle", "write", str(bundle)]) == 0
    assert at_county(county, "bundle", "read", bundle, "--answer", answer) == 0
    assert station_main([*data, "bundle", "read", str(answer)]) == 0


def test_a_pc_that_was_cut_off_goes_on_as_another_with_its_journal_by_stick(
    county: Path, stick: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data, key_file = tmp_path / "data", tmp_path / "keys"
    keys = PlainFileStore.create(key_file)
    place = ["--data", str(data), "--key-file", str(key_file)]
    assert enrol_by_stick(data, keys, [stick], "", new_code(county, capsys)).state == ASKED
    (request,) = stick.glob("*.enrol")
    assert at_county(county, "enrol-stick", request) == 0
    assert enrol_by_stick(data, keys, [stick], "", "").state == ENROLLED
    with chores.opened(data, key_file, keys) as premises:
        shelve(premises, "73000000000017")
    carry(place, county, stick)
    cut = ("device", "revoke", "NX0601", "D1", "--reason", "lost", "--remark", "找不到了")
    assert at_county(county, *cut) == 0
    with chores.opened(data, key_file, keys) as premises:  # it has not heard of it yet
        shelve(premises, "73000000000024")
    carry(place, county, stick)
    with chores.opened(data, key_file, keys) as premises:  # it has heard of it, and not why
        assert bare_here(premises.session.connection)
    for old in stick.iterdir():
        old.unlink()

    command = [*place, "--json", "enrol", "--anew", "--stick", str(stick), "--code"]
    code = new_code(county, capsys)
    assert station_main([*command, code]) == 0
    (request,) = stick.glob("*.enrol")
    assert at_county(county, "enrol-stick", request) == 0
    capsys.readouterr()
    assert station_main([*command, code]) == 0
    assert json.loads(capsys.readouterr().out)["device"] == "D2"

    keys = PlainFileStore(key_file)
    with chores.opened(data, key_file, keys) as premises:
        assert premises.session.author.stream.startswith("NX0601/D2/")
        shelve(premises, "73000000000031")
    for _ in range(2):
        carry(place, county, stick)
    with chores.opened(data, key_file, keys) as premises:
        assert bare_here(premises.session.connection) == ()
    capsys.readouterr()
    assert at_county(county, "device", "list", "--json") == 0
    listed = json.loads(capsys.readouterr().out)
    assert [(one["device"], one["slot"], one["is_cut_off"]) for one in listed] == [
        ("D1", 0, True), ("D2", 1, False),
    ]  # fmt: skip
    waits = sqlite3.connect(county / "county.db").execute(
        "SELECT s.length - k.reach FROM kept_back k JOIN streams s ON s.stream = k.stream"
    )
    assert sum(row[0] for row in waits) == 1  # what it said after the cut is there, and waits
    assert at_county(county, "verify") == 0
    report, _ = chores.verify(data, key_file)
    assert report.is_sound, report.findings


def test_an_open_shift_is_closed_first(
    county: Path, stick: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data, key_file = tmp_path / "data", tmp_path / "keys"
    keys = PlainFileStore.create(key_file)
    enrol_by_stick(data, keys, [stick], "", new_code(county, capsys))
    (request,) = stick.glob("*.enrol")
    assert at_county(county, "enrol-stick", request) == 0
    enrol_by_stick(data, keys, [stick], "", "")
    with chores.opened(data, key_file, keys) as premises:
        opened = premises.desk.settle(OpenShift(), ticket=new_ticket(premises.chance))
        assert isinstance(opened, Done), opened
    for old in stick.iterdir():
        old.unlink()
    mail = ByStick(data, keys, anew=True)
    mail.ask([stick], new_code(county, capsys))
    (request,) = stick.glob("*.enrol")
    assert at_county(county, "enrol-stick", request) == 0
    assert mail.take([stick]).state == "shift_open"
    with chores.opened(data, key_file, keys) as premises:
        assert premises.enrolment.device == "D1"

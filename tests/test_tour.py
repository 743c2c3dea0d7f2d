"""The shipped tour, from the first key to the album: what it shows must be true."""

import json
import socket
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from station_app.resources_dir import resources
from station_app.tour.player import Player, StepFailed
from station_app.tour.player import Stage as Place
from station_app.tour.script import ScriptError, parse, repeated, with_controls
from station_app.tour.wire import Wire
from tests.stage import Stage, stage

TOUR = resources() / "demo" / "tour.day"


def test_the_tour_holds_from_end_to_end(pristine: Path, tmp_path: Path) -> None:
    with stage(pristine, tmp_path) as station:
        summary = station.play()
        assert summary["failed"] == ""
        assert summary["ok"]
        assert summary["verify"]["sound"]
        assert summary["verify"]["findings"] == []
        assert summary["verify"]["quarantined"] == 0
        _nothing_is_recorded_without_a_key(summary)
        _every_paper_is_as_it_was_previewed(station, summary)
        _the_county_holds_every_fact(station, summary)
        _the_album_is_written(station, summary)


MORNING = """
敲 李示芳
按 Enter
敲 135790
敲 135790
按 Enter
按 Ctrl+S
按 F2
扫 73000000000017
敲 1001
按 Enter
打完
传完
"""


@pytest.mark.long
def test_a_station_that_is_not_new_gets_a_day_that_fits(pristine: Path, tmp_path: Path) -> None:
    """Only its own papers are this day's papers, and what was done before stays."""
    morning = tmp_path / "morning.day"
    morning.write_text(MORNING, "utf-8")
    with stage(pristine, tmp_path) as station:
        first = station.play(morning)
        assert (first["failed"], first["papers"]) == ("", 1)
        summary = station.play()
        assert summary["failed"] == ""
        assert summary["ok"]
        assert summary["stream"] != first["stream"]
        assert summary["acts_without_key_press"] == []
        assert summary["acts"] == summary["acts_in_journal"] == 2
        papers = sorted(file.name for file in station.out.glob("papers/*.png"))
        assert summary["papers"] == summary["codes_read"] == len(papers) > 0
        assert papers[0].endswith("-label.png")
        assert not papers[0].startswith("001-")
        assert summary["waiting"] == 0
        assert station.county_stream() == station.stream()


def test_a_folder_with_somebodys_files_is_not_cleared_for_the_pictures(tmp_path: Path) -> None:
    home = tmp_path / "文档"
    home.mkdir()
    (home / "账.xlsx").write_bytes(b"a year of somebody's work")
    words = ["tour", "--data", str(tmp_path / "data"), "--county", "none", str(home)]
    line = [sys.executable, "-m", "station_app", *words]
    said = subprocess.run(line, check=False, capture_output=True, text=True)
    assert said.returncode == 2
    assert "里有别的东西" in said.stderr
    assert (home / "账.xlsx").exists()


def test_a_wire_to_nobody_hangs_up_at_once() -> None:
    with socket.socket() as nobody, ExitStack() as stack:
        nobody.bind(("127.0.0.1", 0))  # and does not listen
        wire = stack.enter_context(Wire("127.0.0.1", nobody.getsockname()[1]))
        place = urlsplit(wire.address)
        with socket.create_connection((place.hostname, place.port), timeout=5) as plug:
            assert plug.recv(1) == b"", "hung up, not held"


OPENING = """
import json, sys
from pathlib import Path
from PySide6.QtTest import QTest
from station_app import chores
from station_app.app import Program, ProgramEdges, make_application
from station_app.tour.opening_act import act_out
data, key_file = Path(sys.argv[1]), Path(sys.argv[2])
application = make_application()
program = Program.open(data, chores.keys(key_file, data), ProgramEdges(is_silent=True))
program.start()
program.window.show()
QTest.qWaitForWindowActive(program.window)
act_out(program)
for key in "73000000000017\\r":  # a hand that comes after the script
    QTest.keyClick(program.window.windowHandle(), key)
while not program.is_quiet():
    QTest.qWait(5)
QTest.qWait(5)
print(json.dumps([program.window.deck.current.key, bool(program.window.parts.attendance.operator)]))
program.close()
"""


@pytest.mark.long
def test_the_demo_window_is_ready_to_scan_on_the_first_and_on_the_second_day(
    pristine: Path, tmp_path: Path
) -> None:
    with stage(pristine, tmp_path) as station:
        for _day in ("first", "second"):
            words = [sys.executable, "-c", OPENING, str(station.data), str(station.key_file)]
            said = subprocess.run(words, check=True, capture_output=True, text=True)
            assert said.stderr == ""
            assert json.loads(said.stdout.splitlines()[-1]) == ["parcels.intake", True]


def _nothing_is_recorded_without_a_key(summary: dict[str, Any]) -> None:
    assert summary["acts_without_key_press"] == []
    assert summary["acts"] == summary["acts_in_journal"] > 0
    keys = {step.line for step in parse(TOUR.read_text("utf-8")) if step.is_key}
    assert {line for line, _act in summary["acts_by_line"]} <= keys


def _every_paper_is_as_it_was_previewed(station: Stage, summary: dict[str, Any]) -> None:
    assert summary["papers_unlike_preview"] == []
    papers = sorted(station.out.glob("papers/*.png"))
    assert len(papers) == summary["papers"] > 0
    # One code on each label and each slip; drawer kicks are no papers.
    assert summary["codes_read"] == summary["papers"]
    labelled = station.ask(
        "SELECT body FROM facts WHERE kind IN ('parcel.shelved', 'lot.accepted') ORDER BY seq"
    )
    bodies = [json.loads(body) for (body,) in labelled]
    assert [label.rpartition("/")[2] for label in station.labels()] == [
        body.get("waybill") or body["code"] for body in bodies
    ]


def _the_county_holds_every_fact(station: Stage, summary: dict[str, Any]) -> None:
    report = station.county_verify()
    assert report["findings"] == []
    own = station.stream()
    assert len(own) == summary["stream_length"] == summary["county_has_upto"]
    assert station.county_stream() == own
    assert summary["waiting"] == 0
    assert len(summary["receipt"]) == 8


def _the_album_is_written(station: Stage, summary: dict[str, Any]) -> None:
    assert json.loads((station.out / "summary.json").read_text("utf-8")) == summary
    page = (station.out / "index.html").read_text("utf-8")
    pictures = sorted(station.out.glob("screens/*.png"))
    papers = sorted(station.out.glob("papers/*.png"))
    assert len(pictures) == summary["pictures"] > 0
    for file in (*pictures, *papers):
        assert f"{file.parent.name}/{file.name}" in page
    assert (station.out / "ledger.beancount").stat().st_size > 0


@pytest.mark.long
def test_a_step_that_does_not_hold_is_named(tmp_path: Path, pristine: Path) -> None:
    script = tmp_path / "wrong.day"
    script.write_text("# remark\n应见 姓名\n不见 姓名\n敲 李示芳\n", "utf-8")
    with stage(pristine, tmp_path) as elsewhere:
        summary = elsewhere.play(script)
        assert not summary["ok"]
        assert summary["failed"].startswith("line 3 (不见 姓名)")
        assert summary["keys"] == summary["acts"] == 0
        assert (elsewhere.out / "failed.png").exists()


# --- The language of days ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("script", "complaint"),
    [
        ("飞 1", "line 1: 飞 is no verb of a working day"),
        ("\n扫", "line 2: 扫 needs something after it"),
        ("打完\n" * 5001, "5001 steps are more than 5000"),
    ],
)
def test_a_line_that_means_nothing_is_named(script: str, complaint: str) -> None:
    with pytest.raises(ScriptError, match=complaint):
        parse(script)


def test_only_keys_scans_and_pastes_press_keys() -> None:
    keys = "扫 1\n重扫 1\n混 一\n敲 1\n贴 1\n换人 2 1\n按 Enter\n"
    script = f"{keys}拍 a\n应见 a\n过 1\n断网\n传完  # 1\n"
    assert [step.is_key for step in parse(script)] == [True] * 7 + [False] * 5


def test_every_key_of_the_key_table_can_be_pressed_and_no_other(
    qtbot: QtBot, tmp_path: Path
) -> None:
    line = QLineEdit()
    qtbot.addWidget(line)
    line.show()
    qtbot.waitExposed(line)
    line.setFocus()
    ready: dict[str, Any] = {name: lambda: True for name in ("printed", "synced", "is_quiet")}
    place = Place(window=line, set_clock=lambda _words: None, line=lambda _is_up: None, **ready)
    player = Player(place, tmp_path)
    player.play(parse("按 +\n按 *\n按 7\n按 Space\n按 Backspace\n按 Ctrl+A\n按 End\n"))
    assert line.text() == "+*7"
    with pytest.raises(StepFailed, match="no such key"):
        player.play(parse("按 Plus"))


def test_what_a_keyboard_does_not_write_has_a_spelling() -> None:
    assert with_controls(r"12\u001d34") == "12\x1d34"
    assert with_controls("1234") == "1234"
    assert repeated("9×10000") == "9" * 10_000
    assert repeated("72") == "72"

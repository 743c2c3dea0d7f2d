"""The start check by command: a real station and county, a folder that is spoilt, a clock apart."""

import json
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from station_app import check_up, chores
from station_app.devices import system_windows
from station_app.journal.one_process import OneProcess
from station_app.journal.store import transaction
from station_app.machine import SystemClock
from station_app.overview.examination import STOP, Signs, examine
from station_app.overview.moments import HOUR_MS
from station_app.own_key import note_renewed
from station_app.premises import DATABASE
from station_app.resources_dir import load_texts
from tests.stage import Stage, stage

PAGE_BYTES = 4096  # of the database; the first holds what every opening reads


@pytest.fixture(scope="module")
def played(pristine: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with stage(pristine, tmp_path_factory.mktemp("checked")) as made:
        yield made


def beside(played: Stage, folder: Path) -> Stage:
    """Return a copy of the station's folder, to be spoilt."""
    shutil.copytree(played.data, folder / "station")
    shutil.copy(played.key_file, folder / "key")
    return Stage(folder, played.county, played.url)


@contextmanager
def answering(content: bytes) -> Iterator[str]:
    """Let somebody answer every question with this; return where."""

    class Somebody(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name there
            del format, args

    server = HTTPServer(("127.0.0.1", 0), Somebody)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_a_pc_in_order_is_told_so_and_nothing_is_written(played: Stage) -> None:
    before = (played.data / DATABASE).read_bytes()
    shown = played.run("doctor")
    assert shown["ok"]
    assert shown["may_open"]
    assert shown["findings"] == []
    assert any("账本完整" in line for line in shown["fine"])
    assert not any("标签机" in line for line in shown["fine"]), "pictures are no printer"
    assert (played.data / DATABASE).read_bytes() == before


def test_beside_the_open_program_its_printers_are_left_alone(played: Stage) -> None:
    lock = OneProcess(played.data)
    try:
        shown = played.run("doctor")
    finally:
        lock.release()
    assert shown["ok"]
    assert not any("标签机" in line for line in shown["fine"])


def test_a_damaged_database_is_named_and_keeps_the_door_shut(played: Stage, tmp_path: Path) -> None:
    spoilt = beside(played, tmp_path)
    file = spoilt.data / DATABASE
    content = bytearray(file.read_bytes())
    for page in range(1, len(content) // PAGE_BYTES):
        content[page * PAGE_BYTES + 100] ^= 0xFF
    file.write_bytes(content)
    shown = spoilt.run("doctor", status=1)
    assert not shown["may_open"]
    assert [one["name"] for one in shown["findings"]] == ["damaged"]
    assert str(file) in shown["findings"][0]["line"]
    assert file.read_bytes() == bytes(content)


def look(played: Stage, address: str = "") -> Signs:
    return check_up.look(played.data, played.key_file, clock=SystemClock(), address=address)


@pytest.mark.parametrize(("hours", "name"), [(3, "clock_slow"), (-3, "clock_fast")])
def test_a_clock_apart_from_the_countys_is_told(played: Stage, hours: int, name: str) -> None:
    enrolled = json.loads(played.ask("SELECT value FROM local WHERE name = 'enrolment'")[0][0])
    time = SystemClock().now_ms() + hours * HOUR_MS
    said = json.dumps({"county": enrolled["county"], "time": time, "kinds": []})
    with answering(said.encode()) as address:
        found = examine(look(played, address))
    assert [(one.name, one.urgency) for one in found.findings] == [(name, STOP)]


@pytest.mark.parametrize(
    "content",
    [
        b"<html><body>Sign in to the hotel</body></html>",
        b'{"county": "another", "time": 1000}',
        b"",
    ],
)
def test_who_is_not_the_county_is_not_believed_about_the_time(
    played: Stage, content: bytes
) -> None:
    assert look(played).county_ms, "the county itself is"
    with answering(content) as address:
        assert look(played, address).county_ms == 0


def test_a_folder_of_no_station_gets_a_sentence(tmp_path: Path) -> None:
    signs = Stage(tmp_path, tmp_path, "")
    with pytest.raises(AssertionError, match="station: "):
        signs.run("doctor")


def test_a_pc_that_another_one_speaks_for_is_told_to_enrol_anew(
    played: Stage, tmp_path: Path
) -> None:
    copy = beside(played, tmp_path)
    assert not look(copy).apart
    with chores.opened(copy.data, copy.key_file) as premises:
        connection = premises.session.connection
        with transaction(connection):
            note_renewed(connection, "0" * 64)
    assert [one.name for one in examine(look(copy)).findings] == ["cloned"]


ENROLLING_ANEW = """
import sys
from pathlib import Path
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QLabel
from station_app import opening
from station_app.start import Start
data, key_file = map(Path, sys.argv[1:])
ticks = []
def look():
    for window in QApplication.topLevelWidgets():
        said = [label.text() for label in window.findChildren(QLabel) if label.isVisible()]
        if "{asked}" in said:
            print("asked")
            window.close()
def then(program):
    ticks.append(QTimer(interval=50))
    ticks[0].timeout.connect(look)
    ticks[0].start()
    program.check_up.remedies()["enrol"]()
print(opening.open_station(Start(data, key_file, then=then)))
"""


def test_the_remedy_of_a_copied_pc_leads_to_the_page_that_enrols_it_anew(
    played: Stage, tmp_path: Path
) -> None:
    copy = beside(played, tmp_path)
    asked = load_texts().say("overview.enrol.subtitle")
    done = subprocess.run(
        [
            *(sys.executable, "-c", ENROLLING_ANEW.replace("{asked}", asked)),
            *(str(copy.data), str(copy.key_file)),
        ],
        check=False,
        capture_output=True,
        encoding="utf-8",
        timeout=100,
        env=os.environ | {"QT_QPA_PLATFORM": "offscreen"},
    )
    assert done.stdout.split() == ["asked", "1"], done.stdout + done.stderr


def test_a_window_of_the_system_is_opened_beside_us_and_offered_only_where_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert not system_windows.remedies(tmp_path)
    heard = tmp_path / "heard"
    os.mkfifo(heard)
    program = tmp_path / "ukui-control-center"
    program.write_text(f'#!/bin/sh\necho "$@" > {heard}\n')
    program.chmod(0o755)
    found = system_windows.remedies(tmp_path)
    assert set(found) == {"clock"}
    found["clock"]()
    assert heard.read_text() == "-m Date\n"

"""The first picture of a start: what is typed into it reaches the page that it was meant for."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from station_app.overview.enrolment import EnrolmentWork, EnrolOutcome
from station_app.overview.examination import Signs
from station_app.overview.first_light import FirstLight
from station_app.security.key_store import DATABASE as DATABASE_KEY
from station_app.security.key_store import PlainFileStore
from station_app.values.codes import OPERATOR, identity_payload, make_code
from tests.overview.stations import PIN, settle
from tests.overview.test_enrol_code import CODE
from tests.proofs.kit import KEY, MORNING_MS
from tests.shell.conftest import Hand

ROOT = Path(__file__).resolve().parents[2]
HEAVY = (
    *("station_app.journal", "station_app.ledger", "station_app.services", "station_app.sync"),
    *("station_app.premises", "station_app.app", "msgspec", "sqlcipher3", "requests", "nacl"),
    *("argon2", "keyring", "sqlalchemy", "pypinyin", "zstandard", "stdnum", "platformdirs"),
)
PAINTED = """
import sys
from pathlib import Path
from station_app import __main__ as program, opening
from station_app.overview.first_light import FirstLight
shine = FirstLight.shine
def painted(light):
    shine(light)
    print(*[name for name in sys.modules])
    raise SystemExit(0)
FirstLight.shine = painted
program.main(sys.argv[1:])
"""
FRONT = """
import sys
from PySide6.QtCore import QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMessageBox
from station_app import __main__ as program
from station_app.overview.first_light import FirstLight
shine = FirstLight.shine
lights = []
def shone(light):
    shine(light)
    lights.append(light)
    for sign in sys.argv[1]:
        QTest.keyClick(light.windowHandle(), sign)
    timer.start()
FirstLight.shine = shone
def front():
    for window in QApplication.topLevelWidgets():
        if isinstance(window, QMessageBox) and window.isVisible():
            return window, "box " + window.text()
        page = window.deck.current if hasattr(window, "deck") and window.isVisible() else None
        if page is not None and window.is_quiet and not lights[0].isVisible():
            return window, page.key
    return None, ""
seen = []
def look():
    window, words = front()
    seen.append(words)
    wanted = sys.argv[2]
    if words.startswith(wanted) and wanted or len(seen) > 4000:
        print(words, flush=True)
        timer.stop()
        window.close()
timer = None
from station_app.shell.application import make_application
app = make_application()
timer = QTimer(interval=2); timer.timeout.connect(look)
sys.exit(program.main(sys.argv[3:]))
"""


@pytest.fixture
def light(station, qtbot):
    """The first picture, as before a journal; taken in hand."""
    made = FirstLight(station.texts, lambda: MORNING_MS, has_journal=True)
    made.shine()
    qtbot.waitUntil(made.isActiveWindow)
    yield made
    made.hide()
    made.deleteLater()


def hand_of(light, qtbot):
    light.is_quiet = True
    return Hand(light, qtbot)


def hand_over(station, light):
    """What the program does once everything is open."""
    station.show()
    light.give_over(station.window, lambda: station.window.is_asking_pin)
    settle()
    station.qtbot.waitUntil(lambda: station.window.is_quiet)
    settle()


def test_it_tells_the_time_and_shows_what_is_typed(light, qtbot):
    assert light.face._clock.text() == "07:50"
    assert "11月23日" in light.face._date.text()
    hand_of(light, qtbot).type("27")
    assert light._card.boxes.text() == "27"
    assert light.kept == 2


def test_a_pin_typed_before_the_journal_is_open_opens_the_day(station, light, qtbot):
    identity = station.hire()
    hand_of(light, qtbot).type(PIN)
    hand_over(station, light)
    assert station.page.key == "overview.today"
    assert station.premises.signed_in.operator == identity
    assert not light.isVisible()


def test_half_a_pin_is_gone_on_with(station, light, qtbot):
    station.hire()
    hand_of(light, qtbot).type(PIN[:4])
    hand_over(station, light)
    assert station.page.boxes.text() == PIN[:4]
    station.type(PIN[4:])
    assert station.page.key == "overview.today"


def test_a_key_that_lay_in_the_queue_while_the_windows_changed_is_not_lost(station, light, qtbot):
    station.hire()
    hand = hand_of(light, qtbot)
    hand.type(PIN[:4])
    hand_over(station, light)
    hand.at += 5_000
    hand.type(PIN[4:])
    qtbot.waitUntil(lambda: station.window.is_quiet)
    settle()
    assert station.page.key == "overview.today"


def test_corrections_and_the_pad_count_as_well(station, light, qtbot):
    station.hire()
    hand_of(light, qtbot).type("99")
    for name in ("back", "back", *PIN[:5], "clear", *PIN):
        QTest.mouseClick(light._card.pad.keys[name], Qt.MouseButton.LeftButton)
    assert light._card.boxes.text() == PIN
    hand_over(station, light)
    assert station.page.key == "overview.today"


def test_a_colleague_is_chosen_by_key_or_card_before_the_pin(station, light, qtbot):
    station.hire()
    other = station.hire("张示东", "operator")
    hand = hand_of(light, qtbot)
    hand.press("Alt+2")
    hand.type(PIN)
    hand_over(station, light)
    assert station.premises.signed_in.operator == other


def test_a_scan_stays_a_scan(station, light, qtbot):
    station.hire()
    other = station.hire("张示东", "operator")
    hand_of(light, qtbot).burst(make_code(OPERATOR, identity_payload(other)))
    hand_over(station, light)
    assert station.page.key == "overview.lock"
    assert station.page.chosen == other
    assert station.page.boxes.text() == ""


def test_a_start_check_gets_nothing_that_was_typed_for_the_lock(station, light, qtbot):
    station.hire()
    done = []
    station.remedies = {"clock": lambda: done.append("clock")}
    station.signs = Signs(now_ms=1, built_ms=MORNING_MS)
    hand = hand_of(light, qtbot)
    hand.type("1" + PIN)
    hand.press("Enter")
    hand_over(station, light)
    assert station.page.key == "overview.doctor"
    assert done == []
    assert light.kept == 0


def test_the_page_of_the_first_operator_gets_nothing_either(station, light, qtbot):
    hand_of(light, qtbot).type(PIN)
    hand_over(station, light)
    assert station.page.key == "overview.setup"
    assert station.page.name.text() == ""


def test_without_a_journal_an_early_code_reaches_the_enrolment(station, qtbot):
    light = FirstLight(station.texts, lambda: MORNING_MS, has_journal=False)
    light.shine()
    hand_of(light, qtbot).burst(CODE)
    outcome = EnrolOutcome("unknown")
    station.show_first(
        EnrolmentWork(
            enrol=lambda _address, _code: outcome,
            run=lambda work, then: then(work()),
            enrolled=lambda _outcome: None,
        )
    )
    light.give_over(station.window, lambda: True)
    settle()
    qtbot.waitUntil(lambda: station.window.is_quiet)
    settle()
    assert station.page.boxes.text() == CODE
    light.deleteLater()


# --- The real program ----------------------------------------------------------------------------


def run(code, *words):
    done = subprocess.run(
        [sys.executable, "-c", code, *map(str, words)],
        check=False,
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        env=os.environ | {"QT_QPA_PLATFORM": "offscreen"},
    )
    assert "Traceback" not in done.stderr, done.stderr
    return done.stdout.strip()


@pytest.fixture
def place(tmp_path, furnished):
    """A data folder and its key file, as options of the program."""
    shutil.copytree(furnished, tmp_path / "data")
    PlainFileStore.create(tmp_path / "key").put(DATABASE_KEY, KEY)
    return ["--data", str(tmp_path / "data"), "--key-file", str(tmp_path / "key")]


def test_nothing_but_the_picture_is_loaded_before_it_is_painted(place):
    loaded = run(PAINTED, *place).split()
    assert "PySide6.QtWidgets" in loaded
    assert "station_app.overview.lock_face" in loaded
    heavy = [name for name in loaded if any((name + ".").startswith(f"{h}.") for h in HEAVY)]
    assert heavy == []


def test_a_sound_station_comes_to_its_own_first_page(place):
    """To the start check, if that has something to say of keys or backups; else to the PIN."""
    assert run(FRONT, "271828", "overview.", *place) in ("overview.setup", "overview.doctor")


def test_a_folder_without_a_station_comes_to_the_enrolment(tmp_path):
    where = ["--data", tmp_path / "new", "--key-file", tmp_path / "key"]
    assert run(FRONT, "", "overview.enrolment", *where) == "overview.enrolment"


def test_a_damaged_database_comes_to_the_start_check(place, tmp_path):
    database = tmp_path / "data" / "station.db"
    content = bytearray(database.read_bytes())
    for page in range(1, len(content) // 4096):
        content[page * 4096 + 100 : page * 4096 + 140] = bytes(40)
    database.write_bytes(content)
    assert run(FRONT, "271828", "overview.doctor", *place) == "overview.doctor"


def test_a_wrong_key_is_said_in_a_box(place, tmp_path):
    PlainFileStore(tmp_path / "key").put(DATABASE_KEY, bytes(32))
    assert run(FRONT, "271828", "box", *place).startswith("box ")


def test_the_application_ends_with_the_window_and_not_with_the_picture(station):
    light = FirstLight(station.texts, lambda: MORNING_MS, has_journal=True)
    light.shine()
    assert not light.testAttribute(Qt.WidgetAttribute.WA_QuitOnClose)
    light.close()
    assert light.isVisible()
    light.leave()
    assert not light.isVisible()
    assert QApplication.instance() is not None

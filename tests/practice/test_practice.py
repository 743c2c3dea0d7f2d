"""The practice: lessons done by keys, in a room of its own, not a byte of it in the real one."""

import io
import json
import os
import pty
import shutil
import subprocess
import sys
import tty
import wave

import pytest
import zxingcpp
from PIL import Image
from PySide6.QtCore import QCoreApplication, QEvent

from station_app.journal.one_process import OneProcess
from station_app.journal.store import open_reader
from station_app.journal.troubles import OpenElsewhere
from station_app.overview.practice.lessons import FRESH, LESSONS, Course
from station_app.practice_room import ROOM, make_room, words
from station_app.practice_start import PracticeStart, practice_command
from station_app.premises import DATABASE, SystemChance, SystemClock
from station_app.printing.document import from_json, to_json
from station_app.printing.spool import document_of
from station_app.resources_dir import load_texts, resources
from station_app.security.key_store import DEVICE_SEED
from station_app.sense_desk import SenseDesk
from station_app.senses import Senses
from station_app.shell.desk import Threads
from station_app.shell.sense_settings import SenseSettings
from station_app.shell.sounds import ToneSounds
from station_app.shell.widgets.strip import StatusButton
from station_app.shell.widgets.weight import WeightPanel
from station_app.vocabulary import VOCABULARY
from tests.conftest import ROOT
from tests.long_shelf import HEIGHTS
from tests.overview.stations import settle
from tests.practice.learner import lesson_called
from tests.proofs.kit import KEY
from tests.shell.measure import faults

SENTENCE_BYTES = 200_000  # of a WAV file: no tone is so long
PICTURES = ROOT / "build" / "pictures" / "practice"


def facts(path):
    connection = open_reader(path, KEY)
    try:
        return connection.execute("SELECT identity FROM facts ORDER BY identity").fetchall()
    finally:
        connection.close()


def test_a_lesson_goes_on_by_what_is_done_and_nothing_reaches_the_real_books(begin, real, qtbot):
    before, content = facts(real / DATABASE), (real / DATABASE).read_bytes()
    learner = begin(lesson_called("intake"))
    assert learner.band.startswith("第 2 课 收包裹　1/4")
    learner.press("F2", "Ctrl+I")
    learner.type("1001")
    learner.press("Enter")
    qtbot.waitUntil(lambda: "2/4" in learner.band, timeout=10_000)
    learner.press("Ctrl+I")
    learner.type("1002")
    learner.press("Enter")
    qtbot.waitUntil(lambda: "3/4" in learner.band, timeout=10_000)
    learner.press("Ctrl+I")
    qtbot.waitUntil(lambda: "4/4" in learner.band, timeout=10_000)
    learner.press("Ctrl+Z")
    qtbot.waitUntil(lambda: "这一课会了" in learner.band, timeout=10_000)
    learner.press("Ctrl+Q")
    assert learner.band.startswith("第 3 课 交包裹　1/4")
    assert facts(real / DATABASE) == before
    assert (real / DATABASE).read_bytes() == content


def test_the_window_is_plainly_not_the_real_one(begin):
    learner = begin()
    assert learner.window.content.band.isVisible()
    assert learner.window.content._mark.isVisible()
    assert learner.window.top_bar.grab().width()
    assert learner.window.privacy.is_masked
    assert "练习站" in learner.window.parts.desk.read(lambda c: learner.window._heading()[0])
    offers = learner.window.book.offers
    assert "overview.lock" not in offers, "a lock would ask for a PIN that nobody has set"
    assert not [key for key in offers if key.startswith("overview.devices")]


def test_nothing_of_it_can_be_sent_and_no_real_drawer_opens(begin, qtbot):
    learner = begin(lesson_called("shift"))
    program = learner.program
    assert program.line is None
    assert program.view.mounted() == ()
    assert program._keys.get(DEVICE_SEED) is None, "without a key nothing can be signed"
    strip = learner.window.strip.findChildren(StatusButton)
    assert "练习，不传" in [item.text() for item in strip]
    learner.press("F9")
    learner.press("Enter")
    assert program._keys.get(DEVICE_SEED) is None
    learner.press("F8")
    learner.type("2")
    learner.press("+")
    qtbot.waitUntil(lambda: "这一课会了" in learner.band, timeout=10_000)
    learner.press("Ctrl+Q", "Ctrl+Q", "Ctrl+Q", "F2", "Ctrl+I")
    learner.type("1005")
    learner.press("F11")
    learner.type("86")
    learner.press("Enter", "Enter")
    qtbot.waitUntil(lambda: "3/3" in learner.band, timeout=10_000)
    learner.press("F3")
    learner.type("1005")
    learner.press("Enter", "Ctrl+I", "Enter")
    qtbot.waitUntil(lambda: "这一课会了" in learner.band, timeout=10_000)
    simulated = learner.practice.receipt.mechanism
    qtbot.waitUntil(lambda: simulated.kicks >= 1, timeout=10_000)


def test_every_paper_says_that_it_is_practice_and_no_real_printer_is_reached(begin, qtbot):
    learner = begin(lesson_called("intake"))
    learner.press("F2", "Ctrl+I")
    learner.type("1001")
    learner.press("Enter")
    qtbot.waitUntil(lambda: len(learner.practice.label.papers) == 1, timeout=10_000)
    paper = Image.open(io.BytesIO(learner.practice.label.papers[0].png())).convert("L")
    assert [code.text for code in zxingcpp.read_barcodes(paper)] == ["73000000001018"]
    label, program = _label_of(learner), learner.program
    place = "SELECT shelf, layer FROM parcels"
    assert program.reading().execute(place).fetchall() == [("9", 9)], "no shelf of a station"
    assert "9-9-" in to_json(label)
    plain = program.press.raster(label, program.devices.profile(label))
    assert program.preview(label) != plain, "the mark stands on it, on the screen as on the paper"
    assert learner.program.copy_mark(0) == "练习"
    assert learner.program.copy_mark(2) == "练习 补打 2"
    ports = {setting.setting.port for setting in learner.program.devices.printers()}
    assert ports == {
        f"tcp:127.0.0.1:{learner.practice.label.port}",
        f"tcp:127.0.0.1:{learner.practice.receipt.port}",
    }


def _label_of(learner):
    row = learner.program.reading().execute("SELECT min(job) FROM print_jobs").fetchone()
    return from_json(document_of(learner.program.reading(), row[0]))


@pytest.mark.long
def test_the_steps_are_spoken_when_asked_each_once_until_it_is_enough(begin, qtbot):
    learner = begin(lesson_called("intake"))
    played: list[bytes] = []
    sounds = ToneSounds(played.append, pieces=(resources() / "sounds" / "lessons",))
    learner.program.senses._sounds = sounds
    learner.press("F2", "Ctrl+I")
    assert not [one for one in played if len(one) > SENTENCE_BYTES], "nobody asked"
    learner.press("Ctrl+W")
    qtbot.waitUntil(lambda: len(played) == 1, timeout=10_000)
    with wave.open(io.BytesIO(played[0])) as file:
        assert 4 < file.getnframes() / file.getframerate() < 8, "按 F2，扫一件，输尾号 1001…"
    learner.type("1001")
    learner.press("Enter")
    qtbot.waitUntil(lambda: "2/4" in learner.band, timeout=10_000)
    qtbot.waitUntil(lambda: played[-1] != played[0] and len(played[-1]) > SENTENCE_BYTES)
    sentences = len([one for one in played if len(one) > SENTENCE_BYTES])
    learner.press("Home", "F2", "Ctrl+W", "Ctrl+I")
    learner.type("1002")
    learner.press("Enter")
    qtbot.waitUntil(lambda: "3/4" in learner.band, timeout=10_000)
    sounds.close()
    assert len([one for one in played if len(one) > SENTENCE_BYTES]) == sentences == 2


def test_produce_is_weighed_on_the_scale_of_the_practice(begin, qtbot):
    learner = begin(lesson_called("produce"))
    scale = learner.program.devices.scale
    assert scale.now().state == "empty"
    learner.press("F5", "Ctrl+J")
    qtbot.waitUntil(lambda: scale.now().state == "steady", timeout=5_000)
    taken = scale.take()
    assert taken.grams == 6_230
    assert bytes.fromhex(taken.frame) == b"ST,GS,+  6.230kg\r\n"
    assert scale.take() is None, "the same basket is not weighed in twice"
    learner.press("Ctrl+J")
    assert scale.now().state == "empty"


def compose(learner, text):
    learner.hand.compose(text)
    learner.hand.settle()
    settle()


def test_order_produce_sale_and_bill_are_done_as_the_band_says(begin, qtbot):
    learner = begin(lesson_called("shift"))

    def is_done():
        qtbot.waitUntil(lambda: "会了" in learner.band, timeout=10_000)

    learner.press("F8")
    learner.type("2")
    learner.press("+")
    is_done()
    learner.practice.course.begin(lesson_called("order"))
    learner.press("F4")
    learner.type("1001")
    learner.press("Enter")
    compose(learner, "大米")
    learner.press("Enter", "Enter")
    is_done()
    learner.press("Ctrl+Q", "F5")
    learner.type("1006")
    learner.press("Enter")
    compose(learner, "猕猴桃")
    learner.press("Enter", "Ctrl+J")
    (weight,) = learner.page.findChildren(WeightPanel)
    qtbot.waitUntil(lambda: weight.is_steady, timeout=5_000)
    learner.press("F10", "Enter")
    is_done()
    learner.press("Ctrl+Q", "F6", "Ctrl+I", "Enter")
    is_done()
    learner.press("Ctrl+Q", "F7", "1")
    learner.type("0000000017")
    learner.press("Alt+7", "Enter", "Enter")
    is_done()
    learner.practice.course.begin(lesson_called("sending"))
    learner.press("F7", "Ctrl+5")
    who, whom, price = learner.page.who, learner.page.whom, learner.page.price
    for field, text in (
        (who.name, "马示成"), (who.phone, "15400001001"), (who.number, "002X"),
        (who.contents, "红薯粉条"), (whom.name, "林样红"), (whom.phone, "15400001059"),
        (whom.address, "河南省郑州市"), (price.typed, "1"),
    ):  # fmt: skip
        field.set_text(text)
    learner.press("Alt+1")
    learner.press("Enter", "Enter")
    is_done()


def test_hand_over_and_close_are_done_as_the_band_says(begin, qtbot):
    learner = begin(lesson_called("handover"))
    learner.press("F2", "Ctrl+I")
    learner.type("1003")
    learner.press("Enter", "Ctrl+I")
    learner.type("1004")
    learner.press("Enter")
    qtbot.waitUntil(lambda: "3/4" in learner.band, timeout=10_000)
    learner.press("F3")
    learner.type("1003")
    learner.press("Enter", "Ctrl+I")
    assert "4/4" in learner.band
    learner.press("Enter", "Ctrl+I", "Enter")
    qtbot.waitUntil(lambda: "会了" in learner.band, timeout=10_000)
    learner.practice.course.begin(lesson_called("close"))
    learner.press("F8")
    learner.type("2")
    learner.press("+")
    qtbot.waitUntil(lambda: "2/2" in learner.band, timeout=10_000)
    learner.press("F8")
    learner.type("2")
    learner.press("+", "Enter", "Enter")
    qtbot.waitUntil(lambda: "十一课都会了" in learner.band, timeout=10_000)


def test_an_open_shift_need_not_be_opened_again(begin, qtbot):
    learner = begin(lesson_called("shift"))
    assert "1/1" in learner.band
    learner.press("F8")
    learner.type("2")
    learner.press("+")
    qtbot.waitUntil(lambda: "这一课会了" in learner.band, timeout=10_000)
    for _ in range(3):
        learner.press("Ctrl+Q")
    assert learner.band.startswith("第 4 课 代收货款　2/3")


def test_esc_leaves_only_from_the_first_page(begin):
    learner = begin()
    learner.press("F2", "Esc")
    assert learner.window.isVisible()
    learner.press("Home")
    learner.press("Esc")
    assert not learner.window.isVisible()


@pytest.mark.parametrize("height", HEIGHTS)
def test_the_band_cuts_nothing_off(begin, height):
    learner = begin(lesson_called("handover"))
    learner.window.resize(1366, height)
    PICTURES.mkdir(parents=True, exist_ok=True)
    found = []
    for key in ("Home", "F2", "F3", "F6", "F8"):
        learner.press(key)
        assert learner.window.grab().save(str(PICTURES / f"{key}_{height}.png"))
        found += [f"{key}: {fault}" for fault in faults(learner.window)]
    learner.press("Home")  # the key that leaves stands on its button there
    words = learner.window.content.band.words
    for number, lesson in enumerate(LESSONS):
        learner.practice.course.begin(number)
        for _step in lesson.steps:
            learner.practice.show()
            settle()
            if words.heightForWidth(words.width()) > words.height():
                found.append(f"{words.text()} is cut off")
            learner.practice.course.step += 1
    learner.practice.course.begin(lesson_called("produce"))
    learner.press("F5")  # where the scale has a key of its own
    if words.heightForWidth(words.width()) > words.height():
        found.append(f"{words.text()} is cut off")
    assert not found, "\n".join(found)


# --- The room ------------------------------------------------------------------------------------


def test_the_room_is_made_anew_each_time_and_not_under_somebody_in_it(real):
    folder, keys = make_room(real, SystemChance(), SystemClock().now_ms(), SenseSettings())
    (folder / "left").write_text("of last time")
    _folder, again = make_room(real, SystemChance(), SystemClock().now_ms(), SenseSettings())
    assert not (folder / "left").exists()
    assert folder == real / ROOM
    names = ("database", "pepper")
    assert all(keys.get(n) == again.get(n) for n in names)
    inside = OneProcess(folder)
    with pytest.raises(OpenElsewhere):
        make_room(real, SystemChance(), SystemClock().now_ms(), SenseSettings())
    inside.release()


def test_what_the_county_says_there_is_what_its_own_sheets_say():
    script = str(ROOT / "resources" / "practice" / "make_words.py")
    lines = (
        "import json, runpy, sys",
        "said = runpy.run_path(sys.argv[1])['words']()",
        "print(json.dumps(said))",
    )
    words = [sys.executable, "-c", "\n".join(lines), script]
    made = subprocess.run(words, check=True, capture_output=True, encoding="utf-8", cwd=ROOT)
    kept = json.loads((ROOT / "resources" / "practice" / "words.json").read_text("utf-8"))
    assert json.loads(made.stdout) == kept


def test_every_word_of_it_can_be_read():
    assert {(word.kind, word.v) for word in words()} <= set(VOCABULARY.kinds)


# --- Lessons, pure -------------------------------------------------------------------------------


def test_eleven_lessons_whose_steps_all_have_words_and_can_happen():
    texts = load_texts()
    assert len(LESSONS) == 11
    kinds = {kind for kind, _version in VOCABULARY.kinds}
    others = {"sound.duplicate", "sound.stop", "printer.fault", "printer.mended", "paper.printed"}
    for lesson in LESSONS:
        assert texts.has(f"overview.practice.lesson.{lesson.key}.title")
        for step in lesson.steps:
            assert texts.has(f"overview.practice.lesson.{lesson.key}.{step.key}")
            assert step.event.removesuffix(".cod") in kinds | others
            assert step.scan in (FRESH, "again", "on_hand") or step.scan.isdigit()


def test_a_course_goes_on_only_by_what_is_wanted():
    course = Course()
    course.begin(lesson_called("cod"))
    assert not course.happened("parcel.shelved.cod"), "the shift comes first"
    assert course.stands("shift.opened")
    assert not course.stands("parcel.shelved.cod"), "what must be done does not hold by itself"
    assert course.happened("parcel.shelved.cod")
    assert course.happened("parcel.handed_over")
    assert course.wanted is None
    assert not course.happened("parcel.handed_over")
    course.begin(len(LESSONS))
    assert course.now.key == "shift"


def test_the_command_names_the_folder_the_lesson_and_the_senses(real):
    said = list(practice_command(real, 3, "{}"))
    wanted = ["--data", str(real), "practice", "--lesson", "3", "--senses", "{}"]
    assert said[-len(wanted) :] == wanted


@pytest.mark.long
def test_a_scanner_on_a_port_is_given_over_for_as_long_as_somebody_practises(real, qapp, qtbot):
    far, near = pty.openpty()
    tty.setraw(near)
    texts = load_texts()
    settings = SenseSettings(scanner="serial", scanner_place=os.ttyname(near))
    senses = Senses(settings, texts, real, is_silent=True)
    senses.start(
        take_code=lambda _code: None,
        expect_twins=lambda _twins: None,
        screen=lambda: None,
        show_states=lambda: None,
    )
    start = PracticeStart(real, SenseDesk(senses, Threads(), lambda _work: None), texts)
    ended: list[str] = []
    busy: list[str] = []
    start(0, ended.append)
    assert senses.settings.scanner == "keyboard", "the practice hears it, not the page behind"
    start(1, busy.append)
    assert busy == [texts.say("overview.practice.busy")]
    qtbot.waitUntil((real / ROOM / DATABASE).exists, timeout=30_000)
    assert ended == []
    start.stop()
    assert ended == [texts.say("overview.practice.stumbled")], "it was ended from outside"
    assert senses.settings == settings
    senses.close()
    start.deleteLater()  # here and now: rubbish is collected in whatever thread comes by
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    for end in (far, near):
        os.close(end)


def test_a_room_that_is_gone_is_made(real):
    shutil.rmtree(real / ROOM, ignore_errors=True)
    make_room(real, SystemChance(), SystemClock().now_ms(), SenseSettings())
    assert (real / ROOM / DATABASE).exists()

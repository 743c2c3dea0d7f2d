"""What goes wrong in the practice: chosen by a digit, seen in the strip, put right by its sheet."""

import pytest

from station_app.devices.printer import Patience
from station_app.devices.simulated_printer import SimulatedPrinter
from station_app.devices.tcp_printer import TcpPrinter
from station_app.practice import LABEL_DOTS
from station_app.practice_faults import PRINTER_TROUBLES, SOUND_PRINTER
from station_app.shell.widgets.strip import StatusButton
from station_app.shell.widgets.words import Words
from tests.practice.learner import lesson_called


def fault_words(learner):
    return [words.text() for words in learner.window.sheet.findChildren(Words) if words.text()]


def test_paper_that_ran_out_queues_and_comes_by_itself(begin, qtbot):
    learner = begin(lesson_called("paper"))
    learner.press("Ctrl+J", "1")
    assert "2/4" in learner.band
    learner.press("F2", "Ctrl+I")
    learner.type("1001")
    learner.press("Enter")
    qtbot.waitUntil(lambda: "3/4" in learner.band, timeout=10_000)
    states = learner.program.spool.states
    qtbot.waitUntil(lambda: states()["label"].reason == "NO_PAPER", timeout=20_000)
    assert learner.practice.label.papers == []
    learner.press("Ctrl+J")
    title, how = fault_words(learner)
    assert title == "标签机没纸"
    assert "1. 掀开盖子，取出纸芯\n2. 新纸有字的一面朝上（" in how
    assert "试打" not in how, "a practice has no page of devices"
    learner.press("1")
    qtbot.waitUntil(lambda: "这一课会了" in learner.band, timeout=20_000)
    assert len(learner.practice.label.papers) == 1


@pytest.mark.long
def test_an_open_cover_and_half_a_label_are_seen_put_right_and_no_label_is_lost(begin, qtbot):
    learner = begin(lesson_called("paper"))
    label = learner.practice.label

    def whole():
        return sum(not paper.torn for paper in label.papers)

    def strip():
        return "".join(item.text() for item in learner.window.strip.findChildren(StatusButton))

    for digit, said, villager in (("3", "盖子没合上", "1001"), ("2", "没纸", "1002")):
        learner.practice.course.begin(lesson_called("paper"))
        before = whole()
        learner.press("Ctrl+J", digit, "F2", "Ctrl+I")
        learner.type(villager)
        learner.press("Enter")
        qtbot.waitUntil(lambda: "3/4" in learner.band, timeout=10_000)
        qtbot.waitUntil(lambda said=said: said in strip(), timeout=10_000)
        learner.press("Ctrl+J", "1")
        if digit == "2":
            assert label.papers[-1].torn
            assert whole() == before, "nobody knows whether it came out: it is asked"
            learner.practice._look_at_papers()
            assert "4/4" in learner.band, "half a label is none"
            learner.press("F1", "Ctrl+3", "Enter")
        qtbot.waitUntil(lambda due=before + 1: whole() == due, timeout=20_000)
        qtbot.waitUntil(lambda: "这一课会了" in learner.band, timeout=10_000)
        qtbot.waitUntil(lambda: "标签机正常" in strip().replace(" ", ""), timeout=10_000)


HEARD = {  # what the program hears of each fault before it prints
    "no_paper": ("fault", "NO_PAPER"),
    "torn": ("ok", ""),
    "cover": ("fault", "COVER_OPEN"),
    "unplugged": ("fault", "UNREACHABLE"),
    "mute": ("unknown", ""),
    "slow": ("unknown", ""),
}


def test_each_fault_of_the_printer_is_heard_for_what_it_is():
    heard = {}
    with SimulatedPrinter("tspl", LABEL_DOTS) as printer:
        patience = Patience(answer=0.1)
        port = TcpPrinter("127.0.0.1", printer.port, language="tspl", patience=patience)
        for trouble in PRINTER_TROUBLES:
            trouble.play(printer)
            status = port.status()
            heard[trouble.key] = (status.state, status.reason)
            SOUND_PRINTER.play(printer)
            assert port.status().state == "ok", trouble.key
    assert heard == HEARD


def test_a_fault_can_be_left_alone_and_is_gone_with_its_lesson(begin):
    learner = begin(lesson_called("paper"))
    learner.press("Ctrl+J", "Esc")
    assert "1/4" in learner.band
    learner.press("Ctrl+J", "3", "Ctrl+J", "Esc")
    assert learner.practice.label.mechanism.cover_open, "first something else"
    learner.press("Ctrl+Q")
    assert not learner.practice.label.mechanism.cover_open


def test_the_scale_of_the_practice_says_what_is_wrong_with_it(begin):
    learner = begin(lesson_called("produce"))
    scale = learner.program.devices.scale
    learner.press("F5", "Ctrl+J", "Ctrl+Y", "1")
    assert scale.now().state == "overload"
    learner.press("Ctrl+Y")
    assert fault_words(learner)[0] == "秤超重了"
    learner.press("1")
    assert scale.now().state == "empty", "it was taken off"
    learner.press("Ctrl+Y", "2")
    assert scale.now().state == "gone"
    assert scale.take() is None
    learner.press("Ctrl+Q")
    assert scale.now().state == "empty"

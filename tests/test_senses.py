"""Eyes and ears as the settings have them: kept, put to use at once, seen on the second screen."""

import os
import pty
import sqlite3
import tty

import pytest
from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QLabel

from station_app.devices.customer_display import IDLE, CustomerLine, CustomerView
from station_app.resources_dir import load_texts
from station_app.senses import Senses
from station_app.shell import theme
from station_app.shell.customer_window import SecondScreen
from station_app.shell.sense_settings import SenseSettings, keep, kept
from station_app.values.masks import Personal, mask_name
from tests.shell.measure import faults


class Window:
    """What the window's filter was given. codes: of the scanner; twins: whether keys come too."""

    def __init__(self):
        self.codes, self.twins = [], []


@pytest.fixture
def window():
    return Window()


@pytest.fixture
def senses(qapp, tmp_path, window):
    theme.dress(qapp)
    made = Senses(SenseSettings(), load_texts(), tmp_path, is_silent=True)
    made.start(
        take_code=window.codes.append,
        expect_twins=window.twins.append,
        screen=lambda: None,
        show_states=lambda: None,
    )
    yield made
    made.close()


def test_settings_are_kept_and_what_is_unknown_is_refused():
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE TABLE local(name TEXT PRIMARY KEY, value TEXT)")
    assert kept(connection) == SenseSettings()
    wanted = SenseSettings(loudness=60, silent=("ok",), scanner="serial", scanner_place="COM3")
    keep(connection, wanted)
    assert kept(connection) == wanted
    for wrong in ({"scanner": "nose"}, {"customer": "wall"}, {"silent": ("ding",)}):
        with pytest.raises(ValueError, match=r"none of|no such"):
            SenseSettings(**wrong)


def test_an_act_without_a_line_is_said_to_be_kept(senses, monkeypatch):
    said = []
    monkeypatch.setattr(senses, "speak", lambda what, phrase: said.append((what, phrase)))
    senses.say_saved()
    assert said == [], "with a line nobody has to be told"
    senses.is_offline = lambda: True
    senses.say_saved()
    assert said == [("state", ("saved",))], "a class of its own, silent until it is wanted"


def test_a_serial_scanner_is_put_to_use_without_a_restart(senses, window, qtbot):
    far, near = pty.openpty()
    tty.setraw(near)
    senses.use(SenseSettings(scanner="serial", scanner_place=os.ttyname(near)))
    qtbot.waitUntil(lambda: bool(senses.states()))
    assert senses.states()[0].words == "扫描枪就绪"
    os.write(far, b"73000000000017\r")
    qtbot.waitUntil(lambda: window.codes == ["73000000000017"])
    senses.use(SenseSettings())
    assert senses.states() == ()
    senses.use(SenseSettings(scanner="serial", scanner_place="/dev/ttyNONE"))
    qtbot.waitUntil(lambda: bool(senses.states()))
    assert (senses.states()[0].words, senses.states()[0].tone) == ("扫描枪没插", "warn")
    assert window.twins == [False] * 4
    os.close(near)
    os.close(far)


class Deaf:
    """The sound device of a PC that has none, until somebody plugs it in."""

    is_there = False

    def __call__(self, _content):
        if not self.is_there:
            raise OSError("no sound device")

    def close(self):
        pass


def test_a_sound_that_nobody_hears_is_told_in_the_strip_until_it_is_heard(
    qapp, tmp_path, qtbot, monkeypatch
):
    monkeypatch.setattr("station_app.senses.DevicePlayer", Deaf)
    made, shown = Senses(SenseSettings(), load_texts(), tmp_path), []
    made.start(
        take_code=lambda _code: None,
        expect_twins=lambda _expected: None,
        screen=lambda: None,
        show_states=lambda: shown.append(made.states()),
    )
    assert made.states() == ()
    made.play("ok")
    qtbot.waitUntil(lambda: bool(made.states()), timeout=5_000)
    assert [(item.key, item.words) for item in shown[-1]] == [("sound", "听不到声音")]
    made.play("ok")
    made.use(SenseSettings(loudness=0))
    assert made.states() == (), "who wants no sound is not told of it"
    monkeypatch.setattr(Deaf, "is_there", True)
    made.use(SenseSettings())
    made.play("ok")
    made.close()
    assert made.states() == ()


def words(window):
    return [one.text() for one in window.findChildren(QLabel) if one.isVisible() and one.text()]


@pytest.mark.qt_log_ignore("requestActivate", "propagateSizeHints")  # the offscreen platform's own
def test_the_second_screen_shows_masks_sums_and_greets_when_nobody_is_there(senses, qtbot):
    senses.use(SenseSettings(customer="window"))
    assert isinstance(senses._display, SecondScreen)
    window = senses._display.window
    window.resize(1024, 600)
    qtbot.waitExposed(window)
    assert words(window) == ["您好", "取件报手机尾号，有事问柜台"]
    lines = tuple(CustomerLine(f"快递 B-2-{n:02}", 8_600, "代收货款 ¥86.00") for n in range(1, 9))
    view = CustomerView(Personal("王秀兰", mask_name), lines, 688_00, 700_00, 12_00, is_done=True)
    senses.show(view)
    seen = words(window)
    assert seen[0] == "王*兰"
    assert not any("秀" in text for text in seen)
    assert {"应收", "¥688.00", "收您", "¥700.00", "找您", "¥12.00", "谢谢，请拿好"} <= set(seen)
    assert "上面还有 4 样" in seen
    assert "快递 B-2-08" in seen
    QCoreApplication.processEvents()
    assert faults(window) == []
    for _words, small, amount in window._rows:
        assert amount.x() - small.geometry().right() > 12, "two amounts side by side are two"
    least = window.minimumSizeHint()
    assert least.width() <= 1024
    assert least.height() <= 600
    folder = os.environ.get("SENSES_PICTURES")
    if folder:
        window.grab().save(f"{folder}/customer.png")
    senses.show(IDLE)
    assert words(window)[0] == "您好"

"""Scanner, sounds and customer's display set up by keys, over real pseudo-terminals."""

import json
import os
import pty
import tty

import msgspec
import pytest

from station_app.overview.devices.work import FoundPlace
from tests.conftest import ROOT
from tests.long_shelf import WINDOWS
from tests.shell.measure import faults

SCAN, SENSES = "overview.devices.scan", "overview.devices.senses"
PICTURES = ROOT / "build" / "pictures" / "devices"
FAR_GONE = "/dev/input/by-id/nothing-event-kbd"


@pytest.fixture
def line():
    """A serial line: (far end, name of the near end)."""
    far, near = pty.openpty()
    tty.setraw(near)
    yield far, os.ttyname(near)
    for end in (far, near):
        os.close(end)


@pytest.fixture(autouse=True)
def as_before(counter):
    """Other tests find the keyboard and a silent pole again."""
    desk = counter.window.parts.senses
    before = desk.settings
    yield
    desk.keep(before)


def at_work(counter):
    return counter.window.parts.senses.settings


def kept(counter):
    return json.loads(counter.local("senses") or "{}")


def test_a_serial_scanner_is_chosen_by_keys_tried_and_kept(counter, qtbot, line, reached):
    far, name = line
    timing = counter.window.scan_filter.timing
    counter.open(SCAN)
    page = counter.page
    counter.press("2")
    page.ways._came("serial", (FoundPlace(name, "枪的线"),))
    counter.press("4")
    qtbot.waitUntil(lambda: page.ways.words.text() == "扫描枪就绪", timeout=5_000)
    assert kept(counter).get("scanner", "keyboard") == "keyboard", "a try is not kept"
    for number in range(3):
        os.write(far, b"NX-TEST-01\r")
        qtbot.waitUntil(lambda n=number: len(page.bursts) == n + 1, timeout=5_000)
    assert page.sheet._title.text().startswith("三次都对")
    counter.press("Enter")
    qtbot.waitUntil(lambda: kept(counter).get("scanner") == "serial", timeout=5_000)
    assert kept(counter)["scanner_place"] == name
    assert counter.window.scan_filter.timing == timing, "a port has no pace of keys"
    assert {thread for _event, thread in reached if thread == "MainThread"} == set()


def test_a_port_scanner_that_was_pulled_is_at_fault_in_the_list_with_its_sheet(counter, qtbot):
    far, near = pty.openpty()
    tty.setraw(near)
    desk = counter.window.parts.senses
    wanted = msgspec.structs.replace(
        desk.settings, scanner="serial", scanner_place=os.ttyname(near)
    )
    desk.keep(wanted)
    qtbot.waitUntil(lambda: desk.scanner_state == "ready", timeout=5_000)
    counter.open("overview.devices", device="scanner")
    page = counter.page

    def line():
        page.look()
        return next(one for one in page._lines if one.key == "scanner")

    assert (line().state, line().tone) == ("正常", "ok")
    assert page.sheet._title.text() == "扫描枪正常"
    for end in (far, near):
        os.close(end)
    qtbot.waitUntil(lambda: line().state == "没插", timeout=5_000)
    assert page.sheet._title.text() == "扫描枪没插"
    assert counter.window.action_bar.primary_button.text() == "试扫一下"


def test_leaving_the_page_gives_a_port_that_was_only_tried_back(counter, qtbot, line):
    _far, name = line
    counter.open(SCAN)
    page = counter.page
    counter.press("2")
    page.ways._came("serial", (FoundPlace(name, "别的东西"),))
    counter.press("4")
    assert at_work(counter).scanner_place == name
    counter.press("Esc")
    assert at_work(counter).scanner == "keyboard"


def test_a_keyboard_taken_by_mistake_is_let_go_after_a_while(counter, qtbot):
    counter.open(SCAN)
    page = counter.page
    counter.press("3")
    page.ways._came("evdev", (FoundPlace(FAR_GONE, "键盘"),))
    counter.press("4")
    assert at_work(counter).scanner == "evdev"
    assert page.ways.patience.isActive()
    qtbot.waitUntil(lambda: page.ways.words.text() == "扫描枪没插", timeout=5_000)
    page.ways.patience.timeout.emit()
    assert at_work(counter).scanner == "keyboard"
    assert page.ways.way.value() == "keyboard"
    assert "30 秒没扫到" in counter.toasts[-1]


def test_a_good_scan_shows_that_what_was_taken_is_a_scanner(counter, qtbot):
    counter.open(SCAN)
    page = counter.page
    counter.press("3")
    page.ways._came("evdev", (FoundPlace(FAR_GONE, "枪"),))
    counter.press("4")
    counter.window.scan_filter.take_code("NX-TEST-02")
    assert page.ways.patience.isActive(), "a wrong code proves nothing"
    counter.window.scan_filter.take_code("NX-TEST-01")
    assert not page.ways.patience.isActive()


def test_the_voice_of_money_is_found_switched_on_and_kept(counter, qtbot):
    counter.open(SENSES)
    page = counter.page
    assert "money" not in at_work(counter).spoken
    page.list.choose("voice.money")
    assert counter.window.action_bar.primary_button.text() == "打开：念收多少、找多少"
    counter.press("Enter")
    assert "money" in at_work(counter).spoken
    qtbot.waitUntil(lambda: "money" in kept(counter).get("spoken", ()), timeout=5_000)
    counter.press("Enter")
    assert "money" not in at_work(counter).spoken
    page.list.choose("tone.duplicate")
    counter.press("Enter")
    assert at_work(counter).silent == ("duplicate",)
    counter.press("2")
    assert at_work(counter).loudness == 30


def test_a_pole_display_is_put_to_use_by_keys(counter, qtbot, line):
    far, name = line
    counter.open(SENSES)
    page = counter.page
    counter.press("7")
    assert at_work(counter).customer == "vfd"
    page._came((FoundPlace(name, "客显"),))
    page.ports.choose(name)
    page.ports.setFocus()
    counter.press("Enter")
    assert at_work(counter).customer_place == name
    qtbot.waitUntil(lambda: bool(os.read(far, 400)), timeout=5_000)
    counter.press("5")
    assert at_work(counter).customer == "none"


@pytest.mark.parametrize("size", WINDOWS)
def test_nothing_on_these_pages_is_cut_off(counter, qtbot, line, size):
    counter.window.resize(*size)
    PICTURES.mkdir(parents=True, exist_ok=True)
    found = []
    for key, digits in ((SCAN, "2"), (SENSES, "7"), (SENSES, "6")):
        counter.open(key)
        counter.press(*digits)
        page = counter.page
        places = tuple(FoundPlace(f"COM{n}", f"USB-SERIAL CH340 (COM{n})") for n in range(3, 8))
        if key == SCAN:
            page.ways._came("serial", places)
            for _ in range(2):
                counter.hand.burst("NX-TEST-01", gap=20)
        elif digits == "7":
            page._came(places)
        counter.hand.settle()
        name = f"{key.rpartition('.')[2]}{digits}_{size[1]}.png"
        assert counter.window.grab().save(str(PICTURES / name))
        found += [f"{key}: {fault}" for fault in faults(counter.window)]
    assert not found, "\n".join(found)

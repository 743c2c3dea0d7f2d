"""A printer on a slow serial line: its speed and its own type are chosen by keys, and kept."""

import pytest

from station_app.devices.printer_search import FoundPort
from station_app.devices.printer_setting import PrinterSetting
from station_app.devices.simulated_serial import SimulatedSerialPrinter
from tests.shell.measure import faults


@pytest.fixture
def serial_printer():
    """A receipt printer on a line of its own, with a reader that knows pictures only."""
    with SimulatedSerialPrinter("escpos", 576) as made:
        yield made


def test_a_printer_on_a_slow_line_sets_its_own_type_if_she_wants_it(counter, qtbot, serial_printer):
    counter.window.resize(1366, 690)
    counter.open("overview.devices.printer", role="receipt")
    page, place = counter.page, f"serial:{serial_printer.name}"
    searching = counter.program.texts.say("overview.devices.printer.searching")
    qtbot.waitUntil(lambda: page.ports.found_words.text() != searching, timeout=5_000)
    page.ports._came([FoundPort(place, "serial", "串口")])
    page.ports.table.choose(place)
    page.kinds.choose("receipt_80_serial")
    page.setFocus()
    counter.press("5", "9")
    assert page.role.value() == "receipt", "a digit is on one cap only"
    assert page.setting().port == f"{place},9600,8N1,rtscts"
    counter.press("8", "9", "Ctrl+T")  # the quickest line
    assert page.setting().profile == "receipt_80_serial+text"
    assert page.told.words.startswith("出来的字是打印机自己的样子")
    assert not faults(counter.window)
    counter.press("Enter")
    qtbot.waitUntil(lambda: page.delivery is not None, timeout=60_000)
    assert serial_printer.rubbish, "this one sets no type"
    printed = len(serial_printer.papers)
    counter.press("2")
    assert page.setting().profile == "receipt_80_serial", "the picture is what comes next"
    counter.press("Enter")
    qtbot.waitUntil(lambda: page.delivery is not None, timeout=60_000)
    assert len(serial_printer.papers) == printed + 1
    qtbot.waitUntil(lambda: page.delivery is not None, timeout=60_000)
    page.setFocus()
    counter.press("Esc")


def test_a_printer_that_sets_its_own_type_goes_on_when_its_page_is_opened(counter, qtbot):
    """A page that forgot it would make a minute of a slip of six seconds."""
    setting = PrinterSetting(
        role="receipt", profile="receipt_58_serial+text", port="serial:/dev/nothing,9600,8N1,none"
    )
    counter.program.devices.keep_printer(setting, "", lambda: None)
    names = [one.name for one in counter.program.devices.printers() if one.setting == setting]
    counter.open("overview.devices.printer", role="receipt", name=names[0])
    assert counter.page.setting() == setting
    counter.page.kinds.choose("receipt_80")  # looked at, and left again
    counter.press("Esc")
    counter.open("overview.devices.printer", role="receipt", name=names[0])
    assert counter.page.setting() == setting, "Enter and a clear page would keep what is shown"
    assert counter.program.devices.trial(setting.profile).height, (
        "the first day's page shows it, too"
    )
    counter.program.devices.drop_printer(names[0], lambda: None)
    counter.press("Esc")

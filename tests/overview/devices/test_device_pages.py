"""The counter without a technician: devices connected, tried and mended by keys, on real lines.

The steps go on from each other, as a first day does, so they are one test: a counter with nothing
on it becomes one that prints, scans, weighs and opens its drawer.
"""

import json
import re
import threading

from PySide6.QtCore import QPoint, QRect, Qt

from station_app.devices.printer_search import FoundPort
from station_app.devices.printer_setting import PrinterSetting
from station_app.devices.scanner import Timing
from station_app.overview.devices import sheets
from station_app.overview.devices.next_try import next_kind
from station_app.overview.devices.offer import FIRST_DEVICES, days_left, set_up_lines
from station_app.overview.opening_station import after_setup
from station_app.printers import made, parse, profiles
from station_app.shell.content import PageFrame
from station_app.shell.counter import Notice
from station_app.shell.widgets.panels import Panel
from station_app.shell.widgets.pills import StatusPill
from station_app.shell.widgets.toast_place import is_in_the_way
from station_app.shell.widgets.words import Words
from tests.conftest import ROOT
from tests.overview.stations import settle
from tests.shell.measure import faults

PICTURES = ROOT / "build" / "pictures" / "devices"

DEVICES = "overview.devices"


def kinds(counter):
    return {line.key: line.state for line in counter.page._lines}


def printers_on(queue):
    """Return words and state of each printer on the page of the queue."""
    cards = [panel for panel in queue.findChildren(Panel) if panel.findChild(Panel) is None]
    return {
        card.findChild(Words).text(): card.findChild(StatusPill).words
        for card in cards
        if card.findChild(StatusPill) is not None
    }


def is_on(counter, role):
    found = json.loads(counter.local("printers") or "[]")
    return any(setting["role"] == role and "folder" not in setting["port"] for setting in found)


def without_devices_the_page_says_how_to_begin_and_today_names_what_is_missing(counter):
    counter.open(DEVICES)
    assert kinds(counter) == {
        "scanner": "没试过", "receipt": "没接", "label": "没接",
        "scale": "没接秤", "drawer": "没接",
    }  # fmt: skip
    assert counter.page._heading.text() == "把设备接上，一样一样试"
    strip = {item.key: (item.words, item.tone) for item in counter.window.strip.items}
    assert strip["label"] == ("标签机没接", "waiting"), "pictures are no printer"
    assert strip["receipt"] == ("小票机没接", "waiting")
    assert counter.program.check_up.signs().printers == ()
    counter.open("overview.queue")
    assert printers_on(counter.page) == {"标签机": "没接", "小票机": "没接"}
    devices = counter.program.devices
    (line,) = set_up_lines(counter.program.texts, devices, "2026-11-27")
    assert line.small == "还有 5 样没试：扫描枪、标签机、小票机、电子秤、钱箱"


def rows(counter):
    """(what, state, words of its button) of every row of the page that opens a station."""
    return [(row.line.words, row.line.state, row.act) for row in counter.page._found()]


def seen(counter, name):
    """Look whether anything is cut off, in both heights, and keep pictures."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    found = []
    for height in (690, 768):
        counter.window.resize(1366, height)
        counter.hand.settle()
        assert counter.window.grab().save(str(PICTURES / f"{name}_{height}.png"))
        found += [f"{name} {height}: {fault}" for fault in faults(counter.window)]
    assert not found, "\n".join(found)


def whoever_opens_a_station_is_led_through_its_devices_and_may_skip_each(counter):
    after_setup(counter.window)
    settle()
    page = counter.page
    assert (page.key, page.title) == (FIRST_DEVICES, "把设备接上，一样一样试")
    assert rows(counter) == [
        ("扫描枪", "等你扫", "细试"), ("小票机", "没接", "找一找"), ("标签机", "没接", "找一找"),
        ("电子秤", "没接秤", "接上"), ("钱箱", "没接", "弹开试试"),
    ]  # fmt: skip
    seen(counter, "first_connect")
    counter.press("2")
    assert counter.page.key == "overview.devices.printer"
    assert counter.page.role.value() == "receipt"
    counter.press("Esc")
    assert counter.page is page, "back to where it was opened from"
    counter.press("Enter")
    assert rows(counter)[0][0] == "没接打印机，先存成图片，一张不丢"
    counter.press("Enter")
    assert [row[0] for row in rows(counter)] == ["商品和价格", "乡亲名单", "快递公司"]
    counter.press("Esc", "Esc", "Ctrl+S")
    assert counter.page.key == "overview.today"


def with_devices_each_is_tried_by_its_digit_and_eyes_decide(counter, qtbot):
    counter.open(FIRST_DEVICES)
    page = counter.page
    assert rows(counter)[0][1] == "好了"
    counter.hand.burst("nx-test-01", gap=30)
    counter.hand.settle()
    assert rows(counter)[0][1] == "大小写反了"
    counter.hand.burst("NX-TEST-01", gap=40)
    counter.hand.settle()
    assert rows(counter)[0][1] == "好了"
    kicks = counter.receipt.mechanism.kicks
    counter.press("5")
    qtbot.waitUntil(lambda: counter.receipt.mechanism.kicks == kicks + 1, timeout=60_000)
    seen(counter, "first_connected")
    papers, labels = len(counter.receipt.papers), len(counter.label.papers)
    counter.press("Enter")
    assert page.mode == "trial"
    qtbot.waitUntil(lambda: len(counter.receipt.papers) == papers + 1, timeout=60_000)
    qtbot.waitUntil(lambda: len(counter.label.papers) == labels + 1, timeout=60_000)
    assert [row[2] for row in rows(counter)] == ["看清了", "看清了"]
    counter.press("1")
    assert rows(counter)[0][1:] == ("好了", "")
    seen(counter, "first_trial")
    counter.press("F10")
    assert counter.page.key == "overview.devices.printer"
    assert counter.page.role.value() == "label", "the one that nobody has called clear"
    counter.press("Esc")
    counter.press("Enter")
    assert page.mode == "county"
    seen(counter, "first_county")
    counter.press("Enter")
    assert counter.page.key == "overview.today"


def a_printer_is_found_tried_and_put_to_use_by_keys(counter, qtbot, reached, role, digit):
    printer = counter.receipt if role == "receipt" else counter.label
    counter.open(DEVICES)
    counter.press(digit, "Enter")
    page = counter.page
    assert page.role.value() == role
    page.ports.address.setFocus()
    counter.hand.type(f"127.0.0.1:{printer.port}")
    counter.press("Enter")
    qtbot.waitUntil(lambda: page.delivery is not None, timeout=60_000)
    assert page.delivery.outcome == "sent"
    assert not printer.rubbish
    assert len(printer.papers) == 1
    assert not is_on(counter, role), "only what was seen to print is put to use"
    page.setFocus()
    counter.press("1")
    qtbot.waitUntil(lambda: counter.page.key == DEVICES, timeout=5_000)
    qtbot.waitUntil(lambda: is_on(counter, role), timeout=5_000)
    states = counter.program.spool.states
    qtbot.waitUntil(lambda: states()[role].state == "ok", timeout=60_000)
    assert ("socket.connect", f"printer {role}") in reached


def rubbish_leads_to_the_next_language_and_nothing_to_what_to_look_at(counter, qtbot):
    counter.open("overview.devices.printer", role="label", name="label")
    page = counter.page
    page.setFocus()
    assert page.ports.port() == f"tcp:127.0.0.1:{counter.label.port}", "the port in use"
    counter.press("Enter")
    qtbot.waitUntil(lambda: page.delivery is not None, timeout=60_000)
    page.ports._came(page.ports.ports())
    assert page.delivery is not None, "a search that ends after the trial takes nothing back"
    page.setFocus()
    counter.press("2")
    assert page.kinds.current() == "zebra_60x40"
    assert "换成「斑马标签机 60×40」" in page.told.words
    page.kinds.choose("label_60x40")
    counter.label.mechanism.cover_open = True
    counter.press("Enter")
    qtbot.waitUntil(lambda: page.delivery is not None, timeout=60_000)
    assert page.told.words == "没打：盖子没合上。合上盖子"
    assert not page.answers.isVisible()
    counter.press("Esc")


def a_fault_opens_its_sheet_and_what_waits_prints_when_it_is_mended(counter, qtbot):
    papers = len(counter.label.papers)
    counter.open(DEVICES, device="label")
    counter.press("Enter")
    qtbot.waitUntil(lambda: "盖子没合上" in kinds(counter)["label"], timeout=60_000)
    assert counter.page.sheet._title.text() == "标签机盖子没合上"
    counter.label.mechanism.cover_open = False
    counter.press("Enter")
    qtbot.waitUntil(lambda: len(counter.label.papers) == papers + 2, timeout=60_000)
    qtbot.waitUntil(lambda: kinds(counter)["label"] == "正常", timeout=5_000)
    counter.press("7")
    assert counter.page.sheet._title.text() == "标签机打得淡"


def a_paper_is_asked_for_while_the_writer_is_busy_and_the_screen_does_not_wait(counter, qtbot):
    papers, is_over = len(counter.receipt.papers), threading.Event()
    counter.program.write_then(lambda _connection: is_over.wait(60), lambda _was: None)
    counter.window._print_wall_sheet({"F2": "入库"})
    assert not is_over.is_set(), "the writer takes in what the county said"
    is_over.set()
    qtbot.waitUntil(lambda: len(counter.receipt.papers) == papers + 1, timeout=60_000)


def the_drawer_is_opened_as_a_fact(counter, qtbot):
    kicks = counter.receipt.mechanism.kicks
    counter.open(DEVICES)
    counter.press("5", "Enter")
    qtbot.waitUntil(lambda: counter.receipt.mechanism.kicks == kicks + 1, timeout=60_000)
    facts = counter.program.reading().execute("SELECT kind FROM facts ORDER BY rowid DESC LIMIT 1")
    assert facts.fetchone()[0] == "drawer.opened"
    assert "drawer" in json.loads(counter.local("devices_tried"))["at"]


def a_scanner_is_measured_and_one_that_turns_letters_round_is_named(counter, qtbot):
    counter.open("overview.devices.scan")
    page = counter.page
    pill = counter.window.top_bar.scanner
    assert (pill.words, pill.tone) == ("扫描枪没试过", "waiting")
    counter.hand.burst("nx-test-01", gap=30)
    counter.hand.settle()
    assert page.sheet._title.text() == "大小写反了"
    assert (pill.words, pill.tone) == ("扫描枪就绪", "ok"), "a scan came"
    for _ in range(3):
        counter.hand.burst("NX-TEST-01", gap=40)
        counter.hand.settle()
    assert page.sheet._title.text() == "三次都对。最慢一下 40 毫秒"
    counter.press("Enter")
    assert counter.window.scan_filter.timing == Timing.measured(40)
    qtbot.waitUntil(lambda: '"gap_ms":40' in counter.local("devices_tried"), timeout=5_000)


def a_scanner_that_types_codes_with_alt_held_is_named(counter, qtbot):
    """Nothing was seen of it at all: the window lets such keys choose nothing."""
    counter.open("overview.devices.scan")
    page = counter.page
    keypad = Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.KeypadModifier
    for digit in "".join(f"{ord(sign):04}" for sign in "NX-TEST-01"):
        counter.hand.at += 5
        counter.hand.key(getattr(Qt.Key, f"Key_{digit}"), keypad, digit)
    counter.hand.at += 5
    counter.hand.key(Qt.Key.Key_Return, text="\r")
    qtbot.waitUntil(lambda: page.sheet._title.text() == "来的是数字码，不是字", timeout=5_000)
    assert len(page.bursts) == 1
    page.again()
    counter.press("Esc")


def a_scale_is_set_up_and_seen_at_once(counter, qtbot):
    counter.scale.put(12_460)
    counter.open("overview.devices.scale")
    page = counter.page
    place = f"serial:{counter.scale.name},9600,8N1,none"
    qtbot.waitUntil(lambda: page._found != () or page._none.text() != "", timeout=5_000)
    page._came([FoundPort(place, "serial", "秤口")])
    page.kinds.choose("cas_22")
    qtbot.waitUntil(lambda: page.weight.figure.text() == "12.460", timeout=60_000)
    qtbot.waitUntil(lambda: page.weight.pill.words == "秤稳了", timeout=5_000)
    page.verified.setFocus()
    counter.hand.type("2026-12-2")
    assert not counter.window.action_bar.primary_button.isEnabled()
    counter.hand.type("0")
    counter.press("Enter")
    qtbot.waitUntil(
        lambda: '"verified_until":"2026-12-20"' in counter.local("scale"), timeout=5_000
    )


def a_lot_of_the_first_day_is_weighed_and_its_frame_is_kept(counter, qtbot):
    counter.open("opening.lots")
    page = counter.page
    counter.hand.type("6002")
    counter.press("Enter")
    counter.compose("红薯")

    def is_weighed():  # on a busy machine a frame may come too late: it is pressed once more
        counter.press("F10")
        return page.measured() == ("g", 12_460)

    qtbot.waitUntil(lambda: page.weight.is_steady, timeout=60_000)
    qtbot.waitUntil(is_weighed, timeout=60_000)
    assert "秤上称的" in page.means.text()
    assert not page.weight.is_steady, "the same basket is not weighed in twice"
    counter.press("Enter")
    query = "SELECT body FROM facts WHERE kind = 'lot.accepted'"
    reading = counter.program.reading
    qtbot.waitUntil(lambda: reading().execute(query).fetchone() is not None, timeout=5_000)
    weighing = json.loads(reading().execute(query).fetchone()[0])["weighing"]
    assert weighing["gross_grams"] == 12_460
    assert bytes.fromhex(weighing["frame"]) == b"ST,GS,1\xc4,  12.460 kg\r\n"
    counter.hand.type("6002")
    counter.press("Enter")
    page.quantity.setFocus()
    counter.compose("25斤")
    assert "手工输的" in page.means.text()


def a_scale_that_must_be_verified_is_on_today(counter):
    lines = set_up_lines(counter.program.texts, counter.program.devices, "2026-11-27")
    assert lines[0].words == "秤的检定还有 23 天到期"
    assert days_left("2026-12-20", "2026-12-21") == -1
    counter.program.devices.mark_enough()
    assert len(set_up_lines(counter.program.texts, counter.program.devices, "2026-01-01")) == 0


def what_the_scale_taught_fits_below_its_weight(counter, size):
    counter.open("overview.devices.scale")
    counter.window.resize(*size)
    panel = counter.page.learning
    panel.told.tell(counter.program.texts.say("overview.devices.scale.trouble.NO_RHYTHM"), "warn")
    panel.told.show()
    panel._raw.setText(24 * "3d ")
    settle()
    assert not out_of_sight(counter)
    assert not faults(counter.window)
    panel.again()


def out_of_sight(counter):
    """Return how many pixels of the page have to be scrolled to."""
    frames = counter.window.findChildren(PageFrame)
    (bar,) = [one.verticalScrollBar() for one in frames if one.page is counter.page]
    return bar.maximum()


PAGES = {
    "devices": (DEVICES, {"device": "label"}),
    "device_printer": ("overview.devices.printer", {"role": "label", "name": "label"}),
    "device_scan": ("overview.devices.scan", {}),
    "device_scale": ("overview.devices.scale", {}),
    "lots_by_scale": ("opening.lots", {}),
}


def nothing_on_the_pages_is_cut_off(counter, qtbot, size):
    counter.label.mechanism.cover_open = True
    counter.program.spool.retry("label")
    states = counter.program.spool.states
    qtbot.waitUntil(lambda: states()["label"].reason == "COVER_OPEN", timeout=60_000)
    counter.window.resize(*size)
    PICTURES.mkdir(parents=True, exist_ok=True)
    found = []
    counter.window.toast(Notice("红薯 记下了", act="A"))
    for name, (key, subject) in PAGES.items():
        counter.open(key, **subject)
        counter.hand.settle()
        assert counter.window.grab().save(str(PICTURES / f"{name}_{size[1]}.png"))
        found += [f"{name}: {fault}" for fault in faults(counter.window)]
        toasts = counter.window.toasts
        if is_in_the_way(toasts.geometry(), counter.window.content, toasts):
            found.append(f"{name}: a toast lies over it")
        if name == "device_scan":
            bars, content = counter.page.bars, counter.window.content
            there = QRect(bars.mapTo(content, QPoint(0, 0)), bars.size())
            if not is_in_the_way(there, content, toasts):
                found.append("a toast may lie over the code to be scanned")
    counter.label.mechanism.cover_open = False
    assert not found, "\n".join(found)


def every_sheet_with_a_drawing_fits(counter, size):
    """With its symptoms and the county's number below, and a toast that stands elsewhere."""
    counter.open(DEVICES, device="label")
    counter.window.resize(*size)
    counter.window.toast(Notice("红薯 记下了", act="A"))
    page, found = counter.page, []
    page.sheet._call.setText("还不行：打 0377-0000 0000")
    page.sheet._call.show()
    for name in sheets.ALL:
        page.sheet.show_sheet(sheets.sheet_of(counter.program.texts, name, "标签机"), "tag")
        settle()
        counter.window.toasts.look_again()
        settle()
        found += [f"{name}: {fault}" for fault in faults(counter.window)]
        if hidden := out_of_sight(counter):
            found.append(f"{name}: its last {hidden} px are out of sight")
        toasts = counter.window.toasts
        if is_in_the_way(toasts.geometry(), counter.window.content, toasts):
            found.append(f"{name}: a toast lies over it")
        picture = PICTURES / "sheets" / f"{name}_{size[1]}.png"
        picture.parent.mkdir(parents=True, exist_ok=True)
        assert page.sheet.grab().save(str(picture))
    assert not found, "\n".join(found)


def test_a_counter_is_set_up_and_mended_without_a_technician(counter, qtbot, reached):
    without_devices_the_page_says_how_to_begin_and_today_names_what_is_missing(counter)
    whoever_opens_a_station_is_led_through_its_devices_and_may_skip_each(counter)
    for role, digit in (("receipt", "2"), ("label", "3")):
        a_printer_is_found_tried_and_put_to_use_by_keys(counter, qtbot, reached, role, digit)
    assert {one.role for one in counter.program.check_up.signs().printers} == {"receipt", "label"}
    rubbish_leads_to_the_next_language_and_nothing_to_what_to_look_at(counter, qtbot)
    a_fault_opens_its_sheet_and_what_waits_prints_when_it_is_mended(counter, qtbot)
    a_paper_is_asked_for_while_the_writer_is_busy_and_the_screen_does_not_wait(counter, qtbot)
    the_drawer_is_opened_as_a_fact(counter, qtbot)
    a_scanner_is_measured_and_one_that_turns_letters_round_is_named(counter, qtbot)
    a_scanner_that_types_codes_with_alt_held_is_named(counter, qtbot)
    a_scale_is_set_up_and_seen_at_once(counter, qtbot)
    a_lot_of_the_first_day_is_weighed_and_its_frame_is_kept(counter, qtbot)
    with_devices_each_is_tried_by_its_digit_and_eyes_decide(counter, qtbot)
    a_scale_that_must_be_verified_is_on_today(counter)
    for size in ((1366, 768), (1366, 690)):
        nothing_on_the_pages_is_cut_off(counter, qtbot, size)
        every_sheet_with_a_drawing_fits(counter, size)
        what_the_scale_taught_fits_below_its_weight(counter, size)
    assert {thread for _event, thread in reached if thread == "MainThread"} == set()
    assert {"socket.connect", "open"} <= {event for event, _thread in reached}, "real devices"


def test_a_search_of_the_network_ends_with_the_program(counter, qtbot, monkeypatch):
    """It knocks at every address of the network: the program would wait for it for seconds."""
    begun, ended, given_up = threading.Event(), threading.Event(), threading.Event()

    def knock(_own, _progress, *, is_cancelled):
        begun.set()
        for _look in range(500):  # seconds, as a real one
            if is_cancelled():
                ended.set()
                break
            given_up.wait(0.01)
        return []

    monkeypatch.setattr("station_app.device_desk.search_network", knock)
    devices = counter.program.devices
    devices.search_network(lambda _done, _of: None, lambda _found: None)
    assert begun.wait(10)
    devices.stop()
    assert ended.wait(10)
    devices.start()


# --- Pure ----------------------------------------------------------------------------------------


def test_every_sheet_has_its_words(texts):
    for name in sheets.ALL:
        sheet = sheets.sheet_of(texts, name, "标签机")
        assert sheet.title
        assert len(sheet.steps) <= sheets.STEPS_MAX


def test_after_rubbish_the_same_paper_in_another_language_or_the_next_width():
    known = profiles()
    labels = [name for name, kind in known.items() if kind.height]
    receipts = ["receipt_58", "receipt_80"]
    assert next_kind(known, "label_60x40", labels) == "zebra_60x40"
    assert next_kind(known, "receipt_58", receipts) == "receipt_80"
    assert next_kind(known, "receipt_80", receipts) == ""


def test_the_first_of_a_role_prints_and_a_trigger_takes_the_drawer():
    settings = (
        PrinterSetting(role="label", profile="label_60x40", port="tcp:10.0.0.1:9100"),
        PrinterSetting(role="label", profile="label_100x150", port="cups:big"),
        PrinterSetting(role="receipt", profile="receipt_80", port="file:/dev/usb/lp0"),
        PrinterSetting(role="drawer", profile="receipt_80", port="serial:COM3,9600,8N1,none"),
    )
    assert {printer.name: printer.roles for printer in made(settings)} == {
        "label": ("label",), "label2": ("waybill",), "receipt": ("receipt",), "drawer": ("drawer",),
    }  # fmt: skip
    assert made(settings[:3])[2].roles == ("receipt", "drawer")


def test_the_printers_on_the_page_of_operations_are_understood():
    page = (ROOT / "docs" / "OPERATIONS.md").read_text("utf-8")
    found = re.findall(r"(?:label|receipt|drawer)=\w+@[a-z]+:[^\s`]+", page)
    assert len(found) >= 3
    assert [str(parse(text)) for text in found] == found

"""Every page of the overview, full and low, in its states: photographed, and measured.

The ruler finds what is cut off; the pictures lie in build/pictures/overview. A window is made once
for each state, and made low and high again: that is also what somebody does to it.
"""

from dataclasses import replace

import pytest

from station_app.journal.islands import Floor
from station_app.overview.attention import SetUpLine
from station_app.overview.enrolment import EnrolmentWork, EnrolOutcome
from station_app.overview.examination import PrinterSign, Signs
from station_app.overview.moments import GIGABYTE, MEGABYTE
from station_app.overview.sync_view import PcSign, Standing, StickSign, Waiting
from station_app.overview.sync_view import Signs as SyncSigns
from station_app.shell.content import PageFrame
from station_app.shell.widgets.tables import ListTable
from station_app.sync.progress import Attempt, LastReceipt
from station_app.values.day import DAY_MS
from tests.conftest import ROOT
from tests.overview.quarrels import county_says, cut_off, quarrel
from tests.overview.seen import PACKED_QUICKLY
from tests.overview.stations import MINUTE, PIN
from tests.overview.test_enrol_code import CODE
from tests.proofs.kit import MORNING_MS
from tests.shell.measure import faults

PICTURES = ROOT / "build" / "pictures" / "overview"
SIZES = ((1366, 768), (1366, 690))
HOUR = 60 * MINUTE
NOW = MORNING_MS
HERE = (PcSign("D1", NOW, 0, is_here=True),)
LIVE = "NX0601/D1/0123456789abcdef"
OFFLINE = Standing(
    line="offline",
    since=NOW - 192 * MINUTE,
    waiting=(
        Waiting("parcels", 31, 41_900, NOW - 3 * HOUR),
        Waiting("money", 9, 12_000, NOW - 2 * HOUR),
        Waiting("orders", 4, 9_000, NOW - HOUR),
        Waiting("produce", 2, 6_000, NOW - 20 * MINUTE),
        Waiting("photos", 1, 18_000, NOW - 6 * MINUTE),
    ),
    last_success_at=NOW - 192 * MINUTE,
    next_try_at=NOW + 80_000,
    attempts=(
        Attempt(NOW - 2 * MINUTE, "no_line"),
        Attempt(NOW - 12 * MINUTE, "no_line"),
        Attempt(NOW - 192 * MINUTE, "sent", 12, 214),
        Attempt(NOW - 15 * HOUR, "sent", 63),
    ),
    receipt=LastReceipt(0, "7f3a", NOW - 192 * MINUTE),
    pcs=HERE,
    marks={LIVE: 12_165},
)


@pytest.fixture
def photograph(station):
    """Take a picture of the window as it stands, full and low, and measure it."""

    def take(name):
        window = station.window
        PICTURES.mkdir(parents=True, exist_ok=True)
        for width, height in SIZES:
            window.resize(width, height)
            station.hand.settle()
            assert (window.width(), window.height()) == (width, height)
            file = str(PICTURES / f"{name}_{width}x{height}.png")
            assert window.grab().save(file, None, PACKED_QUICKLY)
            found = [*faults(window), *scrolling(window)]
            assert not found, "\n".join([f"{name} {width}x{height}", *found])
        window.resize(*SIZES[0])
        station.hand.settle()

    return take


def half_rows(window):
    """Name lists of the page that end in the middle of a row, as if something stood over it."""
    found = []
    for table in window.deck.current.findChildren(ListTable):
        row = table.verticalHeader().defaultSectionSize()
        is_cut = table.verticalScrollBar().maximum() > 0 and table.height() % row
        found += [table.accessibleName()] if table.isVisible() and is_cut else []
    return found


def scrolling(window):
    """Name pages that must scroll: at these sizes all of them fit."""
    for frame in window.findChildren(PageFrame):
        over = frame.verticalScrollBar().maximum()
        if frame.isVisible() and over:
            yield f"{frame.page.key} is {over} px too high"


def busy_morning(station):
    """Parcels in and out, an undone act, a note from the printers."""
    station.sign_in()
    station.open_shift()
    for number in range(5):
        station.shelve(number, cod_fen=8600 if number == 1 else 0)
        station.clock.at_ms += 4 * MINUTE
    station.papers.settle_all()
    station.premises.signed_in.go()


def test_today_empty(station, photograph):
    station.show_unlocked()
    photograph("today_empty")


def test_today_busy(station, photograph):
    busy_morning(station)
    station.show_unlocked()
    photograph("today")


def test_today_offline_with_all_that_wants_a_look(station, photograph):
    busy_morning(station)
    quarrel(station)
    station.line.now = replace(OFFLINE, since=station.clock.at_ms - 2 * DAY_MS, quarantined=2)
    station.papers.printers["receipt"] = ("fault", "NO_PAPER")
    station.papers.printers["label"] = ("ok", "PAPER_LOW")
    station.more["set_up"] = lambda _connection: (SetUpLine("还没接秤", "接上再称，先手工输"),)
    station.show_unlocked()
    photograph("today_offline")


def test_sync(station, photograph):
    station.show_unlocked()
    station.press("F9")
    states = {
        "offline": OFFLINE,
        "done": Standing("online", NOW, last_success_at=NOW, receipt=OFFLINE.receipt),
        "sorts": replace(
            OFFLINE, waiting=(*OFFLINE.waiting, Waiting("people", 1, 117, NOW - 6 * MINUTE))
        ),
        "busy": replace(OFFLINE, line="busy", sent=12, to_send=47),
        "alone": Standing("alone", NOW),
        "stick": replace(OFFLINE, attempts=(Attempt(NOW, "stick_out", 47), *OFFLINE.attempts)),
        "held_up": replace(OFFLINE, line="held_up", cause="bad_certificate", quarantined=3),
        "signs": replace(
            OFFLINE,
            quarantined=3,
            pcs=(
                PcSign("D1", NOW - 192 * MINUTE, 47, is_here=True),
                PcSign("D2", NOW - 5 * DAY_MS, 12),
                PcSign("D3", 0, 0),
            ),
            signs=SyncSigns(
                Floor(stage=3, facts=41_230, since_at=NOW - 90 * DAY_MS),
                lost=4,
                doubted=1,
                branches=2,
            ),
        ),
    }
    for name, standing in states.items():
        if name == "held_up":
            quarrel(station)
        has_answer = name == "stick"
        station.line.become(standing, StickSign(is_there=has_answer, has_answer=has_answer))
        photograph(f"sync_{name}")
        assert not half_rows(station.window), name


def test_cases(station, photograph):
    quarrel(station)
    station.show_unlocked()
    station.press("F9", "Ctrl+2")
    photograph("cases")


def test_a_pc_that_was_cut_off(station, photograph):
    station.shelve(1, "73000000000071")
    station.show_unlocked()
    county_says(station, cut_off("D1"))
    station.press("F9", "Ctrl+2")
    photograph("cases_cut_off")


def test_a_case_that_was_closed_these_days(station, photograph):
    quarrel(station)
    station.show_unlocked()
    station.press("F9", "Ctrl+2")
    page = station.window.deck.current
    station.type("2 号电脑点错人，货没出门")
    assert page.remark.text()
    station.press("Return")
    quarrel(station, "73000000000098")
    station.press("Home", "F9", "Ctrl+2")
    photograph("cases_lately")


def test_what_another_pc_said_outside(station, photograph):
    quarrel(station)
    county_says(station, cut_off("D2"))
    station.show_unlocked()
    station.press("F9", "Ctrl+2")
    photograph("cases_outside")


def test_no_cases(station, photograph):
    station.show_unlocked()
    station.press("F9", "Ctrl+2")
    photograph("cases_none")


def test_acts(station, photograph):
    busy_morning(station)
    station.show_unlocked()
    station.press("F10")
    photograph("acts")


def test_no_acts(station, photograph):
    station.show_unlocked()
    station.window.open_page("overview.acts")
    photograph("acts_none")


def test_undo(station, photograph):
    station.sign_in()
    station.open_shift()
    station.hand_over(1, cod_fen=12_550)
    station.papers.settle_all()
    station.show_unlocked()
    station.press("F10", "Ctrl+Z")
    photograph("undo")


def test_search(station, photograph):
    busy_morning(station)
    station.show_unlocked()
    station.type("6001")
    photograph("search")


def test_queue(station, photograph):
    busy_morning(station)
    station.shelve(5)
    station.shelve(6)
    station.shelve(7)
    for job, state in zip(station.papers.queue(), ("uncertain", "failed"), strict=False):
        station.papers.settle(job.job, state, "JAM" if state == "failed" else "CUT_OFF")
    station.papers.printers["label"] = ("fault", "JAM")
    station.papers.printers["receipt"] = ("unknown", "")
    station.show_unlocked()
    station.window.open_page("overview.queue")
    photograph("queue")


def test_no_queue(station, photograph):
    station.show_unlocked()
    station.window.open_page("overview.queue")
    photograph("queue_none")


def test_lock(station, photograph):
    station.hire()
    station.hire("张示东", "operator")
    station.hire("欧阳示文", "operator")
    station.shelve()
    station.line.now = OFFLINE
    station.show()
    station.type(PIN[:3])
    photograph("lock")
    for _ in range(5):
        station.hand.press("Esc")
        station.type("999111")
    photograph("lock_wait")


def test_lock_with_many_colleagues(station, photograph):
    for number in range(9):
        station.hire(f"李示{chr(0x5170 + number)}")
    station.show()
    photograph("lock_many")


def test_first_operator(station, photograph):
    station.show()
    station.type("李")
    photograph("setup")


def test_another_operator(station, photograph):
    station.show_unlocked()
    station.window.open_page("overview.setup", {})
    photograph("setup_another")


@pytest.mark.parametrize(
    ("name", "signs"),
    [
        (
            "findings",
            Signs(
                now_ms=NOW,
                built_ms=1,
                facts=12_165,
                county_ms=NOW + 3 * DAY_MS,
                put_back=True,
                missing=12,
                free_bytes=2 * GIGABYTE - 1,
                printers=(PrinterSign("label", "fault", "JAM"), PrinterSign("receipt", "ok")),
            ),
        ),
        ("full", Signs(now_ms=NOW, built_ms=1, facts=893, free_bytes=68 * MEGABYTE)),
        ("damaged", Signs(now_ms=NOW, built_ms=1, damaged="station.db", damage="page 12")),
    ],
)
def test_doctor(station, photograph, name, signs):
    station.signs = signs
    station.remedies = {"clock": lambda: None, "disk": lambda: None, "sync": lambda: None}
    station.more |= {  # all that the real program offers: the row of buttons was cut off
        "back_up": lambda then: then("备份好了"),
        "print_sheet": lambda: "恢复码打出来了，收好别丢",
        "print_list": lambda _signs: "检查单在打",
    }
    station.show()
    photograph(f"doctor_{name}")
    station.press("F8")
    photograph(f"doctor_{name}_sheet")


@pytest.mark.parametrize("small", [(1024, 576), (1093, 614)])
def test_the_first_operator_on_the_least_screen_that_there_is(station, small):
    station.show(small)
    window, page = station.window, station.page
    assert page.key == "overview.setup"
    PICTURES.mkdir(parents=True, exist_ok=True)
    assert window.grab().save(str(PICTURES / f"first_operator_{small[0]}x{small[1]}.png"))
    assert faults(window) == []
    for boxes in (page.pin, page.again):
        right = boxes.mapTo(window, boxes.rect().topRight()).x()
        assert boxes.width() >= boxes.sizeHint().width()
        assert right < window.width() - 40


def test_enrolment(station, photograph):
    work = EnrolmentWork(
        by_stick=lambda _address, _code: EnrolOutcome("asked"),
        enrol=lambda _address, _code: EnrolOutcome("expired"),
        run=lambda todo, then: then(todo()),
        enrolled=lambda _outcome: None,
        county_phone="0377-0000 0000",
    )
    station.show_first(work)
    page = station.page
    station.type(CODE[:18])
    photograph("enrol_short")
    page.boxes.fill(CODE[:10] + "8" + CODE[11:])
    photograph("enrol_wrong")
    page.boxes.fill(CODE)
    page.address.line.setFocus()
    station.type("xian.example")
    photograph("enrol_right")
    station.press("Enter")
    photograph("enrol_expired")

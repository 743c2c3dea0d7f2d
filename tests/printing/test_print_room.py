"""The whole room: a job in the table, the spool, a socket, and what comes out of the printer."""

import statistics
import time

import pytest

from station_app.devices import printer as ports
from station_app.devices.simulated_printer import SimulatedPrinter
from station_app.devices.tcp_printer import TcpPrinter
from station_app.printing import jobs, spool
from station_app.printing.document import DrawerKick
from station_app.printing.forms import TrialWords, parcel_label, trial_label, trial_slip
from station_app.printing.spool import Printer, Spool, Surroundings
from station_app.resources_dir import load_texts
from tests.devices.jobs import QUICK
from tests.printing.desk_of_jobs import NOW, Database
from tests.printing.papers import CODES, PARCEL, PICKUP
from tests.printing.witness import codes, only_paper

TEXTS = load_texts()
LABEL_MS_MAX = 5.0  # measured 0.2; a machine ten times slower still passes


@pytest.fixture
def database():
    return Database()


def mark(number):
    return TEXTS.say("printing.mark.copy", number=number) if number else ""


def room(database, press, profile, printer):
    port = TcpPrinter(
        "127.0.0.1",
        printer.port,
        language=profile.language,
        patience=QUICK,
        pause=lambda _: None,
    )
    surroundings = Surroundings(
        render=press.render_bytes,
        mark=mark,
        write=database.write,
        read=database.read,
        now_ms=lambda: NOW,
    )
    return Spool([Printer("front", profile, port, ("label", "receipt", "drawer"))], surroundings)


def preview(press, document, profile, words=""):
    raster = press.raster(document, profile, words)
    return [raster.row(number) for number in range(raster.height)]


def test_the_label_that_was_cut_off_comes_out_once_more_and_says_so(database, press, profiles):
    profile = profiles["label_60x40"]
    with SimulatedPrinter("tspl", profile.width) as printer:
        queue = room(database, press, profile, printer)
        first, second = database.add(PARCEL, role="label"), database.add(PARCEL, role="label")
        printer.mechanism.rows_left = 100
        assert queue.step("front")
        assert not queue.step("front"), "the second waits for paper"
        assert (database.state(first), database.state(second)) == ("uncertain", "queued")
        assert database.error(first) == "NO_PAPER"
        printer.mechanism.rows_left = None
        assert queue.step("front")
        queue.reprint(first)
        assert queue.step("front")
        assert not queue.step("front")
    torn, whole, copy = printer.papers
    assert torn.torn
    assert len(torn.lines) == 100
    assert list(whole.lines) == preview(press, PARCEL, profile)
    assert list(copy.lines) == preview(press, PARCEL, profile, "补打 1")
    assert codes(copy) == CODES["parcel"]


def test_a_receipt_and_its_drawer_are_two_jobs(database, press, profiles):
    profile = profiles["receipt_80"]
    with SimulatedPrinter("escpos", profile.width) as printer:
        queue = room(database, press, profile, printer)
        made = [database.add(DrawerKick(), role="drawer"), database.add(PICKUP)]
        while queue.step("front"):
            continue
        assert [database.state(job) for job in made] == ["sent", "sent"]
    assert printer.mechanism.kicks == 1
    assert len(printer.papers) == 1


def test_a_printer_that_comes_back_prints_what_has_waited(database, press, profiles):
    profile = profiles["label_60x40"]
    with SimulatedPrinter("tspl", profile.width) as printer:
        queue = room(database, press, profile, printer)
        printer.mechanism.cover_open = True
        for _ in range(3):
            database.add(PARCEL, role="label")
        assert not queue.step("front")
        assert queue.states()["front"].reason == "COVER_OPEN"
        printer.mechanism.cover_open = False
        while queue.step("front"):
            continue
    assert len(printer.papers) == 3
    assert database.read(jobs.queue) == []


def test_every_state_and_reason_has_its_words():
    rooms = {
        "state": ("ok", "fault", "unknown"),
        "job": ("queued", "sending", "sent", "uncertain", "failed", "cancelled"),
    }
    reasons = {
        value
        for module in (ports, spool)
        for name, value in vars(module).items()
        if name.isupper() and value == name
    }
    assert len(reasons) >= 16
    for table, names in (rooms | {"reason": reasons, "mend": reasons}).items():
        for name in names:
            assert TEXTS.has(f"printing.{table}.{name}"), f"printing.{table}.{name}"


def test_every_profile_has_its_words(profiles):
    assert all(TEXTS.has(f"printing.profile.{name}") for name in profiles)


def test_the_trial_page_shows_frame_type_and_code(press, profiles):
    words: TrialWords = {
        "title": TEXTS.say("printing.test_page.title"),
        "lines": (TEXTS.say("printing.test_page.line"), TEXTS.say("printing.test_page.names")),
        "code": "VP0123456789",
    }
    for name, paper in (
        ("receipt_58", trial_slip(**words)),
        ("receipt_80", trial_slip(**words)),
        ("label_60x40", trial_label(480, 320, **words)),
        ("label_40x30", trial_label(320, 240, **words)),
    ):
        profile = profiles[name]
        out = only_paper(press.render_bytes(paper, profile), profile)
        assert codes(out) == {"VP0123456789"}


def test_a_label_is_drawn_within_its_share_of_a_scan(press, profiles):
    profile = profiles["label_60x40"]
    took = []
    for number in range(60):
        label = parcel_label(
            code=f"B-2-{number:02d}",
            courier="中通",
            arrived="11-23 到",
            name="王*兰",
            tail=f"尾号 {6000 + number}",
            barcode=f"783644102917{number:02d}",
        )
        began = time.perf_counter()
        press.render_bytes(label, profile)
        took.append((time.perf_counter() - began) * 1000)
    assert statistics.median(took[20:]) < LABEL_MS_MAX

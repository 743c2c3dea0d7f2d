"""A network printer over real sockets, with every fault that a counter knows."""

import socket

import pytest

from station_app.devices.printer import OK, UNKNOWN, Status
from station_app.devices.simulated_printer import Faults, SimulatedPrinter
from station_app.devices.tcp_printer import TcpPrinter
from tests.devices.jobs import JOBS, LABEL, QUICK, ROWS, SLIP, WIDTHS, long_slip

LANGUAGES = sorted(JOBS)


@pytest.fixture(params=LANGUAGES)
def language(request):
    return request.param


def port_of(printer, language, **more):
    return TcpPrinter(
        "127.0.0.1", printer.port, language=language, patience=QUICK, pause=lambda _: None, **more
    )


def test_a_job_arrives_whole_and_the_printer_says_so(language):
    with SimulatedPrinter(language, WIDTHS[language]) as printer:
        port = port_of(printer, language)
        assert port.status() == OK
        delivery = port.deliver(JOBS[language])
        assert (delivery.outcome, delivery.status) == ("sent", OK)
        assert len(printer.papers) == 1
        assert not printer.rubbish


def test_three_jobs_are_three_papers_in_order():
    with SimulatedPrinter("tspl", 480) as printer:
        port = port_of(printer, "tspl")
        for _ in range(3):
            assert port.deliver(LABEL).outcome == "sent"
    assert len(printer.papers) == 3
    assert printer.jobs == 3


def test_a_mute_clone_prints_and_stays_unknown(language):
    with SimulatedPrinter(language, WIDTHS[language], faults=Faults(mute=True)) as printer:
        port = port_of(printer, language)
        assert port.status() == UNKNOWN
        for _ in range(3):
            delivery = port.deliver(JOBS[language])
            assert (delivery.outcome, delivery.status) == ("sent", UNKNOWN)
    assert len(printer.papers) == 3


def test_a_mute_clone_is_not_asked_before_every_job():
    with SimulatedPrinter("tspl", 480, faults=Faults(mute=True)) as printer:
        port = port_of(printer, "tspl")
        for _ in range(4):
            port.deliver(LABEL)
    questions = printer.bytes_read - 4 * len(LABEL)
    assert questions == 2 * len(b"\x1b!?")


def test_a_clone_that_begins_to_answer_is_heard_again():
    faults = Faults(mute=True)
    with SimulatedPrinter("tspl", 480, faults=faults) as printer:
        port = port_of(printer, "tspl")
        for _ in range(3):
            port.deliver(LABEL)
        faults.mute = False
        assert port.status() == OK
        assert port.deliver(LABEL).status == OK


FAULTS = [("cover_open", True, "COVER_OPEN"), ("rows_left", 0, "NO_PAPER")]


@pytest.mark.parametrize(("part", "value", "reason"), FAULTS)
def test_a_printer_at_fault_gets_no_byte_of_the_job(language, part, value, reason):
    with SimulatedPrinter(language, WIDTHS[language]) as printer:
        setattr(printer.mechanism, part, value)
        port = port_of(printer, language)
        assert port.status() == Status("fault", reason)
        delivery = port.deliver(JOBS[language])
        assert (delivery.outcome, delivery.reason) == ("not_started", reason)
        assert printer.mechanism.commands == []
        printer.mechanism.cover_open, printer.mechanism.rows_left = False, None
        assert port.deliver(JOBS[language]).outcome == "sent"
    assert len(printer.papers) == 1


def test_paper_that_ends_in_the_middle_is_an_interruption(language):
    with SimulatedPrinter(language, WIDTHS[language]) as printer:
        printer.mechanism.rows_left = ROWS // 2
        delivery = port_of(printer, language).deliver(JOBS[language])
        assert (delivery.outcome, delivery.reason) == ("interrupted", "NO_PAPER")
    (torn,) = printer.papers
    assert torn.torn
    assert len(torn.lines) == ROWS // 2


def test_paper_that_ends_in_a_mute_clone_cannot_be_known():
    with SimulatedPrinter("escpos", 384, faults=Faults(mute=True)) as printer:
        printer.mechanism.rows_left = 5
        assert port_of(printer, "escpos").deliver(SLIP).status == UNKNOWN
    assert printer.papers[0].torn


def test_a_plug_that_is_pulled_in_the_middle_is_an_interruption():
    with SimulatedPrinter("escpos", 384, faults=Faults(cut_after=6_000)) as printer:
        delivery = port_of(printer, "escpos").deliver(long_slip(20_000))
        assert delivery.outcome == "interrupted"
        assert delivery.reason in ("CUT_OFF", "STALLED")


def test_a_printer_that_takes_no_more_is_an_interruption():
    with SimulatedPrinter("escpos", 384, faults=Faults(takes_bytes=6_000)) as printer:
        delivery = port_of(printer, "escpos").deliver(long_slip(60_000))
        assert (delivery.outcome, delivery.reason) == ("interrupted", "STALLED")


def test_a_printer_that_answered_and_then_falls_silent_is_an_interruption():
    faults = Faults(takes_bytes=100)
    with SimulatedPrinter("escpos", 384, faults=faults) as printer:
        delivery = port_of(printer, "escpos").deliver(SLIP)
        assert (delivery.outcome, delivery.reason) == ("interrupted", "NO_ANSWER")


def test_a_printer_that_stays_busy_is_waited_for_only_so_long():
    with SimulatedPrinter("tspl", 480) as printer:
        printer.mechanism.is_busy = True
        waited: list[float] = []
        port = TcpPrinter(
            "127.0.0.1", printer.port, language="tspl", patience=QUICK, pause=waited.append
        )
        delivery = port.deliver(LABEL)
    assert (delivery.outcome, delivery.reason) == ("interrupted", "NO_ANSWER")
    assert len(waited) == QUICK.rounds


def test_a_printer_that_is_switched_off_is_unreachable():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound, but nobody listens
        port = TcpPrinter("127.0.0.1", taken.getsockname()[1], language="tspl", patience=QUICK)
        assert port.status() == Status("fault", "UNREACHABLE")
        delivery = port.deliver(LABEL)
    assert (delivery.outcome, delivery.reason) == ("not_started", "UNREACHABLE")

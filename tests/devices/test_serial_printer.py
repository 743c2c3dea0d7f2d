"""Printers on a serial plug and behind queues of the system, over real lines."""

import ctypes
import os

import pytest

from station_app.devices.printer import OK, UNKNOWN, Status
from station_app.devices.queue_printer import PartlySent, QueuePrinter, QueueState
from station_app.devices.serial_line import BadPlace, SerialPlace, parse_place
from station_app.devices.serial_printer import SerialPrinter
from station_app.devices.simulated_serial import SimulatedSerialPrinter
from station_app.devices.windows_printer import (
    JobInfo1,
    PrinterInfo2,
    PrinterInfo4,
    RawDocument,
    WindowsQueues,
    job_state,
    queue_state,
)
from tests.devices.jobs import JOBS, LABEL, QUICK, WIDTHS, long_slip

PRINTED = {"escpos": {"picture", "feed"}, "tspl": {"BITMAP", "PRINT"}, "zpl": {"GF"}}


def port_of(printer, language, flow="none", pauses=None):
    place = SerialPlace(printer.name, 115_200, flow=flow)
    pause = pauses.append if pauses is not None else lambda _: None
    return SerialPrinter(place, language=language, patience=QUICK, pause=pause)


@pytest.mark.parametrize("language", sorted(JOBS))
def test_a_job_over_a_serial_line_arrives_whole_and_the_printer_says_so(language):
    with SimulatedSerialPrinter(language, WIDTHS[language]) as printer:
        port = port_of(printer, language)
        assert port.status() == OK
        delivery = port.deliver(JOBS[language])
        assert (delivery.outcome, delivery.status) == ("sent", OK)
        assert not printer.rubbish
        assert PRINTED[language] <= set(printer.mechanism.commands)
        assert len(printer.papers) == (language != "escpos")  # a slip is cut by hand


def test_without_a_handshake_the_bytes_go_at_the_pace_of_the_line():
    with SimulatedSerialPrinter("escpos", 384) as printer:
        pauses: list[float] = []
        job = long_slip(200)
        port_of(printer, "escpos", pauses=pauses).deliver(job)
    assert sum(pauses) >= len(job) * 10 / 115_200


def test_an_open_cover_keeps_the_job_and_a_pulled_plug_is_named():
    with SimulatedSerialPrinter("tspl", 480) as printer:
        printer.mechanism.cover_open = True
        port = port_of(printer, "tspl")
        assert port.deliver(LABEL).reason == "COVER_OPEN"
        assert not printer.papers
        printer.unplug()
        assert port.status() == Status("fault", "UNREACHABLE")
        assert port.deliver(LABEL).outcome == "not_started"


@pytest.mark.parametrize("text", ["", "COM3,9601", "COM3,fast", "COM3,9600,9N1", "COM3,9600,8N1,x"])
def test_what_is_no_line_is_refused(text):
    with pytest.raises(BadPlace):
        parse_place(text)


def test_a_line_reads_back_as_it_was_written():
    place = SerialPlace("COM3", 2_400, "7O1", "rtscts")
    assert parse_place(str(place)) == place
    assert parse_place("COM3") == SerialPlace("COM3")


# --- Queues of the system ------------------------------------------------------------------------


class OneQueue:
    """A printing system with one queue, which a test stops, slows or tears down."""

    def __init__(self):
        self.now = QueueState()
        self.after = ["waits", "done"]
        self.breaks: Exception | None = None
        self.cancelled: list[str] = []

    def names(self):
        return ["label"]

    def state(self, name):
        return self.now if name == "label" else QueueState(is_there=False)

    def submit(self, name, job):
        if self.breaks:
            raise self.breaks
        return "1"

    def job(self, name, number):
        return self.after.pop(0) if len(self.after) > 1 else self.after[0]

    def cancel(self, name, number):
        self.cancelled.append(number)


ENDS = [  # how the queue is, what becomes of the job → how the delivery ends; taken back?
    (QueueState(), ["waits", "done"], None, ("sent", ""), False),
    (QueueState(), ["gone"], None, ("sent", ""), False),
    (QueueState(), ["waits", "failed"], None, ("interrupted", "OTHER"), True),
    (QueueState(), ["waits"], None, ("interrupted", "STALLED"), True),
    (QueueState(), ["done"], PartlySent("half"), ("interrupted", "CUT_OFF"), False),
    (QueueState(), ["done"], OSError("no"), ("not_started", "UNREACHABLE"), False),
    (QueueState(is_stopped=True), [], None, ("not_started", "QUEUE_STOPPED"), False),
    (QueueState(is_there=False), [], None, ("not_started", "NO_QUEUE"), False),
    (QueueState(reason="NO_PAPER"), [], None, ("not_started", "NO_PAPER"), False),
]


@pytest.mark.parametrize(("state", "after", "breaks", "end", "is_taken_back"), ENDS)
def test_how_a_job_on_a_queue_ends(state, after, breaks, end, is_taken_back):
    queues = OneQueue()
    queues.now, queues.after, queues.breaks = state, list(after), breaks
    delivery = QueuePrinter("label", queues, patience=QUICK, pause=lambda _: None).deliver(LABEL)
    assert (delivery.outcome, delivery.reason) == end
    assert bool(queues.cancelled) == is_taken_back


def test_a_queue_is_never_called_well():
    assert QueuePrinter("label", OneQueue()).status() == UNKNOWN


def test_the_structures_are_as_long_as_windows_has_them():
    """On a PC of 64 bits, from winspool.h: a field too short would shift every field behind it."""
    sizes = [ctypes.sizeof(kind) for kind in (RawDocument, PrinterInfo2, PrinterInfo4, JobInfo1)]
    assert sizes == [24, 136, 24, 96]


BITS = [
    (0, 0, QueueState()),
    (0x10, 0, QueueState(reason="NO_PAPER")),
    (0x400000 | 0x10, 0, QueueState(reason="COVER_OPEN")),
    (0x8, 0, QueueState(reason="JAM")),
    (0x1, 0, QueueState(reason="QUEUE_STOPPED")),
    (0x80, 0, QueueState(reason="UNREACHABLE")),
    (0, 0x400, QueueState(reason="UNREACHABLE")),
]


@pytest.mark.parametrize(("status", "attributes", "state"), BITS)
def test_what_the_bits_of_windows_mean(status, attributes, state):
    assert queue_state(status, attributes) == state


def test_what_the_bits_of_a_job_mean():
    assert [job_state(bits) for bits in (0x10, 0x80, 0x1000, 0x2, 0x104)] == [
        "waits", "done", "done", "failed", "failed",
    ]  # fmt: skip


def test_elsewhere_than_on_windows_its_spooler_has_no_queues():
    queues = WindowsQueues()
    if os.name != "nt":
        assert queues.names() == []
        assert QueuePrinter("label", queues).status() == Status("fault", "UNREACHABLE")

"""A printer behind a device file: a pseudo-terminal is one, with both directions."""

import os
import threading
import tty
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from station_app.devices.device_file_printer import DeviceFilePrinter
from station_app.devices.printer import OK, UNKNOWN, Status
from station_app.devices.simulated_paper import Mechanism
from station_app.devices.simulated_readers import READERS
from tests.devices.jobs import LABEL, QUICK, SLIP, is_gone

END = b"\x00end of test\x00"


@contextmanager
def plugged_in(
    language: str, width: int, *, mute: bool = False
) -> Iterator[tuple[Path, Mechanism]]:
    """A printer on a plug; its thread reads until the end of the test comes through the plug."""
    printer_side, pc_side = os.openpty()
    tty.setraw(pc_side)
    mechanism = Mechanism(width)

    def answer(said: bytes) -> None:
        if not mute:
            os.write(printer_side, said)

    reader = READERS[language](mechanism, answer)

    def work() -> None:
        while True:
            read = os.read(printer_side, 4_096)
            if END in read:
                reader.feed(read.split(END)[0])
                return
            reader.feed(read)

    thread = threading.Thread(target=work)
    thread.start()
    try:
        yield Path(os.ttyname(pc_side)), mechanism
    finally:
        os.write(pc_side, END)
        thread.join()
        os.close(printer_side)
        os.close(pc_side)


def printer_at(path: Path, language: str) -> DeviceFilePrinter:
    return DeviceFilePrinter(path, language=language, patience=QUICK, pause=lambda _: None)


def test_a_label_goes_through_the_file():
    with plugged_in("tspl", 480) as (path, mechanism):
        port = printer_at(path, "tspl")
        assert port.status() == OK
        for _ in range(2):
            assert port.deliver(LABEL).outcome == "sent"
    assert len(mechanism.papers) == 2


def test_paper_that_ends_is_heard_over_the_file():
    with plugged_in("escpos", 384) as (path, mechanism):
        mechanism.rows_left = 10
        delivery = printer_at(path, "escpos").deliver(SLIP)
    assert (delivery.outcome, delivery.reason) == ("interrupted", "NO_PAPER")


def test_a_mute_printer_is_unknown_and_printed_on():
    with plugged_in("tspl", 480, mute=True) as (path, mechanism):
        port = printer_at(path, "tspl")
        assert port.status() == UNKNOWN
        assert port.deliver(LABEL).outcome == "sent"
    assert len(mechanism.papers) == 1


def test_a_plug_that_is_not_there_is_unreachable(tmp_path):
    path = tmp_path / "lp0"
    port = printer_at(path, "tspl")
    assert port.status() == Status("fault", "UNREACHABLE")
    delivery = port.deliver(LABEL)
    assert (delivery.outcome, delivery.reason) == ("not_started", "UNREACHABLE")
    assert is_gone(path), "asking makes no file"


def test_a_printer_that_takes_nothing_is_an_interruption():
    printer_side, pc_side = os.openpty()
    tty.setraw(pc_side)
    try:
        port = printer_at(Path(os.ttyname(pc_side)), "tspl")
        delivery = port.deliver(LABEL * 400)
        assert (delivery.outcome, delivery.reason) == ("interrupted", "STALLED")
    finally:
        os.close(printer_side)
        os.close(pc_side)

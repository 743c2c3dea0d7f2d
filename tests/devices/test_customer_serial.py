"""Serial customer displays over a pseudo-terminal, read by a decoder that shares no code."""

import os
import pty
import re
import select
import termios
import tty

import pytest

from station_app.devices.customer_display import IDLE, CustomerLine, CustomerView
from station_app.devices.customer_serial import SerialDisplay, open_plug
from station_app.values.masks import Personal, mask_name

OPEN = CustomerView(
    Personal("王秀兰", mask_name), (CustomerLine("快递 B-2-08", 8_600),), total_fen=12_550
)
GIVEN = CustomerView(total_fen=12_550, given_fen=20_000)
CHANGE = CustomerView(total_fen=12_550, given_fen=20_000, change_fen=7_450, is_done=True)
REFUND = CustomerView(total_fen=-3_000, is_done=True)


class Pole:
    """What a pole display shows: CD5220 (ESC Q A/B … CR, FF) and the lights of an LED (ESC s n)."""

    TOKENS = re.compile(rb"\x1b@|\x0c|\x1bQ([AB])([^\r]*)\r|\x1bs([0-4])", re.DOTALL)

    def __init__(self):
        self.far, self.near = pty.openpty()
        tty.setraw(self.near)
        self.name = os.ttyname(self.near)
        self.kept = b""
        self.lines, self.light = {b"A": "", b"B": ""}, "0"

    def read(self):
        while select.select([self.far], [], [], 0.02)[0]:
            self.kept += os.read(self.far, 4_096)
        at = 0
        while found := self.TOKENS.match(self.kept, at):
            if found[1]:
                assert len(found[2]) <= 20, found
                self.lines[found[1]] = found[2].decode("gb18030")
            elif found[3]:
                self.light = found[3].decode()
            else:
                self.lines = {b"A": "", b"B": ""}
            at = found.end()
        self.kept = self.kept[at:]
        return [self.lines[b"A"], self.lines[b"B"]], self.light

    def until(self, lines, light="0"):
        for _ in range(200):
            if self.read() == (lines, light):
                return
        raise AssertionError(f"shows {self.lines}, light {self.light}, left {self.kept!r}")

    def close(self):
        os.close(self.near)
        os.close(self.far)


@pytest.fixture
def pole():
    made = Pole()
    yield made
    made.close()


@pytest.mark.parametrize(
    ("kind", "shown"),
    [
        (
            "vfd",
            [
                (OPEN, ["TOTAL         125.50", " " * 20]),
                (GIVEN, ["TOTAL         125.50", "PAID          200.00"]),
                (CHANGE, ["TOTAL         125.50", "CHANGE         74.50"]),
                (REFUND, ["REFUND         30.00", " " * 20]),
                (IDLE, [" " * 20, " " * 20]),
            ],
        ),
        (
            "vfd_gbk",
            [
                (OPEN, ["应收          125.50", " " * 20]),
                (CHANGE, ["应收          125.50", "找您           74.50"]),
                (IDLE, ["您好" + " " * 16, " " * 20]),
            ],
        ),
    ],
)
def test_two_lines_show_the_sum_and_what_comes_back(pole, kind, shown):
    display = SerialDisplay(kind, lambda: open_plug(pole.name, 9_600))
    pole.until([shown[-1][1][0], " " * 20])
    for view, lines in shown:
        display.show(view)
        pole.until(lines)
    display.close()


def test_eight_digits_show_the_amount_that_matters_and_its_light(pole):
    display = SerialDisplay("led8", lambda: open_plug(pole.name, 2_400))
    for view, digits, light in (
        (CustomerView(lines=(CustomerLine("土豆", 480),)), "4.80", "1"),
        (OPEN, "125.50", "2"),
        (GIVEN, "200.00", "3"),
        (CHANGE, "74.50", "4"),
        (REFUND, "30.00", "2"),
        (IDLE, "", "0"),
    ):
        display.show(view)
        pole.until([digits, ""], light)
    display.close()


@pytest.mark.long
def test_without_a_plug_nobody_waits_and_the_newest_view_is_shown_when_it_is_there(pole):
    tries = []

    def open_it():
        tries.append(1)
        if len(tries) == 1:
            raise OSError("not plugged in")
        if len(tries) == 2:
            raise termios.error(5, "Input/output error")  # pulled while it was set up
        return open_plug(pole.name, 9_600)

    display = SerialDisplay("vfd", open_it)
    display.show(OPEN)
    display.show(CHANGE)
    pole.until(["TOTAL         125.50", "CHANGE         74.50"])
    display.close()

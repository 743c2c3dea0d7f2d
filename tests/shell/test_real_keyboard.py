"""Real keys of a real X server: what a scanner does there is a scan, what a hand does is typing.

Offscreen tests make their own events; here they come through the platform plugin with the server's
own moments, as at a counter.
"""

import json
import os
import select
import shutil
import subprocess
import sys
from ctypes.util import find_library

import pytest

from tests.conftest import ROOT
from tests.shell.x_keyboard import Keyboard

WAIT_SECONDS = 15


class Screen:
    """An X server of its own with our window on it, and hands that press its keys."""

    def __init__(self):
        assert shutil.which("Xvfb"), "apt-get install xvfb"
        assert find_library("Xtst"), "apt-get install libxtst6"
        self.server, self.display = self._start_server()
        self.env = {
            **os.environ,
            "DISPLAY": self.display,
            "QT_QPA_PLATFORM": "xcb",
            "PYTHONPATH": str(ROOT),
            "QT_IM_MODULE": "compose",
        }
        self.program = subprocess.Popen(
            [sys.executable, "-m", "tests.shell.real_window"],
            env=self.env,
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            bufsize=0,
        )
        assert self.program.stdin is not None
        assert self.program.stdout is not None
        self.mouth, self.ear = self.program.stdin, self.program.stdout
        self.state: dict = {}
        self.until(lambda s: s["is_quiet"])
        self.keyboard = Keyboard(self.display)
        self.keyboard.focus(self.state["window"])
        self.until(lambda s: s["is_active"])

    def _start_server(self):
        end, other = os.pipe()
        server = subprocess.Popen(
            ["Xvfb", "-displayfd", str(other), "-screen", "0", "1366x768x24", "-noreset"],
            pass_fds=(other,),
            stderr=subprocess.DEVNULL,
        )
        os.close(other)
        said = b""
        while not said.endswith(b"\n"):  # it writes the number and the line's end one by one
            assert select.select([end], [], [], WAIT_SECONDS)[0], "the X server did not start"
            said += os.read(end, 16)
        os.close(end)
        return server, f":{int(said)}"

    def put_focus(self, where):
        self.mouth.write(where.encode() + b"\n")
        self.until(lambda s: s["focus"] == where)

    def until(self, ready):
        """Read what the window says until it is so, and quiet."""
        while not (self.state and ready(self.state) and self.state["is_quiet"]):
            has_line = select.select([self.ear], [], [], WAIT_SECONDS)[0]
            assert has_line, f"waited in vain; last: {self.state}"
            line = self.ear.readline()
            assert line, f"the window is gone; last: {self.state}"
            self.state = json.loads(line)
        return self.state

    def scan(self, text, gap_ms):
        self.keyboard.press(*text, "\r", wait_ms=gap_ms)

    def close(self):
        self.keyboard.close()
        self.mouth.close()
        self.program.wait(WAIT_SECONDS)
        self.ear.close()
        self.server.terminate()
        self.server.wait(WAIT_SECONDS)


@pytest.fixture
def screen():
    made = Screen()
    yield made
    made.close()


def test_scans_typing_and_keys_on_a_real_display(screen):
    scans = []
    for gap, text in ((0, "73000000000017"), (1, "JT3022981187609"), (10, "4603771408821")):
        screen.scan(text, gap)
        scans.append(text)
        screen.until(lambda s: s["scans"] == scans)
        assert (screen.state["paid"], screen.state["pay"]) == (0, "")

    screen.put_focus("money")
    screen.scan("73000000000024", 4)
    scans.append("73000000000024")
    state = screen.until(lambda s: s["scans"] == scans)
    assert (state["money"], state["paid"]) == ("", 0)

    screen.keyboard.press(*"72.50", wait_ms=130)
    state = screen.until(lambda s: s["money"] == "72.50")
    assert state["scans"] == scans

    screen.keyboard.chord("Alt_L", "2")
    assert screen.until(lambda s: s["pay"] == "scan")["money"] == "72.50"

    screen.keyboard.press("+")
    assert screen.until(lambda s: s["paid"] == 1)["money"] == "72.50"

    screen.put_focus("page")
    screen.keyboard.press("3")
    screen.until(lambda s: s["pay"] == "owe")
    screen.keyboard.press("\r")
    screen.until(lambda s: s["paid"] == 2)

    screen.keyboard.press("F1")
    screen.until(lambda s: s["key"] == "shell.help")
    screen.keyboard.press("Escape")
    screen.until(lambda s: s["key"] == "toys.shelf")

"""An X server of its own with our window on it, hands that press its keys, and an input method.

Keys pass the whole way: server, Qt's platform plugin, its input context, our filter. With `pinyin`
a real IBus daemon stands in between, with the input method that most Linux desktops have.
"""

import contextlib
import json
import os
import select
import shutil
import signal
import subprocess
import sys
from ctypes.util import find_library
from pathlib import Path

from tests import awaited
from tests.conftest import ROOT
from tests.shell.x_keyboard import Keyboard

WAIT_SECONDS = 30
PINYIN, ENGLISH = "libpinyin", "xkb:us::eng"


class InputMethod:
    """A real IBus daemon for one display, its settings in a folder of its own."""

    def __init__(self, display, home):
        assert shutil.which("ibus-daemon"), "apt-get install ibus-libpinyin"
        places = {"HOME": home, "XDG_CONFIG_HOME": home / "conf", "XDG_CACHE_HOME": home / "kept"}
        self.env = {**os.environ, **{key: str(path) for key, path in places.items()}}
        self.env |= {"DISPLAY": display, "QT_IM_MODULE": "ibus"}
        memory = next(Path("/usr/libexec").glob("**/ibus-memconf"))
        words = ["--panel=disable", f"--config={memory}", "--emoji-extension=disable"]
        self.daemon = subprocess.Popen(
            ["dbus-run-session", "--", "ibus-daemon", "--cache=none", "--verbose", *words],
            env=self.env,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        # The address file is how a client finds the daemon; ibus itself looks for it so.
        self.find = ["ibus", "address"]
        try:
            awaited.until(self._is_found, WAIT_SECONDS, "the input method")
        except awaited.Awaited:
            self.close()
            raise

    def _is_found(self):
        run = subprocess.run(self.find, env=self.env, check=False, capture_output=True)
        return b"unix:" in run.stdout

    def choose(self, engine):
        """Switch to an engine, as a person does with Ctrl+Space."""
        line = ["ibus", "engine"]
        subprocess.run([*line, engine], env=self.env, check=False, capture_output=True)
        said = subprocess.run(line, env=self.env, check=True, capture_output=True, text=True)
        assert said.stdout.strip() == engine, said

    def stall(self):
        """Let it hang, as it does on a PC that swaps."""
        self._tell(signal.SIGSTOP)

    def go_on(self):
        """Let it do what it has not done."""
        self._tell(signal.SIGCONT)

    def _tell(self, what):
        """Tell every process of its session: the daemon gives its engines a group of their own."""
        for process in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(ProcessLookupError):
                if os.getsid(int(process.name)) == self.daemon.pid:
                    os.kill(int(process.name), what)

    def close(self):
        self.go_on()
        os.killpg(self.daemon.pid, signal.SIGTERM)
        self.daemon.wait(WAIT_SECONDS)


class Screen:
    """An X server of its own with our window on it, and hands that press its keys."""

    def __init__(self, home=None):
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
        self.method = None if home is None else InputMethod(self.display, home)
        if self.method is not None:
            wanted = ("HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "QT_IM_MODULE")
            self.env |= {key: self.method.env[key] for key in wanted}
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
        if self.method is not None:
            self.method.close()
        self.mouth.close()
        self.program.wait(WAIT_SECONDS)
        self.ear.close()
        self.server.terminate()
        self.server.wait(WAIT_SECONDS)

"""Scanners that are no keyboards: a serial port (a pseudo-terminal is one), a grabbed Linux device,
Windows Raw Input. What comes out is whole codes, whatever the wire did to them.
"""

import os
import pty
import struct
import threading
import tty

import pytest
from hypothesis import given
from hypothesis import strategies as st

from station_app.devices.scanner_evdev import EVENT, EvdevScanner, KeyReader, keyboards
from station_app.devices.scanner_raw_input import PressedKey, RawInputScanner, key_of
from station_app.devices.scanner_serial import SerialScanner
from station_app.devices.scanner_source import CodeCutter, ScannerReader
from station_app.devices.scanner_twins import NO_TWINS, Twins

CODES = ["73000000000017", "JT3022981187609", "ZTO-7300 00", "HTTPS://S.EXAMPLE/T/1"]


class Plug:
    """The scanner's end of a serial cable."""

    def __init__(self):
        self.far, self.near = pty.openpty()
        tty.setraw(self.near)
        self.name = os.ttyname(self.near)

    def say(self, sent):
        os.write(self.far, sent)

    def pull(self):
        os.close(self.near)
        os.close(self.far)


class Heard:
    """What a reader told, waited for."""

    def __init__(self):
        self.codes, self.states = [], []
        self._came = threading.Condition()

    def code(self, code):
        with self._came:
            self.codes.append(code)
            self._came.notify_all()

    def state(self, state):
        with self._came:
            self.states.append(state)
            self._came.notify_all()

    def until(self, ready):
        with self._came:
            assert self._came.wait_for(ready, timeout=5), (self.codes, self.states)


@pytest.mark.parametrize("end", ["\r", "\r\n", "\t", "\x03", ""])
def test_a_serial_scanner_gives_whole_codes(end):
    plug, heard = Plug(), Heard()
    reader = ScannerReader(lambda: SerialScanner(plug.name), heard.code, heard.state)
    reader.start()
    heard.until(lambda: heard.states == ["ready"])
    for number, code in enumerate(CODES, start=1):
        plug.say((code + end).encode())
        heard.until(lambda count=number: len(heard.codes) == count)
    assert heard.codes == CODES
    plug.pull()
    heard.until(lambda: heard.states[-1] == "gone")
    reader.stop()


def test_a_port_that_is_not_there_and_one_that_somebody_has_are_told_apart():
    plug, heard = Plug(), Heard()
    first = SerialScanner(plug.name)
    taken = ScannerReader(lambda: SerialScanner(plug.name), heard.code, heard.state)
    taken.start()
    heard.until(lambda: heard.states)
    assert heard.states == ["busy"]
    taken.stop()
    first.close()
    plug.pull()
    nobody = Heard()
    absent = ScannerReader(lambda: SerialScanner("/dev/ttyNONE"), nobody.code, nobody.state)
    absent.start()
    nobody.until(lambda: nobody.states)
    assert nobody.states == ["gone"]
    absent.stop()


@given(st.lists(st.text("0123456789JTZ-", min_size=1), max_size=5), st.data())
def test_codes_are_whole_however_the_line_cuts_them(codes, data):
    cutter, found = CodeCutter(), []
    sent = b"".join(code.encode() + b"\r" for code in codes)
    while sent:
        size = data.draw(st.integers(1, len(sent)))
        found += cutter.feed(sent[:size])
        sent = sent[size:]
    assert found == codes


def test_a_qr_code_in_gb18030_is_read_and_endless_rubbish_stays_bounded():
    cutter = CodeCutter()
    assert cutter.feed("赤眉镇".encode("gb18030") + b"\r") == ["赤眉镇"]
    cutter.feed(b"x" * 100_000)
    assert len(cutter.pause()) < 400


# --- Linux ---------------------------------------------------------------------------------------

# The layout of the kernel's header, key by key, kept apart from the reader's own table.
KEYS = {
    **dict(zip("1234567890", range(2, 12), strict=True)),
    "-": 12,
    " ": 57,
    ":": 39,
    "/": 53,
    ".": 52,
}
KEYS |= dict(zip("QWERTYUIOP", range(16, 26), strict=True))
KEYS |= dict(zip("ASDFGHJKL", range(30, 39), strict=True))
KEYS |= dict(zip("ZXCVBNM", range(44, 51), strict=True))


def events(code, end=28):
    """What the kernel says of a scanner that types a code: scan code, key, report."""
    made = []
    for sign in code:
        shifted = sign.isupper() or sign == ":"
        made += [(1, 42, 1)] if shifted else []
        made += [(4, 4, KEYS[sign]), (1, KEYS[sign], 1), (0, 0, 0), (1, KEYS[sign], 0), (0, 0, 0)]
        made += [(1, 42, 0)] if shifted else []
    made += [(1, end, 1), (1, end, 0), (0, 0, 0)] if end else []
    return b"".join(struct.pack("@llHHi", 1, 2, *one) for one in made)


@pytest.mark.parametrize("end", [28, 96, 15])
def test_keys_of_a_grabbed_scanner_become_codes(end):
    reader = KeyReader()
    for code in CODES:
        assert reader.feed(events(code, end)) == [code]


def test_caps_lock_held_keys_and_the_separator_of_gs1():
    reader = KeyReader()
    caps = struct.pack("@llHHi", 0, 0, 1, 58, 1) + struct.pack("@llHHi", 0, 0, 1, 58, 0)
    assert reader.feed(caps + events("JT12")) == ["jt12"]
    held = b"".join(struct.pack("@llHHi", 0, 0, 1, 2, value) for value in (1, 2, 2, 2, 0))
    assert reader.feed(caps + held + events("")) == ["1"]
    control = [(29, 1), (27, 1), (27, 0), (29, 0)]
    packed = b"".join(struct.pack("@llHHi", 0, 0, 1, key, value) for key, value in control)
    assert reader.feed(events("01", 0) + packed + events("10")) == ["01\x1d10"]


@given(st.data())
def test_no_key_is_lost_where_reads_end_in_the_middle_of_an_event(data):
    sent, reader, found = events("JT3022981187609"), KeyReader(), []
    while sent:
        size = data.draw(st.integers(1, 2 * EVENT.size))
        found += reader.feed(sent[:size])
        sent = sent[size:]
    assert found == ["JT3022981187609"]


def test_a_scanner_is_read_through_a_real_file_that_cannot_be_grabbed_only_in_words(tmp_path):
    pipe = tmp_path / "event7"
    os.mkfifo(pipe)
    held = os.open(pipe, os.O_RDWR | os.O_NONBLOCK)
    with pytest.raises(OSError, match=r"ioctl|Invalid|Inappropriate"):
        EvdevScanner(str(pipe))
    scanner = EvdevScanner.__new__(EvdevScanner)
    scanner._reader, scanner._file = KeyReader(), os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    os.write(held, events("73000000000017"))
    assert [*scanner.read(1), *scanner.read(1)] == ["73000000000017"]
    os.write(held, events("7300", 0))
    assert scanner.read(1) == []
    assert scanner.read(0.01) == ["7300"]
    scanner.close()
    os.close(held)


def test_keyboards_are_listed_by_the_name_that_stays(tmp_path):
    for name in ("usb-Zebra_DS2208-event-kbd", "usb-Logitech_Mouse-event-mouse"):
        (tmp_path / name).touch()
    path = str(tmp_path / "usb-Zebra_DS2208-event-kbd")
    assert keyboards(tmp_path) == ((path, "Zebra DS2208"),)
    assert keyboards(tmp_path / "none") == ()


# --- Windows -------------------------------------------------------------------------------------


def packet(make, flags=0, kind=1, device=0x77):
    """A RAWINPUT of a 64-bit program: header, then RAWKEYBOARD."""
    return struct.pack("<IIQQHHHHII", kind, 40, device, 0, make, flags, 0, 0x41, 0x100, 0)


@pytest.mark.parametrize(
    ("made", "key"),
    [
        (packet(36), PressedKey(0x77, 36, 1)),
        (packet(36, 1), PressedKey(0x77, 36, 0)),
        (packet(28, 2), PressedKey(0x77, 96, 1)),
        (packet(42, 2), None),  # the shift that Windows makes up for an arrow
        (packet(72, 2), None),
        (packet(29, 4), None),
        (packet(36, kind=0), None),
        (b"", None),
    ],
)
def test_a_raw_packet_is_read(made, key):
    assert key_of(made) == key


def test_a_scan_that_comes_both_ways_counts_once_and_two_equal_goods_count_twice():
    twins = Twins()
    came = [("device", 0), ("keys", 30), ("device", 700), ("keys", 720), ("keys", 9_000)]
    assert [twins.is_second(way, "690123", at) for way, at in came] == [
        False, True, False, True, False,
    ]  # fmt: skip
    assert not any(NO_TWINS.is_second(way, "690123", at) for way, at in came)


def test_elsewhere_raw_input_says_that_it_is_of_windows():
    with pytest.raises(OSError, match="Windows"):
        RawInputScanner("x")

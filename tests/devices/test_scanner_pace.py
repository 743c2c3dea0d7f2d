"""Counting keys where no input method can eat them: bursts, hands, and the messages themselves."""

import struct

import pytest

from station_app.devices.scanner import Timing
from station_app.devices.scanner_pace import (
    LATE_MS,
    LEAST_PRESSES,
    Pace,
    RawKey,
    key_of_windows,
    key_of_x,
)


def pressed(gaps, timing=None, codes=None):
    pace, at = Pace(timing or Timing()), 1_000
    for number, gap in enumerate(gaps):
        at += gap
        code = codes[number] if codes else 10 + number % 10
        pace.take(RawKey(code, at, is_press=True, is_sign=True))
        pace.take(RawKey(code, at, is_press=False, is_sign=True))
    return pace


@pytest.mark.parametrize(
    ("gaps", "is_burst"),
    [
        ([0] * 15, True),
        ([50] * 15, True),
        ([51] * 15, False),
        ([10] * LEAST_PRESSES, True),
        ([10] * (LEAST_PRESSES - 1), False),
        ([10, 10, 10, 80, 10, 10, 10], False),  # a hand that rolls over three keys, twice
        ([10] * 8 + [90] + [10] * 6, True),  # a scanner that stumbles
    ],
)
def test_only_a_scanner_presses_so_many_keys_so_fast(gaps, is_burst):
    assert pressed(gaps).is_burst is is_burst


def test_whoever_types_pinyin_at_a_slow_scanner_is_no_scanner():
    assert not pressed([110] * 30, Timing(gap_ms=120, silence_ms=180)).is_burst


def test_a_key_held_down_is_one_press():
    pace = Pace(Timing())
    for at in range(0, 900, 30):
        pace.take(RawKey(38, at, is_press=True, is_sign=True))
    assert not pace.is_burst


def test_signs_that_did_not_arrive_are_missed_and_the_enter_is_the_scanners():
    pace = pressed([4] * 15)
    assert pace.has_lost(14)
    assert not pace.has_lost(15)
    assert pace.guards(pace.last_ms + 300)
    assert not pace.guards(pace.last_ms + 301)
    pace.forget()
    assert not pace.has_lost(0)
    assert not pace.guards(pace.last_ms)


def test_what_comes_late_of_a_refused_burst_is_known_by_when_it_was_pressed():
    pace = pressed([4] * 10)
    pace.refuse()
    for number in range(5):  # the scanner had not finished
        key = RawKey(30 + number, pace.last_ms + 4, is_press=True, is_sign=True)
        assert not pace.take(key)
    assert pace.awaits_hand
    assert pace.is_late(pace.last_ms)
    assert pace.is_late(1_004)
    assert not pace.is_late(pace.last_ms + 1)
    assert pace.guards(pace.last_ms + 300)
    assert not pace.guards(pace.last_ms + 301)
    assert not pace.is_late(pace.last_ms - LATE_MS - 1)  # the clock of X began anew

    last = pace.last_ms
    pace.take(RawKey(38, last + 101, is_press=True, is_sign=True))
    assert not pace.awaits_hand
    assert (pace.presses, pace.is_late(last), pace.is_late(last + 101)) == (1, True, False)


def x_event(kind, code, state=0):
    return struct.pack("<BBHIIIIhhhhHBx", kind, code, 7, 25_702_622, 1, 2, 3, 0, 0, 0, 0, state, 1)


def message(kind, code):
    """A Windows MSG of a 64-bit program, as its header lays it out."""
    return struct.pack("<QIxxxxQqIii", 0x1234, kind, code, 1, 25_702_622, 5, 5)


@pytest.mark.parametrize(
    ("event", "key"),
    [
        (x_event(2, 12), RawKey(12, 25_702_622, is_press=True, is_sign=True)),
        (x_event(0x82, 12), RawKey(12, 25_702_622, is_press=True, is_sign=True)),
        (x_event(3, 12), RawKey(12, 25_702_622, is_press=False, is_sign=True)),
        (x_event(2, 36), RawKey(36, 25_702_622, is_press=True, is_sign=False)),
        (x_event(2, 111), RawKey(111, 25_702_622, is_press=True, is_sign=False)),
        (x_event(2, 44, state=4), RawKey(44, 25_702_622, is_press=True, is_sign=False)),
        (x_event(12, 44), None),
    ],
)
def test_a_key_of_x_is_read(event, key):
    assert len(event) == 32
    assert key_of_x(event) == key


@pytest.mark.parametrize(
    ("event", "key"),
    [
        (message(0x100, 0x4A), RawKey(0x4A, 25_702_622, is_press=True, is_sign=True)),
        (message(0x100, 0xE5), RawKey(0xE5, 25_702_622, is_press=True, is_sign=True)),
        (message(0x101, 0x4A), RawKey(0x4A, 25_702_622, is_press=False, is_sign=True)),
        (message(0x100, 0x0D), RawKey(0x0D, 25_702_622, is_press=True, is_sign=False)),
        (message(0x0F, 0), None),
    ],
)
def test_a_message_of_windows_is_read(event, key):
    assert key_of_windows(event) == key

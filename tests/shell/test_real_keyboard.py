"""Real keys of a real X server: what a scanner does there is a scan, what a hand does is typing.

Offscreen tests make their own events; here they come through the platform plugin with the server's
own moments, as at a counter.
"""

import tempfile
from pathlib import Path

import pytest

from tests.shell.real_screen import ENGLISH, PINYIN, Screen


@pytest.fixture
def screen():
    made = Screen()
    yield made
    made.close()


def test_scans_typing_and_keys_on_a_real_display(screen):
    assert screen.state["size"] == [1366, 768]  # though no window manager is there to be asked
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


@pytest.fixture
def composing():
    """The daemon's socket lies in its home, and the path of a socket must be short."""
    with tempfile.TemporaryDirectory(prefix="im-", ignore_cleanup_errors=True) as home:
        made = Screen(Path(home))
        yield made
        made.close()


def scanned(screen, code, taken):
    """Scan into a field for Chinese as an operator does: what is refused is scanned again.

    On a busy machine the input method may be slower than a scanner's silence: refused in words.
    """
    before = screen.state["refused"]
    for times in range(1, 4):
        screen.scan(code, 4)
        state = screen.until(
            lambda s, times=times: s["refused"] == before + times or s["scans"] == taken
        )
        if state["scans"] == taken:
            return state
    raise AssertionError(f"refused three times: {screen.state}")


def test_pinyin_is_typed_and_a_scan_through_it_is_refused_whole(composing):
    """With libpinyin on, a scanned JT… typed JT into the name, or came as the number JT187609."""
    screen, keyboard = composing, composing.keyboard
    screen.put_focus("name")
    screen.method.choose(PINYIN)
    keyboard.press(*"zhang", "space", wait_ms=100)
    screen.until(lambda s: s["name"] == "章")
    keyboard.press(*"wei", "1", wait_ms=100)
    state = screen.until(lambda s: len(s["name"]) == 2)
    assert (state["scans"], state["toasts"]) == ([], [])
    name = state["name"]

    for number, gap in enumerate((4, 0, 15), start=1):
        screen.scan("JT3022981187609", gap)
        state = screen.until(lambda s, times=number: s["refused"] == times)
        assert (state["name"], state["scans"], state["paid"]) == (name, [], 0)
        assert state["toasts"] == ["输入法开着，码扫坏了。切到英文再扫"]

    # Digits pass an input method that composes nothing.
    state = scanned(screen, "73000000000017", ["73000000000017"])
    assert (state["name"], state["paid"]) == (name, 0)

    screen.put_focus("page")  # outside Chinese fields the input method has no say
    screen.scan("JT3022981187609", 4)
    state = screen.until(lambda s: s["scans"][1:] == ["JT3022981187609"])
    assert (state["name"], state["paid"]) == (name, 0)

    screen.put_focus("name")
    screen.method.choose(ENGLISH)
    taken = ["73000000000017", "JT3022981187609", "JT3022981187616"]
    scanned(screen, "JT3022981187616", taken)
    keyboard.press(*"li", wait_ms=100)
    state = screen.until(lambda s: s["name"] == name + "li")
    assert state["paid"] == 0
    keyboard.press("\r", wait_ms=400)
    screen.until(lambda s: s["paid"] == 1)


def test_a_scan_into_an_input_method_that_hangs_leaves_nothing_when_it_goes_on(composing):
    """JT3022981187609 was refused, and a second later the number JT187609 was taken after all."""
    screen = composing
    screen.put_focus("name")
    screen.method.choose(PINYIN)
    for number, gap in enumerate((4, 0, 15), start=1):
        screen.method.stall()
        screen.scan("JT3022981187609", gap)
        screen.until(lambda s, times=number: s["refused"] == times)
        screen.method.go_on()
        screen.keyboard.press("F1")  # comes after everything that the input method had kept
        screen.until(lambda s: s["key"] == "shell.help")
        screen.keyboard.press("Escape")
        state = screen.until(lambda s: s["key"] == "toys.shelf")
        told = (state["name"], state["scans"], state["refused"], state["paid"])
        assert told == ("", [], number, 0)
        screen.put_focus("name")

    screen.keyboard.press(*"zhang", "space", wait_ms=100)
    screen.until(lambda s: s["name"] == "章")

"""How large everything is drawn: chosen or by the screen, kept, never too large."""

import os
import subprocess
import sys

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from station_app.shell.scaling import FILE, keeper_of, kept_choice, scale_factor
from tests.conftest import ROOT
from tests.shell.shop import offer_of
from tests.shell.till import TillPage


@pytest.mark.parametrize(
    ("choice", "width", "height", "factor"),
    [
        ("auto", 1366, 768, 1.0),
        ("auto", 1920, 1080, 1.25),
        ("auto", 1679, 1050, 1.0),
        ("normal", 1920, 1080, 1.0),
        ("large", 1366, 768, 1.25),
        ("largest", 1920, 1080, 1.5),
        ("largest", 1366, 768, 1.33),
        ("largest", 1024, 600, 1.0),
        ("nonsense", 1366, 768, 1.0),
    ],
)
def test_the_scale_follows_the_choice_or_the_screen_and_pages_still_fit(
    choice, width, height, factor
):
    assert scale_factor(choice, width, height) == factor
    assert width / factor >= 1024
    assert height / factor >= 576


def test_a_choice_is_kept_for_the_next_start(tmp_path):
    assert kept_choice(tmp_path) == "auto"
    keeper_of(tmp_path)("large")
    assert kept_choice(tmp_path) == "large"


@pytest.mark.parametrize("content", [b"huge\n", b"", b"\xff\xfe\x00"])
def test_a_spoilt_file_counts_as_no_choice(tmp_path, content):
    (tmp_path / FILE).write_bytes(content)
    assert kept_choice(tmp_path) == "auto"


def run(program, **env):
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen", **env},
        capture_output=True,
        text=True,
        timeout=30,
        check=True,
    )
    return done.stdout.strip()


PROGRAM = """
from station_app.shell.scaling import apply_scale
factor = apply_scale("large")
from PySide6.QtWidgets import QApplication, QLabel
app = QApplication([])
label = QLabel("x")
label.show()
print(factor, label.devicePixelRatio())
"""


def test_the_application_that_is_made_next_has_the_scale():
    assert run(PROGRAM) == "1.0 1.0"  # the offscreen screen is 800 px wide: nothing larger fits


def test_whoever_sets_the_scale_himself_has_his_way():
    assert run(PROGRAM, QT_SCALE_FACTOR="1.5") == "1.5 1.5"


def test_the_help_page_offers_it(shop, shown):
    kept: list = []
    window = shop.window(offer_of(TillPage), scale_choice="normal", keep_scale=kept.append)
    hand = shown(window)
    hand.press("F1")
    scales = window.deck.current._scales
    assert scales.value() == "normal"
    QTest.mouseClick(scales.buttons[1], Qt.MouseButton.LeftButton)
    hand.press("3")
    assert kept == ["large", "largest"]
    assert window.toasts.toasts[-1].notice.words == shop.texts.say("shell.scale.kept")

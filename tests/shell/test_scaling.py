"""How large everything is drawn: chosen or by the screen, kept, never too large."""

import os
import subprocess
import sys

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from station_app.shell.scaling import FILE, Kept, ScreenScale, kept_in, scale_factor
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
    assert scale_factor(Kept(choice, width, height)) == factor
    assert width / factor >= 1024
    assert height / factor >= 576


def test_nothing_is_enlarged_on_a_screen_that_nobody_has_seen():
    assert scale_factor(Kept("largest")) == 1.0


def test_a_choice_is_kept_for_the_next_start_beside_the_screen(tmp_path, qapp):
    scale = ScreenScale(tmp_path)
    assert scale.choice == "auto"
    scale.remember(qapp.primaryScreen())
    assert scale.keep("large")
    size = qapp.primaryScreen().size()
    assert kept_in(tmp_path) == Kept("large", size.width(), size.height())
    scale.remember(qapp.primaryScreen())
    assert scale.choice == "large"


@pytest.mark.parametrize("content", [b"huge\n", b"", b"\xff\xfe\x00", b"large\n1920", b"x -1 2"])
def test_a_spoilt_file_counts_as_no_screen(tmp_path, content):
    (tmp_path / FILE).write_bytes(content)
    assert scale_factor(kept_in(tmp_path)) == 1.0


def run(program, folder, **env):
    done = subprocess.run(
        [sys.executable, "-c", program, str(folder)],
        cwd=ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen", **env},
        capture_output=True,
        text=True,
        timeout=30,
        check=True,
    )
    return done.stdout.strip()


PROGRAM = """
import sys
from pathlib import Path
from station_app.shell.scaling import ScreenScale, apply_scale, kept_in
apply_scale(Path(sys.argv[1]))
from PySide6.QtWidgets import QApplication, QLabel
app = QApplication([])
label = QLabel("x")
label.show()
ScreenScale(Path(sys.argv[1])).remember(label.screen())
print(label.devicePixelRatio(), kept_in(Path(sys.argv[1])).width)
"""


def test_the_next_start_has_the_scale_and_measures_the_same_screen_again(tmp_path):
    wide = int(run(PROGRAM, tmp_path).split()[1])  # 800 px: nothing larger fits
    (tmp_path / FILE).write_text("large\n1920 1080\n")
    assert run(PROGRAM, tmp_path) == f"1.25 {wide}"
    assert run(PROGRAM, tmp_path) == f"1.0 {wide}"


def test_whoever_sets_the_scale_himself_has_his_way(tmp_path):
    (tmp_path / FILE).write_text("large\n1920 1080\n")
    assert run(PROGRAM, tmp_path, QT_SCALE_FACTOR="1.5").startswith("1.5 ")


def test_the_help_page_offers_it_and_says_when_the_disk_takes_nothing(shop, shown, tmp_path):
    scale = ScreenScale(tmp_path)
    window = shop.window(offer_of(TillPage), scale=scale)
    hand = shown(window)
    hand.press("F1")
    scales = window.deck.current._scales
    assert scales.value() == "auto"
    QTest.mouseClick(scales.buttons[2], Qt.MouseButton.LeftButton)
    assert scale.choice == "large"
    hand.press("4")
    assert scale.choice == "largest"
    assert window.toasts.toasts[-1].notice.words == shop.texts.say("shell.scale.kept")
    (tmp_path / FILE).unlink()
    (tmp_path / FILE).mkdir()
    hand.press("1")
    assert window.toasts.toasts[-1].notice.words == shop.texts.say("shell.scale.not_kept")

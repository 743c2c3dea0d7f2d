"""Names in pinyin: their dictionary is loaded when first needed, and changes nothing else."""

import subprocess
import sys

from tests.house import ROOT


def test_garbage_is_looked_for_again_once_the_readings_are_loaded() -> None:
    """In a process of its own: in this one they may be loaded already."""
    asked = "import gc; from station_app.values.spelling import spell; "
    asked += "print(spell('王示兰').initials, gc.isenabled())"
    line = [sys.executable, "-c", asked]
    done = subprocess.run(line, cwd=ROOT, check=True, capture_output=True, encoding="utf-8")
    assert done.stdout.split() == ["wsl", "True"]

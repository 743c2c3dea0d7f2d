"""The bootstrap script, run for real: what it makes, what it leaves alone, how it says no."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
NOBODY = 65534
COMMANDS = ["run", "test", "check", "bench", "long", "promises", "package", "demo-server", "setup"]


def dev(*words: str, root: Path = ROOT) -> subprocess.CompletedProcess[str]:
    """Run the script of `root` to its end."""
    line = [sys.executable, str(root / "dev"), *words]
    return subprocess.run(line, capture_output=True, encoding="utf-8", check=False)


@pytest.fixture
def bare() -> Iterator[Path]:
    """A project with the script and no dependencies, in a folder that anybody may write."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        root = Path(folder)
        root.chmod(0o777)
        shutil.copy(ROOT / "dev", root)
        (root / "requirements").mkdir()
        (root / "requirements" / "test.txt").touch()
        yield root


def test_every_command_is_explained() -> None:
    shown = dev("--help").stdout
    listed = [line.split()[0] for line in shown.splitlines() if line.startswith("    ")]
    for command in COMMANDS:
        assert command in listed
        assert dev(command, "--help").returncode == 0


def test_an_unknown_command_is_refused_with_status_2() -> None:
    refused = dev("fly")
    assert refused.returncode == 2
    assert "fly" in refused.stderr


@pytest.mark.long
def test_the_environment_is_made_once_and_anew_when_it_is_not_whole(bare: Path) -> None:
    assert dev("setup", root=bare).returncode == 0
    mark = bare / ".venv" / "mark"
    mark.touch()
    assert dev("setup", root=bare).returncode == 0
    assert mark.exists(), "a whole environment is kept"
    (bare / ".venv" / "village-station.stamp").unlink()
    assert dev("setup", root=bare).returncode == 0
    assert not mark.exists(), "one without a stamp is made anew"
    mark.touch()
    (bare / "requirements" / "test.txt").write_text("iniconfig==2.3.1\n", "utf-8")
    refused = dev("setup", root=bare)
    assert not mark.exists(), "so is one made from other requirements"
    assert refused.returncode == 2, "a package without its hash is not installed"
    assert "requirements/test.txt" in refused.stderr
    assert not (bare / ".venv" / "village-station.stamp").exists()


@pytest.mark.long
def test_an_environment_that_is_a_link_is_made_here_and_left_alone_there(bare: Path) -> None:
    there = bare / "there"
    there.mkdir()
    (there / "mark").touch()
    (bare / ".venv").symlink_to(there)
    made = dev("setup", root=bare)
    assert made.returncode == 0, made.stderr
    assert not (bare / ".venv").is_symlink()
    assert (there / "mark").exists()


@pytest.mark.parametrize("command", ["setup", "test"])
def test_without_rights_the_exact_line_is_printed(bare: Path, command: str) -> None:
    """As somebody who is not root and has no sudo, on a machine without the tools."""
    other = NOBODY if os.geteuid() == 0 else None
    environment = {"PATH": str(bare / "no-tools"), "HOME": str(bare)}
    python = shutil.which("python3", path="/usr/bin") or sys.executable
    line = [python, str(bare / "dev"), command]
    refused = subprocess.run(
        line,
        env=environment,
        user=other,
        group=other,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert refused.returncode == 2
    last = refused.stderr.strip().splitlines()[-1]
    assert last.startswith("  sudo apt-get update && sudo apt-get install -y ")
    assert {"xvfb", "xauth", "strace", "tesseract-ocr", "tesseract-ocr-chi-sim"} <= set(
        last.split()
    )
    assert not (bare / ".venv").exists()


def test_a_folder_that_holds_something_else_is_left_alone(tmp_path: Path) -> None:
    letter = tmp_path / "letter.txt"
    letter.write_text("dear", "utf-8")
    refused = dev("demo-server", "--data", str(tmp_path))
    assert refused.returncode == 2
    assert str(tmp_path) in refused.stderr
    assert letter.read_text("utf-8") == "dear"

"""The first and the next start in real processes: with a Secret Service, and without any.

The hands are inside: a timer that types into the window that stands in front.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from station_app.security.key_store import DATABASE as DATABASE_KEY
from station_app.security.key_store import PlainFileStore, WrappedFileStore
from tests.proofs.kit import KEY, SeededChance, furnish
from tests.security.test_key_store import UNLOCKED, in_a_session

ROOT = Path(__file__).resolve().parents[2]
SECRET = "you tao gou 3000 mu"

HANDS = """
import json, sys
from pathlib import Path
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from station_app import key_start
from station_app.shell.application import make_application
from station_app.security.key_store import DATABASE

data, steps = Path(sys.argv[1]), json.loads(sys.argv[2])
application = make_application()
seen = []

def front():
    shown = [w for w in application.topLevelWidgets() if w.isVisible() and hasattr(w, "deck")]
    return shown[0].deck.current if shown else None

def work():
    page = front()
    if page is None or not steps or page.key != steps[0][0] or getattr(page, "_is_checking", 0):
        return
    name, deed, text = steps.pop(0)
    seen.append(name)
    if deed == "choose":
        page.choice.choose(text)
    elif deed == "type":
        for field in ("secret", "again"):
            line = getattr(getattr(page, field, None), "line", None)
            if line is not None:
                line.setText(text)
                line.textEdited.emit(text)
        page.primary()
    elif deed == "press":
        getattr(page, text)()
    elif deed == "close":
        page.window().close()

clock = QTimer(interval=30)
clock.timeout.connect(work)
clock.start()
store = key_start.keys_at_start(data)
held = store.get(DATABASE).hex() if store is not None and store.get(DATABASE) else ""
print(json.dumps([seen, type(store).__name__, held]))
"""


def start(data: Path, steps: list[list[str]], *, session: Path | None = None) -> list[object]:
    """Start as far as the keys; return the pages seen, the kind of place, the key in it."""
    line = [sys.executable, "-c", HANDS, str(data), json.dumps(steps)]
    if session is not None:
        ran = in_a_session(session, "bash", "-c", UNLOCKED, "sh", *line)
    else:
        kept = {n: v for n, v in os.environ.items() if not n.startswith(("DBUS", "DISPLAY"))}
        nobody = {"DBUS_SESSION_BUS_ADDRESS": f"unix:path={data.parent}/no"}
        ran = subprocess.run(
            line,
            cwd=ROOT,
            env={**kept, **nobody, "PYTHONPATH": str(ROOT), "QT_QPA_PLATFORM": "offscreen"},
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
    assert ran.returncode == 0, ran.stderr
    found: list[object] = json.loads(ran.stdout.splitlines()[-1])
    return found


CHOICE, ASKED = "overview.key_choice", "overview.passphrase"
GONE, RECOVERY = "overview.keyring_gone", "overview.recovery"


def test_with_a_secret_service_nothing_is_asked(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    assert start(tmp_path / "data", [], session=home) == [[], "KeyringStore", ""]
    assert not list(tmp_path.glob("data/*.key"))


def test_without_one_a_passphrase_is_chosen_and_asked_at_the_next_start(tmp_path: Path) -> None:
    data = tmp_path / "data"
    first = start(data, [[CHOICE, "type", SECRET]])
    assert first == [[CHOICE], "WrappedFileStore", ""]
    WrappedFileStore(data / "passphrase.key", SECRET, SeededChance(1)).put(DATABASE_KEY, KEY)
    furnish(data)
    wrong_then_right = [[ASKED, "type", "something else"], [ASKED, "type", SECRET]]
    assert start(data, wrong_then_right) == [[ASKED, ASKED], "WrappedFileStore", KEY.hex()]
    assert KEY.hex().encode() not in (data / "passphrase.key").read_bytes()


@pytest.mark.long
def test_a_file_is_made_only_by_choosing_it(tmp_path: Path) -> None:
    data = tmp_path / "data"
    closed = start(data, [[CHOICE, "close", ""]])
    assert closed == [[CHOICE], "NoneType", ""]
    assert not list(data.glob("*.key"))
    chosen = start(data, [[CHOICE, "choose", "file"], [CHOICE, "press", "primary"]])
    assert chosen == [[CHOICE, CHOICE], "PlainFileStore", ""]
    assert (data / "own.key").stat().st_mode & 0o777 == 0o600
    assert start(data, []) == [[], "PlainFileStore", ""]


def test_a_keyring_that_went_is_told_and_nothing_new_is_made(tmp_path: Path) -> None:
    data = tmp_path / "data"
    furnish(data)
    before = sorted(f.name for f in data.iterdir())
    again = start(data, [[GONE, "press", "primary"], [GONE, "close", ""]])
    assert again == [[GONE, GONE], "NoneType", ""]
    assert sorted(f.name for f in data.iterdir()) == before


@pytest.mark.parametrize("how", ["keyring", "forgotten"])
@pytest.mark.long
def test_the_way_by_the_county_begins_at_a_new_place_and_keeps_the_old_file(
    tmp_path: Path, how: str
) -> None:
    data = tmp_path / "data"
    furnish(data)
    steps = [[GONE, "press", "recover"]]
    if how == "forgotten":
        WrappedFileStore.create(data / "passphrase.key", "nobody knows it", SeededChance(1))
        steps = [[ASKED, "press", "forget"]]
    steps += [[CHOICE, "choose", "file"], [CHOICE, "press", "primary"], [RECOVERY, "close", ""]]
    pages = [step[0] for step in steps]
    assert start(data, steps) == [pages, "NoneType", ""]
    assert (data / "recovering" / "own.key").exists()
    assert not (data / "own.key").exists(), "it counts only once the county's answer was right"
    assert (data / "passphrase.key").exists() is (how == "forgotten")
    assert PlainFileStore(data / "recovering" / "own.key").get(DATABASE_KEY) is None

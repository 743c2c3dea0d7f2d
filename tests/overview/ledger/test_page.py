"""账本 by keys: days, accounts, trial balance, people, papers, day reports, files."""

import pytest

from station_app.shell.widgets.cells import spoken
from tests.conftest import ROOT
from tests.overview.ledger.worked import dressed_up, two_days
from tests.shell.measure import faults

PICTURES = ROOT / "build" / "pictures" / "ledger"
VIEWS = ("day", "account", "trial", "person", "paper", "report")


def rows(station):
    """What the list says, row by row, headings left out."""
    table = station.page.view.table
    return [[spoken(c) for c in row.cells] for row in table.rows_model.rows if not row.heading]


@pytest.fixture
def opened(station, tmp_path):
    """The page, two days worked, with a folder and a stick for files."""

    def make(size=(1366, 768), *, short_fen=0):
        shift = two_days(station, short_fen=short_fen)
        station.premises.signed_in.go()
        for name in ("docs", "stick"):
            (tmp_path / name).mkdir(exist_ok=True)
        places = (("文档/村站", tmp_path / "docs"), ("U 盘 KINGSTON", tmp_path / "stick" / "村站"))
        dressed_up(station, lambda: places)
        station.show_unlocked(size)
        station.press("F8")
        tabs = [tab.key for tab in station.window.book.tabs_of("overview.ledger")]
        station.press(f"Ctrl+{tabs.index('overview.ledger') + 1}")
        assert station.page.key == "overview.ledger"
        return shift

    return make


@pytest.mark.parametrize("size", [(1366, 768), (1366, 690)], ids=["full", "low"])
def test_every_view_fits(station, opened, size):
    opened(size, short_fen=1_200)
    PICTURES.mkdir(parents=True, exist_ok=True)
    for number, name in enumerate(VIEWS, 1):
        station.press(str(number))
        station.hand.settle()
        photograph(station, name)
    station.press("2", "Down", "Enter")
    photograph(station, "account_lines")
    station.press("4", "Enter")
    photograph(station, "person_lines")
    station.press("3", "F10")
    photograph(station, "files")


def photograph(station, name):
    window = station.window
    station.hand.settle()
    assert window.grab().save(str(PICTURES / f"{name}_{window.height()}.png"))
    found = faults(window)
    assert not found, "\n".join([name, *found])

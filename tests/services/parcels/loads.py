"""What the tests of loads share: a station as the county describes it, what is seen and printed."""

import os
from pathlib import Path

from station_app.reference.facts import StationDescribed


def seen(station, name):
    for height in (690, 768):
        station.window.resize(1366, height)
        station.hand.settle()
        station.assert_fits()
        if os.environ.get("SENSES_PICTURES"):
            station.picture(Path(os.environ["SENSES_PICTURES"]), f"{name}_{height}")


def papers(station, role="receipt"):
    return [doc for which, doc in station.shop.jobs() if which == role]


def described(code, level, parent, name, village=""):
    return StationDescribed(
        code=code, name=name, level=level, parent=parent, township="赤眉镇", village=village,
        status="active", shelves=4, layers=4, places=30, day="2025-11-25",
    )  # fmt: skip


def states(desk, column=-1):
    """Return the pills of a column of the list."""
    rows = desk.page.table.rows_model.rows
    return [row.cells[column].words for row in rows if row.cells[column] is not None]

"""The first day (开账) on the real window: two sheets and a scanner, counted key by key.

The minutes are an estimate by the keystroke-level model, for somebody who seldom types: what the
keys cost, a moment to think before each decision, the hand that takes a parcel and scans it, and
the villager who signs her slip.
"""

import os
from pathlib import Path

import pytest

from station_app.tour.script import parse
from tests.days.test_days import played
from tests.services.opening.books import xlsx
from tests.stage import DAYS, Stage, stage

DAY = "first_day.day"
KEY_SECONDS = 0.75  # KLM's K for a slow typist is 0.5 to 1.2
THINK_SECONDS = 1.35  # M: before every key that decides something
PARCEL_SECONDS = 7  # take it from the shelf, scan, stick the label, put it back
SIGN_SECONDS = 30  # read the slip and sign it
MINUTES_MAX = 30
DAY_SECONDS = 300  # sixty parcels, each typed as slowly as a hand does

NAMES = "蓝青紫红绿黄橙白黑灰棕金银铜铁"
PEOPLE = (
    ("姓名", "手机", "组"),
    *((f"马示{sign}", f"1550000{3100 + n}", f"{n % 3 + 1}组") for n, sign in enumerate(NAMES)),
)
DEBTS = (
    ("类别", "姓名", "手机", "快递公司", "金额", "备注"),
    *(("农户货款", f"马示{NAMES[n]}", 3100 + n, "", 100 + n, "红薯") for n in range(6)),
    *(("乡亲欠站里", f"马示{NAMES[n]}", 3100 + n, "", 20.5, "化肥") for n in range(6, 9)),
    ("代收货款", "", "", "中通快递", 286, ""),
    ("欠县里", "", "", "", 500, "十月缴款"),
    ("县里欠站里", "", "", "", 60, "九月服务费"),
)


@pytest.fixture
def station(pristine: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    downloads = tmp_path / "home" / "Downloads"
    downloads.mkdir(parents=True)
    for age, (name, rows) in enumerate((("村民.xlsx", PEOPLE), ("欠账.xlsx", DEBTS))):
        (downloads / name).write_bytes(xlsx(rows))
        os.utime(downloads / name, (1_795_000_000 - age, 1_795_000_000 - age))
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    with stage(pristine, tmp_path) as made:
        yield made


@pytest.mark.timeout(360)
def test_the_first_day_in_counted_keys(station: Stage) -> None:
    summary = played(station, DAY, DAY_SECONDS)
    _books_are_as_written_by_hand(station)
    _nobody_is_told_twice(station)
    closed = station.ask("SELECT number, counted_fen, difference_fen FROM shifts")
    assert closed == [(1, 30_000, 0)], "the first Z closes without overage"
    keys, scans = summary["figures"]["按键 / 扫码"].split(" / ")
    minutes = estimate(int(keys), int(scans))
    print(f"first day: {keys} keys, {scans} scans, {minutes:.1f} minutes")
    assert int(scans) == 60
    assert int(keys) <= 340
    assert minutes <= MINUTES_MAX


def estimate(keys: int, scans: int) -> float:
    """Return how many minutes the whole day takes somebody who seldom types."""
    presses = sum(step.verb == "press" for step in parse((DAYS / DAY).read_text("utf-8")))
    slips = len(DEBTS) - 1 + 3 + 1
    seconds = keys * KEY_SECONDS + (presses + scans) * THINK_SECONDS
    return (seconds + scans * PARCEL_SECONDS + slips * SIGN_SECONDS) / 60


def _books_are_as_written_by_hand(station: Stage) -> None:
    rows = station.ask(
        "SELECT account, amount FROM balances WHERE commodity = 'CNY' AND amount != 0"
    )
    sums: dict[str, int] = {}
    for account, amount in rows:
        head = ":".join(account.split(":")[:3]) if account.startswith("Liab") else account
        head = "Assets:Receivable" if account.startswith("Assets:Receivable") else head
        sums[head] = sums.get(head, 0) + amount
    assert sums == {
        "Assets:Drawer:D1": 30_000,
        "Assets:Safe": 150_000,
        "Assets:WeChat": 8_850,
        "Assets:Receivable": 6_150,
        "Liabilities:Held:Grower": -61_500,
        "Liabilities:Held:COD": -28_600,
        "Liabilities:County": -44_000,
        "Equity:Opening": -60_900,
    }
    assert station.ask("SELECT sum(amount) FROM balances WHERE commodity = 'CNY'") == [(0,)]


def _nobody_is_told_twice(station: Stage) -> None:
    rows = station.ask("SELECT told_count, status, count(*) FROM parcels GROUP BY 1, 2")
    assert rows == [(1, "on_hand", 60)]
    assert station.ask("SELECT status FROM openings") == [("finished",)]

"""The start check: which signs are told, how urgent they are, and what keeps the door shut."""

import pytest

from station_app.overview.check_words import finding_words
from station_app.overview.examination import (
    CLOCK_DIFFERS_MS,
    CUT_OFF,
    DISK_LOW_BYTES,
    DISK_STOP_BYTES,
    LATER,
    RENEWED,
    STOP,
    TODAY,
    PrinterSign,
    ScaleSign,
    Signs,
    examine,
)
from station_app.overview.moments import HOUR_MS
from station_app.values.day import DAY_MS

BUILT = 1_760_000_000_000
NOW = BUILT + 30 * DAY_MS
GOOD = Signs(now_ms=NOW, built_ms=BUILT, facts=12_165, last_fact_ms=NOW - HOUR_MS)


def signs(**changed):
    values = {name: getattr(GOOD, name) for name in Signs.__slots__}
    return Signs(**{**values, **changed})


def told(**changed):
    return [(finding.name, finding.urgency) for finding in examine(signs(**changed)).findings]


def test_a_pc_in_order_is_told_nothing():
    found = examine(GOOD)
    assert found.findings == ()
    assert [finding.name for finding in found.fine] == ["books", "clock", "disk"]
    assert found.may_open


@pytest.mark.parametrize(
    ("changed", "finding"),
    [
        ({"county_ms": NOW + 3 * DAY_MS}, ("clock_slow", STOP)),
        ({"county_ms": NOW - 3 * DAY_MS}, ("clock_fast", STOP)),
        ({"now_ms": BUILT - 1, "last_fact_ms": 0}, ("clock_senseless", STOP)),
        ({"now_ms": 4_102_444_800_001}, ("clock_senseless", STOP)),
        ({"last_fact_ms": NOW + 2 * DAY_MS}, ("clock_behind", STOP)),
        ({"last_fact_ms": NOW - 60 * DAY_MS, "built_ms": 1}, ("clock_ahead", TODAY)),
        ({"put_back": True, "missing": 12}, ("put_back", TODAY)),
        ({"put_back": True}, ("put_back_unknown", TODAY)),
        ({"apart": RENEWED}, ("cloned", TODAY)),
        ({"apart": CUT_OFF}, ("cut_off", TODAY)),
        ({"free_bytes": DISK_STOP_BYTES - 1}, ("disk_full", STOP)),
        ({"free_bytes": DISK_LOW_BYTES - 1}, ("disk_low", LATER)),
        ({"backup_ms": NOW - 4 * DAY_MS}, ("backup_old", LATER)),
        ({"printers": (PrinterSign("label", "fault", "JAM"),)}, ("printer_trouble", TODAY)),
    ],
)
def test_each_bad_sign_is_told_once_and_bars_nothing(changed, finding):
    assert told(**changed) == [finding]
    assert examine(signs(**changed)).may_open


@pytest.mark.parametrize(
    "changed",
    [
        {"county_ms": NOW + CLOCK_DIFFERS_MS},
        {"last_fact_ms": NOW + HOUR_MS},
        {"last_fact_ms": 0},
        {"backup_ms": NOW - DAY_MS},
        {"free_bytes": DISK_LOW_BYTES},
        {"printers": (PrinterSign("receipt", "unknown"), PrinterSign("label", "ok"))},
    ],
)
def test_what_is_within_bounds_is_not_told(changed):
    assert told(**changed) == []


def test_the_county_is_believed_before_the_journal():
    assert told(county_ms=NOW, last_fact_ms=NOW + 2 * DAY_MS) == [("clock_behind", STOP)]
    assert told(county_ms=NOW + DAY_MS, last_fact_ms=NOW + DAY_MS) == [("clock_slow", STOP)]


def test_the_most_urgent_stands_first():
    names = told(
        free_bytes=DISK_LOW_BYTES - 1,
        put_back=True,
        missing=3,
        county_ms=NOW + DAY_MS,
    )
    assert [name for name, _ in names] == ["clock_slow", "put_back", "disk_low"]


def test_a_damaged_database_is_named_alone_and_keeps_the_door_shut():
    found = examine(signs(damaged="journal.db", damage="malformed", county_ms=NOW + DAY_MS))
    assert [finding.name for finding in found.findings] == ["damaged"]
    assert found.findings[0].slots["file"] == "journal.db"
    assert found.fine == ()
    assert not found.may_open


@pytest.mark.parametrize(
    ("scale", "finding"),
    [
        (ScaleSign("empty", "2026-12-20", 31), None),
        (ScaleSign("steady", "2026-12-20", 30), ("scale_due", LATER)),
        (ScaleSign("empty", "2026-12-20", 0), ("scale_due", LATER)),
        (ScaleSign("empty", "2026-12-20", -1), ("scale_overdue", TODAY)),
        (ScaleSign("gone"), ("scale_trouble", TODAY)),
        (ScaleSign("silent"), ("scale_trouble", TODAY)),
        (ScaleSign("overload"), None),
        (ScaleSign("none"), None),  # its line has just been opened
    ],
)
def test_a_scale_is_watched_for_its_verification(texts, scale, finding):
    assert told(scale=scale) == ([finding] if finding else [])
    examined = examine(signs(scale=scale))
    assert examined.may_open
    for found in examined.findings:
        assert found.action == "scale"
        assert finding_words(texts, found, NOW)["action"]


@pytest.mark.parametrize(("state", "said"), [("empty", ["scale"]), ("none", [])])
def test_a_scale_that_has_not_been_heard_yet_is_not_called_well(state, said):
    fine = [finding.name for finding in examine(signs(scale=ScaleSign(state))).fine]
    assert [name for name in fine if name == "scale"] == said

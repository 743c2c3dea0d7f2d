"""Master data that begins on a later day: planned, heard by a station, taken back."""

from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import msgspec
import pytest

from county_server.desks.master.drafts import KINDS
from county_server.schema import EVERYWHERE
from station_app.journal.log import Connection
from station_app.reference import goods_records
from station_app.reference import records as reference
from station_app.reference.platforms import Platform
from station_app.reference.produce_records import rules, sort_of
from station_app.reference.settings import COUNTY_PHONE
from tests.county_server.finance_story import Office, county_facts, open_till, post, seen
from tests.county_server.test_master_page import URL, bring, demo, office, publish, typed_row
from tests.sync.stand import STATION, converse, direct

__all__ = ["office"]
LATER = {
    "couriers.csv": ({"return_days": "4", "call_days": "4"}, "ZTO"),
    "order_terms.csv": ({"fee_bp": "300"}, "all"),
}


@pytest.mark.parametrize("sheet", LATER)
def test_couriers_and_terms_hold_from_their_day_on(
    office: Office, tmp_path: Path, sheet: str
) -> None:
    """As prices, billers and zones do; a sheet without a day says what an older program reads."""
    typed, code = LATER[sheet]
    page = f"{URL}{sheet}&code={code}"
    bring(office, sheet, demo(sheet))
    publish(office, sheet)
    row = typed_row(office["P01"].page(page))
    post(office["P01"], page, "/master/row", row | typed | {"from_day": "1.12"})
    assert "2026-12-01" in seen(office["P01"].page(f"{URL}{sheet}")), "how a day is written"
    post(office["P01"], page, "/master/row", row | typed | {"from_day": "2026-12-20"})
    assert "从哪天起 → 2026-12-20" in seen(office["P01"].page(f"{URL}{sheet}"))
    publish(office, sheet)
    till = open_till(office, tmp_path / "pc")
    converse(till.pc, direct(office.county))

    def holds() -> list[int]:
        days = ("2026-12-19", "2026-12-20")
        if sheet == "order_terms.csv":
            return [goods_records.order_terms(till.pc.reader, day).fee_bp for day in days]
        found = [reference.courier_rules(till.pc.reader, day) for day in days]
        return [one.return_days for rules in found for one in rules if one.code == code]

    before, after = holds()
    assert (before, after) in ((7, 4), (200, 300))
    versions = [fact.v for fact in county_facts(office.county, KINDS[sheet].KIND, EVERYWHERE)]
    assert (set(versions[:-1]), versions[-1]) == ({1}, 2)
    bring(office, sheet, demo(sheet))
    publish(office, sheet)
    converse(till.pc, direct(office.county))
    assert holds() == [before, before], "the plan was taken back"
    post(office["P01"], page, "/master/row", row | typed | {"from_day": "2026-01-01"})
    publish(office, sheet)
    post(office["P01"], page, "/master/row", row | typed)
    told = seen(office["P01"].page(f"{URL}{sheet}"))
    assert "没有要发的" in told, "what has begun is the same without its day"
    till.pc.close()


def cut_off(reader: Connection, day: str) -> str:
    rows = reader.execute("SELECT data FROM states WHERE kind = 'platform'").fetchall()
    known = [msgspec.json.decode(bytes(data), type=Platform) for (data,) in rows]
    return next(one.on(day) for one in known if one.name == "京东")


def sort_on(reader: Connection, day: str) -> tuple[int, str]:
    sort = sort_of(reader, "10001", day)
    assert sort is not None
    return sort.price_fen, "|".join(grade.name for grade in sort.grades)


PLANNED: dict[str, tuple[str, dict[str, str], Callable[[Connection, str], Any], Any, Any]] = {
    "produce.csv": (
        "10001", {"typical_price_fen_per_unit": "900", "grades": "特级|一级|二级",
                  "grade_price_pct": "100|85|65"},
        sort_on, (800, "特级|一级|二级|等外"), (900, "特级|一级|二级"),
    ),
    "produce_rules.csv": (
        "check.interval", {"value": "warn"},
        lambda reader, day: rules(reader, day)["check.interval"], "block", "warn",
    ),
    "settings.csv": (
        "county.phone|", {"value": "154 0000 0999"},
        lambda reader, day: reference.read_setting(reader, COUNTY_PHONE, STATION, day),
        "154 0000 0110", "154 0000 0999",
    ),
    "platforms.csv": ("京东", {"cutoff": "16:30"}, cut_off, "12:00", "16:30"),
}  # fmt: skip


def test_produce_rules_settings_and_cut_offs_hold_from_their_day_on(
    office: Office, tmp_path: Path
) -> None:
    """Each is planned on the page, heard by a station, and taken back by the sheet without it."""
    for sheet, (key, typed, *_) in PLANNED.items():
        bring(office, sheet, demo(sheet))
        publish(office, sheet)
        page = f"{URL}{sheet}&code={quote(key)}"
        row = typed_row(office["P01"].page(page)) | typed
        post(office["P01"], page, "/master/row", row | {"from_day": "2026-12-20"})
        assert "从哪天起 → 2026-12-20" in seen(office["P01"].page(f"{URL}{sheet}")), sheet
        publish(office, sheet)
        versions = [fact.v for fact in county_facts(office.county, KINDS[sheet].KIND, EVERYWHERE)]
        assert (set(versions[:-1]), versions[-1]) == ({1}, 2), sheet
    till = open_till(office, tmp_path / "pc")

    def held() -> dict[str, tuple[Any, Any]]:
        converse(till.pc, direct(office.county))
        days = ("2026-12-19", "2026-12-20")
        return {
            sheet: (ask(till.pc.reader, days[0]), ask(till.pc.reader, days[1]))
            for sheet, (_, _, ask, *_) in PLANNED.items()
        }

    assert held() == {sheet: (was, then) for sheet, (*_, was, then) in PLANNED.items()}
    assert "2026-12-20 起 16:30" in seen(office["P01"].page("/orders/cutoffs"))
    for sheet, (key, *_) in PLANNED.items():
        bring(office, sheet, demo(sheet))
        publish(office, sheet)
        page = f"{URL}{sheet}&code={quote(key)}"
        row = typed_row(office["P01"].page(page)) | {"from_day": "2026-01-01"}
        post(office["P01"], page, "/master/row", row)
        told = seen(office["P01"].page(f"{URL}{sheet}"))
        assert "没有要发的" in told, "what has begun is the same with its day"
    assert held() == {sheet: (was, was) for sheet, (*_, was, _) in PLANNED.items()}
    till.pc.close()

"""Master data that begins on a later day: planned, heard by a station, taken back."""

from pathlib import Path

import pytest

from county_server.desks.master.drafts import KINDS
from county_server.schema import EVERYWHERE
from station_app.reference import goods_records
from station_app.reference import records as reference
from tests.county_server.finance_story import Office, county_facts, open_till, post, seen
from tests.county_server.test_master_page import URL, bring, demo, office, publish, typed_row
from tests.sync.stand import converse, direct

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

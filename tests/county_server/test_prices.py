"""The page of prices by grade and day, and the list of sealed samples."""

from typing import Any

import pytest

from county_server.desks.hub import prices
from county_server.desks.hub.prices import Deal, Listed, lines_of
from county_server.desks.master.history import Step
from county_server.scribe import EVERYBODY, Scribe
from station_app.journal.fact import Saying
from station_app.reference.facts import GradeTerm, ProducePublished, ProduceTermsPublished
from station_app.services.cash.facts import PaymentGiven, PaymentTaken, Tender
from station_app.services.consignment.facts import LotBought, LotSold, Weighing
from station_app.services.quality.facts import LotTested
from station_app.services.sales.facts import GrowerShare, ReturnedShare, SaleMade, SaleReturned
from tests.county_server.finance_story import Office, Till, post, seen
from tests.county_server.hub_story import CODE, grower, lot, receive, send
from tests.sync.stand import DAY, STATION, folded_here, folded_there

LISTED = Listed((Step("2026-11-01", 1_000), Step("2026-11-20", 1_200)), {"特级": 100, "一级": 80})


def test_prices_are_means_by_weight_with_the_published_one_beside() -> None:
    deals = (
        Deal("2026-11-24", "一级", prices.COUNTER, 1_000, 900),
        Deal("2026-11-24", "一级", prices.COUNTER, 3_000, 3_300),
        Deal("2026-11-24", "特级", prices.ONLINE, 2_000, 2_520),
        Deal("2026-11-10", "一级", prices.BOUGHT, 500, 333),
        Deal("2026-11-24", "外", prices.NET, 3, 100),
    )
    lines = lines_of(deals, LISTED, by_month=False)
    assert [(one.when, one.grade, one.listed_fen) for one in lines] == [
        ("2026-11-24", "特级", 1_200), ("2026-11-24", "一级", 960), ("2026-11-24", "外", 1_200),
        ("2026-11-10", "一级", 800),
    ]  # fmt: skip
    best, first, rest, before = lines
    assert first.means[prices.COUNTER].price_fen("gram") == 1_050, "4 kg for 42.00"
    assert first.beyond(prices.COUNTER, "gram") == 94, "9.4 per cent above 9.60"
    assert best.beyond(prices.ONLINE, "gram") == 50
    assert before.means[prices.BOUGHT].price_fen("gram") == 666
    assert rest.means[prices.NET].price_fen("piece") == 33
    assert first.beyond(prices.BOUGHT, "gram") is None
    months = lines_of(deals, LISTED, by_month=True)
    assert [(one.when, one.grade) for one in months][:2] == [
        ("2026-11", "特级"),
        ("2026-11", "一级"),
    ]
    assert months[1].listed_fen == 960, "as it stood on the last day of a deal"


@pytest.fixture
def listed(office: Office) -> None:
    """The county has published a price and grades."""
    county = office.county
    sort = ProducePublished(
        code="10018", name="猕猴桃", initials="mht", category="水果", unit="gram", word="个",
        floor_fen=500, price_fen=1_000, commission_bp=800, keeps_days=20, day="2026-11-01",
    )  # fmt: skip
    terms = ProduceTermsPublished(
        code="10018",
        grades=(GradeTerm(name="特级", percent=100), GradeTerm(name="一级", percent=80)),
        months=(), promise=0, document="", day="2026-11-01",
    )  # fmt: skip
    with county.store.write() as connection:
        scribe = Scribe(county.store, connection, county.keys, county.chance)
        scribe.say(EVERYBODY, [Saying(sort), Saying(terms)], by="C01", at=county.clock.now_ms())
        scribe.seal()


def sold_at_the_counter(till: Till, person: str, one: str, day: str = DAY) -> None:
    """2 kg are sold for 17.00, and half of it comes back."""
    share = GrowerShare(
        person=person, quantity=2_000, amount_fen=1_700, commission_bp=800, guaranteed_fen=0,
        is_net=0,
    )  # fmt: skip
    sale = SaleMade(
        ownership="consigned", lot=one, product="10018", unit="gram", quantity=2_000,
        price_fen=850, amount_fen=1_700, discount_fen=0, reason="", consent="", round_off_fen=0,
        shares=(share,), slip=1, day=day,
    )  # fmt: skip
    made = till.pc.say(
        Saying(LotSold(quantity=2_000, cost_fen=0, day=DAY), entity=one),
        Saying(sale),
        Saying(paid(PaymentTaken, 1_700, change_fen=0, round_off_fen=0)),
    ).facts[1]
    returned = ReturnedShare(
        person=person, quantity=1_000, amount_fen=850, commission_fen=0, top_up_fen=0
    )
    back = SaleReturned(
        ownership="consigned", quantity=1_000, amount_fen=850, discount_fen=0, round_off_fen=0,
        reason="other", shares=(returned,), slip=2, day=DAY,
    )  # fmt: skip
    till.pc.say(Saying(back, entity=made.identity), Saying(paid(PaymentGiven, 850)))


def paid(kind: Any, fen: int, **more: int) -> Any:
    return kind(
        due_fen=fen, tenders=(Tender(way="cash", amount_fen=fen),), shift="", day=DAY, **more
    )


@pytest.mark.usefixtures("listed")
def test_what_a_sort_fetched_stands_by_grade_and_day(office: Office, till: Till) -> None:
    assert "没有收过、卖过货" in seen(office["H01"].page("/hub/prices"))
    person = grower(till)
    one = lot(till, person)
    sold_at_the_counter(till, person, one)
    sold_at_the_counter(till, person, one, "2026-08-01")
    bought = LotBought(
        code="", produce="10018", grade="特级", unit="gram", quantity=4_000, person=person,
        weighing=Weighing(gross_grams=0, tare_grams=0, deducted_grams=0, frame=""), price_fen=700,
        paid_fen=0, owed_fen=2_800, opening_fen=0, harvest_day="", slip=3, day=DAY,
    )  # fmt: skip
    till.pc.say(Saying(bought))
    receive(office, send(till, (one, 10_000)), got_0="10")
    till.send()
    order = {"price": "15.60", "station": "5", "county": "3", "act": "sell",
             f"use_{STATION}_{one}": "10"}  # fmt: skip
    post(office["F01"], "/hub/sales", "/hub/sales", order)
    page = seen(office["H01"].page("/hub/prices"))
    # 10.00 by the county's grade; 8.50 at the counter, 15.60 online, of which 8 % are taken
    for words in ("猕猴桃", "特级 ¥10.00 ¥7.00 4.000 公斤", "一级 ¥8.00 — ¥8.50 +6.2% 1.000 公斤",
                  "¥15.60 +95.0% 10.000 公斤", "¥14.35 10.000 公斤"):  # fmt: skip
        assert words in page, words
    assert "王" not in page
    assert "¥8.50" in page[page.index("一级") :]
    assert page.count("¥8.50") == 1, "summer is not of this month"
    year = seen(office["C01"].page("/hub/prices?span=year&produce=10018"))
    for words in ("2026-11", "2026-08"):
        assert words in year, words
    office["T01"].get("/hub/prices", 403)


def test_a_sealed_sample_is_found_by_its_number_and_by_the_label(
    office: Office, till: Till
) -> None:
    assert "还没有封样" in seen(office["H01"].page("/hub/samples"))
    one = lot(till, grower(till))
    test = LotTested(
        lab="县检测站", item="毒死蜱", limit="1.00", value="0.02", is_passed=1, report="NJ-1187",
        sample="FY-26-031", day=DAY,
    )  # fmt: skip
    till.pc.say(Saying(test, entity=one))
    unsealed = LotTested(
        lab="", item="多菌灵", limit="", value="", is_passed=1, report="", sample="", day=DAY
    )
    till.pc.say(Saying(unsealed, entity=one))
    till.send()
    for find in ("", "fy-26-031", "NJ-1187", CODE, "0601-261125-017"):
        page = seen(office["H01"].page(f"/hub/samples?find={find}"))
        for words in ("封样 1 份", "FY-26-031", "毒死蜱", "合格", "NJ-1187", "0601-261125-017"):
            assert words in page, (find, words)
        assert "多菌灵" not in page
    assert "没有找到「FY-9」" in seen(office["H01"].page("/hub/samples?find=FY-9"))
    assert folded_here(till.pc) == folded_there(office.county, STATION)

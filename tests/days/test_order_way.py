"""One order from the counter to the county's desk and back, in two real programs and a browser.

The station's own window is played by keys, the desk's pages are used in Chromium meanwhile. After
every step the money of the order adds up on both sides, and both sides hold the same.
"""

import io
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from county_server.county import County
from station_app.ledger.accounts import COUNTY_CURRENT, FEE_PURCHASE, held_prepayment, refund_due
from station_app.ledger.posting import CNY
from tests.awaited import until
from tests.county_server.browsing import PASSWORD
from tests.county_server.conftest import chromium as chromium
from tests.county_server.serving import command
from tests.days.test_days import played
from tests.stage import STATION, Stage, opened_county, stage

WAYBILL = "73000000004711"
DRAWER = "Assets:Drawer:"
WAIT_SECONDS = 100  # two others work beside it: alone the whole day takes thirty


@pytest.fixture
def station(pristine: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    def hire(county: Path) -> None:
        monkeypatch.setattr("sys.stdin", io.StringIO(f"{PASSWORD}\n"))
        words = ("P01", "吴示彤", "--role", "purchaser", "--password-stdin")
        command(county, "staff", "add", *words)

    with stage(pristine, tmp_path, hire) as made:
        yield made


class Both:
    """One order, as the station's database and the county's hold it."""

    def __init__(self, station: Stage, county: County) -> None:
        self.station, self.county = station, county
        self.order = ""

    def wait_for(self, kind: str) -> None:
        """Wait until the county holds a fact of the station's about it."""
        found = until(lambda: self._heard(kind), WAIT_SECONDS, f"{kind} at the county")
        self.order = self.order or found

    def _heard(self, kind: str) -> str:
        facts = self.county.store.tables.facts.c
        query = select(facts.identity).where(facts.station == STATION, facts.kind == kind)
        with self.county.store.read() as connection:
            row = connection.execute(query).first()
        return str(row[0]) if row else ""

    def money(self) -> tuple[int, int, int, int, int]:
        """Return what is held, owed back, the county's, the fee, and in the drawer."""
        query = "SELECT account, amount FROM balances WHERE commodity = ?"
        here = {name: int(amount) for name, amount in self.station.ask(query, CNY)}
        table = self.county.store.tables.balances.c
        asked = select(table.account, table.amount).where(
            table.station == STATION, table.commodity == CNY
        )
        with self.county.store.read() as connection:
            there = {str(name): int(amount) for name, amount in connection.execute(asked)}
        assert sum(here.values()) == sum(there.values()) == 0
        names = (held_prepayment(self.order), refund_due(self.order), COUNTY_CURRENT, FEE_PURCHASE)
        held, back, county, fee = (-here.get(name, 0) for name in names)
        assert [-there.get(name, 0) for name in names] == [held, back, county, fee]
        drawer = sum(amount for name, amount in here.items() if name.startswith(DRAWER))
        return held, back, county, fee, drawer

    def tell(self, name: str) -> None:
        """Let the day at the counter go on."""
        (self.station.folder / name).touch()


def at_the_desk(chromium: Browser, station: Stage) -> Page:
    page = chromium.new_context(viewport={"width": 1440, "height": 900}).new_page()
    page.goto(station.url + "/orders")
    page.fill("#account", "P01")
    page.fill("#password", PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="采购台")).to_be_visible()
    return page


@pytest.mark.long
def test_an_order_from_the_offline_counter_to_its_refund(
    chromium: Browser,
    station: Stage,
) -> None:
    page = at_the_desk(chromium, station)
    with opened_county(station.county) as county, ThreadPoolExecutor(1) as counter:
        both = Both(station, county)
        day = counter.submit(played, station, "order_way.day")
        both.wait_for("order.placed")
        assert both.money() == (3_300, 0, 0, 0, 53_300), "all that she paid is held for her"
        url = f"{station.url}/orders/{STATION}/{both.order}"
        page.goto(url)
        page.fill("#quote", "39.90")
        page.get_by_role("button", name="报高价").click()
        expect(page.get_by_role("status")).to_contain_text("等乡亲点头")
        both.tell("报价")

        both.wait_for("quote.answered")
        assert both.money() == (3_300, 0, 0, 0, 53_300)
        buy(page, url, station.url)
        both.tell("发货")

        both.wait_for("order.picked_up")
        assert both.money() == (0, 0, 3_990, 100, 54_090), "prepaid and balance: price and fee"
        both.tell("对账")

        both.wait_for("order.sent_back")
        assert both.money() == (0, 0, 3_990, 100, 54_090), "nothing was given at once"
        page.goto(url)
        page.fill("#refund", "39.90")
        page.get_by_role("button", name="认退货").click()
        expect(page.get_by_role("status")).to_contain_text("站里凭条退")
        both.tell("认退")

        both.wait_for("refund.paid")
        day.result()
        assert both.money() == (0, 0, 0, 100, 50_100), "of all her money the fee stayed here"
    assert station.county_verify()["findings"] == []
    page.context.close()


def buy(page: Page, url: str, county: str) -> None:
    """Buy at the agreed price, and say under which waybill it comes."""
    page.goto(url)
    page.fill("#price", "39.90")
    page.fill("#platform", "自营")
    page.fill("#number", "2611")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("记下买好了")
    page.goto(county + "/orders?tab=numbers")
    page.fill("#lines", f"2611 中通 {WAYBILL}")
    page.get_by_role("button", name="记单号").click()
    expect(page.get_by_role("status")).to_contain_text("运单都记下了")

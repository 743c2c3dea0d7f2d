"""One order from the counter to the county's desk and back, in two real programs and a browser.

The station's own window is played by keys, the desk's pages are used in Chromium. After every step
the money of the order adds up on both sides, and both sides hold the same.
"""

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from station_app.ledger.accounts import COUNTY_CURRENT, FEE_PURCHASE, held_prepayment, refund_due
from station_app.ledger.posting import CNY
from tests.county_server.browsing import PASSWORD
from tests.county_server.conftest import chromium as chromium
from tests.county_server.serving import command
from tests.days.test_days import played
from tests.stage import STATION, Stage, opened_county, stage

WAYBILL = "73000000004711"


@pytest.fixture
def station(pristine: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    def hire(county: Path) -> None:
        monkeypatch.setattr("sys.stdin", io.StringIO(f"{PASSWORD}\n"))
        words = ("P01", "吴示彤", "--role", "purchaser", "--password-stdin")
        command(county, "staff", "add", *words)

    with stage(pristine, tmp_path, hire) as made:
        yield made


def money(station: Stage, order: str) -> tuple[int, int, int, int]:
    """Return what is held, owed back, the county's and the fee, at the station."""
    balances = dict(station.ask("SELECT account, amount FROM balances WHERE commodity = ?", CNY))
    names = (held_prepayment(order), refund_due(order), COUNTY_CURRENT, FEE_PURCHASE)
    found = [-int(balances.get(name, 0)) for name in names]
    assert sum(int(amount) for amount in balances.values()) == 0
    return found[0], found[1], found[2], found[3]


def cash(station: Stage) -> int:
    ((amount,),) = station.ask(
        "SELECT sum(amount) FROM balances WHERE account LIKE 'Assets:Drawer:%'"
    )
    return int(amount)


def both_hold_the_same(station: Stage, order: str) -> None:
    """Fold for fold: what the county knows of the order is what the station knows."""
    (here,) = station.ask("SELECT data FROM states WHERE kind = 'order' AND entity = ?", order)
    with opened_county(station.county) as county, county.store.read() as connection:
        states = county.store.tables.states.c
        there = connection.execute(
            county.store.tables.states.select()
            .with_only_columns(states.data)
            .where(states.station == STATION, states.kind == "order", states.entity == order)
        ).scalar_one()
    assert bytes(there) == bytes(here[0])
    assert station.county_verify()["findings"] == []


def at_the_desk(chromium: Browser, station: Stage) -> Page:
    page = chromium.new_context(viewport={"width": 1440, "height": 900}).new_page()
    page.goto(station.url + "/orders")
    page.fill("#account", "P01")
    page.fill("#password", PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="采购台")).to_be_visible()
    return page


def test_an_order_from_the_offline_counter_to_its_refund(
    chromium: Browser,
    station: Stage,
) -> None:
    played(station, "order_placed.day")
    ((order,),) = station.ask("SELECT entity FROM orders")
    assert money(station, order) == (3_300, 0, 0, 0), "all of it is hers"
    began = cash(station)
    page = at_the_desk(chromium, station)
    url = f"{station.url}/orders/{STATION}/{order}"
    page.goto(url)
    page.fill("#quote", "39.90")
    page.get_by_role("button", name="报高价").click()
    expect(page.get_by_role("status")).to_contain_text("等乡亲点头")
    played(station, "order_quoted.day")
    assert money(station, order) == (3_300, 0, 0, 0)
    both_hold_the_same(station, order)
    page.goto(url)
    page.fill("#price", "39.90")
    page.fill("#platform", "自营")
    page.fill("#number", "2611")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("记下买好了")
    page.goto(station.url + "/orders?tab=numbers")
    page.fill("#lines", f"2611 中通 {WAYBILL}")
    page.get_by_role("button", name="记单号").click()
    expect(page.get_by_role("status")).to_contain_text("运单都记下了")
    played(station, "order_arrived.day")
    assert money(station, order) == (0, 0, 3_990, 100), "goods and money have changed hands"
    ((paid,),) = station.ask("SELECT json_extract(data, '$.paid_fen') FROM states "
                             "WHERE kind = 'order'")  # fmt: skip
    assert paid == 3_990 + 100, "prepaid and balance are price and fee"
    both_hold_the_same(station, order)
    page.goto(url)
    page.fill("#refund", "39.90")
    page.get_by_role("button", name="认退货").click()
    expect(page.get_by_role("status")).to_contain_text("站里凭条退")
    played(station, "order_refund.day")
    assert money(station, order) == (0, 0, 0, 100), "she has her money, the county its goods"
    assert cash(station) == began - 3_300 + 100, "of all her money the fee stayed here"
    both_hold_the_same(station, order)
    page.context.close()

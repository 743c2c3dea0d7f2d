"""The purchasing desk as it is used: a county process, HTTP, a real station, a real browser."""

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, FilePayload, Page, expect

from station_app.ledger.accounts import held_prepayment, refund_due
from station_app.ledger.balances import balance
from station_app.resources_dir import resources
from tests.county_server.browsing import PASSWORD, PICTURES, fits, sign_in
from tests.county_server.order_story import OrderTill
from tests.county_server.serving import Server, command, enrolled_over, new_data, over
from tests.sync.stand import MORNING_MS, Pc, converse

WAYBILL = "73000000004711"


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    made = new_data(tmp_path)
    sheets = tmp_path / "goods"
    sheets.mkdir()
    for name in ("products.csv", "order_terms.csv"):
        (sheets / name).write_bytes((resources() / "demo" / name).read_bytes())
    command(made, "import-master", sheets)
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{PASSWORD}\n"))
    command(made, "staff", "add", "P01", "吴示彤", "--role", "purchaser", "--password-stdin")
    return made


@pytest.fixture
def pc(server: Server, data: Path, tmp_path: Path) -> Iterator[Pc]:
    opened = enrolled_over(server, data, tmp_path / "d1", seed=1)
    yield opened
    opened.close()


def test_an_order_goes_from_the_counter_to_the_desk_and_back(
    chromium: Browser,
    server: Server,
    pc: Pc,
) -> None:
    """In a browser: one is too dear and quoted, one cancelled; bad rows stay in their field.

    The whole way of one order is played in `tests/days/test_order_way.py`.
    """
    till = OrderTill(pc)
    pc.clock.at = MORNING_MS
    rice: dict[str, Any] = {"code": "P0001", "words": "东北大米", "ceiling_fen": 3_454}
    dear, off = till.place(3_290, **rice), till.place(3_290, **rice)
    till.place(18_000, code="", words="老人手推购物车", ceiling_fen=20_000, prepaid_fen=0)
    converse(pc, over(server))
    page = sign_in(chromium, server, "P01", "/orders")
    expect(page.get_by_role("heading", name="3 单合成 2 行")).to_be_visible()
    fits(page)
    url = f"{server.url}/orders/NX0601/{dear.identity}"
    page.goto(url)
    fits(page)
    PICTURES.mkdir(parents=True, exist_ok=True)
    page.goto(f"{url}?platform=自营")
    fits(page)
    by_keys(page)
    page.goto(f"{url}?platform=自营")
    page.fill("#price", "39.90")
    page.fill("#platform", "京东")
    page.fill("#number", "2611")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("超过最高价，先报价问乡亲")
    expect(page.locator("#number")).to_have_value("2611")
    page.fill("#quote", "39.90")
    page.get_by_role("button", name="报高价").click()
    expect(page.get_by_role("status")).to_contain_text("等乡亲点头")
    expect(page.get_by_role("link", name="等点头 1")).to_be_visible()
    page.goto(server.url + "/orders?tab=numbers")
    page.fill("#lines", f"99 中通 {WAYBILL}")
    page.get_by_role("button", name="记单号").click()
    expect(page.get_by_role("alert")).to_contain_text("记下 0 行，1 行要改")
    expect(page.locator("#lines")).to_have_value(f"99 中通 {WAYBILL}")
    fits(page)
    page.goto(f"{server.url}/orders/NX0601/{off.identity}")
    page.get_by_role("button", name="取消，全退").click()
    expect(page.get_by_role("status")).to_contain_text("预付款由站里退")
    converse(pc, over(server))
    assert balance(pc.reader, held_prepayment(dear.identity)) == -800
    assert balance(pc.reader, refund_due(off.identity)) == -800
    mend_a_sheet(page, server)
    page.context.close()


def mend_a_sheet(page: Page, server: Server) -> None:
    """Tab goes from one bad cell to the next, Ctrl+S keeps what was put right."""
    page.goto(server.url + "/master?sheet=platforms.csv")
    sheet = "name,cutoff\n京东,11点\n邮政,16:00\n苏宁,25:00\n"
    file = FilePayload(name="platforms.csv", mimeType="text/csv", buffer=sheet.encode())
    page.set_input_files("#file", file)
    page.get_by_role("button", name="交来看看").click()
    first, second = page.locator("#cell_2_cutoff"), page.locator("#cell_4_cutoff")
    expect(first).to_be_focused()
    fits(page)
    first.fill("11:00")
    page.keyboard.press("Tab")
    expect(second).to_be_focused()
    page.screenshot(path=PICTURES / "county_master_bad.png")
    second.fill("15:00")
    page.keyboard.press("Control+s")
    expect(page.get_by_text("要变 3 行")).to_be_visible()


def by_keys(page: Page) -> None:
    """Walk the buying list by keys; sums and judgements follow what is typed."""
    rice_row, keys = page.locator("table.buys tbody tr").first, page.keyboard
    opened = page.locator("tr.under:visible")
    expect(opened).to_have_count(0)
    rice_row.focus()
    keys.press("Enter")
    expect(opened).to_have_count(2)
    keys.press("Enter")
    page.locator("input.amount").first.fill("33.9")
    expect(page.get_by_text("便宜 ¥0.64")).to_be_visible()
    expect(page.locator("[data-total]")).to_have_text("已勾 1 行 ¥67.80")
    expect(page.get_by_role("button", name="记已下单，2 件")).to_be_visible()
    page.screenshot(path=PICTURES / "county_orders.png")
    page.locator("input.amount").first.fill("35")
    expect(page.get_by_text("超了 ¥0.46，先报高价")).to_be_visible()
    keys.press("Escape")
    keys.press("Space")
    expect(page.locator("[data-total]")).to_have_text("一行也没勾")
    keys.press("?")
    expect(page.get_by_role("dialog", name="按键")).to_contain_text("展开到单")
    page.screenshot(path=PICTURES / "county_keys.png")
    keys.press("Escape")
    rice_row.focus()
    keys.press("g")
    expect(page.locator("#quote")).to_be_focused()
    keys.press("Escape")
    keys.press("/")
    expect(page.locator("#seek")).to_be_focused()

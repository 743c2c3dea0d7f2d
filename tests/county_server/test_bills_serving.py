"""The bills desk as it is used: a county process, HTTP, a real station, a real browser."""

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from station_app.ledger.accounts import COUNTY_CURRENT, held_bill, refund_due
from station_app.ledger.balances import balance
from station_app.resources_dir import resources
from tests.county_server.bill_story import ACCOUNT, NUMBER, BillTill
from tests.county_server.browsing import PASSWORD, PICTURES, fits, sign_in
from tests.county_server.serving import Server, command, enrolled_over, new_data, over
from tests.sync.stand import MORNING_MS, Pc, converse


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    made = new_data(tmp_path)
    sheets = tmp_path / "billers"
    sheets.mkdir()
    demo = resources() / "demo" / "billers.csv"
    (sheets / "billers.csv").write_bytes(demo.read_bytes())
    command(made, "import-master", sheets)
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{PASSWORD}\n"))
    command(made, "staff", "add", "F01", "郑示璐", "--role", "finance", "--password-stdin")
    return made


@pytest.fixture
def pc(server: Server, data: Path, tmp_path: Path) -> Iterator[Pc]:
    opened = enrolled_over(server, data, tmp_path / "d1", seed=1)
    yield opened
    opened.close()


def test_a_bill_goes_from_the_counter_to_the_desk_and_back(
    chromium: Browser,
    server: Server,
    pc: Pc,
) -> None:
    """By keys in a browser: one is paid, one fails, the station's books say the same."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    till = BillTill(pc)
    pc.clock.at = MORNING_MS
    paid, failed = till.take(12_000), till.take(5_000, account="0000000018", due="2026-11-25")
    twin = till.take(12_000)
    converse(pc, over(server))
    page = sign_in(chromium, server, "F01", "/bills")
    expect(page.get_by_role("heading", name="等办 3")).to_be_visible()
    expect(page.get_by_text("像重复")).to_have_count(2)
    expect(page.get_by_text("今天办成 0 笔，没办成 0 笔，超时限")).to_be_visible()
    expect(page.get_by_text("上下行").first).to_be_visible()
    first = page.locator("tr[data-sum]").first
    first.focus()
    page.keyboard.press("Space")
    expect(page.locator("[data-total]")).to_have_text("写了 0 笔 ¥0.00，勾了 1 笔 ¥50.00")
    page.keyboard.press("f")
    expect(page.locator("#together_why")).to_be_focused()
    page.locator("tr[data-sum] input[name=number]").first.fill(NUMBER)
    expect(page.get_by_role("button", name="记 1 笔已缴")).to_be_visible()
    page.screenshot(path=PICTURES / "county_bills_keys.png", full_page=True)
    page.fill("#block", "0000000018 50.00 X")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("没认出凭证号，或位数不对")).to_be_visible()
    expect(page.get_by_role("heading", name="等办 3")).to_be_visible()
    fits(page)
    page.goto(f"{server.url}/bills/NX0601/{paid.identity}")
    expect(page.get_by_text(ACCOUNT)).to_have_count(0)
    page.get_by_role("button", name="看 60 秒").click()
    expect(page.get_by_text(ACCOUNT)).to_be_visible()
    fits(page)
    PICTURES.mkdir(parents=True, exist_ok=True)
    page.get_by_role("link", name="收起").click()
    expect(page.get_by_text(ACCOUNT)).to_have_count(0)
    page.focus("#number")
    page.keyboard.type(NUMBER[:10])
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("凭证号要 16 位字母数字，现在 10 位")
    fits(page)
    page.screenshot(path=PICTURES / "county_bills.png", full_page=True)
    page.fill("#number", NUMBER)
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("记下缴成了")
    page.goto(f"{server.url}/bills/NX0601/{failed.identity}")
    page.select_option("#failed", "account_closed")
    page.get_by_role("button", name="没办成，退", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("站里凭条退钱")
    fits(page)
    page.get_by_role("link", name="每日对账").click()
    page.fill("#day", "2026-11-25")
    page.get_by_role("button", name="看这一天").click()
    taken = page.get_by_role("row", name="居民电费(示例) 3 ¥290.00 0 ¥0.00 0 ¥0.00")
    expect(taken).to_be_visible()
    page.goto(server.url + "/bills/day")
    answered = page.get_by_role("row", name="居民电费(示例) 0 ¥0.00 1 ¥120.00 1 ¥50.00")
    expect(answered).to_be_visible()
    fits(page)
    converse(pc, over(server))
    reader = pc.reader
    assert balance(reader, held_bill(paid.identity)) == 0
    assert balance(reader, COUNTY_CURRENT) == -12_000
    assert balance(reader, refund_due(failed.identity)) == -5_000
    assert balance(reader, held_bill(twin.identity)) == -12_000, "nobody answered that one"
    page.context.close()

"""From the station to the buyer and back, to the fen, in a real browser: the seventh story.

Twenty kilograms leave, 19.86 arrive, the county bears the rest; they are sold online, the money
comes down, the grower is paid. On the way each page of the hub is photographed, and looked at as a
screen reader does; so is the public page, as a telephone shows it.
"""

import io
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect
from stdnum import luhn

from station_app.journal.fact import Saying
from station_app.ledger.accounts import COMMISSION, COUNTY, COUNTY_CURRENT, held_grower
from station_app.ledger.balances import balance
from station_app.resources_dir import resources
from station_app.services.cash.facts import PaymentGiven, Tender
from station_app.services.clearing.facts import CountyMoneySentDown
from station_app.services.consignment import records
from station_app.services.consignment.commands import SettleGrower
from station_app.services.consignment.facts import LotDispatched
from station_app.services.consignment.gathering import Gatherer
from station_app.services.consignment.paying_out import settle_grower
from station_app.services.people import records as people
from station_app.services.quality.facts import LotCertified, LotTested, PlotDescribed
from station_app.services.sales.unsettled_records import open_shares
from station_app.values.now import Now
from station_app.values.refusal import Refusal
from tests.county_server.browsing import PASSWORD, PICTURES, fits, reads_well, sign_in
from tests.county_server.finance_story import money_taken
from tests.county_server.hub_story import CODE, grower, lot
from tests.county_server.order_story import OrderTill
from tests.county_server.serving import Server, command, enrolled_over, new_data, over
from tests.sync.stand import DAY, MORNING_MS, STATION, Pc, converse

_BAD = "4113250601261125025"
BAD = _BAD + luhn.calc_check_digit(_BAD)  # of a lot that is called back
PHONE = ViewportSize(width=390, height=844)
# A telephone has Chinese type, and this machine has not: the county's own stands in for it.
A_PHONES_FONT = """
@font-face { font-family: "PingFang SC"; src: url("/static/StationSans-Regular.otf"); }
@font-face { font-family: "PingFang SC"; font-weight: 700;
             src: url("/static/StationSans-Bold.otf"); }
"""
PEOPLE = (("H01", "彭示霞", "hub_clerk"), ("F01", "郑示璐", "finance"), ("C01", "周示敏", "clerk"))


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    made = new_data(tmp_path)
    sheets = tmp_path / "produce"
    sheets.mkdir()
    (sheets / "produce.csv").write_bytes((resources() / "demo/produce.csv").read_bytes())
    (sheets / "produce_rules.csv").write_text("name,value\ntrace.region,411325\n")
    (sheets / "settings.csv").write_bytes((resources() / "demo/settings.csv").read_bytes())
    command(made, "import-master", sheets)
    for code, name, role in PEOPLE:
        monkeypatch.setattr("sys.stdin", io.StringIO(f"{PASSWORD}\n"))
        command(made, "staff", "add", code, name, "--role", role, "--password-stdin")
    return made


def looked_at(page: Page, name: str) -> None:
    """Nothing stands beside the window, a screen reader gets along, a picture is kept."""
    fits(page)
    reads_well(page)
    PICTURES.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=PICTURES / f"{name}.png", full_page=True)


def sent_off(pc: Pc) -> tuple[str, str]:
    """A lot with its field, its promise and a test leaves for the hub; return grower and lot."""
    till = OrderTill(pc)
    pc.clock.at = MORNING_MS
    person = grower(till)
    plot = PlotDescribed(person=person, name="三号坡", produce="10018", tenth_mu=24, day=DAY)
    pc.say(Saying(plot))
    one = lot(till, person)
    promise = LotCertified(
        reason="asked", form="producer", issuer="household", person=person, number="HZ-7",
        bases=("tested_by_others",), quantity=20_000, day=DAY,
    )  # fmt: skip
    test = LotTested(
        lab="县检测站", item="毒死蜱", limit="1.00", value="0.02", is_passed=1, report="NJ-1187",
        sample="FY-26-031", day=DAY,
    )  # fmt: skip
    pc.say(Saying(promise, entity=one), Saying(test, entity=one))
    pc.say(Saying(LotDispatched(quantity=20_000, packages=4, day=DAY), entity=one))
    lot(till, person, code=BAD)
    return person, one


def owed(pc: Pc, person: str) -> tuple[int, int]:
    """What the station keeps for her here, and what has not come down."""
    books = pc.reader
    return -balance(books, held_grower(person)), -balance(books, held_grower(person, COUNTY))


@pytest.mark.long  # a county of its own, a browser, a station
def test_twenty_kilograms_go_to_a_buyer_and_the_grower_is_paid_at_both_ends(
    chromium: Browser, server: Server, data: Path, tmp_path: Path
) -> None:
    with closing(enrolled_over(server, data, tmp_path / "d1", seed=1)) as pc:
        from_the_scale_to_the_purse(chromium, server, pc)


def from_the_scale_to_the_purse(chromium: Browser, server: Server, pc: Pc) -> None:
    """Each step by its own desk, and the station hears of each."""
    person, one = sent_off(pc)
    converse(pc, over(server))
    hub = sign_in(chromium, server, "H01", "/hub")
    looked_at(hub, "county_hub")
    for typed, words in (("18.16", "− 1.840 差太多"), ("20", "0.000 正常"), ("一袋", "—")):
        hub.fill("input[name=got_0]", typed)
        expect(hub.locator("[data-differs]").last).to_contain_text(words)
    hub.fill("input[name=got_0]", "19.86")
    expect(hub.locator("[data-differs]")).to_contain_text("− 0.140 有差，开核对")
    looked_at(hub, "county_hub_weighed")
    hub.keyboard.press("Enter")
    expect(hub.get_by_role("status")).to_contain_text("收下了")
    expect(hub.get_by_role("heading", name="差数没定的 1 批")).to_be_visible()
    converse(pc, over(server))
    (case,) = pc.reader.execute("SELECT kind FROM cases").fetchall()
    assert case[0] == "consignment.hub_differs", "the station reads the same case"

    money = sign_in(chromium, server, "F01", "/hub")
    money.select_option("select[name=bearer]", "county")
    money.fill("input[name=price]", "9.00")
    money.keyboard.press("Enter")
    expect(money.get_by_role("heading", name="差数没定的 0 批")).to_be_visible()
    converse(pc, over(server))
    assert pc.reader.execute("SELECT count(*) FROM cases").fetchone() == (0,)
    assert owed(pc, person) == (0, 126), "0.14 kg at 9.00"

    money.goto(f"{server.url}/hub/sales")
    order = {"shop": "县自营淘宝店", "order": "261123000118", "price": "10", "freight": "11.92",
             "station": "2.5", "county": "1.75"}  # fmt: skip
    for name, text in order.items():
        money.fill(f"input[name={name}]", text)
    money.fill(f"input[name=use_{STATION}_{one}]", "19.86")
    money.get_by_role("button", name="算一下").click()
    # 198.60 less 11.92 are 186.68; 2.5 % are 4.67, 1.75 % are 3.27; 9.00 a kilogram are left
    for words in ("¥198.60", "¥11.92", "¥4.67", "¥3.27", "¥178.74"):
        expect(money.get_by_text(words).first).to_be_visible()
    looked_at(money, "county_sales")
    money.get_by_role("button", name="记卖出").click()
    expect(money.get_by_role("status")).to_contain_text("卖出记下了")
    expect(money.get_by_role("rowheader", name="261123000118")).to_be_visible()
    looked_at(money, "county_sold")
    for url, name in (("/hub/prices", "county_prices"), ("/hub/samples", "county_samples")):
        money.goto(server.url + url)
        looked_at(money, name)
    converse(pc, over(server))
    assert owed(pc, person) == (0, 18_000)
    assert balance(pc.reader, COMMISSION) == -467
    assert balance(pc.reader, COUNTY_CURRENT) == 18_000 + 467

    money.goto(f"{server.url}/finance/sendings/{STATION}")
    expect(money.locator('input[name^="Grower|"]')).to_have_value("180.00")
    money.get_by_role("button", name="记下拨").click()
    expect(money.get_by_role("status")).to_contain_text("记下了")
    converse(pc, over(server))
    paid_to_the_fen(pc, person)
    converse(pc, over(server))
    money.goto(f"{server.url}/finance/sendings")
    expect(money.get_by_text("站里收了")).to_be_visible()
    sent_back(money, server, pc, person, one)
    seen_by_the_buyer(chromium, server, hub)


def sent_back(money: Page, server: Server, pc: Pc, person: str, one: str) -> None:
    """The buyer sends 2 kg back after she was paid: 18.00 are taken off what she gets next."""
    money.goto(f"{server.url}/hub/sales")
    money.get_by_role("link", name="退货", exact=True).click()
    looked_at(money, "county_return")
    money.get_by_label("这回退").fill("2")
    money.get_by_text("回到县仓，好的").click()
    money.select_option("select[name=reason]", "refused")
    money.get_by_role("button", name="算一下").click()
    # a part of 2 in 19.86: 20.00, fees of 0.47 and 0.33, costs of 1.20 that the county bears
    for words in ("¥20.00", "¥0.47", "¥0.33", "¥1.20", "¥18.00 已经下拨，下次结算扣回"):
        expect(money.get_by_text(words).first).to_be_visible()
    looked_at(money, "county_return_counted")
    money.get_by_role("button", name="记退货 ¥20.00，告诉 1 站").click()
    expect(money.get_by_role("status")).to_contain_text("退货记下了")
    looked_at(money, "county_returned")
    converse(pc, over(server))
    assert owed(pc, person) == (-1_800, 0)
    lot_now = records.lot_state(pc.reader, one)
    assert lot_now is not None
    assert (lot_now.at_hub, lot_now.sold) == (2_000, 17_860)


def paid_to_the_fen(pc: Pc, person: str) -> None:
    """The money is here; she is settled with by the rule of the counter, and nothing is left."""
    fact = pc.reader.execute(
        "SELECT identity, body FROM facts WHERE kind = ?", (CountyMoneySentDown.KIND,)
    ).fetchone()
    pc.say(*money_taken(fact[0], fact[1], 18_000))
    assert owed(pc, person) == (18_000, 0), "not ours: 180.00, and all of it lies here"
    now = Now(at=pc.clock.at, day=DAY, operator="", device="D1", station=STATION)
    due = Gatherer(people, open_shares).due_to(pc.reader, person, now)
    said = settle_grower(due, SettleGrower(person=person, sales=(), pay_fen=18_000), now)
    assert not isinstance(said, Refusal), said
    cash = (Tender(way="cash", amount_fen=18_000),)
    given = PaymentGiven(due_fen=18_000, tenders=cash, shift="", day=DAY)
    pc.say(*said, Saying(given))
    assert owed(pc, person) == (0, 0)
    assert records.paid_to(pc.reader, person, DAY[:4]) == 18_000


# --- The buyer's telephone -----------------------------------------------------------------------


def seen_by_the_buyer(chromium: Browser, server: Server, hub: Page) -> None:
    """The page as it is, of codes that are wrong or nobody's, and of a lot that is called back."""
    phone = chromium.new_context(viewport=PHONE, bypass_csp=True).new_page()
    nobodys = "4113259999261125017"
    codes = {
        "trace": CODE,
        "trace_unknown": nobodys + luhn.calc_check_digit(nobodys),
        "trace_misread": CODE[:-1] + str((int(CODE[-1]) + 1) % 10),
    }
    for name, code in codes.items():
        photographed(phone, f"{server.url}/t/{code}", name)
    hub.goto(f"{server.url}/hub/recalls")
    hub.fill("#lots", BAD)
    hub.fill("#reason", "毒死蜱超标，正在复检")
    hub.fill("#second", "C01")
    hub.fill("#second_password", PASSWORD)
    hub.keyboard.press("Enter")
    expect(hub.get_by_role("status")).to_contain_text("召回了")
    looked_at(hub, "county_recall")
    photographed(phone, f"{server.url}/t/{BAD}", "trace_recall")
    hub.goto(f"{server.url}/hub/packing")
    looked_at(hub, "county_packing")


def photographed(phone: Page, url: str, name: str) -> None:
    phone.goto(url)
    phone.add_style_tag(content=A_PHONES_FONT)
    phone.evaluate("document.fonts.ready")
    assert phone.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    reads_well(phone)
    phone.screenshot(path=PICTURES / f"{name}.png", full_page=True)

"""The account that the county buys with: what is left is counted from the last look at it."""

import re

import pytest

from station_app.reference.purchasing_account import PurchasingAccount
from tests.county_server.finance_story import Office, post, seen
from tests.county_server.order_story import OrderTill
from tests.county_server.test_orders_desk import (
    answer,
    buy,
    office,  # noqa: F401 - a fixture
    one,
    send,
    till,  # noqa: F401 - a fixture
)

URL = "/orders/account"


@pytest.fixture
def shop(office: Office, till: OrderTill) -> tuple[Office, OrderTill]:  # noqa: F811
    return office, till


def say(there: Office, act: str, status: int = 303, by: str = "P01", **typed: str) -> str:
    told = post(there[by], URL, f"{URL}/{act}", typed, status)
    later(there)
    return told


def later(there: Office) -> None:
    """A moment passes: what is counted and what is bought are told apart by when they were said."""
    there.county.clock.at += 1_000  # type: ignore[attr-defined]


def left(there: Office) -> str:
    found = re.search(r"采购户余额 (-?−?¥[\d,.]+|还没对过)", seen(there["P01"].page("/orders")))
    assert found
    return found[1]


def test_what_is_left_to_buy_with_follows_each_purchase(shop: tuple[Office, OrderTill]) -> None:
    """Counted, put in, bought, given back, taken out; and a second look says how much was off."""
    there, here = shop
    early = here.place()
    send(there, here)
    buy(there, early)
    later(there)
    assert "采购户余额还没对过" in seen(there["P01"].page("/orders"))
    say(there, "count", shown="6140.00")
    assert left(there) == "¥6,140.00", "what was bought before is in it already"
    order = here.place()
    send(there, here)
    buy(there, order, "20.00")
    assert left(there) == "¥6,120.00"
    say(there, "fund", by="F01", way="put_in", amount="500", reference="2611200001")
    say(there, "fund", way="given_back", amount="12.50")
    say(there, "fund", way="taken_out", amount="32.50")
    assert left(there) == "¥6,600.00"
    page = seen(there["F01"].page(URL))
    assert "买货 1 单 −¥20.00" in page.replace("-¥", "−¥")
    assert "F01 郑示璐 存入 2611200001 ¥500.00" in page
    assert f'href="{one(order)}"' in there["P01"].page(URL), "each purchase opens"
    say(there, "count", shown="6590.00")
    assert left(there) == "¥6,590.00"
    assert "对余额 少了 ¥10.00 — ¥6,590.00" in seen(there["P01"].page(URL))
    send(there, here)
    assert here.pc.reader.execute(
        "SELECT shown_fen, funded_fen FROM purchasing_accounts"
    ).fetchall() == [(659_000, 659_000)]


def test_a_slip_is_taken_back_by_one_key_as_long_as_nothing_followed(
    shop: tuple[Office, OrderTill],
) -> None:
    there, _ = shop
    say(there, "count", shown="100")
    browser = there["P01"]
    form = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', browser.page(URL)))
    response = browser.post(f"{URL}/fund", form | {"way": "put_in", "amount": "50"})
    told = browser.page(response.headers["location"])
    assert "data-undo" in told
    assert left(there) == "¥150.00"
    again = browser.post(f"{URL}/fund", form | {"way": "put_in", "amount": "50"})
    assert again.status_code == 409, "the same form sent twice puts in once"
    mine = response.headers["location"]
    assert "data-undo" not in there["F01"].page(mine), "only who said it takes it back"
    post(browser, mine, f"{URL}/undo")
    assert left(there) == "¥100.00"
    assert "撤销：存入 — −¥50.00" in seen(browser.page(URL)).replace("-¥", "−¥")
    assert "data-undo" not in browser.page(mine)


def test_what_is_no_amount_comes_back_with_what_was_typed(shop: tuple[Office, OrderTill]) -> None:
    there, _ = shop
    for typed, told in (
        ({"way": "put_in", "amount": "五百"}, "金额写成 100.00 这样"),
        ({"way": "put_in", "amount": "0"}, "金额写成 100.00 这样"),
        ({"way": "stolen", "amount": "5"}, "选一样：存入、平台退回还是取出"),
        ({"way": "put_in", "amount": "5", "reference": "给王小明"}, "转账单号只写字母、数字"),
    ):
        page = say(there, "fund", 422, **typed)
        assert told in page
        assert f'value="{typed["amount"]}"' in page
    assert "金额写成" in say(there, "count", 422, shown="-3")
    assert "还没对过" in seen(there["P01"].page("/orders"))


def test_more_bought_than_there_was_is_said_in_words(shop: tuple[Office, OrderTill]) -> None:
    there, here = shop
    order = here.place()
    send(there, here)
    say(there, "count", shown="10")
    answer(there, order, "buy", price="25.80", platform="京东", number="1")
    assert left(there).replace("-", "−") == "−¥15.80"
    assert "算出来不够了" in seen(there["P01"].page(URL))


def test_before_anything_is_said_the_account_holds_nothing() -> None:
    assert PurchasingAccount().funded_fen == 0


def test_the_time_a_platform_closes_is_set_back_by_one_key(shop: tuple[Office, OrderTill]) -> None:
    there, _ = shop
    browser, page = there["P01"], "/orders/cutoffs"
    post(browser, page, page, {"name": "京东", "cutoff": "11:00"})
    token = re.findall(r'name="token" value="([0-9a-f]+)"', browser.page(page))[0]
    typed = {"token": token, "name": "京东", "cutoff": "21:00"}
    told = browser.page(browser.post(page, typed).headers["location"])
    toast = told[told.index("data-undo") :][:600]
    assert 'name="cutoff" value="11:00"' in toast
    browser.post(page, dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', toast)))
    assert 'value="11:00"' in browser.page(page)
    assert 'value="21:00"' not in browser.page(page)

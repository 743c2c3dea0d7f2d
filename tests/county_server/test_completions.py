"""An order that cannot be bought as it is goes back to its station, and comes back completed."""

import io
import re
from typing import Any

from PIL import Image

from county_server.blobs import CountyBlobs
from county_server.desks.photos import shown
from station_app.journal.blob import blob_name
from station_app.journal.fact import Saying
from station_app.services.pictures.facts import Picture, PictureKept
from station_app.services.purchasing.facts import (
    CompletionGiven,
    CompletionWords,
    OrderPlaced,
)
from tests.county_server.finance_story import Office, county_facts, seen
from tests.county_server.order_story import SOAP, OrderTill
from tests.county_server.test_orders_desk import (
    answer,
    buy,
    held,
    office,  # noqa: F401 - a fixture
    one,
    send,
    till,  # noqa: F401 - a fixture
)
from tests.sync.stand import DAY, STATION, folded_here, folded_there

CART = "老人手推购物车"


def free(here: OrderTill) -> object:
    return here.place(18_000, code="", words=CART, ceiling_fen=20_000)


def give(here: OrderTill, asked: str, *more: Saying, **words: Any) -> None:
    here.pc.say(Saying(CompletionGiven(day=DAY), CompletionWords(**words), entity=asked), *more)


def again(office: Office, order: object, typed: dict[str, str]) -> str:  # noqa: F811
    """Give an order back with a form that the page does not offer now; it is refused."""
    page = office["P01"].page(one(order))
    mark = re.search(r'name="mark" value="([^"]*)"', page)
    token = office["P01"].token(one(order))
    form = {**typed, "token": token, "mark": mark.group(1) if mark else ""}
    answered = office["P01"].post(f"{one(order)}/complete", form)
    assert answered.status_code == 422
    return seen(answered.text)


def test_an_order_that_nobody_can_buy_goes_back_and_comes_back_completed(
    office: Office,  # noqa: F811
    till: OrderTill,  # noqa: F811
) -> None:
    order = free(till)
    send(office, till)
    row = office["P01"].page("/orders?platform=")
    assert f'href="{one(order)}?tab=waiting#complete"' in row, "the row leads to it"
    typed = {"wanted_line": "1", "wanted_why": "other", "wanted": ""}
    back = answer(office, order, "complete", 422, **typed)
    assert "写清要站里补什么" in back
    assert "选一个原因" in answer(office, order, "complete", 422, **(typed | {"wanted_why": "?"}))
    assert "哪一行、缺几件写清楚" in answer(
        office, order, "complete", 422, **(typed | {"wanted_line": "2"})
    )
    typed = {"wanted_line": "1", "wanted_why": "link", "wanted": "打不开，请重发"}
    answer(office, order, "complete", 303, **typed)
    assert "退回去了，等站里补" in again(office, order, typed), "once at a time"
    page = seen(office["P01"].page("/orders?tab=asked"))
    assert CART in page
    assert "等站里补" in page
    assert "等下单 0" in page
    page = seen(office["P01"].page(one(order)))
    assert "退回站里补：链接、口令打不开。打不开，请重发 等站里" in page
    send(office, till)
    (asked,) = county_facts(office.county, "completion.asked")
    give(till, asked.identity, item="推车 16 寸", link="https://m.tb.cn/h.5", remark="蓝的")
    send(office, till)
    page = seen(office["P01"].page("/orders"))
    assert "推车 16 寸" in page, "bought by what it says now"
    assert "站里补上了" in page
    page = seen(office["P01"].page(one(order)))
    assert "https://m.tb.cn/h.5" in page
    assert "蓝的" in page
    buy(office, order, "180.00")
    assert "这一步办过了" in again(office, order, typed)
    send(office, till)
    assert held(till, order) == 800, "no money moved"
    assert folded_here(till.pc) == folded_there(office.county, STATION)


def test_of_two_purchasers_one_gives_it_back_and_the_other_is_told(
    office: Office,  # noqa: F811
    till: OrderTill,  # noqa: F811
) -> None:
    """Also where the other one buys the whole row meanwhile: her tick is of before."""
    order = free(till)
    send(office, till)
    stale = re.search(r'name="mark" value="([^"]*)"', office["P02"].page(one(order)))
    assert stale is not None
    ticks = re.findall(
        r'name="order_[^"]+" value="([^"]+)"', office["P02"].page("/orders?platform=")
    )
    answer(office, order, "complete", wanted_line="1", wanted_why="photo", wanted="")
    token = office["P02"].token(one(order))
    typed = {
        "token": token,
        "mark": stale.group(1),
        "price": "180",
        "platform": "淘宝",
        "number": "1",
    }
    late = office["P02"].post(f"{one(order)}/buy", typed)
    assert late.status_code == 409
    assert "退回站里补" in seen(late.text), "who was quicker, and what with"
    key = order.identity  # type: ignore[attr-defined]
    typed = {"row": key, f"price_{key}": "180", f"number_{key}": "1", f"order_{key}": ticks,
             "platform": "", "where": "淘宝"}  # fmt: skip
    late = office["P02"].post("/orders/rows", {**typed, "token": token})
    assert late.status_code == 422
    assert "这行现在不等下单了" in seen(late.text)
    assert county_facts(office.county, "order.bought") == []
    buy(office, order, "180.00")
    assert "等站里补" not in seen(office["P01"].page(one(order))), "found after all: nobody waits"


def test_the_purchaser_sees_the_photos_of_an_order_and_of_nobody_elses(
    office: Office,  # noqa: F811
    till: OrderTill,  # noqa: F811
) -> None:
    order, other = free(till), till.place(code=SOAP)
    pictures = [_picture(colour) for colour in ("red", "blue")]
    names = [blob_name(content) for content in pictures]
    placed = till.pc.say(
        *till.sayings(18_000, code="", words=CART, ceiling_fen=20_000, prepaid_fen=0),
        _kept(OrderPlaced.KIND, names[0]),
    ).facts[0]
    send(office, till)
    answer(office, placed, "complete", wanted_line="1", wanted_why="photo", wanted="")
    send(office, till)
    (asked,) = county_facts(office.county, "completion.asked")
    give(till, asked.identity, _kept(CompletionGiven.KIND, names[1]))
    send(office, till)
    page = office["P01"].page(one(placed))
    assert seen(page).count("站里的照片还没传到") == 2
    with office.county.store.write() as connection:
        for content in pictures:
            CountyBlobs(office.county.store, connection, STATION).put(content, 1)
    page = office["P01"].page(one(placed))
    for name, content in zip(names, pictures, strict=True):
        assert f'src="{one(placed)}/photo/{name}"' in page
        answered = office["P01"].get(f"{one(placed)}/photo/{name}")
        assert answered.content == content
        assert answered.headers["Content-Type"] == "image/jpeg"
        assert "sandbox" in answered.headers["Content-Security-Policy"]
        office["P01"].get(f"{one(other)}/photo/{name}", 404)
        assert "<img" not in office["P01"].page(one(order))
    assert shown(b"<svg/>").status_code == 404, "only what is a picture"


def _kept(kind: str, name: str) -> Saying:
    body = PictureKept(purpose="photo", fact_kind=kind, line=0, day=DAY)
    return Saying(body, Picture(photos=(name,)))


def _picture(colour: str) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), colour).save(out, "JPEG")
    return out.getvalue()


def test_a_stale_page_says_who_gave_it_back_although_the_stations_clock_is_ahead(
    office: Office,  # noqa: F811
    till: OrderTill,  # noqa: F811
) -> None:
    till.pc.clock.at += 3_600_000
    order = free(till)
    till.pc.clock.at -= 3_600_000
    send(office, till)
    page = office["P02"].page(one(order))
    stale = re.search(r'name="mark" value="([^"]*)"', page)
    assert stale is not None
    answer(office, order, "complete", wanted_line="1", wanted_why="photo", wanted="")
    form = {"token": office["P02"].token(one(order)), "mark": stale[1], "price": "180"}
    late = office["P02"].post(f"{one(order)}/buy", {**form, "platform": "淘宝", "number": "1"})
    assert "吴示彤（P01） 记了「县里退回站里补」" in seen(late.text)

"""Master data on the page: a sheet with its faults, what it would change, one row, two people."""

import csv
import html
import io
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import msgspec
import pytest
from PIL import Image

from county_server.contract_sheet import CONTRACTS
from county_server.desks.master.drafts import (
    SHEETS,
    Draft,
    bodies_of,
    cells_of,
    judge,
    sheet_of,
)
from county_server.goods_sheets import PRODUCE
from county_server.master import COURIERS, Plan
from county_server.master_import import known_at
from county_server.schema import EVERYWHERE
from county_server.staff.accounts import MADE_DEARER, StaffBook
from county_server.staff.roles import CLERK, FINANCE, PURCHASER, Member
from station_app.reference import goods_records
from station_app.reference.brand_records import licence_for
from station_app.resources_dir import resources
from station_app.values.day import local_day
from tests.county_server.browser import PASSWORD
from tests.county_server.finance_story import (
    Office,
    county_facts,
    cutoffs_at,
    open_office,
    open_till,
    post,
    seen,
)
from tests.sync.stand import STATION, Dice, converse, direct

PEOPLE = (
    Member("P01", "吴示彤", (PURCHASER,)),
    Member("C01", "周示敏", (CLERK,)),
    Member("F01", "郑示璐", (FINANCE,)),
)
URL = "/master?sheet="
LICENCES = (
    "licence_code,mark,plu,station,quota,quota_unit,least_fen,most_fen,from_day,until_day,is_open\n"
    "PP-2026-01,伏牛山珍,10018,,2000,kg,800,1200,2026-11-01,2027-10-31,1\n"
)
HEAD = "name,cutoff\n"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    made = open_office(tmp_path, PEOPLE)
    yield made
    made.county.close()


def bring(office: Office, sheet: str, content: bytes, status: int = 303) -> str:
    """Give a file to the page, as a browser does."""
    who = office["P01"]
    token = who.token(f"{URL}{sheet}")
    response = who.ask(
        "POST", "/master/sheet", data={"token": token, "sheet": sheet},
        files={"file": (sheet, content, "text/csv")},
    )  # fmt: skip
    assert response.status_code == status, response.text
    return seen(who.page(f"{URL}{sheet}"))


def publish(
    office: Office,
    sheet: str,
    status: int = 303,
    rows: list[str] | None = None,
    typed: Mapping[str, str] | None = None,
) -> str:
    """Confirm as the second person and return what is read on the page then."""
    return seen(sent(office, sheet, status, rows, typed))


def sent(
    office: Office,
    sheet: str,
    status: int = 303,
    rows: list[str] | None = None,
    typed: Mapping[str, str] | None = None,
) -> str:
    """Confirm as the second person; rows: that stay ticked, as the page has them if not said."""
    office.clock.at += 60_000
    html = office["P01"].page(f"{URL}{sheet}")
    ticked = re.findall(r'name="row" value="([^"]+)"[^>]* checked', html)
    values: dict[str, str | list[str]] = {"second": "C01", "second_password": PASSWORD}
    values |= {"row": ticked if rows is None else rows, **(typed or {})}
    return post(office["P01"], f"{URL}{sheet}", "/master/publish", values, status)


def published(office: Office) -> list[str]:
    """By whom anything was published."""
    kinds = ("platform.published", "biller.published", "product.published")
    return [fact.by for kind in kinds for fact in county_facts(office.county, kind, EVERYWHERE)]


def demo(sheet: str) -> bytes:
    return (resources() / "demo" / sheet).read_bytes()


BAD = (
    ("platforms.csv", (HEAD + "京东,11点\n").encode(), "第 2 行"),
    ("platforms.csv", (HEAD + "京东,11:00\n京东,12:00\n").encode(), "第 3 行"),
    ("platforms.csv", (HEAD + "京东,11:00\n").encode("gb18030"), "GBK"),
    ("platforms.csv", (HEAD + "京东,11:00\n").encode("utf-16"), "UTF-16"),
    ("platforms.csv", "name;cutoff\n京东;11:00\n".encode(), "第 1 行"),
    ("platforms.csv", (HEAD + "=1+1,11:00\n").encode(), "第 2 行"),
    ("billers.csv", demo("billers.csv").replace(b",16,3,100000,\n", b",16,3,100000,2026/12/1\n", 1),
     "2026-12-01"),
    ("products.csv", demo("products.csv").replace(b",3290,", b",32.90,", 1), "第 2 行"),
    ("brand_licences.csv", LICENCES.replace("2027-10-31", "2026-10-31").encode(), "第 2 行"),
    ("brand_licences.csv", LICENCES.replace(",800,", ",1300,").encode(), "第 2 行"),
    ("brand_licences.csv", LICENCES.replace(",kg,", ",斤,").encode(), "第 2 行"),
)  # fmt: skip


@pytest.mark.parametrize(("sheet", "content", "named"), BAD)
def test_a_bad_sheet_names_every_bad_row_and_publishes_nothing(
    office: Office, sheet: str, content: bytes, named: str
) -> None:
    page = bring(office, sheet, content)
    assert "一行也没发" in page
    assert named in page
    assert 'action="/master/publish"' not in office["P01"].page(f"{URL}{sheet}")
    assert published(office) == []


def test_a_sheet_with_a_mark_of_excel_is_published_by_two_and_stations_hear_of_it(
    office: Office, tmp_path: Path
) -> None:
    sheet = "platforms.csv"
    page = bring(office, sheet, b"\xef\xbb\xbf" + (HEAD + "京东,11:00\n邮政,16:00\n").encode())
    assert "要变 2 行" in page
    for name, value in (("second", ""), ("second", "P01"), ("second_password", "x"),
                        ("second", "F01")):  # fmt: skip
        publish(office, sheet, 422, typed={name: value})
    assert published(office) == []
    publish(office, sheet)
    assert published(office) == ["P01+C01"] * 2
    till = open_till(office, tmp_path / "pc")
    converse(till.pc, direct(office.county))
    assert cutoffs_at(till.pc.reader) == {"京东": "11:00", "邮政": "16:00"}
    till.pc.close()
    again = bring(office, sheet, (HEAD + "京东,11:00\n").encode())
    assert "没有要发的" in again


def test_a_price_that_jumps_is_looked_at_twice_and_one_row_is_enough(office: Office) -> None:
    sheet = "products.csv"
    bring(office, sheet, demo(sheet))
    publish(office, sheet)
    form = {"price_fen": "329000"}
    row = office["P01"].page(f"{URL}{sheet}&code=P0001")
    assert 'name="price_fen" value="3290"' in row, "the row as it holds"
    post(office["P01"], f"{URL}{sheet}&code=P0001", "/master/row", typed_row(row) | form)
    page = seen(office["P01"].page(f"{URL}{sheet}"))
    assert "要变 1 行" in page
    assert "¥32.90 → ¥3,290.00" in page
    assert "价差太大" in page
    post(office["P01"], f"{URL}{sheet}&code=P0001", "/master/row",
         typed_row(row) | {"price_fen": "3390"})  # fmt: skip
    page = seen(office["P01"].page(f"{URL}{sheet}"))
    assert "¥32.90 → ¥33.90" in page
    assert "价差太大" not in page


RICE = "P0001"
MOVES = (
    ("3454", "涨 5.0%", False),  # 32.90 and five percent is 34.545
    ("3455", "涨 5.0%，要写原因", True),
    ("3603", "涨 9.5%，要写原因", True),
    ("3014", "降 8.4%", False),
)


@pytest.mark.parametrize(("fen", "said", "needs_why"), MOVES)
def test_a_price_that_rises_by_more_than_five_percent_is_not_published_without_a_reason(
    office: Office, fen: str, said: str, needs_why: bool
) -> None:
    sheet = "products.csv"
    bring(office, sheet, demo(sheet))
    publish(office, sheet)
    before = len(published(office))
    row = typed_row(office["P01"].page(f"{URL}{sheet}&code={RICE}"))
    post(office["P01"], f"{URL}{sheet}", "/master/row", row | {"price_fen": fen})
    page = office["P01"].page(f"{URL}{sheet}")
    assert f"{said} " in seen(page)
    assert (f'name="why_{RICE}"' in page) == needs_why
    if needs_why:
        assert "写下原因再发" in publish(office, sheet, 422)
        assert len(published(office)) == before
        typed = {f"why_{RICE}": "厂家 11-20 调价函", "second": ""}
        assert 'value="厂家 11-20 调价函"' in sent(office, sheet, 422, typed=typed), "it stays"
        publish(office, sheet, typed=typed | {"second": "C01"})
    else:
        publish(office, sheet)
    assert len(published(office)) == before + 1
    with office.county.store.read() as connection:
        log = StaffBook(office.county.store, connection).log(0, office.clock.at + 1)
    reasons = [(line.by, line.code, line.detail) for line in log if line.what == MADE_DEARER]
    now = f"{fen[:2]}.{fen[2:]}"
    told = f"{RICE} 32.90 → {now} +{said[2:5]}% 厂家 11-20 调价函"
    assert reasons == ([("P01", "C01", told)] if needs_why else [])


def test_a_sheet_with_many_rises_has_one_reason_for_all(office: Office) -> None:
    sheet = "products.csv"
    bring(office, sheet, demo(sheet))
    publish(office, sheet)
    head, *rows = csv.reader(io.StringIO(demo(sheet).decode()))
    at = head.index("price_fen")
    text = io.StringIO()
    csv.writer(text).writerows(
        [head, *([*r[:at], str(int(r[at] or 0) * 11 // 10), *r[at + 1 :]] for r in rows)]
    )
    page = bring(office, sheet, text.getvalue().encode())
    assert re.search(r"\d+ 行涨价超过 5%，原因", page)
    assert "写下原因再发" in publish(office, sheet, 422)
    publish(office, sheet, typed={"why_all": "运费涨了"})
    assert "没有要发的" in bring(office, sheet, text.getvalue().encode())


def typed_row(page: str) -> dict[str, str]:
    """What stands in the fields of the row's form."""
    form = page[page.index('action="/master/row"') :]
    form = form[: form.index("</form>")]
    found = re.findall(r'id="cell_\w+" name="(\w+)" value="([^"]*)"', form)
    return {name: html.unescape(value) for name, value in found}


def test_a_biller_is_switched_on_by_its_row_and_keeps_its_place(office: Office) -> None:
    sheet = "billers.csv"
    bring(office, sheet, demo(sheet))
    publish(office, sheet)
    url = f"{URL}{sheet}&code=WATER"
    row = typed_row(office["P01"].page(url))
    post(office["P01"], url, "/master/row", row | {"min_fen": "0"})
    assert "一行也没发" in seen(office["P01"].page(f"{URL}{sheet}"))
    post(office["P01"], url, "/master/row", row | {"offline_policy": "online_only"})
    page = seen(office["P01"].page(f"{URL}{sheet}"))
    assert "一行也没发" not in page, re.findall("billers.csv[^<]*", page)
    assert "要变 1 行" in page
    assert "→ 联网才收" in page
    assert "要变 1 行" in page, "and its place among the others is no change"


def test_what_was_looked_at_is_what_is_published(office: Office) -> None:
    """Somebody brings another sheet in meanwhile: the one who looked at the former is told."""
    sheet = "platforms.csv"
    bring(office, sheet, (HEAD + "京东,11:00\n").encode())
    page = office["P01"].page(f"{URL}{sheet}")
    mark = page[page.index('name="mark" value="') :].split('"')[3]
    bring(office, sheet, (HEAD + "京东,23:00\n").encode())
    post(office["P01"], f"{URL}{sheet}", "/master/publish",
         {"second": "C01", "second_password": PASSWORD, "mark": mark}, 409)  # fmt: skip
    assert published(office) == []
    post(office["P01"], f"{URL}{sheet}", "/master/drop")
    assert "还没发布" not in seen(office["P01"].page(f"{URL}{sheet}"))


def test_prices_of_sending_are_looked_at_changed_by_a_row_and_published(office: Office) -> None:
    sheet = "sending_zones.csv"
    page = bring(office, sheet, demo(sheet))
    assert "一行也没发" not in page, page[:400]
    publish(office, sheet)
    page = seen(office["P01"].page(f"{URL}{sheet}"))
    assert "寄件价格" in page
    one = office["P01"].page(f"{URL}{sheet}&code=NXGP%7Chenan")
    assert 'value="河南"' in one
    assert 'name="zone_code" value="henan"' in one
    typed = {
        "sheet": sheet, "courier_code": "NXGP", "zone_code": "henan", "name": "河南省内",
        "provinces": "河南", "first_g": "1000", "first_fen": "8000", "further_g": "1000",
        "further_fen": "200", "station_fee_fen": "200", "max_g": "30000", "days": "3",
        "is_open": "1",
    }  # fmt: skip
    post(office["P01"], f"{URL}{sheet}", "/master/row", typed)
    page = seen(office["P01"].page(f"{URL}{sheet}"))
    assert "要变 1 行" in page
    assert "价差太大" in page, "yuan for fen is looked at twice"
    publish(office, sheet, rows=["NXGP|henan"], typed={"why_NXGP|henan": "快递公司调价"})
    said = county_facts(office.county, "sending_zone.published", EVERYWHERE)
    assert msgspec.json.decode(said[-1].body)["first_fen"] == 8_000


def test_licences_of_a_mark_are_published_and_a_station_hears_of_them(
    office: Office, tmp_path: Path
) -> None:
    sheet = "brand_licences.csv"
    page = bring(office, sheet, LICENCES.encode())
    assert "要变 1 行" in page
    publish(office, sheet)
    till = open_till(office, tmp_path / "pc")
    converse(till.pc, direct(office.county))
    found = licence_for(till.pc.reader, "10018", STATION, "2026-11-25")
    assert found is not None
    assert (found.mark, found.quota, found.least_fen, found.most_fen) == (
        "伏牛山珍", 2_000_000, 800, 1_200,
    )  # fmt: skip
    assert found.holds_on("2027-10-31")
    assert not found.holds_on("2027-11-01")
    till.pc.close()
    one = office["P01"].page(f"{URL}{sheet}&code=PP-2026-01")
    for words in ("品牌授权", "标签上的字", 'value="伏牛山珍"', 'value="2000"', 'value="kg"'):
        assert words in one, words


# --- Ticks, good rows, days, pictures ------------------------------------------------------------


def test_only_ticked_rows_are_published_and_the_others_stay(office: Office) -> None:
    sheet = "platforms.csv"
    bring(office, sheet, (HEAD + "京东,11:00\n邮政,16:00\n").encode())
    assert "一行也没勾" in publish(office, sheet, 422, rows=[])
    publish(office, sheet, rows=["京东"])
    assert published(office) == ["P01+C01"]
    page = seen(office["P01"].page(f"{URL}{sheet}"))
    assert "要变 1 行" in page, "the other waits"
    assert "第 1 版 在用" in page
    publish(office, sheet)
    assert len(published(office)) == 2
    assert "还没发布" not in seen(office["P01"].page(f"{URL}{sheet}"))


def test_a_sheet_goes_on_with_its_good_rows(office: Office) -> None:
    sheet = "platforms.csv"
    bring(office, sheet, ("\ufeff" + HEAD + "京东,11点\n\n邮政,16:00\n").encode())
    post(office["P01"], f"{URL}{sheet}", "/master/good")
    page = seen(office["P01"].page(f"{URL}{sheet}"))
    assert "要变 1 行" in page
    assert "邮政" in page
    bring(office, sheet, b"name;cutoff\n")
    assert "/master/good" not in office["P01"].page(f"{URL}{sheet}"), "all of it is bad"


def test_a_price_holds_from_its_day_on_and_its_history_is_seen(
    office: Office, tmp_path: Path
) -> None:
    sheet, rice = "products.csv", f"{URL}products.csv&code=P0001"
    bring(office, sheet, demo(sheet))
    publish(office, sheet)
    row = typed_row(office["P01"].page(rice))
    later = row | {"price_fen": "3390", "from_day": "2026-12-20"}
    post(office["P01"], rice, "/master/row", row | {"from_day": "12-20"})
    assert "2026-12-01" in seen(office["P01"].page(f"{URL}{sheet}")), "how a day is written"
    post(office["P01"], rice, "/master/row", later)
    assert "从哪天起 → 2026-12-20" in seen(office["P01"].page(f"{URL}{sheet}"))
    publish(office, sheet)
    till = open_till(office, tmp_path / "pc")
    converse(till.pc, direct(office.county))
    found = goods_records.product(till.pc.reader, "P0001")
    assert found is not None
    assert [found.price_on(day) for day in ("2026-12-19", "2026-12-20")] == [3_290, 3_390]
    html = office["P01"].page(rice)
    assert 'class="coming"' in html, "what is to come is dashed"
    post(office["P01"], rice, "/master/row", row | {"price_fen": "3390", "remark": "当季新米"})
    publish(office, sheet)
    converse(till.pc, direct(office.county))
    found = goods_records.product(till.pc.reader, "P0001")
    assert found is not None
    assert (found.price_on("2026-12-01"), found.next_day) == (3_390, ""), "the day was taken back"
    till.pc.close()


def test_goods_get_a_small_picture_and_a_sheet_leaves_it(office: Office, tmp_path: Path) -> None:
    sheet, rice = "products.csv", f"{URL}products.csv&code=P0001"
    bring(office, sheet, demo(sheet))
    publish(office, sheet)
    form = {"token": office["P01"].token(rice), "code": "P0001"}
    noise = Image.frombytes("RGB", (640, 480), Dice(3).draw(640 * 480 * 3))
    out = io.BytesIO()
    noise.save(out, "PNG")
    for content, status, said in ((b"GIF89a", 422, "图"), (out.getvalue(), 303, "")):
        given = office["P01"].ask("POST", "/master/picture", data=form,
                                  files={"picture": ("x", content, "image/png")})  # fmt: skip
        assert given.status_code == status
        assert said in given.text
    again = bring(office, sheet, demo(sheet).replace(b",3290,", b",3390,", 1))
    assert "要变 1 行" in again
    publish(office, sheet)
    till = open_till(office, tmp_path / "pc")
    converse(till.pc, direct(office.county))
    small = goods_records.pictures(till.pc.reader, ["P0001", "P0002"])["P0001"]
    assert Image.open(io.BytesIO(small)).size == (96, 96)
    assert len(small) <= 3_000, "even noise: it travels over a slow line"
    assert office["P01"].get("/master/picture?code=P0001").content == small
    office["P01"].get("/master/picture?code=P0002", 404)
    till.pc.close()


def test_every_sheet_is_a_tab_and_a_row_of_it_says_again_what_holds(office: Office) -> None:
    """The row under a code, typed as it stands, changes nothing: no column is lost on the way."""
    for sheet in SHEETS:
        if sheet != CONTRACTS and "没有要发的" not in bring(office, sheet, demo(sheet)):
            publish(office, sheet)
    today = local_day(office.county.clock.now_ms())
    with office.county.store.read() as connection:
        known = known_at(office.county, connection)
    for sheet in (one for one in SHEETS if one != CONTRACTS):  # test_contract_sheet has that
        bodies = bodies_of(known, sheet)
        assert bodies, sheet
        assert "master." not in office["P01"].page(f"{URL}{sheet}"), "a column without words"
        for place, body in enumerate(bodies, 1):
            place = getattr(body, "place", place)
            row = sheet_of(cells_of(sheet, body, known), place=place)
            made = judge(Draft(sheet, row, "P01", 0), known, today, office.county)
            assert isinstance(made, Plan), (sheet, made)
            assert made.steps == (), (sheet, body)


def test_the_price_of_produce_and_a_courier_change_by_one_row(office: Office) -> None:
    for sheet in (PRODUCE, COURIERS):
        if "没有要发的" not in bring(office, sheet, demo(sheet)):
            publish(office, sheet)
    page = office["P01"].page(f"{URL}{PRODUCE}&code=10001")
    cells = dict(re.findall(r'id="cell_\w+" name="(\w+)" value="([^"]*)"', page))
    assert cells["grades"] == "特级|一级|二级|等外"
    typed = cells | {
        "sheet": PRODUCE,
        "typical_price_fen_per_unit": "950",
        "grade_price_pct": "100|80|60|40",
    }
    post(office["P01"], f"{URL}{PRODUCE}", "/master/row", typed)
    page = seen(office["P01"].page(f"{URL}{PRODUCE}"))
    assert "¥8.00 → ¥9.50" in page
    assert "一级 85 %" in page
    assert "一级 80 %" in page
    publish(office, PRODUCE)
    for kind in ("produce.published", "produce_terms.published"):
        assert county_facts(office.county, kind, EVERYWHERE)[-1].by == "P01+C01"
    page = office["P01"].page(f"{URL}{COURIERS}&code=ZTO")
    cells = dict(re.findall(r'id="cell_\w+" name="(\w+)" value="([^"]*)"', page))
    typed = {name: html.unescape(value) for name, value in cells.items()}
    post(office["P01"], f"{URL}{COURIERS}", "/master/row",
         typed | {"sheet": COURIERS, "return_days": "10"})  # fmt: skip
    assert "7 → 10" in seen(office["P01"].page(f"{URL}{COURIERS}"))
    post(office["P01"], f"{URL}{COURIERS}", "/master/row",
         typed | {"sheet": COURIERS, "return_days": "1"})  # fmt: skip
    page = seen(office["P01"].page(f"{URL}{COURIERS}"))
    assert "第 2 行" in page, "the three days must rise"

"""The county's pages as a browser gets them: what they say, what they never say, how fast."""

import re
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from county_server.dashboard import listing, pages, rows, todo
from county_server.dashboard.figures import read_county
from county_server.dashboard.rows import County
from county_server.staff import roles
from county_server.station_sheets import STATUSES
from county_server.store import Store
from county_server.web.frame import NAVIGATION
from station_app.resources_dir import load_texts
from station_app.services.cash.facts import CashTakenOut
from station_app.services.cash.rules import SHIFT
from station_app.services.cash.vouchers import VOUCHER
from station_app.services.people.facts import OperatorDetails
from station_app.services.people.rules import ROLES
from station_app.values.day import add_days
from tests.county_server.browser import Browser, Clock, make_pages
from tests.county_server.sample_county import (
    BROKEN_LINE,
    DEMO_STATION,
    FAR_OFF_STATION,
    HOUR,
    NOW,
    SILENT_STATION,
    TODAY,
    SampleCounty,
)

RENDER_MS_MAX = 100  # of one processor, for 289 stations
PAGE_BYTES_MAX = 100_000
DAY_STATES = ("closed", "open", "left_open", "no_shift", "not_here")
TODO_KINDS = (
    todo.DIFFERENCE,
    todo.SILENCE,
    todo.OUTAGE,
    todo.SILENT_REST,
    todo.RETURNS,
    todo.SMALL_DIFFERENCES,
    todo.UNHEARD,
)
COUNTY_SERVER = Path(pages.__file__).parents[1]


@pytest.fixture(scope="module")
def sample() -> SampleCounty:
    return SampleCounty(work=6).fill()


@pytest.fixture(scope="module")
def store(sample: SampleCounty, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    laid = sample.lay(tmp_path_factory.mktemp("county"))
    yield laid
    laid.close()


@pytest.fixture(scope="module")
def browser(store: Store, sample: SampleCounty) -> Browser:
    return Browser(make_pages(store, sample.contacts, Clock())).sign_in()


@pytest.fixture(scope="module")
def county(store: Store, sample: SampleCounty) -> County:
    with store.read() as connection:
        return read_county(connection, sample.contacts, NOW)


def seen(html: str) -> str:
    """What a reader sees of a page, in one line."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html.partition("</svg>")[2]))


def stations_in(html: str) -> list[str]:
    """Codes of the stations in the list, in its order."""
    return re.findall(r'<th scope="row"><a href="/stations/(\w+)"', html)


# --- The overview --------------------------------------------------------------------------------


def test_the_overview_says_what_the_figures_are(browser: Browser, county: County) -> None:
    text = seen(browser.page("/"))
    offline = len(county.offline)
    for words in (
        "村站联网（287 个）",
        f"{county.online} 联着 {offline} 没联上",
        f"{county.waiting:,} 笔 最久枫岭沟村站，3 天 4 小时",
        f"{county.parcels.came:,} 件进站 交给乡亲 {county.parcels.handed_over:,}",
        f"{county.parcels.on_hand:,} 件 超期 {county.parcels.overdue:,} 件",
        f"{county.day_ends} 站 {county.differing} 站有差",
        f"算到 09:42，{offline} 站没联上，数会再变",
        "丰和河村站昨天日结少 ¥12.00",
        "枫岭沟村站没联上 3 天 4 小时 七里坪乡，没传的至少 212 笔",
        f"{BROKEN_LINE} 7 个站同时没联上",
    ):
        assert words in text, words


def test_states_are_shapes_and_words_not_colours_alone(browser: Browser, county: County) -> None:
    html = browser.page("/")
    townships = html[html.index('class="townships"') : html.index('id="todo"')]
    drawn = Counter(re.findall(r'<use href="#(\w+)"/>', townships))
    assert drawn == Counter(row.state for row in county.rows)
    for state, word in (("act", "要处理"), ("silent", "超 24 小时"), ("online", "4 小时内")):
        spoken = re.findall(f"，{word} ([0-9]+) 站", seen("</svg>" + townships))
        assert sum(map(int, spoken)) == county.count(state) > 0


def test_no_figure_is_shown_that_nobody_counts_yet(browser: Browser) -> None:
    text = seen(browser.page("/"))
    figures = text.partition("退出")[2]  # above stand the desks, which are there
    for word in ("代购", "代销", "采购", "缴费"):
        assert word not in figures


def test_a_silent_station_has_no_noughts(browser: Browser) -> None:
    html = browser.page("/?q=" + SILENT_STATION)
    (line,) = re.findall(r"<tr class=\"old\">.*?</tr>", html, re.DOTALL)
    cells = [seen("</svg>" + cell).strip() for cell in re.findall(r"<td.*?</td>", line, re.DOTALL)]
    assert cells[1:5] == ["3 天 4 小时前", "11-20 05:30", "至少 212 笔", "还没传到"]
    assert cells[-1] == "还没传到"
    assert "0" not in cells


@pytest.mark.parametrize("order", list(listing.ORDERS))
def test_a_chip_sorts_the_list(browser: Browser, county: County, order: str) -> None:
    asked = listing.Asked(order=order, page=0)
    html = browser.page(asked.url())
    wanted = [row.place.code for row in listing.list_stations(county, asked).shown]
    assert stations_in(html) == wanted
    assert len(wanted) == 287
    assert html.count("aria-sort") == 1
    first = wanted[0]
    assert (first == FAR_OFF_STATION) == (order == listing.DIFFERENCE)
    if order in (listing.WAITING, listing.SILENCE):
        assert first == SILENT_STATION


def test_the_list_comes_in_pages_and_each_station_once(browser: Browser) -> None:
    codes = [code for page in range(1, 7) for code in stations_in(browser.page(f"/?page={page}"))]
    assert len(codes) == len(set(codes)) == 287
    assert "第 2 页，共 6 页 287 站" in seen(browser.page("/?page=2"))
    assert stations_in(browser.page("/?page=99")) == stations_in(browser.page("/?page=6"))
    assert len(stations_in(browser.page("/?page=all"))) == 287


@pytest.mark.parametrize("page", ["0", "-1", "x", "１", "99999999"])
def test_a_page_that_cannot_be_is_the_first_one(browser: Browser, page: str) -> None:
    first = stations_in(browser.page("/"))
    assert stations_in(browser.page(f"/?page={quote(page)}&sort=none")) == first


def test_a_township_is_a_list_of_its_own(browser: Browser) -> None:
    html = browser.page(f"/?township={quote(BROKEN_LINE)}")
    assert len(stations_in(html)) == 16
    assert 'aria-current="true"' in html
    assert "看全县" in html


@pytest.mark.parametrize(
    "question",
    ["柳荫洼", "荫洼", "liuyinwa", "yinwa", "LYW", "liu yin wa", "nx0601", "NX06 01", "柳荫洼村站"],
)
def test_a_station_is_found_by_name_pinyin_or_code(browser: Browser, question: str) -> None:
    html = browser.page(f"/?q={quote(question)}")
    assert DEMO_STATION in stations_in(html)
    assert len(stations_in(html)) < 10


def test_a_name_that_sounds_alike_is_offered(browser: Browser) -> None:
    html = browser.page(f"/?q={quote('柳阴洼')}")
    assert "没有「柳阴洼」。 是不是 柳荫洼村站 ？" in seen(html)
    assert f'href="/stations/{DEMO_STATION}"' in html


def test_what_nobody_is_called_gets_advice(browser: Browser) -> None:
    assert "没有「zzz」。 写村名的一部分" in seen(browser.page("/?q=zzz"))


def test_what_is_typed_stays_in_the_field_and_is_text(browser: Browser) -> None:
    html = browser.page('/?q="><script>alert(1)</script>&township=<b>')
    assert "<script" not in html
    assert 'value="&#34;&gt;&lt;script&gt;' in html
    assert "<b>&lt;" not in html.replace("<b>&lt;b&gt;", "")


# --- One station ---------------------------------------------------------------------------------


def test_a_station_says_how_it_stands(browser: Browser, store: Store, county: County) -> None:
    text = seen(browser.page(f"/stations/{DEMO_STATION}"))
    (row,) = [row for row in county.rows if row.place.code == DEMO_STATION]
    for words in (
        "总览 › 赤眉镇 › 柳荫洼村站 NX0601",
        "联着 上次传成 09:38",
        f"在架 {row.parcels.on_hand} 件",
        f"进站 {row.parcels.came} 交出 {row.parcels.handed_over}",
        "1 号机",
        "开的班（11-23 的账）",
        "11-23 今天",
        "11-22 周日",
        "这一页算到 09:38",
    ):
        assert words in text, words


def test_a_silent_station_says_how_far_its_page_reaches(browser: Browser) -> None:
    text = seen(browser.page(f"/stations/{SILENT_STATION}"))
    assert "这一页算到 11-20 05:30，站里后来的还没传到" in text
    assert "断得太久，派人带 U 盘去" in text
    assert "至少 212 笔" in text


def test_a_station_that_never_spoke_says_so(store: Store) -> None:
    text = seen(Browser(make_pages(store, [], Clock())).sign_in().page("/stations/NX0601"))
    assert "这个站还没传过数" in text
    assert "还没有开通的电脑" in text


def test_names_are_masked_and_phones_are_not_there(browser: Browser, sample: SampleCounty) -> None:
    operators = [facts[0] for kind, code, facts in sample.facts if code == DEMO_STATION][-1:]
    assert isinstance(operators[0].private, OperatorDetails)
    name = operators[0].private.name
    html = browser.page(f"/stations/{DEMO_STATION}")
    assert name not in html
    text = seen(html)  # a token in a form may well look like a phone
    assert f"{name[0]}*{name[-1]} 站长" in text
    assert not re.search(r"1[3-9][0-9]{9}", text)


def test_a_station_that_is_not_there_is_a_page_with_a_way_back(browser: Browser) -> None:
    text = browser.page("/stations/NX%3Cb%3E99", 404)
    assert "没有编号是「NX&lt;b&gt;99」的站" in text


def test_an_open_shift_of_an_earlier_day_is_pointed_out(tmp_path: Path) -> None:
    sample = SampleCounty()
    sample.found()
    sample.shift("NX0601", add_days(TODAY, -1), closed=False)
    sample.heard("NX0601", NOW - HOUR)
    store = sample.lay(tmp_path)
    text = seen(
        Browser(make_pages(store, sample.contacts, Clock())).sign_in().page("/stations/NX0601")
    )
    store.close()
    assert "（11-22 的账）" in text
    assert "没日结" in text


def test_a_county_that_was_never_spoken_to_does_not_claim_to_be_in_touch(tmp_path: Path) -> None:
    sample = SampleCounty()
    sample.found()
    store = sample.lay(tmp_path)
    text = seen(Browser(make_pages(store, [], Clock())).sign_in().page("/"))
    store.close()
    assert "0 笔 还没有站传过数" in text
    assert "算到 09:42，287 站还没开通" in text
    assert "287 个站还没开通 发开通码给站里" in text


def test_everything_to_do_stands_on_one_page(browser: Browser) -> None:
    text = seen(browser.page("/todo"))
    assert "共" in text
    assert "件包裹该退了" in text
    assert "个站昨天日结差一点" in text


def test_a_county_without_stations_says_what_to_do(tmp_path: Path) -> None:
    store = SampleCounty().lay(tmp_path)
    browser = Browser(make_pages(store, [], Clock())).sign_in()
    text = seen(browser.page("/"))
    assert "还没有村站。先导入县里的站点名册" in text
    assert "今天都正常" in seen(browser.page("/todo"))
    store.close()


# --- What holds for every page -------------------------------------------------------------------

EVERY = ["/", "/?page=all", "/todo", f"/stations/{SILENT_STATION}", "/login"]


@pytest.mark.parametrize("url", EVERY)
def test_every_page_is_for_this_server_and_this_reader_alone(
    browser: Browser, store: Store, url: str
) -> None:
    response = Browser(browser.app, "10.0.0.9").get(url) if url == "/login" else browser.get(url)
    assert response.headers["Content-Security-Policy"].startswith("default-src 'self';")
    assert "frame-ancestors 'none'" in response.headers["Content-Security-Policy"]
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    html = response.text
    assert "//" not in re.sub(r"<!--.*?-->", "", html).replace("://county.test", "")
    assert not re.search(r"<script|style=|\son[a-z]+=|<style", html)
    assert 'lang="zh-CN"' in html


@pytest.mark.parametrize("url", EVERY)
def test_every_page_is_well_built(browser: Browser, url: str) -> None:
    html = Browser(browser.app, "10.0.0.8").page(url) if url == "/login" else browser.page(url)
    assert html.count("<h1") == 1
    assert html.count("<th") - html.count("<thead") == html.count('<th scope="')
    used = set(re.findall(r'<use href="#(\w+)"', html))
    assert used <= set(re.findall(r'<symbol id="(\w+)"', html))
    for label in re.findall(r'aria-labelledby="(\w+)"', html):
        assert f'id="{label}"' in html
    assert len(re.findall(r"<(?:svg class)", html)) <= html.count('aria-hidden="true"')


def test_files_are_sent_to_anybody_and_nothing_but_these(browser: Browser) -> None:
    stranger = Browser(browser.app, "10.0.0.7")
    css = stranger.get("/static/county.css")
    assert css.headers["content-type"].startswith("text/css")
    for name in re.findall(r'url\("/static/([^"]+)"\)', css.text):
        assert stranger.get(f"/static/{name}").content[:4] == b"OTTO"
    assert "http" not in css.text
    assert stranger.get("/static/icon.svg").headers["content-type"] == "image/svg+xml"
    for name in ("pages.py", "..%2fpages.py", "build_fonts.py", "login.html", ""):
        stranger.get(f"/static/{name}", 404)


def test_nothing_can_be_posted_to_a_page(browser: Browser) -> None:
    assert browser.post("/", {}).status_code == 405
    assert browser.post(f"/stations/{DEMO_STATION}", {}).status_code == 405


def templates() -> str:
    """All templates of the county's pages."""
    files = sorted(COUNTY_SERVER.rglob("templates/*"))
    return "".join(file.read_text("utf-8") for file in files)


def test_every_word_that_a_template_says_is_in_the_catalogue() -> None:
    texts = load_texts()
    keys = re.findall(r"""say\(["']([\w.]+)["'][,)]""", templates())
    assert len(keys) > 100
    assert [key for key in keys if not texts.has(f"county.{key}")] == []
    assert not re.search("[\u4e00-\u9fff]", templates())


def test_every_value_that_is_part_of_a_key_has_its_words() -> None:
    built = [
        *(f"state.{state}" for state in rows.STATES),
        *(f"list.by_{order}" for order in listing.ORDERS),
        *(f"role.{role}" for role in ROLES),
        *(f"status.{status}" for status in STATUSES if status != "active"),
        *(f"day.{weekday}" for weekday in range(1, 8)),
        *(f"day_state.{state}" for state in DAY_STATES),
        *(f"todo.{what}.{part}" for what in TODO_KINDS for part in ("title", "remark")),
        *(f"nav.{name}" for name, _, _ in NAVIGATION),
        *(f"staff_role.{role}" for role in roles.ROLES),
        *(f"staff_page.{page}" for page in roles.TABLE if page != roles.SELF),
    ]
    texts = load_texts()
    assert [key for key in built if not texts.has(f"county.{key}")] == []
    python = "".join(file.read_text("utf-8") for file in COUNTY_SERVER.rglob("*.py"))
    written = templates() + python
    begun = tuple(re.findall(r"""["'](?:county\.)?((?:[a-z_]+\.)+[a-z_]*)(?:["'] ~|\{)""", written))
    ours = [
        key.removeprefix("county.") for key in sorted(texts.keys()) if key.startswith("county.")
    ]
    elsewhere = ("problem.", "place.")  # said where master data is judged
    assert [
        key
        for key in ours
        if not key.startswith(elsewhere)
        and key not in built
        and not key.startswith(begun)
        and not re.search(rf"""["'](?:county\.)?{re.escape(key)}["']""", written)
    ] == []


def test_the_overview_of_289_stations_is_rendered_quickly(
    browser: Browser, sample: SampleCounty
) -> None:
    """The processor's time, so that a busy machine does not fail the test; the best of five."""
    took = []
    for _ in range(5):
        began = time.process_time()
        html = browser.page("/")
        took.append((time.process_time() - began) * 1000)
    assert min(took) < RENDER_MS_MAX
    assert len(html.encode()) < PAGE_BYTES_MAX


def test_what_was_done_by_one_person_is_listed_for_review(tmp_path: Path) -> None:
    sample = SampleCounty(work=1).fill()
    for number, alone in ((7, 1), (8, 0)):
        body = CashTakenOut(
            number=number,
            place="drawer",
            reason="bank",
            amount_fen=150_000 + number,
            confirmed_by="",
            alone=alone,
            shift="",
            day=TODAY,
        )
        stream = f"{DEMO_STATION}/D1/{'0' * 16}"
        sample.add(VOUCHER, DEMO_STATION, [sample.tell(stream, NOW, body)])
    store = sample.lay(tmp_path)
    browser = Browser(make_pages(store, sample.contacts, Clock())).sign_in()
    text = seen(browser.page(f"/stations/{DEMO_STATION}"))
    store.close()
    assert "一人办理，要看一看" in text
    assert "第 7-AA 号" in text
    assert "存银行" in text
    assert "¥1,500.07" in text
    assert "第 8-AA 号" not in text


def test_a_closed_day_bears_the_number_of_its_paper(browser: Browser, sample: SampleCounty) -> None:
    """A series may begin anew after a restore: the mark of the start tells two papers apart."""
    shifts = (said for kind, at, said in sample.facts if kind is SHIFT and at == FAR_OFF_STATION)
    closed = [said[1].body for said in shifts if len(said) == 2]
    numbers = [f"第 {body.number}-KV 号" for body in closed]
    assert len(numbers) == 6
    text = seen(browser.page(f"/stations/{FAR_OFF_STATION}"))
    assert [number for number in numbers if number not in text] == []
    assert "-AA 号" not in text
    assert f"日结单{numbers[-1]}" in seen(browser.page("/"))

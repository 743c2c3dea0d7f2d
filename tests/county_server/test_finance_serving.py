"""The finance desk as it is used: a county process, HTTP, a real station, a real browser."""

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from station_app.journal.fact import Saying
from station_app.security.pictures import cleaned
from station_app.services.clearing.statement_records import look_at, statements
from station_app.services.inquiries.facts import InquiryAnswered, InquiryWords
from tests.county_server.browsing import PASSWORD, PICTURES, fits, sign_in
from tests.county_server.finance_story import Till
from tests.county_server.serving import Server, command, enrolled_over, new_data, over
from tests.sync.stand import DAY, MORNING_MS, STATION, Pc, converse


def slip(shade: int) -> bytes:
    """A photo of something grey."""
    image = Image.linear_gradient("L").resize((900, 600)).point(lambda dot: (dot + shade) % 256)
    out = io.BytesIO()
    image.convert("RGB").save(out, "JPEG")
    return out.getvalue()


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    made = new_data(tmp_path)
    for code, name in (("F01", "郑示璐"), ("F02", "吴示彤")):
        monkeypatch.setattr("sys.stdin", io.StringIO(f"{PASSWORD}\n"))
        command(made, "staff", "add", code, name, "--role", "finance", "--password-stdin")
    return made


@pytest.fixture
def pc(server: Server, data: Path, tmp_path: Path) -> Iterator[Pc]:
    opened = enrolled_over(server, data, tmp_path / "d1", seed=1)
    yield opened
    opened.close()


def a_figure_is_opened(page: Page) -> None:
    """What the station owes by the statement, its facts, and one of them."""
    page.get_by_role("link", name="¥450.50").first.click()
    expect(page.locator("#total")).to_have_text("¥450.50")
    fits(page)
    page.screenshot(path=PICTURES / "county_from.png", full_page=True)
    page.get_by_role("link", name="站里缴款").last.click()
    expect(page.get_by_role("heading", name="这一笔怎么记的账")).to_be_visible()
    fits(page)


def the_station_is_asked(page: Page, pc: Pc, server: Server) -> None:
    """By keys, before anything is decided; the answer stands below the books."""
    page.keyboard.press("4")
    expect(page.get_by_role("radio", name="再问问")).to_be_checked()
    page.fill("textarea#remark", "缴的时候数过没有")
    page.get_by_role("button", name="就这样定").click()
    expect(page.get_by_role("status")).to_contain_text("问下去了")
    converse(pc, over(server))
    (identity,) = pc.reader.execute("SELECT entity FROM inquiries").fetchone()
    pc.say(Saying(InquiryAnswered(day=DAY), InquiryWords(words="柜子里掉了五毛"), entity=identity))
    converse(pc, over(server))
    page.goto(f"{server.url}/cases")
    expect(page.get_by_text("站里答（1 号机）：柜子里掉了五毛")).to_be_visible()
    fits(page)
    page.screenshot(path=PICTURES / "county_cases.png", full_page=True)


def test_a_month_from_the_slip_to_the_statement(
    chromium: Browser, server: Server, pc: Pc, tmp_path: Path
) -> None:
    """By keys and mouse in two browsers; what is issued is what the station's journal says."""
    till = Till(pc, None)  # type: ignore[arg-type]
    pc.clock.at = MORNING_MS
    till.pay_in(350_50, photo=cleaned(slip(40)).content)
    till.pay_in(100_00, purse="Grower")
    converse(pc, over(server))
    first = sign_in(chromium, server, "F01", "/finance")
    expect(first.get_by_text("¥450.50")).to_be_visible()
    fits(first)
    first.get_by_role("link", name="柳荫洼村站").last.click()
    photo = tmp_path / "slip.png"
    photo.write_bytes(slip(170))
    first.set_input_files("#photo", photo)
    first.get_by_role("button", name="传照片").click()
    expect(first.get_by_role("status")).to_have_text("照片收下了")
    expect(first.locator("ul.photos img")).to_have_count(2)
    expect(first.get_by_text("NX0601", exact=False).first).to_be_visible()
    fits(first)
    PICTURES.mkdir(parents=True, exist_ok=True)
    first.screenshot(path=PICTURES / "county_photos.png", full_page=True)
    first.fill("#received", "350.00")
    first.fill("#remark", "少五毛")
    first.keyboard.press("Enter")
    expect(first.get_by_role("status")).to_contain_text("记下了")
    expect(first.get_by_text("选照片")).to_be_visible()  # whatever the browser's language
    fits(first)
    first.screenshot(path=PICTURES / "county_remittances.png", full_page=True)
    first.get_by_role("link", name="去看两边").click()
    expect(first.get_by_role("heading", name="甲 1 号机")).to_be_visible()
    fits(first)
    expect(first.get_by_text("上下行").first).to_be_visible()
    the_station_is_asked(first, pc, server)
    first.keyboard.press("2")
    expect(first.get_by_role("radio", name="按县里的定")).to_be_checked()
    first.fill("textarea#remark", "站里认了少五毛")
    first.get_by_role("button", name="就这样定").click()
    expect(first.get_by_role("link", name="缴款数额不一样")).to_have_count(0)
    fits(first)
    first.get_by_role("link", name="县里定了的").click()
    expect(first.get_by_role("cell", name="站里认了少五毛")).to_be_visible()
    fits(first)
    url = f"{server.url}/finance/statements/{DAY[:7]}/{STATION}"
    first.goto(url)
    first.get_by_role("button", name="编这个月的月结单").click()
    expect(first.get_by_role("button", name="发给站里")).to_be_disabled()
    fits(first)
    second = sign_in(chromium, server, "F02", "/finance")
    second.goto(url)
    second.focus("#remark")
    second.keyboard.press("Enter")
    expect(second.get_by_role("status")).to_contain_text("发出去了")
    fits(second)
    second.screenshot(path=PICTURES / "county_statement.png", full_page=True)
    a_figure_is_opened(second)
    converse(pc, over(server))
    ((identity, state),) = statements(pc.reader)
    found = look_at(pc.reader, identity, STATION)
    assert (found.reason, state.month) == ("", DAY[:7])
    assert found.compared is not None
    assert not found.compared.differences
    assert found.compared.count("equal") == state.lines_said == 3
    for page in (first, second):
        page.context.close()

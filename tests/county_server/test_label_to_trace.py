"""From the package to its story: the label's code is read off the dots a printer put on paper."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, ViewportSize, expect

from station_app.printing.paint import TypeCase
from station_app.printing.press import Press
from station_app.printing.profiles import load_profiles
from station_app.resources_dir import load_texts, resources
from station_app.services.consignment.papers import PaperMaker
from station_app.services.people import records as people
from tests.county_server.browsing import PICTURES
from tests.county_server.hub_story import CODE, grower, lot
from tests.county_server.order_story import OrderTill
from tests.county_server.serving import Server, command, enrolled_over, new_data, over
from tests.printing.witness import codes, only_paper
from tests.sync.stand import converse

PHONE = ViewportSize(width=390, height=844)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return new_data(tmp_path)


def say_where_the_pages_are(data: Path, url: str, folder: Path) -> None:
    """Publish what a code shall say; the port is known only when the county runs."""
    folder.mkdir()
    (folder / "produce.csv").write_bytes((resources() / "demo/produce.csv").read_bytes())
    (folder / "produce_rules.csv").write_text(f"name,value\ntrace.address,{url}\n")
    command(data, "import-master", folder)


@pytest.mark.long  # a county of its own and a browser
@pytest.mark.usefixtures("qapp")  # type is drawn
def test_a_buyers_phone_reads_the_printed_label_and_opens_the_lots_page(
    chromium: Browser, server: Server, data: Path, tmp_path: Path
) -> None:
    say_where_the_pages_are(data, server.url, tmp_path / "rules")
    pc = enrolled_over(server, data, tmp_path / "d1", seed=1)
    converse(pc, over(server))
    till = OrderTill(pc)
    one = lot(till, grower(till))
    converse(pc, over(server))
    paper, *_ = PaperMaker(people, load_texts()).labels_of(pc.reader, one)
    profiles = load_profiles((resources() / "printers.toml").read_text("utf-8"))
    profile = profiles["label_60x40"]
    job = Press(TypeCase(resources() / "fonts")).render_bytes(paper.document, profile)
    (read,) = codes(only_paper(job, profile))
    pc.close()
    assert read == f"{server.url}/t/{CODE}"
    page = chromium.new_context(viewport=PHONE).new_page()
    page.goto(read)
    expect(page.get_by_text("20.000 公斤").first).to_be_visible()
    expect(page.get_by_text("王*兰").first).to_be_visible()
    expect(page.get_by_text("王示兰")).to_have_count(0)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    expect(page.get_by_role("heading", level=1)).to_have_css("font-size", "26px")  # with its sheet
    PICTURES.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=PICTURES / "trace_by_label.png", full_page=True)

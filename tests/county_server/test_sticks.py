"""The page of sticks: a bundle in, its answer out, for the clerk and the administrator."""

import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette

from county_server.county import County
from county_server.desks import sticks
from county_server.pages import routes
from county_server.staff.roles import ADMIN, CLERK, FINANCE, Member
from station_app.resources_dir import load_texts
from tests.county_server.browser import Browser, give_account
from tests.sync import mail
from tests.sync.stand import Pc, SetClock, folded_here, folded_there, new_county

PEOPLE = (Member("C1", "周示敏", (CLERK,)), Member("A1", "管示安", (ADMIN,)))


@pytest.fixture
def county(tmp_path: Path, clock: SetClock) -> Iterator[County]:
    county = new_county(tmp_path / "county", clock)
    for member in (*PEOPLE, Member("F1", "钱示核", (FINANCE,))):
        give_account(county.store, member)
    yield county
    county.close()


@pytest.fixture
def app(county: County) -> Starlette:
    return Starlette(routes=list(routes(county, load_texts())))


def hand_in(browser: Browser, content: bytes, what: str = "bundle") -> httpx.Response:
    form = {"token": browser.token("/sticks"), "what": what}
    files = {"file": ("any name at all", content)} if content else {"other": ("", b"")}
    return browser.ask("POST", "/sticks", data=form, files=files)


@pytest.mark.parametrize("code", ["C1", "A1"])
def test_a_bundle_goes_in_and_its_answer_comes_out(
    app: Starlette, county: County, pc: Pc, code: str
) -> None:
    browser = Browser(app).sign_in(code)
    pc.shelve(4)
    response = hand_in(browser, mail.bundle(pc))
    assert response.status_code == 200
    assert 'filename="village-station-NX0601-D1.answer"' in response.headers["content-disposition"]
    assert "no-store" in response.headers["cache-control"]
    assert mail.take(pc, response.content).facts_up == 4
    assert folded_here(pc) == folded_there(county, "NX0601")


def test_what_is_none_is_a_calm_sentence_and_nothing_is_taken(
    app: Starlette, county: County, pc: Pc
) -> None:
    browser = Browser(app).sign_in("C1")
    pc.shelve(1)
    written = mail.bundle(pc)
    for content, words in (
        (b"", "还没选文件"),
        (b"hello", "这个文件不是村站写的"),
        (written[:-1], "文件在路上坏了，一笔没收"),
    ):
        response = hand_in(browser, content)
        assert response.status_code == 422
        assert words in response.text
    assert "这个文件不是村站写的" in hand_in(browser, b"hello", "enrol").text
    assert folded_there(county, "NX0601") != folded_here(pc)


def test_only_whom_the_table_names(app: Starlette) -> None:
    browser = Browser(app).sign_in("F1")
    assert browser.ask("GET", "/sticks").status_code == 403
    assert 'href="/sticks"' not in browser.page("/")
    clerk = Browser(app, "10.0.0.9").sign_in("C1")
    assert 'href="/sticks"' in clerk.page("/")


def test_more_than_the_page_takes_is_refused(app: Starlette) -> None:
    assert sticks.PAGE_BYTES_MAX < 64 * 1024 * 1024
    browser = Browser(app).sign_in("C1")
    response = hand_in(browser, bytes(sticks.PAGE_BYTES_MAX + 100_000))
    assert response.status_code == 413


def test_every_reason_has_a_sentence() -> None:
    from county_server.bundles import SENTENCES

    texts = load_texts()
    for reason in (*SENTENCES, "no_file"):
        assert texts.has(f"county.stick.trouble.{reason}"), reason
    assert not re.search("[A-Za-z]{4}", texts.say("county.stick.head"))

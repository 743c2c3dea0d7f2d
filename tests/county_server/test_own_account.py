"""Accounts of the county: six digits beside the password, last time, two compared, files."""

import base64
import io
import re
from pathlib import Path

import pytest
from openpyxl import load_workbook

from county_server.staff.accounts import LogLine, StaffBook
from county_server.staff.one_time import STEP_MS, code_at, secret_words, step_of
from county_server.staff.roles import AUDITOR, FINANCE, PURCHASER, Member
from tests.county_server.browser import CODE, HASH, PASSWORD, Browser
from tests.county_server.finance_story import Office, open_office, seen

SECRET = b"12345678901234567890"  # of the examples in RFC 4226 and RFC 6238


def test_the_digits_are_those_of_the_standard() -> None:
    counted = ["755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583"]
    assert [code_at(SECRET, step) for step in range(8)] == counted
    moments = {
        59: "287082",
        1_111_111_109: "081804",
        1_234_567_890: "005924",
        20_000_000_000: "353130",
    }
    assert {at: code_at(SECRET, at * 1000 // STEP_MS) for at in moments} == moments
    assert secret_words(SECRET) == "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ"


@pytest.mark.parametrize(
    ("typed", "now", "after", "step"),
    [
        ("287082", 59_000, 0, 1), ("287 082", 59_000, 0, 1),  # as a telephone shows it
        ("287082", 89_999, 0, 1), ("287082", 29_000, 0, 1),  # a slow hand, a clock that is behind
        ("287082", 95_000, 0, 0), ("287082", 59_000, 1, 0),  # too late; used up
        ("", 59_000, 0, 0), ("28708", 59_000, 0, 0), ("二八七零八二", 59_000, 0, 0),
    ],
)  # fmt: skip
def test_which_digits_are_good(typed: str, now: int, after: int, step: int) -> None:
    assert step_of(SECRET, typed, now, after) == step


def digits_of(page: str, now: int) -> str:
    """What a telephone shows that was given the secret of the page."""
    (words,) = re.findall(r'class="secret">([A-Z2-7 ]+)<', page)
    return code_at(base64.b32decode(words.replace(" ", "")), now // STEP_MS)


def post(browser: Browser, act: str, digits: str = "") -> tuple[int, str]:
    form = {"token": browser.token("/code"), "digits": digits}
    answer = browser.post(f"/code/{act}", form)
    return answer.status_code, seen(answer.text)


def door(browser: Browser, digits: str) -> int:
    form = {"token": browser.token("/login"), "account": CODE, "password": PASSWORD}
    return browser.post("/login", form | {"digits": digits, "next": "/"}).status_code


def test_who_has_digits_comes_in_with_them_only_and_with_each_once(office: Office) -> None:
    """Set up with a picture, asked for at the door, used up, and off after a new password."""
    clock, mine = office.county.clock, office[CODE]
    assert "没开" in seen(mine.page("/code"))
    assert post(mine, "begin")[0] == 303
    page = mine.page("/code")
    assert "<svg" in page
    assert 'class="qrline"' in page
    assert post(mine, "on", "000000")[0] == 403
    assert "没开" in seen(mine.page("/code")), "the picture alone shuts nobody out"
    first = digits_of(page, clock.now_ms())
    assert post(mine, "on", first)[0] == 303
    assert "开着" in seen(mine.page("/code"))
    assert 'class="secret"' not in mine.page("/code"), "it is shown while it is set up only"
    other = Browser(mine.app, "10.0.0.9")
    assert [door(other, ""), door(other, first)] == [403, 403], "none, and used up"
    clock.at += STEP_MS  # type: ignore[attr-defined]
    fresh = digits_of(page, clock.now_ms())
    assert door(other, fresh) == 303
    clock.at += STEP_MS  # type: ignore[attr-defined]
    assert post(mine, "off", "123456")[0] == 403
    assert post(mine, "off", digits_of(page, clock.now_ms()))[0] == 303
    assert door(Browser(mine.app, "10.0.0.10"), "") == 303
    log = [line.what for line in _log(office)]
    assert "code_on" in log
    assert "code_off" in log


def _log(office: Office) -> list[LogLine]:
    with office.county.store.read() as connection:
        return list(StaffBook(office.county.store, connection).log(0, 2**62))


def test_who_comes_in_is_told_once_when_she_was_here_last(office: Office) -> None:
    clock, app = office.county.clock, office[CODE].app
    assert "上次登录" not in seen(office[CODE].page("/")), "the first time there is nothing to tell"
    clock.at += 3_600_000  # type: ignore[attr-defined]
    again = Browser(app, "10.0.0.9").sign_in(CODE)
    assert re.search(
        r"上次登录：\d\d-\d\d \d\d:\d\d，从 10\.7\.0\.1。不是您本人，马上 换口令",
        seen(again.page("/")),
    )
    assert "上次登录" not in seen(again.page("/")), "once"
    assert "上次登录" not in seen(again.page("/todo"))


def test_a_new_password_from_the_server_lets_in_without_the_lost_telephone(office: Office) -> None:
    mine, county = office[CODE], office.county
    post(mine, "begin")
    post(mine, "on", digits_of(mine.page("/code"), county.clock.now_ms()))
    with county.store.write() as connection:
        book = StaffBook(county.store, connection)
        book.reset(CODE, HASH, is_once=False, by="server", now=county.clock.now_ms())
    assert door(Browser(mine.app, "10.0.0.9"), "") == 303


def test_two_people_are_laid_beside_each_other_where_they_differ_first(tmp_path: Path) -> None:
    people = (
        Member("A02", "苗示霞", (AUDITOR,)), Member("P01", "吴示彤", (PURCHASER,)),
        Member("F01", "郑示璐", (FINANCE,)),
    )  # fmt: skip
    there = open_office(tmp_path, people)
    page = seen(there["A02"].page("/staff?one=P01&other=F01"))
    assert "P01 吴示彤 F01 郑示璐" in page
    assert "页不一样 页面" in page
    assert page.index("采购台 可办 只看") < page.index("总览、村站 只看 只看")
    same = seen(there["A02"].page("/staff?one=P01&other=P01"))
    assert "两人能做的一样" in same
    assert "P01 吴示彤 F01" not in seen(there["A02"].page("/staff?one=P01&other=X9"))
    there.county.close()


def test_who_did_what_and_who_may_do_what_are_taken_as_files_and_that_is_noted(
    tmp_path: Path,
) -> None:
    there = open_office(
        tmp_path, (Member("A02", "苗示霞", (AUDITOR,)), Member("P01", "吴示彤", (PURCHASER,)))
    )
    there["P01"].post(
        "/orders/cutoffs",
        {"token": there["P01"].token("/orders/cutoffs"), "name": "京东", "cutoff": "11:00"},
    )
    auditor = there["A02"]
    for page in ("audit", "staff"):
        answer = auditor.post(f"/{page}/file", {"token": auditor.token(f"/{page}")})
        assert answer.status_code == 200
        sheet = load_workbook(io.BytesIO(answer.content)).active
        assert sheet is not None
        rows = [[str(cell or "") for cell in row] for row in sheet.iter_rows(values_only=True)]
        text = "\n".join("|".join(row) for row in rows)
        wanted = {
            "audit": ("何时|谁|办了什么", "P01 吴示彤|平台的截单时间|全县", "A02 苗示霞|A02 登录"),
            "staff": ("页面|信息服务员|采购员", "采购台|只看|可办", "P01 吴示彤|采购员"),
        }  # fmt: skip
        for part in wanted[page]:
            assert part in text, text
    assert [line.what for line in _log(there)][:2] == ["exported", "exported"]
    assert there["P01"].post("/audit/file", {"token": "x"}).status_code == 403
    there.county.close()

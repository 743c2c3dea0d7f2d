"""The door of the county's pages: who gets in, for how long, and who is held off."""

import re
from collections.abc import Iterator

import pytest
from argon2.exceptions import InvalidHashError
from starlette.applications import Starlette

from county_server.dashboard.login import (
    ADDRESSES_MAX,
    IDLE_MS,
    MEMBER,
    MINUTE_MS,
    SESSION_MS,
    VISIT_MS,
    VISITOR,
    WRONG_ANYWHERE_MAX,
    WRONG_MAX,
    Door,
)
from county_server.dashboard.pages import COOKIE, FORM_BYTES_MAX
from county_server.store import Store
from station_app.vocabulary import VOCABULARY
from tests.county_server.browser import HASH, PASSWORD, SECRET, Browser, Clock, make_pages
from tests.county_server.sample_county import NOW


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    empty = Store(f"sqlite:///{tmp_path_factory.mktemp('empty') / 'county.db'}", VOCABULARY)
    empty.make()
    yield empty
    empty.close()


@pytest.fixture
def app(store: Store, clock: Clock) -> Starlette:
    return make_pages(store, [], clock)


@pytest.fixture
def browser(app: Starlette) -> Browser:
    return Browser(app)


def door() -> Door:
    return Door(HASH, SECRET)


# --- Coming in -----------------------------------------------------------------------------------


@pytest.mark.parametrize("url", ["/", "/?sort=silence", "/todo", "/stations/NX0601"])
def test_nothing_is_shown_without_signing_in(browser: Browser, url: str) -> None:
    response = browser.get(url, 303)
    assert response.headers["location"].startswith("/login")
    assert response.text == ""


def test_the_right_password_leads_to_the_page_that_was_asked_for(browser: Browser) -> None:
    target = browser.get("/stations/NX0601?a=%E6%9D%91", 303).headers["location"]
    where = re.search('name="next" value="([^"]+)"', browser.page(target))
    assert where
    response = browser.try_password(PASSWORD, where[1].replace("&amp;", "&"))
    assert (response.status_code, response.headers["location"]) == (
        303,
        "/stations/NX0601?a=%E6%9D%91",
    )
    assert "总览" in browser.page("/")
    assert browser.get("/login", 303).headers["location"] == "/"


@pytest.mark.parametrize(
    "where",
    ["https://evil.test/", "//evil.test", "/\\evil.test", "javascript:x", "", "/\r\nX: y", "/%0d"],
)
def test_signing_in_never_leads_away_from_these_pages(browser: Browser, where: str) -> None:
    location = browser.try_password(PASSWORD, where).headers["location"]
    assert location in ("/", "/%0d")


def test_the_cookie_is_for_this_server_alone(app: Starlette) -> None:
    plain = Browser(app).try_password(PASSWORD).headers["set-cookie"]
    assert "HttpOnly" in plain
    assert "SameSite=lax" in plain
    assert "Path=/" in plain
    assert "Secure" not in plain
    assert "Secure" in Browser(app, scheme="https").try_password(PASSWORD).headers["set-cookie"]


def test_a_session_is_new_after_signing_in(browser: Browser) -> None:
    """Somebody who planted a cookie beforehand has nothing of it."""
    browser.page("/login")
    before = browser.cookies[COOKIE]
    browser.sign_in()
    assert browser.cookies[COOKIE].split(".")[1] != before.split(".")[1]
    browser.cookies.set(COOKIE, before)
    browser.get("/", 303)


# --- Staying -------------------------------------------------------------------------------------


def test_who_goes_on_looking_stays_and_who_leaves_the_desk_does_not(
    browser: Browser, clock: Clock
) -> None:
    browser.sign_in()
    for _ in range(4):
        clock.at += IDLE_MS - MINUTE_MS
        browser.get("/todo")
    clock.at += IDLE_MS + 1
    assert browser.get("/todo", 303).headers["location"] == "/login?next=%2Ftodo"


def test_a_session_ends_after_a_working_day(browser: Browser, clock: Clock) -> None:
    browser.sign_in()
    for _ in range(SESSION_MS // (10 * MINUTE_MS)):
        clock.at += 10 * MINUTE_MS
        browser.get("/todo")
    clock.at += MINUTE_MS
    browser.get("/todo", 303)


def test_signing_out_ends_the_session_wherever_its_cookie_was_copied(browser: Browser) -> None:
    browser.sign_in()
    copied = browser.cookies[COOKIE]
    response = browser.post("/logout", {"token": browser.token("/")})
    assert response.headers["location"] == "/login"
    assert COOKIE not in browser.cookies
    browser.cookies.set(COOKIE, copied)
    browser.get("/", 303)


def test_nobody_is_signed_out_by_another_page(browser: Browser) -> None:
    browser.sign_in()
    assert browser.post("/logout", {}).status_code == 403
    assert browser.post("/logout", {"token": "0" * 64}).status_code == 403
    browser.get("/")


def test_a_cookie_of_somebody_else_s_making_is_none() -> None:
    made = door()
    cookie = made.write(made.welcome(MEMBER, NOW), NOW)
    assert made.read(cookie, NOW) is not None
    other = Door(HASH, SECRET[::-1])
    content, _, mac = cookie.rpartition(".")
    for forged in (
        other.write(other.welcome(MEMBER, NOW), NOW),
        f"{content}.{mac[:-1]}{'0' if mac[-1] != '0' else '1'}",
        cookie.replace(MEMBER, VISITOR),
        made.write(made.welcome(VISITOR, NOW), NOW).replace(VISITOR, MEMBER),
        content,
        "",
        f"{cookie}é",
        "." * 10,
    ):
        assert made.read(forged, NOW) is None


def test_a_session_of_a_clock_far_ahead_is_none() -> None:
    made = door()
    cookie = made.write(made.welcome(MEMBER, NOW), NOW)
    assert made.read(cookie, NOW - MINUTE_MS) is not None
    assert made.read(cookie, NOW - 60 * MINUTE_MS) is None


def test_names_of_sessions_never_repeat() -> None:
    made = door()
    assert len({made.welcome(MEMBER, NOW).name for _ in range(1000)}) == 1000


def test_settings_that_cannot_be_right_are_refused_at_the_start() -> None:
    with pytest.raises(InvalidHashError):
        Door("plain text", SECRET)
    with pytest.raises(ValueError, match="32 bytes"):
        Door(HASH, b"short")


# --- Holding off ---------------------------------------------------------------------------------


def test_a_wrong_password_says_how_many_tries_are_left(browser: Browser) -> None:
    response = browser.try_password("wrong")
    assert response.status_code == 403
    assert "口令不对，还能试 4 次" in response.text
    assert 'role="alert"' in response.text
    browser.get("/", 303)


def test_five_wrong_tries_are_held_off_for_a_minute_even_with_the_right_one(
    browser: Browser, clock: Clock
) -> None:
    for _ in range(WRONG_MAX - 1):
        assert browser.try_password("wrong").status_code == 403
        clock.at += 1000
    held = browser.try_password("wrong")
    assert held.status_code == 429
    assert held.headers["Retry-After"] == "56"
    assert "等 56 秒再试" in held.text
    assert browser.try_password(PASSWORD).status_code == 429
    clock.at += 57_000
    assert browser.try_password(PASSWORD).status_code == 303


def test_others_are_not_held_off_with_them(app: Starlette) -> None:
    guesser = Browser(app, "10.6.6.6")
    for _ in range(WRONG_MAX):
        guesser.try_password("wrong")
    Browser(app, "10.0.0.1").sign_in()


def test_guessing_from_many_addresses_ends_as_well() -> None:
    made = door()
    for number in range(WRONG_ANYWHERE_MAX):
        assert not made.wait_ms(f"10.0.0.{number}", NOW)
        made.count_try(f"10.0.0.{number}", NOW + number)
    assert made.wait_ms("10.1.1.1", NOW + 100) == MINUTE_MS - 100
    assert not made.wait_ms("10.1.1.1", NOW + 2 * MINUTE_MS)


def test_a_try_counts_before_it_is_judged() -> None:
    """A hundred tries sent at once are not all judged before the first is counted."""
    made = door()
    assert [made.count_try("10.0.0.1", NOW) for _ in range(6)] == [4, 3, 2, 1, 0, 0]
    assert made.wait_ms("10.0.0.1", NOW) == MINUTE_MS


def test_the_right_password_forgives_the_wrong_ones(browser: Browser) -> None:
    for _ in range(3):
        browser.try_password("wrong")
    browser.sign_in()
    browser.post("/logout", {"token": browser.token("/")})
    assert "还能试 4 次" in browser.try_password("wrong").text


def test_what_is_remembered_of_guessers_is_bounded() -> None:
    made = door()
    for number in range(ADDRESSES_MAX + 50):
        made.count_try(f"a{number}", NOW + number * MINUTE_MS)
    assert len(made._wrong) == ADDRESSES_MAX


def test_a_clock_that_was_put_back_locks_nobody_out() -> None:
    made = door()
    for _ in range(WRONG_MAX):
        made.count_try("10.0.0.1", NOW)
    assert not made.wait_ms("10.0.0.1", NOW - 60 * MINUTE_MS)


# --- Forms ---------------------------------------------------------------------------------------


def test_nobody_is_signed_in_by_another_page(app: Starlette, browser: Browser) -> None:
    token_of_another = Browser(app, "10.6.6.6").token("/login")
    browser.page("/login")
    for form in (
        {"password": PASSWORD},
        {"password": PASSWORD, "token": ""},
        {"password": PASSWORD, "token": token_of_another},
    ):
        response = browser.post("/login", form)
        assert response.status_code == 403
        assert "再填一次口令" in response.text
    browser.get("/", 303)


def test_a_login_page_that_stood_open_for_long_asks_again(browser: Browser, clock: Clock) -> None:
    token = browser.token("/login")
    clock.at += VISIT_MS + 1
    response = browser.post("/login", {"token": token, "password": PASSWORD})
    assert response.status_code == 403
    assert browser.try_password(PASSWORD).status_code == 303


@pytest.mark.parametrize(
    "content",
    [b"x" * (FORM_BYTES_MAX + 1), b"password=\xff\xfe", b"a=1&" * 20],
    ids=["too big", "no UTF-8", "too many fields"],
)
def test_what_is_no_small_form_is_not_read(browser: Browser, content: bytes) -> None:
    browser.page("/login")
    assert browser.ask("POST", "/login", content=content).status_code == 400


def test_a_password_of_a_megabyte_is_not_hashed() -> None:
    assert not door().is_password("x" * 1_000_000)
    assert door().is_password(PASSWORD)

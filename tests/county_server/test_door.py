"""The door of the county's pages: who gets in, for how long, and who is held off."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.applications import Starlette

from county_server.staff import holding_off
from county_server.staff.accounts import NoSuchAccount, StaffBook, fits, hash_of
from county_server.staff.holding_off import HOUR_MS, WRONG_ANYWHERE_MAX, WRONG_MAX
from county_server.staff.roles import CLERK, Member
from county_server.store import Store
from county_server.web.forms import FORM_BYTES_MAX, FORM_FIELDS_MAX
from county_server.web.frame import COOKIE
from county_server.web.sessions import (
    IDLE_MS,
    MEMBER,
    MINUTE_MS,
    SESSION_MS,
    VISIT_MS,
    VISITOR,
    Sessions,
)
from station_app.vocabulary import VOCABULARY
from tests.county_server.browser import (
    CODE,
    PASSWORD,
    SECRET,
    Browser,
    Clock,
    give_account,
    make_pages,
)
from tests.county_server.sample_county import NOW
from tests.sync.stand import Dice


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    empty = Store(f"sqlite:///{tmp_path / 'county.db'}", VOCABULARY)
    empty.make()
    yield empty
    empty.close()


@pytest.fixture
def app(store: Store, clock: Clock) -> Starlette:
    return make_pages(store, [], clock)


@pytest.fixture
def browser(app: Starlette) -> Browser:
    return Browser(app)


def sessions(secret: bytes = SECRET) -> Sessions:
    return Sessions(secret, Dice(1))


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
    assert browser.cookies[COOKIE].split(".")[2] != before.split(".")[2]
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
    made = sessions()
    cookie = made.write(made.begin(NOW, CODE), NOW)
    assert made.read(cookie, NOW) is not None
    other = sessions(SECRET[::-1])
    content, _, mac = cookie.rpartition(".")
    for forged in (
        other.write(other.begin(NOW, CODE), NOW),
        f"{content}.{mac[:-1]}{'0' if mac[-1] != '0' else '1'}",
        cookie.replace(MEMBER, VISITOR),
        cookie.replace(CODE, "A01"),
        made.write(made.begin(NOW), NOW).replace(VISITOR, MEMBER),
        content,
        "",
        f"{cookie}é",
        "." * 10,
    ):
        assert made.read(forged, NOW) is None


def test_a_session_of_a_clock_far_ahead_is_none() -> None:
    made = sessions()
    cookie = made.write(made.begin(NOW, CODE), NOW)
    assert made.read(cookie, NOW - MINUTE_MS) is not None
    assert made.read(cookie, NOW - 60 * MINUTE_MS) is None


def test_a_short_secret_is_refused_at_the_start() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        sessions(b"short")


@pytest.mark.parametrize("act", ["disable", "reset"])
def test_a_session_ends_with_its_account(
    browser: Browser, store: Store, clock: Clock, act: str
) -> None:
    browser.sign_in()
    clock.at += MINUTE_MS
    with store.write() as connection:
        book = StaffBook(store, connection)
        if act == "disable":
            book.disable(CODE, by="server", now=clock.at)
        else:
            book.reset(CODE, hash_of(PASSWORD * 2), is_once=False, by="server", now=clock.at)
    browser.get("/", 303)
    assert browser.try_password(PASSWORD).status_code == 403


# --- Holding off ---------------------------------------------------------------------------------


def test_a_wrong_password_says_how_many_tries_are_left(browser: Browser) -> None:
    response = browser.try_password("wrong")
    assert response.status_code == 403
    assert "动态码不对，还能试 4 次" in response.text
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
    assert held.headers["Retry-After"] == "60"
    assert "等 60 秒再试" in held.text
    assert browser.try_password(PASSWORD).status_code == 429
    clock.at += 61_000
    assert browser.try_password(PASSWORD).status_code == 303


def test_others_are_not_held_off_with_them(store: Store, app: Starlette) -> None:
    guesser = Browser(app, "10.6.6.6")
    for _ in range(WRONG_MAX):
        guesser.try_password("wrong")
    give_account(store, Member("C02", "吴示彤", (CLERK,)))
    assert guesser.try_password(PASSWORD, code="C02").status_code == 429
    Browser(app, "10.0.0.1").sign_in("C02")


def test_an_account_is_held_off_wherever_the_tries_come_from(app: Starlette, clock: Clock) -> None:
    """Five wrong tries wait a minute, each further one twice as long, up to an hour."""
    for number in range(WRONG_MAX):
        Browser(app, f"10.9.9.{number}").try_password("wrong")
    assert Browser(app, "10.0.0.7").try_password(PASSWORD).status_code == 429
    clock.at += MINUTE_MS
    assert Browser(app, "10.0.0.7").try_password("wrong").status_code == 429
    clock.at += MINUTE_MS
    assert Browser(app, "10.0.0.7").try_password(PASSWORD).status_code == 429
    clock.at += MINUTE_MS
    assert Browser(app, "10.0.0.7").try_password(PASSWORD).status_code == 303


@pytest.mark.parametrize(
    ("wrong", "minutes"), [(0, 0), (4, 0), (5, 1), (6, 2), (7, 4), (10, 32), (11, 60), (90, 60)]
)
def test_how_long_an_account_waits(wrong: int, minutes: int) -> None:
    tries = [NOW - number for number in range(wrong)][::-1]
    assert holding_off.wait_of_account(tries, NOW) == minutes * MINUTE_MS
    assert minutes * MINUTE_MS <= HOUR_MS


def test_a_restart_of_the_server_forgives_nothing(store: Store, clock: Clock) -> None:
    for _ in range(WRONG_MAX):
        Browser(make_pages(store, [], clock)).try_password("wrong")
    assert Browser(make_pages(store, [], clock)).try_password(PASSWORD).status_code == 429


def test_an_ended_session_stays_ended_over_a_restart(store: Store, clock: Clock) -> None:
    browser = Browser(make_pages(store, [], clock)).sign_in()
    copied = browser.cookies[COOKIE]
    browser.post("/logout", {"token": browser.token("/")})
    again = Browser(make_pages(store, [], clock))
    again.cookies.set(COOKIE, copied)
    again.get("/", 303)


def test_guessing_many_accounts_from_many_addresses_ends_as_well(
    store: Store, app: Starlette, clock: Clock
) -> None:
    give_account(store, Member("C02", "吴示彤", (CLERK,)))
    with store.write() as connection:
        book = StaffBook(store, connection)
        for number in range(WRONG_ANYWHERE_MAX):
            subjects = [f"address|10.1.{number}.1", f"account|X{number}"]
            book.count_try(subjects, NOW, forget_before=0)
    assert Browser(app).try_password(PASSWORD, code="C02").status_code == 429
    clock.at += MINUTE_MS
    assert Browser(app).try_password(PASSWORD, code="C02").status_code == 303


def test_whether_there_is_such_an_account_is_not_told(store: Store, app: Starlette) -> None:
    """The sentence, the status and the work are the same."""
    known = Browser(app, "10.0.0.2").try_password("wrong")
    unknown = Browser(app, "10.0.0.3").try_password("wrong", code="Z99")
    assert known.status_code == unknown.status_code == 403
    assert "工号、口令或动态码不对，还能试 4 次" in unknown.text
    with store.read() as connection:
        book = StaffBook(store, connection)
        parameters = book.hash_for("Z99").split("$")[3]
        assert parameters == hash_of("0123456789").split("$")[3]
        with pytest.raises(NoSuchAccount):
            book.find("Z99")


def test_the_right_password_forgives_the_wrong_ones(browser: Browser) -> None:
    for _ in range(3):
        browser.try_password("wrong")
    browser.sign_in()
    browser.post("/logout", {"token": browser.token("/")})
    assert "还能试 4 次" in browser.try_password("wrong").text


def test_what_is_remembered_of_guessers_is_bounded(store: Store) -> None:
    with store.write() as connection:
        book = StaffBook(store, connection)
        for day in range(3):
            now = NOW + day * 2 * holding_off.KEPT_MS
            book.count_try([f"address|{day}"], now, forget_before=now - holding_off.KEPT_MS)
        assert book.tries("", 0, NOW + 100 * holding_off.KEPT_MS) == [NOW + 4 * holding_off.KEPT_MS]


def test_a_clock_that_was_put_back_locks_nobody_out(browser: Browser, clock: Clock) -> None:
    for _ in range(WRONG_MAX):
        browser.try_password("wrong")
    clock.at -= 60 * MINUTE_MS
    assert browser.try_password(PASSWORD).status_code == 303


# --- Forms ---------------------------------------------------------------------------------------


def test_nobody_is_signed_in_by_another_page(app: Starlette, browser: Browser) -> None:
    token_of_another = Browser(app, "10.6.6.6").token("/login")
    browser.page("/login")
    for form in (
        {"account": CODE, "password": PASSWORD},
        {"account": CODE, "password": PASSWORD, "token": ""},
        {"account": CODE, "password": PASSWORD, "token": token_of_another},
    ):
        response = browser.post("/login", form)
        assert response.status_code == 403
        assert "再填一次口令" in response.text
    browser.get("/", 303)


def test_a_login_page_that_stood_open_for_long_asks_again(browser: Browser, clock: Clock) -> None:
    token = browser.token("/login")
    clock.at += VISIT_MS + 1
    response = browser.post("/login", {"token": token, "account": CODE, "password": PASSWORD})
    assert response.status_code == 403
    assert browser.try_password(PASSWORD).status_code == 303


@pytest.mark.parametrize(
    "content",
    [b"x" * (FORM_BYTES_MAX + 1), b"password=\xff\xfe", b"a=1&" * (FORM_FIELDS_MAX + 1)],
    ids=["too big", "no UTF-8", "too many fields"],
)
def test_what_is_no_small_form_is_not_read(browser: Browser, content: bytes) -> None:
    browser.page("/login")
    assert browser.ask("POST", "/login", content=content).status_code == 400


def test_a_password_of_a_megabyte_is_not_hashed() -> None:
    made = hash_of(PASSWORD)
    assert not fits(made, "x" * 1_000_000)
    assert fits(made, PASSWORD)

"""Accounts and roles: the commands of the server, and which role may ask for which endpoint."""

import io
import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import Route

from county_server.county import County
from county_server.pages import endpoints, make_frame, routes
from county_server.staff import roles
from county_server.staff.accounts import StaffBook, hash_of
from county_server.staff.roles import ROLES, Member, subtree
from station_app.resources_dir import load_texts
from tests.county_server.browser import HASH, Browser, give_account
from tests.county_server.serving import command, said
from tests.sync.stand import DEMO, SetClock, new_county

LASTING = "一句很长很长的口令 7"

# The table as a sentence of the design, written by hand: 2 may do, 1 may look, . may not.
MATRIX = """
              clerk purchaser hub_clerk finance township auditor admin
self            2       2         2        2       2        2      2
overview        1       1         1        1       1        1      1
remittances     1       .         .        2       .        1      .
photos          2       .         .        2       .        1      .
sendings        1       .         .        2       .        1      .
couriers        1       .         .        2       .        1      .
statements      1       .         .        2       .        1      .
money_facts     1       .         .        1       .        1      .
orders          1       2         .        1       .        1      .
purchasing_account  1   2         .        2       .        1      .
bills           2       .         .        2       .        1      .
bill_accounts   2       .         .        2       .        .      .
messages        1       .         1        .       .        1      .
master          2       2         .        1       .        1      .
contracts       2       .         .        2       .        1      .
produce         1       .         1        1       .        1      .
waybills        2       .         2        1       .        1      .
hub             1       .         2        1       .        1      .
bearers         1       .         1        2       .        1      .
hub_sales       1       .         1        2       .        1      .
recalls         2       .         2        1       .        1      .
bags            1       .         2        .       .        1      .
cases           1       .         .        2       1        1      .
devices         2       .         .        2       .        1      1
sticks          2       .         .        .       .        .      2
exports         .       .         .        1       .        1      .
audit           .       .         .        .       .        1      1
staff           .       .         .        .       .        1      1
"""
OPEN_TO_ALL = {
    ("GET", "/login"),
    ("POST", "/login"),
    ("GET", "/static/{name}"),
    ("GET", "/t/{code}"),
}


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Iterator[County]:
    made = new_county(tmp_path_factory.mktemp("staff") / "county", SetClock())
    for number, role in enumerate(ROLES, 1):
        area = "NX0600" if role == roles.TOWNSHIP else ""
        give_account(made.store, Member(f"R{number}", f"员{number}", (role,), area))
    yield made
    made.close()


@pytest.fixture(scope="module")
def app(county: County) -> Starlette:
    return Starlette(routes=list(routes(county, load_texts())))


def cells() -> dict[tuple[str, str], int]:
    head, *lines = (line.split() for line in MATRIX.strip().splitlines())
    return {
        (page, role): 0 if cell == "." else int(cell)
        for page, *row in lines
        for role, cell in zip(head, row, strict=True)
    }


def test_the_table_of_roles_is_the_one_that_was_agreed() -> None:
    agreed = cells()
    assert {page for page, _ in agreed} == set(roles.TABLE)
    for (page, role), wanted in agreed.items():
        assert roles.right([role], page) == wanted, (page, role)


def test_what_stands_in_no_cell_is_refused() -> None:
    assert roles.right(["stranger"], roles.OVERVIEW) == 0
    assert roles.right(ROLES, "a page that nobody wrote down") == 0
    assert roles.right([], roles.SELF) == 0


def test_every_route_is_in_the_table_or_on_the_short_list(app: Starlette, county: County) -> None:
    guarded = {(e.method, e.path) for e in endpoints(county, make_frame(county, load_texts()))}
    guarded |= {("POST", "/logout"), ("GET", "/password"), ("POST", "/password")}
    there = {
        (method, route.path)
        for route in app.routes
        if isinstance(route, Route) and route.methods
        for method in route.methods - {"HEAD"}
    }
    assert there == guarded | OPEN_TO_ALL


@pytest.mark.parametrize("number", range(1, len(ROLES) + 1))
def test_each_role_gets_exactly_its_endpoints(app: Starlette, county: County, number: int) -> None:
    """Every endpoint is really asked for, by everybody; without a token nothing is done."""
    role, agreed = ROLES[number - 1], cells()
    browser = Browser(app, f"10.0.1.{number}").sign_in(f"R{number}")
    for endpoint in endpoints(county, make_frame(county, load_texts())):
        url = re.sub(r"\{[^}]+\}", "NX0601", endpoint.path)
        heard = browser.ask(endpoint.method, url)
        is_refused = "这一页不归您的角色" in heard.text
        assert is_refused == (agreed[endpoint.page, role] < endpoint.need), endpoint
        if is_refused:
            assert heard.status_code == 403
        elif endpoint.method == "POST":
            assert (heard.status_code, "没有记" in heard.text) == (403, True), endpoint


def test_nobody_gets_anything_without_signing_in(app: Starlette, county: County) -> None:
    stranger = Browser(app, "10.0.2.1")
    for endpoint in endpoints(county, make_frame(county, load_texts())):
        url = re.sub(r"\{[^}]+\}", "NX0601", endpoint.path)
        heard = stranger.ask(endpoint.method, url)
        assert (heard.status_code, heard.text) == (303, ""), endpoint
        assert heard.headers["location"].startswith("/login")


def test_the_bar_leads_only_where_the_role_may_go(app: Starlette) -> None:
    finance = Browser(app, "10.0.2.2").sign_in("R4").page("/")
    assert 'href="/staff"' not in finance
    admin = Browser(app, "10.0.2.3").sign_in("R7").page("/staff")
    assert 'href="/finance"' not in admin
    assert "员4" in admin
    asked = "publishing, contracts, cutting off and statements ask for two"
    assert admin.count("两人</span>") == 7, asked
    assert "这一个月没人看过" in admin


def test_a_township_assistant_sees_her_own_stations_only(app: Starlette, county: County) -> None:
    give_account(county.store, Member("T2", "董示山", (roles.TOWNSHIP,), "NX0602"))
    hers = Browser(app, "10.0.2.4").sign_in("T2")
    assert "石板村站" in hers.page("/")
    assert "柳荫洼村站" not in hers.page("/")
    assert "没有编号是「NX0601」的站" in hers.page("/stations/NX0601", 404)
    assert "石板村站" in hers.page("/stations/NX0602")
    whole = Browser(app, "10.0.2.5").sign_in("R5")
    assert "柳荫洼村站" in whole.page("/")


def test_a_subtree_is_everything_below() -> None:
    parents = {"C": "", "T1": "C", "T2": "C", "V1": "T1", "V2": "T2", "X": "V1"}
    assert subtree(parents, "T1") == {"T1", "V1", "X"}
    assert subtree(parents, "C") == set(parents)
    assert subtree(parents, "nowhere") == set()
    assert subtree({"A": "B", "B": "A"}, "A") == {"A", "B"}


def test_a_second_role_opens_the_whole_county() -> None:
    both = Member("T1", "甲", (roles.TOWNSHIP, roles.CLERK), "NX0600")
    assert not both.is_confined(roles.OVERVIEW)
    assert Member("T1", "甲", (roles.TOWNSHIP,), "NX0600").is_confined(roles.OVERVIEW)


# --- One-time passwords --------------------------------------------------------------------------


def test_a_one_time_password_opens_only_the_page_to_change_it(
    app: Starlette, county: County
) -> None:
    with county.store.write() as connection:
        member = Member("N1", "新来的", (roles.FINANCE,), must_change=True)
        book = StaffBook(county.store, connection)
        book.add(member, hash_of("k3fm-x2qd-7wpa"), by="server", now=county.clock.now_ms() - 1)
    browser = Browser(app, "10.0.3.1")
    came = browser.try_password("k3fm-x2qd-7wpa", code="n1")
    assert came.headers["location"] == "/password"
    assert browser.get("/", 303).headers["location"] == "/password"
    for old, new, again, says in (
        ("wrong", LASTING, LASTING, "现在的口令不对"),
        ("k3fm-x2qd-7wpa", LASTING, LASTING + "x", "两遍新口令不一样"),
        ("k3fm-x2qd-7wpa", "short", "short", "新口令太短"),
        ("k3fm-x2qd-7wpa", "k3fm-x2qd-7wpa", "k3fm-x2qd-7wpa", "一样，换一个"),
    ):
        form = {"token": browser.token("/password"), "old": old, "new": new, "again": again}
        assert says in browser.post("/password", form).text
    form["new"] = form["again"] = LASTING
    form["token"] = browser.token("/password")
    assert browser.post("/password", form).headers["location"] == "/"
    assert "总览" in browser.page("/")
    assert Browser(app, "10.0.3.2").try_password("k3fm-x2qd-7wpa", code="N1").status_code == 403
    assert Browser(app, "10.0.3.3").try_password(LASTING, code="N1").status_code == 303


# --- Commands ------------------------------------------------------------------------------------


def test_accounts_from_the_command_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = tmp_path / "county"
    said(data, "init")
    command(data, "import-master", DEMO)
    made = said(data, "staff", "add", "F01", "郑示璐", "--role", "finance", "--role", "clerk")
    assert len(made["password"]) == 14
    command(data, "staff", "add", "T01", "秦示河", "--role", "township", "--area", "NX0600")
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{LASTING}\n"))
    given = said(data, "staff", "reset", "F01", "--password-stdin")
    assert given == {"account": "F01"}
    command(data, "staff", "disable", "T01")
    accounts = {row["code"]: row for row in said(data, "staff", "list")["accounts"]}
    assert accounts["F01"]["roles"] == ["clerk", "finance"]
    assert not accounts["F01"]["must_change"]
    assert accounts["T01"]["is_disabled"]
    assert accounts["A01"]["roles"] == ["admin"]
    kept = b"".join(f.read_bytes() for f in data.rglob("*") if f.is_file())
    for password in (made["password"], LASTING):
        assert password.encode() not in kept


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["add", "F01", "again", "--role", "clerk"], "already"),
        (["add", "1F", "x", "--role", "clerk"], "begins with a letter"),
        (["add", "F02", "  ", "--role", "clerk"], "1 to 20"),
        (["add", "T01", "x", "--role", "township"], "--area"),
        (["add", "F02", "x", "--role", "clerk", "--area", "NX0600"], "--area"),
        (["add", "T01", "x", "--role", "township", "--area", "NX9999"], "no station"),
        (["disable", "F99"], "no account F99"),
        (["reset", "F99"], "no account F99"),
    ],
)
def test_a_bad_account_is_one_sentence(once: Path, words: list[str], says: str) -> None:
    done = command(once, "staff", *words, status=2)
    assert says in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.fixture(scope="module")
def once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = tmp_path_factory.mktemp("once") / "county"
    command(data, "init")
    command(data, "staff", "add", "F01", "郑示璐", "--role", "finance")
    return data


def test_a_password_from_standard_input_is_judged_before_anything_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = tmp_path / "county"
    monkeypatch.setattr("sys.stdin", io.StringIO("short\n"))
    assert "10 to 200" in command(data, "init", "--password-stdin", status=2).stderr
    assert not data.exists()
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{LASTING}\n"))
    assert "password" not in said(data, "init", "--password-stdin")
    assert not said(data, "staff", "list")["accounts"][0]["must_change"]


def test_what_is_done_to_accounts_is_written_down(county: County) -> None:
    with county.store.write() as connection:
        book = StaffBook(county.store, connection)
        before = len(book.log(0, 2**53))
        book.disable("R2", by="server", now=5)
        book.reset("R2", HASH, is_once=False, by="server", now=6)
        lines = book.log(0, 2**53)
    assert [(line.what, line.by, line.code) for line in lines[: len(lines) - before]] == [
        ("reset", "server", "R2"),
        ("disabled", "server", "R2"),
    ]


def test_a_response_of_a_page_is_never_kept(app: Starlette) -> None:
    heard: httpx.Response = Browser(app, "10.0.4.1").sign_in("R4").get("/")
    assert heard.headers["cache-control"] == "no-store"

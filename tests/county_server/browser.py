"""A browser for the county's pages: keeps cookies, fills in forms, asks the real program."""

import asyncio
import itertools
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import httpx
from argon2 import PasswordHasher
from starlette.applications import Starlette

from county_server.dashboard.pages import Overview
from county_server.dashboard.rows import Contact
from county_server.staff.accounts import StaffBook
from county_server.staff.pages import StaffPages
from county_server.staff.roles import CLERK, Member
from county_server.store import Store
from county_server.web.door import Door
from county_server.web.frame import Frame
from county_server.web.sessions import Sessions
from station_app.resources_dir import load_texts
from tests.county_server.sample_county import NOW
from tests.sync.stand import Dice

CODE = "C01"
PASSWORD = "松绿 2026 年秋天的口令"
HASH = PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1).hash(PASSWORD)
SECRET = bytes(range(32))
_seeds = itertools.count(100)  # no two runs of the server draw the same names


class Clock:
    """A clock that a test moves."""

    def __init__(self, at: int = NOW) -> None:
        self.at = at

    def now_ms(self) -> int:
        return self.at


def make_frame(store: Store, clock: Clock) -> Frame:
    """The frame of the pages over a database."""
    return Frame(store, Sessions(SECRET, Dice(next(_seeds))), load_texts(), clock.now_ms)


def make_pages(store: Store, contacts: list[Contact], clock: Clock) -> Starlette:
    """The pages over a database, behind one door, with one account that may look at them."""
    frame = make_frame(store, clock)
    give_account(store, Member(CODE, "周示敏", (CLERK,)))
    overview = Overview(frame, lambda _connection: contacts)
    endpoints = [*overview.endpoints(), *StaffPages(frame).endpoints()]
    return Starlette(routes=[*Door(frame).routes(), *frame.routes(endpoints)])


def give_account(store: Store, member: Member) -> None:
    """Make an account whose password is PASSWORD, with a hash that costs little; at most once."""
    with store.write() as connection:
        book = StaffBook(store, connection)
        if member.code in {account.member.code for account in book.all()}:
            return
        book.add(member, HASH, by="server", now=NOW - 1000)


class Browser:
    """Somebody at some address who looks at the pages."""

    def __init__(self, app: Starlette, address: str = "10.0.0.1", scheme: str = "http") -> None:
        self.app = app
        self.address = address
        self.base = f"{scheme}://county.test"
        self.cookies = httpx.Cookies()

    def ask(self, method: str, url: str, **more: Any) -> httpx.Response:
        async def run() -> httpx.Response:
            transport = httpx.ASGITransport(self.app, client=(self.address, 40_000))
            async with httpx.AsyncClient(
                transport=transport, base_url=self.base, cookies=self.cookies
            ) as client:
                response = await client.request(method, url, **more)
                self.cookies = client.cookies
                return response

        return asyncio.run(run())

    def get(self, url: str, status: int = 200) -> httpx.Response:
        response = self.ask("GET", url)
        assert response.status_code == status, response.text
        return response

    def page(self, url: str, status: int = 200) -> str:
        return self.get(url, status).text

    def post(self, url: str, form: Mapping[str, str | list[str]]) -> httpx.Response:
        return self.ask(
            "POST",
            url,
            content=urlencode(form, doseq=True),
            headers={"Content-Type": "application/x-www-form-urlencoded"},
        )

    def token(self, url: str) -> str:
        found = re.search(r'name="token" value="([0-9a-f]+)"', self.page(url))
        assert found
        return found[1]

    def try_password(self, password: str, where: str = "/", code: str = CODE) -> httpx.Response:
        form = {"token": self.token("/login"), "account": code, "password": password}
        return self.post("/login", form | {"next": where})

    def sign_in(self, code: str = CODE) -> "Browser":
        response = self.try_password(PASSWORD, code=code)
        assert response.status_code == 303
        return self

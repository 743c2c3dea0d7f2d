"""A browser for the county's pages: keeps cookies, fills in forms, asks the real program."""

import asyncio
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import httpx
from argon2 import PasswordHasher
from starlette.applications import Starlette

from county_server.dashboard.pages import Parts, routes
from county_server.dashboard.rows import Contact
from county_server.store import Store
from station_app.resources_dir import load_texts
from tests.county_server.sample_county import NOW

PASSWORD = "松绿 2026"
HASH = PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1).hash(PASSWORD)
SECRET = bytes(range(32))


class Clock:
    """A clock that a test moves."""

    def __init__(self, at: int = NOW) -> None:
        self.at = at

    def now_ms(self) -> int:
        return self.at


def make_pages(store: Store, contacts: list[Contact], clock: Clock) -> Starlette:
    """The pages over a database, behind one door."""
    parts = Parts(
        connect=store.read,
        now_ms=clock.now_ms,
        contacts=lambda _connection: contacts,
        password_hash=HASH,
        session_secret=SECRET,
        texts=load_texts(),
    )
    return Starlette(routes=routes(parts))


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

    def post(self, url: str, form: Mapping[str, str]) -> httpx.Response:
        return self.ask(
            "POST",
            url,
            content=urlencode(form),
            headers={"Content-Type": "application/x-www-form-urlencoded"},
        )

    def token(self, url: str) -> str:
        found = re.search(r'name="token" value="([0-9a-f]+)"', self.page(url))
        assert found
        return found[1]

    def try_password(self, password: str, where: str = "/") -> httpx.Response:
        form = {"token": self.token("/login"), "password": password, "next": where}
        return self.post("/login", form)

    def sign_in(self) -> "Browser":
        response = self.try_password(PASSWORD)
        assert response.status_code == 303
        return self

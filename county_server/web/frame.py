"""The frame around every page of the county: who may open it, what is read first, how it looks.

A desk hands in a list of `Endpoint`s. The frame lets nobody in whose role has no cell in the table
of `county_server.staff.roles`, reads a form and checks its token before the view sees anything, and
runs the view in a thread: so no desk can forget any of it, and an endpoint that names no page
cannot be made.

Rendered on the server and whole without scripts: what a page shows is what its URL asks for.
"""

import hashlib
from collections.abc import Awaitable, Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from sqlalchemy import Connection
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from county_server.staff import roles
from county_server.staff.accounts import StaffBook
from county_server.staff.roles import Member
from county_server.store import Store
from county_server.web.forms import PHOTO_BYTES_MAX, BadForm, Form, read_form
from county_server.web.sessions import RENEW_MS, Session, Sessions
from station_app.ledger.rounding import PIECE
from station_app.resources_dir import resources
from station_app.values.clock import Chance
from station_app.values.day import local_day, local_time
from station_app.values.texts import Texts
from station_app.values.weight import kg_plain

COUNTY_SERVER = Path(__file__).resolve().parents[1]
COOKIE = "county_session"
GREETED = "county_greeting"  # tells the first page after the door that it is that
FONT_SECONDS = 30 * 24 * 60 * 60
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "
        "object-src 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
NOT_KEPT = {**HEADERS, "Cache-Control": "no-store"}
_TEMPLATES = (
    "dashboard/templates",
    "web/templates",
    "staff/templates",
    "desks/finance/templates",
    "desks/bills/templates",
    "desks/orders/templates",
    "messages/templates",
    "desks/master/templates",
    "desks/waybills/templates",
    "desks/produce/templates",
    "desks/bags/templates",
    "desks/hub/templates",
    "trace/templates",
)
# The groups of the top bar: where they lead, and which page of the table opens them.
NAVIGATION = (
    ("overview", "/", roles.OVERVIEW),
    ("todo", "/todo", roles.OVERVIEW),
    ("finance", "/finance", roles.REMITTANCES),
    ("orders", "/orders", roles.ORDERS),
    ("bills", "/bills", roles.BILLS),
    ("messages", "/messages", roles.MESSAGES),
    ("master", "/master", roles.MASTER),
    ("produce", "/produce", roles.PRODUCE),
    ("hub", "/hub", roles.HUB),
    ("bags", "/bags", roles.BAGS),
    ("waybills", "/waybills", roles.WAYBILLS),
    ("cases", "/cases", roles.CASES),
    ("devices", "/devices", roles.DEVICES),
    ("sticks", "/sticks", roles.STICKS),
    ("audit", "/audit", roles.AUDIT),
    ("staff", "/staff", roles.STAFF),
)


@dataclass(frozen=True, slots=True)
class Ask:
    """One request of somebody who may make it, read and checked.

    path: the variable parts of the URL; form: empty unless something was posted.
    """

    member: Member
    session: Session
    now: int
    path: Mapping[str, str]
    query: Mapping[str, str]
    form: Form = field(default_factory=Form)
    address: str = ""
    is_secure: bool = False
    is_first: bool = False  # the first page after the door


View = Callable[[Ask], Response]


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A URL: the page of the table that it belongs to, and what it needs there.

    file_bytes_max: of the one file that may come with its form.
    """

    method: str
    path: str
    page: str
    need: int
    view: View
    file_bytes_max: int = PHOTO_BYTES_MAX


class Frame:
    """Renders pages and guards endpoints for one county."""

    def __init__(
        self, store: Store, sessions: Sessions, texts: Texts, now_ms: Callable[[], int]
    ) -> None:
        """Prepare the templates; raises for settings that cannot be right."""
        self.store = store
        self.sessions = sessions
        self.texts = texts
        self.now_ms = now_ms
        self._cases: Callable[[Connection, Ask], int] = lambda _connection, _ask: 0
        self._files = static_files()
        self._environment = Environment(
            loader=FileSystemLoader([COUNTY_SERVER / folder for folder in _TEMPLATES]),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        own = b"".join(
            file.read_bytes() for name, file in self._files.items() if not name.endswith(".otf")
        )
        self._environment.globals["css_version"] = hashlib.sha256(own).hexdigest()[:12]

    @property
    def chance(self) -> Chance:
        """Return the source of chance."""
        return self.sessions.chance

    def count_cases_by(self, count: Callable[[Connection, Ask], int]) -> None:
        """Show at every page how many cases wait for somebody, as `count` finds them."""
        self._cases = count

    def read(self) -> AbstractContextManager[Connection]:
        """Open a connection to look at one moment of the database."""
        return self.store.read()

    def quantity(self, quantity: int, unit: str) -> str:
        """Return so much of a lot as it is said: "19.860 公斤" or "58 个"."""
        if unit == PIECE:
            return self.texts.say("county.produce.pieces", count=quantity)
        return self.texts.say("county.produce.kg", kg=kg_plain(quantity))

    # --- Who may come in -------------------------------------------------------------------------

    def routes(self, endpoints: Iterable[Endpoint]) -> list[BaseRoute]:
        """Return the guarded routes of some endpoints, in order."""
        made: list[BaseRoute] = []
        for endpoint in endpoints:
            assert endpoint.page in roles.TABLE, endpoint.path
            assert endpoint.need in (roles.LOOK, roles.DO), endpoint.path
            made.append(Route(endpoint.path, self._guarded(endpoint), methods=[endpoint.method]))
        return made

    def _guarded(self, endpoint: Endpoint) -> Callable[[Request], Awaitable[Response]]:
        async def answer(request: Request) -> Response:
            now = self.now_ms()
            session, member = await run_in_threadpool(self.present, request, now)
            if session is None or member is None:
                return to_the_door(request)
            if member.must_change and endpoint.page != roles.SELF:
                return RedirectResponse("/password", 303, headers=NOT_KEPT)
            ask = Ask(
                member,
                session,
                now,
                dict(request.path_params),
                dict(request.query_params),
                address=address_of(request),
                is_secure=request.url.scheme == "https",
                is_first=request.method == "GET" and GREETED in request.cookies,
            )
            if member.right(endpoint.page) < endpoint.need:
                return await run_in_threadpool(self.refusal, ask, "role")
            response = await self._answer(endpoint, request, ask)
            if ask.is_first:
                response.delete_cookie(GREETED, path="/", httponly=True, samesite="lax")
            is_due = now - session.seen_at >= RENEW_MS
            if is_due and COOKIE not in str(response.headers):
                self.give(request, response, session, now)
            return response

        return answer

    async def _answer(self, endpoint: Endpoint, request: Request, ask: Ask) -> Response:
        if endpoint.method == "POST":
            try:
                form = await read_form(request, endpoint.file_bytes_max)
            except BadForm as problem:
                status = 413 if problem.args == ("too_big",) else 400
                return await run_in_threadpool(self.refusal, ask, str(problem), status)
            if not self.sessions.is_token(ask.session, form.get("token")):
                return await run_in_threadpool(self.refusal, ask, "token")
            ask = replace(ask, form=form)
        return await run_in_threadpool(endpoint.view, ask)

    def present(self, request: Request, now: int) -> tuple[Session | None, Member | None]:
        """Return the session of a request that still counts, and whose it is."""
        session = self.sessions.read(request.cookies.get(COOKIE, ""), now)
        if session is None:
            return None, None
        with self.read() as connection:
            book = StaffBook(self.store, connection)
            if book.is_ended(session.name):
                return None, None
            if not session.is_member:
                return session, None
            member = book.present(session.account, session.began_at)
        return (session, member) if member is not None else (None, None)

    def give(self, request: Request, response: Response, session: Session, now: int) -> None:
        """Write the session's cookie anew."""
        response.set_cookie(
            COOKIE,
            self.sessions.write(session, now),
            path="/",
            secure=request.url.scheme == "https",
            httponly=True,
            samesite="lax",
        )

    # --- Pages -----------------------------------------------------------------------------------

    def page(self, template: str, words: Any, status: int = 200, **slots: Any) -> Response:
        """Render a template. words: has `say`, and whatever else the template asks of it."""
        html = self._environment.get_template(template).render(
            words=words, say=words.say, text=self.texts.say, **slots
        )
        return HTMLResponse(html, status, headers=NOT_KEPT)

    def member_page(
        self, template: str, ask: Ask, words: Any, status: int = 200, **slots: Any
    ) -> Response:
        """Render a page with the bars around it, for whoever is signed in."""
        slots.setdefault("question", "")
        slots.setdefault("county_name", self.texts.say("county.nav.county"))
        seen_at, seen_from = 0, ""
        if ask.is_first:
            with self.read() as connection:
                book = StaffBook(self.store, connection)
                seen_at, seen_from = book.seen_before(ask.member.code, ask.now)
        greeting = ""
        if seen_at:
            greeting = self.texts.say(
                "county.nav.seen_before",
                time=f"{local_day(seen_at)[5:]} {local_time(seen_at)}",
                place=seen_from,
            )
        cases_open = 0
        if ask.member.right(roles.CASES):
            with self.read() as connection:
                cases_open = self._cases(connection, ask)
        return self.page(
            template,
            words,
            status,
            token=self.sessions.token(ask.session),
            member=ask.member,
            cases_open=cases_open,
            greeting=greeting,
            navigation=[item for item in NAVIGATION if ask.member.right(item[2])],
            **slots,
        )

    def refusal(self, ask: Ask, why: str, status: int = 403) -> Response:
        """Say calmly why a request was not done, and what can be done instead."""
        words = Sayer(self.texts)
        return self.member_page("refused.html", ask, words, status, why=why)

    # --- Files -----------------------------------------------------------------------------------

    async def static(self, request: Request) -> Response:
        """Send one of the few files that pages refer to; they hold nothing of the county."""
        file = self._files.get(request.path_params["name"])
        if file is None:
            return Response(status_code=404, headers=NOT_KEPT)
        return FileResponse(
            file, headers={**HEADERS, "Cache-Control": f"public, max-age={FONT_SECONDS}"}
        )


@dataclass(frozen=True, slots=True)
class Sayer:
    """The county's words, for pages that say no figures."""

    texts: Texts

    def say(self, key: str, /, **slots: object) -> str:
        """Return a sentence of the county's rooms."""
        return self.texts.say(f"county.{key}", **slots)


def to_the_door(request: Request) -> Response:
    """Send somebody who is not signed in to the door, and back here afterwards."""
    wanted = request.url.path
    if request.url.query:
        wanted += f"?{request.url.query}"
    is_worth_it = request.method in ("GET", "HEAD") and wanted != "/"
    target = f"/login?next={quote(wanted, safe='')}" if is_worth_it else "/login"
    return RedirectResponse(target, 303, headers=NOT_KEPT)


def address_of(request: Request) -> str:
    """Return the address from which somebody asks."""
    return request.client.host if request.client else ""


def static_files() -> dict[str, Path]:
    """Return the files that anybody may load, by name: our own few, and the two fonts."""
    own = {file.name: file for file in sorted((COUNTY_SERVER / "web/static").iterdir())}
    fonts = sorted((resources() / "fonts").glob("*.otf"))
    return {**own, **{file.name: file for file in fonts}}

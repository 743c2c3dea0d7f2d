"""The county's pages over HTTP: who may look, what is read for it, which template says it.

Rendered on the server, whole and without scripts: what a page shows is what its URL asks for. All
reading is done in a thread, on a connection of its own; nothing here writes to the database.
"""

import hashlib
import re
from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from sqlalchemy import Connection
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import FileResponse, HTMLResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from county_server.dashboard import listing, rows
from county_server.dashboard.figures import read_county, read_station
from county_server.dashboard.login import MEMBER, RENEW_MS, VISITOR, Door, Session
from county_server.dashboard.rows import Contact, County
from county_server.dashboard.todo import what_to_do
from county_server.dashboard.words import Words
from station_app.resources_dir import resources
from station_app.values.texts import Texts

HERE = Path(__file__).resolve().parent
COOKIE = "county_session"
FORM_BYTES_MAX = 4096  # a password, a token and where to go on
FORM_FIELDS_MAX = 8
TODO_SHOWN = 5  # beside the townships; the rest is one click away
DAYS_SHOWN = 7
FONT_SECONDS = 30 * 24 * 60 * 60
_LOCAL_URL = re.compile(r"/(?:[A-Za-z0-9?&=%+._~-][A-Za-z0-9/?&=%+._~-]*)?", re.ASCII)
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "
        "object-src 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
_NOT_KEPT = {**_HEADERS, "Cache-Control": "no-store"}

View = Callable[[Request, Session], Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class Parts:
    """What the pages are given.

    connect: opens a connection to the read tables; now_ms: UTC milliseconds; contacts: what the
    intake knows of every PC; password_hash: argon2, of the one account; session_secret: at least
    32 bytes that outlive a restart.
    """

    connect: Callable[[], AbstractContextManager[Connection]]
    now_ms: Callable[[], int]
    contacts: Callable[[Connection], list[Contact]]
    password_hash: str
    session_secret: bytes
    texts: Texts


def routes(parts: Parts) -> list[BaseRoute]:
    """Return the routes of all pages, to be mounted at the root."""
    pages = Pages(parts)
    return [
        Route("/", pages.guarded(pages.dashboard)),
        Route("/todo", pages.guarded(pages.todo)),
        Route("/stations/{code}", pages.guarded(pages.station)),
        Route("/login", pages.login_page, methods=["GET"]),
        Route("/login", pages.sign_in, methods=["POST"]),
        Route("/logout", pages.guarded(pages.sign_out), methods=["POST"]),
        Route("/static/{name}", pages.static),
    ]


class Pages:
    """The pages of one county, behind one door."""

    def __init__(self, parts: Parts) -> None:
        """Prepare templates and the door; raises for settings that cannot be right."""
        self._parts = parts
        self._door = Door(parts.password_hash, parts.session_secret)
        self._files = static_files()
        self._environment = Environment(
            loader=FileSystemLoader(HERE / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        css = self._files["county.css"].read_bytes()
        self._environment.globals["css_version"] = hashlib.sha256(css).hexdigest()[:12]

    # --- Who may look ----------------------------------------------------------------------------

    def guarded(self, view: View) -> Callable[[Request], Awaitable[Response]]:
        """Return an endpoint that shows a view to members and sends everybody else to the door."""

        async def endpoint(request: Request) -> Response:
            now = self._parts.now_ms()
            session = self._session(request, now)
            if session is None or not session.is_member:
                return self._to_the_door(request)
            response = await view(request, session)
            if now - session.seen_at >= RENEW_MS and COOKIE not in str(response.headers):
                self._give(request, response, session, now)
            return response

        return endpoint

    def _session(self, request: Request, now: int) -> Session | None:
        return self._door.read(request.cookies.get(COOKIE, ""), now)

    def _to_the_door(self, request: Request) -> Response:
        wanted = request.url.path
        if request.url.query:
            wanted += f"?{request.url.query}"
        is_worth_it = request.method in ("GET", "HEAD") and wanted != "/"
        target = f"/login?next={quote(wanted, safe='')}" if is_worth_it else "/login"
        return RedirectResponse(target, 303, headers=_NOT_KEPT)

    def _give(self, request: Request, response: Response, session: Session, now: int) -> None:
        response.set_cookie(
            COOKIE,
            self._door.write(session, now),
            path="/",
            secure=request.url.scheme == "https",
            httponly=True,
            samesite="lax",
        )

    async def login_page(self, request: Request) -> Response:
        """Show the form; it belongs to this browser alone."""
        now = self._parts.now_ms()
        session = self._session(request, now)
        if session is not None and session.is_member:
            return RedirectResponse(_local(request.query_params.get("next", "")), 303)
        return self._login_form(request, now, where=_local(request.query_params.get("next", "")))

    def _login_form(
        self, request: Request, now: int, *, where: str, status: int = 200, trouble: str = ""
    ) -> Response:
        session = self._door.welcome(VISITOR, now)
        response = self._page(
            "login.html",
            Words(self._parts.texts, now),
            status,
            where=where,
            trouble=trouble,
            token=self._door.token(session),
        )
        self._give(request, response, session, now)
        return response

    async def sign_in(self, request: Request) -> Response:
        """Take the password; a right one begins a new session, a wrong one counts."""
        now, words = self._parts.now_ms(), Words(self._parts.texts, self._parts.now_ms())
        form = await _read_form(request)
        if form is None:
            return Response(status_code=400, headers=_NOT_KEPT)
        where, session = _local(form.get("next", "")), self._session(request, now)
        if session is None or not self._door.is_token(session, form.get("token", "")):
            trouble = words.say("login.stale")
            return self._login_form(request, now, where=where, status=403, trouble=trouble)
        address = request.client.host if request.client else ""
        wait_ms = self._door.wait_ms(address, now)
        if wait_ms:
            return self._held_off(request, now, wait_ms, where)
        left = self._door.count_try(address, now)
        if not await run_in_threadpool(self._door.is_password, form.get("password", "")):
            if not left:
                return self._held_off(request, now, self._door.wait_ms(address, now), where)
            trouble = words.say("login.wrong", left=left)
            return self._login_form(request, now, where=where, status=403, trouble=trouble)
        self._door.forget_tries(address)
        self._door.end(session)
        response = RedirectResponse(where, 303, headers=_NOT_KEPT)
        self._give(request, response, self._door.welcome(MEMBER, now), now)
        return response

    def _held_off(self, request: Request, now: int, wait_ms: int, where: str) -> Response:
        seconds = -(-wait_ms // 1000)
        trouble = Words(self._parts.texts, now).say("login.wait", seconds=seconds)
        response = self._login_form(request, now, where=where, status=429, trouble=trouble)
        response.headers["Retry-After"] = str(seconds)
        return response

    async def sign_out(self, request: Request, session: Session) -> Response:
        """End the session, if the form is one of its own pages'."""
        form = await _read_form(request)
        if form is None or not self._door.is_token(session, form.get("token", "")):
            return Response(status_code=403, headers=_NOT_KEPT)
        self._door.end(session)
        response = RedirectResponse("/login", 303, headers=_NOT_KEPT)
        response.delete_cookie(COOKIE, path="/", httponly=True, samesite="lax")
        return response

    # --- Pages -----------------------------------------------------------------------------------

    async def dashboard(self, request: Request, session: Session) -> Response:
        """Show the whole county."""
        asked = listing.asked_by(request.query_params)
        return await run_in_threadpool(self._dashboard, session, asked)

    def _dashboard(self, session: Session, asked: listing.Asked) -> Response:
        county = self._county()
        entries = what_to_do(county)
        return self._member_page(
            "dashboard.html",
            session,
            county.now,
            county=county,
            asked=asked,
            entries=entries[:TODO_SHOWN],
            entry_count=len(entries),
            listing=listing.list_stations(county, asked),
            orders=tuple(listing.ORDERS),
            bar=_bar(county),
        )

    async def todo(self, _request: Request, session: Session) -> Response:
        """Show everything that wants somebody."""
        return await run_in_threadpool(self._todo, session)

    def _todo(self, session: Session) -> Response:
        county = self._county()
        return self._member_page(
            "todo.html", session, county.now, county=county, entries=what_to_do(county)
        )

    async def station(self, request: Request, session: Session) -> Response:
        """Show one station."""
        return await run_in_threadpool(self._station, session, request.path_params["code"])

    def _station(self, session: Session, code: str) -> Response:
        now = self._parts.now_ms()
        with self._parts.connect() as connection:
            contacts = self._parts.contacts(connection)
            found = read_station(connection, contacts, code=code, now=now, days=DAYS_SHOWN)
        if found is None:
            return self._member_page("nothing.html", session, now, status=404, code=code)
        return self._member_page("station.html", session, now, page=found, row=found.row)

    def _county(self) -> County:
        now = self._parts.now_ms()
        with self._parts.connect() as connection:
            return read_county(connection, self._parts.contacts(connection), now)

    def _member_page(
        self, template: str, session: Session, now: int, *, status: int = 200, **slots: Any
    ) -> Response:
        words = Words(self._parts.texts, now)
        slots.setdefault("asked", listing.Asked())
        return self._page(template, words, status, token=self._door.token(session), **slots)

    def _page(self, template: str, words: Words, status: int, **slots: Any) -> Response:
        html = self._environment.get_template(template).render(
            words=words, say=words.say, shapes=rows, **slots
        )
        return HTMLResponse(html, status, headers=_NOT_KEPT)

    # --- Files -----------------------------------------------------------------------------------

    async def static(self, request: Request) -> Response:
        """Send one of the few files that pages refer to; they hold nothing of the county."""
        file = self._files.get(request.path_params["name"])
        if file is None:
            return Response(status_code=404, headers=_NOT_KEPT)
        return FileResponse(
            file, headers={**_HEADERS, "Cache-Control": f"public, max-age={FONT_SECONDS}"}
        )


def static_files() -> dict[str, Path]:
    """Return the files that anybody may load, by name: our own few, and the two fonts."""
    own = {file.name: file for file in sorted((HERE / "static").iterdir())}
    fonts = sorted((resources() / "fonts").glob("*.otf"))
    return {**own, **{file.name: file for file in fonts}}


def _bar(county: County) -> list[tuple[str, int, int]]:
    """Return the pieces of the connection bar: state, where it begins and how wide, in 1000ths."""
    whole, begin, pieces = max(len(county.rows), 1), 0, []
    for state in (rows.ONLINE, rows.QUIET, rows.SILENT, rows.ACT, rows.NEVER):
        end = begin + county.count(state)
        if end > begin:
            pieces.append((state, begin * 1000 // whole, (end - begin) * 1000 // whole))
        begin = end
    return pieces


def _local(target: str) -> str:
    """Return where to go on after signing in: only within these pages, else their first one."""
    return target if _LOCAL_URL.fullmatch(target) else "/"


async def _read_form(request: Request) -> dict[str, str] | None:
    """Return the fields of a small form; None when it is too big or no form at all."""
    body = b""
    try:
        async for piece in request.stream():
            body += piece
            if len(body) > FORM_BYTES_MAX:
                return None
        fields = parse_qsl(
            body.decode("utf-8"), keep_blank_values=True, max_num_fields=FORM_FIELDS_MAX
        )
    except (ClientDisconnect, ValueError):  # a decoding error is a ValueError
        return None
    return dict(fields)

"""The door: signing in with one's own account, choosing a password, leaving.

A wrong try says neither whether there is such an account nor what was wrong with it, and costs the
same time. Trying counts before it is judged (`county_server.staff.holding_off`).
"""

import re

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from county_server.staff import holding_off, roles
from county_server.staff.accounts import CODE, BadAccount, StaffBook, fits, hash_of
from county_server.staff.one_time import OneTimeCodes
from county_server.web.forms import BadForm, Form, read_form
from county_server.web.frame import (
    COOKIE,
    GREETED,
    NOT_KEPT,
    Ask,
    Endpoint,
    Frame,
    Sayer,
    address_of,
)
from county_server.web.sessions import SESSION_MS, Session

_LOCAL_URL = re.compile(r"/(?:[A-Za-z0-9?&=%+._~-][A-Za-z0-9/?&=%+._~-]*)?", re.ASCII)
_CODE_SHOWN_MAX = 12
NO_DIGITS = -1  # instead of a step: this account has none
GREETED_SECONDS = 120  # in which the first page after the door is asked for


class Door:
    """Lets in whoever knows a code and its password."""

    def __init__(self, frame: Frame) -> None:
        """Stand before the pages of one frame."""
        self._frame = frame

    def routes(self) -> list[BaseRoute]:
        """Return the routes that anybody may ask for, and those of every member."""
        own = (
            Endpoint("POST", "/logout", roles.SELF, roles.DO, self.sign_out),
            Endpoint("GET", "/password", roles.SELF, roles.DO, self.password_page),
            Endpoint("POST", "/password", roles.SELF, roles.DO, self.change_password),
        )
        return [
            Route("/login", self.login_page, methods=["GET"]),
            Route("/login", self.sign_in, methods=["POST"]),
            Route("/static/{name}", self._frame.static),
            *self._frame.routes(own),
        ]

    # --- Coming in -------------------------------------------------------------------------------

    async def login_page(self, request: Request) -> Response:
        """Show the form; it belongs to this browser alone."""
        now, where = self._frame.now_ms(), _local(request.query_params.get("next", ""))
        _, member = await run_in_threadpool(self._frame.present, request, now)
        if member is not None:
            return RedirectResponse(where, 303)
        return self._form(request, now, where=where)

    async def sign_in(self, request: Request) -> Response:
        """Take code and password; the right ones begin a new session, wrong ones count."""
        now = self._frame.now_ms()
        try:
            form = await read_form(request)
        except BadForm:
            return Response(status_code=400, headers=NOT_KEPT)
        session, _ = await run_in_threadpool(self._frame.present, request, now)
        where, code = _local(form.get("next")), form.get("account").upper()
        if session is None or not self._frame.sessions.is_token(session, form.get("token")):
            trouble = self._say("login.stale")
            return self._form(request, now, where=where, code=code, status=403, trouble=trouble)
        return await run_in_threadpool(self._try, request, now, form, session)

    def _try(self, request: Request, now: int, form: Form, session: Session) -> Response:
        where, code = _local(form.get("next")), form.get("account").upper()
        wait_ms, left = self._count(code, address_of(request), now)
        if wait_ms:
            return self._held_off(request, now, wait_ms, where, code)
        with self._frame.read() as connection:
            password_hash = StaffBook(self._frame.store, connection).hash_for(code)
            codes = OneTimeCodes(self._frame.store, connection, self._frame.sessions.secret)
            step = codes.fits(code, form.get("digits"), now) if codes.is_on(code) else NO_DIGITS
        is_right = fits(password_hash, form.fields.get("password", "")) and step
        response = self._let_in(request, now, code, session, where, step) if is_right else None
        if response is None:
            if not left:
                wait_ms = self._wait(code, address_of(request), now)
                return self._held_off(request, now, wait_ms, where, code)
            trouble = self._say("login.wrong", left=left)
            return self._form(request, now, where=where, code=code, status=403, trouble=trouble)
        return response

    def _let_in(  # noqa: PLR0913 - who comes in from where, and what lets her in
        self, request: Request, now: int, code: str, visit: Session, where: str, step: int
    ) -> Response | None:
        """Begin a session; None if the digits were used up by somebody quicker."""
        frame, address = self._frame, address_of(request)
        with frame.store.write() as connection:
            codes = OneTimeCodes(frame.store, connection, frame.sessions.secret)
            if step != NO_DIGITS and not codes.use(code, step):
                return None
            book = StaffBook(frame.store, connection)
            book.forgive(holding_off.account(code), holding_off.address(address))
            book.end_session(visit.name, now, forget_before=now - 2 * SESSION_MS)
            book.signed_in(code, now, address)
            must_change = book.find(code).member.must_change
        response = RedirectResponse("/password" if must_change else where, 303, headers=NOT_KEPT)
        frame.give(request, response, frame.sessions.begin(now, code), now)
        response.set_cookie(GREETED, "1", max_age=GREETED_SECONDS, httponly=True, samesite="lax",
                            secure=request.url.scheme == "https")  # fmt: skip
        return response

    def _count(self, code: str, address: str, now: int) -> tuple[int, int]:
        return begin_try(self._frame, code, address, now)

    def _wait(self, code: str, address: str, now: int) -> int:
        with self._frame.read() as connection:
            return waiting(StaffBook(self._frame.store, connection), code, address, now)

    def _held_off(
        self, request: Request, now: int, wait_ms: int, where: str, code: str
    ) -> Response:
        seconds = -(-wait_ms // 1000)
        trouble = self._say("login.wait", seconds=seconds)
        response = self._form(request, now, where=where, code=code, status=429, trouble=trouble)
        response.headers["Retry-After"] = str(seconds)
        return response

    def _form(  # noqa: PLR0913 - what a form shows again
        self,
        request: Request,
        now: int,
        *,
        where: str,
        code: str = "",
        status: int = 200,
        trouble: str = "",
    ) -> Response:
        session = self._frame.sessions.begin(now)
        response = self._frame.page(
            "login.html",
            Sayer(self._frame.texts),
            status,
            where=where,
            code=code[:_CODE_SHOWN_MAX],
            trouble=trouble,
            token=self._frame.sessions.token(session),
        )
        self._frame.give(request, response, session, now)
        return response

    # --- Members ---------------------------------------------------------------------------------

    def sign_out(self, ask: Ask) -> Response:
        """End the session, wherever its cookie was copied to."""
        with self._frame.store.write() as connection:
            book = StaffBook(self._frame.store, connection)
            book.end_session(ask.session.name, ask.now, forget_before=ask.now - 2 * SESSION_MS)
        response = RedirectResponse("/login", 303, headers=NOT_KEPT)
        response.delete_cookie(COOKIE, path="/", httponly=True, samesite="lax")
        return response

    def password_page(self, ask: Ask, trouble: str = "", status: int = 200) -> Response:
        """Show the form for a new password."""
        words = Sayer(self._frame.texts)
        return self._frame.member_page("password.html", ask, words, status, trouble=trouble)

    def change_password(self, ask: Ask) -> Response:
        """Set a new password; every other session of the account ends with it."""
        old, new, again = (ask.form.fields.get(n, "") for n in ("old", "new", "again"))
        code = ask.member.code
        wait_ms, _ = self._count(code, ask.address, ask.now)
        if wait_ms:
            trouble = self._say("login.wait", seconds=-(-wait_ms // 1000))
            return self.password_page(ask, trouble, 429)
        with self._frame.read() as connection:
            password_hash = StaffBook(self._frame.store, connection).hash_for(code)
        if not fits(password_hash, old):
            return self.password_page(ask, self._say("password.wrong"), 403)
        if new != again:
            return self.password_page(ask, self._say("password.differ"), 422)
        if new == old:
            return self.password_page(ask, self._say("password.same"), 422)
        try:
            new_hash = hash_of(new)
        except BadAccount:
            return self.password_page(ask, self._say("password.short"), 422)
        with self._frame.store.write() as connection:
            book = StaffBook(self._frame.store, connection)
            book.change_password(code, new_hash, now=ask.now)
            book.forgive(holding_off.account(code), holding_off.address(ask.address))
        # This very session began before the change; it goes on as a new one.
        response = RedirectResponse("/", 303, headers=NOT_KEPT)
        cookie = self._frame.sessions.write(self._frame.sessions.begin(ask.now, code), ask.now)
        response.set_cookie(COOKIE, cookie, path="/", httponly=True, samesite="lax",
                            secure=ask.is_secure)  # fmt: skip
        return response

    def _say(self, key: str, **slots: object) -> str:
        return Sayer(self._frame.texts).say(key, **slots)


def begin_try(frame: Frame, code: str, address: str, now: int) -> tuple[int, int]:
    """Return how long to wait; where there is no wait, count a try and return what is left."""
    with frame.store.write() as connection:
        book = StaffBook(frame.store, connection)
        wait_ms = waiting(book, code, address, now)
        if wait_ms:
            return wait_ms, 0
        subjects = [holding_off.address(address)]
        if CODE.fullmatch(code):
            subjects.append(holding_off.account(code))
        book.count_try(subjects, now, forget_before=now - holding_off.KEPT_MS)
        of_account, from_address, _ = _tries(book, code, address, now)
        return 0, holding_off.left(of_account, from_address, now)


def _tries(
    book: StaffBook, code: str, address: str, now: int
) -> tuple[list[int], list[int], list[int]]:
    """Return the wrong tries at this account, from this address, and anywhere lately."""
    day, minute = now - holding_off.KEPT_MS, now - holding_off.MINUTE_MS
    return (
        book.tries(holding_off.account(code), day, now),
        book.tries(holding_off.address(address), minute, now),
        book.tries("", minute, now),
    )


def waiting(book: StaffBook, code: str, address: str, now: int) -> int:
    """Return how many ms an account, or whoever comes from an address, still waits."""
    of_account, from_address, anywhere = _tries(book, code, address, now)
    return max(
        holding_off.wait_of_account(of_account, now),
        holding_off.wait_of_many(from_address, now, holding_off.WRONG_MAX),
        # Each try is counted twice: for its account and for its address.
        holding_off.wait_of_many(anywhere, now, 2 * holding_off.WRONG_ANYWHERE_MAX),
    )


def _local(target: str) -> str:
    """Return where to go on after signing in: only within these pages, else their first one."""
    return target if _LOCAL_URL.fullmatch(target) else "/"

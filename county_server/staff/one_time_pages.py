"""One's own six digits: shown to the telephone once, counted from when they were typed.

Everybody decides for herself; nobody turns them off for somebody else but whoever sets a password
anew at the server, since then the telephone is what was lost.
"""

from sqlalchemy import Connection
from starlette.responses import RedirectResponse, Response

from county_server.staff import holding_off, roles
from county_server.staff.accounts import CODE_OFF, CODE_ON, StaffBook
from county_server.staff.one_time import OneTimeCodes, address, secret_words
from county_server.web.door import begin_try
from county_server.web.frame import NOT_KEPT, Ask, Endpoint, Frame, Sayer

URL = "/code"


class OneTimePages:
    """The page about one's own digits."""

    def __init__(self, frame: Frame) -> None:
        """Show it in a frame."""
        self._frame = frame

    def endpoints(self) -> list[Endpoint]:
        """Return the page and its acts."""
        page, do = roles.SELF, roles.DO
        return [
            Endpoint("GET", URL, page, do, self.page),
            Endpoint("POST", f"{URL}/begin", page, do, self.begin),
            Endpoint("POST", f"{URL}/on", page, do, self.turn_on),
            Endpoint("POST", f"{URL}/off", page, do, self.turn_off),
        ]

    def page(self, ask: Ask, trouble: str = "", status: int = 200) -> Response:
        """Show whether digits are asked for; while they are set up, the picture for a telephone."""
        import segno  # loaded at the first picture

        frame = self._frame
        with frame.read() as connection:
            codes = OneTimeCodes(frame.store, connection, frame.sessions.secret)
            is_on, secret = codes.is_on(ask.member.code), codes.secret(ask.member.code)
        picture = ""
        if secret and not is_on:
            said = address(secret, ask.member.code, frame.texts.say("county.nav.county"))
            picture = segno.make_qr(said, error="m").svg_inline(scale=4, border=4, omitsize=False)
        return frame.member_page(
            "one_time.html", ask, Sayer(frame.texts), status, trouble=trouble, is_on=is_on,
            picture=picture, secret=secret_words(secret) if picture else "",
        )  # fmt: skip

    def begin(self, ask: Ask) -> Response:
        """Make a secret; whoever has digits already keeps them."""
        frame = self._frame
        with frame.store.write() as connection:
            codes = OneTimeCodes(frame.store, connection, frame.sessions.secret)
            if not codes.is_on(ask.member.code):
                codes.begin(ask.member.code, frame.chance)
        return _back()

    def turn_on(self, ask: Ask) -> Response:
        """Ask for digits from now on: they were typed, so the telephone has them."""
        frame, code = self._frame, ask.member.code
        if wait := self._wait(ask):
            return wait
        with frame.store.write() as connection:
            codes = OneTimeCodes(frame.store, connection, frame.sessions.secret)
            step = codes.fits(code, ask.form.get("digits"), ask.now)
            was_on = codes.is_on(code)
            if step and not was_on and codes.use(code, step):
                self._did(connection, ask, CODE_ON)
                return _back()
        return self.page(ask, Sayer(frame.texts).say("one_time.wrong"), 403)

    def turn_off(self, ask: Ask) -> Response:
        """Ask for no digits any more, when they are typed once again."""
        frame, code = self._frame, ask.member.code
        if wait := self._wait(ask):
            return wait
        with frame.store.write() as connection:
            codes = OneTimeCodes(frame.store, connection, frame.sessions.secret)
            step = codes.fits(code, ask.form.get("digits"), ask.now)
            if step and codes.is_on(code) and codes.use(code, step):
                codes.end(code)
                self._did(connection, ask, CODE_OFF)
                return _back()
        return self.page(ask, Sayer(frame.texts).say("one_time.wrong"), 403)

    def _did(self, connection: Connection, ask: Ask, what: str) -> None:
        book = StaffBook(self._frame.store, connection)
        book.forgive(holding_off.account(ask.member.code), holding_off.address(ask.address))
        book.note(what, ask.member.code, ask.now)

    def _wait(self, ask: Ask) -> Response | None:
        """Count a try as at the door: nobody in a session that was left open guesses here."""
        wait_ms, _ = begin_try(self._frame, ask.member.code, ask.address, ask.now)
        if not wait_ms:
            return None
        told = Sayer(self._frame.texts).say("one_time.wait", seconds=-(-wait_ms // 1000))
        return self.page(ask, told, 429)


def _back() -> Response:
    return RedirectResponse(URL, 303, headers=NOT_KEPT)

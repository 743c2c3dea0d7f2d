"""Signed cookies and form tokens: what this server gave out, and to whom.

A session is a cookie that only this server can write: whose it is, when it began, when it was seen
last. Before signing in a visitor gets such a cookie too, so that the form's token is bound to one
browser, and nobody can be signed in from another page. Which sessions were ended, and whose
account was closed since, stands in the database (`county_server.staff.accounts`).
"""

import hashlib
import hmac
import re
from dataclasses import dataclass

from station_app.values.clock import Chance

MINUTE_MS = 60_000
IDLE_MS = 15 * MINUTE_MS  # somebody left the desk
SESSION_MS = 12 * 60 * MINUTE_MS  # a working day
VISIT_MS = 60 * MINUTE_MS  # a login page that stood open over lunch is asked for anew
RENEW_MS = MINUTE_MS  # how often a cookie in use is written again
CLOCK_SLACK_MS = 5 * MINUTE_MS  # of two processes behind one address
SECRET_BYTES_MIN = 32
NAME_BYTES = 16

VISITOR, MEMBER = "visitor", "member"
_COOKIE = re.compile(
    r"(visitor|member)\.([A-Z0-9]{0,12})\.([0-9a-f]{32})\.([0-9]{1,15})\.([0-9]{1,15})"
)


@dataclass(frozen=True, slots=True)
class Session:
    """What a cookie says. standing: VISITOR or MEMBER; account: whose, "" for a visitor.

    Times in UTC milliseconds.
    """

    standing: str
    account: str
    name: str
    began_at: int
    seen_at: int

    @property
    def is_member(self) -> bool:
        """Tell whether somebody has signed in."""
        return self.standing == MEMBER


@dataclass(frozen=True, slots=True)
class Sessions:
    """Writes and reads the cookies of one county."""

    secret: bytes
    chance: Chance

    def __post_init__(self) -> None:
        """Refuse a secret that could be guessed."""
        if len(self.secret) < SECRET_BYTES_MIN:
            raise ValueError(f"the secret of sessions has fewer than {SECRET_BYTES_MIN} bytes")

    def begin(self, now: int, account: str = "") -> Session:
        """Begin a session with a name that nobody can guess; without an account, a visitor's."""
        standing = MEMBER if account else VISITOR
        return Session(standing, account, self.chance.draw(NAME_BYTES).hex(), now, now)

    def write(self, session: Session, now: int) -> str:
        """Return the cookie of a session that was seen now."""
        content = ".".join(
            (session.standing, session.account, session.name, str(session.began_at), str(now))
        )
        return f"{content}.{self._mac('cookie|' + content)}"

    def read(self, cookie: str, now: int) -> Session | None:
        """Return the session of a cookie; None when it is not ours, or too old."""
        content, _, mac = cookie.rpartition(".")
        found = _COOKIE.fullmatch(content)
        if found is None or not hmac.compare_digest(
            mac.encode(), self._mac("cookie|" + content).encode()
        ):
            return None
        session = Session(found[1], found[2], found[3], int(found[4]), int(found[5]))
        limit = SESSION_MS if session.is_member else VISIT_MS
        idle = IDLE_MS if session.is_member else VISIT_MS
        is_over = (
            now - session.began_at > limit
            or now - session.seen_at > idle
            or session.seen_at - now > CLOCK_SLACK_MS
        )
        return None if is_over else session

    def token(self, session: Session) -> str:
        """Return what a form of this session must bring along."""
        return self._mac(f"form|{session.name}")

    def is_token(self, session: Session, token: str) -> bool:
        """Tell whether a form came from a page of this session."""
        return hmac.compare_digest(token.encode(), self.token(session).encode())

    def _mac(self, text: str) -> str:
        return hmac.new(self.secret, text.encode(), hashlib.sha256).hexdigest()

"""The door of the county's pages: one account, a signed cookie, a limit on guessing.

Nothing is kept in the database. A session is a cookie that only this server can write: who came
when, and when it was seen last. Before signing in a visitor gets such a cookie too, so that the
form's token is bound to one browser, and nobody can be signed in from another page.

Counts of wrong tries and the list of sessions that were ended live in memory: a restart forgets
them, and a session that was copied dies of IDLE_MS anyway.
"""

import hashlib
import hmac
import re
from collections import OrderedDict
from dataclasses import dataclass, field

from argon2 import PasswordHasher, extract_parameters
from argon2.exceptions import VerificationError

MINUTE_MS = 60_000
IDLE_MS = 15 * MINUTE_MS  # somebody left the desk
SESSION_MS = 12 * 60 * MINUTE_MS  # a working day
VISIT_MS = 60 * MINUTE_MS  # a login page that stood open over lunch is asked for anew
RENEW_MS = MINUTE_MS  # how often a cookie in use is written again
CLOCK_SLACK_MS = 5 * MINUTE_MS  # of two processes behind one address
WRONG_MAX = 5  # per minute and address
WRONG_ANYWHERE_MAX = 30  # per minute: guessing from many addresses ends here
ADDRESSES_MAX = 1024
ENDED_MAX = 4096
SECRET_BYTES_MIN = 32
PASSWORD_CHARACTERS_MAX = 200

VISITOR, MEMBER = "visitor", "member"
_COOKIE = re.compile(r"(visitor|member)\.([0-9a-f]{32})\.([0-9]{1,15})\.([0-9]{1,15})")


@dataclass(frozen=True, slots=True)
class Session:
    """What a cookie says. standing: VISITOR or MEMBER; times in UTC milliseconds."""

    standing: str
    name: str
    began_at: int
    seen_at: int

    @property
    def is_member(self) -> bool:
        """Tell whether somebody has signed in."""
        return self.standing == MEMBER


@dataclass(slots=True)
class Door:
    """Lets in whoever knows the password. One of it per process."""

    password_hash: str
    secret: bytes
    _sessions_made: int = 0
    _wrong: OrderedDict[str, list[int]] = field(default_factory=OrderedDict)
    _ended: OrderedDict[str, None] = field(default_factory=OrderedDict)
    _hasher: PasswordHasher = field(default_factory=PasswordHasher)

    def __post_init__(self) -> None:
        """Refuse settings that could never let anybody in, or let everybody in."""
        extract_parameters(self.password_hash)  # raises InvalidHashError
        if len(self.secret) < SECRET_BYTES_MIN:
            raise ValueError(f"the secret of sessions has fewer than {SECRET_BYTES_MIN} bytes")

    # --- Sessions --------------------------------------------------------------------------------

    def welcome(self, standing: str, now: int) -> Session:
        """Begin a session with a name that nobody can guess and that is never used again."""
        self._sessions_made += 1
        name = self._mac(f"name|{now}|{self._sessions_made}|{id(self)}")[:32]
        return Session(standing, name, now, now)

    def write(self, session: Session, now: int) -> str:
        """Return the cookie of a session that was seen now."""
        content = f"{session.standing}.{session.name}.{session.began_at}.{now}"
        return f"{content}.{self._mac('cookie|' + content)}"

    def read(self, cookie: str, now: int) -> Session | None:
        """Return the session of a cookie; None when it is not ours, too old, or ended."""
        content, _, mac = cookie.rpartition(".")
        found = _COOKIE.fullmatch(content)
        if found is None or not hmac.compare_digest(
            mac.encode(), self._mac("cookie|" + content).encode()
        ):
            return None
        session = Session(found[1], found[2], int(found[3]), int(found[4]))
        limit = SESSION_MS if session.is_member else VISIT_MS
        idle = IDLE_MS if session.is_member else VISIT_MS
        is_over = (
            now - session.began_at > limit
            or now - session.seen_at > idle
            or session.seen_at - now > CLOCK_SLACK_MS
            or session.name in self._ended
        )
        return None if is_over else session

    def end(self, session: Session) -> None:
        """End a session: its cookie is worth nothing from now on, wherever it was copied to."""
        self._ended[session.name] = None
        while len(self._ended) > ENDED_MAX:
            self._ended.popitem(last=False)

    def token(self, session: Session) -> str:
        """Return what a form of this session must bring along."""
        return self._mac(f"form|{session.name}")

    def is_token(self, session: Session, token: str) -> bool:
        """Tell whether a form came from a page of this session."""
        return hmac.compare_digest(token.encode(), self.token(session).encode())

    def _mac(self, text: str) -> str:
        return hmac.new(self.secret, text.encode(), hashlib.sha256).hexdigest()

    # --- The password ----------------------------------------------------------------------------

    def wait_ms(self, address: str, now: int) -> int:
        """Return how long this address has to wait before its next try; 0 if it may try."""
        tries = self._tries(address, now)
        everywhere = sorted(at for wrong in self._wrong.values() for at in _recent(wrong, now))
        until = [
            times[-most] + MINUTE_MS
            for times, most in ((tries, WRONG_MAX), (everywhere, WRONG_ANYWHERE_MAX))
            if len(times) >= most
        ]
        return max(max(until, default=now) - now, 0)

    def count_try(self, address: str, now: int) -> int:
        """Count a try as wrong before it is judged; return how many more are left.

        Before, since a hundred tries at once would all be judged before the first was counted.
        """
        tries = [*self._tries(address, now), now]
        self._wrong[address] = tries
        self._wrong.move_to_end(address)
        while len(self._wrong) > ADDRESSES_MAX:
            self._wrong.popitem(last=False)
        return max(WRONG_MAX - len(tries), 0)

    def forget_tries(self, address: str) -> None:
        """Forget the wrong tries of somebody who knew the password in the end."""
        self._wrong.pop(address, None)

    def is_password(self, typed: str) -> bool:
        """Tell whether this is the password. Slow on purpose: call it outside the event loop."""
        if len(typed) > PASSWORD_CHARACTERS_MAX:
            return False
        try:
            return self._hasher.verify(self.password_hash, typed)
        except VerificationError:
            return False

    def _tries(self, address: str, now: int) -> list[int]:
        return _recent(self._wrong.get(address, []), now)


def _recent(times: list[int], now: int) -> list[int]:
    """Return the times of the last minute; a clock that was put back forgets what is ahead."""
    return [at for at in times if 0 <= now - at < MINUTE_MS]

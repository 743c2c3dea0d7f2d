"""The six digits of a telephone that go with a password (动态码): made, kept, and good once.

RFC 6238 as every authenticator program has it: HMAC-SHA1 over thirty-second steps, six digits. The
secret lies in the database under a key that does not, so that a copy of the database makes no
codes. A step that was used is used up: who looks over a shoulder comes too late.
"""

import base64
import hashlib
import hmac
from urllib.parse import quote

from nacl.exceptions import CryptoError
from nacl.secret import SecretBox
from sqlalchemy import Connection, delete, select, update

from county_server.store import Store
from station_app.values.clock import Chance

STEP_MS = 30_000
DIGITS = 6
SLACK_STEPS = 1  # a telephone's clock and a slow hand
SECRET_BYTES = 20  # what RFC 4226 asks for, and the block that programs expect


def code_at(secret: bytes, step: int) -> str:
    """Return the digits of a step."""
    mac = hmac.new(secret, step.to_bytes(8, "big"), hashlib.sha1).digest()
    at = mac[-1] & 0x0F
    number = int.from_bytes(mac[at : at + 4], "big") & 0x7FFF_FFFF
    return f"{number % 10**DIGITS:0{DIGITS}}"


def step_of(secret: bytes, typed: str, now: int, after: int) -> int:
    """Return the step whose digits these are, of those near now and later than `after`; 0: none."""
    digits = "".join(typed.split())
    here = now // STEP_MS
    for step in range(max(0, here - SLACK_STEPS), here + SLACK_STEPS + 1):
        is_it = hmac.compare_digest(code_at(secret, step).encode(), digits.encode())
        if is_it and step > after:
            return step
    return 0


def secret_words(secret: bytes) -> str:
    """Return a secret as it is typed into a telephone: groups of four."""
    text = base64.b32encode(secret).decode("ascii")
    return " ".join(text[at : at + 4] for at in range(0, len(text), 4))


def address(secret: bytes, code: str, county: str) -> str:
    """Return what a telephone reads from the picture."""
    text = base64.b32encode(secret).decode("ascii")
    return f"otpauth://totp/{quote(county)}:{code}?secret={text}"


class OneTimeCodes:
    """Who has one, on an open connection; changing them needs a writing one."""

    def __init__(self, store: Store, connection: Connection, key: bytes) -> None:
        """Work on `connection`. key: of the server, from which the one for secrets is made."""
        self._table = store.tables.one_time_codes
        self._connection = connection
        sealing = hashlib.blake2b(key, digest_size=SecretBox.KEY_SIZE, person=b"one-time codes")
        self._box = SecretBox(sealing.digest())

    def begin(self, code: str, chance: Chance) -> None:
        """Give an account a secret; it counts once its digits were typed."""
        self._connection.execute(delete(self._table).where(self._table.c.code == code))
        nonce = chance.draw(SecretBox.NONCE_SIZE)
        sealed = self._box.encrypt(chance.draw(SECRET_BYTES), nonce)
        row = {"code": code, "secret": bytes(sealed), "is_on": 0, "last_step": 0}
        self._connection.execute(self._table.insert(), [row])

    def secret(self, code: str) -> bytes:
        """Return the secret of an account, b"" for none or one that this server cannot open."""
        row = self._row(code)
        if row is None:
            return b""
        try:
            return self._box.decrypt(bytes(row[0]))
        except CryptoError:
            return b""

    def is_on(self, code: str) -> bool:
        """Tell whether an account is let in with digits only."""
        row = self._row(code)
        return row is not None and bool(row[1])

    def fits(self, code: str, typed: str, now: int) -> int:
        """Return the step that these digits are good for, 0 for none."""
        row, secret = self._row(code), self.secret(code)
        return step_of(secret, typed, now, int(row[2])) if row and secret else 0

    def use(self, code: str, step: int) -> bool:
        """Use a step up, and let the secret count from now on; False if somebody was quicker."""
        table = self._table
        done = self._connection.execute(
            update(table)
            .where(table.c.code == code, table.c.last_step < step)
            .values(last_step=step, is_on=1)
        )
        return done.rowcount == 1

    def end(self, code: str) -> None:
        """Let an account in without digits."""
        self._connection.execute(delete(self._table).where(self._table.c.code == code))

    def _row(self, code: str) -> tuple[bytes, int, int] | None:
        c = self._table.c
        row = self._connection.execute(
            select(c.secret, c.is_on, c.last_step).where(c.code == code)
        ).one_or_none()
        return (row[0], int(row[1]), int(row[2])) if row else None

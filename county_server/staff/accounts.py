"""The accounts of the county's people, the tries at their passwords, and what was done to them.

They stand in the database, not in facts: a fact goes to every station, and stays for ever. What a
member does at a desk is a fact all the same, and names the account's code. The code (工号) says no
name, so that whoever leaves can be forgotten without touching a chain.

Nothing is removed: an account is disabled, and everything done to one is a line of the staff log.
Passwords are kept as argon2 hashes. A password that was read out or printed is good for one
sign-in, which must set another.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import Connection, Select, delete, func, select, update

from county_server.staff.roles import ROLES, TOWNSHIP, Member
from county_server.store import Store

CODE = re.compile(r"[A-Z][A-Z0-9]{0,11}")
NAME_CHARACTERS_MAX = 20
PASSWORD_CHARACTERS_MIN = 10
PASSWORD_CHARACTERS_MAX = 200
LOG_SHOWN_MAX = 500
ADDED, DISABLED, RESET, CHANGED = "added", "disabled", "reset", "changed"
SIGNED_IN, EXPORTED, MADE_DEARER = "signed_in", "exported", "made_dearer"
CODE_ON, CODE_OFF = "code_on", "code_off"  # the six digits of a telephone (`one_time`)

_NOBODY_S_HASH = (  # of a password that nobody knows: an unknown code costs as long as a known one
    "$argon2id$v=19$m=65536,t=3,p=4$s4WGdEuQ9yRaDYND27DMAg$"
    "WFbGI5QkRPuwv9EdGIcBPCswHr7d0Ie8LDjwymdOjyY"
)


class NoSuchAccount(LookupError):
    """Nobody has this code."""


class BadAccount(ValueError):
    """An account cannot be like that. The argument names what is wrong: a key of the texts."""


@dataclass(frozen=True, slots=True)
class Account:
    """An account as the list shows it. Times in UTC milliseconds, 0 for never."""

    member: Member
    is_disabled: bool
    made_at: int
    seen_at: int
    changed_at: int


@dataclass(frozen=True, slots=True)
class LogLine:
    """Something that was done to an account. by: a code, or "server" for the command line."""

    at: int
    by: str
    what: str
    code: str
    detail: str


class StaffBook:
    """The accounts, on an open connection; changing them needs a writing one."""

    def __init__(self, store: Store, connection: Connection) -> None:
        """Work on `connection`."""
        self._tables = store.tables
        self._connection = connection

    # --- Looking ---------------------------------------------------------------------------------

    def all(self) -> list[Account]:
        """Return every account by code, the disabled ones too."""
        table = self._tables.staff
        rows = self._connection.execute(self._accounts().order_by(table.c.code))
        return [_account(row) for row in rows]

    def find(self, code: str) -> Account:
        """Return one account; raises NoSuchAccount."""
        row = self._connection.execute(
            self._accounts().where(self._tables.staff.c.code == code)
        ).one_or_none()
        if row is None:
            raise NoSuchAccount(code)
        return _account(row)

    def present(self, code: str, since: int) -> Member | None:
        """Return who has this code, if a session that began at `since` still counts.

        It does not once the account was disabled or its password set anew.
        """
        try:
            account = self.find(code)
        except NoSuchAccount:
            return None
        is_over = account.is_disabled or account.changed_at > since
        return None if is_over else account.member

    def able(self, role: str) -> list[Member]:
        """Return the members with a role whose accounts are not disabled."""
        return [a.member for a in self.all() if role in a.member.roles and not a.is_disabled]

    def log(self, first: int, end: int) -> list[LogLine]:
        """Return what was done to accounts from `first` and before `end`, the latest first."""
        table = self._tables.staff_log
        rows = self._connection.execute(
            select(table.c.at, table.c.by_, table.c.what, table.c.code, table.c.detail)
            .where(table.c.at >= first, table.c.at < end)
            .order_by(table.c.number.desc())
            .limit(LOG_SHOWN_MAX)
        )
        return [LogLine(*row) for row in rows]

    def _accounts(self) -> Select[Any]:
        c = self._tables.staff.c
        return select(
            c.code, c.name, c.roles, c.area, c.must_change, c.is_disabled, c.made_at, c.seen_at,
            c.changed_at,
        )  # fmt: skip

    # --- Changing --------------------------------------------------------------------------------

    def add(self, member: Member, password_hash: str, *, by: str, now: int) -> None:
        """Make an account; raises BadAccount. member.must_change: the password is for once.

        password_hash: from `hash_of`, made before the transaction, as it takes its time.
        """
        check(member)
        table = self._tables.staff
        taken = select(func.count()).where(table.c.code == member.code)
        if self._connection.execute(taken).scalar_one():
            raise BadAccount("CODE_TAKEN")
        roles = " ".join(sorted(set(member.roles), key=ROLES.index))
        row = {
            "code": member.code,
            "name": member.name,
            "roles": roles,
            "area": member.area,
            "password_hash": password_hash,
            "must_change": int(member.must_change),
            "is_disabled": 0,
            "made_at": now,
            "seen_at": 0,
            "changed_at": now,
        }
        self._connection.execute(table.insert(), [row])
        self._note(ADDED, member.code, by, now, roles)

    def disable(self, code: str, *, by: str, now: int) -> None:
        """Let nobody in with this account any more, and end its sessions."""
        self._change(code, {"is_disabled": 1}, DISABLED, by, now)

    def reset(self, code: str, password_hash: str, *, is_once: bool, by: str, now: int) -> None:
        """Give an account a new password and let it in again, without the digits of a telephone."""
        values: dict[str, object] = {"password_hash": password_hash, "must_change": int(is_once)}
        self._change(code, {**values, "is_disabled": 0, "changed_at": now}, RESET, by, now)
        digits = self._tables.one_time_codes
        self._connection.execute(delete(digits).where(digits.c.code == code))
        self.forgive(f"account|{code}")

    def change_password(self, code: str, password_hash: str, *, now: int) -> None:
        """Set the password that a member chose."""
        values: dict[str, object] = {"password_hash": password_hash, "must_change": 0}
        self._change(code, {**values, "changed_at": now}, CHANGED, code, now)

    def signed_in(self, code: str, now: int, address: str) -> None:
        """Note that somebody came in, and from where."""
        self._change(code, {"seen_at": now}, SIGNED_IN, code, now, address)

    def note(self, what: str, code: str, now: int) -> None:
        """Note what a member did to her own account."""
        self._note(what, code, code, now, "")

    def seen_before(self, code: str, now: int) -> tuple[int, str]:
        """Return when and from where an account came in before the last time; (0, "") for never."""
        table = self._tables.staff_log
        rows = self._connection.execute(
            select(table.c.at, table.c.detail)
            .where(table.c.code == code, table.c.what == SIGNED_IN, table.c.at <= now)
            .order_by(table.c.number.desc())
            .limit(2)
        ).all()
        return (int(rows[1][0]), str(rows[1][1])) if len(rows) > 1 else (0, "")

    def exported(self, code: str, now: int, what: str) -> None:
        """Note that somebody took a file with her: which, of which station."""
        self._note(EXPORTED, code, code, now, what)

    def made_dearer(self, second: str, *, by: str, now: int, what: str) -> None:
        """Note why a price rises that two have published: who confirmed it, which, the reason."""
        self._note(MADE_DEARER, second, by, now, what)

    def _change(  # noqa: PLR0913 - a change is what, whose, by whom, when
        self, code: str, values: dict[str, object], what: str, by: str, now: int, detail: str = ""
    ) -> None:
        self.find(code)
        table = self._tables.staff
        self._connection.execute(update(table).where(table.c.code == code).values(**values))
        self._note(what, code, by, now, detail)

    def _note(self, what: str, code: str, by: str, now: int, detail: str) -> None:
        table = self._tables.staff_log
        last = self._connection.execute(select(func.coalesce(func.max(table.c.number), 0)))
        row = {"number": last.scalar_one() + 1, "at": now, "by_": by, "what": what}
        self._connection.execute(table.insert(), [row | {"code": code, "detail": detail}])

    # --- Passwords and tries ---------------------------------------------------------------------

    def hash_for(self, code: str) -> str:
        """Return the hash to compare with; for a code that nobody has, one that fits nothing."""
        table = self._tables.staff
        row = self._connection.execute(
            select(table.c.password_hash).where(table.c.code == code, table.c.is_disabled == 0)
        ).one_or_none()
        return row[0] if row else _NOBODY_S_HASH

    def tries(self, subject: str, since: int, until: int) -> list[int]:
        """Return when a subject was wrong from `since` to `until`, in order. "": anybody."""
        table = self._tables.sign_in_tries
        query = select(table.c.at).where(table.c.at > since, table.c.at <= until)
        if subject:
            query = query.where(table.c.subject == subject)
        return [row[0] for row in self._connection.execute(query.order_by(table.c.at))]

    def count_try(self, subjects: Iterable[str], now: int, *, forget_before: int) -> None:
        """Count a try as wrong, before it is judged; what is older than needed is removed."""
        table = self._tables.sign_in_tries
        self._connection.execute(delete(table).where(table.c.at <= forget_before))
        for subject in subjects:
            last = self._connection.execute(
                select(func.coalesce(func.max(table.c.number), 0)).where(table.c.subject == subject)
            ).scalar_one()
            row = {"subject": subject, "number": last + 1, "at": now}
            self._connection.execute(table.insert(), [row])

    def forgive(self, *subjects: str) -> None:
        """Forget the wrong tries of somebody who knew the password in the end."""
        table = self._tables.sign_in_tries
        self._connection.execute(delete(table).where(table.c.subject.in_(subjects)))

    # --- Sessions that were ended ----------------------------------------------------------------

    def end_session(self, name: str, now: int, *, forget_before: int) -> None:
        """Keep that a session is over, for as long as its cookie could live."""
        table = self._tables.ended_sessions
        self._connection.execute(delete(table).where(table.c.at <= forget_before))
        if not self.is_ended(name):
            self._connection.execute(table.insert(), [{"name": name, "at": now}])

    def is_ended(self, name: str) -> bool:
        """Tell whether a session was ended."""
        table = self._tables.ended_sessions
        found = self._connection.execute(select(table.c.at).where(table.c.name == name))
        return found.first() is not None


def check(member: Member) -> None:
    """Raise BadAccount for an account that cannot be."""
    if not CODE.fullmatch(member.code):
        raise BadAccount("CODE")
    if not member.name.strip() or len(member.name) > NAME_CHARACTERS_MAX:
        raise BadAccount("NAME")
    if not member.roles or any(role not in ROLES for role in member.roles):
        raise BadAccount("ROLE")
    if (TOWNSHIP in member.roles) != bool(member.area):
        raise BadAccount("AREA")


def check_password(password: str) -> None:
    """Raise BadAccount for a password that is too short or absurdly long."""
    if not PASSWORD_CHARACTERS_MIN <= len(password) <= PASSWORD_CHARACTERS_MAX:
        raise BadAccount("PASSWORD")


def hash_of(password: str) -> str:
    """Return the argon2 hash of a password, slow on purpose; raises BadAccount for a bad one."""
    check_password(password)
    return PasswordHasher().hash(password)


def fits(password_hash: str, typed: str) -> bool:
    """Tell whether this is the password. Slow on purpose: call it outside the event loop."""
    if len(typed) > PASSWORD_CHARACTERS_MAX:
        return False
    try:
        return PasswordHasher().verify(password_hash, typed)
    except (VerificationError, InvalidHashError):
        return False


def _account(row: Sequence[object]) -> Account:
    code, name, roles, area, must_change, is_disabled, made_at, seen_at, changed_at = row
    member = Member(str(code), str(name), tuple(str(roles).split()), str(area), bool(must_change))
    times = (int(str(at)) for at in (made_at, seen_at, changed_at))
    return Account(member, bool(is_disabled), *times)

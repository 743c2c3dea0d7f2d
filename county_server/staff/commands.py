"""What an administrator does to accounts from the command line of the server.

A password that is made here is read out or printed, so it is good for one sign-in; one that is
taken from standard input is meant to stay.
"""

import argparse
from typing import Any, TextIO

from county_server.county import County
from county_server.dashboard.figures import read_places
from county_server.keys import new_password
from county_server.staff.accounts import BadAccount, StaffBook, check, check_password, hash_of
from county_server.staff.roles import ADMIN, ROLES, Member

FIRST = "A01"
FIRST_NAME = "管理员"
SERVER = "server"  # who did it: somebody with the rights of the machine
SENTENCES = {
    "CODE": "a code begins with a letter and has at most 12 letters and digits: F01",
    "CODE_TAKEN": "there is an account with this code already",
    "NAME": "a name has 1 to 20 characters",
    "ROLE": f"a role is one of {', '.join(ROLES)}",
    "AREA": "a township assistant, and nobody else, has an area: --area STATION",
    "AREA_UNKNOWN": "the county knows no station with the code of this area",
    "PASSWORD": "a password has 10 to 200 characters",
}


def typed_password(source: TextIO) -> str:
    """Return the first line of standard input."""
    return source.readline().rstrip("\r\n")


def check_given(given: str, *, is_given: bool) -> None:
    """Raise BadAccount for a password from standard input that is none."""
    if is_given:
        check_password(given)


def found(county: County, given: str) -> str:
    """Make the first account of a county; return its password."""
    return _add(county, Member(FIRST, FIRST_NAME, (ADMIN,), must_change=not given), given)


def add(county: County, options: argparse.Namespace, given: str) -> str:
    """Make an account; return its password."""
    roles = tuple(dict.fromkeys(options.role))
    member = Member(options.code, options.name, roles, options.area, must_change=not given)
    check(member)
    if options.area:
        with county.store.read() as connection:
            if options.area not in {place.code for place in read_places(connection)}:
                raise BadAccount("AREA_UNKNOWN")
    return _add(county, member, given)


def _add(county: County, member: Member, given: str) -> str:
    password = given or new_password(county.chance)
    password_hash = hash_of(password)
    with county.store.write() as connection:
        book = StaffBook(county.store, connection)
        book.add(member, password_hash, by=SERVER, now=county.clock.now_ms())
    return password


def reset(county: County, code: str, given: str) -> str:
    """Set a new password; return it."""
    password, now = given or new_password(county.chance), county.clock.now_ms()
    password_hash = hash_of(password)
    with county.store.write() as connection:
        book = StaffBook(county.store, connection)
        book.reset(code, password_hash, is_once=not given, by=SERVER, now=now)
    return password


def disable(county: County, code: str) -> None:
    """Close an account."""
    with county.store.write() as connection:
        book = StaffBook(county.store, connection)
        book.disable(code, by=SERVER, now=county.clock.now_ms())


def rows(county: County) -> list[dict[str, Any]]:
    """Return every account as plain values; times in UTC milliseconds."""
    with county.store.read() as connection:
        accounts = StaffBook(county.store, connection).all()
    return [
        {
            "code": account.member.code,
            "name": account.member.name,
            "roles": list(account.member.roles),
            "area": account.member.area,
            "is_disabled": account.is_disabled,
            "must_change": account.member.must_change,
            "seen_at": account.seen_at,
        }
        for account in accounts
    ]


def line(row: dict[str, Any]) -> str:
    """Return an account as one line."""
    area = f" below {row['area']}" if row["area"] else ""
    state = " (disabled)" if row["is_disabled"] else " (one-time password)" * row["must_change"]
    return f"{row['code']}  {row['name']}  {', '.join(row['roles'])}{area}{state}"

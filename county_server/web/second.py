"""The second person of an act that one alone may not do: code and password, typed at the same form.

A wrong password counts as at the door, for the account and for the address, so nobody guesses here
what cannot be guessed there.
"""

from county_server.desks.pen import Refused
from county_server.staff import holding_off, roles
from county_server.staff.accounts import CODE, NoSuchAccount, StaffBook, fits
from county_server.staff.roles import Member
from county_server.web.door import waiting
from county_server.web.frame import Ask, Frame


def second_person(frame: Frame, ask: Ask, page: str) -> Member:
    """Return who confirms what the form asks for; raises Refused.

    The form's fields: `second`, the code, and `second_password`. It must be another account that
    may do as much on this page.
    """
    code = ask.form.get("second").upper()
    if not code:
        raise Refused("second_missing")
    if code == ask.member.code:
        raise Refused("second_same")
    with frame.store.write(behind=True) as connection:
        book = StaffBook(frame.store, connection)
        wait_ms = waiting(book, code, ask.address, ask.now)
        if wait_ms:
            raise Refused("second_wait", seconds=-(-wait_ms // 1000))
        subjects = [holding_off.address(ask.address)]
        if CODE.fullmatch(code):
            subjects.append(holding_off.account(code))
        book.count_try(subjects, ask.now, forget_before=ask.now - holding_off.KEPT_MS)
        password_hash = book.hash_for(code)
    if not fits(password_hash, ask.form.fields.get("second_password", "")):
        raise Refused("second_wrong")
    with frame.store.write(behind=True) as connection:
        book = StaffBook(frame.store, connection)
        book.forgive(holding_off.account(code), holding_off.address(ask.address))
        try:
            account = book.find(code)
        except NoSuchAccount as problem:
            raise Refused("second_wrong") from problem
    member = account.member
    if account.is_disabled or member.must_change or member.right(page) < roles.DO:
        raise Refused("second_may_not")
    return member

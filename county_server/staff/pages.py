"""Pages about the people of the county: who has an account, which role may do what.

They only look. Accounts are given and taken at the server (`python -m county_server staff …`), by
whoever looks after it: so nobody who got into a browser session can make herself another one.
"""

from dataclasses import dataclass

from starlette.responses import Response

from county_server.dashboard.figures import read_places
from county_server.dashboard.words import Words
from county_server.staff import roles
from county_server.staff.accounts import StaffBook
from county_server.web.frame import Ask, Endpoint, Frame


@dataclass(frozen=True, slots=True)
class Line:
    """A page of the table: what each role may do there, in the order of `roles.ROLES`."""

    page: str
    rights: tuple[int, ...]


def matrix() -> list[Line]:
    """Return the table of roles and pages as it is shown; one's own account is everybody's."""
    return [
        Line(page, tuple(roles.right([role], page) for role in roles.ROLES))
        for page in roles.TABLE
        if page != roles.SELF
    ]


class StaffPages:
    """The pages about accounts."""

    def __init__(self, frame: Frame) -> None:
        """Show them in a frame."""
        self._frame = frame

    def endpoints(self) -> list[Endpoint]:
        """Return the pages."""
        return [Endpoint("GET", "/staff", roles.STAFF, roles.LOOK, self.staff)]

    def staff(self, ask: Ask) -> Response:
        """Show who may do what, and who there is."""
        with self._frame.read() as connection:
            accounts = StaffBook(self._frame.store, connection).all()
            places = {place.code: place for place in read_places(connection)}
        return self._frame.member_page(
            "staff.html",
            ask,
            Words(self._frame.texts, ask.now),
            accounts=accounts,
            places=places,
            matrix=matrix(),
            roles=roles.ROLES,
        )

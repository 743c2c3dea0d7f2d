"""Pages about the people of the county: who has an account, which role may do what.

They only look. Accounts are given and taken at the server (`python -m county_server staff …`), by
whoever looks after it: so nobody who got into a browser session can make herself another one.
"""

from dataclasses import dataclass

import msgspec
from sqlalchemy import Connection, select
from starlette.responses import Response

from county_server.dashboard.figures import read_places
from county_server.dashboard.words import Words
from county_server.staff import roles
from county_server.staff.accounts import StaffBook
from county_server.store import Store
from county_server.text_workbook import XLSX, text_workbook
from county_server.web.frame import NOT_KEPT, Ask, Endpoint, Frame
from station_app.services.bills.facts import BillAccountShown

DAY_MS = 24 * 60 * 60 * 1000
LOOKS_MS, LOOKS_SHOWN = 31 * DAY_MS, 8
PAIR = 2  # who is compared
LONG_MS = 7 * DAY_MS  # who was not here for so long is marked: an account that nobody needs


@dataclass(frozen=True, slots=True)
class Line:
    """A page of the table: what each role may do there, in the order of `roles.ROLES`."""

    page: str
    rights: tuple[int, ...]

    @property
    def asks_two(self) -> bool:
        """Tell whether what is done there needs a second person."""
        return self.page in roles.TWO


@dataclass(frozen=True, slots=True)
class Look:
    """Somebody of the county looked at a whole account number. reason: end of a text key."""

    at: int
    by: str
    station: str
    reason: str


def last_looks(store: Store, connection: Connection, now: int) -> list[Look]:
    """Return who looked at whole numbers in the last month, the latest first."""
    c = store.tables.facts.c
    rows = connection.execute(
        select(c.at, c.by_, c.station, c.body)
        .where(c.stream.like("county.%"), c.at >= now - LOOKS_MS, c.kind == BillAccountShown.KIND)
        .order_by(c.at.desc(), c.identity)
        .limit(LOOKS_SHOWN)
    )
    read = msgspec.json.Decoder(BillAccountShown).decode
    return [Look(row[0], row[1], row[2], read(bytes(row[3])).reason) for row in rows]


def matrix() -> list[Line]:
    """Return the table of roles and pages as it is shown; one's own account is everybody's."""
    return [
        Line(page, tuple(roles.right([role], page) for role in roles.ROLES))
        for page in roles.TABLE
        if page != roles.SELF
    ]


@dataclass(frozen=True, slots=True)
class Compared:
    """A page of the table, and what each of two people may do there."""

    page: str
    rights: tuple[int, int]

    @property
    def differs(self) -> bool:
        """Tell whether one may do more than the other."""
        return self.rights[0] != self.rights[1]

    @property
    def asks_two(self) -> bool:
        """Tell whether what is done there needs a second person."""
        return self.page in roles.TWO


def compared(one: roles.Member, other: roles.Member) -> list[Compared]:
    """Return what two people may do, page by page; where they differ first."""
    lines = [
        Compared(page, (one.right(page), other.right(page)))
        for page in roles.TABLE
        if page != roles.SELF
    ]
    return sorted(lines, key=lambda line: not line.differs)


class StaffPages:
    """The pages about accounts."""

    def __init__(self, frame: Frame) -> None:
        """Show them in a frame."""
        self._frame = frame

    def endpoints(self) -> list[Endpoint]:
        """Return the pages."""
        return [
            Endpoint("GET", "/staff", roles.STAFF, roles.LOOK, self.staff),
            Endpoint("POST", "/staff/file", roles.STAFF, roles.LOOK, self.take_file),
        ]

    def staff(self, ask: Ask) -> Response:
        """Show who may do what, and who there is."""
        with self._frame.read() as connection:
            accounts = StaffBook(self._frame.store, connection).all()
            looks = last_looks(self._frame.store, connection, ask.now)
            places = {place.code: place for place in read_places(connection)}
        by_code = {account.member.code: account.member for account in accounts}
        named = [by_code.get(ask.query.get(name, "")) for name in ("one", "other")]
        pair = [member for member in named if member is not None]
        return self._frame.member_page(
            "staff.html",
            ask,
            Words(self._frame.texts, ask.now),
            pair=pair if len(pair) == PAIR else [],
            compared=compared(*pair) if len(pair) == PAIR else [],
            accounts=accounts,
            places=places,
            matrix=matrix(),
            roles=roles.ROLES,
            looks=looks,
            names={one.member.code: one.member.name for one in accounts},
            long_ago=ask.now - LONG_MS,
        )

    def take_file(self, ask: Ask) -> Response:
        """Send the people and what each role may do as a workbook, and note who took it."""
        words = Words(self._frame.texts, ask.now)
        with self._frame.read() as connection:
            accounts = StaffBook(self._frame.store, connection).all()
        heads = [words.say("staff.page"), *(words.say(f"staff_role.{r}") for r in roles.ROLES)]
        said = {roles.DO: words.say("staff.do"), roles.LOOK: words.say("staff.look"), 0: ""}
        rows = [
            [words.say(f"staff_page.{line.page}"),
             *(words.say("staff.both") if right == roles.DO and line.asks_two else said[right]
               for right in line.rights)]
            for line in matrix()
        ]  # fmt: skip
        rows.append([])
        for account in accounts:
            member = account.member
            held = (words.say(f"staff_role.{role}") for role in member.roles)
            state = words.say("staff.disabled") if account.is_disabled else ""
            rows.append([f"{member.code} {member.name}", *held, member.area, state])
        with self._frame.store.write() as connection:
            book = StaffBook(self._frame.store, connection)
            book.exported(ask.member.code, ask.now, "staff")
        told = {"Content-Disposition": 'attachment; filename="staff.xlsx"'}
        content = text_workbook("staff", heads, rows)
        return Response(content, media_type=XLSX, headers=NOT_KEPT | told)
